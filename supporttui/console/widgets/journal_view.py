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

from . import blocks
from .block_reader import BlockReader
from .blocks import Shown
from .painted import Painted

NEAR = 12  # blocks from the end of what is held at which more is wanted


class JournalView(BlockReader, Painted, can_focus=True):
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
        self.begin(lambda: max(1, self.content_size.height), self.paint, self.settle)
        self.more = (False, False)  # whether there is more above, and below, than is held

    @property
    def cells(self) -> int:
        """Cells of a line of text."""
        return max(1, self.content_size.width - 2)

    # -- the reader moves -------------------------------------------------------------------

    def to_end(self, *, last: bool) -> None:
        """The first or the last line; when that is not held, it is asked for."""
        if self.more[last]:
            self.post_message(self.Wants("oldest" if last else "newest"))
            return
        self.stand_at_end(last=last)

    def settle(self) -> None:
        self.paint()
        self._moved()
        self.ask()

    def on_click(self, event: events.Click) -> None:
        """A click takes the cursor to the entry."""
        row, shown = event.y - self.content_offset.y, self.shown
        if 0 <= row < len(shown) and self._stands(shown[row].spot.key):
            self.cursor = shown[row].spot.key
            self.settle()

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
        self.settle()
