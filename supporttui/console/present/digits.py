"""Large digits: a countdown that can be read across a room.

One font of three by five dots is drawn in three ways: `tall`, a dot as two full
cells (five lines); `small`, two dots to a cell by half blocks (three lines);
and, where only ASCII can be shown, seven segments in place of the half blocks.
All signs of a way have one width, the colon and the blank apart, so that
nothing moves when a digit changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FONT: Mapping[str, Sequence[str]] = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "h": ("#  ", "#  ", "###", "# #", "# #"),
    "d": ("  #", "  #", "###", "# #", "###"),
    "+": ("   ", " # ", "###", " # ", "   "),
    "-": ("   ", "   ", "###", "   ", "   "),
    ":": (" ", "#", " ", "#", " "),
    " ": (" ", " ", " ", " ", " "),
}
SEGMENTS: Mapping[str, Sequence[str]] = {
    "0": (" _ ", "| |", "|_|"), "1": ("   ", "  |", "  |"), "2": (" _ ", " _|", "|_ "),
    "3": (" _ ", " _|", " _|"), "4": ("   ", "|_|", "  |"), "5": (" _ ", "|_ ", " _|"),
    "6": (" _ ", "|_ ", "|_|"), "7": (" _ ", "  |", "  |"), "8": (" _ ", "|_|", "|_|"),
    "9": (" _ ", "|_|", " _|"), "h": ("   ", "|_ ", "| |"), "d": ("   ", " _|", "|_|"),
    "+": ("   ", "_|_", " | "), "-": ("   ", "___", "   "), ":": (" ", ".", "."), " ": (" ", " ", " "),
}  # fmt: skip
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
TALL, SMALL = 5, 3  # lines


def glyph(char: str, lines: int, *, ascii: bool) -> Sequence[str]:
    """One sign in so many lines (TALL or SMALL); an unknown one is blank."""
    if lines == SMALL and ascii:
        return SEGMENTS.get(char, SEGMENTS[" "])
    dots = FONT.get(char, FONT[" "])
    if lines == TALL:
        dot = "##" if ascii else "██"
        return ["".join(dot if one == "#" else "  " for one in row) for row in dots]
    rows = [*dots, " " * len(dots[0])]
    return [
        "".join(
            HALVES[upper == "#", lower == "#"] for upper, lower in zip(rows[at], rows[at + 1], strict=True)
        )
        for at in (0, 2, 4)
    ]


def large(text: str, lines: int, *, ascii: bool = False) -> list[list[str]]:
    """The signs of a text, line by line: pieces that stay apart, so that only those that change are repainted."""
    signs = [glyph(char, lines, ascii=ascii) for char in text]
    return [[sign[row] for sign in signs] for row in range(lines)]


def large_width(text: str, lines: int) -> int:
    """Cells that a text takes, with one blank after each sign."""
    return sum(len(FONT.get(char, FONT[" "])[0]) * (2 if lines == TALL else 1) + 1 for char in text)
