"""`log`: time worked."""

from __future__ import annotations

import pytest


def test_it_adds_up(cli):
    number = cli.report()
    cli.good("log", number, "45", "read the dump")
    assert cli.json("log", number, "1h30m")["minutes_logged"] == 135
    cli.good("undo", number)
    assert cli.json("show", number)["minutes_logged"] == 45


@pytest.mark.parametrize("time", ["0", "1441", "30s", "soon", "-5", "9" * 30])
def test_times_that_cannot_be_logged(cli, time):
    number = cli.report()
    cli.bad(64, "log", number, time)
    assert cli.json("show", number)["minutes_logged"] == 0


@pytest.mark.parametrize(
    ("time", "minutes"), [("1h30", 90), ("1:30", 90), ("1.5h", 90), ("0:05", 5), ("2h", 120)]
)
def test_times_are_written_as_in_the_console(cli, time, minutes):
    assert cli.json("log", cli.report(), time, "the dump")["minutes_logged"] == minutes


def test_a_time_that_is_none_is_answered_with_those_that_are(cli):
    assert "1h30 or 1:30" in cli.bad(64, "log", cli.report(), "1x30")


def test_an_option_with_the_word_in_it_is_the_one_that_was_meant(cli):
    assert "did you mean '--contact-phone'?" in cli.bad(64, "report", "x", "--phone", "1")
