"""What a program wrote, as lines of text that a page can show: bytes of any kind become inert words."""

from __future__ import annotations

import re

from supporttui.terminal.safe import clean

COLOURS = re.compile(r"\x1b\[[0-9;:]*m")  # colours and weights alone; every other sequence is shown as marks
TAB = 8


def text_of(output: bytes) -> list[str]:
    """Its lines, without colours, tabs as blanks; what isn't printable is shown as a mark."""
    text = COLOURS.sub("", output.decode("utf-8", "replace"))
    return [_line(line) for line in text.rstrip("\n").split("\n")] if text.strip() else []


def _line(line: str) -> str:
    """A line as it stood at last: what a carriage return wrote over is gone."""
    overwritten = line.rstrip("\r").rpartition("\r")[2]
    return clean(overwritten.expandtabs(TAB)).rstrip()
