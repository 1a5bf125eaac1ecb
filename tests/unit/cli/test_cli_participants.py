"""`participant`."""

from __future__ import annotations

import pytest


@pytest.fixture
def number(cli):
    return cli.json("report", "abends", "--severity", "3", "--contact-email", "joe@acme.example")["number"]


def test_who_takes_part_is_added_listed_removed_and_undone(cli, number):
    assert (
        "nobody takes part in ticket 1 but its contact, joe@acme.example"
        in cli.good("participant", number).out
    )
    assert cli.json("participant", number, "--add", "Ann@Acme.example", "--name", "Ann Lee") == [
        {"ticket": number, "email": "ann@acme.example", "name": "Ann Lee"}
    ]
    shown = cli.good("participant", number).out
    assert "joe@acme.example" in shown and "ann@acme.example" in shown
    assert cli.json("participant", number, "--remove", "ann@acme.example") == []
    cli.good("undo")
    assert [one["email"] for one in cli.json("participant", number)] == ["ann@acme.example"]
    assert [one["email"] for one in cli.json("show", number)["participants"]] == ["ann@acme.example"]
    assert "ann@acme.example" in cli.good("show", number).out


@pytest.mark.parametrize(
    ("code", "arguments", "line"),
    [
        (64, ("--add", "ann"), "is no e-mail address"),
        (77, ("--add", "joe@acme.example"), "the contact of ticket 1 already"),
        (64, ("--name", "Ann"), "--name goes with --add"),
        (66, ("--remove", "kim@acme.example"), "takes no part"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line(cli, number, code, arguments, line):
    assert line in cli.bad(code, "participant", number, *arguments)


def test_hostile_names_reach_the_terminal_harmless(cli, number):
    found = cli.good("participant", number, "--add", "ann@acme.example", "--name", "A\x1b]0;x\x07nn")
    assert "\x1b" not in found.out and "\x07" not in found.out
