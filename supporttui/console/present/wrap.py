"""Text as lines of cells: what a stranger wrote, broken at blanks, indentation kept."""

from __future__ import annotations

from collections.abc import Iterator

from supporttui.terminal.safe import char_width, clean, width


def wrap(text: str, cells: int) -> Iterator[str]:
    """The lines of `text`, made inert, none wider than `cells`; an empty line stays one."""
    cells = max(cells, 4)
    for one in clean(text, newlines=True).split("\n"):
        if width(one) <= cells:
            yield one.rstrip()
        else:
            yield from _broken(one, cells)


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
        current += word
        used += took
    if current.strip():
        yield current.rstrip()


def _words(text: str, cells: int) -> Iterator[str]:
    """Words with the blanks before them; a word wider than a line comes in pieces."""
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and not (text[end] == " " and text[end - 1] != " "):
            continue
        yield from _pieces(text[start:end], cells)
        start = end


def _pieces(word: str, cells: int) -> Iterator[str]:
    if width(word) <= cells:
        yield word
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
