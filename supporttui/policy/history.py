"""A ticket's timeline, read once for all its deadlines.

The invariant: nothing here is carried over from an earlier reading.  Pauses,
endings and what was told are found again from the events each time, so no
counter can drift.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from supporttui.policy.reckon import Pause
from supporttui.policy.rules import Policy
from supporttui.policy.timeline import Event, Timeline
from supporttui.quickclass import dataclass

_NEVER = -1


@dataclass(frozen=True, slots=True)
class Stops:
    """When one kind's clock stood still: finished pauses, and since when it stands still now."""

    finished: tuple[Pause, ...] = ()
    since: datetime | None = None


@dataclass(slots=True)
class History:
    """What the rules need to know of a ticket's past.

    Positions are places in `timeline.events`, -1 is never.
    start: where the present cycle counts from; cycle: 1, and one more for each
        reopening when the policy restarts the ladder.
    over: why nothing is owed any more ("resolved", "merged"), or "".
    replies: instants of public replies.  workaround_at, classified_at: the last ones in
        the cycle.  acknowledgements: (position, event).
    fired: last firing by key, with its position.  told: role → highest rung of this
        cycle at which it was told.
    expired: position of the last promise that passed unkept.
    """

    timeline: Timeline
    start: datetime
    cycle: int = 1
    over: str = ""
    statuses: list[tuple[datetime, str]] = field(default_factory=list)
    replies: list[tuple[int, datetime]] = field(default_factory=list)
    workaround: int = _NEVER
    classified_at: datetime | None = None
    acknowledgements: list[tuple[int, Event]] = field(default_factory=list)
    fired: dict[str, tuple[int, Event]] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    expired: int = _NEVER
    begun: int = _NEVER
    stops: dict[frozenset[str], Stops] = field(default_factory=dict)

    def acknowledged(self, position: int) -> bool:
        """Whether what fired at this position was acknowledged since, by a promise not yet broken."""
        if not self.acknowledgements:
            return False
        last = self.acknowledgements[-1][0]
        return last > position and last > self.expired

    def first_reply(self) -> datetime | None:
        """The first public reply of the present cycle."""
        return next((at for position, at in self.replies if position > self.begun), None)

    def replied_after(self, position: int) -> bool:
        """Whether a public reply followed the event at this position."""
        return bool(self.replies) and self.replies[-1][0] > position

    def promise_kept(self) -> datetime | None:
        """Until when the last acknowledgement promised an update that has come since; None while it is owed."""
        position, event = self.acknowledgements[-1]
        return event.until if self.replied_after(position) else None

    def first_acknowledgement(self) -> datetime | None:
        """The first acknowledgement of the present cycle."""
        return next((event.at for position, event in self.acknowledgements if position > self.begun), None)

    def stops_in(self, statuses: frozenset[str]) -> Stops:
        """The pauses made by these statuses, as one union (read once)."""
        if not statuses:
            return NO_STOPS
        known = self.stops.get(statuses)
        if known is None:
            known = self.stops[statuses] = _union(self.statuses, statuses)
        return known


NO_STOPS = Stops()


def read(timeline: Timeline, policy: Policy) -> History:
    """Read the events in the order in which they happened."""
    history = History(timeline, timeline.reported_at)
    if not timeline.events:
        history.statuses.append((timeline.reported_at, timeline.status))
        _settle(history, timeline.status, policy)
        return history
    status = timeline.status
    history.statuses.append((timeline.reported_at, status))
    merged = False
    for position, event in enumerate(timeline.events):
        kind = event.kind
        if kind == "status":
            if status in policy.ended and event.status not in policy.ended:
                _reopen(history, position, event, policy)
            status = event.status
            history.statuses.append((max(event.at, history.statuses[-1][0]), status))
        elif kind == "fired":
            _note_fired(history, position, event)
        elif kind == "reply":
            history.replies.append((position, event.at))
        elif kind == "acknowledged":
            history.acknowledgements.append((position, event))
        elif kind == "severity":
            history.classified_at = event.at
        elif kind == "workaround":
            history.workaround = position
        elif kind == "merged":
            merged = True
    _settle(history, status, policy)
    if merged:
        history.over = "merged"
    return history


def _settle(history: History, status: str, policy: Policy) -> None:
    if status in policy.ended:
        history.over = "resolved"


def _reopen(history: History, position: int, event: Event, policy: Policy) -> None:
    """A restart forgets who was told and begins a new ladder; the other rules keep counting."""
    if policy.on_reopen != "restart":
        return
    history.cycle += 1
    history.start = event.at
    history.begun = position
    history.workaround = _NEVER
    history.classified_at = None
    history.told.clear()


def _note_fired(history: History, position: int, event: Event) -> None:
    history.fired[event.key] = (position, event)
    if event.deadline_kind == "promise":
        history.expired = position
    elif event.deadline_kind in ("escalation", ""):
        history.told[event.role] = max(event.level, history.told.get(event.role, 0))


def _union(statuses: list[tuple[datetime, str]], stopping: frozenset[str]) -> Stops:
    """Neighbouring statuses that both stop the clock are one pause."""
    finished: list[Pause] = []
    since: datetime | None = None
    for at, status in statuses:
        if status in stopping:
            since = at if since is None else since
        elif since is not None:
            if at > since:
                finished.append((since, at))
            since = None
    return Stops(tuple(finished), since)
