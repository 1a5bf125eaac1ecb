"""Text for the clipboard: cut where it is too long, wrapped for what stands between, and never claimed to be there."""

from __future__ import annotations

import base64
import os
import re
import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from supporttui.terminal import clipboard, osc

OSC52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x1b\\|\a)")


def test_what_fits_goes_as_it_is():
    assert clipboard.capped("1042") == ("1042", 0)
    exact = "x" * osc.CLIPBOARD_LIMIT
    assert clipboard.capped(exact) == (exact, 0)


@given(st.text(alphabet="aü→\n🙂", min_size=60, max_size=400), st.integers(60, 200))
def test_what_is_cut_is_a_beginning_within_the_limit_and_says_so(text: str, limit: int):
    sent, whole = clipboard.capped(text, limit)
    assert len(sent.encode()) <= limit
    if whole:
        head, mark, note = sent.rpartition("\n(cut here: ")
        assert mark and text.startswith(head) and whole == len(text.encode())
        assert note == f"{len(head.encode()):,} of {whole:,} bytes)\n"
    else:
        assert sent == text


def test_a_cut_is_at_the_end_of_a_line():
    sent, _ = clipboard.capped("\n".join(f"line {number}" for number in range(100)), 300)
    assert re.search(r"\nline \d+\n\(cut here", sent)


def test_what_is_cut_is_taken_by_the_terminal():
    sent, whole = clipboard.capped("ü" * 80_000)
    assert whole == 160_000 and osc.clipboard(sent)


def test_a_tmux_elsewhere_gets_both_forms_and_one_here_the_wrapped_one():
    both = clipboard.sequence("1042", tmux=True)
    assert both == osc.for_tmux(osc.clipboard("1042")) + osc.clipboard("1042")
    assert clipboard.sequence("1042", tmux=True, tmux_here=True) == osc.for_tmux(osc.clipboard("1042"))


def test_screen_gets_pieces_that_join_to_the_sequence():
    text = "x" * 2_000
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", clipboard.sequence(text, screen=True), re.DOTALL)
    assert len(pieces) > 8 and max(map(len, pieces)) <= osc.SCREEN_PIECE
    found = OSC52.fullmatch("".join(pieces))
    assert found and base64.b64decode(found[1]).decode() == text


def fake_tmux(folder: Path, script: str) -> dict[str, str]:
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}{os.pathsep}/usr/bin:/bin", "TMUX": "/tmp/socket,1,0"}


def test_the_tmux_here_gets_the_text_on_its_input(tmp_path: Path):
    environ = fake_tmux(tmp_path, f'echo "$@" > {tmp_path}/args; cat > {tmp_path}/text')
    assert clipboard.to_tmux("Größe; $(rm x)", environ) == ""
    assert (tmp_path / "args").read_text() == "load-buffer -w -\n"
    assert (tmp_path / "text").read_text() == "Größe; $(rm x)"


def test_a_tmux_that_can_not_is_told_of(tmp_path: Path):
    environ = fake_tmux(tmp_path, "exit 1")
    assert clipboard.to_tmux("x", environ) == "tmux: ended with status 1"
    assert clipboard.to_tmux("x", {**environ, "TMUX": ""}) == "no tmux is here"
    assert clipboard.to_tmux("x", {**environ, "PATH": ""}) != ""
