"""A long text as blocks with keys, and where its reader stands: pure functions, no screen.

The reader's place is a block's key and a line in it, never a number of lines
from the top: what is laid out elsewhere, comes, goes, folds or unfolds does
not move what is being read.  Blocks are laid out line by line when they are
looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

from supporttui.console.present.spans import Line
from supporttui.quickclass import dataclass

Key = Hashable


class Lazy:
    """Lines that are made when they are first asked for."""

    __slots__ = ("_made", "_rest")

    def __init__(self, lines: Iterator[Line]) -> None:
        self._made: list[Line] = []
        self._rest: Iterator[Line] | None = lines

    def get(self, at: int) -> Line | None:
        """The line at a place, None beyond the last."""
        while self._rest is not None and len(self._made) <= at:
            made = next(self._rest, None)
            if made is None:
                self._rest = None
            else:
                self._made.append(made)
        return self._made[at] if 0 <= at < len(self._made) else None

    @property
    def made(self) -> int:
        """How many have been made."""
        return len(self._made)

    def count(self) -> int:
        """How many there are; makes all of them."""
        if self._rest is not None:
            self._made.extend(self._rest)
            self._rest = None
        return len(self._made)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the text.

    head: lines that are always there.  stop: whether the cursor may stand on it.
    members: other keys by which it is known.
    """

    key: Key
    head: Sequence[Line] = ()
    body: Lazy | None = None
    stop: bool = True
    members: Sequence[Key] = ()

    def line(self, at: int) -> Line | None:
        if at < len(self.head):
            return self.head[at]
        return None if self.body is None else self.body.get(at - len(self.head))

    def count(self) -> int:
        return len(self.head) + (self.body.count() if self.body else 0)


class Spot(NamedTuple):
    """A line of a block."""

    key: Key
    line: int = 0


class Shown(NamedTuple):
    """A line on the screen and where it is from."""

    spot: Spot
    line: Line


class Doc:
    """Blocks in their order.  make: lays one out; called once for each that is looked at."""

    def __init__(self, keys: Sequence[tuple[Key, Sequence[Key]]], make: Callable[[Key], Block]) -> None:
        self.keys = tuple(key for key, _ in keys)
        self._places = {key: at for at, key in enumerate(self.keys)}
        for at, (_, members) in enumerate(keys):
            for member in members:
                self._places.setdefault(member, at)
        self._make = make
        self._blocks: dict[Key, Block] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def place(self, key: Key) -> int | None:
        """Where a block or one of its members is."""
        return self._places.get(key)

    def at(self, place: int) -> Block:
        key = self.keys[place]
        found = self._blocks.get(key)
        if found is None:
            found = self._blocks[key] = self._make(key)
        return found

    def block(self, key: Key) -> Block | None:
        place = self.place(key)
        return None if place is None else self.at(place)


def screen(doc: Doc, top: Spot, height: int) -> list[Shown]:
    """The lines from `top` on, at most `height` of them."""
    shown: list[Shown] = []
    place = doc.place(top.key)
    line = top.line
    while place is not None and place < len(doc) and len(shown) < height:
        block = doc.at(place)
        found = block.line(line)
        if found is None:
            place, line = place + 1, 0
            continue
        shown.append(Shown(Spot(block.key, line), found))
        line += 1
    return shown


def start(doc: Doc) -> Spot:
    """The first line; of an empty text too."""
    return Spot(doc.keys[0] if doc.keys else None)


def moved(doc: Doc, spot: Spot, lines: int) -> Spot:
    """`lines` further down (up when negative), at most to the ends."""
    place = doc.place(spot.key)
    if place is None:
        return start(doc)
    return _down(doc, place, spot.line, lines) if lines >= 0 else _up(doc, place, spot.line, -lines)


def _down(doc: Doc, place: int, line: int, lines: int) -> Spot:
    last = Spot(doc.keys[place], line)
    while place < len(doc):
        block = doc.at(place)
        if block.line(line + lines) is not None:
            return Spot(block.key, line + lines)
        count = block.count()  # it ends before: so few lines are left in it
        if count > line:
            last = Spot(block.key, count - 1)
        lines -= max(0, count - line)
        place, line = place + 1, 0
    return last


def _up(doc: Doc, place: int, line: int, lines: int) -> Spot:
    while lines > line and place > 0:
        lines -= line
        place -= 1
        line = doc.at(place).count()
    return Spot(doc.keys[place], max(0, line - lines))


def filled(doc: Doc, top: Spot, height: int) -> Spot:
    """The top at which no line below the end is shown, unless all of the text is."""
    missing = height - len(screen(doc, top, height))
    return moved(doc, top, -missing) if missing > 0 else top


def end(doc: Doc, height: int) -> Spot:
    """The top at which the last line is the lowest on the screen."""
    for place in range(len(doc) - 1, -1, -1):
        if count := doc.at(place).count():
            return moved(doc, Spot(doc.keys[place], count - 1), -(height - 1))
    return start(doc)


def row_of(doc: Doc, top: Spot, spot: Spot, height: int) -> int | None:
    """On which line of the screen a spot is."""
    return next((row for row, one in enumerate(screen(doc, top, height)) if one.spot == spot), None)


def again(old: Doc, new: Doc, spot: Spot) -> Spot:
    """The same line in a text that was made anew; of a block that is gone, the next one that there still is."""
    place = new.place(spot.key)
    if place is not None:
        key = new.keys[place]
        block = new.at(place)
        if block.line(spot.line) is not None:
            return Spot(key, spot.line)
        return Spot(key, max(0, block.count() - 1))
    was = old.place(spot.key)
    if was is not None:
        for key in (*old.keys[was + 1 :], *reversed(old.keys[:was])):
            found = new.place(key)
            if found is not None:
                return Spot(new.keys[found])
    return start(new)


def hold(old: Doc, new: Doc, top: Spot, held: Spot, height: int) -> Spot:
    """The new top at which a line stays on the screen line where it was; else the one that was the top does."""
    row = row_of(old, top, held, height)
    if row is not None and new.place(held.key) is not None:
        return filled(new, moved(new, again(old, new, held), -row), height)
    return filled(new, again(old, new, top), height)


def stops(doc: Doc, place: int, steps: int) -> int | None:
    """The place of the next block (the one before, when -1) that the cursor may stand on."""
    place += steps
    while 0 <= place < len(doc):
        if doc.at(place).stop:
            return place
        place += steps
    return None
