"""Between a zone's wall clock and instants, with every clock change in its place.

A wall clock that is put back shows an hour twice.  The rules of the clock say
that a repeated time means its first showing and that a skipped one moves to the
first instant that exists.  Both follow from one invariant, kept by `stretches`:
the wall clock is read as one that never runs backwards.  While it shows an hour
for the second time it is taken to stand still; when it is put forward it jumps.

Wall times are whole seconds since Monday 1970-01-05 00:00 as the wall shows it,
so that weeks divide evenly; instants are whole seconds since 1970-01-01 UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from supporttui.errors import PolicyError
from supporttui.policy.words import hint, show

DAY = 86_400
WEEK = 7 * DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC).toordinal()
_MONDAY_SECONDS = 4 * DAY
_WALL = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?")

# Python's calendar ends with these years; one is left free at either end for offsets.
EARLIEST = (date(2, 1, 1).toordinal() - _MONDAY) * DAY
LATEST = (date(9999, 1, 1).toordinal() - _MONDAY) * DAY

# No zone's database entry goes away from an offset and back within three days (the nearest
# is Africa/Freetown in 1939, four days); a test compares every zone with the file it came from.
_PROBE = 3 * DAY
_BLOCK = 4 * 366 * DAY
_MOST = 2 * DAY  # more than any clock was ever moved


class Stretch(NamedTuple):
    """Instants [start, end) on which the wall runs evenly, or stands still.

    shift: wall = instant + shift; None while the wall stands still.
    wall: the wall time at `start`.
    """

    start: int
    end: int
    shift: int | None
    wall: int


def epoch(at: datetime) -> int:
    """Whole seconds since 1970-01-01 UTC of an aware datetime (a part of a second is cut off).

    Raises ValueError for a datetime without a zone.
    """
    try:
        since = at - _EPOCH
    except TypeError:
        raise ValueError(f"an instant needs a time zone; {at!s} has none (use an aware datetime)") from None
    return since.days * DAY + since.seconds


def instant(seconds: int) -> datetime:
    """The aware UTC datetime of whole seconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(0, seconds)


def day_number(day: date) -> int:
    """Days since Monday 1970-01-05; `% 7` is the weekday, Monday 0."""
    return day.toordinal() - _MONDAY


def day_of(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + _MONDAY)


def find_zone(name: object, key: str = "tz") -> ZoneInfo:
    """The zone of an IANA name; PolicyError names the key and the nearest known zone."""
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        pass
    import zoneinfo

    nearest = hint(str(name), zoneinfo.available_timezones())
    raise PolicyError(
        f"{key}: no time zone {show(name)}{nearest or '; use an IANA name such as America/Chicago'}"
    )


def wall_at(zone: ZoneInfo, at: int) -> int:
    """What the wall clock shows at an instant."""
    return at + _offset(zone, at) - _MONDAY_SECONDS


def stretches(zone: ZoneInfo, lo: int, hi: int) -> Iterator[Stretch]:
    """Cut the instants [lo, hi) into stretches of the wall clock that never runs backwards."""
    start = lo - _MOST  # a clock put back shortly before `lo` may still be catching up
    shift = wall_at(zone, start) - start
    furthest = start + shift
    for at, following in [*_changes(zone, start, hi), (hi, 0)]:
        caught_up = min(furthest - shift, at)
        if lo < caught_up and start < caught_up:
            yield Stretch(max(start, lo), caught_up, None, furthest)
        even = max(start, caught_up, lo)
        if even < at:
            yield Stretch(even, at, shift, even + shift)
        furthest = max(furthest, at + shift)
        start, shift = at, following


def first_instant(zone: ZoneInfo, wall: int) -> int:
    """The first instant at which the wall shows `wall` or, where that is skipped, a later time."""
    near = wall + _MONDAY_SECONDS
    found = near
    for stretch in stretches(zone, near - 2 * _MOST, near + 2 * _MOST):
        if stretch.shift is None:
            continue  # standing still: whatever it shows was first shown before
        found = max(wall - stretch.shift, stretch.start)
        if found < stretch.end:
            break
    return found


def clock_changes(zone: ZoneInfo, lo: int, hi: int) -> list[tuple[int, int]]:
    """Instants in (lo, hi] at which the wall clock is moved, each with by how many seconds."""
    moved = []
    shift = wall_at(zone, lo) - lo
    for at, following in _changes(zone, lo, hi):
        moved.append((at, following - shift))
        shift = following
    return moved


def skipped_days(zone: ZoneInfo, lo: int, hi: int) -> list[int]:
    """Days in [lo, hi) that a zone leaves out whole when it crosses the date line."""
    gone: list[int] = []
    for at, moved in clock_changes(zone, lo * DAY, hi * DAY):
        if moved >= DAY:
            after = wall_at(zone, at)
            gone += range(-((moved - after) // DAY), after // DAY)
    return gone


def wall_to_utc(tz: str | ZoneInfo, wall: str | datetime) -> datetime:
    """The instant of a wall time that a person wrote down.

    tz: an IANA zone.  wall: `2026-03-08T02:30`, seconds optional, `24:00` ends the day;
    or a naive datetime.  A time shown twice means the first; one that the clock skips is read as
    if the clock had not been moved yet, so it comes out later by what was skipped.  (The edges of
    business hours move to the first instant that exists instead.)
    Raises PolicyError for an unknown zone, ValueError for a wall time that can't be read.
    """
    zone = tz if isinstance(tz, ZoneInfo) else find_zone(tz)
    naive = wall if isinstance(wall, datetime) else _read_wall(wall)
    if naive.tzinfo is not None:
        raise ValueError(f"a wall time has no time zone of its own; {naive!s} has one")
    return naive.replace(tzinfo=zone, fold=0, microsecond=0).astimezone(UTC)


def _read_wall(text: str) -> datetime:
    match = _WALL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{show(text)} is not a wall time; write it like 2026-03-08T02:30")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        if (hour, minute, second) == (24, 0, 0):
            return datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001 - a wall time is naive
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except (ValueError, OverflowError):
        raise ValueError(f"{show(text)} is not a wall time: no such date or time of day") from None


def _offset(zone: ZoneInfo, at: int) -> int:
    ahead = datetime.fromtimestamp(at, zone).utcoffset()
    return ahead.days * DAY + ahead.seconds if ahead is not None else 0


def _changes(zone: ZoneInfo, lo: int, hi: int) -> list[tuple[int, int]]:
    """Clock changes in (lo, hi], each with the shift from instants to wall times that follows."""
    blocks = range(lo // _BLOCK, hi // _BLOCK + 1)
    return [change for block in blocks for change in _block(zone, block) if lo < change[0] <= hi]


@lru_cache(maxsize=4096)
def _block(zone: ZoneInfo, number: int) -> tuple[tuple[int, int], ...]:
    """The clock changes of one block of years, found by asking the zone every few days."""
    found = []
    start = max(number * _BLOCK, EARLIEST - 30 * DAY)
    end = min((number + 1) * _BLOCK, LATEST + 30 * DAY)
    before = _offset(zone, start) if start < end else 0
    for probe in range(start, end, _PROBE):
        upto = min(probe + _PROBE, end)
        after = _offset(zone, upto)
        while before != after:
            probe, before = _first_change(zone, probe, upto, before)
            found.append((probe, before - _MONDAY_SECONDS))
    return tuple(found)


def _first_change(zone: ZoneInfo, lo: int, hi: int, before: int) -> tuple[int, int]:
    """The first instant in (lo, hi] with another offset than `before`, and that offset."""
    while hi - lo > 1:
        middle = (lo + hi) // 2
        if _offset(zone, middle) == before:
            lo = middle
        else:
            hi = middle
    return hi, _offset(zone, hi)
