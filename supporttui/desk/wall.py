"""What burns: open Severity 1 tickets and whatever is overdue, for a screen that a whole room reads."""

from __future__ import annotations

from datetime import datetime

from supporttui.quickclass import dataclass
from supporttui.store import deadlines
from supporttui.store.criteria import AllOf, AnyOf, Compare, Flag, Sort
from supporttui.store.records import DeadlineLine, TicketLine

from . import look
from .session import Desk

MOST = 200  # tickets on the wall; more than that is no wall but a queue
MOST_SEVERE = 1


@dataclass(frozen=True, slots=True)
class Burning:
    """A ticket on the wall.

    told: rungs and promises that fired, the latest first, acknowledged ones too.  next: what fires
    next, None when nothing is armed.
    """

    line: TicketLine
    told: tuple[DeadlineLine, ...] = ()
    next: DeadlineLine | None = None

    @property
    def overdue_since(self) -> datetime | None:
        """Since when something is owed that nobody has acknowledged; by the clock's own look, or due and not fired yet."""
        return self.line.overdue_since


@dataclass(frozen=True, slots=True)
class Wall:
    """What burns at an instant, the most urgent first.  next: the desk's next deadline."""

    at: datetime
    burning: tuple[Burning, ...] = ()
    next: DeadlineLine | None = None
    more: bool = False


def read(desk: Desk) -> Wall:
    """Overdue tickets by severity and by how late they are, then open Severity 1 by what comes next."""
    now = desk.now()
    late = Compare("due", "<=", now)
    where = AllOf((Flag("open"), AnyOf((Compare("severity", "=", MOST_SEVERE), late))))
    with look.snapshot(desk):
        rows = look.page(desk, where, Sort("due"), limit=MOST + 1)
        burning = [_burning(desk, row) for row in rows[:MOST]]
        upcoming = deadlines.upcoming(desk.store, limit=1, states=("armed",))
    burning.sort(key=lambda one: _urgency(one.line, now))
    return Wall(now, tuple(burning), upcoming[0] if upcoming else None, len(rows) > MOST)


def _urgency(row: TicketLine, now: datetime) -> tuple[bool, int, datetime, int]:
    due = [at for at in (row.overdue_since, row.next_due_at) if at is not None]
    earliest = min(due, default=datetime.max.replace(tzinfo=now.tzinfo))
    return (earliest > now, row.severity, earliest, row.number)


def _burning(desk: Desk, row: TicketLine) -> Burning:
    rungs = [one for one in deadlines.of_ticket(desk.store, row.number) if one.kind != "warning"]
    told = [one for one in rungs if one.state in ("fired", "acknowledged")]
    armed = [one for one in rungs if one.state == "armed"]
    return Burning(
        row,
        tuple(sorted(told, key=lambda one: one.fired_at or one.due_at, reverse=True)),
        min(armed, key=lambda one: one.due_at, default=None),
    )
