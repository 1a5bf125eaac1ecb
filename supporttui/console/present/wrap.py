"""Text as lines of cells: what a stranger wrote, broken at blanks, indentation kept.

Lines come one by one, so that of a long text only what is looked at is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from supporttui.terminal.safe import char_width, clean, width

LONGEST_LINE = 8192  # characters of a line that are made inert at a time
_WORD = re.compile(" *[^ ]+| +")  # a word with the blanks before it


def wrap(text: str, cells: int) -> Iterator[str]:
    """The lines of `text`, made inert, none wider than `cells`; an empty line stays one."""
    cells = max(cells, 4)
    for raw in text.replace("\r\n", "\n").split("\n"):
        for part in _parts(raw):
            one = clean(part, newlines=True)
            if width(one) <= cells:
                yield one.rstrip()
            else:
                yield from _broken(one, cells)


def _parts(raw: str) -> Iterator[str]:
    """A line in pieces that are quickly made inert, cut at a blank where there is one."""
    while len(raw) > LONGEST_LINE:
        at = raw.rfind(" ", LONGEST_LINE // 2, LONGEST_LINE)
        at = LONGEST_LINE if at < 0 else at
        yield raw[:at]
        raw = raw[at:].lstrip(" ")
    yield raw


def _broken(text: str, cells: int) -> Iterator[str]:
    indent = " " * min(len(text) - len(text.lstrip(" ")), cells // 2)
    current, used = "", 0
    for word in _words(text, cells):
        took = width(word)
        if used + took > cells and current.strip():
            yield current.rstrip()
            current, used = indent, len(indent)
            word = word.lstrip(" ")
            took = width(word)
            if used + took > cells:
                current, used = "", 0
        elif used + took > cells:  # nothing but blanks before a wide sign: fewer of them
            used = max(0, cells - took)
            current = current[:used]
        current += word
        used += took
    if current.strip():
        yield current.rstrip()


def _words(text: str, cells: int) -> Iterator[str]:
    """Words with the blanks before them; a word wider than a line comes in pieces."""
    for found in _WORD.finditer(text):
        word = found[0]
        if len(word) * 2 <= cells or width(word) <= cells:
            yield word
        else:
            yield from _pieces(word, cells)


def _pieces(word: str, cells: int) -> Iterator[str]:
    if word.isascii():
        yield from (word[at : at + cells] for at in range(0, len(word), cells))
        return
    piece, used = "", 0
    for char in word:
        took = char_width(char)
        if used + took > cells:
            yield piece
            piece, used = "", 0
        piece += char
        used += took
    if piece:
        yield piece
