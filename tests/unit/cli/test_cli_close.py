"""`resolve`, `close`, `reopen`."""

from __future__ import annotations


def test_the_whole_way(cli):
    number = cli.report(severity=1)
    assert cli.json("resolve", number, "Patched.")["status"] == "resolved"
    assert cli.json("close", number, "customer agrees")["closed_at"] == "2026-11-20T14:00:00Z"
    shown = cli.json("reopen", number, "it is back")
    assert (shown["status"], shown["resolved_at"], shown["closed_at"]) == ("open", None, None)
    kinds = [entry["kind"] for entry in cli.json("show", number)["journal"]]
    assert kinds[0] == "reported" and {"reply", "resolved", "closed", "reopened"} <= set(kinds)


def test_nothing_runs_on_after_the_end(cli):
    number = cli.report(severity=1)
    cli.good("resolve", number)
    cli.clock.advance(days=2)
    assert cli.json("tick")["fired"] == []
    assert cli.json("deadlines") == []


def test_what_is_done_is_not_done_again(cli):
    number = cli.report()
    assert "only a resolved or closed one" in cli.bad(77, "reopen", number)
    cli.good("close", number)
    assert "closed already" in cli.bad(77, "close", number)
    assert "is closed already" in cli.bad(77, "resolve", number)


def test_text_from_standard_input(cli):
    number = cli.report()
    cli.good("resolve", number, "-", stdin="Fixed in 6.2\n")
    assert "Fixed in 6.2" in [entry["text"] for entry in cli.json("show", number)["journal"]]
