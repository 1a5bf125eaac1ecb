"""Import: tickets of another system become tickets of this desk, with their whole history.

Idempotent by external id: a step that was imported before is recognised by its
mark in the journal, so a second run changes nothing, an interrupted one goes on
where it stopped, and a newer export of the same tickets appends what is new.
Every batch of tickets is one transaction: all of it is in the store, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from supporttui.desk.session import Desk
from supporttui.errors import DataError, UsageError
from supporttui.intake.history import History, HistoryReader, Step
from supporttui.intake.mapping import ImportMapping, read_mapping
from supporttui.intake.rejects import write_rejects
from supporttui.intake.replay import Replay, known_marks, newest_deed
from supporttui.intake.rows import Row, format_of, header_of, read_rows
from supporttui.store import bulk, customers, deadlines, journal, tickets
from supporttui.store.records import Ticket

BATCH = 500  # tickets per transaction: a second of work to lose, and no sync per ticket

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import did.

    tickets_new, tickets_extended, tickets_unchanged: by what happened to them.
    events: steps of histories that were written.  rejected: rows that were not taken.
    fired: rungs recorded as told in the past.  rows: rows read.  records: rows of the book that are new.
    """

    tickets_new: int = 0
    tickets_unchanged: int = 0
    tickets_extended: int = 0
    events: int = 0
    rejected: int = 0
    fired: int = 0
    rows: int = 0
    records: int = 0


@dataclass(slots=True)
class _Tally:
    """The counts of a running import, taken over only when their batch is in the store."""

    new: int = 0
    unchanged: int = 0
    extended: int = 0
    events: int = 0
    fired: int = 0


def run(
    desk: Desk,
    source_path: str | Path,
    mapping_path: str | Path,
    *,
    until: datetime | None = None,
    rejects_path: str | Path | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a file.

    mapping_path: a mapping file, or "native" for what `export --format native` wrote.
    until: leave out what happened after this instant, so that the desk stands as it
    stood then.  rejects_path: where the rows go that can't be taken, each with its
    reason.  progress: called with (rows done, rows in all); an exception out of it
    stops the import between two batches, and the next run goes on.
    Errors: DataError for files that can't be read, StoreError.
    """
    source = Path(source_path)
    if rejects_path is not None and Path(rejects_path).resolve() == source.resolve():
        raise UsageError("the rejected rows would overwrite the file itself; name another file for them")
    if str(mapping_path) == "native":
        from supporttui.intake.native import run_native

        return run_native(desk, source, until=until, rejects_path=rejects_path, progress=progress)
    mapping = read_mapping(mapping_path)
    _check_columns(source, mapping)
    importer = _Importer(desk, mapping, until, progress or _silent)
    importer.run(source)
    if importer.reader.rejected and rejects_path is not None:
        write_rejects(source, mapping, importer.reader.rejected, Path(rejects_path))
    return importer.result()


def _silent(_done: int, _total: int) -> None:
    return None


def _rows(source: Path, mapping: ImportMapping) -> Iterator[Row]:
    return read_rows(source, delimiter=mapping.delimiter, encoding=mapping.encoding)


def _check_columns(source: Path, mapping: ImportMapping) -> None:
    """A column that a CSV file does not have is a fault of the mapping, not of every row."""
    if format_of(source) != "csv":
        return
    header = header_of(source, delimiter=mapping.delimiter, encoding=mapping.encoding)
    for column in mapping.columns:
        inside = column.split(".")[0] in mapping.json_columns
        if column not in header and not (inside and column.split(".")[0] in header):
            raise DataError(f"{source.name}: no column '{column}'; there are {', '.join(header)[:300]}")


@dataclass(slots=True)
class _Importer:
    """One run: histories in, batches of tickets out."""

    desk: Desk
    mapping: ImportMapping
    until: datetime | None
    progress: Progress
    reader: HistoryReader = field(init=False)
    tally: _Tally = field(default_factory=_Tally)

    def __post_init__(self) -> None:
        self.reader = HistoryReader(self.mapping, self.desk.policy)

    def run(self, source: Path) -> None:
        held = bool(self.mapping.group_by) and not self.mapping.grouped
        total = 0 if held else sum(1 for _ in _rows(source, self.mapping))
        histories = self.reader.histories(_rows(source, self.mapping))
        done = 0
        for batch in _batches(histories):
            self._write(batch)
            done += sum(len(history.steps) for history in batch)
            self.progress(done if held else self.reader.rows, self.reader.rows if held else total)
        self.progress(self.reader.rows, self.reader.rows)

    def result(self) -> ImportResult:
        tally = self.tally
        return ImportResult(
            tickets_new=tally.new,
            tickets_unchanged=tally.unchanged,
            tickets_extended=tally.extended,
            events=tally.events,
            rejected=len(self.reader.rejected),
            fired=tally.fired,
            rows=self.reader.rows,
        )

    # -- one batch

    def _write(self, batch: list[History]) -> None:
        """All of a batch in one transaction; the counts follow when it is in."""
        tally, fresh = _Tally(), dict[str, Replay]()
        with bulk.loading(self.desk.store):
            for history in batch:
                self._take(history, fresh, tally)
            _store_new(self.desk, list(fresh.values()))
        for name in _Tally.__slots__:
            setattr(self.tally, name, getattr(self.tally, name) + getattr(tally, name))

    def _take(self, history: History, fresh: dict[str, Replay], tally: _Tally) -> None:
        steps = [step for step in history.steps if self.until is None or step.at <= self.until]
        if not steps:
            return
        number = tickets.find_external(self.desk.store, history.external_id)
        if number:
            self._extend(number, steps, tally)
        elif history.external_id in fresh:
            self._reject(steps, f"external id '{history.external_id}' stands in the file twice")
        else:
            fresh[history.external_id] = replay = self._begin(history, steps)
            tally.new += 1
            tally.events += len(steps)
            tally.fired += replay.fired

    def _begin(self, history: History, steps: list[Step]) -> Replay:
        desk = self.desk
        replay = Replay.begin(
            history.external_id, history.reported_at, steps[0], desk.policy, desk.now(), desk.actor
        )
        self._walk(replay, steps[1:])
        return replay

    def _walk(self, replay: Replay, steps: Iterable[Step]) -> None:
        for step in steps:
            replay.step(step)
        replay.settle(self.until or self.desk.now())

    def _extend(self, number: int, steps: list[Step], tally: _Tally) -> None:
        """Append what is new to a ticket that is there already."""
        store = self.desk.store
        entries = journal.of_ticket(store, number)
        news = self._news(number, steps, known_marks(entries), newest_deed(entries))
        if not news:
            tally.unchanged += 1
            return
        ticket = tickets.get(store, number)
        assert ticket is not None  # it was just found, in this transaction
        replay = Replay(ticket, entries, self.desk.policy, self.desk.now(), self.desk.actor)
        self._walk(replay, news)
        _store_more(self.desk, ticket, replay)
        tally.extended += 1
        tally.events += len(news)
        tally.fired += replay.fired

    def _news(self, number: int, steps: list[Step], known: dict[str, int], newest: datetime) -> list[Step]:
        """The steps that are not in the journal yet and may be appended to it."""
        news = []
        for step in steps:
            if known.get(step.mark, 0):
                known[step.mark] -= 1
            elif step.at < newest:
                self._reject(
                    [step], f"older than the newest entry of ticket {number}, and not in its journal"
                )
            else:
                news.append(step)
        return news

    def _reject(self, steps: Iterable[Step], reason: str) -> None:
        for step in steps:
            self.reader.rejected[step.line] = reason


def _batches(histories: Iterator[History]) -> Iterator[list[History]]:
    while batch := list(islice(histories, BATCH)):
        yield batch


# -- writing


def _store_new(desk: Desk, replays: list[Replay]) -> None:
    """Write new tickets with journal and deadlines, through the driver."""
    store = desk.store
    if not replays:
        return
    numbers = bulk.tickets(store, (_columns(replay) for replay in replays))
    numbered = list(zip(numbers, replays, strict=True))
    bulk.journal(store, (_entry(number, each) for number, replay in numbered for each in replay.written))
    for live in (True, False):
        rows = (
            (number, each)
            for number, replay in numbered
            if _is_open(replay.ticket) is live
            for each in replay.deadlines
        )
        bulk.deadlines(store, rows, desk.policy.hash, live=live)
    for number, replay in numbered:
        if replay.ticket.tags:
            tickets.set_tags(store, number, replay.ticket.tags)
    for name in dict.fromkeys(replay.ticket.customer for replay in replays):
        if name:
            customers.ensure(store, name, actor=desk.actor, at=desk.now())


def _is_open(ticket: Ticket) -> bool:
    return ticket.resolved_at is None and ticket.closed_at is None and not ticket.merged_into


def _columns(replay: Replay) -> dict[str, Any]:
    """The ticket's own columns, with what the store derives from its deadlines."""
    ticket = replay.ticket
    values = {name: getattr(ticket, name) for name in Ticket.__slots__ if name not in ("number", "tags")}
    if _is_open(ticket):
        values.update(_due_columns(replay))
    return values


def _due_columns(replay: Replay) -> dict[str, Any]:
    """As `store.deadlines.refresh` gives them: the next armed one, the oldest that was told; no warnings."""
    counted = [each for each in replay.deadlines if each.kind != "warning"]
    armed = [each for each in counted if each.state == "armed"]
    fired = [each.due_at for each in counted if each.state == "fired"]
    standing = any(each.state == "paused" for each in counted)
    return {
        "next_due_at": armed[0].due_at if armed else None,
        "next_due_role": armed[0].role if armed else "",
        "overdue_since": min(fired, default=None),
        "paused": standing and not armed,
    }


def _entry(number: int, entry: Any) -> dict[str, Any]:
    """A journal entry as the arguments of `journal.append`."""
    names = ("version", "at", "recorded_at", "actor", "kind", "public", "text", "data", "batch")
    return {"ticket": number, **{name: getattr(entry, name) for name in names}}


_WRITABLE = (
    "severity", "status", "owner", "subject", "customer", "contact", "contact_email", "contact_phone", "site",
    "product", "release", "os", "os_release", "channel", "category", "environment", "plan", "description",
    "resolved_at", "closed_at", "updated_at",
)  # fmt: skip


def _store_more(desk: Desk, before: Ticket, replay: Replay) -> None:
    """Append new entries to a ticket that is in the store, and derive its deadlines anew."""
    store, number = desk.store, before.number
    after = replay.ticket
    changes: dict[str, Any] = {
        name: getattr(after, name) for name in _WRITABLE if getattr(after, name) != getattr(before, name)
    }
    if after.tags != before.tags:
        changes["tags"] = after.tags
    version = before.version + 1
    tickets.update(store, number, before.version, changes)
    for entry in replay.written:
        journal.append(store, **{**_entry(number, entry), "version": version})
    deadlines.replace(store, number, replay.deadlines, desk.policy.hash)
