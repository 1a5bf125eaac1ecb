"""Quiet hours and severities as analysts write them, and what is said of those that can't be read."""

from __future__ import annotations

import pytest

from supporttui.terminal.quiet import quiet_hours, severities


def minutes(text: str) -> int:
    hours, _, rest = text.partition(":")
    return int(hours) * 60 + int(rest)


@pytest.mark.parametrize(
    ("at", "severity", "quiet"),
    [
        ("22:00", 2, True), ("21:59", 2, False), ("06:59", 4, True), ("07:00", 4, False), ("00:00", 3, True),
        ("23:30", 1, False), ("23:30", 5, False),
    ],
)  # fmt: skip
def test_a_span_over_midnight(at: str, severity: int, quiet: bool) -> None:
    (span,) = quiet_hours("22:00-07:00 sev 2-4")
    assert span.covers(severity, minutes(at)) is quiet


def test_several_spans_and_the_end_of_the_day() -> None:
    night, noon = quiet_hours(" 20:00 - 24:00 sev 3 ;12:00-13:00 severity: 1,4; ")
    assert night.covers(3, minutes("23:59")) and not night.covers(3, 0)
    assert noon.covers(1, minutes("12:00")) and noon.covers(4, minutes("12:59")) and not noon.covers(4, 780)


def test_without_severities_a_span_is_for_all_but_the_first() -> None:
    (span,) = quiet_hours("22:00-07:00")
    assert [severity for severity in range(1, 6) if span.covers(severity, 0)] == [2, 3, 4, 5]


def test_nothing_is_no_span() -> None:
    assert quiet_hours("") == quiet_hours(" ; ") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at night", "'at night' is no span of quiet hours; write it as 22:00-07:00 sev 2-4"),
        ("22:00-25:00", "25:00 is no time of day"),
        ("22:70-07:00", "22:70 is no time of day"),
        ("07:00-07:00", "begins when it ends"),
        ("00:00-24:00", "begins when it ends"),
        ("22:00-07:00 sev x", "'x' is no severity; write them as 1, 1-2 or 2,4"),
        ("22:00-07:00 sev 4-2", "'4-2' is no severity"),
        ("22:00-07:00 sev 0", "'0' is no severity"),
        ("٢٢:00-07:00", "is no span"),
    ],
)
def test_what_can_not_be_read_is_quoted(text: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        quiet_hours(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("1", {1}), ("1-2", {1, 2}), ("2, 4", {2, 4}), ("off", set()), ("OFF", set()), ("", set())],
)
def test_severities(text: str, numbers: set[int]) -> None:
    assert severities(text) == numbers


@pytest.mark.parametrize("text", ["one", "1-", "-2", "10", "²", "1,,2"])
def test_no_severities(text: str) -> None:
    with pytest.raises(ValueError, match="is no severity"):
        severities(text)
