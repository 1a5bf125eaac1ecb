"""Holidays from an iCalendar file (RFC 5545): the whole days of its events.

Only what public-holiday files use is read: all-day events, their length, and
yearly repetition on the same date.  Anything else that would change which days
are closed is refused by name, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_YEARS_AHEAD = 2100
_LARGEST = 2000  # days that one file may close
_LONGEST = 366  # days of one event


class Unreadable(ValueError):
    """The file is not a calendar of holidays; the message names the line."""


_Event = dict[str, tuple[str, str, int]]


def holidays_in(text: str) -> dict[str, str]:
    """The dates (ISO) that the events of a calendar close, in order, each with its first event's title."""
    days: dict[date, str] = {}
    events = 0
    for event in events_in(text):
        events += 1
        if event.get("STATUS", ("", "", 0))[1].upper() == "CANCELLED":
            continue
        title = event.get("SUMMARY", ("", "", 0))[1].replace("\\,", ",").replace("\\;", ";")
        for day in _days(event):
            days.setdefault(day, title or "holiday")
        if len(days) > _LARGEST:
            raise Unreadable(f"closes more than {_LARGEST} days")
    if not events:
        raise Unreadable("holds no event")
    return {day.isoformat(): days[day] for day in sorted(days)}


def events_in(text: str) -> Iterator[_Event]:
    """Each VEVENT as name → (parameters, value, line number)."""
    event: _Event | None = None
    began = False
    for number, line in _lines(text):
        head, colon, value = line.partition(":")
        name, _, parameters = head.partition(";")
        name = name.upper()
        if not colon:
            raise Unreadable(f"line {number}: not 'NAME:value'")
        if name == "BEGIN" and value.upper() == "VCALENDAR":
            began = True
        elif not began:
            raise Unreadable(f"line {number}: expected BEGIN:VCALENDAR")
        elif name == "BEGIN" and value.upper() == "VEVENT":
            event = {}
        elif name == "END" and value.upper() == "VEVENT":
            if event is None or "DTSTART" not in event:
                raise Unreadable(f"line {number}: an event without DTSTART")
            yield event
            event = None
        elif event is not None:
            event[name] = (parameters, value.strip(), number)
    if event is not None:
        raise Unreadable("ends in the middle of an event")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Unfolded lines with the number of their first part; blank ones are left out."""
    held, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] in (" ", "\t"):
            held += line[1:]
            continue
        if held.strip():
            yield start, held
        held, start = line, number
    if held.strip():
        yield start, held


def _days(event: _Event) -> Iterator[date]:
    first = _date(event, "DTSTART")
    length = _length(event, first)
    for start in _repeated(event, first):
        yield from (start + timedelta(days=n) for n in range(length))


def _date(event: _Event, name: str) -> date:
    _, value, line = event[name]
    found = re.fullmatch(r"(\d{4})(\d{2})(\d{2})(T000000Z?)?", value)
    if found is None:
        raise Unreadable(f"line {line}: {name} '{value}' is not a whole day (write YYYYMMDD)")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Unreadable(f"line {line}: {name} '{value}' is not a date") from None


def _length(event: _Event, first: date) -> int:
    """Days that the event lasts; its end is not part of it."""
    if "DTEND" in event:
        days = (_date(event, "DTEND") - first).days
        line = event["DTEND"][2]
    elif "DURATION" in event:
        _, value, line = event["DURATION"]
        found = re.fullmatch(r"P(?:(\d+)W|(\d+)D)", value.upper())
        if found is None:
            raise Unreadable(f"line {line}: DURATION '{value}' is not a number of days")
        days = int(found[1]) * 7 if found[1] else int(found[2])
    else:
        return 1
    if not 0 <= days <= _LONGEST:
        raise Unreadable(f"line {line}: the event ends before it starts, or lasts more than a year")
    return max(days, 1)


def _repeated(event: _Event, first: date) -> Iterator[date]:
    if "RDATE" in event or "EXDATE" in event:
        name = "RDATE" if "RDATE" in event else "EXDATE"
        raise Unreadable(f"line {event[name][2]}: {name} is not understood; write the dates as events")
    if "RRULE" not in event:
        yield first
        return
    _, value, line = event["RRULE"]
    rule = dict(part.partition("=")[::2] for part in value.upper().split(";") if part)
    if not _same_date_each_year(rule, first):
        raise Unreadable(f"line {line}: RRULE '{value}' is not understood; only the same date every year is")
    until, count = rule.get("UNTIL", "")[:8], int(rule.get("COUNT", "0") or 0)
    made = 0
    for year in range(first.year, _YEARS_AHEAD + 1):
        try:
            day = first.replace(year=year)
        except ValueError:  # the 29th of February
            continue
        if (until and day.strftime("%Y%m%d") > until) or (count and made >= count):
            return
        made += 1
        yield day


def _same_date_each_year(rule: dict[str, str], first: date) -> bool:
    fixed = {"FREQ": "YEARLY", "INTERVAL": "1", "BYMONTH": str(first.month), "BYMONTHDAY": str(first.day)}
    if not rule.get("COUNT", "0").isdigit() or rule.get("FREQ") != "YEARLY":
        return False
    return all(name in ("UNTIL", "COUNT", "WKST") or fixed.get(name) == value for name, value in rule.items())
