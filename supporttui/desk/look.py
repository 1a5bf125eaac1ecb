"""What is seen of the tickets: reads only, each from one snapshot of the store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from supporttui.quickclass import dataclass
from supporttui.store import deadlines, journal, links, tickets, watches
from supporttui.store.criteria import AllOf, Compare, Criterion, Flag, Sort
from supporttui.store.records import DeadlineLine, JournalEntry, Ticket, TicketLine, Watch

from .act import fetch
from .session import Desk


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with all that belongs to it, as of one instant.

    journal: newest first, at most as many as asked for; `journal_size` counts all.
    """

    ticket: Ticket
    journal: tuple[JournalEntry, ...]
    deadlines: tuple[DeadlineLine, ...]
    links: tuple[tuple[int, str], ...]
    undone: frozenset[int]


def snapshot(desk: Desk) -> AbstractContextManager[None]:
    """A consistent view for several reads; joins an open transaction."""
    return desk.store.read()


def ticket(desk: Desk, number: int, *, journal_limit: int | None = None) -> TicketView:
    """One ticket.  Errors: NotFound."""
    with snapshot(desk):
        found = fetch(desk, number)
        entries = journal.of_ticket(desk.store, number, newest_first=True, limit=journal_limit)
        return TicketView(
            found,
            tuple(entries),
            tuple(deadlines.of_ticket(desk.store, number)),
            tuple(links.of_ticket(desk.store, number)),
            retracted(entries),
        )


def entries(
    desk: Desk, number: int, *, limit: int, before: int | None = None, after: int | None = None
) -> tuple[JournalEntry, ...]:
    """A part of a ticket's journal, newest first: the newest before an entry, or the oldest after one."""
    with snapshot(desk):
        found = journal.of_ticket(
            desk.store, number, newest_first=after is None, limit=limit, before_id=before, after_id=after
        )
    return tuple(found if after is None else reversed(found))


def undoings(desk: Desk, number: int) -> dict[int, int]:
    """Entries of a ticket that took back another one, with that one."""
    with snapshot(desk):
        return dict(journal.undoings(desk.store, number))


def retracted(entries: Sequence[JournalEntry]) -> frozenset[int]:
    """Ids of the entries that an undo took back.  entries: newest first."""
    cancelled: set[int] = set()
    for entry in entries:
        if entry.undoes and entry.id not in cancelled:
            cancelled.add(entry.undoes)
    return frozenset(cancelled)


def page(
    desk: Desk,
    where: Criterion,
    sort: Sort,
    *,
    limit: int,
    after: TicketLine | int | None = None,
    before: TicketLine | int | None = None,
    offset: int = 0,
) -> list[TicketLine]:
    """One page of the queue, in the order of `sort`; `after` and `before` are exclusive."""
    with snapshot(desk):
        return tickets.page(desk.store, where, sort, limit=limit, after=after, before=before, offset=offset)


def count(desk: Desk, where: Criterion, cap: int | None = None) -> int:
    """How many tickets match; stops counting at `cap`."""
    with snapshot(desk):
        return tickets.count(desk.store, where, cap)


def lines(desk: Desk, numbers: Sequence[int]) -> list[TicketLine]:
    """The queue rows of these tickets, as far as they exist."""
    with snapshot(desk):
        return tickets.lines(desk.store, numbers)


def rank(desk: Desk, where: Criterion, sort: Sort, number: int) -> int | None:
    """The 0-based place of a ticket in a list; None when it isn't in it."""
    with snapshot(desk):
        return tickets.rank(desk.store, where, sort, number)


def timers(desk: Desk, *, limit: int, offset: int = 0, ticket: int | None = None) -> list[DeadlineLine]:
    """The escalation timers of open tickets: what fired and nobody acknowledged first, then by due instant."""
    with snapshot(desk):
        return deadlines.upcoming(desk.store, limit=limit, offset=offset, ticket=ticket)


def due_by(desk: Desk, at: datetime) -> list[DeadlineLine]:
    """The deadlines that will have come due by `at` if nothing happens; writes nothing."""
    with snapshot(desk):
        return deadlines.due(desk.store, at)


def overdue_at(at: datetime) -> Criterion:
    """What a list of overdue tickets is at an instant: open, and something is due by then."""
    return AllOf((Flag("open"), Compare("due", "<=", at)))


def watch(desk: Desk) -> Watch | None:
    """Who has accepted the watch, None for nobody."""
    with snapshot(desk):
        found = watches.standing(watches.recent(desk.store))
    return found[0] if found else None


def suggest(desk: Desk, field: str, prefix: str, limit: int = 20) -> list[str]:
    """Values of a field that begin with a prefix, for completion."""
    with snapshot(desk):
        return tickets.suggest(desk.store, field, prefix, limit)
