"""The drivers themselves: a test that reads a terminal wrongly proves nothing."""

from __future__ import annotations

import re
import sys

import pytest

from tests.wire.driver import Terminal, TimedOut, base_environment
from tests.wire.foreign import foreign_bytes
from tests.wire.tmux import Tmux

ECHO = """
import os, signal, sys, tty
tty.setcbreak(0)
signal.signal(signal.SIGWINCH, lambda *_: os.write(1, b"resized %d" % os.get_terminal_size().columns))
signal.signal(signal.SIGHUP, lambda *_: os._exit(7))
size = os.get_terminal_size()
print(f"\\x1b[2J\\x1b[Hready {size.columns}x{size.lines} 漢字", flush=True)
while (key := os.read(0, 1)) != b"q":
    os.write(1, b"<" + key + b">")
sys.exit(3)
"""
PROGRAM = [sys.executable, "-c", ECHO]


def test_reads_the_screen_and_counts_bytes() -> None:
    with Terminal(PROGRAM, columns=72, lines=20) as term:
        term.wait_for("ready 72x20 漢字"[:13])
        mark = term.mark()
        term.send("a", "b")
        term.wait_for("<a><b>")
        assert term.settle() == 0
        assert term.bytes_since(mark) == 6
        term.send("q")
        assert term.wait_exit() == 3


def test_resize_and_hang_up_reach_the_program() -> None:
    with Terminal(PROGRAM) as term:
        term.wait_for("ready 80x24")
        term.resize(50, 10)
        term.wait_for("resized 50")
        term.hang_up()
        assert term.wait_exit() == 7


def test_a_wait_in_vain_shows_the_screen() -> None:
    with Terminal(PROGRAM) as term:
        term.wait_for("ready")
        with pytest.raises(TimedOut, match="ready 80x24"):
            term.wait_for("never", timeout=0.2)


def test_a_program_that_ended_ends_the_wait() -> None:
    with Terminal([sys.executable, "-c", "print('over')"]) as term:
        with pytest.raises(TimedOut, match="ended with 0"):
            term.wait_for("never")
        assert term.line(0) == "over"


@pytest.mark.skipif(not Tmux.available(), reason="tmux is not installed")
def test_tmux_shows_sends_and_captures() -> None:
    with Tmux(PROGRAM, base_environment(), columns=70, lines=12) as tmux:
        tmux.wait_for("ready 70x12")
        tmux.send("x")
        assert "<x>" in tmux.wait_for("<x>")
        tmux.send("q")
        tmux.wait_dead()


@pytest.mark.parametrize(
    "ours",
    [
        b"\x1b[1;31;48;5;12mred\x1b[0m\x1b[3;4H\x1b[2J\x1b[?25l\x1b[?2026h\x1b[?2026$p\x1b[>1u\x1b[<u",
        b"plain text\r\n\ttab \xe6\xbc\xa2",
        b"\x1b7\x1b8\x1b[?1049h\x1b[?1004h\x1b]22;default\x07",
    ],
)
def test_our_own_sequences_are_not_foreign(ours: bytes) -> None:
    assert foreign_bytes(ours) == []


@pytest.mark.parametrize(
    "theirs",
    [
        b"\x1b]52;c;QQ==\x07", b"\x1b]8;;http://x\x1b\\", b"\x1b]2;title\x07", b"\x1b]2;unfinished", b"\x1bP$q\x1b\\",
        b"\x1b_G\x1b\\", b"\x1b^x\x1b\\", b"\x1b[6n", b"\x1b[c", b"\x1b[>c", b"\x1b[21t", b"\x1b[!p", b"\x1bc",
        b"\x1b(0", b"\x1b[5i", b"\xc2\x9b31m", b"\xc2\x85", b"\xe2\x80\xae", b"\xf3\xa0\x81\x81", b"\x00", b"\x07",
        b"\x0e", b"\x7f", b"\x9b", b"\x1b[?2004h\x1b[1;2r", b"\x1b[999b", b"\x1b[?1005h", b"\x1b[031m", b"\x1b[1;02H",
    ],
)  # fmt: skip
def test_what_data_writes_is_foreign(theirs: bytes) -> None:
    assert foreign_bytes(b"before" + theirs + b"after") != []


def test_what_the_test_knows_is_allowed() -> None:
    raw = b"\x1b]2;ours\x1b\\\x1b]52;c;QQ==\x07"
    assert foreign_bytes(raw, [b"\x1b]2;ours\x1b\\"]) == [b"\x1b]52;c;QQ==\x07"]
    assert foreign_bytes(raw, [re.compile(rb"\x1b\](2|52);.*", re.DOTALL)]) == []
