"""Promises that hold for every calendar: random hours, exceptions and pauses in every zone with clock changes."""

from __future__ import annotations

import runpy
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from supporttui.errors import PolicyError
from supporttui.policy import civil
from supporttui.policy.calendar import BusinessCalendar, OutOfHours, Pause

reference = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("calendar_reference.py"))))

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
Table = dict[str, Any]
DAY = 86_400


@lru_cache(maxsize=1)
def zones_with_clock_changes() -> list[str]:
    lo, hi = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2018, 2026))
    months = range(lo, hi, 30 * DAY)
    return [
        key
        for key in sorted(zoneinfo.available_timezones())
        if len({datetime.fromtimestamp(at, ZoneInfo(key)).utcoffset() for at in months}) > 1
    ]


times = st.one_of(
    st.sampled_from(["00:00", "02:00", "02:30", "09:00", "12:00", "17:00", "22:00", "23:59:59"]),
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
)
spans = st.lists(st.tuples(times, st.one_of(times, st.just("24:00"))), max_size=3)
days = st.dates(date(2025, 9, 1), date(2026, 12, 31))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    table = {
        "tz": draw(st.sampled_from(zones_with_clock_changes())),
        "hours": draw(st.dictionaries(st.sampled_from(reference.WEEKDAYS), spans, max_size=7)),
    }
    telling = [date(2026, 3, 29), date(2026, 3, 8), date(2026, 11, 1), date(2026, 1, 1)]
    near = [*draw(st.lists(days, max_size=6)), *telling]
    texts = st.sampled_from([day.isoformat() for day in near])
    table["holidays"] = draw(st.lists(texts, max_size=4))
    table["overrides"] = draw(st.dictionaries(texts, spans, max_size=4))
    table["breaks"] = draw(st.dictionaries(texts, spans, max_size=4))
    return table


MOMENTS = [
    datetime(2026, 3, 8, 8, tzinfo=UTC),  # clocks go forward in the United States
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # … and in Europe
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # clocks go back in Europe
    datetime(2026, 11, 1, 7, tzinfo=UTC),  # … and in the United States
    datetime(2025, 12, 31, 23, tzinfo=UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 6, 15, 9, tzinfo=UTC),
]


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    around = draw(st.sampled_from(MOMENTS))
    return around + timedelta(seconds=draw(st.integers(-4 * DAY, 4 * DAY)))


durations = st.one_of(
    st.integers(0, 4 * 3600), st.integers(0, 20 * DAY), st.sampled_from([0, 1, 3600, DAY, 9 * 3600])
)
pause_lists = st.lists(st.tuples(instants(), st.integers(0, 3 * DAY)), max_size=4).map(
    lambda pairs: [(start, start + timedelta(seconds=length)) for start, length in pairs]
)


def made(table: Table) -> BusinessCalendar:
    """The calendar, or no example when it never opens."""
    try:
        return BusinessCalendar.from_mapping(table)
    except PolicyError:
        assume(False)
        raise


def added(calendar: BusinessCalendar, start: datetime, duration: int, pauses: list[Pause]) -> datetime:
    """The deadline, or no example when the overrides alone do not last so long."""
    try:
        return calendar.add(start, duration, pauses)
    except OutOfHours:
        assume(False)
        raise


def plain(spans_: list[Pause]) -> list[tuple[int, int]]:
    return [(civil.epoch(start), civil.epoch(end)) for start, end in spans_ if end is not None]


def text(pairs: Any) -> list[tuple[int, int]]:
    return [(civil.epoch(start), civil.epoch(end)) for start, end in pairs]


@quick
@given(tables(), instants(), st.integers(0, 25 * DAY), pause_lists)
def test_elapsed_and_intervals_agree_with_the_slow_count(
    table: Table, start: datetime, length: int, pauses: list[Pause]
) -> None:
    calendar, end = made(table), start + timedelta(seconds=length)
    wanted = reference.open_spans(table, civil.epoch(start), civil.epoch(end), plain(pauses))
    assert calendar.elapsed(start, end, pauses) == timedelta(seconds=reference.counted(wanted))
    assert reference.merge(text(calendar.intervals(start, end, pauses))) == reference.merge(wanted)


@quick
@given(tables(), instants(), durations, pause_lists)
def test_deadlines_agree_with_the_slow_count(
    table: Table, start: datetime, duration: int, pauses: list[Pause]
) -> None:
    calendar = made(table)
    horizon = civil.epoch(start) + 60 * DAY
    wanted = reference.due(reference.open_spans(table, civil.epoch(start), horizon, plain(pauses)), duration)
    if wanted is None:
        try:
            assert civil.epoch(calendar.add(start, duration, pauses)) >= horizon
        except OutOfHours:
            assert not any(table["hours"].values())
    else:
        assert calendar.add(start, duration, pauses) == civil.instant(wanted)


@quick
@given(tables(), instants())
def test_open_and_closed_agree_with_the_slow_count(table: Table, at: datetime) -> None:
    calendar, second = made(table), civil.epoch(at)
    spans_ = reference.open_spans(table, second - 1, second + 40 * DAY)
    assert calendar.is_open(at) is any(start <= second < end for start, end in spans_)
    coming = [(max(start, second), end) for start, end in spans_ if end > second]
    if len(coming) > 1:  # the last one may be cut by the horizon
        assert calendar.next_open(at) == civil.instant(coming[0][0])
        assert calendar.next_close(at) == civil.instant(coming[0][1])
        assert text(calendar.segments(at, len(coming) - 1)) == coming[:-1]


@quick
@given(tables(), instants())
def test_going_back_agrees_with_the_slow_count(table: Table, at: datetime) -> None:
    calendar, second = made(table), civil.epoch(at)
    past = reference.open_spans(table, second - 40 * DAY, second)[::-1]
    if len(past) > 1:
        assert text(calendar.segments(at, len(past) - 1, "before")) == past[:-1]
        assert calendar.subtract(at, 0) == civil.instant(past[0][1])
        whole = reference.counted(past[:-1])
        assert calendar.subtract(at, whole) == civil.instant(past[-2][0])


@quick
@given(tables(), instants(), durations, pause_lists)
def test_elapsed_undoes_add(table: Table, start: datetime, duration: int, pauses: list[Pause]) -> None:
    calendar = made(table)
    assert calendar.elapsed(start, added(calendar, start, duration, pauses), pauses) == timedelta(
        seconds=duration
    )


@quick
@given(tables(), instants(), durations)
def test_subtract_undoes_add(table: Table, start: datetime, duration: int) -> None:
    calendar = made(table)
    due = added(calendar, start, duration, [])
    assume(duration > 0)
    # Time that does not count is all that may lie between the start and where subtracting leads.
    assert calendar.subtract(due, duration) == calendar.next_open(start)


@quick
@given(tables(), instants(), instants(), durations, pause_lists)
def test_a_later_start_never_gives_an_earlier_deadline(
    table: Table, one: datetime, other: datetime, duration: int, pauses: list[Pause]
) -> None:
    calendar = made(table)
    earlier, later = sorted([one, other])
    later = min(later, earlier + timedelta(days=9))
    assert added(calendar, earlier, duration, pauses) <= added(calendar, later, duration, pauses)


@quick
@given(
    tables(), instants(), durations, pause_lists, instants(), st.one_of(st.none(), st.integers(-DAY, 9 * DAY))
)
def test_a_pause_never_moves_a_deadline_earlier(
    table: Table, start: datetime, duration: int, pauses: list[Pause], begin: datetime, length: int | None
) -> None:
    calendar = made(table)
    one_more: Pause = (begin, None if length is None else begin + timedelta(seconds=length))
    before = added(calendar, start, duration, pauses)
    assert added(calendar, start, duration, [*pauses, one_more]) >= before


@quick
@given(tables(), instants(), durations, durations, pause_lists)
def test_parts_of_an_interval_add_up(
    table: Table, start: datetime, one: int, two: int, pauses: list[Pause]
) -> None:
    calendar = made(table)
    middle = start + timedelta(seconds=one)
    end = middle + timedelta(seconds=two)
    parts = calendar.elapsed(start, middle, pauses) + calendar.elapsed(middle, end, pauses)
    assert parts == calendar.elapsed(start, end, pauses)


@quick
@given(tables(), instants(), st.lists(durations, min_size=1, max_size=4))
def test_adding_in_parts_is_adding_at_once(table: Table, start: datetime, parts: list[int]) -> None:
    calendar = made(table)
    parts = [part for part in parts if part]
    assume(parts)
    step = start
    for part in parts:
        step = added(calendar, step, part, [])
    assert step == calendar.add(start, sum(parts))


@quick
@given(tables(), instants(), st.integers(0, 60), st.integers(0, 60))
def test_working_days_are_counted_one_by_one(table: Table, start: datetime, one: int, two: int) -> None:
    calendar = made(table)
    zone = ZoneInfo(table["tz"])
    day, left = start.astimezone(zone).date(), one
    assume(any(table["hours"].values()))
    while left and day < date(2027, 12, 1):
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time
        own = table["overrides"].get(
            day.isoformat(), table["hours"].get(reference.WEEKDAYS[day.weekday()], [])
        )
        edges = (midnight, midnight + timedelta(days=1))
        lo, hi = (int(edge.replace(tzinfo=UTC).timestamp()) for edge in edges)
        only = {**table, "tz": "UTC", "hours": {}, "overrides": {day.isoformat(): own}}
        left -= bool(reference.open_spans(only, lo, hi))
    assume(not left)
    if one:
        wall = datetime.combine(day, start.astimezone(zone).time())
        assert calendar.add_days(start, one) == calendar.next_open(
            civil.instant(reference.first_shown(zone, wall))
        )
    assert calendar.add_days(start, one) <= calendar.add_days(start, one + two)
