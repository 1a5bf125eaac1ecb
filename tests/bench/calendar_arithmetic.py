"""How fast business time is counted, against businesstimedelta in the same run.

Run it from the repository root: `python tests/bench/calendar_arithmetic.py`.
It prints rates and ratios and exits with 1 when a target is missed:

- adding 27 business hours and counting 60 days: at least 10 times businesstimedelta;
- adding ten business years: at most 3 times adding a week, on a warm calendar, on
  one that was just read, and in a process that never saw the zone.

The peer and this program take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from supporttui.policy import civil
from supporttui.policy.calendar import BusinessCalendar

FASTER, SLOWER = 10, 3
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOLIDAYS = [
    date(year, month, day)
    for year in range(2024, 2040)
    for month, day in ((1, 1), (7, 4), (11, 26), (12, 25))
]
TABLE = {
    "tz": "America/Chicago",
    "hours": {day: [["08:00", "17:00"]] for day in WORKDAYS},
    "holidays": HOLIDAYS,
}
START = datetime(2026, 11, 20, 15, 17, tzinfo=UTC)
END = START + timedelta(days=60)
WEEK, TEN_YEARS = timedelta(hours=45), timedelta(hours=45 * 52 * 10)
HOURS_27 = timedelta(hours=27)


def rate(work: Callable[[], Any], seconds: float = 0.25) -> float:
    """Calls per second."""
    count, begin = 0, time.perf_counter()
    while (spent := time.perf_counter() - begin) < seconds:
        for _ in range(10):
            work()
        count += 10
    return count / spent


def paired(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int = 5) -> tuple[float, float, float]:
    """Median rates of both and the median ratio of rounds run side by side."""
    pairs = [(rate(ours), rate(theirs)) for _ in range(rounds)]
    middle = statistics.median
    return middle(a for a, _ in pairs), middle(b for _, b in pairs), middle(a / b for a, b in pairs)


def microseconds(prepare: Callable[[], BusinessCalendar], duration: timedelta, rounds: int) -> float:
    """The median cost of the first `add` on a calendar that `prepare` hands over."""
    taken = []
    for _ in range(rounds):
        calendar = prepare()
        begin = time.perf_counter()
        calendar.add(START, duration)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken) * 1e6


def against_peer() -> list[bool]:
    """Compare with businesstimedelta, first that both give the same answers."""
    import businesstimedelta
    import pytz

    zone = pytz.timezone("America/Chicago")
    work = businesstimedelta.WorkDayRule(
        start_time=datetime(2026, 1, 1, 8).time(),  # noqa: DTZ001 - a time of day
        end_time=datetime(2026, 1, 1, 17).time(),  # noqa: DTZ001
        working_days=[0, 1, 2, 3, 4],
        tz=zone,
    )
    off = businesstimedelta.HolidayRule(dict.fromkeys(HOLIDAYS, "holiday"), tz=zone)
    rules = businesstimedelta.Rules([work, off])
    peer_start, peer_end = START.astimezone(zone), END.astimezone(zone)
    delta = businesstimedelta.BusinessTimeDelta(rules, hours=27)
    calendar = BusinessCalendar.from_mapping(TABLE)

    same = calendar.add(START, HOURS_27) == (peer_start + delta).astimezone(UTC)
    passed = rules.difference(peer_start, peer_end).timedelta
    print(f"same answers: add {same}, elapsed {calendar.elapsed(START, END) == passed}")
    met = [same, calendar.elapsed(START, END) == passed]
    jobs: tuple[tuple[str, Callable[[], Any], Callable[[], Any]], ...] = (
        ("add 27 h", lambda: calendar.add(START, HOURS_27), lambda: peer_start + delta),
        (
            "elapsed over 60 days",
            lambda: calendar.elapsed(START, END),
            lambda: rules.difference(peer_start, peer_end),
        ),
    )
    for name, ours, theirs in jobs:
        mine, peer, ratio = paired(ours, theirs)
        met.append(ratio >= FASTER)
        print(
            f"{name:22} {mine:10,.0f}/s  businesstimedelta {peer:7,.0f}/s  ratio {ratio:8,.0f}  (at least {FASTER})"
        )
    return met


def over_distance() -> list[bool]:
    """Compare ten years with a week: warm, just read, and with nothing known of the zone."""

    def fresh() -> BusinessCalendar:
        return BusinessCalendar.from_mapping(TABLE)

    def unknown_zone() -> BusinessCalendar:
        civil._block.cache_clear()
        ZoneInfo.clear_cache()
        return fresh()

    def by_country() -> BusinessCalendar:
        return BusinessCalendar.from_mapping({**TABLE, "country": "US", "region": "MN"})

    warm = fresh()
    warm.add(START, TEN_YEARS)
    by_country().add(START, TEN_YEARS)
    kinds: tuple[tuple[str, Callable[[], BusinessCalendar], int], ...] = (
        ("warm", lambda: warm, 5000),
        ("just read", fresh, 200),
        ("just read, by country", by_country, 50),
        ("zone never seen", unknown_zone, 20),
    )
    met = []
    for name, prepare, rounds in kinds:
        near, far = microseconds(prepare, WEEK, rounds), microseconds(prepare, TEN_YEARS, rounds)
        met.append(far <= SLOWER * near)
        print(
            f"{name:22} a week {near:8.1f} us  ten years {far:8.1f} us  ratio {far / near:5.2f}  (at most {SLOWER})"
        )
    return met


def others() -> None:
    """Rates without a target, for the record."""
    calendar = BusinessCalendar.from_mapping(TABLE)
    pause = [(START + timedelta(hours=1), START + timedelta(hours=5))]
    jobs: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("add 27 h, one pause", lambda: calendar.add(START, HOURS_27, pause)),
        ("add 400 business days", lambda: calendar.add_days(START, 400)),
        ("end of business day", lambda: calendar.end_of_day(START)),
        ("subtract 27 h", lambda: calendar.subtract(START, HOURS_27)),
        ("is it open", lambda: calendar.is_open(START)),
    )
    for name, work in jobs:
        print(f"{name:22} {rate(work):10,.0f}/s")


def main() -> int:
    met = [*against_peer(), *over_distance()]
    others()
    print("all targets met" if all(met) else "a target was missed")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
