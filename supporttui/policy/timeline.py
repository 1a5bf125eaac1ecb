"""What the clock rules read (a ticket's timeline) and what they answer (deadlines).

Pure records.  Every instant is an aware datetime in UTC with whole seconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from supporttui.quickclass import dataclass

DeadlineKind = Literal["escalation", "response", "update", "workaround", "resolution", "promise", "warning"]
DeadlineState = Literal["armed", "paused", "fired", "acknowledged", "void"]
EventKind = Literal[
    "severity",  # severity: the new one
    "status",  # status: the new one
    "reply",  # public reply by the desk
    "customer",  # message from the customer
    "acknowledged",  # until: when the next update was promised
    "workaround",  # a workaround was given
    "fired",  # key, kind_, role, level, due_at: a rung was told (by the clock or by hand)
    "merged",  # the ticket ended by being merged into another
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules match on.  Current values: a change recomputes everything from the report.

    severity: number, 1 is the most severe.  Unknown strings are "".
    """

    severity: int
    plan: str = ""
    channel: str = ""
    category: str = ""
    environment: str = ""
    product: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a ticket and that some clock may care about."""

    at: datetime
    kind: EventKind
    severity: int = 0
    status: str = ""
    until: datetime | None = None
    key: str = ""
    role: str = ""
    level: int = 0
    due_at: datetime | None = None
    deadline_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A ticket as the clock sees it.

    events are in the order in which they happened; undone ones are left out by
    whoever builds the timeline.  status: the status at the report (usually "new").
    """

    reported_at: datetime
    facts: Facts
    status: str = "new"
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One deadline of one ticket, derived by `plan`.

    key: stable identity within the ticket; the same rung keeps its key when the
        severity, the plan or the policy changes, so what fired stays fired.
    role: whom it is told to.  level: its place in the ladder, 1 is the lowest.
    label: short human title ("Director of Customer Services", "next update").
    due_at: for a paused deadline the instant that it would have if its clock had
        resumed at the moment it stopped; `remaining` is then the time left on it.
    clause: name of the rule in the policy that chose it, for `explain`.
    reason: why a void deadline no longer counts ("resolved", "answered",
        "merged", "already told", "superseded", "acknowledged"), or why one that
        fired needs nobody any more ("answered", "superseded"), else "".
    """

    key: str
    kind: DeadlineKind
    role: str
    level: int
    label: str
    due_at: datetime
    state: DeadlineState
    severity: int
    clause: str = ""
    fired_at: datetime | None = None
    remaining: int | None = None
    reason: str = ""
