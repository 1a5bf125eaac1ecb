"""`set` and `tag`: several fields in one transaction, guarded by the version that was seen."""

from __future__ import annotations


def test_set_changes_what_is_named_and_nothing_else(cli):
    number = cli.report("a", severity=3, customer="Acme")
    shown = cli.json(
        "set", number, "--severity", "1", "--owner", "@me", "--product", "HyperIP", "--subject", "b"
    )
    assert (shown["severity"], shown["owner"], shown["product"], shown["subject"]) == (
        1,
        "ana",
        "HyperIP",
        "b",
    )
    assert shown["customer"] == "Acme"
    assert shown["next_due_at"] == "2026-11-20T22:00:00Z"


def test_an_empty_value_clears(cli):
    number = cli.report(owner="raj", customer="Acme")
    shown = cli.json("set", number, "--owner", "", "--customer", "")
    assert (shown["owner"], shown["customer"]) == ("", "")


def test_all_or_nothing(cli):
    number = cli.report(owner="raj")
    before = cli.json("show", number)
    cli.bad(64, "set", number, "--owner", "ana", "--product", "P", "--status", "opne")
    assert cli.json("show", number) == before


def test_the_workflow_is_the_policys(cli):
    number = cli.report()
    cli.good("close", number)
    said = cli.bad(77, "set", number, "--status", "waiting-customer", "--owner", "raj")
    assert "closed to waiting-customer" in said
    assert cli.json("show", number)["owner"] == ""


def test_one_undo_takes_all_of_it_back(cli):
    number = cli.report("a", severity=3)
    cli.good("set", number, "--severity", "2", "--owner", "raj", "--status", "open", "--customer", "Acme")
    cli.good("undo", number)
    shown = cli.json("show", number)
    assert (shown["severity"], shown["owner"], shown["status"], shown["customer"]) == (3, "", "new", "")


def test_the_description_from_standard_input(cli):
    number = cli.report()
    assert (
        cli.json("set", number, "--description", "-", stdin="from a pipe\n")["description"] == "from a pipe"
    )


def test_nothing_to_set_is_an_error(cli):
    assert "nothing to set" in cli.bad(64, "set", cli.report())


def test_a_stale_screen_is_refused_with_what_changed_and_by_whom(cli):
    number = cli.report()
    seen = cli.json("show", number)["version"]
    cli.environ["SUPPORTTUI_USER"] = "raj"
    cli.good("set", number, "--severity", "1")
    cli.environ["SUPPORTTUI_USER"] = "ana"
    for words in (
        ["set", number, "--owner", "ana"],
        ["ack", number, "1h"],
        ["reply", number, "x"],
        ["close", number],
    ):
        said = cli.bad(75, *words, "--if-version", seen)
        assert "raj" in said and "severity" in said
    now = cli.json("show", number)["version"]
    cli.good("set", number, "--owner", "ana", "--if-version", now)


def test_a_version_that_never_was(cli):
    number = cli.report()
    assert "look at it again" in cli.bad(75, "set", number, "--owner", "x", "--if-version", "99")
    cli.bad(64, "set", number, "--owner", "x", "--if-version", "0")


def test_tags_come_and_go(cli):
    number = cli.report()
    assert cli.json("tag", number, "vpn", "+wan")["tags"] == ["vpn", "wan"]
    assert cli.json("tag", number, "-vpn", "lan")["tags"] == ["lan", "wan"]
    assert "tagged lan wan" in cli.good("tag", number, "wan").out
    assert cli.json("tag", number, "x", "-wan")["tags"] == ["lan", "x"]
    assert cli.json("tag", number, "-x")["tags"] == ["lan"]
    cli.bad(64, "tag", number)
    assert "'a b' can't be a tag: one word" in cli.bad(64, "tag", number, "a b")
    said = cli.bad(64, "tag", number, "x" * 5000)
    assert len(said) < 120 and said.endswith("at most 60 characters")
