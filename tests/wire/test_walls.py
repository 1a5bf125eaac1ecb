"""The second wall, in a real terminal: careless widgets still write no foreign byte."""

from __future__ import annotations

import base64
import re
import sys

import pytest

from tests.wire.driver import Terminal, base_environment
from tests.wire.foreign import foreign_bytes
from tests.wire.hostile import STORABLE

QUICK = ["osc-clipboard-write", "c1-csi", "c0-all", "bidi-override", "osc-link", "emoji-family"]
OPENED = base64.b64encode(b"https://x.example/opened")


def zoo(name: str, *options: str) -> Terminal:
    argv = [sys.executable, "-m", "tests.wire.walls_zoo", name, *options]
    return Terminal(argv, base_environment(TEXTUAL_DISABLE_KITTY_KEY="1"), columns=100, lines=80)


def shown(name: str, *options: str) -> tuple[bytes, str, int]:
    """The bytes, the screen and the exit status of the zoo with payload `name`."""
    with zoo(name, *options) as term:
        term.wait_bytes(b"zoo is open")
        term.settle(250)
        screen = term.text
        term.send("q")
        status = term.wait_exit()
        return bytes(term.raw), screen, status


@pytest.mark.parametrize("name", QUICK)
def test_every_kind_of_widget_behind_the_wall(name: str) -> None:
    raw, screen, status = shown(name)
    assert foreign_bytes(raw) == []
    assert screen.count("kanarie") >= 8
    assert status == 4


def test_without_the_wall_the_same_widgets_let_it_through() -> None:
    raw, _, _ = shown("osc-clipboard-write", "--bare")
    leaked = foreign_bytes(raw)
    assert any(item.startswith(b"\x1b]52;c;cm0g") for item in leaked)
    assert any(item.startswith(b"\x1b]8;") for item in leaked)


def test_a_terminal_without_utf8_gets_ascii_only() -> None:
    raw, screen, _ = shown("wide-characters", "--ascii")
    assert raw.isascii()
    assert "zoo is open" in screen


def test_a_link_is_sent_to_the_clipboard_and_no_browser_starts() -> None:
    with zoo("osc-link") as term:
        term.wait_for("zoo is open")
        term.settle(250)
        term.send("o")
        term.wait_bytes(OPENED)
        term.wait_for("link done")
        ours = re.compile(rb"\x1b\]52;c;" + re.escape(OPENED) + rb"\x1b\\")
        assert foreign_bytes(bytes(term.raw), [ours]) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in STORABLE if name not in QUICK])
def test_every_payload_in_every_kind_of_widget(name: str) -> None:
    raw, _, status = shown(name)
    assert foreign_bytes(raw) == []
    assert status == 4
