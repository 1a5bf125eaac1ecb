"""Business calendars: how much of a stretch of time counts, and when a duration is used up.

Rules (escalation rules, "Clocks" and "Pauses"): arithmetic runs on UTC instants and consults the
zone for every local day; hours are half-open; a deadline that lands exactly on closing time is
that instant; a calendar without open hours is refused when it is read; the cost of a question does
not grow with the distance.

Invariants: `elapsed(s, add(s, d, p), p) == d`; a later start never gives an earlier deadline; a
pause never moves a deadline earlier.  A calendar is immutable and may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from supporttui.errors import PolicyError
from supporttui.policy import calendar_file, civil
from supporttui.policy.civil import DAY, epoch, instant, wall_to_utc
from supporttui.policy.hours import WallHours, patterns
from supporttui.policy.tally import OutOfHours, Ruler, Table
from supporttui.policy.words import show

__all__ = ["ALWAYS", "BusinessCalendar", "Interval", "OutOfHours", "Pause", "wall_to_utc"]

Pause = tuple[datetime, datetime | None]
Interval = tuple[datetime, datetime]


class BusinessCalendar:
    """Weekly hours in a time zone, with holidays, one-off hours and breaks.

    Instants are aware datetimes in any zone; answers are in UTC.  Durations are timedeltas or
    whole seconds; parts of a second are cut off.  A pause is (start, end), end None while it
    lasts; pauses may overlap and come in any order, and one that ends before it starts is none.

    Every method raises ValueError for a naive datetime, a negative duration or an instant outside
    the years 3 to 9998, and OutOfHours (a PolicyError) where the calendar's open time runs out.
    """

    __slots__ = ("_closed", "_days", "_hours", "_open", "always", "name", "zone")

    def __init__(
        self, hours: WallHours, zone: ZoneInfo, *, name: str = "calendar", always: bool = False
    ) -> None:
        """Use `from_mapping`.  always: round the clock, so that nothing but wall time counts."""
        self.name = name
        self.zone = zone
        self.always = always
        self._hours = hours
        self._open, self._closed, self._days = (Ruler(pattern) for pattern in patterns(name, hours, zone))

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any], *, name: str = "calendar") -> BusinessCalendar:
        """Read a calendar as policy files write it.

        Keys: tz (IANA zone); hours {"mon": [["09:00", "17:00"], …], …}, where `24:00` ends a day and
        an end not after its start runs into the next date; holidays, a list of dates or a table of
        date to name; overrides and breaks {date: spans}; country and region, for the public
        holidays of the `holidays` library; or always = true, round the clock.
        An override replaces its date's hours, a break is cut out, and a holiday wins over both and
        closes that calendar date only.

        name: begins the messages and the calendar's own (`calendars.support`).
        Raises PolicyError, one line with the key and the nearest valid word.
        """
        path = f"{name}."
        if not isinstance(table, Mapping):
            raise PolicyError(
                f'{name}: {show(table)} is not a table; write keys such as tz = "UTC" and hours = {{…}}'
            )
        calendar_file.check_keys(table, path)
        if calendar_file.is_always(table, path):
            return cls.round_the_clock(civil.find_zone(table.get("tz", "UTC"), f"{path}tz"), name=name)
        zone = civil.find_zone(table.get("tz", ""), f"{path}tz")
        return cls(calendar_file.read_hours(table, path), zone, name=name)

    @classmethod
    def round_the_clock(cls, zone: ZoneInfo | None = None, *, name: str = "always") -> BusinessCalendar:
        """24/7: every second counts, in every zone.  `zone` only matters to `add_days`."""
        full = WallHours([((0, DAY),)] * 7, overrides={}, breaks={}, holidays={})
        return cls(full, zone or ZoneInfo("UTC"), name=name, always=True)

    def __repr__(self) -> str:
        return f"<BusinessCalendar {self.name} {self.zone.key}>"

    def add(self, start: datetime, duration: timedelta | int, pauses: Iterable[Pause] = ()) -> datetime:
        """The instant at which `duration` of open time outside the pauses has passed since `start`.

        Exactly at closing time it is the closing.  No duration at all gives `start`, or the next
        instant that counts.  A pause without an end is left out: the answer is the instant that
        would be due if the clock resumed the moment it stopped.
        """
        at, left = epoch(start), _seconds(duration)
        gaps = _gaps((pause for pause in pauses if pause[1] is not None), at) if pauses else ()
        if not left:
            return instant(self._first_counted(at, gaps))
        table = self._open.around(at, at)
        count = table.count(at) + left
        if gaps:
            table, count = self._paused(table, count, gaps)
        if count > table.last:
            table = self._open.ahead(table, count)
        return instant(table.reach(count))

    def subtract(self, start: datetime, duration: timedelta | int) -> datetime:
        """The latest instant from which `duration` of open time passes until `start`.

        Exactly at opening time it is the opening.  No duration at all gives `start`, or the last
        closing before it.
        """
        at, left = epoch(start), _seconds(duration)
        table = self._open.around(at, at)
        if not left:
            return instant(self._closing_before(table, at))
        count = table.count(at) - left
        return instant(self._open.behind(table, count).leave(count))

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """The open time from start to end outside the pauses; nothing when end is not after start."""
        lo, hi = epoch(start), epoch(end)
        if hi <= lo:
            return timedelta(0)
        table = self._open.around(lo, hi)
        count = table.count
        seconds = count(hi) - count(lo)
        for begin, resume in _gaps(pauses, lo) if pauses else ():
            if begin < hi:
                seconds -= count(hi if resume is None or resume > hi else resume) - count(begin)
        return timedelta(0, seconds)

    def is_open(self, at: datetime) -> bool:
        """Whether the second that begins at `at` counts: true at opening, false at closing."""
        second = epoch(at)
        table = self._open.around(second, second + 1)
        return table.count(second + 1) > table.count(second)

    def next_open(self, at: datetime) -> datetime:
        """`at` itself while open, else the next opening."""
        return instant(self._opening(epoch(at)))

    def next_close(self, at: datetime) -> datetime:
        """The end of the open interval that `at` is in, or else of the next one.

        Raises OutOfHours for a calendar that never closes.  See `end_of_day` for hours with a gap at noon.
        """
        return instant(self._closing_after(self._opening(epoch(at))))

    def end_of_day(self, at: datetime) -> datetime:
        """The "end of the business day": the last closing of the working date that `at` falls in or before.

        A shift over midnight belongs to the date on which it began.  A calendar open round the
        clock ends its days at its zone's midnight.
        """
        first = self._opening(epoch(at))
        wall = civil.wall_at(self.zone, first)
        day = wall // DAY
        began_before = self._hours.own(day - 1)
        if began_before and (day - 1) * DAY + began_before[-1][1] > wall and not self._in_own(day, wall):
            day -= 1
        own = self._hours.own(day)
        end = day * DAY + (own[-1][1] if own else DAY)
        closing = civil.first_instant(self.zone, end)
        return instant(self._closing_before(self._open.around(closing, closing), closing))

    def add_days(self, start: datetime, n: int) -> datetime:
        """The same wall time on the n-th working date after start's, or the next opening from there.

        A working date is one on which hours begin.  n = 0 is `next_open`.  A wall time that a clock
        change skips moves to the first instant that exists.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            raise ValueError(f"a number of business days is a whole number, 0 or more, not {n!r}")
        at = epoch(start)
        if n == 0:
            return instant(self._opening(at))
        day, time = divmod(civil.wall_at(self.zone, at), DAY)
        table = self._days.around(day + 1, day + 1)
        count = table.count(day + 1) + n
        found = self._days.ahead(table, count).reach(count) - 1
        return instant(self._opening(civil.first_instant(self.zone, found * DAY + time)))

    def segments(
        self, start: datetime, count: int, direction: Literal["after", "before"] = "after"
    ) -> list[Interval]:
        """The next open intervals from start on, or the ones before it, nearest first.

        The nearest is cut at `start`; hours that meet at midnight are one interval.  Fewer than
        `count` where the calendar has no more.  Raises OutOfHours if it never closes.
        """
        if direction not in ("after", "before"):
            raise ValueError(f"direction is 'after' or 'before', not {direction!r}")
        at = epoch(start)
        found: list[Interval] = []
        while len(found) < count:
            try:
                at = self._opening(at) if direction == "after" else self._last_closing(at)
            except OutOfHours:
                break
            other = self._closing_after(at) if direction == "after" else self._opening_of(at)
            found.append((instant(min(at, other)), instant(max(at, other))))
            at = other
        return found

    def intervals(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> Iterator[Interval]:
        """The intervals that `elapsed` adds up, in order: open time between two instants, outside pauses."""
        at, hi = epoch(start), epoch(end)
        for begin, resume in (*_gaps(pauses, at), (hi, None)):
            yield from self._open_between(at, min(begin, hi))
            if resume is None:
                return
            at = resume

    def holiday_on(self, day: date) -> str:
        """The name of a date's holiday ("holiday" where the policy gave none), or "" for no holiday."""
        return self._hours.holiday(civil.day_number(day))

    def holidays_between(self, start: datetime, end: datetime) -> list[tuple[date, str]]:
        """Holidays that took hours out of the local dates from start's to end's, with their names."""
        lo, hi = (civil.wall_at(self.zone, epoch(at)) // DAY for at in (start, end))
        return [
            (civil.day_of(day), name)
            for day, _ in self._hours.unusual(lo, hi + 1)
            if (name := self._hours.holiday(day))
        ]

    def clock_changes(self, start: datetime, end: datetime) -> list[tuple[datetime, timedelta]]:
        """Where the zone's clock is moved in (start, end], and how far; forward is positive."""
        return [
            (instant(at), timedelta(0, moved))
            for at, moved in civil.clock_changes(self.zone, epoch(start), epoch(end))
        ]

    def _opening(self, at: int) -> int:
        table = self._open.around(at, at)
        count = table.count(at)
        if count >= table.last:
            table = self._open.ahead(table, count + 1)
        return table.leave(count)

    def _closing_after(self, at: int) -> int:
        """The end of the open interval that holds the second at `at`."""
        table = self._closed.around(at, at)
        count = table.count(at)
        return self._closed.ahead(table, count + 1).leave(count)

    def _last_closing(self, at: int) -> int:
        return self._closing_before(self._open.around(at, at), at)

    def _closing_before(self, table: Table, at: int) -> int:
        """`at` if the second before it is open, else the last closing."""
        count = table.count(at)
        return self._open.behind(table, count - 1).reach(count)

    def _opening_of(self, at: int) -> int:
        """The beginning of the open interval that holds the second before `at`."""
        table = self._closed.around(at, at)
        count = table.count(at)
        return self._closed.behind(table, count - 1).reach(count)

    def _open_between(self, at: int, hi: int) -> Iterator[Interval]:
        if hi <= at:
            return
        opened, closed = self._open.around(at, hi), self._closed.around(at, hi)
        last = opened.count(hi)
        while (done := opened.count(at)) < last:
            begin = opened.leave(done)
            shut = closed.count(begin)
            at = min(closed.leave(shut), hi) if shut < closed.last else hi
            yield instant(begin), instant(at)

    def _first_counted(self, at: int, gaps: Iterable[tuple[int, int | None]]) -> int:
        at = self._opening(at)
        for begin, resume in gaps:
            if at < begin:
                break
            if resume is not None and at < resume:
                at = self._opening(resume)
        return at

    def _paused(self, table: Table, count: int, gaps: Iterable[tuple[int, int | None]]) -> tuple[Table, int]:
        """The count to reach when the open time inside the gaps does not advance it."""
        for begin, resume in gaps:
            if resume is None:  # only the last gap may lack an end
                break
            if resume >= table.hi:
                table = self._open.until(table, resume)
            if count <= table.count(begin):
                break
            count += table.count(resume) - table.count(begin)
        return table, count

    def _in_own(self, day: int, wall: int) -> bool:
        time = wall - day * DAY
        return any(start <= time < end for start, end in self._hours.own(day))


def _seconds(duration: timedelta | int) -> int:
    if isinstance(duration, timedelta):
        seconds = duration.days * DAY + duration.seconds
    elif isinstance(duration, int) and not isinstance(duration, bool):
        seconds = duration
    else:
        raise ValueError(f"a duration is a timedelta or whole seconds, not {duration!r}")
    if seconds < 0:
        raise ValueError(f"a duration can't be negative: {duration!r}")
    return seconds


def _gaps(pauses: Iterable[Pause], lo: int) -> list[tuple[int, int | None]]:
    """The union of the pauses from `lo` on, in order; only the last may have no end."""
    spans = [(max(epoch(begin), lo), None if end is None else epoch(end)) for begin, end in pauses]
    merged: list[tuple[int, int | None]] = []
    for begin, end in sorted(spans, key=lambda span: span[0]):
        if end is not None and end <= begin:
            continue
        if not merged:
            merged.append((begin, end))
            continue
        first, last = merged[-1]
        if last is None:
            break
        if begin > last:
            merged.append((begin, end))
        else:
            merged[-1] = (first, None if end is None else max(last, end))
    return merged


ALWAYS = BusinessCalendar.round_the_clock()
