"""`policy`: show, check, diff, new."""

from __future__ import annotations

import pytest

from supporttui.policy import check, load


@pytest.fixture
def other(cli):
    """A copy of the NetEx policy whose first rung for severity 1 comes after 4 hours."""
    file = cli.home / "stricter.toml"
    cli.good("policy", "new", "stricter", "--from", "netex", "-o", file)
    text = file.read_text()
    assert '"8 hours"' in text
    file.write_text(text.replace('"8 hours"', '"4 hours"', 1))
    return file


def test_show_says_who_is_told_and_when(cli):
    out = cli.good("policy", "show").out
    for words in ("NetEx", "America/Chicago", "Director of Customer Services", "8 hours", "waiting-vendor"):
        assert words in out
    assert cli.good("policy", "show", "xnet").out != out


def test_show_as_json_has_the_whole_file(cli):
    shown = cli.json("policy", "show", "netex")
    assert shown["name"] == "netex" and shown["hash"] == load("netex").hash
    assert [one["number"] for one in shown["file"]["severities"]] == [1, 2, 3, 4]
    assert shown["file"]["ladders"][0]["rungs"][0]["after"] == "8 hours"


def test_show_as_tsv_has_the_eight_rungs_of_the_table(cli):
    rows = [line.split("\t") for line in cli.good("policy", "show", "--tsv").lines[1:]]
    assert [(row[3], row[5]) for row in rows] == [
        ("8 hours", "director"),
        ("24 hours", "president"),
        ("3 days", "director"),
        ("7 days", "president"),
        ("10 days", "director"),
        ("14 days", "president"),
        ("45 days", "director"),
        ("60 days", "president"),
    ]


def test_check_passes_what_is_sound(cli, other):
    assert "can be used" in cli.good("policy", "check", other).out
    assert "can be used" in cli.good("policy", "check").out


def test_check_fails_what_is_not(cli, other):
    other.write_text(other.read_text().replace("\nafter =", "\naftr =", 1))
    said = cli.bad(78, "policy", "check", other)
    assert "stricter.toml" in said and "did you mean 'after'?" in said


def test_check_finds_what_can_be_read_but_not_be_kept(cli, other):
    bare = [line for line in other.read_text().splitlines() if not line.startswith("reaches")]
    other.write_text("\n".join(bare))
    result = cli("policy", "check", other, "--json")
    levels = [one["level"] for one in result.json]
    assert (result.code == 78) is ("error" in levels)
    assert levels and all(one["key"] and one["message"] for one in result.json)


def test_diff_names_the_deadlines_that_would_move(cli, other):
    number = cli.report(severity=1)
    cli.report(severity=4)
    (move,) = cli.json("policy", "diff", "netex", other)
    assert (move["ticket"], move["role"], move["change"]) == (number, "director", "earlier")
    assert (move["old_due"], move["new_due"]) == ("2026-11-20T22:00:00Z", "2026-11-20T18:00:00Z")
    out = cli.good("policy", "diff", "netex", other).out
    assert "deadline of 1 ticket would move" in cli.good("policy", "diff", "netex", other).err
    assert "earlier" in out and "Director of Customer Services" in out
    assert cli.json("show", number)["next_due_at"] == "2026-11-20T22:00:00Z"


def test_diff_of_the_same_moves_nothing(cli):
    cli.report(severity=1)
    assert cli.json("policy", "diff", "netex", "netex") == []
    assert cli.good("policy", "diff", "netex", "netex").out == "no open deadline would move\n"


def test_a_new_policy_can_be_used_at_once(cli):
    file = cli.home / "ours.toml"
    cli.good("policy", "new", "ours", "-o", file)
    assert load(file).name == "ours"
    assert [one for one in check(load(file)) if one.level == "error"] == []
    assert "exists already" in cli.bad(77, "policy", "new", "ours", "-o", file)
    cli.good("--policy", file, "report", "--subject", "x", "--customer", "Acme")
    assert file.read_text() == cli.good("policy", "new", "ours").out == cli.good("policy", "new").out


def test_the_policy_in_force_comes_from_settings(cli, other):
    cli.environ["SUPPORTTUI_POLICY"] = str(other)
    assert cli.json("policy", "show")["name"] == "stricter"
    assert cli.json("policy", "show", "--policy", "xnet")["name"] == "xnet"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["shw"], 64, "did you mean 'show'?"),
        (["diff", "netex"], 64, "is written: policy diff OLD NEW"),
        (["show", "a", "b"], 64, "is written"),
        (["new", "Ours!"], 64, "lower-case"),
        (["show", "-o", "x"], 64, "belong to policy new"),
        (["check", "none.toml"], 78, "none.toml"),
        (["show", "netx"], 78, "did you mean 'netex'?"),
    ],
)
def test_bad_input(cli, words, code, said):
    assert said in cli.bad(code, "policy", *words)


def test_restricted_reads_and_writes_no_named_file(cli, other):
    assert "restricted" in cli.bad(77, "--restricted", "policy", "check", other)
    assert "restricted" in cli.bad(77, "--restricted", "policy", "new", "x", "-o", cli.home / "x.toml")
    assert "restricted" in cli.bad(77, "--restricted", "--policy", other, "policy", "show")
    cli.good("--restricted", "policy", "show", "xnet")
