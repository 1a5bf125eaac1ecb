"""The handover from one shift to the next: what fires and to whom, what nobody answered, what became different.

`report` is a pure reading, made once and shown in several ways; accepting the
watch is the only thing here that writes, and it is on record for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from supporttui.errors import Refused, UsageError
from supporttui.quickclass import dataclass
from supporttui.store import deadlines, journal, mail, tickets, watches
from supporttui.store.criteria import AllOf, Compare, Criterion, Flag, Not, Sort
from supporttui.store.records import DeadlineLine, JournalEntry, TicketLine, Watch

from . import look
from .act import transaction
from .session import Desk

SHIFT = timedelta(hours=12)  # what counts as this shift for somebody who never accepted the watch
NEXT = timedelta(hours=8)
MOST = 100  # items of a section; what is left out is counted
ENTRIES = 20_000  # journal entries of a shift that are looked through
PAGE = 1_000
MARK = "handover:"  # a note that begins so is for the next shift
TAG = "handover"
NOTE_LONGEST = 500
QUIET_KINDS = frozenset({"escalated", "warned", "missed", "undone"})
COUNTED = {
    "reply": ("reply", "replies"),
    "note": ("note", "notes"),
    "customer": ("message", "messages"),
    "call": ("call", "calls"),
}

TITLES = {
    "unanswered": "Told, and nobody acknowledged",
    "coming": "Fires next, and who is told",
    "promises": "Updates that were promised",
    "severe": "New Severity 1 and 2",
    "notes": "Notes for the next shift",
    "waiting": "Waiting for somebody",
    "unowned": "Nobody has it",
    "waking": "Snoozed, and back soon",
    "changed": "Changed on this shift",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the handover.

    at: the instant that it is about.  what: role, status or change, in words.  text: what somebody wrote.
    """

    ticket: int
    severity: int
    subject: str
    customer: str = ""
    owner: str = ""
    at: datetime | None = None
    what: str = ""
    who: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a heading; total counts those that are left out too."""

    id: str
    items: tuple[Item, ...]
    total: int

    @property
    def title(self) -> str:
        return TITLES[self.id]


@dataclass(frozen=True, slots=True)
class Handover:
    """What one shift leaves to the next, as of an instant.  watch: who has it now, None for nobody.

    inbox: what came in and waits for a decision, and how much of that wants a telephone call.
    """

    at: datetime
    since: datetime
    until: datetime
    watch: Watch | None
    sections: tuple[Section, ...]
    inbox: tuple[int, int] = (0, 0)


def report(desk: Desk, *, since: datetime | None = None, ahead: timedelta = NEXT) -> Handover:
    """The handover as of now, from one snapshot.

    since: where this shift began; without it, where the actor last accepted the watch, else twelve hours
    ago.  ahead: how far to look at what fires.  Errors: UsageError, StoreError.
    """
    now = desk.now()
    if ahead <= timedelta(0):
        raise UsageError("the time ahead must be longer than nothing, such as 8h")
    with look.snapshot(desk):
        records = watches.standing(watches.recent(desk.store))
        begin = since or _began(records, desk.actor, now)
        if begin > now:
            raise UsageError("a shift can't begin in the future")
        until = now + ahead
        entries = _entries(desk, begin)
        sections = (*_clocks(desk, until), *_queues(desk, begin, until), *_written(desk, entries))
        waiting = mail.waiting(desk.store)
    order = list(TITLES)
    return Handover(
        now, begin, until, records[0] if records else None,
        tuple(sorted(sections, key=lambda one: order.index(one.id))), waiting,
    )  # fmt: skip


def _began(records: Sequence[Watch], actor: str, now: datetime) -> datetime:
    own = [one.at for one in records if one.actor == actor and one.at <= now]
    return own[0] if own else now - SHIFT


# -- what the clocks say ---------------------------------------------------------------------------


def _clocks(desk: Desk, until: datetime) -> Iterable[Section]:
    fired = deadlines.upcoming(desk.store, limit=2 * MOST, states=("fired",))
    told = [_rung(one, one.fired_at or one.due_at) for one in fired if one.kind != "warning"]
    total = len(told) if len(fired) < 2 * MOST else deadlines.unanswered(desk.store)
    due = [one for one in deadlines.due(desk.store, until) if one.kind != "warning"]
    yield Section("unanswered", tuple(told[:MOST]), total)
    yield _section("coming", [_rung(one, one.due_at) for one in due if one.kind != "promise"])
    yield _section("promises", [_rung(one, one.due_at) for one in due if one.kind == "promise"])


def _rung(one: DeadlineLine, at: datetime) -> Item:
    what = one.label or one.role or one.kind
    if one.kind == "promise":
        what = "promised update"
    elif one.kind not in ("escalation", "") and one.kind not in what.casefold():
        what = f"{one.kind}: {what}"
    return Item(
        ticket=one.ticket, severity=one.severity, subject=one.subject, customer=one.customer,
        owner=one.owner, at=at, what=what,
    )  # fmt: skip


# -- what the queue says ---------------------------------------------------------------------------


def _queues(desk: Desk, since: datetime, until: datetime) -> Iterable[Section]:
    open_, now = Flag("open"), desk.now()
    newest = Sort("reported", descending=True)
    yield _listed(
        desk, "severe", AllOf((Compare("severity", "<=", 2), Compare("reported_at", ">=", since))), newest,
        lambda row: (row.reported_at, row.status),
    )  # fmt: skip
    yield _listed(
        desk, "waiting", AllOf((open_, Compare("status", "starts", "waiting"))), Sort("updated"),
        lambda row: (row.updated_at, row.status.replace("waiting-", "waiting for ")),
    )  # fmt: skip
    yield _listed(
        desk, "unowned", AllOf((open_, Compare("owner", "=", ""), Not(Compare("snoozed_until", ">", now)))),
        Sort("due"), lambda row: (_due(row), row.status),
    )  # fmt: skip
    waking = AllOf((open_, Compare("snoozed_until", ">", now), Compare("snoozed_until", "<=", until)))
    yield _listed(desk, "waking", waking, Sort("due"), lambda row: (row.snoozed_until, "snoozed"))


def _due(row: TicketLine) -> datetime | None:
    return row.overdue_since or row.next_due_at


def _listed(desk: Desk, name: str, where: Criterion, sort: Sort, say: Any) -> Section:
    rows = tickets.page(desk.store, where, sort, limit=MOST)
    total = len(rows) if len(rows) < MOST else tickets.count(desk.store, where)
    return Section(name, tuple(_of_row(row, *say(row)) for row in rows), total)


def _of_row(row: TicketLine, at: datetime | None, what: str, **more: str) -> Item:
    return Item(
        ticket=row.number, severity=row.severity, subject=row.subject, customer=row.customer,
        owner=row.owner, at=at, what=what, **more,
    )  # fmt: skip


def _section(name: str, items: Sequence[Item]) -> Section:
    return Section(name, tuple(items[:MOST]), len(items))


# -- what people wrote and changed -----------------------------------------------------------------


def _entries(desk: Desk, since: datetime) -> list[JournalEntry]:
    """The journal since an instant, newest first, from its end: it costs what was written, not what there is."""
    found: list[JournalEntry] = []
    before = None
    while len(found) < ENTRIES:
        page = journal.recent(desk.store, limit=PAGE, before_id=before)
        fresh = [one for one in page if one.recorded_at >= since]
        found += fresh
        if len(fresh) < len(page) or len(page) < PAGE:
            break
        before = page[-1].id
    return found


def _written(desk: Desk, entries: Sequence[JournalEntry]) -> Iterable[Section]:
    undone = look.retracted(entries)
    kept = [one for one in entries if one.id not in undone]
    by_ticket: dict[int, list[JournalEntry]] = {}
    for entry in kept:
        if entry.kind not in QUIET_KINDS:
            by_ticket.setdefault(entry.ticket, []).append(entry)
    marked = [one for one in kept if one.kind == "note" and one.text.lstrip().casefold().startswith(MARK)]
    tagged = tickets.page(
        desk.store, AllOf((Flag("open"), Compare("tag", "=", TAG))), Sort("due"), limit=MOST
    )
    shown = list(by_ticket)[:MOST]
    rows = {row.number: row for row in tickets.lines(desk.store, {*shown, *(one.ticket for one in marked)})}
    yield _section("notes", [*_marked(marked, rows), *_tagged(tagged, {one.ticket for one in marked})])
    changed = [
        _of_row(rows[number], by_ticket[number][0].at, *_summary(by_ticket[number]))
        for number in shown
        if number in rows
    ]
    yield Section("changed", tuple(changed), len(by_ticket))


def _marked(entries: Sequence[JournalEntry], rows: dict[int, TicketLine]) -> Iterable[Item]:
    for one in entries:
        if one.ticket in rows:
            text = one.text.strip()[len(MARK) :].strip()
            yield _of_row(rows[one.ticket], one.at, "note", who=one.actor, text=text)


def _tagged(rows: Sequence[TicketLine], told: set[int]) -> Iterable[Item]:
    for row in rows:
        if row.number not in told:
            yield _of_row(row, row.updated_at, f"#{TAG}")


def _summary(entries: Sequence[JournalEntry]) -> tuple[str]:
    """ "new; severity 3 → 2; 2 replies; by ana, raj": what a ticket's entries (newest first) come to."""
    parts = ["new"] if any(one.kind == "reported" for one in entries) else []
    changed: dict[str, list[str]] = {}
    for one in reversed(entries):
        for name, pair in _changes(one):
            changed.setdefault(name, [_plain(pair[0]), ""])[1] = _plain(pair[1])
    parts += [f"{name.replace('_', ' ')} {old} → {new}" for name, (old, new) in changed.items() if old != new]
    for kind, (one_word, words) in COUNTED.items():
        count = sum(one.kind == kind for one in entries)
        parts += [f"{count} {one_word if count == 1 else words}"] if count else []
    known = {"reported", *COUNTED}
    parts += sorted({one.kind for one in entries if one.kind not in known and not _changes(one)})
    actors = dict.fromkeys(one.actor for one in reversed(entries))
    return ("; ".join((*parts, f"by {', '.join(actors)}")),)


def _changes(entry: JournalEntry) -> list[tuple[str, Sequence[Any]]]:
    found = entry.data.get("set")
    if not isinstance(found, dict):
        return []
    return [(name, pair) for name, pair in found.items() if isinstance(pair, list | tuple) and len(pair) == 2]


def _plain(value: Any) -> str:
    text = (
        ", ".join(map(str, value))
        if isinstance(value, list | tuple)
        else str(value if value is not None else "")
    )
    return text[:40] or "none"


# -- the watch -------------------------------------------------------------------------------------


def accept(desk: Desk, note: str = "") -> Watch:
    """Accept the watch from now on; it is on record.  Errors: UsageError, StoreError."""
    text = " ".join(note.split())
    if len(text) > NOTE_LONGEST:
        raise UsageError(f"the note has {len(text)} signs, at most {NOTE_LONGEST} are kept")
    with transaction(desk):
        made = watches.append(desk.store, at=desk.now(), actor=desk.actor, note=text)
    return Watch(id=made, at=desk.now(), actor=desk.actor, note=text)


def take_back(desk: Desk) -> Watch | None:
    """Undo one's own acceptance, as long as nobody else accepted since; returns who has the watch then.

    Errors: Refused when the watch is somebody else's or nobody's.
    """
    with transaction(desk):
        found = watches.standing(watches.recent(desk.store))
        if not found:
            raise Refused("nobody has accepted the watch: there is nothing to take back")
        if found[0].actor != desk.actor:
            raise Refused(f"{found[0].actor} has accepted the watch since: only they can take that back")
        watches.append(desk.store, at=desk.now(), actor=desk.actor, undoes=found[0].id)
    return found[1] if len(found) > 1 else None
