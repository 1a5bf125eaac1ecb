"""Export: tickets leave the desk as JSON lines (everything) or CSV (the rows of a list).

A line of JSON holds a ticket with its whole journal, so that another desk can
import it ("native") and derive the same deadlines from it.  CSV is for
spreadsheets, which run what looks like a formula: such cells get an apostrophe.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from supporttui.errors import UsageError
from supporttui.store import book_dump, deadlines, journal, links, tickets
from supporttui.store.criteria import AllOf, Criterion, Sort
from supporttui.when import iso_z

from . import reference

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.store.records import DeadlineLine, JournalEntry, Ticket

FORMATS = ("jsonl", "native", "csv")
NATIVE = "supporttui/1"
BOOK = "supporttui-book/1"
SECRET = "secret"  # no table: what the desk signs references with
PAGE = 200  # tickets per snapshot: short enough never to hold up a writer

# Columns of the CSV and keys of a JSON line, in order.
TICKET_KEYS = (
    "number", "subject", "severity", "status", "owner", "customer", "contact", "contact_email", "contact_phone",
    "site", "product", "release", "os", "os_release", "channel", "category", "environment", "plan", "tags",
    "external_id", "reported_at", "created_at", "updated_at", "resolved_at", "closed_at", "acknowledged_until",
    "snoozed_until", "merged_into", "minutes_logged", "next_due_at", "next_due_role", "overdue_since", "paused",
    "version", "description",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(desk: Desk, criterion: Criterion, stream: IO[str], format: str = "jsonl") -> int:
    """Write every ticket that matches, by number; how many there were.

    format: "jsonl" or "native" (the same: complete, can be imported again) or "csv".
    stream: text, opened with newline="".  Each page is one moment of the store.
    Errors: UsageError for a format that does not exist, StoreError.
    """
    if format not in FORMATS:
        raise UsageError(f"no export format '{format}'; there are {', '.join(FORMATS)}")
    if format == "csv":
        return _write_csv(desk, criterion, stream)
    count = 0
    for line in _lines(desk, criterion):
        stream.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
        count += 1
    return count


def write_everything(desk: Desk, stream: IO[str]) -> tuple[int, int]:
    """Write the whole desk as JSON lines: the book, every ticket, and what the book says of tickets.

    Returns how many tickets and how many rows of the book.  Taken in again, in this order, by the
    native import.  Errors: StoreError.
    """
    rows = _write_secret(desk, stream) + _write_book(desk, stream, book_dump.FIRST)
    number = write(desk, AllOf(()), stream, "native")
    return number, rows + _write_book(desk, stream, book_dump.LAST)


def _write_secret(desk: Desk, stream: IO[str]) -> int:
    """What references are signed with, ahead of the tickets that have them."""
    secret = reference.secret_that_moves(desk)
    if secret:
        _write_record(stream, SECRET, {"value": secret})
    return int(bool(secret))


def _write_book(desk: Desk, stream: IO[str], tables: Iterable[str]) -> int:
    count = 0
    for table in tables:
        for row in book_dump.rows(desk.store, table):
            _write_record(stream, table, row)
            count += 1
    return count


def _write_record(stream: IO[str], table: str, row: Mapping[str, Any]) -> None:
    line = {"format": BOOK, "table": table, "row": row}
    stream.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")


def _write_csv(desk: Desk, criterion: Criterion, stream: IO[str]) -> int:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(TICKET_KEYS)
    count = 0
    for page in _pages(desk, criterion):
        for ticket in page:
            writer.writerow([_cell(getattr(ticket, key)) for key in TICKET_KEYS])
        count += len(page)
    return count


def _cell(value: Any) -> str:
    """A value as a cell of a spreadsheet that must not run it."""
    match _plain(value):
        case None:
            return ""
        case bool() as flag:
            return "yes" if flag else ""
        case int() as number:
            return str(number)
        case list() as words:
            return inert(" ".join(words))
        case text:
            return inert(str(text))


def inert(text: str) -> str:
    """Text as a cell of a spreadsheet that must not take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    """A value as JSON has it: instants end in Z, tags are a list."""
    if isinstance(value, datetime):
        return iso_z(value)
    return list(value) if isinstance(value, tuple) else value


def _pages(desk: Desk, criterion: Criterion) -> Iterator[list[Ticket]]:
    """The matching tickets by number, a page at a time; each page is a snapshot."""
    last: int | None = None
    while True:
        with desk.store.read():
            found = tickets.page(desk.store, criterion, Sort("number"), limit=PAGE, after=last)
            page = [ticket for line in found if (ticket := tickets.get(desk.store, line.number))]
        if not page:
            return
        yield page
        last = page[-1].number


def _lines(desk: Desk, criterion: Criterion) -> Iterator[dict[str, Any]]:
    store = desk.store
    for page in _pages(desk, criterion):
        with store.read():
            lines = [
                {
                    "format": NATIVE,
                    **{key: _plain(getattr(ticket, key)) for key in TICKET_KEYS},
                    "journal": [_entry(entry) for entry in journal.of_ticket(store, ticket.number)],
                    "deadlines": [_deadline(each) for each in deadlines.of_ticket(store, ticket.number)],
                    "links": [list(link) for link in links.of_ticket(store, ticket.number)],
                }
                for ticket in page
            ]
        yield from lines


def _entry(entry: JournalEntry) -> dict[str, Any]:
    """A journal entry, without what is empty; `id` is what `undoes` of others refers to."""
    values = {name: _plain(getattr(entry, name)) for name in type(entry).__slots__ if name != "ticket"}
    return {
        name: dict(value) if name in ("data", "inverse") else value
        for name, value in values.items()
        if value or name in ("id", "version")
    }


def _deadline(each: DeadlineLine) -> dict[str, Any]:
    names = ("key", "kind", "role", "level", "label", "due_at", "state", "fired_at")
    return {name: _plain(getattr(each, name)) for name in names}
