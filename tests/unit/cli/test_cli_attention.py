"""`ack`, `snooze`, `escalate`."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", [["2h"], ["16:00"], ["in", "2h"], ["+120m"], ["2026-11-20T16:00:00Z"], ["--until", "in 2h"]]
)
def test_an_acknowledgement_says_by_when(cli, words):
    number = cli.report(severity=1)
    assert cli.json("ack", number, *words)["acknowledged_until"] == "2026-11-20T16:00:00Z"


def test_it_marks_what_fired(cli):
    number = cli.report(severity=1)
    cli.clock.advance(hours=8)
    cli.good("tick")
    cli.good("ack", number, "30m", "--text", "calling now")
    rung = cli.json("show", number)["deadlines"][0]
    assert (rung["role"], rung["state"], rung["fired_at"]) == (
        "director",
        "acknowledged",
        "2026-11-20T22:00:00Z",
    )


def test_bad_times(cli):
    number = cli.report(severity=1)
    assert "is missing" in cli.bad(64, "ack", number)
    assert "must lie ahead" in cli.bad(64, "ack", number, "13:00")
    assert "is not a time" in cli.bad(64, "ack", number, "later")
    assert "given twice" in cli.bad(64, "ack", number, "2h", "--until", "3h")
    assert "centur" in cli.bad(64, "ack", number, "9999999w")


def test_snooze_and_back(cli):
    number = cli.report()
    assert cli.json("snooze", number, "tomorrow", "9:00")["snoozed_until"] == "2026-11-21T09:00:00Z"
    assert cli.json("snooze", number, "--off")["snoozed_until"] is None
    assert "either" in cli.bad(64, "snooze", number, "2h", "--off")
    assert "is missing" in cli.bad(64, "snooze", number)


def test_escalating_by_hand_tells_the_next_role(cli):
    number = cli.report(severity=2)
    cli.good("escalate", number, "--text", "customer is furious")
    entry = cli.json("show", number)["journal"][-1]
    assert (entry["kind"], entry["data"]["role"], entry["text"]) == (
        "escalated",
        "director",
        "customer is furious",
    )
    cli.good("escalate", number, "president")
    assert "no rung left" in cli.bad(77, "escalate", number)
    assert "did you mean 'director'?" in cli.bad(64, "escalate", cli.report(), "directer")


def test_a_rung_that_fired_meanwhile_makes_the_screen_stale(cli):
    number = cli.report(severity=1)
    seen = cli.json("show", number)["version"]
    cli.clock.advance(hours=8)
    cli.good("tick")
    assert "escalated" in cli.bad(75, "ack", number, "1h", "--if-version", seen)
    assert "escalated" in cli.bad(75, "escalate", number, "--if-version", seen)
