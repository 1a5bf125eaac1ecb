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
WHOLE = 10000  # hundredths of a percent


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
    return _pushed(start, _by_days(start, duration.unit, duration.count, calendar, zone), calendar, pauses)


def reach_share(
    start: datetime,
    duration: Duration,
    hundredths: int,
    calendar: BusinessCalendar,
    zone: ZoneInfo,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """`reach` for a share of the duration, in hundredths of a percent.

    Shares of days and months are days and months (100% over one business day is two of
    them); a part of one is that part of its open time.  So a later start never gives an
    earlier instant.
    """
    if duration.fixed:
        return advance(start, duration.count * hundredths // WHOLE, calendar, pauses)
    if duration.unit == "end-of-day":
        left = span(start, end_of_day(start, duration.count, calendar), calendar)
        return advance(start, left * hundredths // WHOLE, calendar, pauses)
    units, rest = divmod(duration.count * hundredths, WHOLE)
    plain = _by_days(start, duration.unit, units, calendar, zone)
    if rest:
        following = _by_days(start, duration.unit, units + 1, calendar, zone)
        plain = advance(plain, span(plain, following, calendar) * rest // WHOLE, calendar)
    return _pushed(start, plain, calendar, pauses)


def _pushed(
    start: datetime, plain: datetime, calendar: BusinessCalendar, pauses: Sequence[Pause]
) -> datetime:
    """The later of the instant without pauses and the same open seconds with them."""
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


def business_days(start: datetime, days: int, calendar: BusinessCalendar) -> datetime:
    """The same wall time on the n-th working date after that of `start`, or the next opening from there.

    What comes in on a date without hours counts as come in at the beginning of the next
    working date.  Otherwise a report on Saturday morning would be due before one of Friday evening.
    """
    today = wall_at(calendar.zone, epoch(start)) // DAY
    nearest = calendar.add_days(instant(first_instant(calendar.zone, (today - 1) * DAY)), 1)
    working = wall_at(calendar.zone, epoch(nearest)) // DAY
    if working > today:
        start = instant(first_instant(calendar.zone, working * DAY))
    return calendar.add_days(start, days)


def end_of_day(start: datetime, days: int, calendar: BusinessCalendar) -> datetime:
    """The last closing time of the working day of `start`, or of the n-th working day after it.

    Outside hours the day is the one on which the calendar opens next; a midday break does not end it.
    """
    moment = calendar.next_open(start)
    return calendar.end_of_day(calendar.add_days(moment, days) if days else moment)


def _by_days(start: datetime, unit: str, count: int, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    if unit == "months":
        return add_months(start, count, zone)
    if unit == "business-days":
        return business_days(start, count, calendar)
    if unit == "end-of-day":
        return end_of_day(start, count, calendar)
    raise ValueError(f"{unit} has no length of its own")
