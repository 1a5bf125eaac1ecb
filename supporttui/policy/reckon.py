"""Adding a duration to an instant, and what is left of it.

Everything is done on UTC instants.  The invariant: a pause never moves an
instant earlier, whatever the unit of the duration and wherever the calendar's
edges lie; so day-like durations take the later of "without pauses" and
"the same open seconds with pauses".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from supporttui.policy.calendar import ALWAYS, BusinessCalendar
from supporttui.policy.civil import DAY, day_number, day_of, epoch, first_instant, instant, wall_at
from supporttui.policy.durations import Duration

Pause = tuple[datetime, datetime]


def reach(
    start: datetime,
    duration: Duration,
    calendar: BusinessCalendar,
    zone: ZoneInfo,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """The instant (UTC) at which a duration that began at `start` is over.

    calendar: whose open time counts.  zone: where calendar months are counted.
    pauses: (start, end) instants in UTC, disjoint and in order, in which the clock stood still.
    """
    if duration.fixed:
        return advance(start, duration.count, calendar, pauses)
    plain = _by_days(start, duration, calendar, zone)
    if not pauses:
        return plain
    return max(plain, advance(start, span(start, plain, calendar), calendar, pauses))


def advance(
    start: datetime, seconds: int, calendar: BusinessCalendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """`start` plus open seconds of the calendar that no pause covers."""
    if calendar is ALWAYS and not pauses:
        return start + timedelta(seconds=seconds)
    return calendar.add(start, timedelta(seconds=seconds), pauses)


def span(start: datetime, end: datetime, calendar: BusinessCalendar, pauses: Sequence[Pause] = ()) -> int:
    """Open seconds from start to end that no pause covers; 0 when end is not after start."""
    if end <= start:
        return 0
    if calendar is ALWAYS and not pauses:
        return int((end - start).total_seconds())
    return int(calendar.elapsed(start, end, pauses).total_seconds())


def back(end: datetime, seconds: int, calendar: BusinessCalendar) -> datetime:
    """The instant (UTC) so many open seconds before `end`."""
    if calendar is ALWAYS:
        return end - timedelta(seconds=seconds)
    return calendar.subtract(end, timedelta(seconds=seconds))


def add_months(start: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same wall time so many calendar months later in `zone`; the day is clipped to the month's last.

    A wall time that a DST change skips moves to the first instant that exists; a repeated one is the first.
    """
    day, time = divmod(wall_at(zone, epoch(start)), DAY)
    local = day_of(day)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    clipped = date(year, month + 1, min(local.day, monthrange(year, month + 1)[1]))
    return instant(first_instant(zone, day_number(clipped) * DAY + time))


def end_of_day(start: datetime, days: int, calendar: BusinessCalendar) -> datetime:
    """The last closing time of the working day of `start`, or of the n-th working day after it.

    Outside hours the day is the one on which the calendar opens next; a midday break does not end it.
    """
    moment = calendar.next_open(start)
    return calendar.end_of_day(calendar.add_days(moment, days) if days else moment)


def _by_days(start: datetime, duration: Duration, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    if duration.unit == "months":
        return add_months(start, duration.count, zone)
    if duration.unit == "business-days":
        return calendar.add_days(start, duration.count)
    if duration.unit == "end-of-day":
        return end_of_day(start, duration.count, calendar)
    raise ValueError(f"{duration} has no length of its own")
