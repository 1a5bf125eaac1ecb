"""Durations the way policies are written, and one sentence for each that can't be read."""

from __future__ import annotations

import pytest

from supporttui.policy.durations import Duration, nearest, parse_duration, parse_warn, spoken


@pytest.mark.parametrize(
    ("text", "unit", "count"),
    [
        ("8 hours", "elapsed", 8 * 3600),
        ("90 min", "elapsed", 90 * 60),
        ("90m", "elapsed", 90 * 60),
        ("45 s", "elapsed", 45),
        ("3 days", "elapsed", 3 * 86400),
        ("2 weeks", "elapsed", 14 * 86400),
        ("1.5 hours", "elapsed", 5400),
        ("1 hour 30 min", "elapsed", 5400),
        ("1 day, 2 h and 5 min", "elapsed", 86400 + 7200 + 300),
        ("  3   DAYS ", "elapsed", 3 * 86400),
        ("at once", "elapsed", 0),
        ("1 month", "months", 1),
        ("2 years", "months", 24),
        ("4 business hours", "business", 4 * 3600),
        ("30 business minutes", "business", 1800),
        ("1 business hour 30 business min", "business", 5400),
        ("2 business days", "business-days", 2),
        ("2 working days", "business-days", 2),
        ("end of business day", "end-of-day", 0),
        ("the end of the business day", "end-of-day", 0),
        ("end of next business day", "end-of-day", 1),
    ],
)
def test_what_people_write(text: str, unit: str, count: int) -> None:
    duration = parse_duration(text)
    assert (duration.unit, duration.count) == (unit, count)
    assert str(duration) == text


@pytest.mark.parametrize(
    ("text", "hundredths", "target"),
    [
        ("50% of response", 5000, "response"),
        ("50 % of the resolution", 5000, "resolution"),
        ("100% over resolution", 20000, "resolution"),
        ("50% over workaround", 15000, "workaround"),
        ("12.5% of response", 1250, "response"),
    ],
)
def test_percentages_are_of_the_whole_target(text: str, hundredths: int, target: str) -> None:
    duration = parse_duration(text)
    assert (duration.unit, duration.count, duration.target) == ("percent", hundredths, target)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "an empty duration"),
        ("8 horus", "no unit of time 'horus' in '8 horus'; did you mean 'hours'?"),
        ("8", "can't read the duration '8'"),
        ("three days", "can't read the duration 'three days'"),
        ("-3 h", "'-3 h' is negative"),
        ("1 hour 2 business hours", "mixes kinds of time"),
        ("1 month 2 days", "mixes kinds of time"),
        ("0.5 business days", "not a whole number of business days"),
        ("1.5 s", "not a whole number of seconds"),
        ("2 business weeks", "a business week in '2 business weeks' is not defined"),
        ("50%", "can't read the percentage '50%'"),
        ("0% of response", "must be more than zero"),
        ("50% of respons", "no target 'respons'; did you mean 'response'?"),
        ("200 years", "at most 100 years"),
        ("99999999 weeks", "at most 100 years"),
    ],
)
def test_each_error_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ValueError) as error:
        parse_duration(text)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_the_same_length_is_equal_however_it_is_written() -> None:
    assert parse_duration("24 hours") == parse_duration("1 day")
    assert hash(parse_duration("24 hours")) == hash(parse_duration("1 day"))
    assert parse_duration("24 hours") != parse_duration("24 business hours")
    assert parse_duration("1 month") != parse_duration("30 days")
    assert Duration("elapsed", 5) != "5 elapsed"


def test_warnings() -> None:
    assert parse_warn("75%").hundredths == 7500
    assert parse_warn("30 min before").before == parse_duration("30 min")
    assert parse_warn("0.5 h before") == parse_warn("30 min before")
    assert parse_warn("30 min before").slug == parse_warn("1800 s before").slug
    assert parse_warn("30 min before").slug != parse_warn("30 business min before").slug


@pytest.mark.parametrize(
    "text", ["0%", "100%", "soon", "1 month before", "2 business days before", "0 min before"]
)
def test_a_warning_must_come_before_the_end(text: str) -> None:
    with pytest.raises(ValueError):
        parse_warn(text)


def test_spoken() -> None:
    assert spoken(93784) == "1 d 2 h 3 min 4 s"
    assert spoken(93784, days=False) == "26 h 3 min 4 s"
    assert spoken(0) == "0 s"
    assert spoken(-60) == "-1 min"


def test_nearest_names_the_word_or_the_choice() -> None:
    assert nearest("directer", ["owner", "director"]) == "; did you mean 'director'?"
    assert nearest("xyz", ["owner", "director"]) == "; one of owner, director"
    assert nearest("xyz", []) == ""
