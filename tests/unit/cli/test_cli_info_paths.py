"""`info`: every file and folder that the program may read or write is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from supporttui.desk.viewfile import view_file
from supporttui.verbs.commandfile import command_file
from supporttui.verbs.keyfile import key_file


def test_every_place_is_named_as_the_program_finds_it(cli, monkeypatch):
    cli.environ["XDG_STATE_HOME"] = str(cli.home / "state")
    paths = cli.json("info")["paths"]
    assert paths["keys"] == str(key_file(cli.environ))
    assert paths["commands"] == str(command_file(cli.environ))
    assert paths["views"] == str(view_file(cli.environ))
    assert paths["themes"] == str(cli.home / ".config" / "supporttui" / "themes")
    assert paths["templates"] == str(cli.home / ".config" / "supporttui" / "templates")
    assert paths["state"] == str(cli.home / "state" / "supporttui")
    assert paths["store"] == str(cli.home / "desk.sqlite3")
    assert paths["presence"] == str(cli.home / "desk.sqlite3-presence.db")
    assert paths["crash_files"].endswith("supporttui-crash-*.txt")


@pytest.mark.parametrize("name", ["settings", "keys", "commands", "views"])
def test_a_file_that_is_there_is_told_from_one_that_is_not(cli, name):
    paths = cli.json("info")["paths"]
    assert paths[f"{name}_found"] is False
    file = Path(paths[name])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    assert cli.json("info")["paths"][f"{name}_found"] is True


def test_a_store_on_a_server_has_no_password_here_and_no_file_beside_it(cli):
    paths = cli.json("info", "--store", "postgresql://ana:secret@db.example/desk")["paths"]
    assert paths["store"] == "postgresql://ana:…@db.example/desk"
    assert paths["presence"] == ""


def test_what_the_terminal_can_do_and_where_settings_come_from_is_told(cli):
    cli.environ |= {"TERM": "screen-256color", "TMUX": "/tmp/x", "LANG": "C", "NO_COLOR": "1"}
    found = cli.json("info", "--slow")
    terminal = found["terminal"]
    assert (terminal["term"], terminal["tmux"], terminal["utf8"], terminal["glyphs"]) == (
        "screen-256color", True, False, "ascii",
    )  # fmt: skip
    assert terminal["NO_COLOR"] is True and terminal["colours"] == 0
    origins = {one["name"]: one["origin"] for one in found["settings"]}
    assert origins["slow"] == "--slow" and origins["store"] == "SUPPORTTUI_STORE"
