"""Files of tickets and the upload folder on a real PostgreSQL server."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import attachments, export
from supporttui.desk.files import folder_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.intake import importer
from supporttui.intake.settings import UploadsTable
from supporttui.intake.uploads import Uploads
from supporttui.store import book, mail, open_store
from supporttui.store.blobs import Blobs
from supporttui.store.book_criteria import equal
from supporttui.store.place import default_path
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures


@pytest.fixture
def desk(store):
    return Desk(store, "netex", ManualClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)), "ana")


@pytest.fixture
def number(desk):
    return report(desk, NewTicket(subject="abends", severity=3, customer="Bêta")).number


def test_files_are_added_moved_and_undone(desk, number, tmp_path):
    blobs = Blobs(tmp_path / "files")
    other = report(desk, NewTicket(subject="other", severity=3)).number
    made = attachments.add(desk, number, blobs.put_bytes(b"10:01\x00"), "tr\u00e4ce.log", blobs=blobs)
    attachments.move(desk, made, other, blobs=blobs)
    assert mail.files_of(desk.store, other) == [("tr\u00e4ce.log", 6)]
    undo(desk)
    undo(desk, number)
    assert mail.files_of(desk.store, number) == mail.files_of(desk.store, other) == []
    redo(desk, number)
    assert mail.files_of(desk.store, number) == [("tr\u00e4ce.log", 6)]


def test_uploads_are_taken_once(desk, number, tmp_path):
    inbox = tmp_path / "uploads"
    book.insert(desk.store, "customer", {"name": "Bêta"})
    for name in (f"{number}.log", "bêta/core.dmp", "stray"):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    uploads = Uploads(desk, UploadsTable(folder=str(inbox)), Blobs(tmp_path / "files"))
    uploads.look()
    taken = {one.key[-1]: one.ticket for one in uploads.look().taken}
    uploads.close()
    assert taken == {f"{number}.log": number, "core.dmp": number, "stray": 0}
    assert [
        one.name for one in book.select(desk.store, attachments.KIND, equal(state=attachments.QUARANTINED))
    ] == ["stray"]


def test_an_export_of_everything_takes_them_along(desk, number, tmp_path):
    blobs = Blobs(tmp_path / "files")
    attachments.add(desk, number, blobs.put_bytes(b"x"), "a.log", blobs=blobs)
    out = io.StringIO()
    export.write_everything(desk, out)
    store = open_store(tmp_path / "desk.sqlite3")
    there = Desk(store, desk.policy, desk.clock, "ana")
    path = tmp_path / "all.jsonl"
    path.write_text(out.getvalue())
    importer.run(there, path, "native")
    assert [one.name for one in attachments.listed(there, number)] == ["a.log"]
    store.close()


def test_the_files_of_a_server_lie_in_the_data_folder(desk, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert str(folder_of(desk)) == default_path().replace("desk.sqlite3", "files")
