"""The console starts whatever keys.toml holds, and says when it can't use it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire.driver import Terminal, base_environment


def console(home: Path, text: str) -> Terminal:
    """A console in a home whose keys.toml says this."""
    home.chmod(0o700)
    file = home / ".config" / "supporttui" / "keys.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    environment = base_environment(
        HOME=str(home), XDG_CONFIG_HOME=None, SUPPORTTUI_STORE=str(home / "desk.sqlite3"), LOGNAME="ana"
    )
    return Terminal([sys.executable, "-m", "supporttui"], environment, columns=100, lines=24)


@pytest.mark.parametrize("text", ['acknowledge = "r"\n', "acknowledge = \n", 'acknowlege = "A"\n'])
def test_a_broken_file_leaves_the_defaults_and_is_told(tmp_path: Path, text: str) -> None:
    with console(tmp_path, text) as term:
        term.wait_for("keys.toml can't be used, the keys are the defaults")
        term.send("m")
        term.wait_for("acknow" if "acknowl" in text and " \n" not in text else "not TOML")
        term.send("escape")
        term.settle()
        term.send("q")
        assert term.wait_exit(30) == 0


def test_the_keys_of_the_file_are_the_keys_of_the_console(tmp_path: Path) -> None:
    with console(tmp_path, 'quit = "Q"\nhelp = "F1"\n') as term:
        term.wait_for("F1  all keys")
        term.send("q")
        term.settle()
        term.send("Q")
        assert term.wait_exit(30) == 0
