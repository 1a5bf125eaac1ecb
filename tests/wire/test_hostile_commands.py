"""Hostile tickets in the palette, behind the `:` line, on the page of what failed, in messages and in a program's output."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire.hostile import STORABLE
from tests.wire.test_hostile_console import CLIPBOARD, Console, store  # noqa: F401

COMMANDS = f"""
[[command]]
name = "tell"
title = "Tell"
argv = ['{sys.executable}', '-c', 'import os; print(*(v for n, v in os.environ.items() if n[:11] == "SUPPORTTUI_"), sep="\\n")']
[[command]]
name = "notice"
title = "Notice"
argv = ['{sys.executable}', '-c', 'import os; print(os.environ["SUPPORTTUI_SUBJECT"])']
output = "notice"
"""

SHOWN = {"palette": "What to do?", "output": "/ search", "failures": "Not done", "messages": "Messages"}


@pytest.mark.parametrize("name", ["osc-clipboard-write", "c0-all"])
def test_what_is_chosen_completed_run_and_told(store: Path, tmp_path: Path, name: str) -> None:  # noqa: F811
    number = str(1 + list(STORABLE).index(name))
    folder = tmp_path / ".config" / "supporttui"
    folder.mkdir(parents=True)
    (folder / "commands.toml").write_text(COMMANDS)
    walks = {
        "palette": ("p", *number, "down"),
        "chosen": ("enter",),
        "line": (":", "g", "o", "space", "tab", "tab", "tab", "shift+tab", "escape"),
        "output": ("1", "!", "1"),
        "search": ("/", "a", "enter", "n", "N", "G", "q"),
        "notice": ("!", "2"),
        "failures": ("1", "space", "space", "space", "c", "c", "a", "enter"),
        "reasons": ("pagedown", "G", "q"),
        "messages": ("m", "pagedown", "G"),
        "left": ("q", "V"),
    }
    with Console(store, tmp_path) as console:
        console.press("#")
        console.type(number)
        console.press("enter", "1")
        for what, keys in walks.items():
            for key in keys:
                console.press(key)
            if what in SHOWN:
                console.wait_for(SHOWN[what])
            console.calm()
            console.check(f"{what} with {name}", CLIPBOARD)
        assert console.leave() == 0
