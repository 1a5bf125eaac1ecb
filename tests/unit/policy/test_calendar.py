"""Business time worked out by hand."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from supporttui.errors import PolicyError
from supporttui.policy.calendar import ALWAYS, BusinessCalendar, OutOfHours
from supporttui.policy.civil import day_number
from supporttui.policy.hours import WallHours
from supporttui.policy.public import PublicHolidays

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def week(*spans: tuple[str, str], days: tuple[str, ...] = WORKDAYS) -> dict[str, list[list[str]]]:
    return {day: [list(span) for span in spans] for day in days}


def made(tz: str = "UTC", *, hours: Any = None, **rest: Any) -> BusinessCalendar:
    return BusinessCalendar.from_mapping({"tz": tz, "hours": hours or week(("09:00", "17:00")), **rest})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestAdding:
    def test_inside_a_day(self) -> None:
        assert made().add(utc("2026-11-23T10:00"), 2 * HOUR) == utc("2026-11-23T12:00")

    def test_whole_seconds_are_a_duration_too(self) -> None:
        assert made().add(utc("2026-11-23T10:00"), 90) == utc("2026-11-23T10:01:30")

    def test_over_night_and_weekend(self) -> None:
        # Friday 2026-11-20 16:30 has half an hour left; the rest is on Monday.
        assert made().add(utc("2026-11-20T16:30"), 2 * HOUR) == utc("2026-11-23T10:30")

    def test_exactly_at_closing_is_the_closing(self) -> None:
        assert made().add(utc("2026-11-20T16:00"), HOUR) == utc("2026-11-20T17:00")

    def test_nothing_outside_hours_is_the_next_opening(self) -> None:
        assert made().add(utc("2026-11-21T12:00"), 0) == utc("2026-11-23T09:00")
        assert made().add(utc("2026-11-20T17:00"), 0) == utc("2026-11-23T09:00")

    def test_nothing_inside_hours_is_the_start(self) -> None:
        assert made().add(utc("2026-11-20T09:00"), 0) == utc("2026-11-20T09:00")

    def test_parts_of_a_second_are_cut_off(self) -> None:
        start = utc("2026-11-23T10:00") + timedelta(microseconds=999_999)
        assert made().add(start, timedelta(seconds=1, microseconds=5)) == utc("2026-11-23T10:00:01")

    def test_start_may_be_in_any_zone_and_the_answer_is_utc(self) -> None:
        start = datetime(2026, 11, 23, 12, tzinfo=timezone(2 * HOUR))
        due = made().add(start, HOUR)
        assert due == utc("2026-11-23T11:00")
        assert due.tzinfo is UTC

    def test_over_new_year_with_a_holiday(self) -> None:
        calendar = made(holidays=["2027-01-01"])  # a Friday
        assert calendar.add(utc("2026-12-31T16:00"), 2 * HOUR) == utc("2027-01-04T10:00")

    def test_leap_day_counts_like_any_other(self) -> None:
        # 2024-02-29 is a Thursday; 2025 has none.
        assert made().add(utc("2024-02-28T17:00"), 16 * HOUR) == utc("2024-03-01T17:00")
        assert made().add(utc("2025-02-28T09:00"), 9 * HOUR) == utc("2025-03-03T10:00")

    def test_four_hundred_weeks_land_on_the_same_weekday(self) -> None:
        start = utc("2026-11-23T11:00")
        assert made().add(start, 400 * 40 * HOUR) == start + timedelta(weeks=400)


class TestClockChanges:
    """America/Chicago: forward on 2026-03-08 at 08:00 UTC, back on 2026-11-01 at 07:00 UTC."""

    def test_hours_follow_the_wall(self) -> None:
        chicago = made("America/Chicago", hours=week(("08:00", "17:00")))
        assert chicago.next_open(utc("2026-03-06T23:30")) == utc("2026-03-09T13:00")  # 08:00 CDT
        assert chicago.next_open(utc("2026-10-30T22:30")) == utc("2026-11-02T14:00")  # 08:00 CST

    def test_a_night_shift_loses_the_skipped_hour(self) -> None:
        night = made("America/Chicago", hours=week(("22:00", "06:00"), days=("sat",)))
        assert night.elapsed(utc("2026-03-07T12:00"), utc("2026-03-09T12:00")) == 7 * HOUR

    def test_a_night_shift_works_the_repeated_hour(self) -> None:
        night = made("America/Chicago", hours=week(("22:00", "06:00"), days=("sat",)))
        assert night.elapsed(utc("2026-10-31T12:00"), utc("2026-11-02T12:00")) == 9 * HOUR

    def test_an_edge_in_the_skipped_hour_moves_to_the_first_instant_that_exists(self) -> None:
        early = made("America/Chicago", hours=week(("02:30", "04:00"), days=("sun",)))
        assert early.segments(utc("2026-03-08T00:00"), 1) == [
            (utc("2026-03-08T08:00"), utc("2026-03-08T09:00"))
        ]

    def test_a_span_inside_the_skipped_hour_does_not_happen(self) -> None:
        early = made("America/Chicago", hours=week(("02:15", "02:45"), days=("sun",)))
        assert early.next_open(utc("2026-03-08T00:00")) == utc("2026-03-15T07:15")

    def test_a_span_inside_the_repeated_hour_happens_once(self) -> None:
        early = made("America/Chicago", hours=week(("01:15", "01:45"), days=("sun",)))
        assert early.segments(utc("2026-11-01T00:00"), 2) == [
            (utc("2026-11-01T06:15"), utc("2026-11-01T06:45")),
            (utc("2026-11-08T07:15"), utc("2026-11-08T07:45")),
        ]

    def test_a_holiday_that_begins_when_the_clock_goes_back_begins_after_the_repeated_hour(self) -> None:
        # São Paulo 2018-02-18: at 00:00 (02:00 UTC) the wall went back to 23:00; Sunday began at 03:00 UTC.
        every_day = week(("00:00", "24:00"), days=(*WORKDAYS, "sat", "sun"))
        open_on_saturday = made("America/Sao_Paulo", hours=every_day, holidays=["2018-02-18"])
        assert open_on_saturday.next_close(utc("2018-02-17T12:00")) == utc("2018-02-18T03:00")
        closed_on_saturday = made("America/Sao_Paulo", hours=every_day, holidays=["2018-02-17"])
        assert closed_on_saturday.next_open(utc("2018-02-17T12:00")) == utc("2018-02-18T03:00")

    def test_they_can_be_explained(self) -> None:
        chicago = made("America/Chicago")
        assert chicago.clock_changes(utc("2026-01-01T00:00"), utc("2027-01-01T00:00")) == [
            (utc("2026-03-08T08:00"), HOUR),
            (utc("2026-11-01T07:00"), -HOUR),
        ]

    def test_half_an_hour_on_lord_howe(self) -> None:
        # 2026-04-05 02:00 +11 becomes 01:30 +10:30, at 2026-04-04 15:00 UTC.
        all_night = made("Australia/Lord_Howe", hours=week(("00:00", "06:00"), days=("sun",)))
        assert all_night.elapsed(utc("2026-04-04T00:00"), utc("2026-04-06T00:00")) == 6.5 * HOUR


class TestSpans:
    def test_hours_that_meet_at_midnight_are_one_interval(self) -> None:
        calendar = made(hours={"mon": [["18:00", "24:00"]], "tue": [["00:00", "02:00"]]})
        assert calendar.segments(utc("2026-11-23T00:00"), 1) == [
            (utc("2026-11-23T18:00"), utc("2026-11-24T02:00"))
        ]

    def test_over_midnight_from_sunday_into_the_next_week(self) -> None:
        calendar = made(hours={"sun": [["22:00", "02:00"]]})
        assert calendar.add(utc("2026-11-22T23:00"), 2 * HOUR) == utc("2026-11-23T01:00")
        assert calendar.is_open(utc("2026-11-23T01:59:59"))
        assert not calendar.is_open(utc("2026-11-23T02:00"))

    def test_equal_times_are_a_whole_day(self) -> None:
        calendar = made(hours={"mon": [["09:00", "09:00"]]})
        assert calendar.segments(utc("2026-11-23T00:00"), 1) == [
            (utc("2026-11-23T09:00"), utc("2026-11-24T09:00"))
        ]

    def test_overlapping_spans_count_once(self) -> None:
        calendar = made(hours={"mon": [["09:00", "13:00"], ["12:00", "17:00"], ["10:00", "11:00"]]})
        assert calendar.elapsed(utc("2026-11-23T00:00"), utc("2026-11-24T00:00")) == 8 * HOUR

    def test_a_holiday_closes_its_calendar_date_only(self) -> None:
        nights = made(hours=week(("22:00", "02:00")), holidays=["2026-11-25"])  # a Wednesday
        assert nights.segments(utc("2026-11-24T12:00"), 3) == [
            (utc("2026-11-24T22:00"), utc("2026-11-25T00:00")),
            (utc("2026-11-26T00:00"), utc("2026-11-26T02:00")),
            (utc("2026-11-26T22:00"), utc("2026-11-27T02:00")),
        ]

    def test_a_holiday_wins_over_overrides_and_an_override_over_the_week(self) -> None:
        dates = {"2026-11-25": [["10:00", "12:00"]], "2026-11-26": [["10:00", "12:00"]]}
        calendar = made(holidays=["2026-11-25"], overrides=dates)
        assert calendar.segments(utc("2026-11-24T18:00"), 2) == [
            (utc("2026-11-26T10:00"), utc("2026-11-26T12:00")),
            (utc("2026-11-27T09:00"), utc("2026-11-27T17:00")),
        ]

    def test_an_empty_override_closes_the_date_but_not_the_evening_before(self) -> None:
        nights = made(hours=week(("22:00", "02:00")), overrides={"2026-11-25": []})
        assert nights.segments(utc("2026-11-24T12:00"), 2) == [
            (utc("2026-11-24T22:00"), utc("2026-11-25T02:00")),
            (utc("2026-11-26T22:00"), utc("2026-11-27T02:00")),
        ]

    def test_a_break_over_midnight_cuts_both_dates(self) -> None:
        nights = made(hours=week(("20:00", "04:00")), breaks={"2026-11-24": [["23:00", "01:00"]]})
        assert nights.segments(utc("2026-11-24T12:00"), 2) == [
            (utc("2026-11-24T20:00"), utc("2026-11-24T23:00")),
            (utc("2026-11-25T01:00"), utc("2026-11-25T04:00")),
        ]

    def test_toml_dates_and_times_are_understood(self) -> None:
        from datetime import time

        calendar = made(hours={"mon": [[time(9), time(17)]]}, holidays={date(2026, 11, 23): "Founders' day"})
        assert calendar.next_open(utc("2026-11-22T00:00")) == utc("2026-11-30T09:00")
        assert calendar.holiday_on(date(2026, 11, 23)) == "Founders' day"


class TestPauses:
    start = utc("2026-11-23T10:00")

    def due(self, *pauses: tuple[str, str | None], hours: int = 3) -> datetime:
        given = [(utc(begin), utc(end) if end else None) for begin, end in pauses]
        return made().add(self.start, hours * HOUR, given)

    def test_one_pause_is_waited_out(self) -> None:
        assert self.due(("2026-11-23T11:00", "2026-11-23T12:30")) == utc("2026-11-23T14:30")

    def test_overlapping_pauses_count_once_in_any_order(self) -> None:
        pauses = [("2026-11-23T12:00", "2026-11-23T13:00"), ("2026-11-23T11:00", "2026-11-23T12:30")]
        assert self.due(*pauses) == utc("2026-11-23T15:00")

    def test_a_short_pause_inside_a_long_one_does_not_end_it(self) -> None:
        pauses = [("2026-11-23T11:00", "2026-11-23T13:00"), ("2026-11-23T11:30", "2026-11-23T12:00")]
        assert self.due(*pauses) == utc("2026-11-23T15:00")

    def test_only_open_time_is_paused(self) -> None:
        assert self.due(("2026-11-23T16:00", "2026-11-24T10:00"), hours=8) == utc("2026-11-24T12:00")

    def test_a_pause_that_begins_at_the_deadline_changes_nothing(self) -> None:
        assert self.due(("2026-11-23T13:00", "2026-11-23T15:00")) == utc("2026-11-23T13:00")

    def test_a_pause_from_before_the_start(self) -> None:
        assert self.due(("2026-11-20T00:00", "2026-11-23T11:00")) == utc("2026-11-23T14:00")

    def test_a_pause_that_ends_before_it_begins_is_none(self) -> None:
        assert self.due(("2026-11-23T12:00", "2026-11-23T11:00")) == utc("2026-11-23T13:00")

    def test_a_pause_without_an_end_is_left_out_of_the_deadline_but_not_of_elapsed(self) -> None:
        assert self.due(("2026-11-23T11:00", None)) == utc("2026-11-23T13:00")
        passed = made().elapsed(self.start, utc("2026-11-25T10:00"), [(utc("2026-11-23T11:00"), None)])
        assert passed == HOUR

    def test_nothing_to_wait_for_inside_a_pause_is_its_end(self) -> None:
        assert self.due(("2026-11-23T09:00", "2026-11-23T18:00"), hours=0) == utc("2026-11-24T09:00")

    def test_a_pause_of_years(self) -> None:
        assert self.due(("2026-11-23T11:00", "2066-11-22T11:00")) == utc("2066-11-22T13:00")

    def test_counted_intervals_leave_pauses_out(self) -> None:
        pauses = [(utc("2026-11-23T11:00"), utc("2026-11-23T12:00"))]
        assert list(made().intervals(self.start, utc("2026-11-24T09:30"), pauses)) == [
            (utc("2026-11-23T10:00"), utc("2026-11-23T11:00")),
            (utc("2026-11-23T12:00"), utc("2026-11-23T17:00")),
            (utc("2026-11-24T09:00"), utc("2026-11-24T09:30")),
        ]


class TestGoingBack:
    def test_exactly_at_opening_is_the_opening(self) -> None:
        assert made().subtract(utc("2026-11-23T11:00"), 2 * HOUR) == utc("2026-11-23T09:00")

    def test_over_the_weekend(self) -> None:
        assert made().subtract(utc("2026-11-23T10:00"), 2 * HOUR) == utc("2026-11-20T16:00")

    def test_nothing_outside_hours_is_the_last_closing(self) -> None:
        assert made().subtract(utc("2026-11-22T10:00"), 0) == utc("2026-11-20T17:00")
        assert made().subtract(utc("2026-11-20T12:00"), 0) == utc("2026-11-20T12:00")

    def test_years(self) -> None:
        start = utc("2026-11-23T11:00")
        assert made().subtract(start, 1000 * 40 * HOUR) == start - timedelta(weeks=1000)


class TestDays:
    def test_same_wall_time_across_a_clock_change(self) -> None:
        chicago = made("America/Chicago")
        assert chicago.add_days(utc("2026-03-06T16:00"), 1) == utc("2026-03-09T15:00")  # 10:00 both times

    def test_holidays_are_not_counted(self) -> None:
        assert made(holidays=["2026-11-24"]).add_days(utc("2026-11-23T10:00"), 2) == utc("2026-11-26T10:00")

    def test_an_override_makes_a_saturday_count(self) -> None:
        saturday = made(overrides={"2026-11-28": [["09:00", "12:00"]]})
        assert saturday.add_days(utc("2026-11-27T10:00"), 1) == utc("2026-11-28T10:00")

    def test_a_date_that_is_all_break_does_not_count(self) -> None:
        away = made(breaks={"2026-11-24": [["09:00", "17:00"]]})
        assert away.add_days(utc("2026-11-23T10:00"), 1) == utc("2026-11-25T10:00")

    def test_the_morning_after_a_night_shift_is_no_working_day(self) -> None:
        nights = made(hours=week(("22:00", "02:00")))
        assert nights.add_days(utc("2026-11-27T23:00"), 1) == utc("2026-11-30T23:00")

    def test_four_hundred_business_days_are_eighty_weeks(self) -> None:
        start = utc("2026-11-23T10:00")
        assert made().add_days(start, 400) == start + timedelta(weeks=80)

    @pytest.mark.parametrize("n", [-1, 1.5, True, "3"])
    def test_other_numbers_are_refused(self, n: Any) -> None:
        with pytest.raises(ValueError, match="business days"):
            made().add_days(utc("2026-11-23T10:00"), n)


class TestEndOfDay:
    lunch = made(hours=week(("09:00", "12:00"), ("13:00", "17:00")))

    def test_a_midday_gap_does_not_end_the_day_but_is_a_closing(self) -> None:
        assert self.lunch.end_of_day(utc("2026-11-23T10:00")) == utc("2026-11-23T17:00")
        assert self.lunch.next_close(utc("2026-11-23T10:00")) == utc("2026-11-23T12:00")

    def test_after_hours_it_is_the_next_working_day(self) -> None:
        assert self.lunch.end_of_day(utc("2026-11-20T17:00")) == utc("2026-11-23T17:00")

    def test_a_night_shift_ends_the_day_on_which_it_began(self) -> None:
        nights = made(hours=week(("10:00", "12:00"), ("22:00", "02:00")))
        for inside in ("2026-11-23T10:30", "2026-11-23T15:00", "2026-11-23T23:00", "2026-11-24T01:00"):
            assert nights.end_of_day(utc(inside)) == utc("2026-11-24T02:00")
        assert nights.end_of_day(utc("2026-11-24T02:00")) == utc("2026-11-25T02:00")

    def test_a_break_brings_it_forward(self) -> None:
        early = made(breaks={"2026-11-23": [["15:00", "17:00"]]})
        assert early.end_of_day(utc("2026-11-23T10:00")) == utc("2026-11-23T15:00")

    def test_round_the_clock_days_end_at_midnight(self) -> None:
        assert ALWAYS.end_of_day(utc("2026-11-23T10:00")) == utc("2026-11-24T00:00")
        all_week = made("America/Chicago", hours=week(("00:00", "24:00")))
        assert all_week.end_of_day(utc("2026-11-23T10:00")) == utc("2026-11-24T06:00")


class TestAlways:
    def test_it_is_plain_wall_clock_time(self) -> None:
        start = utc("2026-02-27T03:04:05")
        for days in (0, 1, 45, 60, 3650):
            assert ALWAYS.add(start, timedelta(days=days)) == start + timedelta(days=days)
            assert ALWAYS.subtract(start, timedelta(days=days)) == start - timedelta(days=days)
            assert ALWAYS.elapsed(start, start + timedelta(days=days)) == timedelta(days=days)
        assert ALWAYS.is_open(start)
        assert ALWAYS.next_open(start) == start
        assert ALWAYS.always

    def test_clock_changes_take_nothing_away(self) -> None:
        table = {"always": True, "tz": "America/Chicago"}
        chicago = BusinessCalendar.from_mapping(table)
        start = utc("2026-03-08T00:00")
        assert chicago.add(start, 24 * HOUR) == start + 24 * HOUR
        assert chicago.elapsed(utc("2026-01-01T00:00"), utc("2027-01-01T00:00")) == timedelta(days=365)
        assert chicago.add_days(utc("2026-03-07T12:00"), 1) == utc("2026-03-08T11:00")  # 06:00 both times

    def test_pauses_stop_it(self) -> None:
        start = utc("2026-11-21T00:00")
        assert ALWAYS.add(start, 8 * HOUR, [(start + HOUR, start + 3 * HOUR)]) == start + 10 * HOUR

    def test_it_has_no_closing(self) -> None:
        with pytest.raises(OutOfHours, match="never closes"):
            ALWAYS.next_close(utc("2026-11-21T00:00"))
        assert list(ALWAYS.intervals(utc("2026-11-21T00:00"), utc("2027-11-21T00:00"))) == [
            (utc("2026-11-21T00:00"), utc("2027-11-21T00:00"))
        ]

    def test_hours_that_fill_the_week_but_for_a_holiday_do_close(self) -> None:
        full = made(hours=week(("00:00", "24:00"), days=(*WORKDAYS, "sat", "sun")), holidays=["2060-05-05"])
        assert full.next_close(utc("2026-11-21T00:00")) == utc("2060-05-05T00:00")
        with pytest.raises(OutOfHours, match="never closes"):
            full.next_close(utc("2060-05-05T00:00"))


class TestRunningOut:
    one_day = made(hours={"sun": []}, overrides={"2026-11-25": [["09:00", "17:00"]]})

    def test_overrides_alone_are_a_calendar(self) -> None:
        assert self.one_day.add(utc("2020-01-01T00:00"), 8 * HOUR) == utc("2026-11-25T17:00")
        assert self.one_day.subtract(utc("2090-01-01T00:00"), 8 * HOUR) == utc("2026-11-25T09:00")

    def test_the_end_of_open_time_is_said_clearly(self) -> None:
        with pytest.raises(OutOfHours, match="no open hours beyond") as error:
            self.one_day.add(utc("2020-01-01T00:00"), 8 * HOUR + timedelta(seconds=1))
        assert "\n" not in str(error.value)
        assert isinstance(error.value, PolicyError)
        for ask in (self.one_day.next_open, self.one_day.next_close, self.one_day.end_of_day):
            with pytest.raises(OutOfHours):
                ask(utc("2026-11-25T17:00"))
        with pytest.raises(OutOfHours):
            self.one_day.subtract(utc("2026-11-25T10:00"), 2 * HOUR)
        with pytest.raises(OutOfHours, match="no working days"):
            self.one_day.add_days(utc("2026-11-25T10:00"), 1)

    def test_segments_end_where_open_time_does(self) -> None:
        assert len(self.one_day.segments(utc("2020-01-01T00:00"), 5)) == 1
        assert self.one_day.segments(utc("2026-11-26T00:00"), 5) == []
        assert self.one_day.elapsed(utc("2020-01-01T00:00"), utc("2050-01-01T00:00")) == 8 * HOUR

    def test_overrides_far_apart_are_all_found(self) -> None:
        dates = {f"{year}-06-01": [["09:00", "10:00"]] for year in (1950, 2026, 2150)}
        rare = made(hours={"sun": []}, overrides=dates)
        assert rare.add(utc("2026-07-01T00:00"), HOUR) == utc("2150-06-01T10:00")
        assert rare.subtract(utc("2026-01-01T00:00"), HOUR) == utc("1950-06-01T09:00")

    def test_absurd_durations_are_refused_at_once(self) -> None:
        with pytest.raises(OutOfHours, match="shorten the duration"):
            made().add(utc("2026-01-01T00:00"), timedelta.max)
        with pytest.raises(OutOfHours, match="shorten the duration"):
            made().add_days(utc("2026-01-01T00:00"), 10**12)

    def test_instants_at_the_ends_of_time_are_refused(self) -> None:
        for at in (utc("0001-01-01T00:00"), utc("9999-12-31T00:00")):
            with pytest.raises(ValueError, match="between the years"):
                made().add(at, HOUR)


class TestAsking:
    def test_naive_datetimes_are_refused_everywhere(self) -> None:
        naive = datetime(2026, 11, 23, 10)  # noqa: DTZ001 - that is the point
        aware, calendar = utc("2026-11-23T10:00"), made()
        asks = [
            lambda: calendar.add(naive, HOUR), lambda: calendar.subtract(naive, HOUR),
            lambda: calendar.elapsed(naive, aware), lambda: calendar.elapsed(aware, naive),
            lambda: calendar.is_open(naive), lambda: calendar.next_open(naive), lambda: calendar.next_close(naive),
            lambda: calendar.end_of_day(naive), lambda: calendar.add_days(naive, 1),
            lambda: calendar.segments(naive, 1), lambda: list(calendar.intervals(naive, aware)),
            lambda: calendar.add(aware, HOUR, [(naive, aware)]), lambda: calendar.add(aware, HOUR, [(aware, naive)]),
        ]  # fmt: skip
        for ask in asks:
            with pytest.raises(ValueError, match="needs a time zone"):
                ask()

    @pytest.mark.parametrize("duration", [-1, timedelta(seconds=-1), 1.5, True, "1 hour", None])
    def test_durations_that_are_none(self, duration: Any) -> None:
        with pytest.raises(ValueError, match="duration"):
            made().add(utc("2026-11-23T10:00"), duration)

    def test_segments_go_after_or_before(self) -> None:
        with pytest.raises(ValueError, match="direction"):
            made().segments(utc("2026-11-23T10:00"), 1, "sideways")  # type: ignore[arg-type]

    def test_is_open_is_half_open(self) -> None:
        assert made().is_open(utc("2026-11-23T09:00"))
        assert made().is_open(utc("2026-11-23T16:59:59"))
        assert not made().is_open(utc("2026-11-23T17:00"))
        assert not made().is_open(utc("2026-11-23T08:59:59"))

    def test_elapsed_backwards_is_nothing(self) -> None:
        assert made().elapsed(utc("2026-11-23T12:00"), utc("2026-11-23T10:00")) == timedelta(0)

    def test_holidays_in_between_can_be_explained(self) -> None:
        dates = {"2026-11-26": "Thanksgiving", "2026-11-28": "a Saturday"}
        calendar = made("America/Chicago", holidays=dates)
        assert calendar.holidays_between(utc("2026-11-25T12:00"), utc("2026-11-30T12:00")) == [
            (date(2026, 11, 26), "Thanksgiving")
        ]
        assert calendar.holiday_on(date(2026, 11, 27)) == ""
        assert made(holidays=["2026-11-26"]).holiday_on(date(2026, 11, 26)) == "holiday"

    def test_calendars_can_be_copied_and_pickled(self) -> None:
        calendar, start = made("America/Chicago"), utc("2026-11-23T10:00")
        due = calendar.add(start, 9 * HOUR)
        for other in (copy.deepcopy(calendar), pickle.loads(pickle.dumps(calendar))):
            assert other.add(start, 9 * HOUR) == due
        assert "America/Chicago" in repr(calendar)

    def test_the_order_of_questions_does_not_matter(self) -> None:
        """Tables widen to both sides as questions come; the answers stay those of a fresh calendar."""
        used = made("Europe/Berlin", holidays=["2026-12-25", "1990-05-01", "2050-06-06"])
        starts = [utc(f"{year}-03-28T05:00") for year in (2026, 1990, 2050, 1950, 2026, 2199)]
        for start in starts:
            fresh = made("Europe/Berlin", holidays=["2026-12-25", "1990-05-01", "2050-06-06"])
            for hours in (5, 500, 50_000):
                assert used.add(start, hours * HOUR) == fresh.add(start, hours * HOUR)
                assert used.subtract(start, hours * HOUR) == fresh.subtract(start, hours * HOUR)

    def test_it_may_be_shared_between_threads(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        starts = [utc(f"{year}-06-01T12:00") for year in range(1960, 2090)]
        wanted = [made("America/Chicago").add(start, 5000 * HOUR) for start in starts]
        shared = made("America/Chicago")
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda start: shared.add(start, 5000 * HOUR), starts)) == wanted


class TestPublicHolidays:
    def test_they_close_the_desk(self) -> None:
        calendar = made("America/Chicago", country="US")
        # Thanksgiving is Thursday 2026-11-26.
        assert calendar.next_open(utc("2026-11-26T12:00")) == utc("2026-11-27T15:00")
        assert calendar.holiday_on(date(2026, 11, 26))
        assert calendar.add_days(utc("2026-11-25T16:00"), 1) == utc("2026-11-27T16:00")

    def test_a_region_has_its_own(self) -> None:
        # Epiphany (2026-01-06, a Tuesday) is a holiday in Bavaria, not in Berlin.
        bavaria = made("Europe/Berlin", country="DE", region="BY")
        berlin = made("Europe/Berlin", country="DE", region="BE")
        assert not bavaria.is_open(utc("2026-01-06T10:00"))
        assert berlin.is_open(utc("2026-01-06T10:00"))

    def test_ones_own_dates_come_on_top(self) -> None:
        calendar = made("Europe/Berlin", country="DE", holidays={"2026-12-24": "Christmas Eve"})
        assert calendar.next_open(utc("2026-12-23T17:00")) == utc("2026-12-28T08:00")

    def test_years_that_the_library_knows_little_of_are_quiet(self, recwarn: pytest.WarningsRecorder) -> None:
        calendar = made("Asia/Kolkata", country="IN")
        assert calendar.elapsed(utc("2060-01-01T00:00"), utc("2061-01-01T00:00")) > timedelta(0)
        assert not recwarn.list

    def test_hours_that_are_always_holidays_end_the_search(self) -> None:
        class Sundays(PublicHolidays):
            def year(self, year: int) -> dict[int, str]:
                first = day_number(date(year, 1, 1))
                return {day: "Sunday" for day in range(first, first + 366) if day % 7 == 6}

        sundays = [()] * 6 + [((9 * 3600, 17 * 3600),)]
        hours = WallHours(sundays, overrides={}, breaks={}, holidays={}, public=Sundays("SE"))
        calendar = BusinessCalendar(hours, ZoneInfo("Europe/Stockholm"), name="weekend")
        with pytest.raises(OutOfHours, match="weekend: no open hours"):
            calendar.add(utc("2026-11-21T00:00"), HOUR)
        with pytest.raises(OutOfHours, match="weekend: no open hours"):
            calendar.subtract(utc("2026-11-21T00:00"), HOUR)

    def test_the_library_is_not_imported_without_a_country(self) -> None:
        import subprocess
        import sys

        program = (
            "import sys; from supporttui.policy.calendar import BusinessCalendar as C;"
            "C.from_mapping({'tz': 'UTC', 'hours': {'mon': [['09:00', '17:00']]}, 'holidays': ['2026-12-25']});"
            "sys.exit('holidays' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


class TestFaults:
    """Every fault in a file is one line that names the key and, where there is one, the nearest valid word."""

    @pytest.mark.parametrize(
        ("table", "key", "says"),
        [
            ({"hours": week(("09:00", "17:00"))}, "tz", "no time zone"),
            ({"tz": "America/Chigago"}, "tz", "'America/Chicago'"),
            ({"tz": "../../etc/passwd"}, "tz", "no time zone"),
            ({"tz": 5}, "tz", "no time zone"),
            ({"tz": "UTC", "hour": {}}, "hour", "'hours'"),
            ({"tz": "UTC", "zzz": {}}, "zzz", "the keys are tz"),
            ({"tz": "UTC", "hours": {"mo": []}}, "hours.mo", "'mon'"),
            ({"tz": "UTC", "hours": [1]}, "hours", "not a table"),
            ({"tz": "UTC", "hours": {"mon": "09:00-17:00"}}, "hours.mon", "not a list of spans"),
            ({"tz": "UTC", "hours": {"mon": [["09:00"]]}}, "hours.mon", "not a span"),
            ({"tz": "UTC", "hours": {"mon": [["9 am", "17:00"]]}}, "hours.mon", "'9 am' is not a time"),
            ({"tz": "UTC", "hours": {"mon": [["09:00", "24:01"]]}}, "hours.mon", "'24:01' is not a time"),
            ({"tz": "UTC", "hours": {"mon": [["09:60", "17:00"]]}}, "hours.mon", "'09:60' is not a time"),
            ({"tz": "UTC", "hours": {"mon": [["24:00", "02:00"]]}}, "hours.mon", "can't begin at 24:00"),
            ({"tz": "UTC", "hours": {"mon": [[9, 17]]}}, "hours.mon", "9 is not a time"),
            ({"tz": "UTC", "holidays": ["2026-02-30"]}, "holidays", "'2026-02-30' is not a date"),
            ({"tz": "UTC", "holidays": "2026-02-20"}, "holidays", "not a list of dates"),
            ({"tz": "UTC", "holidays": 7}, "holidays", "not a list of dates"),
            ({"tz": "UTC", "overrides": {"xmas": []}}, "overrides", "'xmas' is not a date"),
            ({"tz": "UTC", "breaks": []}, "breaks", "not a table"),
            ({"tz": "UTC"}, "hours", "no open hours"),
            ({"tz": "UTC", "hours": {"mon": []}}, "hours", "no open hours"),
            (
                {"tz": "UTC", "overrides": {"2026-01-01": [["09:00", "17:00"]]}, "holidays": ["2026-01-01"]},
                "hours",
                "no open hours",
            ),
            (
                {
                    "tz": "UTC",
                    "overrides": {"2026-01-01": [["09:00", "17:00"]]},
                    "breaks": {"2026-01-01": [["08:00", "18:00"]]},
                },
                "hours",
                "no open hours",
            ),
            ({"always": "yes"}, "always", "not true or false"),
            ({"always": True, "hours": {}}, "hours", "always open"),
            ({"always": True, "tz": "Nowhere"}, "tz", "no time zone"),
            ({"tz": "UTC", "country": "us", "hours": week(("09:00", "17:00"))}, "country", "'US'"),
            ({"tz": "UTC", "country": 1, "hours": week(("09:00", "17:00"))}, "country", "no public holidays"),
            ({"tz": "UTC", "country": "DE", "region": "Bayern"}, "region", "no region 'Bayern'"),
            ({"tz": "UTC", "region": "BY"}, "region", "needs a country"),
        ],
    )
    def test_fault(self, table: dict[str, Any], key: str, says: str) -> None:
        with pytest.raises(PolicyError) as error:
            BusinessCalendar.from_mapping(table, name="calendars.support")
        message = str(error.value)
        assert message.startswith(f"calendars.support.{key}: ")
        assert says in message
        assert "\n" not in message

    def test_a_calendar_is_a_table(self) -> None:
        with pytest.raises(PolicyError, match="not a table"):
            BusinessCalendar.from_mapping(["mon"])  # type: ignore[arg-type]

    def test_zones_may_be_given_for_round_the_clock(self) -> None:
        assert BusinessCalendar.round_the_clock(ZoneInfo("Asia/Tokyo")).zone.key == "Asia/Tokyo"
