"""Turns from an iCalendar file (RFC 5545), as other on-call programs and calendars write them.

Events with a beginning and an end are read, in UTC, in a named zone, or on whole
days; what repeats by a rule is refused by name, since a turn that is guessed is
a call that nobody gets.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from supporttui.errors import PolicyError
from supporttui.policy.civil import find_zone, wall_to_utc
from supporttui.policy.ical import Unreadable as Unreadable
from supporttui.policy.ical import events_in

MOST = 5000
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_ESCAPED = re.compile(r"\\([,;\\])")
_ZONE = re.compile(r'TZID="?([^";:]+)"?', re.IGNORECASE)


class Shift(NamedTuple):
    """One turn: whose, from `start` until before `end` (UTC), and the line of its event's beginning."""

    person: str
    start: datetime
    end: datetime
    line: int


def shifts_in(text: str, zone: ZoneInfo) -> list[Shift]:
    """The turns of a calendar in order.  zone: for times that name none.  Errors: Unreadable."""
    found: list[Shift] = []
    for event in events_in(text):
        if event.get("STATUS", ("", "", 0))[1].upper() == "CANCELLED":
            continue
        for name in ("RRULE", "RDATE"):
            if name in event:
                raise Unreadable(f"line {event[name][2]}: {name} is not understood; export the single turns")
        line = event["DTSTART"][2]
        person = _ESCAPED.sub(r"\1", event.get("SUMMARY", ("", "", 0))[1]).strip()
        if not person:
            raise Unreadable(f"line {line}: a turn without a person (SUMMARY)")
        if "DTEND" not in event:
            raise Unreadable(f"line {line}: a turn without an end (DTEND)")
        start, end = _instant(event["DTSTART"], zone), _instant(event["DTEND"], zone)
        if end <= start:
            raise Unreadable(f"line {line}: the turn ends before it begins")
        found.append(Shift(person, start, end, line))
        if len(found) > MOST:
            raise Unreadable(f"holds more than {MOST} turns")
    if not found:
        raise Unreadable("holds no turn")
    return sorted(found, key=lambda shift: shift.start)


def _instant(value: tuple[str, str, int], zone: ZoneInfo) -> datetime:
    parameters, written, line = value
    match = _STAMP.fullmatch(written.upper())
    if match is None:
        raise Unreadable(f"line {line}: '{written}' is no date and time")
    year, month, day, *clock = match.groups()
    try:
        if clock[0] is None:
            return wall_to_utc(zone, f"{date(int(year), int(month), int(day)).isoformat()}T00:00")
        hour, minute, second = (int(part) for part in clock[:3])
        at = datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
    except (ValueError, OverflowError):
        raise Unreadable(f"line {line}: '{written}' is no date and time") from None
    if clock[3]:
        return at.replace(tzinfo=UTC)
    named = _ZONE.search(parameters)
    try:
        return wall_to_utc(find_zone(named[1], "TZID") if named else zone, at)
    except PolicyError as error:
        raise Unreadable(f"line {line}: {error}") from None
    except OverflowError:
        raise Unreadable(f"line {line}: '{written}' is no date and time") from None
