"""The list that the queue and the timers are: a window of rows, a cursor that holds a ticket.

It shows a part of a result that may have a million rows.  Rows come in pages
from outside (`put`), the list says what it lacks (`Wants`) and never waits
for it.  What is shown is worked out by pure functions in `keyed_rows`; this
class turns it into lines and repaints what differs.

It scrolls by itself instead of by Textual's ScrollView: there every change of
the total lays the whole screen out again, and every step repaints the bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual import events
from textual.message import Message

from supporttui.console.present.spans import Line

from .keyed_drawing import Look, rows_shown
from .keyed_rows import Merged, clamp_top, reveal, wanted
from .keyed_state import REACH, Held, Page
from .painted import Painted


class KeyedList(Painted, can_focus=True):
    """A list of keyed rows on the Line API.

    draw: makes the line of a row: (key, row, width, look) → spans of that width.
    """

    DEFAULT_CSS = """
    KeyedList { height: 1fr; width: 1fr; }
    """

    class Moved(Message):
        """The cursor is on another key (None: the list is empty)."""

        def __init__(self, source: KeyedList, key: Any, *, by_reader: bool) -> None:
            super().__init__()
            self.source, self.key, self.by_reader = source, key, by_reader

        @property
        def control(self) -> KeyedList:
            return self.source

    class Wants(Message):
        """Rows to be read and `put`: `count` from place `first`."""

        def __init__(self, source: KeyedList, first: int, count: int) -> None:
            super().__init__()
            self.source, self.first, self.count = source, first, count

        @property
        def control(self) -> KeyedList:
            return self.source

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, KeyedList.Wants) and message.source is self.source

    class Chosen(Message):
        """A row was clicked a second time."""

        def __init__(self, source: KeyedList, key: Any) -> None:
            super().__init__()
            self.source, self.key = source, key

    def __init__(
        self,
        draw: Callable[[Any, Any, int, Look], Line],
        *,
        id: str | None = None,
        empty: Callable[[int], Sequence[Line]] | None = None,
    ) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._empty = empty
        self.held = Held()
        self._going: int | None = None
        self.used = False  # the reader has moved in it

    @property
    def cursor(self) -> Any:
        """The key under the cursor, None when the list is empty."""
        return self.held.position.cursor

    @property
    def row(self) -> Any:
        """The record under the cursor, None when it is not held."""
        return self.held.rows.get(self.cursor)

    @property
    def total(self) -> int:
        return self.held.total

    # -- rows come in ---------------------------------------------------------------------------

    def restart(self, page: Page[Any], *, cursor: Any = None, keep_marks: bool = False) -> None:
        """Another list: begin at its top, or on `cursor` if that is in it."""
        self._going = None
        self.held.begin(page, cursor, keep_marks=keep_marks)
        self._settle(by_reader=True)

    def merge(self, page: Page[Any]) -> Merged[Any]:
        """Fresh rows of the same list: cursor, marks and screen stay on their tickets."""
        before = self.cursor
        merged = self.held.merge(page)
        self._settle(by_reader=False, moved=self.cursor != before)
        return merged

    def rest(self, page: Page[Any]) -> None:
        """Fresh rows of a list that nobody moved in: it stays at its top, the cursor on the first row."""
        before = self.cursor
        self.held.begin(page, None, keep_marks=True)
        self._settle(by_reader=False, moved=self.cursor != before)

    def put(self, page: Page[Any]) -> None:
        """A page that was asked for by `Wants`; it never moves what is on screen."""
        going, self._going = self._going, None
        if going is None:
            self._fill(page)
            return
        self.held.window = self.held.take(page)
        self._stand(min(going, max(0, self.total - 1)))

    def _fill(self, page: Page[Any]) -> None:
        """Hold these rows; a page that the reader has moved away from meanwhile is asked for again."""
        if not self.held.covers(page.window):
            self._ask()
            return
        self.merge(replace(page, elsewhere={self.cursor: self.held.position.row}))

    def keep(self, key: Any, row: Any, *, matches: bool) -> None:
        """The reader changed this row: it stays where it is until `held.kept` is cleared, dimmed if it doesn't match."""
        self.held.keep(key, row, matches=matches)
        self.paint()

    # -- the reader moves -----------------------------------------------------------------------

    def move(self, rows: int) -> None:
        """Down by `rows`, up when negative; stops at the ends."""
        if self.total:
            start = self._going if self._going is not None else self.held.position.row
            self._stand(max(0, min(self.total - 1, start + rows)))

    def page_by(self, pages: int) -> None:
        """Down by whole screens, keeping one line."""
        self.move(pages * max(1, self.held.position.height - 1))

    def to_end(self, *, last: bool) -> None:
        if self.total:
            self._stand(self.total - 1 if last else 0)

    def go_to(self, key: Any) -> bool:
        """Put the cursor on a key that is held; False when it isn't."""
        row = self.held.window.place_of(key)
        if row is not None:
            self._stand(row)
        return row is not None

    def mark(self, change: Callable[[Held], None]) -> None:
        """Change the marks: `Held.toggle_mark`, `Held.mark_range` or `Held.unmark`."""
        change(self.held)
        self.paint()

    def _stand(self, row: int) -> None:
        """Stand on a place; when its row is not held, ask for it and wait there."""
        held = self.held
        key = held.window.key_at(row)
        if key is None:
            self._going = row
            height = held.position.height
            top = clamp_top(reveal(held.position.top, row, height), self.total, height)
            self.post_message(self.Wants(self, max(0, top - REACH), height + 2 * REACH))
            return
        self._going = None
        self.used = True
        moved = key != self.cursor
        held.stand(key, row)
        self._settle(by_reader=True, moved=moved)

    # -- the screen -----------------------------------------------------------------------------

    def _settle(self, *, by_reader: bool, moved: bool = True) -> None:
        self.paint()
        self._ask()
        if moved:
            self.post_message(self.Moved(self, self.cursor, by_reader=by_reader))

    def _ask(self) -> None:
        ask = wanted(self.held.window, self.held.position, reach=REACH)
        if ask is not None and self._going is None:
            self.post_message(self.Wants(self, ask.first, ask.count))

    def paint(self) -> None:
        """Draw what ought to be on screen; cells that look the same are not touched."""
        if self.content_size.width and self.is_attached:
            width = self.content_size.width
            if self._empty is not None and not self.total:
                self.show_lines(self._empty(width)[: self.held.position.height])
            else:
                self.show_lines(rows_shown(self.held, self._draw, width, focused=self.has_focus))

    def scroll_rows(self, rows: int) -> None:
        """Move the screen and leave the cursor on its ticket."""
        self.used = True
        self.held.scroll(rows)
        self.paint()
        self._ask()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-3)

    def fitted(self) -> None:
        self.held.resize(max(1, self.content_size.height))
        self._settle(by_reader=False, moved=False)

    def watch_has_focus(self, _focused: bool) -> None:
        super().watch_has_focus(_focused)
        self.paint()

    def on_click(self, event: events.Click) -> None:
        place = self.held.position.top + event.y - self.content_offset.y
        if 0 <= place < self.total:
            again = self.held.window.key_at(place) == self.cursor
            self._stand(place)
            if again:
                self.post_message(self.Chosen(self, self.cursor))
