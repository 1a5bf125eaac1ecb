"""After any row of paintings the terminal shows what was painted last; what looks the same isn't written."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from supporttui.console.glass import BLANK, Glass, cells_of
from tests.wire.driver import Screen

WIDTH, HEIGHT = 30, 8
STYLES = [
    Style(),
    Style(bold=True),
    Style(dim=True, color="red"),
    Style(reverse=True),
    Style(color="bright_red", bgcolor="blue"),
    Style(bgcolor="#102030"),
    Style(underline=True),
    Style(color="default", bgcolor="default"),
]
WORDS = ["NETEX", " ", "   ", "crashes", "─────", "▸", "1042", "      "]
WIDE = ["漢字", "e\u0301", "👨\u200d👩\u200d👧", "日"]
Row = list[Segment]


def row_of(chance: random.Random, *, wide: bool) -> Row:
    row, cells = [], 0
    while cells < WIDTH and chance.random() < 0.93:
        text = chance.choice(WIDE if wide and chance.random() < 0.2 else WORDS)
        segment = Segment(text, chance.choice(STYLES))
        if cells + segment.cell_length > WIDTH:
            break
        row.append(segment)
        cells += segment.cell_length
    return [*row, Segment(" " * (WIDTH - cells), chance.choice(STYLES))]


def shown(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool, bool, bool]]]:
    """Sign, colours and attributes of every cell; what can't be seen on a blank is left out."""
    lines = []
    for y in range(HEIGHT):
        line = []
        for x in range(WIDTH):
            cell = screen.buffer[y][x]
            blank = cell.data == " "
            seen = "default" if blank and not (cell.reverse or cell.underscore) else cell.fg
            bold = cell.bold and not (blank and seen == "default")
            line.append((cell.data, seen, cell.bg, bold, cell.reverse, cell.underscore))
        lines.append(line)
    return lines


def terminal() -> tuple[Screen, pyte.Stream]:
    screen = Screen(WIDTH, HEIGHT)
    screen.reset_mode(7 << 5)  # no wrapping, as the console asks for
    return screen, pyte.Stream(screen)


def fresh(rows: Sequence[Row]) -> Screen:
    """A terminal on which nothing else was ever painted."""
    screen, stream = terminal()
    glass = Glass()
    glass.resize(WIDTH, HEIGHT)
    stream.feed(glass.paint_all([[row] for row in rows], ColorSystem.EIGHT_BIT))
    return screen


@pytest.mark.parametrize("wide", [False, True], ids=["even", "wide"])
@pytest.mark.parametrize("seed", range(6))
def test_the_terminal_shows_what_was_painted_last(seed: int, wide: bool) -> None:
    chance = random.Random(seed)
    screen, stream = terminal()
    glass = Glass()
    glass.resize(WIDTH, HEIGHT)
    rows = [row_of(chance, wide=wide) for _ in range(HEIGHT)]
    for _ in range(40):
        for y in chance.sample(range(HEIGHT), k=3):
            rows[y] = row_of(chance, wide=wide)
        if chance.random() < 0.1:
            glass.forget()
            stream.feed("\x1b[2;3Hgarbage of another program")
        stream.feed(glass.paint_all([[row] for row in rows], ColorSystem.EIGHT_BIT))
        assert shown(screen) == shown(fresh(rows))
        if not wide:
            assert screen.display == ["".join(segment.text for segment in row) for row in rows]


@pytest.mark.parametrize("seed", range(6))
def test_parts_are_painted_where_they_belong(seed: int) -> None:
    chance = random.Random(seed)
    screen, stream = terminal()
    glass = Glass()
    glass.resize(WIDTH, HEIGHT)
    rows: list[Row] = [[Segment(" " * WIDTH)] for _ in range(HEIGHT)]
    stream.feed(glass.paint_all([[row] for row in rows], ColorSystem.EIGHT_BIT))
    for _ in range(60):
        y, x = chance.randrange(HEIGHT), chance.randrange(WIDTH - 8)
        part = Segment(chance.choice(WORDS), chance.choice(STYLES))
        before, _, after = Segment.divide(rows[y], [x, x + part.cell_length, WIDTH])
        rows[y] = [*before, part, *after]
        stream.feed(glass.paint_parts([(y, x, [part])], ColorSystem.EIGHT_BIT))
        assert shown(screen) == shown(fresh(rows))


def test_the_same_again_costs_nothing_and_one_letter_costs_one_letter() -> None:
    glass = Glass()
    glass.resize(20, 2)
    glass.paint_all([[[Segment("in 0:41:09")]], [[Segment("Acme")]]], ColorSystem.EIGHT_BIT)
    assert glass.paint_all([[[Segment("in 0:41:09")]], [[Segment("Acme")]]], ColorSystem.EIGHT_BIT) == ""
    assert (
        glass.paint_all([[[Segment("in 0:41:08")]], [[Segment("Acme")]]], ColorSystem.EIGHT_BIT)
        == "\x1b[1;10H8"
    )


def test_the_first_painting_erases_what_was_there_before() -> None:
    screen, stream = terminal()
    stream.feed("$ ls\r\nnotes.txt  report.txt")
    glass = Glass()
    glass.resize(WIDTH, HEIGHT)
    stream.feed(glass.paint_all([[[Segment("Queue")]]] * HEIGHT, ColorSystem.EIGHT_BIT))
    assert {line.strip() for line in screen.display} == {"Queue"}


def test_no_style_is_left_behind() -> None:
    glass = Glass()
    glass.resize(10, 1)
    raw = glass.paint_all([[[Segment("over  due", Style(reverse=True))]]], ColorSystem.EIGHT_BIT)
    assert raw.startswith("\x1b[m\x1b[2J\x1b[1;1H\x1b[7mover  due\x1b[m")


def test_a_control_in_a_segment_does_not_get_through() -> None:
    cells = list(
        cells_of([Segment("a\x1b]52;c;x\x07b", Style(link="https://x.example"))], ColorSystem.STANDARD)
    )
    assert all(sign.isprintable() for sign, _ in cells)
    assert BLANK not in cells[:1]
