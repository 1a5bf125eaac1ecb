"""Taking in what `export` of another desk wrote: tickets with the journals that they have.

Nothing is replayed, because the journal says what was told and when; deadlines are
derived from it anew, under this desk's policy.  A ticket keeps its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from supporttui.desk import reference
from supporttui.desk.act import replan
from supporttui.desk.export import BOOK, NATIVE, SECRET
from supporttui.desk.session import Desk
from supporttui.desk.timeline import FIRED_KINDS
from supporttui.errors import DataError, PolicyError, UsageError
from supporttui.intake.importer import ImportResult
from supporttui.intake.mapping import ImportMapping, Rejected
from supporttui.intake.rejects import write_rejects
from supporttui.intake.rows import Row, read_rows
from supporttui.store import book_dump, customers, journal, links, tickets
from supporttui.store.records import JournalEntry, Ticket

BATCH = 100  # tickets per transaction
_INTEGERS = ("severity", "merged_into", "minutes_logged", "version")
_INSTANTS = ("reported_at", "created_at", "updated_at")
_OPTIONAL = ("resolved_at", "closed_at", "acknowledged_until", "snoozed_until")
_DERIVED = ("number", "tags", "next_due_at", "next_due_role", "overdue_since", "paused")
_TEXTS = tuple(
    name for name in Ticket.__slots__ if name not in (*_INTEGERS, *_INSTANTS, *_OPTIONAL, *_DERIVED)
)
_LARGEST = 2**53
# What deriving deadlines from entries that no desk wrote can run into.
_UNREADABLE = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError)
# What the end that did not make a link calls it → what the end that made it calls it.
_SEEN_FROM_BEHIND = {"duplicated-by": "duplicate", "caused-by": "causes", "blocked-by": "blocks"}


@dataclass(slots=True)
class _Line:
    """One exported ticket: its fields, its journal with the ids it had, its links."""

    line: int
    number: int
    values: dict[str, Any]
    entries: list[dict[str, Any]]
    links: list[tuple[int, str]]


@dataclass(slots=True)
class _Counts:
    new: int = 0
    unchanged: int = 0
    extended: int = 0
    events: int = 0
    rows: int = 0
    rejected: dict[int, str] = field(default_factory=dict)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    records: int = 0
    unsettled: bool = False  # rows with ids of their own are in, and the store must be told
    entries: dict[int, int] = field(default_factory=dict)  # ids of journal entries elsewhere → here
    numbers: dict[int, int] = field(default_factory=dict)  # numbers of tickets elsewhere → here
    refused: set[tuple[str, int]] = field(default_factory=set)  # rows of the book that are others here


def run_native(
    desk: Desk,
    source: Path,
    *,
    until: datetime | None = None,
    rejects_path: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ImportResult:
    """Import an exported file; see `importer.run`.  `until` is refused: nothing is replayed here."""
    if until is not None:
        raise UsageError("an exported desk is taken in as it is: leave out 'until', or use a mapping file")
    total = sum(1 for _ in read_rows(source))
    counts = _Counts()
    rows = read_rows(source)
    while batch := list(islice(rows, BATCH)):
        _take_batch(desk, batch, counts)
        if progress is not None:
            progress(counts.rows, total)
    _link(desk, counts.links)
    _settle(desk, counts)
    if counts.rejected and rejects_path is not None:
        write_rejects(source, ImportMapping("", {}, {}), counts.rejected, Path(rejects_path))
    return ImportResult(
        tickets_new=counts.new,
        tickets_unchanged=counts.unchanged,
        tickets_extended=counts.extended,
        events=counts.events,
        rejected=len(counts.rejected),
        rows=counts.rows,
        records=counts.records,
    )


def _take_batch(desk: Desk, batch: Iterable[Row], counts: _Counts) -> None:
    with desk.store.write():
        for row in batch:
            counts.rows += 1
            try:
                with desk.store.write():  # a part of its own: a ticket that fails leaves nothing behind
                    if not row.reason and row.cells.get("format") == BOOK:
                        _take_record(desk, row.cells, counts)
                    else:
                        _settle(desk, counts)
                        _take(desk, _read(desk, row), counts)
            except Rejected as why:
                counts.rejected[row.line] = str(why)
            except _UNREADABLE:
                counts.rejected[row.line] = "journal: its entries don't make a history"


def _take_record(desk: Desk, cells: Mapping[str, Any], counts: _Counts) -> None:
    """A row of the book; what it says of a ticket or a journal entry is said of what these became here."""
    table, row = _text(cells, "table"), _object(cells, "row")
    try:
        if table == SECRET:
            counts.records += reference.take_over(desk, _text(row, "value"))
            return
        row = _of_here(table, row, counts)
        of_entry = book_dump.OF_THE_JOURNAL.get(table) == "entry"
        entry = counts.entries.get(_integer(row, "entry"), 0) if of_entry else journal.latest_id(desk.store)
        new = book_dump.take(desk.store, table, row, entry) == "new"
        counts.records, counts.unsettled = counts.records + new, counts.unsettled or new
    except (DataError, *_UNREADABLE) as why:
        if isinstance(row.get("id"), int):
            counts.refused.add((table, row["id"]))
        said = str(why) if isinstance(why, DataError) else "its values are of the wrong kind"
        raise Rejected(said) from None


def _of_here(table: str, row: dict[str, Any], counts: _Counts) -> dict[str, Any]:
    """The row with the ticket's number here.  Errors: DataError for one that names what was not taken."""
    for column, other, number in book_dump.referred(table, row):
        if other == "ticket":
            if number not in counts.numbers:
                raise DataError(f"{table}.{column}: ticket {number} was not taken from this file")
            row = {**row, column: counts.numbers[number]}
        elif (other, number) in counts.refused:
            raise DataError(f"{table}.{column}: {other} #{number} was not taken from this file")
    return row


def _settle(desk: Desk, counts: _Counts) -> None:
    if counts.unsettled:
        book_dump.settle(desk.store)
        counts.unsettled = False


def _take(desk: Desk, line: _Line, counts: _Counts) -> None:
    theirs = line.number  # `_known` clears it where the ticket gets another one here
    known = _known(desk, line)
    if known is None:
        number = _insert(desk, line, counts)
        counts.new += 1
    else:
        number = known.number
        if not _extend(desk, known, line, counts):
            counts.unchanged += 1
    counts.numbers[theirs] = number
    counts.links += [(number, other, kind) for other, kind in line.links]


def _known(desk: Desk, line: _Line) -> Ticket | None:
    """The ticket of this desk that the line is about; Rejected when its number is another ticket."""
    number = tickets.find_external(desk.store, line.values["external_id"])
    if number is not None:
        return tickets.get(desk.store, number)
    found = tickets.get(desk.store, line.number)
    if found is None:
        return None
    if (found.reported_at, found.created_at) == (line.values["reported_at"], line.values["created_at"]):
        return found
    if line.values["external_id"]:
        line.number = 0
        return None
    raise Rejected(
        f"number {line.number} is another ticket here; with an external_id it would get a new number"
    )


def _insert(desk: Desk, line: _Line, counts: _Counts) -> int:
    store = desk.store
    values = dict(line.values)
    if line.number:
        values["number"] = line.number
    number = tickets.insert(store, values)
    if line.values["customer"]:
        customers.ensure(store, line.values["customer"], actor=desk.actor, at=desk.now())
    ids: dict[int, int] = {}
    _append(desk, number, line.entries, ids)
    counts.entries.update(ids)
    replan(desk, number)
    return number


def _append(desk: Desk, number: int, entries: Iterable[Mapping[str, Any]], ids: dict[int, int]) -> None:
    """Write journal entries; ids: the ids that entries had elsewhere → theirs here."""
    for entry in entries:
        values = {name: value for name, value in entry.items() if name != "id"}
        undoes = ids.get(entry["undoes"], 0)
        ids[entry["id"]] = journal.append(desk.store, **{**values, "ticket": number, "undoes": undoes})


def _extend(desk: Desk, known: Ticket, line: _Line, counts: _Counts) -> bool:
    """Append what this desk does not have yet; False when there is nothing."""
    here = journal.of_ticket(desk.store, known.number)
    shared = min(len(here), len(line.entries))
    if any(_differs(mine, theirs) for mine, theirs in zip(here, line.entries, strict=False)):
        raise Rejected(f"ticket {known.number} has another history here")
    news = line.entries[shared:]
    ids = {theirs["id"]: mine.id for mine, theirs in zip(here, line.entries, strict=False)}
    counts.entries.update(ids)
    if not news:
        return False
    changes = {name: value for name, value in line.values.items() if name not in ("version", "external_id")}
    tickets.update(desk.store, known.number, known.version, changes)
    _append(desk, known.number, news, ids)
    counts.entries.update(ids)
    replan(desk, known.number)
    counts.extended += 1
    counts.events += len(news)
    return True


def _differs(mine: JournalEntry, theirs: Mapping[str, Any]) -> bool:
    names = ("at", "recorded_at", "actor", "kind", "text")
    return any(getattr(mine, name) != theirs[name] for name in names)


def _link(desk: Desk, found: Sequence[tuple[int, int, str]]) -> None:
    """Links come last, when both of their ends are in; those without the other end are left out."""
    store = desk.store
    with store.write():
        for number, other, kind in found:
            if tickets.get(store, other) is None:
                continue
            if kind in _SEEN_FROM_BEHIND:
                links.add(store, other, number, _SEEN_FROM_BEHIND[kind])
            elif (other, kind) not in links.of_ticket(store, number):
                links.add(store, number, other, kind)


# -- reading


def _read(desk: Desk, row: Row) -> _Line:
    """A line as typed values; Rejected with the key that is wrong."""
    if row.reason:
        raise Rejected(row.reason)
    cells = row.cells
    if cells.get("format") != NATIVE:
        raise Rejected(f"format: this is no line of an export ('{NATIVE}'); use a mapping file")
    values: dict[str, Any] = {name: _text(cells, name) for name in _TEXTS}
    values.update((name, _integer(cells, name)) for name in _INTEGERS)
    values.update((name, _instant(cells, name)) for name in _OPTIONAL)
    for name in _INSTANTS:
        values[name] = _needed(cells, name)
    values["tags"] = tuple(_list(cells, "tags", str))
    _check(desk, values)
    number = _integer(cells, "number")
    entries = [_entry(each) for each in _list(cells, "journal", dict)]
    if number < 1 or not entries:
        raise Rejected("number and journal: a ticket has both")
    return _Line(row.line, number, values, entries, list(_links(cells)))


def _check(desk: Desk, values: Mapping[str, Any]) -> None:
    try:
        desk.policy.severity(values["severity"])
    except PolicyError as error:
        raise Rejected(f"severity: {error}") from None
    names = [status.name for status in desk.policy.statuses]
    if values["status"] not in names:
        raise Rejected(f"status: '{values['status'][:60]}' is not one of {', '.join(names)}")
    if not values["subject"].strip():
        raise Rejected("subject: empty")


def _entry(cells: Mapping[str, Any]) -> dict[str, Any]:
    _check_data(_text(cells, "kind"), _object(cells, "data"))
    return {
        "id": _integer(cells, "id"),
        "version": _integer(cells, "version"),
        "at": _needed(cells, "at"),
        "recorded_at": _needed(cells, "recorded_at"),
        "actor": _text(cells, "actor"),
        "kind": _text(cells, "kind"),
        "public": cells.get("public") is True,
        "text": _text(cells, "text"),
        "data": _object(cells, "data"),
        "inverse": _object(cells, "inverse"),
        "undoes": _integer(cells, "undoes"),
        "batch": _text(cells, "batch"),
    }


def _check_data(kind: str, data: Mapping[str, Any]) -> None:
    """What is read again later, by clocks and by screens, must have its shape."""
    for name, change in _object(data, "set").items():
        if name not in Ticket.__slots__ or not isinstance(change, list) or len(change) != 2:
            raise Rejected("journal: 'set' names fields of a ticket, each with [old, new]")
    if kind in FIRED_KINDS:
        _needed(data, "due_at")
        _integer(data, "level")
        if not _text(data, "key") or not _text(data, "role"):
            raise Rejected("journal: a rung that was told has a key and a role")


def _links(cells: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for pair in _list(cells, "links", list):
        match pair:
            case [int() as other, str() as kind] if 0 < other <= _LARGEST and kind:
                yield other, kind
            case _:
                raise Rejected("links: expected [number, kind]")


def _text(cells: Mapping[str, Any], name: str) -> str:
    value = cells.get(name, "")
    if not isinstance(value, str):
        raise Rejected(f"{name}: expected text")
    return value


def _integer(cells: Mapping[str, Any], name: str) -> int:
    value = cells.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise Rejected(f"{name}: expected a whole number")
    return value


def _needed(cells: Mapping[str, Any], name: str) -> datetime:
    found = _instant(cells, name)
    if found is None:
        raise Rejected(f"{name}: missing")
    return found


def _instant(cells: Mapping[str, Any], name: str) -> datetime | None:
    value = cells.get(name)
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None or not 1900 <= found.year < 3000:
            raise ValueError(value)
    except (TypeError, ValueError):
        raise Rejected(f"{name}: expected an instant such as 2026-11-20T14:46:00Z") from None
    return found.astimezone(UTC).replace(microsecond=0)


def _list(cells: Mapping[str, Any], name: str, kind: type) -> list[Any]:
    value = cells.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, kind) for each in value):
        raise Rejected(f"{name}: expected a list")
    return value


def _object(cells: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = cells.get(name, {})
    if not isinstance(value, dict):
        raise Rejected(f"{name}: expected an object")
    return value
