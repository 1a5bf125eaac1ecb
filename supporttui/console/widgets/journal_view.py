"""A scrolled text of blocks with a cursor on one of them: the ticket and its journal.

It holds where its reader is by block and line (`blocks`), lays out what is on
the screen and no more, and paints by difference.  What the blocks are and
where they come from is not its business.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message

from supporttui.console.journal_window import Which
from supporttui.console.present.spans import Line, Span, fit_line, marked
from supporttui.quickclass import dataclass

from . import blocks
from .blocks import Doc, Key, Shown, Spot
from .painted import Painted

NEAR = 12  # blocks from the end of what is held at which more is wanted


@dataclass(frozen=True, slots=True)
class Place:
    """Where one reads: the line at the top and the block under the cursor."""

    top: Spot
    cursor: Key


class JournalView(Painted, can_focus=True):
    """Blocks below each other.  The text fills the lines; the last cell is the thumb's.

    refit: called when there is another width to make the text for; moved: when the reader moved.
    """

    DEFAULT_CSS = "JournalView { height: 1fr; width: 1fr; }"

    class Wants(Message):
        """The reader gets to an end of what is held ("older", "newer"), or goes to one ("oldest", "newest")."""

        def __init__(self, which: Which) -> None:
            super().__init__()
            self.which = which

    def __init__(
        self, refit: Callable[[], None], moved: Callable[[], None], *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._refit = refit
        self._moved = moved
        self.doc = Doc((), lambda key: blocks.Block(key))
        self.top = Spot(None)
        self.cursor: Key = None
        self.more = (False, False)  # whether there is more above, and below, than is held

    @property
    def height_shown(self) -> int:
        return max(1, self.content_size.height)

    @property
    def cells(self) -> int:
        """Cells of a line of text."""
        return max(1, self.content_size.width - 2)

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
        self.paint()

    def renew(self, doc: Doc) -> None:
        """The same text made anew: what is being read stays on its line of the screen."""
        old, height = self.doc, self.height_shown
        self.top = blocks.hold(old, doc, self.top, self._held(old), height)
        place = doc.place(self.cursor)
        self.doc = doc
        self.cursor = doc.keys[place] if place is not None else self._known(self.top.key)
        self.paint()

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
        self._settle()

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
        self._settle()

    def to_end(self, *, last: bool) -> None:
        """The first or the last line; when that is not held, it is asked for."""
        if self.more[last]:
            self.post_message(self.Wants("oldest" if last else "newest"))
            return
        self.stand_at_end(last=last)

    def stand_at_end(self, *, last: bool) -> None:
        """The first or the last line of what is held."""
        self.top = blocks.end(self.doc, self.height_shown) if last else blocks.start(self.doc)
        places = range(len(self.doc) - 1, -1, -1) if last else range(len(self.doc))
        self.cursor = next((self.doc.keys[at] for at in places if self.doc.at(at).stop), self.cursor)
        self._settle()

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
        self._settle()

    def _settle(self) -> None:
        self.paint()
        self._moved()
        self.ask()

    def on_click(self, event: events.Click) -> None:
        """A click takes the cursor to the entry."""
        row, shown = event.y - self.content_offset.y, self.shown
        if 0 <= row < len(shown) and self._stands(shown[row].spot.key):
            self.cursor = shown[row].spot.key
            self._settle()

    def ask(self) -> None:
        """Say when what is held comes to its end."""
        place, shown = self.doc.place(self.top.key), self.shown
        if place is None or not shown:
            return
        last = self.doc.place(shown[-1].spot.key) or 0
        if self.more[1] and last >= len(self.doc) - NEAR:
            self.post_message(self.Wants("older"))
        elif self.more[0] and place <= NEAR:
            self.post_message(self.Wants("newer"))

    # -- the screen -----------------------------------------------------------------------------

    def paint(self) -> None:
        """Draw what ought to be on screen; cells that look the same are not touched."""
        if not (self.is_attached and self.content_size.width):
            return
        shown, width = self.shown, self.content_size.width
        thumb = self._thumb(shown)
        self.show_lines([self._line(one, row == thumb, width) for row, one in enumerate(shown)])

    def _line(self, one: Shown, thumb: bool, width: int) -> Line:
        current = (
            self.has_focus
            and one.spot.key == self.cursor
            and one.spot.line == 0
            and self._stands(one.spot.key)
        )
        if current and self.doc.place(one.spot.key):
            mark = "▸"
            line = marked(fit_line(one.line, width - 2), "cursor")
        else:
            mark, line = " ", one.line
        if not line and not thumb:
            return line
        # The blank at the left is text: padding by style would cost ten bytes a line.
        padded = (Span(mark, "cursor" if mark != " " else ""), *line)
        return (*fit_line(padded, width - 1), Span("▐", "muted")) if thumb else padded

    def _thumb(self, shown: list[Shown]) -> int | None:
        """The line of the screen that tells how far down one is; None when everything is in sight."""
        if not shown or self.height_shown < 3:
            return None
        first = self.top == blocks.start(self.doc) and not self.more[0]
        last = self.at_end and not self.more[1]
        if first and last:
            return None
        if first:
            return 0
        if last:
            return len(shown) - 1
        place = self.doc.place(self.top.key) or 0
        return 1 + place * (self.height_shown - 2) // max(1, len(self.doc))

    def fitted(self) -> None:
        self._refit()
        self.paint()

    def watch_has_focus(self, focused: bool) -> None:
        super().watch_has_focus(focused)
        self.paint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-3)

    def _scroll(self, lines: int) -> None:
        self.top = blocks.filled(self.doc, blocks.moved(self.doc, self.top, lines), self.height_shown)
        self._follow(lines)
        self._settle()
