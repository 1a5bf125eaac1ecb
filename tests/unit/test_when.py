"""Times as people write them, and the texts that the console counts down with."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui import when
from supporttui.errors import UsageError

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)  # Friday 14:46 in Chicago


def at(text: str, zone=CHICAGO, now=NOW) -> str:
    return when.iso_z(when.parse_instant(text, now=now, zone=zone))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 5400),
        ("2h30m", 9000),
        ("3d", 3 * 86400),
        ("1w", 7 * 86400),
        ("1.5 h", 5400),
        ("1 week 2 days", 9 * 86400),
        ("45s", 45),
        ("2 hrs 5 minutes", 7500),
        ("0m", 0),
    ],
)
def test_durations(text, seconds):
    assert when.parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "30", "h", "2x", "2h30", "-2h", "1 month", "99999999w", "²h", "2h,30m"])
def test_durations_that_are_none_give_one_line_with_examples(text):
    with pytest.raises(UsageError) as caught:
        when.parse_duration(text)
    assert "\n" not in str(caught.value)
    assert "90m" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-24 16:00", "2026-12-24T22:00:00Z"),
        ("2026-12-24T16:00:30", "2026-12-24T22:00:30Z"),
        ("2026-12-24T16:00Z", "2026-12-24T16:00:00Z"),
        ("2026-12-24T16:00:00.25+01:00", "2026-12-24T15:00:00Z"),
        ("2026-12-24 16:00 -0600", "2026-12-24T22:00:00Z"),
        ("2026-12-24 16:00+05", "2026-12-24T11:00:00Z"),
        ("2026-12-24 24:00", "2026-12-25T06:00:00Z"),
        ("2026-12-24", "2026-12-24T06:00:00Z"),
        ("16:00", "2026-11-20T22:00:00Z"),
        ("9:00", "2026-11-20T15:00:00Z"),  # today, although it is over
        ("4:30pm", "2026-11-20T22:30:00Z"),
        ("12am", "2026-11-20T06:00:00Z"),
        ("now", "2026-11-20T20:46:00Z"),
        ("today", "2026-11-20T06:00:00Z"),
        ("tomorrow 9:00", "2026-11-21T15:00:00Z"),
        ("Tomorrow at 9am", "2026-11-21T15:00:00Z"),
        ("yesterday 9:00", "2026-11-19T15:00:00Z"),
        ("in 2h", "2026-11-20T22:46:00Z"),
        ("+90m", "2026-11-20T22:16:00Z"),
        ("2h ago", "2026-11-20T18:46:00Z"),
        ("-1d", "2026-11-19T20:46:00Z"),
        ("mon 9:00", "2026-11-23T15:00:00Z"),
        ("monday", "2026-11-23T06:00:00Z"),
        ("fri 16:00", "2026-11-20T22:00:00Z"),  # today, still ahead
        ("fri 9:00", "2026-11-27T15:00:00Z"),  # today is over: a week later
        ("last fri 9:00", "2026-11-20T15:00:00Z"),
        ("last fri 16:00", "2026-11-13T22:00:00Z"),
        ("last mon 9:00", "2026-11-16T15:00:00Z"),
    ],
)
def test_instants(text, instant):
    assert at(text) == instant


def test_a_local_time_that_dst_skips_is_the_first_that_exists():
    assert at("2026-03-08 02:30") == "2026-03-08T08:00:00Z"
    assert at("2026-03-08 01:59:59") == "2026-03-08T07:59:59Z"
    assert at("2026-03-08 03:00") == "2026-03-08T08:00:00Z"
    # Lord Howe moves by half an hour, and a whole day is missing in Samoa at the end of 2011.
    assert at("2026-10-04 02:15", ZoneInfo("Australia/Lord_Howe")) == "2026-10-03T15:30:00Z"
    assert at("2011-12-30 12:00", ZoneInfo("Pacific/Apia")) == "2011-12-30T10:00:00Z"


def test_a_local_time_that_dst_repeats_is_the_first_of_the_two():
    assert at("2026-11-01 01:30") == "2026-11-01T06:30:00Z"
    assert at("2026-11-01 02:00") == "2026-11-01T08:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "25:00",
            "16:60",
            "2026-13-01",
            "2026-02-30",
            "24.12.2026",
            "12/24/2026",
            "16",
            "t 9:00",
        ),
        *(
            "0001-01-01",
            "9999-12-31",
            "2026-12-24 16:00+99:00",
            "next tomorrow",
            "in soon",
            "13pm",
            "s 9:00",
            "\n",
        ),
    ],
)
def test_instants_that_are_none_give_one_line_with_an_example(text):
    with pytest.raises(UsageError) as caught:
        at(text)
    assert "\n" not in str(caught.value)
    assert "between" in str(caught.value) or "for example" in str(caught.value)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789:-+tz amponwisfrdh.\n\u0660é", max_size=24) | st.text(max_size=20))
def test_no_text_raises_anything_but_a_usage_error(text):
    for read in (lambda: at(text), lambda: when.parse_duration(text)):
        try:
            read()
        except UsageError as error:
            assert "\n" not in str(error)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-631152000, 4102444800),  # seconds since 1970, read as a local time
    st.sampled_from(
        ["America/Chicago", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
    ),
)
def test_an_instant_written_in_its_zone_reads_back(second, name):
    zone = ZoneInfo(name)
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).replace(tzinfo=None)
    instant = when.instant_of(local, zone)
    back = instant.astimezone(zone).replace(tzinfo=None)
    assert back >= local  # later only where the local time does not exist
    if back != local:
        assert (
            instant.astimezone(zone).utcoffset()
            != (instant - timedelta(seconds=1)).astimezone(zone).utcoffset()
        )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "in 0:00:01"),
        (2469, "in 0:41:09"),
        (3599, "in 0:59:59"),
        (3600, "in  1 h 00 m"),
        (6 * 3600 + 20 * 60 + 59, "in  6 h 20 m"),
        (86399, "in 23 h 59 m"),
        (2 * 86400 + 3 * 3600, "in  2 d  3 h"),
        (31 * 86400, "in 31 d  0 h"),
        (120 * 86400 + 5, "in 120 d"),
        (0, "OVER +0:00:00"),
        (-760, "OVER +0:12:40"),
        (-(6 * 3600 + 20 * 60), "OVER  +6 h 20 m"),
        (-(26 * 86400 + 3600), "OVER +26 d  1 h"),
        (-(200 * 86400), "OVER +200 d"),
    ],
)
def test_countdown_texts(seconds, text):
    assert when.countdown(seconds) == text


@given(st.integers(-400 * 86400, 400 * 86400))
def test_next_change_is_exactly_when_the_text_changes(seconds):
    step = when.next_change(seconds)
    assert step >= 1
    assert when.countdown(seconds - step) != when.countdown(seconds)
    assert when.countdown(seconds - step + 1) == when.countdown(seconds)
    assert len(when.countdown(seconds)) <= when.COUNTDOWN_WIDTH


@given(st.integers(-99 * 86400, 99 * 86400), st.integers(-99 * 86400, 99 * 86400))
def test_texts_of_the_same_unit_have_the_same_width(one, other):
    def unit(seconds: int) -> tuple[bool, int]:
        return seconds > 0, sum(abs(seconds) >= limit for limit in (3600, 86400))

    if unit(one) == unit(other):
        assert len(when.countdown(one)) == len(when.countdown(other))


def test_ages_and_lengths():
    assert when.age(40) == "40 s ago"
    assert when.age(12 * 60 + 5) == "12 m ago"
    assert when.age(8 * 3600 + 12 * 60) == "8 h 12 m ago"
    assert when.age(2 * 86400 + 3 * 3600) == "2 d 3 h ago"
    assert when.age(-3600) == "in 1 h"
    assert when.duration_text(400 * 86400) == "400 d"


@given(st.integers(0, 99 * 86400))
def test_a_length_reads_back_within_its_smallest_unit(seconds):
    read = when.parse_duration(when.duration_text(seconds)).total_seconds()
    assert read <= seconds < read + 3600


def test_instants_for_machines_and_for_people():
    assert when.iso_z(datetime(2026, 11, 20, 14, 46, tzinfo=CHICAGO)) == "2026-11-20T20:46:00Z"
    assert when.local_text(NOW, CHICAGO) == "Fri 20 Nov 2026 14:46 CST"
    assert when.local_text(NOW, UTC, seconds=True) == "Fri 20 Nov 2026 20:46:00 UTC"


def test_zones_by_name():
    assert when.zone_of("America/Chicago") == CHICAGO
    assert when.zone_of("utc") is UTC
    for name in ("America/Chicagoo", "../etc/passwd", "", "\0"):
        with pytest.raises(UsageError, match="IANA"):
            when.zone_of(name)


def test_importing_it_loads_no_zones():
    code = "import sys, supporttui.when; print('zoneinfo' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
