"""Import from files of every kind of quality: mapping faults, rejected rows, resuming, appending."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supporttui.desk import change
from supporttui.errors import DataError, UsageError
from supporttui.intake import importer
from supporttui.store import customers, deadlines, journal, tickets
from supporttui.store.criteria import AllOf

MAPPING = """
zone = "America/Chicago"
empty = ["-"]
group_by = "id"
[ticket]
subject = "title"
customer = "company"
reported_at = "opened"
tags = "labels"
[event]
time = "time"
actor = "who"
owner = "assigned"
note = "work_notes"
reply = "comments"
severity = { column = "prio", map = { "P1" = 1, "P2" = "System highly impacted", "P3" = 3 } }
status = { column = "state", map = { "New" = "new", "Work" = "open", "Wait" = "waiting-customer", "Done" = "resolved" } }
"""
HEADER = "id,title,company,opened,labels,time,who,assigned,work_notes,comments,prio,state".split(",")


def csv_text(*rows: dict[str, str]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


FIRST = {"id": "A", "title": "It stops", "company": "Acme", "opened": "2026-11-01 00:30", "labels": "dump; z/os",
         "time": "2026-11-01 09:00", "who": "kim", "assigned": "-", "prio": "P2", "state": "New"}  # fmt: skip
SECOND = {**FIRST, "time": "2026-11-01 10:00", "state": "Work", "assigned": "raj", "comments": "We look."}
THIRD = {**FIRST, "time": "2026-11-02 10:00", "state": "Wait", "assigned": "raj", "prio": "P1"}
OTHER = {**FIRST, "id": "B", "title": "Other", "time": "2026-11-02 11:00", "opened": ""}


@pytest.fixture
def files(tmp_path):
    """Writes a mapping and a source; gives their paths."""

    def write(source: str | bytes, mapping: str = MAPPING, name: str = "in.csv") -> tuple[Path, Path]:
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        data = source.encode() if isinstance(source, str) else source
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return tmp_path / name, tmp_path / "map.toml"

    return write


def kinds(desk, number: int) -> list[str]:
    return [entry.kind for entry in journal.of_ticket(desk.store, number)]


def by_external(desk, external: str):
    return tickets.get(desk.store, tickets.find_external(desk.store, external))


# -- histories


def test_a_history_becomes_a_ticket_that_lived_it(desk, files):
    result = importer.run(desk, *files(csv_text(FIRST, OTHER, SECOND, THIRD)))
    assert (result.tickets_new, result.events, result.rejected) == (2, 4, 0)
    ticket = by_external(desk, "A")
    assert (ticket.subject, ticket.customer, ticket.owner) == ("It stops", "Acme", "raj")
    assert (ticket.severity, ticket.status, ticket.tags) == (1, "waiting-customer", ("dump", "z/os"))
    # 00:30 in Chicago on the day that ends daylight saving time
    assert ticket.reported_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    entries = journal.of_ticket(desk.store, ticket.number)
    assert [e.kind for e in entries if e.kind != "escalated"] == [
        "reported", "reply", "owner", "status", "severity", "status",
    ]  # fmt: skip
    assert [e.actor for e in entries if e.kind == "reply"] == ["kim"]
    assert {e.recorded_at for e in entries} == {desk.now()}
    assert [e.version for e in entries] == list(range(1, len(entries) + 1))
    assert ticket.version == len(entries)
    assert customers.get(desk.store, "acme").name == "Acme"
    # raised to severity 1 when 8 and 24 hours were over: both rungs were owed at that moment
    fired = [e for e in entries if e.kind == "escalated"]
    assert {(e.at, e.data["role"]) for e in fired} == {
        (datetime(2026, 11, 2, 16, tzinfo=UTC), "director"),
        (datetime(2026, 11, 2, 16, tzinfo=UTC), "president"),
    }
    assert all(e.data["replayed"] and e.data["notice"] == ["president", "director"] for e in fired)
    assert ticket.overdue_since == datetime(2026, 11, 1, 13, 30, tzinfo=UTC)


def test_the_initial_report_is_never_later_than_the_first_event(desk, files):
    importer.run(desk, *files(csv_text({**FIRST, "opened": "2026-11-09 00:00"}, OTHER)))
    assert by_external(desk, "A").reported_at == datetime(2026, 11, 1, 15, tzinfo=UTC)
    assert by_external(desk, "B").reported_at == datetime(2026, 11, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize("name", ["in.csv.gz", "in.jsonl", "in.ndjson.gz", "no-suffix"])
def test_formats_give_the_same_tickets(desk, files, name):
    rows = [FIRST, SECOND, THIRD]
    text = csv_text(*rows) if "csv" in name else "\n\n".join(json.dumps(row) for row in rows)
    result = importer.run(desk, *files(text, name=name))
    assert (result.tickets_new, result.events, result.rejected) == (1, 3, 0)
    assert by_external(desk, "A").status == "waiting-customer"


def test_rows_out_of_order_are_put_in_order_and_grouped_files_stream(desk, files):
    result = importer.run(desk, *files(csv_text(THIRD, FIRST, SECOND, OTHER), "grouped = true\n" + MAPPING))
    assert (result.tickets_new, result.events, result.rejected) == (2, 4, 0)
    assert by_external(desk, "A").status == "waiting-customer"


def test_json_inside_a_column_and_nested_objects_are_reached_by_dots(desk, files):
    mapping = """
json_columns = ["extra"]
[ticket]
external_id = "key"
reported_at = { column = ["extra.none", "extra.at"], format = "%d/%m/%Y %H:%M" }
subject = { template = "{fields.kind}: {fields.words}" }
[event]
severity = { value = 3 }
"""
    row = {"key": 7, "fields": {"kind": "Bug", "words": ["a", "b"]}, "extra": '{"at": "02/11/2026 16:00"}'}
    importer.run(desk, *files(json.dumps(row), mapping, "in.jsonl"))
    ticket = by_external(desk, "7")
    assert (ticket.subject, ticket.reported_at) == ("Bug: a, b", datetime(2026, 11, 2, 16, tzinfo=UTC))


# -- one row, one ticket

SINGLE = """
[ticket]
external_id = "id"
subject = "title"
reported_at = "opened"
resolved_at = "resolved"
closed_at = "closed"
[event]
severity = "prio"
status = "state"
time = "seen"
"""


def single(**cells: str) -> str:
    row = {"id": "1", "title": "T", "opened": "2026-11-02T10:00Z", "prio": "2", **cells}
    return json.dumps(row)


def test_a_row_that_is_a_ticket_gets_the_steps_that_must_have_happened(desk, files):
    lines = [
        single(resolved="2026-11-03T10:00Z", closed="2026-11-04T10:00Z", state="closed"),
        single(id="2", state="waiting-vendor", seen="2026-11-05T10:00Z"),
        single(id="3"),
    ]
    result = importer.run(desk, *files("\n".join(lines), SINGLE, "in.jsonl"))
    assert (result.tickets_new, result.events) == (3, 6)
    assert kinds(desk, 1) == ["reported", "resolved", "closed"]
    assert by_external(desk, "1").closed_at == datetime(2026, 11, 4, 10, tzinfo=UTC)
    assert [e.at.day for e in journal.of_ticket(desk.store, 2) if e.kind == "status"] == [5]
    assert by_external(desk, "3").status == "new"
    # the same tickets a day later: one was resolved meanwhile
    lines[2] = single(id="3", resolved="2026-11-16T10:00Z", state="resolved")
    again = importer.run(desk, *files("\n".join(lines), SINGLE, "in.jsonl"))
    assert (again.tickets_new, again.tickets_unchanged, again.tickets_extended) == (0, 2, 1)
    assert by_external(desk, "3").status == "resolved"


# -- rejected rows


def test_rejected_rows_go_to_a_file_of_the_same_format_with_line_and_reason(desk, files, tmp_path):
    rows = [
        FIRST,
        {**SECOND, "prio": "P9"},
        {**SECOND, "time": "soon"},
        {**SECOND, "id": " "},
        {**SECOND, "state": "Gone"},
        {**SECOND, "title": "x" * 501},
        {**THIRD, "work_notes": "two\nlines"},
        {**OTHER, "labels": "(no)"},
    ]
    text = csv_text(*rows) + "one,cell\n"
    rejects = tmp_path / "rejects.csv"
    result = importer.run(desk, *files(text), rejects_path=rejects)
    assert (result.tickets_new, result.events, result.rejected, result.rows) == (1, 2, 7, 9)
    with rejects.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [(row["line"], row["reason"].split(":")[0]) for row in found] == [
        ("3", "severity"), ("4", "time"), ("5", "external_id"), ("6", "status"),
        ("7", "subject has 501 characters; 500 are allowed"), ("10", "tags"),
        ("11", "2 cells, but the header has 12"),
    ]  # fmt: skip
    assert "'P9'" in found[0]["reason"]
    assert os.stat(rejects).st_mode & 0o777 == 0o600
    # mended, the file imports like the original
    mended = rejects.read_text(encoding="utf-8").replace("(no)", "no")
    again = importer.run(desk, *files(mended), rejects_path=tmp_path / "again.csv")
    assert (again.tickets_new, again.rejected) == (1, 6)
    assert by_external(desk, "B").tags == ("no",)


def test_lines_that_are_no_json_are_kept_as_they_were(desk, files, tmp_path):
    rejects = tmp_path / "r.jsonl"
    text = "\n".join([json.dumps(FIRST), "{oops", "[1]", '"x"', "{" * 5000])
    result = importer.run(desk, *files(text, name="in.jsonl"), rejects_path=rejects)
    assert (result.tickets_new, result.rejected) == (1, 4)
    lines = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [line["raw"][:5] for line in lines] == ["{oops", "[1]", '"x"', "{{{{{"]


def test_nothing_rejected_leaves_no_file_and_the_source_is_never_overwritten(desk, files, tmp_path):
    source, mapping = files(csv_text(FIRST))
    importer.run(desk, source, mapping, rejects_path=tmp_path / "r.csv")
    assert not (tmp_path / "r.csv").exists()
    with pytest.raises(UsageError, match="overwrite"):
        importer.run(desk, source, mapping, rejects_path=source)


def test_the_same_external_id_twice_is_rejected_the_second_time(desk, files):
    result = importer.run(desk, *files(f"{single()}\n{single(title='U')}", SINGLE, "in.jsonl"))
    assert (result.tickets_new, result.rejected) == (1, 1)


# -- again, and going on


def everything(desk) -> list[tuple]:
    return [
        (
            number,
            kinds(desk, number),
            tickets.get(desk.store, number),
            deadlines.of_ticket(desk.store, number),
        )
        for number in range(1, tickets.count(desk.store, AllOf()) + 1)
    ]


def test_a_second_run_changes_nothing_and_new_rows_are_appended(desk, files):
    importer.run(desk, *files(csv_text(FIRST, SECOND)))
    before = everything(desk)
    again = importer.run(desk, *files(csv_text(FIRST, SECOND)))
    assert (again.tickets_unchanged, again.events) == (1, 0)
    assert everything(desk) == before
    more = importer.run(desk, *files(csv_text(FIRST, SECOND, THIRD, OTHER)))
    assert (more.tickets_new, more.tickets_extended, more.events) == (1, 1, 2)
    # a file with the news alone is as good as the whole
    newest = {**THIRD, "time": "2026-11-05 10:00", "state": "Done"}
    assert importer.run(desk, *files(csv_text(newest))).tickets_extended == 1
    assert by_external(desk, "A").status == "resolved"


def test_rows_older_than_what_is_there_are_rejected_not_slipped_in(desk, files):
    importer.run(desk, *files(csv_text(FIRST, THIRD)))
    result = importer.run(desk, *files(csv_text(FIRST, SECOND, THIRD)))
    assert (result.tickets_unchanged, result.rejected) == (1, 1)
    number = by_external(desk, "A").number
    change.set_owner(desk, number, "@me")  # an analyst works on it here
    late = {**THIRD, "time": "2026-11-03 10:00"}
    assert importer.run(desk, *files(csv_text(late))).rejected == 1
    assert by_external(desk, "A").owner == "ana"


def test_an_interrupted_import_goes_on_where_it_stopped(desk, files, monkeypatch):
    monkeypatch.setattr(importer, "BATCH", 3)
    rows = [{**FIRST, "id": f"T{number}"} for number in range(10)]
    source = files(csv_text(*rows))
    calls = []

    def stop(done: int, total: int) -> None:
        calls.append((done, total))
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer.run(desk, *source, progress=stop)
    assert calls == [(3, 10), (6, 10)]
    assert tickets.count(desk.store, AllOf()) == 6
    result = importer.run(desk, *source)
    assert (result.tickets_new, result.tickets_unchanged) == (4, 6)
    assert [kinds(desk, number) for number in range(1, 11)] == [kinds(desk, 1)] * 10


def test_a_batch_that_fails_leaves_nothing_of_itself(desk, files, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("disk")

    monkeypatch.setattr(importer.bulk, "deadlines", broken)
    with pytest.raises(RuntimeError):
        importer.run(desk, *files(csv_text(FIRST)))
    assert tickets.count(desk.store, AllOf()) == journal.latest_id(desk.store) == 0


def test_until_leaves_out_what_came_later(desk, files):
    source = files(csv_text(FIRST, SECOND, THIRD, OTHER))
    result = importer.run(desk, *source, until=datetime(2026, 11, 1, 16, tzinfo=UTC))  # 10:00 in Chicago
    assert (result.tickets_new, result.events, result.fired) == (1, 2, 0)
    assert by_external(desk, "A").status == "open"


def test_imported_words_are_found(desk, files):
    from supporttui.desk.query import parse, resolve

    importer.run(desk, *files(csv_text(FIRST, {**SECOND, "comments": "the gizmo broke"})))
    criterion, _ = resolve(parse("gizmo stops"), now=desk.now(), me="")
    assert tickets.count(desk.store, criterion) == 1


# -- files and mappings that can't be used


@pytest.mark.parametrize(
    ("change_of", "to", "words"),
    [
        ("[event]", "[evnt]", "evnt: no such key; did you mean 'event'?"),
        ('subject = "title"', 'subjct = "title"', "ticket.subjct: no such key; did you mean 'subject'?"),
        ('subject = "title"', "", "ticket.subject: missing"),
        ('time = "time"', "", "event.time: missing"),
        ("severity = {", "note2 = {", "event.note2: no such key; did you mean 'note'?"),
        ('subject = "title"', "subject = 5", "ticket.subject: expected the name of a column"),
        (
            'subject = "title"',
            'subject = { value = "x", column = "y" }',
            "exactly one of column, value and template",
        ),
        (
            'subject = "title"',
            'subject = { column = "title", maps = {} }',
            "ticket.subject.maps: no such key",
        ),
        (
            'subject = "title"',
            'subject = { column = "title", map = 5 }',
            "ticket.subject.map: expected a table",
        ),
        (
            'subject = "title"',
            'subject = { column = "title", map = { a = true } }',
            "expected text or a whole number",
        ),
        ('subject = "title"', 'subject = "tittle"', "no column 'tittle'; there are id, title"),
        ('"America/Chicago"', '"Mars"', "zone: no time zone 'Mars'"),
        ('empty = ["-"]', "empty = [5]", "empty: expected text or a list of texts"),
        ('empty = ["-"]', 'delimiter = "ab"', "delimiter: expected one character"),
        ('empty = ["-"]', 'encoding = "ebcdic-x"', "encoding: 'ebcdic-x' is not an encoding"),
        ('empty = ["-"]', 'grouped = "yes"', "grouped: expected true or false"),
        ('empty = ["-"]', "empty = [", "not TOML"),
        ('tags = "labels"', 'closed_at = "opened"', "ticket.closed_at: follows from the history"),
    ],
)
def test_a_fault_of_the_mapping_is_one_line_that_names_the_key(desk, files, change_of, to, words):
    assert change_of in MAPPING
    with pytest.raises(DataError) as caught:
        importer.run(desk, *files(csv_text(FIRST), MAPPING.replace(change_of, to)))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("gone.csv", None, "can't be read"),
        ("in.csv", b"id,id\n1,2\n", "two columns are called 'id'"),
        ("in.csv", b"", "no column 'id'"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(desk, files, tmp_path, name, data, words):
    source, mapping = files(data or b"", name=name)
    if data is None:
        source.unlink()
    with pytest.raises(DataError, match=words):
        importer.run(desk, source, mapping)


def test_broken_compression_is_one_line_and_takes_nothing_back(desk, files, tmp_path):
    source, mapping = files(
        csv_text(*[{**FIRST, "id": str(number)} for number in range(3000)]), name="in.csv.gz"
    )
    source.write_bytes(source.read_bytes()[:-200])
    with pytest.raises(DataError, match="compressed data is broken"):
        importer.run(desk, source, mapping)
    source.write_bytes(b"no gzip at all")
    with pytest.raises(DataError, match="compressed data is broken"):
        importer.run(desk, source, mapping)


def test_bytes_that_are_not_utf8_and_nul_do_not_stop_an_import(desk, files):
    text = csv_text(FIRST).replace("It stops", "It \udcff\x00stops")
    result = importer.run(desk, *files(text.encode("utf-8", "surrogateescape")))
    assert (result.tickets_new, result.rejected) == (1, 0)
    assert by_external(desk, "A").subject == "It \ufffd\ufffdstops"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([*csv_text(FIRST, SECOND, THIRD).split(","), '"', "\n", "\x00", "\r", ",", "{", "é"]),
        max_size=60,
    )
    .map("".join)
    .map(lambda text: csv_text() + text)
)
def test_no_file_raises_anything_but_our_errors(desk, files, text):
    try:
        result = importer.run(desk, *files(text.encode()))
    except DataError as error:
        assert "\n" not in str(error)
    else:
        assert result.rejected <= result.rows


# -- its page


def test_the_page_about_mappings_names_every_key():
    from supporttui.intake.mapping import EVENT_FIELDS, SOURCE_KEYS, TICKET_FIELDS, TOP_KEYS

    page = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
    for key in (*TOP_KEYS, *TICKET_FIELDS, *EVENT_FIELDS, *SOURCE_KEYS):
        assert f"`{key}`" in page or f"`[{key}]`" in page, key
