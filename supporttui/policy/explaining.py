"""How each deadline came about, line by line, so that anybody can check it by hand.

Nothing is computed here that `plan` does not compute: the lines retell the
derivation that gave the deadline.  Times are given in UTC and in the local time
of the calendar that counted, or of the vendor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from supporttui.policy.calendar import ALWAYS
from supporttui.policy.durations import spoken
from supporttui.policy.matching import Matcher
from supporttui.policy.planning import Derivation, derive
from supporttui.policy.reckon import span
from supporttui.policy.rules import Measure, Policy
from supporttui.policy.timeline import Deadline, Timeline
from supporttui.quickclass import dataclass

_FIRST, _LAST = 3, 2  # intervals shown at either end of a long count
_STARTS = {
    "report": "the initial report",
    "classification": "the last classification",
    "acknowledgement": "the first acknowledgement",
}
_REOPENING = {
    "elapsed": "nothing is forgiven: time while it was over counts",
    "continue": "time while it was over does not count",
    "restart": "a new ladder began at the reopening",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline and the lines that tell how it came about; plain text, one fact a line."""

    deadline: Deadline
    lines: tuple[str, ...]


def explain(timeline: Timeline, policy: Policy) -> tuple[Explanation, ...]:
    """Every deadline of `plan`, in its order, each with its reasons.

    Source: `policy` itself; each line names the rule, the clause, an interval, a pause,
    a holiday, a clock change or the result.
    """
    derived = sorted(derive(timeline, policy), key=lambda each: (each.deadline.due_at, -each.deadline.level))
    story = _Story(timeline, policy)
    return tuple(Explanation(each.deadline, tuple(story.lines(each))) for each in derived)


@dataclass(frozen=True, slots=True)
class _Story:
    timeline: Timeline
    policy: Policy

    def lines(self, derived: Derivation) -> Iterator[str]:
        yield from self._rule(derived)
        yield from self._choice(derived.deadline)
        yield from self._severities(derived)
        if derived.origin is not None and derived.computed is not None:
            yield from self._count(derived, derived.origin, derived.computed)
        yield from self._result(derived)

    def when(self, at: datetime, zone: ZoneInfo | None = None) -> str:
        """ "2026-03-08 14:30:00Z (Sun 2026-03-08 09:30:00 CDT)"."""
        local = at.astimezone(zone or self.policy.zone)
        return f"{at:%Y-%m-%d %H:%M:%S}Z ({local:%a %Y-%m-%d %H:%M:%S %Z})"

    # The rule and why it was chosen

    def _rule(self, derived: Derivation) -> Iterator[str]:
        deadline, measure = derived.deadline, derived.measure
        told = f"tell {self.policy.role_title(deadline.role)}" if deadline.role else "no role"
        if derived.computed is None:
            yield f"rule: none of the present ones; it fired under other rules and stays fired ({told})"
        elif deadline.kind == "promise":
            yield f"rule: an acknowledgement promised the next update by this time; if none comes, {told}"
        elif deadline.kind == "warning" and derived.of is not None:
            yield f"rule: a warning of {derived.of.deadline.key} ({deadline.label}); {told}"
        elif deadline.kind == "escalation" and deadline.key.count("/") > 3 and measure is not None:
            yield f"rule: the rung is told again every {measure.duration} until it is acknowledged or over; {told}"
        elif deadline.kind == "escalation":
            yield f"rule: ladder '{deadline.clause}', rung {deadline.level}: {told} after {self._after(derived)}"
        elif measure is not None:
            yield f"rule: target '{deadline.clause}': {deadline.label} within {measure.duration}; {told} if it is missed"

    def _after(self, derived: Derivation) -> str:
        if derived.of is None or derived.of.measure is None:
            return str(derived.measure.duration) if derived.measure else ""
        ladder = self.policy.select(self.timeline.facts).ladder
        rungs = ladder.rungs if ladder else ()
        share = next(
            (str(rung.measure.duration) for rung in rungs if rung.level == derived.deadline.level), ""
        )
        return f"{share}, which is {derived.of.measure.duration} by target '{derived.of.deadline.clause}'"

    def _choice(self, deadline: Deadline) -> Iterator[str]:
        if deadline.kind == "escalation":
            yield from self._chosen(
                "ladder", deadline.clause, ((m, rule.name) for m, rule in self.policy.ladders)
            )
        elif deadline.kind in ("response", "update", "workaround", "resolution"):
            same = ((m, rule.name) for m, rule in self.policy.targets if rule.kind == deadline.kind)
            yield from self._chosen("target", deadline.clause, same)

    def _chosen(self, what: str, clause: str, rules: Iterable[tuple[Matcher, str]]) -> Iterator[str]:
        """The first match wins; those before it are named with what they missed."""
        for matcher, name in rules:
            missed = matcher.missed(self.timeline.facts)
            if not missed:
                if name == clause:
                    yield f"chosen: clause '{name}' is the first {what} that matches: {matcher.said()}"
                return
            yield f"passed over: {what} '{name}', because {missed}"

    def _severities(self, derived: Derivation) -> Iterator[str]:
        changes = [event for event in self.timeline.events if event.kind == "severity"]
        if changes and derived.measure is not None and derived.measure.start != "classification":
            last = changes[-1]
            yield (
                f"severity: {last.severity} since {self.when(last.at)}; "
                f"recomputed from the start under it, not from the change"
            )

    # The count

    def _count(self, derived: Derivation, origin: datetime, due: datetime) -> Iterator[str]:
        measure = derived.measure
        zone = self.policy.zone if measure is None or measure.calendar is ALWAYS else measure.calendar.zone
        yield f"counts from: {self._start(derived)}, {self.when(origin, zone)}"
        yield from self._reopenings()
        if measure is None:
            yield from self._clock_changes(origin, due, zone)
            return
        yield self._clock(measure)
        pauses = derived.stops.finished
        for begin, end in pauses:
            if end > origin and begin < due:
                yield f"not counted: {self.when(begin, zone)} to {self.when(end, zone)}: {self._why_paused(begin)}"
        yield from self._intervals(measure, origin, due, pauses, zone)
        yield from self._closed_days(measure, origin, due)
        yield from self._clock_changes(origin, due, zone)

    def _start(self, derived: Derivation) -> str:
        deadline = derived.deadline
        if deadline.kind == "promise" or (derived.of and derived.of.deadline.kind == "promise"):
            return "the acknowledgement"
        if deadline.kind == "escalation" and deadline.key.count("/") > 3:
            return "the rung's own due time"
        if deadline.kind == "update":
            replies = any(event.kind == "reply" for event in self.timeline.events)
            return "the last public reply" if replies else "the oldest unanswered message, the report itself"
        if derived.measure is None:
            return _STARTS["report"]
        cycle = deadline.key.split("/")[1] if "/" in deadline.key else "1"
        if derived.measure.start == "report" and cycle.isdigit() and int(cycle) > 1:
            return "the reopening"
        return _STARTS[derived.measure.start]

    def _reopenings(self) -> Iterator[str]:
        status = self.timeline.status
        for event in self.timeline.events:
            if event.kind != "status":
                continue
            if status in self.policy.ended and event.status not in self.policy.ended:
                rule = self.policy.on_reopen
                yield f'reopened: {self.when(event.at)}; on_reopen = "{rule}": {_REOPENING[rule]}'
            status = event.status

    def _clock(self, measure: Measure) -> str:
        duration = measure.duration
        if duration.unit == "months":
            return f"clock: calendar months in {self.policy.zone.key}, same wall time, day clipped to the month's last"
        if measure.calendar is ALWAYS:
            return "clock: always; every second counts, a day is 24 hours"
        zone = f"calendar '{measure.calendar_name}', {measure.calendar.zone.key}"
        if duration.unit == "business-days":
            return (
                f"clock: {zone}; the same wall time {duration.count} working days later, or the next opening"
            )
        if duration.unit == "end-of-day":
            return f"clock: {zone}; the last closing time of the working day"
        return f"clock: {zone}; only open hours count"

    def _why_paused(self, begin: datetime) -> str:
        """The status that stopped the clock."""
        status = self.timeline.status
        for event in self.timeline.events:
            if event.kind == "status" and event.at <= begin:
                status = event.status
        return f"the ticket was {status}"

    def _intervals(
        self,
        measure: Measure,
        origin: datetime,
        due: datetime,
        pauses: Sequence[tuple[datetime, datetime]],
        zone: ZoneInfo,
    ) -> Iterator[str]:
        days = measure.calendar is ALWAYS
        found = list(measure.calendar.intervals(origin, due, pauses))
        hidden = found[_FIRST:-_LAST] if len(found) > _FIRST + _LAST + 1 else []
        for n, (begin, end) in enumerate(found):
            if hidden and n == _FIRST:
                total = sum(int((end - begin).total_seconds()) for begin, end in hidden)
                yield f"counted: … {len(hidden)} more intervals, {spoken(total, days=days)} …"
            if not hidden or n < _FIRST or n >= len(found) - _LAST:
                length = spoken(int((end - begin).total_seconds()), days=days)
                yield f"counted: {self.when(begin, zone)} to {self.when(end, zone)}: {length}"
        yield f"total counted: {spoken(span(origin, due, measure.calendar, pauses), days=days)}"

    def _closed_days(self, measure: Measure, origin: datetime, due: datetime) -> Iterator[str]:
        if measure.calendar is not ALWAYS:
            for day, name in measure.calendar.holidays_between(origin, due):
                yield f"holiday: {day:%a %Y-%m-%d}, {name}: nothing counted"

    def _clock_changes(self, origin: datetime, due: datetime, zone: ZoneInfo) -> Iterator[str]:
        from supporttui.policy.calendar import BusinessCalendar

        for at, moved in BusinessCalendar.round_the_clock(zone).clock_changes(origin, due):
            way = "forward" if moved > timedelta(0) else "back"
            size = spoken(abs(int(moved.total_seconds())))
            yield f"clock change: {self.when(at, zone)}: local time moves {way} by {size}; real time is what counts"

    # The result

    def _result(self, derived: Derivation) -> Iterator[str]:
        deadline = derived.deadline
        if derived.computed is not None and derived.computed != deadline.due_at:
            yield f"under the present rules it would be due {self.when(derived.computed)}; what fired keeps its time"
        yield f"due: {self.when(deadline.due_at)}"
        yield f"state: {self._state(derived)}"

    def _rest(self, derived: Derivation) -> str:
        always = derived.measure is None or derived.measure.calendar is ALWAYS
        return spoken(derived.deadline.remaining or 0, days=always)

    def _state(self, derived: Derivation) -> str:
        deadline = derived.deadline
        if deadline.fired_at is not None:
            late = int((deadline.fired_at - deadline.due_at).total_seconds())
            how = (
                f"{spoken(late)} late"
                if late > 0
                else "on time"
                if late == 0
                else f"{spoken(-late)} early, by hand"
            )
            told = f"fired {self.when(deadline.fired_at)}, {how}"
            if deadline.state == "acknowledged":
                return f"{told}; nothing more is owed on it ({deadline.reason or 'acknowledged'})"
            return told
        if deadline.state == "paused" and derived.stops.since is not None and deadline.remaining is not None:
            since = max(derived.stops.since, derived.origin or derived.stops.since)
            why = self._why_paused(derived.stops.since)
            return f"paused since {self.when(since)}, because {why}; {self._rest(derived)} left on its clock"
        if deadline.state == "void":
            return f"void: {deadline.reason}"
        return "armed"
