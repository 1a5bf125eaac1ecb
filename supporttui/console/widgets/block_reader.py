"""Where one reads in a text of blocks, and how that changes when one moves; no screen.

The cursor is on a block, the screen begins at a line of one: keys, never
places.  What paints is the widget that is made of this.
"""

from __future__ import annotations

from collections.abc import Callable

from supporttui.quickclass import dataclass

from . import blocks
from .blocks import Doc, Key, Shown, Spot


@dataclass(frozen=True, slots=True)
class Place:
    """Where one reads: the line at the top and the block under the cursor."""

    top: Spot
    cursor: Key


class BlockReader:
    """A reader of blocks."""

    def begin(self, height: Callable[[], int], paint: Callable[[], None], settle: Callable[[], None]) -> None:
        """Nothing to read yet.

        height: lines of the screen.  paint: draws them.  settle: the reader moved, so draw
        and see whether more is wanted.
        """
        self._height, self._paint, self._settled = height, paint, settle
        self.doc = Doc((), lambda key: blocks.Block(key))
        self.top = Spot(None)
        self.cursor: Key = None

    @property
    def height_shown(self) -> int:
        return self._height()

    @property
    def place(self) -> Place:
        return Place(self.top, self.cursor)

    @property
    def shown(self) -> list[Shown]:
        return blocks.screen(self.doc, self.top, self.height_shown)

    @property
    def at_end(self) -> bool:
        """Whether the last line is on the screen."""
        return blocks.moved(self.doc, self.top, self.height_shown) == blocks.moved(
            self.doc, self.top, self.height_shown - 1
        )

    # -- the text -------------------------------------------------------------------------------

    def open(self, doc: Doc, place: Place | None = None) -> None:
        """Another text, read from its beginning or from a place in it."""
        self.doc = doc
        first = blocks.start(doc)
        if place is None or doc.place(place.top.key) is None:
            place = Place(first, first.key)
        self.cursor = self._known(place.cursor)
        self.top = blocks.filled(doc, blocks.again(doc, doc, place.top), self.height_shown)
        self._paint()

    def renew(self, doc: Doc) -> None:
        """The same text made anew: what is being read stays on its line of the screen."""
        old, height = self.doc, self.height_shown
        self.top = blocks.hold(old, doc, self.top, self._held(old), height)
        place = doc.place(self.cursor)
        self.doc = doc
        self.cursor = doc.keys[place] if place is not None else self._known(self.top.key)
        self._paint()

    def _held(self, doc: Doc) -> Spot:
        """The line that must not move: that of the cursor's entry, when it is in sight."""
        return Spot(self.cursor) if doc.place(self.cursor) else self.top

    def _known(self, key: Key) -> Key:
        place = self.doc.place(key)
        return self.doc.keys[place] if place is not None else blocks.start(self.doc).key

    def reveal(self, key: Key, *, lines: int = 1) -> None:
        """Scroll as little as needed to show the first lines of a block; one that has no room begins at the top."""
        block = self.doc.block(key)
        if block is None:
            return
        height = self.height_shown
        want = min(lines, height)
        row = blocks.row_of(self.doc, self.top, Spot(block.key), height)
        if row is not None and row + want <= height:
            return
        below = row is not None or self._is_below(block.key)
        up = height - want if below else 0
        self.top = blocks.filled(self.doc, blocks.moved(self.doc, Spot(block.key), -up), height)

    def _is_below(self, key: Key) -> bool:
        there, here = self.doc.place(key), self.doc.place(self.top.key)
        return there is not None and here is not None and there > here

    # -- the reader moves -----------------------------------------------------------------------

    def move(self, lines: int) -> None:
        """A step: to the next entry when its line is in sight, else the screen by lines."""
        for _ in range(abs(lines)):
            self._step(1 if lines > 0 else -1)
        self._settled()

    def _step(self, way: int) -> None:
        place = self.doc.place(self.cursor)
        beside = None if place is None else blocks.stops(self.doc, place, way)
        height = self.height_shown
        if beside is not None:
            key = self.doc.keys[beside]
            if blocks.row_of(self.doc, self.top, Spot(key), height) is not None:
                self.cursor = key
                return
        before = self.top
        self.top = blocks.filled(self.doc, blocks.moved(self.doc, self.top, way), height)
        if self.top == before and beside is not None:
            self.cursor = self.doc.keys[beside]
        self._follow(way)

    def _follow(self, way: int) -> None:
        """A cursor that was scrolled away goes to the nearest block on the screen."""
        shown = self.shown
        places = {self.doc.place(one.spot.key) for one in shown}
        if self.doc.place(self.cursor) in places:
            return
        heads = [one.spot.key for one in shown if one.spot.line == 0 and self._stands(one.spot.key)]
        whole = [one.spot.key for one in shown if self._stands(one.spot.key)]
        there = heads or whole
        if there:
            self.cursor = there[0] if way > 0 else there[-1]

    def _stands(self, key: Key) -> bool:
        block = self.doc.block(key)
        return block is not None and block.stop

    def page_by(self, pages: int) -> None:
        """By whole screens, keeping one line."""
        lines = pages * max(1, self.height_shown - 1)
        self.top = blocks.filled(self.doc, blocks.moved(self.doc, self.top, lines), self.height_shown)
        self._follow(pages)
        self._settled()

    def stand_at_end(self, *, last: bool) -> None:
        """The first or the last line of what is held."""
        self.top = blocks.end(self.doc, self.height_shown) if last else blocks.start(self.doc)
        places = range(len(self.doc) - 1, -1, -1) if last else range(len(self.doc))
        self.cursor = next((self.doc.keys[at] for at in places if self.doc.at(at).stop), self.cursor)
        self._settled()

    def next_block(self, steps: int) -> None:
        """The cursor to the next block, which is shown as far as it has room."""
        place = self.doc.place(self.cursor)
        there = None if place is None else blocks.stops(self.doc, place, steps)
        if there is not None:
            self.cursor = self.doc.keys[there]
        self.show_block()

    def show_block(self) -> None:
        """Scroll as little as needed to show the block under the cursor as far as it has room."""
        block = self.doc.block(self.cursor)
        if block is not None:
            self.reveal(self.cursor, lines=sum(block.line(at) is not None for at in range(self.height_shown)))
        self._settled()
