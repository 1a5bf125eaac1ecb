"""A slow and simple second opinion on business time: no arithmetic, only lists of seconds.

It shares nothing with the code under test.  Each date's spans are turned into
instants one by one with zoneinfo, by the words of the escalation rules: a local
time that a clock change skips moves to the first instant that exists, a
repeated one takes the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[int, int]


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def first_shown(zone: ZoneInfo, wall: datetime) -> int:
    """The first instant at which a wall clock in the zone shows `wall`, or the next time that exists."""
    found = seconds(wall.replace(tzinfo=zone, fold=0))
    if datetime.fromtimestamp(found, zone).replace(tzinfo=None) == wall:
        return found
    skipped_from = seconds(wall.replace(tzinfo=zone, fold=1))
    while found - skipped_from > 1:  # the clock was moved somewhere between the two readings
        middle = (found + skipped_from) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) < wall:
            skipped_from = middle
        else:
            found = middle
    return found


def clock(text: str) -> int:
    parts = [int(part) for part in text.split(":")]
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)


def instants(zone: ZoneInfo, day: date, spans: Iterable[tuple[str, str]]) -> list[Span]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time
    found = []
    for start, end in spans:
        begin, finish = clock(start), clock(end)
        if finish <= begin:
            finish += 24 * 3600
        edges = [midnight + timedelta(seconds=edge) for edge in (begin, finish)]
        found.append((first_shown(zone, edges[0]), first_shown(zone, edges[1])))
    return found


def merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and merged[-1][1] >= start:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def without(spans: Iterable[Span], away: Iterable[Span]) -> list[Span]:
    kept = list(spans)
    for gone, back in away:
        parts = [((start, min(end, gone)), (max(start, back), end)) for start, end in kept]
        kept = [part for pair in parts for part in pair if part[0] < part[1]]
    return kept


def open_spans(table: Mapping[str, Any], lo: int, hi: int, pauses: Iterable[Span] = ()) -> list[Span]:
    """The instants in [lo, hi) that count, as merged spans of epoch seconds."""
    zone = ZoneInfo(table["tz"])
    day = datetime.fromtimestamp(lo, UTC).date() - timedelta(days=3)
    last = datetime.fromtimestamp(hi, UTC).date() + timedelta(days=3)
    opened: list[Span] = []
    away: list[Span] = list(pauses)
    while day <= last:
        text = day.isoformat()
        own = table.get("overrides", {}).get(text, table.get("hours", {}).get(WEEKDAYS[day.weekday()], []))
        opened += instants(zone, day, own)
        away += instants(zone, day, table.get("breaks", {}).get(text, []))
        if text in table.get("holidays", []):
            away += instants(zone, day, [("00:00", "24:00")])
        day += timedelta(days=1)
    within = [(max(start, lo), min(end, hi)) for start, end in opened]
    return without(merge(within), away)


def counted(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def due(spans: Iterable[Span], duration: int) -> int | None:
    """Where `duration` seconds of the spans are used up; None when they are not enough."""
    for start, end in spans:
        if duration == 0:
            return start
        if duration <= end - start:
            return start + duration
        duration -= end - start
    return None
