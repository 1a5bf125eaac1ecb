"""Our own sequences carry text of tickets without letting it out of its field."""

from __future__ import annotations

import base64
import re

import pytest

from supporttui.terminal import osc
from tests.wire.foreign import foreign_bytes
from tests.wire.hostile import PAYLOADS

TITLE = re.compile(rb"\x1b\]2;[^\x00-\x1f\x7f]*\x1b\\")
NOTICE = re.compile(rb"\x1b\](?:9|777);[^\x00-\x1f\x7f]*\x1b\\")


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_leaves_the_title_or_the_notice(name: str) -> None:
    text = PAYLOADS[name]
    assert foreign_bytes(osc.title(text).encode(), [TITLE]) == []
    assert foreign_bytes(osc.notice(text, text).encode(), [NOTICE]) == []
    assert osc.title(text, ascii=True).isascii()


def test_title_is_one_short_line() -> None:
    assert osc.title("S1:2\nNETEX") == "\x1b]2;S1:2 NETEX\x1b\\"
    assert len(osc.title("x" * 5_000)) < 140


def test_clipboard_carries_the_raw_text() -> None:
    sequence = osc.clipboard("Größe\x1b]2;x\a")
    payload = sequence.removeprefix("\x1b]52;c;").removesuffix("\x1b\\")
    assert base64.b64decode(payload).decode() == "Größe\x1b]2;x\a"


def test_clipboard_refuses_what_terminals_drop() -> None:
    assert len(osc.clipboard("x" * osc.CLIPBOARD_LIMIT)) < 100_001
    assert osc.clipboard("x" * (osc.CLIPBOARD_LIMIT + 1)) == ""
    assert osc.clipboard("ü" * osc.CLIPBOARD_LIMIT) == ""
    assert osc.clipboard("\ud800") != ""


def test_tmux_wraps_each_sequence_and_doubles_escapes() -> None:
    assert osc.for_tmux("\x1b]9;x\x1b\\") == "\x1bPtmux;\x1b\x1b]9;x\x1b\x1b\\\x1b\\"
    assert osc.clipboard("x", tmux=True) == osc.for_tmux(osc.clipboard("x"))
    assert osc.notice("a", "b", tmux=True).count("\x1bPtmux;") == 2


def test_notice_fields_cannot_be_split_or_read_as_a_command() -> None:
    sequence = osc.notice("4;1;evil", "due; now")
    assert "\x1b]9; 4,1,evil: due; now\x1b\\" in sequence
    assert "\x1b]777;notify;4,1,evil;due; now\x1b\\" in sequence
