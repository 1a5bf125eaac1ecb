"""A report from the web on a server: one ticket, whoever takes the same form at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from supporttui.clock import SystemClock
from supporttui.desk import attachments
from supporttui.desk.reference import link_token
from supporttui.desk.session import Desk
from supporttui.desk.status_link import shown_by
from supporttui.intake.web import entering
from supporttui.intake.web.multipart import File
from supporttui.store import book, open_store, tickets
from supporttui.store.blobs import Blobs
from supporttui.store.session import Store
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures

ANSWERS = {
    "customer": "Globex",
    "contact_email": "ann@globex.example",
    "severity": "1",
    "subject": "It stopped",
}


def test_the_same_form_at_once_is_one_ticket(store: Store, server: str, tmp_path: Path) -> None:
    stage, blobs = Blobs(tmp_path / "stage"), Blobs(tmp_path / "files")
    blob = stage.put_bytes(b"dump \x00 of memory")
    held = entering.keep([File(hash=blob.hash, name="dump\udcff.txt", size=blob.size)], stage, blobs)

    def send(_turn: int) -> entering.Entered:
        with open_store(server) as own:
            desk = Desk(own, "netex", SystemClock(), entering.ACTOR)
            return entering.enter(desk, "f" * 32, {**ANSWERS, "description": "a\x00b"}, held, blobs=blobs)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(send, range(8)))
    desk = Desk(store, "netex", SystemClock(), "ana")
    assert len({one.number for one in done}) == 1 and sum(not one.again for one in done) == 1
    number = done[0].number
    assert tickets.get(store, number + 1) is None
    assert [one.size for one in attachments.listed(desk, number)] == [blob.size]
    assert {one.kind for one in book.select(store, "intake-item")} == {"call", "unknown"}
    assert shown_by(desk, link_token(desk, number, "ann@globex.example")) == number
