"""`deadlines`, `explain`, `tick`: the clock seen from the command line."""

from __future__ import annotations

PROMISED = {"ticket", "kind", "role", "due_at", "state", "fired_at"}


def test_deadlines_is_a_list_with_what_was_promised(cli):
    number = cli.report(severity=1)
    found = cli.json("deadlines")
    assert [(line["ticket"], line["role"], line["due_at"], line["state"]) for line in found] == [
        (number, "director", "2026-11-20T22:00:00Z", "armed"),
        (number, "president", "2026-11-21T14:00:00Z", "armed"),
    ]
    assert all(set(line) >= PROMISED for line in found)
    assert found[0]["remaining_seconds"] == 8 * 3600


def test_tick_fires_what_is_due_once(cli):
    number = cli.report(severity=1)
    assert cli.json("tick")["fired"] == []
    cli.clock.advance(hours=8)
    done = cli.json("tick")
    assert [(line["ticket"], line["role"], line["state"]) for line in done["fired"]] == [
        (number, "director", "fired")
    ]
    assert done["next_due_at"] == "2026-11-21T14:00:00Z"
    assert cli.json("tick")["fired"] == []
    assert cli.good("tick", "--quiet").out == ""
    assert cli.good("tick").out == "0 fired, next due Sat 21 Nov 2026 14:00 UTC\n"


def test_tick_says_what_it_fired(cli):
    cli.report(severity=1)
    cli.clock.advance(hours=30)
    out = cli.good("tick", "--quiet").out
    assert (
        "Director of Customer Services" in out and "President and General Manager" in out and "2 fired" in out
    )


def test_looking_ahead_writes_nothing(cli):
    number = cli.report(severity=1)
    before = cli.json("show", number)
    ahead = cli.json("deadlines", "--at", "2026-11-20 22:00")
    assert [(line["state"], line["fired_at"], line["would_fire"]) for line in ahead] == [
        ("fired", None, True),
        ("armed", None, False),
    ]
    assert [line["state"] for line in cli.json("deadlines", "--at", "2026-11-20 21:59:59")] == [
        "armed",
        "armed",
    ]
    assert "would fire" in cli.good("deadlines", "--at", "in 9h").out
    assert cli.json("show", number) == before
    assert cli.json("tick")["fired"] == []


def test_only_what_is_over(cli):
    cli.report(severity=1)
    assert cli.json("deadlines", "--overdue") == []
    assert cli.good("deadlines", "--overdue").out == "nothing is overdue\n"
    assert len(cli.json("deadlines", "--overdue", "--at", "in 25h")) == 2
    cli.clock.advance(hours=9)
    assert len(cli.json("deadlines", "--overdue")) == 1
    cli.good("tick")
    assert [line["state"] for line in cli.json("deadlines", "--overdue")] == ["fired"]


def test_fired_ones_come_first_and_one_ticket_shows_all(cli):
    calm, burning = cli.report(severity=4), cli.report(severity=1)
    cli.clock.advance(hours=8)
    cli.good("tick")
    assert [line["ticket"] for line in cli.json("deadlines")] == [burning, burning, calm, calm]
    cli.good("resolve", burning)
    assert {line["state"] for line in cli.json("deadlines", burning)} >= {"void"}
    assert "no ticket 99" in cli.bad(66, "deadlines", "99")


def test_a_page_of_text_says_that_it_is_one(cli):
    cli.environ["SUPPORTTUI_PAGE"] = "1"
    cli.report(severity=1)
    result = cli.good("deadlines")
    assert len(result.lines) == 2 and "first 1 deadlines" in result.err
    assert len(cli.good("deadlines", "--limit", "9").lines) == 3
    assert len(cli.json("deadlines")) == 2
    assert len(cli.json("deadlines", "--limit", "1")) == 1


def test_nothing_runs(cli):
    assert cli.good("deadlines").out == "no deadline runs\n"
    assert cli.json("deadlines") == []
    assert cli.good("tick").out == "0 fired, next due none\n"


def test_explain_names_the_rule_and_the_result(cli):
    number = cli.report(severity=1)
    out = cli.good("explain", number).out
    assert "Director of Customer Services" in out and "severity 1" in out
    found = cli.json("explain", number)
    assert [(one["ticket"], one["role"], one["due_at"]) for one in found] == [
        (number, "director", "2026-11-20T22:00:00Z"),
        (number, "president", "2026-11-21T14:00:00Z"),
    ]
    assert all(one["lines"] for one in found)
    assert len(cli.good("explain", number, "--tsv").lines) > 2
    assert "no ticket 99" in cli.bad(66, "explain", "99")


def test_explain_agrees_with_show_through_a_history(cli):
    number = cli.report(severity=3)
    cli.clock.advance(days=2)
    cli.good("set", number, "--severity", "1")
    cli.good("tick")
    cli.good("reply", number, "x", "--status", "waiting-customer")
    cli.good("resolve", number)
    cli.clock.advance(days=1)
    cli.good("reopen", number)
    explained = {one["key"]: (one["due_at"], one["state"]) for one in cli.json("explain", number)}
    shown = {one["key"]: (one["due_at"], one["state"]) for one in cli.json("show", number)["deadlines"]}
    assert {key: shown[key] for key in explained} == explained
