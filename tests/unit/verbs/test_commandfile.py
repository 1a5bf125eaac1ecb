"""commands.toml: what it gives, and one line with its place for everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.verbs.commandfile import Command, read, with_commands
from supporttui.verbs.keymap import Keymap


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "commands.toml"
    file.write_text(text, encoding="utf-8")
    return file


def command(**changes: str) -> str:
    fields = {"name": '"dump"', "argv": '["dumpview"]', **changes}
    return "[[command]]\n" + "\n".join(f"{name} = {value}" for name, value in fields.items()) + "\n"


def test_no_file_is_no_command(tmp_path: Path):
    assert read(tmp_path / "commands.toml", Keymap())[1:] == ((), ())


def test_a_command_and_its_defaults(tmp_path: Path):
    found = read(written(tmp_path, command()), Keymap())
    assert found.commands == (Command(name="dump", title="dump", argv=("dumpview",)),)
    assert (found.commands[0].timeout, found.commands[0].output, found.commands[0].context) == (
        30,
        "pager",
        "ticket",
    )
    assert found.lines() == []


def test_a_command_is_a_verb_with_its_key(tmp_path: Path):
    text = command(title='"Open the dump"', key='"f5"', context='"desk"')
    found = read(written(tmp_path, text), Keymap())
    keymap = with_commands(Keymap(), found.commands)
    verb = keymap.verb("f5")
    assert verb is not None and (verb.id, verb.title, verb.context) == ("dump", "Open the dump", "anywhere")
    assert keymap.by_id("dump") is verb and keymap.verbs[-1] is verb
    assert keymap.matching("dumpview")[0] is verb


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": '"Dump it"'}, "name: must be a small word"),
        ({"name": '"severity"'}, "is a verb of the console already"),
        ({"argv": '"dumpview"'}, "argv: must be the program and its arguments"),
        ({"argv": "[]"}, "argv: must be"),
        ({"argv": '["", "x"]'}, "argv: names no program"),
        ({"argv": '["a\\u0000b"]'}, "NUL"),
        ({"key": '"ctrl+s"'}, "key: ctrl+s doesn't arrive"),
        ({"key": '"hyper+x"'}, "key:"),
        ({"context": '"queue"'}, "context: must be ticket or desk"),
        ({"output": '"window"'}, "output: must be pager, notice or none"),
        ({"timeout": "0"}, "timeout: must be 1 to 3600 seconds"),
        ({"confirm": '"yes"'}, "confirm: must be true or false"),
        ({"shell": "true"}, "there is no setting 'shell'"),
        ({"tilte": '"x"'}, "did you mean 'title'"),
        ({"title": '""'}, "title: must be 1 to 40"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, changes: dict[str, str], words: str):
    found = read(written(tmp_path, command(name='"one"') + command(**changes)), Keymap())
    assert [one.name for one in found.commands] == ["one"]
    (line,) = found.lines()
    assert words in line and "commands.toml: command 2" in line and "\n" not in line


def test_a_key_that_is_taken_is_lost_and_its_command_stays(tmp_path: Path):
    text = command(key='"x"') + command(name='"second"', key='"f5"') + command(name='"third"', key='"f5"')
    found = read(written(tmp_path, text), Keymap())
    assert [(one.name, one.key) for one in found.commands] == [("dump", ""), ("second", "f5"), ("third", "")]
    assert "command 1, dump: key: 'x' is on severity" in found.lines()[0]
    assert "command 3, third: key: 'f5' is on second" in found.lines()[1]
    with_commands(Keymap(), found.commands)


def test_a_key_that_its_user_moved_away_is_free(tmp_path: Path):
    found = read(written(tmp_path, command(key='"x"')), Keymap({"severity": ("f2",)}))
    assert found.commands[0].key == "x" and not found.faults


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[command]\n", "not TOML"),
        ("[command]\nname = 'x'\n", "two brackets"),
        ("[[commands]]\nname = 'x'\n", "nothing called 'commands'"),
        ("command = 5\n", "two brackets"),
        (command() + command(), "'dump' is there twice"),
    ],
)
def test_a_file_that_is_no_list_of_commands_says_so(tmp_path: Path, text: str, words: str):
    found = read(written(tmp_path, text), Keymap())
    assert words in found.lines()[0] and len(found.lines()) == 1


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.text(max_size=4), max_size=3)
)
tables = st.dictionaries(
    st.sampled_from(["name", "title", "argv", "key", "context", "confirm", "output", "timeout", "other"]),
    values,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(tables, max_size=4))
def test_whatever_it_holds_is_a_command_or_a_fault(given_tables: list[dict[str, object]]):
    from unittest.mock import patch

    with patch("supporttui.verbs.commandfile.decoded", return_value={"command": given_tables}):
        found = read(Path("commands.toml"), Keymap())
    assert all("\n" not in line for line in found.lines())
    with_commands(Keymap(), found.commands)
