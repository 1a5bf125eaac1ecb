"""Who is on call when: rotations of people with hand-over times on a local clock.

Everything is worked out from the file and an instant; nothing is stored and nothing
drifts.  Invariant: for any instant and rotation exactly one answer exists, a
person or nobody with the reason, and it holds over the whole turn that is
returned with it.

A turn goes by the wall clock of the rotation's zone: a hand-over at 09:00 is
at 09:00 before and after a clock change.  Whoever is away is stood in for by
the next in line; an override (somebody takes a turn, or part of it) goes
before the rotation, the latest one first.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from supporttui.errors import PolicyError
from supporttui.policy import civil
from supporttui.policy.calendar import BusinessCalendar, OutOfHours
from supporttui.policy.durations import nearest
from supporttui.policy.roster_file import (
    Absence,
    HandOver,
    PersonTable,
    RosterFile,
    RotationTable,
    parse_quiet,
    read_file,
)

HORIZON = timedelta(days=400)  # how far ahead the end of a turn is looked for
MARGIN = timedelta(days=8)  # a hand-over lies at most a week back


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody takes a rotation from `start` until before `end`, whoever's turn it is.

    entered: orders overrides that overlap; the highest goes first.  reason: for the reader.
    """

    rotation: str
    person: str
    start: datetime
    end: datetime
    reason: str = ""
    entered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who is on call from `start` until before `end` (UTC).

    person: "" for nobody.  note: why, when it is not simply their turn.
    """

    rotation: str
    person: str
    start: datetime
    end: datetime
    note: str = ""


class Rotation:
    """One line of people who relieve each other."""

    def __init__(self, table: RotationTable, zone: ZoneInfo, hours: BusinessCalendar | None,
                 away: dict[str, tuple[tuple[datetime, datetime], ...]]) -> None:  # fmt: skip
        self.name, self.title = table.name, table.title or table.name
        self.people, self.zone = table.people, zone
        self.handover: HandOver = table.handover
        self.every, self.starts = table.every, table.starts
        self._hours, self._away = hours, away
        self._last: tuple[tuple[Override, ...], Turn] | None = None

    def who(self, at: datetime, overrides: Sequence[Override] = ()) -> tuple[str, str]:
        """The person on call at an instant and why it is they; ("", why) when it is nobody."""
        for override in sorted(overrides, key=lambda one: -one.entered):
            if override.rotation == self.name and override.start <= at < override.end:
                return override.person, override.reason or "by an override"
        if self._hours is not None and not self._hours.is_open(at):
            return "", "outside the rotation's hours"
        number = self._number(at)
        if number < 0:
            return "", f"the rotation begins on {self.starts.isoformat()}"
        return self._standing(number // self.every % len(self.people), at)

    def _standing(self, first: int, at: datetime) -> tuple[str, str]:
        """The person in turn, or the next in line who is not away."""
        count = len(self.people)
        for step in range(count):
            person = self.people[(first + step) % count]
            if not any(start <= at < end for start, end in self._away.get(person, ())):
                return person, f"for {self.people[first]}, who is away" if step else ""
        return "", "everybody is away" if count > 1 else f"{self.people[0]} is away"

    def turn(self, at: datetime, overrides: Sequence[Override] = ()) -> Turn:
        """The turn that an instant falls in.

        The last answer is kept: it holds over its whole turn, and consoles ask every few seconds.
        """
        known = self._last
        if known is not None and known[0] == tuple(overrides) and known[1].start <= at < known[1].end:
            return known[1]
        found = next(iter(self.turns(at, at + timedelta(seconds=1), overrides)))
        self._last = (tuple(overrides), found)
        return found

    def turns(self, lo: datetime, hi: datetime, overrides: Sequence[Override] = ()) -> Iterator[Turn]:
        """The turns that touch [lo, hi), the first and last ones whole."""
        edges = self._edges(lo, overrides)
        start, (person, note) = self._beginning(lo, overrides), self.who(lo, overrides)
        for edge in edges:
            then = self.who(edge, overrides)
            if then == (person, note):
                continue
            yield Turn(rotation=self.name, person=person, start=start, end=edge, note=note)
            if edge >= hi:
                return
            start, (person, note) = edge, then
        yield Turn(rotation=self.name, person=person, start=start, end=lo + HORIZON, note=note)

    def _beginning(self, at: datetime, overrides: Sequence[Override]) -> datetime:
        """When the turn that holds at `at` began; the horizon's end when it is older than that."""
        now, back = self.who(at, overrides), MARGIN
        while True:
            earliest = at - min(back, HORIZON)
            edges = [edge for edge in self._edges(earliest, overrides, at) if edge <= at]
            for edge in reversed(edges):
                if self.who(edge - timedelta(seconds=1), overrides) != now:
                    return edge
            if back >= HORIZON:
                return earliest
            back *= 4

    # -- instants at which somebody else may be on call -----------------------------------------

    def _edges(
        self, lo: datetime, overrides: Sequence[Override], hi: datetime | None = None
    ) -> Iterator[datetime]:
        """In order: hand-overs, ends of absences and overrides, opening hours, after `lo`."""
        last = hi or lo + HORIZON
        fixed = sorted(
            at
            for pair in (*self._absences(), *((one.start, one.end) for one in overrides))
            for at in pair
            if lo < at <= last
        )
        moving = self._moving(lo, last)
        ahead = next(moving, None)
        for at in fixed:
            while ahead is not None and ahead < at:
                yield ahead
                ahead = next(moving, None)
            yield at
        while ahead is not None:
            yield ahead
            ahead = next(moving, None)

    def _absences(self) -> Iterable[tuple[datetime, datetime]]:
        return (pair for person in self.people for pair in self._away.get(person, ()))

    def _moving(self, lo: datetime, hi: datetime) -> Iterator[datetime]:
        """Hand-overs and the edges of the rotation's hours, together in order."""
        handover = self._handover_after(lo)
        edge = self._hours_edge(lo)
        while True:
            at = handover if edge is None else min(handover, edge)
            if at > hi:
                return
            yield at
            if handover == at:
                handover = self._handover_after(at)
            if edge == at:
                edge = self._hours_edge(at)

    def _hours_edge(self, at: datetime) -> datetime | None:
        if self._hours is None:
            return None
        try:
            return self._hours.next_close(at) if self._hours.is_open(at) else self._hours.next_open(at)
        except (OutOfHours, ValueError, OverflowError):
            return None  # hours that never end

    # -- counting hand-overs --------------------------------------------------------------------

    def _number(self, at: datetime) -> int:
        """How many hand-overs lie between the rotation's start and an instant; negative before it."""
        day = at.astimezone(self.zone).date()
        while self._instant(self._on_or_before(day)) > at:
            day -= timedelta(days=1)
        return (self._on_or_before(day) - self._first()).days // self.handover.days

    def _first(self) -> date:
        """The day of the first hand-over: on or after `starts`."""
        return self._on_or_before(self.starts + timedelta(days=self.handover.days - 1))

    def _on_or_before(self, day: date) -> date:
        weekday = self.handover.weekday
        return day if weekday is None else day - timedelta(days=(day.weekday() - weekday) % 7)

    def _handover_after(self, at: datetime) -> datetime:
        day = self._on_or_before(at.astimezone(self.zone).date() - timedelta(days=1))
        while (found := self._instant(day)) <= at:
            day += timedelta(days=self.handover.days)
        return found

    def _instant(self, day: date) -> datetime:
        return _wall(self.zone, day, self.handover.seconds)


class Roster:
    """The people and the rotations of a roster file."""

    def __init__(self, file: RosterFile, source: str) -> None:
        self.source = source
        self.people = {person.name: person for person in file.people}
        away = {person.name: tuple(_spans(person, file)) for person in file.people}
        self.rotations = {
            table.name: Rotation(table, _zone(table.zone or file.zone, "zone"), _hours(table, file), away)
            for table in file.rotations
        }

        self._quiet = tuple(
            (frozenset(one.severity), parse_quiet(one.hours), _zone(one.zone or file.zone, "zone"))
            for one in file.quiet
        )

    def quiet_until(self, severity: int, at: datetime) -> datetime | None:
        """When the quiet hours end that hold a notice of this severity back at an instant; None: none do."""
        ends = []
        for severities, (begin, end), zone in self._quiet:
            if severity not in severities:
                continue
            day = at.astimezone(zone).date()
            for first in (day - timedelta(days=1), day):
                start = _wall(zone, first, begin)
                stop = _wall(zone, first + timedelta(days=1 if end <= begin else 0), end)
                if start <= at < stop:
                    ends.append(stop)
        return max(ends) if ends else None

    def rotation(self, name: str) -> Rotation:
        """Errors: PolicyError with the nearest name."""
        if name not in self.rotations:
            raise PolicyError(f"{self.source}: no rotation '{name}'{nearest(name, self.rotations)}")
        return self.rotations[name]

    def on_call(self, at: datetime, overrides: Sequence[Override] = ()) -> tuple[Turn, ...]:
        """The turn of every rotation at an instant, in the order of the file."""
        return tuple(rotation.turn(at, overrides) for rotation in self.rotations.values())


def load_roster(path: Path) -> Roster:
    """The roster of a TOML file.  Errors: PolicyError, one line with file and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name}: not UTF-8 text (byte {error.start + 1})") from None
    except OSError as error:
        raise PolicyError(f"{path}: can't be read: {(error.strerror or 'error').lower()}") from None
    return read_roster(text, path.name)


def read_roster(text: str, source: str) -> Roster:
    """A roster from its TOML text."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(f"{source}: not TOML: {error}") from None
    return Roster(read_file(raw, source), source)


def _zone(name: str, key: str) -> ZoneInfo:
    return civil.find_zone(name, key)


def _hours(table: RotationTable, file: RosterFile) -> BusinessCalendar | None:
    return table.calendar(file.zone) if table.hours else None


def _spans(person: PersonTable, file: RosterFile) -> Iterator[tuple[datetime, datetime]]:
    """The instants of a person's absences: whole days of their own zone."""
    zone = _zone(person.zone or file.zone, "zone")
    for absence in person.away:
        yield _midnight(zone, absence.first), _midnight(zone, absence.last + timedelta(days=1))


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return _wall(zone, day, 0)


def _wall(zone: ZoneInfo, day: date, seconds: int) -> datetime:
    """The instant at which a wall clock shows so many seconds after a day's midnight."""
    return civil.instant(civil.first_instant(zone, civil.day_number(day) * civil.DAY + seconds))


__all__ = ["Absence", "Override", "Roster", "Rotation", "Turn", "load_roster", "read_roster"]
