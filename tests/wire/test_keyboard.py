"""Bytes that come from a terminal: none ends the console, and what is pasted never acts as keys.

These tests pin the input thread of Textual that `Keyboard` replaces: they fail when a version
of Textual reads its terminal in another way, and tell when the replacement is no longer needed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire.driver import Terminal, base_environment
from tests.wire.tmux import Tmux

START, END = b"\x1b[200~", b"\x1b[201~"


class Keys(Terminal):
    """A terminal that sends bytes, whatever they are."""

    def send_bytes(self, data: bytes) -> None:
        self._write(data)


def zoo(*options: str) -> Keys:
    argv = [sys.executable, "-m", "tests.wire.keys_zoo", *options]
    term = Keys(argv, base_environment(), columns=100, lines=12)
    term.wait_for("zoo is open")
    return term


def test_bytes_that_arent_utf8_are_replaced_and_the_app_goes_on() -> None:
    with zoo() as term:
        term.send_bytes(b"caf\xe9" + b"x")
        term.wait_for("<c> <a> <f> <replacement_character> <x> .")
        term.send_bytes(START + b"caf\xe9" + END + b"y")
        term.wait_for(r"paste 4 'caf\ufffd' <y> .")
        term.send("Q")
        assert term.wait_exit() == 4


def test_a_paste_with_escape_sequences_is_one_text() -> None:
    with zoo() as term:
        term.send_bytes(b"j" + START + b"abc\x1b[31mdef\r\x1b[B\x1b" + END + b"k")
        term.wait_for(r"<j> paste 13 'abc[31mdef\n[B' <k> .")


def test_without_the_keyboard_the_same_bytes_are_keys_or_the_end() -> None:
    with zoo("--bare") as term:
        term.send_bytes(START + b"\x1b[31mV" + END + b"k")
        term.wait_for(lambda term: "<k> ." in term.text)
        assert "<V>" in term.text or "<m>" in term.text
        term.send_bytes(b"caf\xe9" + b"x")
        assert term.wait_exit() != 4
        assert b"UnicodeDecodeError" in term.raw


def test_keys_are_as_textual_reads_them() -> None:
    with zoo() as term:
        term.send("up", "shift+tab", "pagedown", "ctrl+d", "é")
        term.wait_for("<up> <shift+tab> <pagedown> <ctrl+d> <é> .")
        term.send("escape")
        term.wait_for("<é> <escape> .")


def test_a_marker_that_comes_in_pieces_makes_no_keys() -> None:
    with zoo() as term:
        for byte in START + b"q\x1b[A" + END + b"k":
            term.send_bytes(bytes([byte]))
        term.wait_for("paste 3 'q[A' <k> .")
        assert "<" not in term.text.split("paste")[0]


def test_a_paste_without_end_is_text_after_a_while_and_keys_work() -> None:
    with zoo() as term:
        term.send_bytes(START + b"lost \x1b[3")
        term.wait_for("paste 7 'lost [3' .")
        term.send("j")
        term.wait_for("'lost [3' <j> .")


def test_a_paste_over_the_limit_is_cut() -> None:
    with zoo() as term:
        term.send_bytes(START + b"q" * 1_200_000 + END + b"k")
        term.wait_for("paste 1000000 '")
        term.wait_for("<k> .")


@pytest.mark.skipif(not Tmux.available(), reason="tmux is not installed")
def test_hostile_pastes_into_the_console(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    env = base_environment(HOME=str(tmp_path), SUPPORTTUI_USER="ana", SUPPORTTUI_ZONE="UTC")
    console = [sys.executable, "-m", "supporttui", "--demo"]
    with Tmux(console, env, columns=100, lines=30) as tmux:
        tmux.wait_for("watch ✓")
        tmux.wait_for(" 1 of ")
        paste(tmux, tmp_path, b"hello\x1b[31mVjj\n?\x1b[Bi")
        tmux.send("j")  # alone it goes one row down, and no dialog of the paste takes it
        shown = tmux.wait_for(" 2 of ")
        assert "╭" not in shown
        tmux.send("i")
        tmux.wait_for("Note on")
        paste(tmux, tmp_path, b"abc\x1b[31mdef\nnext line")
        tmux.wait_for("abc[31mdef ")
        tmux.wait_for("next line ")
        paste(tmux, tmp_path, b" caf\xe9")
        tmux.wait_for("next line caf\ufffd ")
        tmux.send("Escape")
        tmux.wait_for(lambda shown: "Note on" not in shown)


def paste(tmux: Tmux, folder: Path, data: bytes) -> None:
    file = folder / "paste"
    file.write_bytes(data)
    tmux.run("load-buffer", str(file))
    tmux.run("paste-buffer", "-p")
