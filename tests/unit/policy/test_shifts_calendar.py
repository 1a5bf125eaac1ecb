"""Turns from iCalendar files: what is read, in which zone, and what is refused with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from supporttui.policy.shifts_calendar import MOST, Unreadable, shifts_in

CHICAGO = ZoneInfo("America/Chicago")


def calendar(*lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    )


def turn(start: str, end: str, person: str = "ana") -> str:
    return calendar(f"DTSTART{start}", f"DTEND{end}", f"SUMMARY:{person}")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(("start", "end", "hours"), [
    (":20261116T150000Z", ":20261117T150000Z", (utc(2026, 11, 16, 15), utc(2026, 11, 17, 15))),
    (":20261116T090000", ":20261116T170000", (utc(2026, 11, 16, 15), utc(2026, 11, 16, 23))),
    (";TZID=Europe/Berlin:20261116T090000", ';TZID="Europe/Berlin":20261116T170000',
     (utc(2026, 11, 16, 8), utc(2026, 11, 16, 16))),
    (";VALUE=DATE:20261116", ";VALUE=DATE:20261123", (utc(2026, 11, 16, 6), utc(2026, 11, 23, 6))),
    (":20260308T023000", ":20260308T090000", (utc(2026, 3, 8, 8, 30), utc(2026, 3, 8, 14))),  # skipped: RFC 5545, 3.3.5
])  # fmt: skip
def test_when_a_turn_is(start, end, hours):
    (shift,) = shifts_in(turn(start, end), CHICAGO)
    assert (shift.start, shift.end) == hours
    assert (shift.person, shift.line) == ("ana", 4)


def test_names_may_be_folded_and_escaped():
    text = calendar("DTSTART:20261116T150000Z", "DTEND:20261117T150000Z", "SUMMARY:Lee\\, A", " nn\\; x")
    assert shifts_in(text, CHICAGO)[0].person == "Lee, Ann; x"


def test_turns_come_in_order_and_what_was_cancelled_is_left_out():
    parts = [turn(f":202611{day}T150000Z", f":202611{day}T160000Z", f"p{day}") for day in (18, 16, 17)]
    parts[2] = parts[2].replace("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY")
    events = "".join(part.partition("VERSION:2.0\r\n")[2].removesuffix("END:VCALENDAR\r\n") for part in parts)
    found = shifts_in(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n", CHICAGO)
    assert [shift.person for shift in found] == ["p16", "p18"]


@pytest.mark.parametrize(("text", "said"), [
    ("", "holds no turn"),
    ("hello", "line 1: not 'NAME:value'"),
    ("BEGIN:VCALENDAR\nEND:VCALENDAR", "holds no turn"),
    (turn(":2026-11-16", ":20261117"), "line 4: '2026-11-16' is no date and time"),
    (turn(":20261316T150000Z", ":20261117"), "line 4: '20261316T150000Z' is no date and time"),
    (turn(":20261116T250000", ":20261117T000000"), "line 4: '20261116T250000' is no date and time"),
    (turn(":20261117T150000Z", ":20261117T150000Z"), "line 4: the turn ends before it begins"),
    (turn(";TZID=Mars/North:20261117T150000", ":20261118T150000"), "line 4: TZID"),
    (turn(":20261117T150000Z", ":20261118T150000Z", ""), "line 4: a turn without a person"),
    (calendar("DTSTART:20261117T150000Z", "SUMMARY:ana"), "line 4: a turn without an end"),
    (calendar("SUMMARY:ana"), "an event without DTSTART"),
    (turn(":20261117", ":20261118").replace("SUMMARY", "RRULE:FREQ=WEEKLY\r\nSUMMARY"), "RRULE is not understood"),
    (turn(":20261117", ":20261118").partition("END:VEVENT")[0], "ends in the middle of an event"),
    (turn(":00000101", ":00010101"), "is no date and time"),
    (turn(":99991231", ":99991231T235959"), "is no date and time"),
])  # fmt: skip
def test_what_is_refused(text, said):
    with pytest.raises(Unreadable) as caught:
        shifts_in(text, CHICAGO)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_calendar_without_end_is_refused():
    event = turn(":20261116T150000Z", ":20261117T150000Z").partition("VERSION:2.0\r\n")[2]
    many = event.removesuffix("END:VCALENDAR\r\n") * (MOST + 1)
    with pytest.raises(Unreadable, match="more than"):
        shifts_in(f"BEGIN:VCALENDAR\r\n{many}END:VCALENDAR", CHICAGO)
