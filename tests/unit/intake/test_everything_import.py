"""A whole desk taken in on another one: hostile rows are refused one by one, and nothing is tied to the wrong record."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import billing, book, export, known_errors
from supporttui.desk.reference import link_fits, link_token, number_of, reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.tokens import secret_of
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


def test_references_that_customers_have_hold_where_the_desk_moved_to(tmp_path: Path):
    old, new = opened(), opened(actor="raj")
    number = report(old, NewTicket(subject="hello", contact_email="joe@acme.example")).number
    given, link = reference_of(old, number), link_token(old, number, "joe@acme.example")
    lines = exported(old)
    assert taken(new, lines, tmp_path).rejected == 0
    assert (reference_of(new, number), number_of(new, given)) == (given, number)
    assert link_fits(new, link, number, "joe@acme.example")
    assert taken(new, lines, tmp_path).records == 0, "a second time it is there"


def test_tickets_that_were_there_keep_their_references(tmp_path: Path):
    old, new = opened(), opened(actor="raj")
    for desk in (old, new):
        report(desk, NewTicket(subject="hello", reported_at=EARLIER if desk is old else None))
    mine, given = reference_of(new, 1), reference_of(old, 1)
    done = taken(new, exported(old), tmp_path)
    assert (
        done.rejected == 2
    )  # the ticket of the same number, and what would make the references of one fit the other
    assert "references of their own" in (tmp_path / "rejects.jsonl").read_text()
    assert (reference_of(new, 1), number_of(new, given)) == (mine, 0)


@pytest.mark.parametrize("value", ["", "abc", "Z" * 64, 7, None])
def test_what_is_no_secret_is_refused(value: object, tmp_path: Path):
    desk = opened()
    assert (
        taken(desk, [{"format": export.BOOK, "table": "secret", "row": {"value": value}}], tmp_path).rejected
        == 1
    )


def test_an_export_carries_nothing_that_acknowledges_a_notice(tmp_path: Path):
    desk = opened()
    number = report(desk, NewTicket(subject="hello")).number
    reference_of(desk, number)
    assert secret_of(desk).hex() not in json.dumps(exported(desk))
