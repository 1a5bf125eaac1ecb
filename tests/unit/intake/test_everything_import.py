"""A whole desk taken in on another one: hostile rows are refused one by one, and nothing is tied to the wrong record."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import billing, book, export, known_errors
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.worked import log
from supporttui.intake.importer import ImportResult
from supporttui.intake.native import run_native
from supporttui.store import open_store, worked
from supporttui.store.book import tickets_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, 12, tzinfo=UTC)


def opened(at: datetime = NOW, actor: str = "ana") -> Desk:
    return Desk(open_store(":memory:"), "netex", ManualClock(at), actor)


def exported(desk: Desk) -> list[dict]:
    stream = io.StringIO()
    export.write_everything(desk, stream)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def taken(desk: Desk, lines: list[dict], folder: Path) -> ImportResult:
    file, rejects = folder / "desk.jsonl", folder / "rejects.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return run_native(desk, file, rejects_path=rejects)


def row(table: str, **values: object) -> dict:
    return {"format": export.BOOK, "table": table, "row": {"id": 1, **values}}


EVENT = {"at": 1, "actor": "ana", "record": 1, "version": 1, "what": "added", "kind": "customer"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row("contract", customer=1, plan="x", end_on="yesterday"), "contract.end_on: 'yesterday' is no day"),
        (row("contract", customer=1, plan="x", end_on="2026-13-01"), "is no day"),
        (row("licence", customer=1, product=1, price="many"), "licence.price: 'many' is no amount"),
        (row("licence", customer=1, product=1, price="NaN"), "is no amount"),
        (row("book_event", **{**EVENT, "kind": "spaceship"}), "kind and what"),
        (row("book_event", **{**EVENT, "data": "{bad"}), "book_event.data: expected a JSON object"),
        (row("book_event", **{**EVENT, "at": 1 << 61}), "is no instant"),
        (row("worked", id=[1], entry=[3]), "wrong kind"),
        (row("worked", ticket=[7]), "wrong kind"),
        (row("worked", ticket=7, kind="time", actor="ana", started_at=1), "ticket 7 was not taken"),
        (row("site", customer=99, code="A"), "there is no customer #99 here"),
        (row("billed_month", month="2026-10", lines='{"lines": [{}], "zone": "UTC"}'), "no column 'id'"),
    ],
)
def test_a_row_that_could_never_be_read_again_is_refused(line: dict, reason: str, tmp_path: Path):
    desk = opened()
    start = [row("customer", name="Acme Corp"), row("product", name="NETEX")]
    done = taken(desk, [*start, line], tmp_path)
    assert (done.records, done.rejected) == (2, 1)
    assert reason in (tmp_path / "rejects.jsonl").read_text()
    for kind in ("customer", "contract", "licence", "site"):
        book.listed(desk, kind)
        book.history(desk, kind, 1)


@pytest.mark.parametrize(
    "lines",
    ["", "[]", '{"lines": [{}], "zone": "UTC"}', '{"lines": [], "zone": "Nowhere/At All"}', '{"lines": []}'],
)
def test_a_bill_that_is_none_is_refused(lines: str, tmp_path: Path):
    desk = opened()
    values = {"month": "2026-10", "frozen_at": 1, "frozen_by": "ana", "digest": "", "lines": lines}
    done = taken(desk, [{"format": export.BOOK, "table": "billed_month", "row": values}], tmp_path)
    assert (done.records, done.rejected) == (0, 1)
    assert billing.bill(desk, "2026-10").lines == ()


def test_time_and_known_errors_follow_a_ticket_that_gets_another_number(tmp_path: Path):
    here, there = opened(EARLIER, "raj"), opened()
    theirs = report(there, NewTicket(subject="from there", product="NETEX", external_id="EXT-1")).number
    log(there, theirs, 30, "read the dump")
    book.add(there, "product", {"name": "NETEX"})
    known = known_errors.add(there, {"product": "NETEX", "title": "Abends"}, ticket=theirs)
    mine = report(here, NewTicket(subject="something else")).number
    assert mine == theirs
    for _ in range(2):  # a second run changes nothing
        assert taken(here, exported(there), tmp_path).rejected == 0
        (moved,) = (one for one in worked.of_ticket(here.store, 2))
        assert (moved.text, worked.of_ticket(here.store, mine)) == ("read the dump", [])
        assert tickets_of(here.store, known.id) == [2]


def test_what_belongs_to_a_record_that_is_another_one_here_is_refused(tmp_path: Path):
    here, there = opened(), opened()
    for desk, name in ((here, "Globex"), (there, "Acme Corp")):
        book.add(desk, "customer", {"name": name})
    book.add(there, "host", {"customer": "Acme Corp", "name": "mvs1"})
    done = taken(here, exported(there), tmp_path)
    assert book.listed(here, "host") == []
    assert (
        done.rejected
        and "customer #1 was not taken from this file" in (tmp_path / "rejects.jsonl").read_text()
    )
