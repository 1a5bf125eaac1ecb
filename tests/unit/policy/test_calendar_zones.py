"""Every clock change of every zone that zoneinfo knows, against the zone files and a slow count."""

from __future__ import annotations

import runpy
import struct
import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from supporttui.policy import civil
from supporttui.policy.calendar import BusinessCalendar, wall_to_utc

YEAR = 31_556_952


# Test files are imported one by one, so a neighbour is run rather than imported.
reference = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("calendar_reference.py"))))


def zone_file(key: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        path = Path(folder, key)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", *key.split("/")).read_bytes()


@lru_cache(maxsize=1024)
def listed_changes(key: str) -> tuple[tuple[int, int], ...]:
    """The transitions written out in a zone's TZif file (RFC 9636): (instant, offset before, offset after)."""
    data = zone_file(key)

    def counts(at: int) -> tuple[int, ...]:
        return struct.unpack(">6l", data[at + 20 : at + 44])

    utc, std, leaps, times, types, chars = counts(0)
    at = 44 + times * 5 + types * 6 + chars + leaps * 8 + std + utc
    _, _, _, times, types, _ = counts(at)
    at += 44
    instants = struct.unpack(f">{times}q", data[at : at + 8 * times])
    kinds = data[at + 8 * times : at + 9 * times]
    at += 9 * times
    offsets = [struct.unpack(">l", data[at + 6 * i : at + 6 * i + 4])[0] for i in range(types)]
    return tuple((instant, offsets[kind]) for instant, kind in zip(instants, kinds, strict=True))


@lru_cache(maxsize=1)
def distinct_zones() -> tuple[str, ...]:
    """One name for each different clock."""
    return tuple(
        {zone_file(key): key for key in sorted(zoneinfo.available_timezones(), reverse=True)}.values()
    )


def real_changes(key: str, lo: int, hi: int) -> list[int]:
    changes = listed_changes(key)
    return [after[0] for before, after in pairwise(changes) if before[1] != after[1] and lo < after[0] <= hi]


def found_changes(key: str, lo: int, hi: int) -> list[int]:
    return [at for at, _ in civil.clock_changes(ZoneInfo(key), lo, hi)]


def compared(lo: int, hi: int) -> int:
    """Compare all zones over the time that their files write out; how many changes there were."""
    seen = 0
    for key in distinct_zones():
        listed = listed_changes(key)
        first, last = (max(lo, listed[0][0]), min(hi, listed[-1][0])) if listed else (lo, hi)
        if first < last:
            wanted = real_changes(key, first, last)
            assert found_changes(key, first, last) == wanted, key
            seen += len(wanted)
    return seen


def test_no_clock_change_of_any_zone_is_missed() -> None:
    assert compared(30 * YEAR, 60 * YEAR) > 2000


def test_no_zone_goes_away_from_an_offset_and_back_between_two_probes() -> None:
    for key in distinct_zones():
        real = [
            change
            for i, change in enumerate(listed_changes(key))
            if i == 0 or change[1] != listed_changes(key)[i - 1][1]
        ]
        for before, away, back in zip(real, real[1:], real[2:], strict=False):
            assert before[1] != back[1] or back[0] - away[0] > 3 * civil.DAY, (key, civil.instant(away[0]))


@pytest.mark.parametrize("key", ["Africa/Casablanca", "America/Chicago", "Asia/Gaza", "Australia/Lord_Howe"])
def test_changes_that_only_a_rule_describes(key: str) -> None:
    zone, lo = ZoneInfo(key), 80 * YEAR  # 2050, beyond what slim zone files write out
    hourly = [datetime.fromtimestamp(lo + hour * 3600, zone).utcoffset() for hour in range(2 * 8766)]
    moved = [lo + (hour + 1) * 3600 for hour in range(len(hourly) - 1) if hourly[hour] != hourly[hour + 1]]
    found = found_changes(key, lo, lo + 2 * YEAR)
    assert len(found) == len(moved) >= 4
    assert all(0 <= hour - at < 3600 for hour, at in zip(moved, found, strict=True))


HOURS = {
    "day": {"mon": [["08:00", "17:00"]], "tue": [["08:00", "17:00"]], "sun": [["09:00", "12:00"]]},
    "night": {day: [["22:00", "02:30"]] for day in reference.WEEKDAYS},
    "around the change": {
        day: [["00:30", "01:30"], ["02:15", "02:45"], ["23:10", "24:00"]] for day in reference.WEEKDAYS
    },
    "never closed": {day: [["00:00", "24:00"]] for day in reference.WEEKDAYS},
}


def notable_changes() -> list[tuple[str, int]]:
    """Up to three changes of each zone since 1965 that differ in size and time of day."""
    chosen = []
    for key in distinct_zones():
        zone = ZoneInfo(key)
        seen = set()
        for at in real_changes(key, -5 * YEAR, 68 * YEAR):
            before = datetime.fromtimestamp(at - 1, zone)
            sort = (datetime.fromtimestamp(at, zone).utcoffset() - before.utcoffset(), before.hour)  # type: ignore[operator]
            if sort not in seen and len(seen) < 3:
                seen.add(sort)
                chosen.append((key, at))
    return chosen


@pytest.mark.parametrize("hours", HOURS.values(), ids=HOURS.keys())
def test_hours_across_clock_changes_in_every_zone(hours: dict[str, list[list[str]]]) -> None:
    changes = notable_changes()
    assert len(changes) > 500
    for key, at in changes[:: 1 if hours is HOURS["around the change"] else 3]:
        table = {"tz": key, "hours": hours}
        calendar = BusinessCalendar.from_mapping(table)
        lo, hi = at - 100_000, at + 100_000
        wanted = reference.open_spans(table, lo, hi)
        found = calendar.intervals(civil.instant(lo), civil.instant(hi))
        assert [(civil.epoch(start), civil.epoch(end)) for start, end in found] == wanted, (key, at)
        total = calendar.elapsed(civil.instant(lo), civil.instant(hi))
        assert total == timedelta(seconds=reference.counted(wanted)), (key, at)


def test_a_date_that_the_zone_leaves_out_is_no_working_day() -> None:
    # Samoa went from Thursday 2011-12-29 straight to Saturday 2011-12-31.
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    apia = BusinessCalendar.from_mapping({"tz": "Pacific/Apia", "hours": week})
    thursday = wall_to_utc("Pacific/Apia", "2011-12-29T10:00")
    assert apia.add_days(thursday, 1) == wall_to_utc("Pacific/Apia", "2012-01-02T10:00")
    assert apia.add_days(thursday, 2) == wall_to_utc("Pacific/Apia", "2012-01-03T10:00")
    assert apia.add(thursday, timedelta(hours=8)) == wall_to_utc("Pacific/Apia", "2012-01-02T10:00")


def test_skipped_wall_times_move_on_and_repeated_ones_take_the_first() -> None:
    chicago = ZoneInfo("America/Chicago")

    def shown(text: str) -> datetime:
        wall = datetime.fromisoformat(text + "+00:00")
        return civil.instant(civil.first_instant(chicago, civil.epoch(wall) - 4 * civil.DAY))

    # 2026-03-08 02:00 CST is followed by 03:00 CDT, at 08:00 UTC.
    assert shown("2026-03-08T02:30:00") == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert shown("2026-03-08T03:00:00") == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert shown("2026-03-08T01:59:59") == datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC)
    # 2026-11-01 01:30 is shown at 06:30 UTC and again at 07:30 UTC.
    assert shown("2026-11-01T01:30:00") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert shown("2026-11-01T02:00:00") == datetime(2026, 11, 1, 8, tzinfo=UTC)
    # A person's wall time is read as if the clock had not been moved yet.
    assert wall_to_utc("America/Chicago", "2026-03-08 02:30") == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)
    assert wall_to_utc("America/Chicago", "2026-11-01T01:30") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wall", ["2026-02-29T10:00", "2026-01-01", "noon", "2026-01-01T24:01", "2026-01-01T10:60"]
)
def test_wall_times_that_do_not_exist_are_refused_in_one_line(wall: str) -> None:
    with pytest.raises(ValueError, match="wall time") as error:
        wall_to_utc("UTC", wall)
    assert "\n" not in str(error.value)


def test_a_clock_that_is_still_catching_up_stands_still() -> None:
    # Back at 2026-11-01 07:00 UTC: from then to 08:00 UTC the wall repeats 01:00 to 02:00.
    lo, hi = (int(datetime(2026, 11, 1, hour, 30, tzinfo=UTC).timestamp()) for hour in (7, 9))
    still, even = civil.stretches(ZoneInfo("America/Chicago"), lo, hi)
    assert (still.start, still.end, still.shift) == (lo, lo + 1800, None)
    assert (even.start, even.end) == (lo + 1800, hi)
    assert still.wall == even.wall == civil.wall_at(ZoneInfo("America/Chicago"), lo + 1800)


def test_wall_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone of its own"):
        wall_to_utc("UTC", datetime(2026, 1, 1, tzinfo=UTC))
