"""Export: everything as JSON lines, lists as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import attention, change, close, export, relate, write
from supporttui.desk import report as reporting
from supporttui.desk.query import parse, resolve
from supporttui.desk.session import Desk
from supporttui.desk.undo import undo
from supporttui.errors import UsageError
from supporttui.intake import importer
from supporttui.store import deadlines, journal, links, open_store, tickets
from supporttui.store.criteria import AllOf
from supporttui.watch.tick import tick

EVERYTHING = AllOf()
NASTY = '=HYPERLINK("http://x")\x1b[31m "quoted", ü 日本'


def report(desk, subject="NETEX stops", **more):
    return reporting.report(desk, reporting.NewTicket(subject=subject, **{"severity": 2, **more}))


def worked_desk(desk, clock):
    """A desk on which every kind of entry has been written."""
    first = report(desk, NASTY, customer="Acme Corp", tags=("dump", "z/os"), description="-1+2\nsecond line")
    second = report(desk, "Twin", severity=1, external_id="INC7")
    third = report(desk, "Over and done", severity=4)
    write.reply(desk, first.number, "We look into it.")
    write.note(desk, first.number, "a note")
    change.set_owner(desk, first.number, "@me")
    change.set_severity(desk, first.number, 1)
    undo(desk, first.number)
    clock.advance(hours=9)
    tick(desk)
    attention.acknowledge(desk, second.number, desk.now() + timedelta(hours=2))
    relate.link(desk, first.number, third.number, "duplicate")
    relate.link(desk, second.number, first.number)
    close.resolve(desk, third.number, "Solved.")
    clock.advance(hours=1)
    close.reopen(desk, third.number)
    close.resolve(desk, third.number)
    close.close(desk, third.number)
    relate.merge(desk, report(desk, "Same again").number, first.number)
    return desk


def exported(desk, criterion=EVERYTHING, format="jsonl") -> str:
    stream = io.StringIO(newline="")
    export.write(desk, criterion, stream, format)
    return stream.getvalue()


def without_ids(text: str) -> list[dict]:
    """Exported lines with ids of entries as places in the journal, so that two stores compare."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        places = {entry["id"]: place for place, entry in enumerate(line["journal"])}
        for entry in line["journal"]:
            entry["id"] = places[entry["id"]]
            if "undoes" in entry:
                entry["undoes"] = places[entry["undoes"]]
    return lines


@pytest.fixture
def other(clock):
    store = open_store(":memory:")
    yield Desk(store, "netex", clock, "importer")
    store.close()


def test_a_desk_goes_out_and_comes_in_again_as_it_was(desk, clock, other, tmp_path):
    text = exported(worked_desk(desk, clock))
    path = tmp_path / "desk.jsonl"
    path.write_text(text, encoding="utf-8")
    result = importer.run(other, path, "native")
    assert (result.tickets_new, result.rejected) == (4, 0)
    assert without_ids(exported(other)) == without_ids(text)
    assert tickets.get(other.store, 1) == tickets.get(desk.store, 1)
    assert [line for number in (1, 2, 3, 4) for line in deadlines.of_ticket(other.store, number)] == [
        line for number in (1, 2, 3, 4) for line in deadlines.of_ticket(desk.store, number)
    ]
    assert links.of_ticket(other.store, 3) == links.of_ticket(desk.store, 3) != []
    # a new ticket gets a number that was never given out
    assert report(other).number == 5


def test_a_second_import_changes_nothing_and_a_newer_export_appends(desk, clock, other, tmp_path):
    path = tmp_path / "desk.jsonl"
    path.write_text(exported(worked_desk(desk, clock)), encoding="utf-8")
    importer.run(other, path, "native")
    before = exported(other)
    again = importer.run(other, path, "native")
    assert (again.tickets_new, again.tickets_unchanged, again.tickets_extended) == (0, 4, 0)
    assert exported(other) == before
    clock.advance(hours=1)
    change.set_severity(desk, 2, 3)
    undo(desk, 2)
    path.write_text(exported(desk), encoding="utf-8")
    newer = importer.run(other, path, "native")
    assert (newer.tickets_unchanged, newer.tickets_extended, newer.events) == (3, 1, 2)
    assert without_ids(exported(other))[1]["journal"] == without_ids(exported(desk))[1]["journal"]
    assert tickets.get(other.store, 2).severity == 1


BAD_ENTRIES = (
    {"kind": "escalated"},
    {"kind": "escalated", "data": {"due_at": "2026-11-16T15:00:00Z", "level": "x", "key": "k", "role": "r"}},
    {"kind": "missed", "data": {"due_at": "2026-11-16T15:00:00Z", "level": 1, "key": "k"}},
    {"kind": "severity", "data": {"set": {"severity": [1]}}},
    {"kind": "severity", "data": {"set": {"severity": [1, "x"]}}},
    {"kind": "severity", "data": {"set": {"severty": [1, 2]}}},
    {"kind": "severity", "data": {"set": 5}},
    {"kind": "acknowledged", "data": {"until": 7}},
    {"kind": "acknowledged", "data": {"until": "soon"}},
)


def with_entry(line: dict, **more) -> dict:
    """The line with one more journal entry."""
    entry = {**line["journal"][0], "id": 99, "data": {}, **more}
    return {**line, "journal": [*line["journal"], entry]}


def test_lines_that_do_not_fit_are_rejected_with_a_reason(desk, clock, other, tmp_path):
    report(desk)
    good = json.loads(exported(desk))
    bad = [
        {**good, "severity": 9},
        {**good, "status": "nowhere"},
        {**good, "subject": 5},
        {**good, "reported_at": "yesterday"},
        {**good, "reported_at": "2026-11-16T15:00:00"},
        {**good, "number": -1},
        {**good, "number": 1e400},
        {**good, "journal": [{"id": 1}]},
        {**good, "journal": "x"},
        {**good, "links": [[1]]},
        *(with_entry(good, **more) for more in BAD_ENTRIES),
        {**good, "tags": [1]},
        {**good, "format": "other"},
        ["no object"],
    ]
    path, rejects = tmp_path / "bad.jsonl", tmp_path / "rejects.jsonl"
    lines = [*(json.dumps(line) for line in bad), "{broken", "[" * 100_000, json.dumps(good)]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = importer.run(other, path, "native", rejects_path=rejects)
    assert (result.tickets_new, result.rejected) == (1, len(bad) + 2)
    reasons = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [line["line"] for line in reasons] == list(range(1, len(bad) + 3))
    assert all(line["reason"] and "\n" not in line["reason"] for line in reasons)


def test_a_number_that_is_another_ticket_here_is_not_overwritten(desk, clock, other, tmp_path):
    report(desk)
    clock.advance(hours=1)
    mine = report(other, "mine")
    path = tmp_path / "desk.jsonl"
    path.write_text(exported(desk), encoding="utf-8")
    result = importer.run(other, path, "native", rejects_path=tmp_path / "rejects")
    assert (result.tickets_new, result.rejected) == (0, 1)
    assert tickets.get(other.store, mine.number).subject == "mine"
    line = {**json.loads(exported(desk)), "external_id": "A1"}
    path.write_text(json.dumps(line), encoding="utf-8")
    assert importer.run(other, path, "native").tickets_new == 1
    assert tickets.get(other.store, 2).external_id == "A1"
    assert importer.run(other, path, "native").tickets_unchanged == 1


def test_only_what_the_query_asks_for_goes_out(desk, clock):
    worked_desk(desk, clock)
    criterion, _ = resolve(parse("open sev:1"), now=desk.now(), me="ana")
    assert [json.loads(line)["number"] for line in exported(desk, criterion).splitlines()] == [2]


def test_many_tickets_come_in_pages_without_gaps(desk):
    for _ in range(export.PAGE + 3):
        report(desk)
    lines = exported(desk).splitlines()
    assert [json.loads(line)["number"] for line in lines] == list(range(1, export.PAGE + 4))


def test_csv_has_a_row_for_every_ticket_and_runs_no_formula(desk, clock):
    worked_desk(desk, clock)
    rows = list(csv.DictReader(io.StringIO(exported(desk, format="csv"), newline="")))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0]["subject"] == "'" + tickets.get(desk.store, 1).subject
    assert rows[0]["description"].startswith("'-1+2")
    assert rows[0]["tags"] == "dump z/os"
    assert rows[0]["reported_at"] == "2026-11-16T15:00:00Z"
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_every_start_of_a_formula_is_made_inert(desk):
    for start in "=+-@\t\r":
        write.note(desk, report(desk, "x", contact=f"{start}1+1").number, "x")
        tickets.update(
            desk.store, 1, tickets.get(desk.store, 1).version, {"site": f"{start}cmd|'/C calc'!A0"}
        )
        row = next(csv.DictReader(io.StringIO(exported(desk, format="csv"), newline="")))
        assert row["site"].startswith(f"'{start}")


def test_a_format_that_does_not_exist_is_one_line(desk):
    with pytest.raises(UsageError, match=r"xml.*jsonl, native, csv"):
        exported(desk, format="xml")


def test_until_needs_a_mapping(desk, tmp_path):
    path = tmp_path / "desk.jsonl"
    path.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="until"):
        importer.run(desk, path, "native", until=desk.now())
    assert journal.latest_id(desk.store) == 0
    assert isinstance(desk.clock, ManualClock)
