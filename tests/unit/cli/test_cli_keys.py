"""`keys`: the verbs with their keys, and a check of keys.toml that a script can rely on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supporttui.verbs.registry import VERBS


def keys(cli, text: str) -> Path:
    path = Path(cli.home) / ".config" / "supporttui" / "keys.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_verb_is_listed_with_its_keys_and_changes_are_told(cli):
    keys(cli, 'acknowledge = ["Q", "f2"]\n')
    found = {one["verb"]: one for one in cli.json("keys")}
    assert list(found) == [verb.id for verb in VERBS]
    assert found["acknowledge"]["keys"] == ["Q", "f2"]
    assert found["acknowledge"]["default"] == ["a"] and found["acknowledge"]["changed"]
    assert not found["reply"]["changed"]


def test_the_text_names_keys_as_people_write_them_and_what_they_were(cli):
    keys(cli, 'acknowledge = "f2"\n')
    lines = {line.split()[0]: line.split() for line in cli.good("keys").lines}
    assert lines["acknowledge"][1:3] == ["F2", "a"]
    assert lines["page-down"][1] == "PgDn"


def test_the_table_for_scripts_has_a_row_for_each_verb(cli):
    lines = cli.good("keys", "--tsv").lines
    assert lines[0].split("\t") == ["verb", "keys", "default", "changed", "help"]
    assert len(lines) == len(VERBS) + 1


def test_a_broken_file_shows_the_defaults_and_says_so(cli):
    keys(cli, 'acknowledge = "r"\n')
    result = cli.good("keys", "--json")
    assert not any(one["changed"] for one in result.json)
    assert "can't be used" in result.err and "keys --check" in result.err


def test_check_is_content_without_a_file_and_with_a_good_one(cli):
    assert "defaults" in cli.good("keys", "--check").out
    keys(cli, 'acknowledge = "Q"\n')
    assert "1 verb has" in cli.good("keys", "--check").out
    assert cli.json("keys", "--check") == []


def test_check_has_one_line_for_each_fault(cli):
    path = keys(cli, 'acknowlege = "A"\nnote = "C-s"\ntag = "C-b"\nclose = "r"\n')
    result = cli("keys", "--check")
    assert result.code == 78 and result.err == ""
    assert len(result.lines) == 4 and all(line.startswith(f"{path}: ") for line in result.lines)
    for words in ("did you mean 'acknowledge'", "flow control", "tmux", "'r' is on reply"):
        assert sum(words in line for line in result.lines) == 1
    shown = cli("keys", "--check", "--json")
    assert shown.code == 78
    assert {tuple(one) for one in shown.json} == {("file", "verb", "message")}
    assert {one["verb"] for one in shown.json} == {"acknowlege", "note", "tag", "close"}


def tmux(cli, body: str) -> None:
    """A tmux that answers so, and an environment that is inside it."""
    folder = Path(cli.home) / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    cli.environ.update(PATH=f"{folder}:/usr/bin:/bin", TMUX="/tmp/tmux,1,0")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_check_asks_the_tmux_that_it_runs_in_for_its_prefix(cli, monkeypatch):
    keys(cli, 'note = "ctrl+o"\n')
    tmux(cli, "echo C-o")
    monkeypatch.setenv("PATH", cli.environ["PATH"])
    result = cli("keys", "--check")
    assert result.code == 78 and "your tmux" in result.out
    assert cli("--restricted", "keys", "--check").code == 0
    del cli.environ["TMUX"]
    assert cli("keys", "--check").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize("body", ["exec sleep 30", "exit 1", "echo None", "printf '\\377'"])
def test_a_tmux_that_doesnt_answer_doesnt_matter(cli, monkeypatch, body: str):
    keys(cli, 'note = "ctrl+o"\n')
    tmux(cli, body)
    monkeypatch.setenv("PATH", cli.environ["PATH"])
    assert cli("keys", "--check").code == 0


COMMAND = '[[command]]\nname = "open-dump"\ntitle = "Open the dump"\nargv = ["dumpview"]\n'


def commands(cli, text: str) -> Path:
    path = keys(cli, "").with_name("commands.toml")
    path.write_text(text, encoding="utf-8")
    return path


def test_commands_of_ones_own_are_listed_with_their_keys(cli):
    commands(cli, COMMAND + 'key = "f5"\n')
    found = {one["verb"]: one for one in cli.json("keys")}
    assert found["open-dump"]["keys"] == ["f5"] and found["open-dump"]["help"] == "runs dumpview"
    assert "1 command" in cli.good("keys", "--check").out


def test_a_command_on_a_key_that_is_taken_is_a_fault_with_its_place(cli):
    path = commands(cli, COMMAND + 'key = "x"\n')
    result = cli("keys", "--check")
    assert result.code == 78
    assert f"{path}: command 1, open-dump: key: 'x' is on severity" in result.out
    assert "has faults" in cli.good("keys").err


def test_where_programs_are_out_of_reach_commands_are_not_listed(cli):
    commands(cli, COMMAND + 'key = "x"\n')
    assert "open-dump" not in cli.good("--restricted", "keys").out
    assert cli("--restricted", "keys", "--check").code == 0
