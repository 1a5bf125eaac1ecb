"""What stands on the terminal, cell by cell, so that only what is different is written.

Textual paints the whole screen when a dialog opens or closes, when a pane is
zoomed, and whenever a layout was worked out anew, although most of it looks as
before.  Over a slow line that is what costs.  `Glass` remembers every cell as
it was written last and turns a painting into the cells that differ, without
colours and cursor moves that change nothing.

Invariant: a cell that is remembered is on the terminal.  Whatever else writes
there (another size, a program that had the screen meanwhile) must be followed
by `forget`, and a line with signs of more or less than one cell, which
terminals count differently, is always written whole, together with the next.

It is also a door to the terminal, so the second wall stands here as well: see
`walls.inert`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import SGR_STYLES

from .walls import inert, seen_style

Cell = tuple[str, str]  # a sign (none: covered by the wide one before) and its SGR parameters
BLANK: Cell = (" ", "")
CLEAR = "\x1b[m\x1b[2J"
NEAR = 4  # equal cells between two that differ which cost less than a move
WORTH_ERASING = 4  # blanks at the end of a line that cost more than erasing them
# Attributes that show on a blank: underline, reverse, strike, double underline, frame, circle, overline.
_ON_BLANKS = sum(1 << SGR_STYLES.index(code) for code in ("4", "7", "9", "21", "51", "52", "53"))

_on_blanks = {"": ""}  # SGR parameters to what remains of them to be seen on a blank


class Glass:
    """The cells of one terminal."""

    def __init__(self) -> None:
        self.width = 0
        self._rows: list[list[Cell] | None] = []

    def forget(self) -> None:
        """Nobody knows any more what is on the terminal."""
        self._rows = [None] * len(self._rows)

    def resize(self, width: int, height: int) -> None:
        """The terminal has this size; another one than before makes what is on it unknown."""
        if (width, height) != (self.width, len(self._rows)):
            self.width, self._rows = width, [None] * height

    def paint_all(self, lines: Sequence[Iterable[Iterable[Segment]]], colours: ColorSystem) -> str:
        """The bytes after which the terminal shows these lines."""
        pen = Pen()
        if self._rows and not any(self._rows):
            self._rows = [[BLANK] * self.width for _ in self._rows]
            pen.out.append(CLEAR)
        whole = False
        for y, strips in enumerate(lines[: len(self._rows)]):
            new = [cell for strip in strips for cell in cells_of(strip, colours)]
            new = (new + [BLANK] * (self.width - len(new)))[: self.width]
            whole = self._paint_row(pen, y, new, whole)
        return pen.done()

    def paint_parts(self, parts: Iterable[tuple[int, int, Iterable[Segment]]], colours: ColorSystem) -> str:
        """The bytes after which these pieces are shown: line, column, segments."""
        pen = Pen()
        changed: dict[int, list[Cell]] = {}
        for y, x, segments in parts:
            if not 0 <= y < len(self._rows):
                continue
            cells = list(cells_of(segments, colours))[: max(0, self.width - x)]
            known = changed.get(y) or self._rows[y]
            if known is None:
                pen.write(y, x, cells)
                continue
            row = changed.setdefault(y, list(known))
            row[x : x + len(cells)] = cells
        for y in sorted(changed):
            whole = self._paint_row(pen, y, changed[y], False)
            below = self._rows[y + 1] if whole and y + 1 < len(self._rows) else None
            if below is not None and y + 1 not in changed:
                pen.write(y + 1, 0, below)
        return pen.done()

    def _paint_row(self, pen: Pen, y: int, new: list[Cell], whole: bool) -> bool:
        """Write what differs; whole: all of it anyway.  True when the next line must be written whole."""
        old, self._rows[y] = self._rows[y], new
        if old == new and not whole:
            return False
        uneven = not _is_even(new) or (old is not None and not _is_even(old))
        if old is None or whole or uneven:
            pen.write(y, 0, new, to_end=True)
        else:
            for start, end in _runs(old, new):
                pen.write(y, start, new[start:end], to_end=end == self.width)
        return uneven


class Pen:
    """Gathers bytes; knows where the terminal's cursor is and how it writes."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._at: tuple[int, int] | None = None  # None: not sure
        self._sgr = ""

    def write(self, y: int, x: int, cells: Sequence[Cell], *, to_end: bool = False) -> None:
        """These cells; to_end: they reach the end of the line, so that blanks may be erased."""
        self._move(y, x)
        even = _is_even(cells)
        keep = len(cells)
        while to_end and keep and cells[keep - 1] == BLANK:
            keep -= 1
        if len(cells) - keep < WORTH_ERASING:
            keep = len(cells)
        for cell in cells[:keep]:
            self._write_cell(cell)
        if keep < len(cells):
            if _on_blanks[self._sgr]:
                self._style("")
            self.out.append("\x1b[K")
        self._at = (y, x + keep) if even else None

    def _write_cell(self, cell: Cell) -> None:
        sign, sgr = cell
        if sgr != self._sgr and sign and not (sign == " " and sgr == _on_blanks[self._sgr]):
            self._style(sgr)
        self.out.append(sign)

    def _style(self, sgr: str) -> None:
        if sgr:
            self.out.append(f"\x1b[0;{sgr}m" if self._sgr else f"\x1b[{sgr}m")
        else:
            self.out.append("\x1b[m")
        self._sgr = sgr

    def _move(self, y: int, x: int) -> None:
        if self._at == (y, x):
            return
        if self._at is not None and self._at[0] == y and x > self._at[1]:
            steps = x - self._at[1]
            self.out.append("\x1b[C" if steps == 1 else f"\x1b[{steps}C")
        else:
            self.out.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = (y, x)

    def done(self) -> str:
        """All of it, with the terminal's style as it was before; "" when nothing is to be written."""
        if self._sgr:
            self._style("")
        return "".join(self.out)


def cells_of(segments: Iterable[Segment], colours: ColorSystem) -> Iterator[Cell]:
    """The cells that segments take, with harmless text and the styles that can be seen."""
    for text, style, _control in segments:
        sgr, on_blanks = _sgr(style, colours) if style else ("", "")
        text = inert(text)
        signs: Iterable[str] = text if text.isascii() else _signs(text)
        if sgr == on_blanks:
            yield from zip(signs, repeat(sgr), strict=False)
        else:
            yield from ((sign, on_blanks if sign == " " else sgr) for sign in signs)


@lru_cache(2048)
def _signs(text: str) -> tuple[str, ...]:
    """One for each cell: a sign with what is written onto it, or nothing under the rest of a wide one."""
    signs: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            signs += [text[start:end], *([""] * (width - 1))]
        elif signs:
            last = len(signs) - 1 - (signs[-1] == "")
            signs[last] += text[start:end]
    return tuple(signs)


@lru_cache(1024)
def _sgr(style: Style, colours: ColorSystem) -> tuple[str, str]:
    """SGR parameters of a sign and of a blank in this style; the terminal's own colours need none."""
    style = seen_style(style)
    attributes = style._attributes & style._set_attributes
    ground = style.bgcolor
    back = () if ground is None or ground.is_default else ground.downgrade(colours).get_ansi_codes(False)
    front = style.color
    fore = () if front is None or front.is_default else front.downgrade(colours).get_ansi_codes()
    sgr = ";".join((*_codes(attributes), *fore, *back))
    on_blanks = sgr if attributes & _ON_BLANKS else ";".join(back)
    _on_blanks[sgr] = _on_blanks[on_blanks] = on_blanks
    return sgr, on_blanks


def _codes(attributes: int) -> Iterator[str]:
    return (code for bit, code in enumerate(SGR_STYLES) if attributes & (1 << bit))


def _is_even(cells: Sequence[Cell]) -> bool:
    """Whether every terminal agrees on where each sign stands."""
    return all(len(sign) == 1 for sign, _ in cells)


def _runs(old: Sequence[Cell], new: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Stretches that differ, those near each other as one."""
    start = end = -1
    for x, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            continue
        if start >= 0 and x - end > NEAR:
            yield start, end
            start = x
        elif start < 0:
            start = x
        end = x + 1
    if start >= 0:
        yield start, end
