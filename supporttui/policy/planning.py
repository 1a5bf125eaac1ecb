"""Every deadline of a ticket, derived from its timeline and the policy.

The invariant: deadlines are derived, never accumulated.  `plan` is pure; the
same timeline and policy give the same answer whenever it is asked, and every
rung counts from the report (or what else the policy says), never from the
moment another rung fired.  What fired is read from the timeline, so it stays
fired whatever the rules say now.

Keys (stable when severity, plan or policy change):
    escalation/CYCLE/LEVEL/ROLE[/K]    a rung; K is the K-th time that it is told again
    response/CYCLE  workaround/CYCLE  resolution/CYCLE
    update/N        N-th update owed, one for each public reply
    promise/N       made by the N-th acknowledgement
    warning/KEY/AT  before KEY, at a share of the way or a time before
CYCLE is 1 and grows with each reopening of a policy that restarts the ladder.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from supporttui.policy.calendar import ALWAYS
from supporttui.policy.durations import Duration, Warn
from supporttui.policy.history import NO_STOPS, History, Stops, read
from supporttui.policy.reckon import WHOLE, advance, back, reach, reach_share, span
from supporttui.policy.rules import Measure, Policy, Rung, Selection, Target
from supporttui.policy.timeline import Deadline, DeadlineKind, Timeline
from supporttui.quickclass import dataclass

_LABELS = {
    "response": "first response",
    "update": "next update",
    "workaround": "workaround",
    "resolution": "resolution",
    "promise": "promised update",
}


@dataclass(slots=True)
class Derivation:
    """A deadline and how it came about, for `explain`.

    measure: how it was counted; None for a promise, a hand-made or a former one.
    origin: the instant counted from; stops: the pauses of its clock; seconds: the
    open seconds counted where they are fixed, else -1 (days, months).
    of: the deadline it warns of, repeats or takes its percentage from.
    share: how much of the measure it counted, in hundredths of a percent.
    computed: the due instant under the present rules; a fired one keeps its own.
    """

    deadline: Deadline
    measure: Measure | None = None
    origin: datetime | None = None
    stops: Stops = NO_STOPS
    seconds: int = -1
    of: Derivation | None = None
    computed: datetime | None = None
    share: int = WHOLE


@dataclass(slots=True)
class _Case:
    """One planning: the ticket's past and the rules that hold for it."""

    policy: Policy
    selection: Selection
    history: History
    severity: int

    def stops(self, kind: str) -> Stops:
        """The pauses of a kind; time in which the ticket was over is one when the policy says "continue"."""
        statuses = self.policy.pauses[kind]
        if self.policy.on_reopen == "continue":
            statuses = statuses | self.policy.ended
        return self.history.stops_in(statuses)

    def origin(self, measure: Measure) -> datetime | None:
        """What a rule counts from; None while that has not happened."""
        if measure.start == "classification":
            return self.history.classified_at or self.history.start
        if measure.start == "acknowledgement":
            return self.history.first_acknowledgement()
        return self.history.start


def plan(timeline: Timeline, policy: Policy) -> tuple[Deadline, ...]:
    """The deadlines of a ticket, those that fired or became void included.

    Sorted by due instant (UTC), the higher rung first where they are equal.
    Source: the policy's ladders and targets; what fired, and when, is the timeline's.
    """
    deadlines = [derived.deadline for derived in derive(timeline, policy)]
    deadlines.sort(key=_order)
    return tuple(deadlines)


def derive(timeline: Timeline, policy: Policy) -> list[Derivation]:
    """The same, unsorted, each with how it came about."""
    case = _Case(policy, policy.select(timeline.facts), read(timeline, policy), timeline.facts.severity)
    derived: list[Derivation] = []
    targets: dict[str, Derivation] = {}
    for target in case.selection.targets.values():
        for each in _target(case, target):
            targets.setdefault(target.kind, each)
            derived.append(each)
    if case.selection.ladder is not None:
        for rung in case.selection.ladder.rungs:
            derived.extend(_rung(case, rung, targets))
    if case.history.acknowledgements:
        derived.extend(_promise(case))
    if case.history.fired:
        derived.extend(_former(case, {each.deadline.key for each in derived}))
    return derived


def _order(deadline: Deadline) -> tuple[datetime, int, str]:
    return deadline.due_at, -deadline.level, deadline.key


# One deadline


def _deadline(
    case: _Case,
    key: str,
    kind: DeadlineKind,
    role: str,
    level: int,
    label: str,
    clause: str,
    due: datetime,
    reason: str,
    paused: tuple[datetime, Measure | None] | None = None,
) -> Deadline:
    """Decide the state: fired stays fired, then void, then paused, else armed.

    reason: why it is void, or "".  paused: since when, and how its rest is counted.
    """
    fired = case.history.fired.get(key)
    if fired is not None:
        position, event = fired
        settled = _settled(case, kind, position)
        return Deadline(
            key=key, kind=kind, role=event.role or role, level=event.level or level, label=label,
            due_at=event.due_at or due, state="acknowledged" if settled is not None else "fired",
            severity=event.severity or case.severity, clause=clause, fired_at=event.at, reason=settled or "",
        )  # fmt: skip
    if reason:
        return Deadline(
            key=key, kind=kind, role=role, level=level, label=label, due_at=due, state="void",
            severity=case.severity, clause=clause, reason=reason,
        )  # fmt: skip
    if paused is not None and paused[0] < due:
        since, measure = paused
        left = span(since, due, measure.calendar if measure else ALWAYS)
        return Deadline(
            key=key, kind=kind, role=role, level=level, label=label, due_at=due, state="paused",
            severity=case.severity, clause=clause, remaining=left,
        )  # fmt: skip
    return Deadline(
        key=key, kind=kind, role=role, level=level, label=label, due_at=due, state="armed",
        severity=case.severity, clause=clause,
    )  # fmt: skip


def _settled(case: _Case, kind: str, position: int) -> str | None:
    """Why a fired deadline needs nobody any more ("" is: acknowledged), or None while it does."""
    if kind in ("response", "update", "promise") and case.history.replied_after(position):
        return "answered"
    if kind == "workaround" and case.history.workaround > position:
        return "answered"
    return "" if case.history.acknowledged(position) else None


def _counted(
    origin: datetime, duration: Duration, measure: Measure, stops: Stops, hundredths: int = WHOLE
) -> tuple[datetime, int]:
    """(due instant, open seconds counted or -1): a duration, or a share of it, from its origin."""
    if duration.fixed:
        seconds = duration.count if hundredths == WHOLE else duration.count * hundredths // WHOLE
        return advance(origin, seconds, measure.calendar, stops.finished), seconds
    if hundredths == WHOLE:
        return reach(origin, duration, measure.calendar, measure.zone, stops.finished), -1
    return reach_share(origin, duration, hundredths, measure.calendar, measure.zone, stops.finished), -1


def _since(stops: Stops, origin: datetime) -> datetime | None:
    return None if stops.since is None else max(stops.since, origin)


# Ladders


def _rung(case: _Case, rung: Rung, targets: dict[str, Derivation]) -> Iterator[Derivation]:
    basis = _basis(case, rung, targets)
    if basis is None:
        return
    measure, duration, hundredths, origin, stops, of = basis
    due, seconds = _counted(origin, duration, measure, stops, hundredths)
    since = _since(stops, origin)
    history = case.history
    key = f"escalation/{history.cycle}/{rung.level}/{rung.role}"
    reason = history.over
    if not reason and of is not None and of.deadline.reason:
        reason = of.deadline.reason
    if not reason and rung.level <= history.told.get(rung.role, 0):
        reason = "already told"
    clause = case.selection.ladder.name if case.selection.ladder else ""
    paused = None if since is None else (since, measure)
    deadline = _deadline(
        case, key, "escalation", rung.role, rung.level, rung.title, clause, due, reason, paused
    )
    derived = Derivation(deadline, measure, origin, stops, seconds, of, due, hundredths)
    yield derived
    if rung.repeat is not None and deadline.fired_at is not None:
        yield from _repeat(case, rung, derived, due)
    if rung.warns:
        yield from _warnings(case, derived, rung.warns, rung.warn_role)


_Basis = tuple[Measure, Duration, int, datetime, Stops, "Derivation | None"]


def _basis(case: _Case, rung: Rung, targets: dict[str, Derivation]) -> _Basis | None:
    """What a rung counts: its own duration, or a share of a target on the target's own clock."""
    measure = rung.measure
    if measure.duration.unit != "percent":
        origin = case.origin(measure)
        if origin is None:
            return None
        return measure, measure.duration, WHOLE, origin, case.stops("escalation"), None
    of = targets.get(measure.duration.target)
    if of is None or of.measure is None or of.origin is None:
        return None
    return of.measure, of.measure.duration, measure.duration.count, of.origin, of.stops, of


def _repeat(case: _Case, rung: Rung, first: Derivation, grid: datetime) -> Iterator[Derivation]:
    """The next telling of a rung that fired: on the grid of its first due instant, never on when it fired."""
    measure, history = rung.repeat, case.history
    if measure is None:
        return
    key, stops = first.deadline.key, first.stops
    position, last = history.fired[key]
    times = 0
    for other, (place, event) in history.fired.items():
        if not other.startswith(f"{key}/"):
            continue
        times = max(times, int(other.rpartition("/")[2]))
        if place > position:
            position, last = place, event
    after = last.at
    if history.expired > position:
        after = max(after, history.timeline.events[history.expired].at)
    if stops.since is not None:  # the pause that lasts counts no more than one that is over
        after = min(after, stops.since)
    acknowledged = history.acknowledged(position)
    if acknowledged and (kept := history.promise_kept()) is not None:
        # A kept promise buys silence until the time that it named, and no longer.
        acknowledged, after = False, max(after, kept)
    every = measure.duration.count
    turn = span(grid, after, measure.calendar, stops.finished) // every + 1
    due = advance(grid, turn * every, measure.calendar, stops.finished)
    reason = history.over or ("acknowledged" if acknowledged else "")
    if first.of is not None and first.of.deadline.reason:
        reason = reason or first.of.deadline.reason
    since = _since(stops, first.origin or grid)
    label = f"{rung.title} (again)"
    paused = None if since is None else (since, measure)
    deadline = _deadline(
        case,
        f"{key}/{times + 1}",
        "escalation",
        rung.role,
        rung.level,
        label,
        first.deadline.clause,
        due,
        reason,
        paused,
    )
    yield Derivation(deadline, measure, grid, stops, turn * every, first, due)


# Targets, promises, warnings


def _target(case: _Case, target: Target) -> Iterator[Derivation]:
    history = case.history
    origin = case.origin(target.measure)
    key, reason = f"{target.kind}/{history.cycle}", history.over
    if _met(history, target.kind):
        reason = "answered"
    if target.kind == "update":
        key = f"update/{len(history.replies) + history.cycle}"
        if history.first_reply() is not None:
            origin = history.replies[-1][1]
    if origin is None:
        return
    stops = case.stops(target.kind)
    due, seconds = _counted(origin, target.measure.duration, target.measure, stops)
    since = _since(stops, origin)
    paused = None if since is None else (since, target.measure)
    kind = cast(DeadlineKind, target.kind)
    deadline = _deadline(case, key, kind, target.role, 0, _LABELS[kind], target.name, due, reason, paused)
    derived = Derivation(deadline, target.measure, origin, stops, seconds, None, due)
    yield derived
    if target.warns:
        yield from _warnings(case, derived, target.warns, target.warn_role)


def _met(history: History, kind: str) -> bool:
    """Whether the event that a target waits for has happened in this cycle."""
    if kind == "response":
        return history.first_reply() is not None
    return kind == "workaround" and history.workaround >= 0


def _promise(case: _Case) -> Iterator[Derivation]:
    """The promise of the last acknowledgement; an earlier one is replaced by it."""
    history = case.history
    position, event = history.acknowledgements[-1]
    if event.until is None or position <= history.begun:
        return
    reason = history.over or ("answered" if history.replied_after(position) else "")
    promise = case.policy.promise
    key = f"promise/{len(history.acknowledgements)}"
    deadline = _deadline(
        case, key, "promise", promise.role, 0, _LABELS["promise"], "promise", event.until, reason
    )
    derived = Derivation(deadline, None, event.at, computed=event.until)
    yield derived
    if promise.warns:
        yield from _warnings(case, derived, promise.warns, promise.warn_role)


def _warnings(case: _Case, base: Derivation, warns: tuple[Warn, ...], role: str) -> Iterator[Derivation]:
    of = base.deadline
    reason = of.reason if of.state == "void" else "superseded" if of.fired_at else ""
    for warn in warns:
        due, measure, seconds = _warned(case, base, warn)
        since = None if base.origin is None else _since(base.stops, base.origin)
        paused = None if since is None else (since, measure)
        key = f"warning/{of.key}/{warn.slug}"
        label = f"{of.label}: {warn}"
        deadline = _deadline(case, key, "warning", role, 0, label, of.clause, due, reason, paused)
        if deadline.state == "fired" and reason:
            deadline = _quiet(deadline, reason)
        yield Derivation(deadline, measure, base.origin, base.stops, seconds, base, due)


def _warned(case: _Case, base: Derivation, warn: Warn) -> tuple[datetime, Measure | None, int]:
    """(instant, how counted, open seconds from the origin or -1) of one warning; never before the origin."""
    origin, due, measure = base.origin or base.deadline.due_at, base.deadline.due_at, base.measure
    if warn.before is not None:
        calendar = measure.calendar if measure else ALWAYS
        if warn.before.unit == "business" and calendar is ALWAYS:
            calendar = case.policy.support_calendar
        elif warn.before.unit == "elapsed" and not (measure and measure.duration.on_calendar):
            calendar = calendar if measure and measure.duration.unit == "elapsed" else ALWAYS
        return max(origin, back(due, warn.before.count, calendar)), measure, -1
    if measure is None:
        seconds = span(origin, due, ALWAYS) * warn.hundredths // WHOLE
        return advance(origin, seconds, ALWAYS), None, seconds
    if base.seconds >= 0:
        seconds = base.seconds * warn.hundredths // WHOLE
        return advance(origin, seconds, measure.calendar, base.stops.finished), measure, seconds
    at, seconds = _counted(
        origin, measure.duration, measure, base.stops, base.share * warn.hundredths // WHOLE
    )
    return at, measure, seconds


# What fired under other rules


def _former(case: _Case, planned: set[str]) -> Iterator[Derivation]:
    """Fired deadlines that the present rules no longer make; they stay on the record."""
    history = case.history
    for key, (position, event) in history.fired.items():
        if key in planned:
            continue
        kind = cast(DeadlineKind, event.deadline_kind or key.partition("/")[0])
        label = case.policy.role_title(event.role) if kind == "escalation" else _LABELS.get(kind, kind)
        deadline = _deadline(case, key, kind, event.role, event.level, label, "", event.at, "")
        if deadline.state == "fired" and (kind == "warning" or position <= history.begun):
            deadline = _quiet(deadline, "superseded")
        yield Derivation(deadline)


def _quiet(deadline: Deadline, reason: str) -> Deadline:
    """A fired deadline that rings no more although nobody acknowledged it."""
    from dataclasses import replace

    return replace(deadline, state="acknowledged", reason=reason)
