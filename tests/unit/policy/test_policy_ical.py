"""Holidays from iCalendar files."""

from __future__ import annotations

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import load
from supporttui.policy.ical import Unreadable, holidays_in


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20261225", ["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226", ["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270102", ["2026-12-31", "2027-01-01"]),
        ("DTSTART;VALUE=DATE:20261231\r\nDURATION:P2D", ["2026-12-31", "2027-01-01"]),
        ("DTSTART:20261225T000000Z", ["2026-12-25"]),
        ("DTSTART;VALUE=DATE:2026\r\n 1225", ["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY;COUNT=2", ["2026-12-25", "2027-12-25"]),
        ("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY;UNTIL=20271225", ["2026-12-25", "2027-12-25"]),
        ("DTSTART;VALUE=DATE:20280229\r\nRRULE:FREQ=YEARLY;COUNT=2", ["2028-02-29", "2032-02-29"]),
    ],
)
def test_whole_days(event: str, days: list[str]) -> None:
    assert list(holidays_in(calendar(event))) == days


def test_names_and_cancelled_events() -> None:
    found = holidays_in(
        calendar(
            "DTSTART;VALUE=DATE:20260101\r\nSUMMARY:New Year\\, first day",
            "DTSTART;VALUE=DATE:20260501\r\nSTATUS:CANCELLED",
        )
    )
    assert found == {"2026-01-01": "New Year, first day"}


def test_a_rule_without_end_reaches_far() -> None:
    found = list(
        holidays_in(calendar("DTSTART;VALUE=DATE:20200704\r\nRRULE:FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"))
    )
    assert found[0] == "2020-07-04" and found[-1] == "2100-07-04"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (calendar(), "holds no event"),
        ("", "holds no event"),
        ("hello", "line 1: not 'NAME:value'"),
        ("NAME:value", "line 1: expected BEGIN:VCALENDAR"),
        (calendar("SUMMARY:x"), "line 5: an event without DTSTART"),
        (calendar("DTSTART:20261225T093000Z"), "line 4: DTSTART '20261225T093000Z' is not a whole day"),
        (calendar("DTSTART;VALUE=DATE:20261325"), "line 4: DTSTART '20261325' is not a date"),
        (calendar("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261224"), "line 5: the event ends before it starts"),
        (calendar("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=WEEKLY"), "line 5: RRULE 'FREQ=WEEKLY' is not understood"),
        (calendar("DTSTART;VALUE=DATE:20261125\r\nRRULE:FREQ=YEARLY;BYDAY=4TH"), "is not understood"),
        (calendar("DTSTART;VALUE=DATE:20261225\r\nEXDATE:20271225"), "line 5: EXDATE is not understood"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225", "ends in the middle of an event"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_by_line(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        holidays_in(text)
    assert said in str(error.value)


RULES = """
[[calendar]]
name = "shop"
hours = { daily = ["09:00-17:00"] }
ics = ["days.ics"]
[[target]]
name = "answer"
kind = "response"
clock = "shop"
after = "4 hours"
"""


def test_a_policy_reads_the_file_beside_it_and_its_hash_covers_it(kit, tmp_path) -> None:
    text = kit.text(RULES)
    (tmp_path / "p.toml").write_text(text)
    (tmp_path / "days.ics").write_text(calendar("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227"))
    policy = load(tmp_path / "p.toml")
    assert kit.plan(policy, "2026-12-24T16:00")["response/1"].due_at == kit.at("2026-12-27T12:00")
    (tmp_path / "days.ics").write_text(calendar("DTSTART;VALUE=DATE:20261225"))
    other = load(tmp_path / "p.toml")
    assert kit.plan(other, "2026-12-24T16:00")["response/1"].due_at == kit.at("2026-12-26T12:00")
    assert other.hash != policy.hash


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "p.toml: calendar[1].ics[0]: 'days.ics' can't be read: no such file or directory"),
        (b"\xff", "p.toml: calendar[1].ics[0]: 'days.ics' is not UTF-8 text"),
        (
            b"hello",
            "p.toml: calendar[1].ics[0]: 'days.ics' is no calendar of holidays: line 1: not 'NAME:value'",
        ),
    ],
)
def test_a_bad_file_is_one_line(kit, tmp_path, content, said) -> None:
    (tmp_path / "p.toml").write_text(kit.text(RULES))
    if content is not None:
        (tmp_path / "days.ics").write_bytes(content)
    with pytest.raises(PolicyError) as error:
        load(tmp_path / "p.toml")
    assert str(error.value) == said
