"""The list that the queue and the timers are: a window of rows, a cursor that holds a ticket.

It shows a part of a result that may have a million rows.  Rows come in pages
from outside (`put`), the list says what it lacks (`Wants`) and never waits
for it.  What is shown is worked out by pure functions in `keyed_rows`; this
class turns it into lines and repaints what differs.

It scrolls by itself instead of by Textual's ScrollView: there every change of
the total lays the whole screen out again, and every step repaints the bar.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from textual import events
from textual.message import Message

from supporttui.console.present.spans import Line, Span, fit_line, line, marked

from .keyed_rows import (
    Kept,
    Marks,
    Merged,
    Position,
    Window,
    clamp_top,
    keep,
    kept_in,
    merge,
    preference,
    reveal,
    wanted,
)
from .painted import Painted

R = TypeVar("R")
Key = Hashable
REACH = 150  # rows held on each side of the screen


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows as they are now.

    first: place of the first of them; total: rows in the whole list.
    elsewhere: places of asked-for keys that are not among the rows.
    """

    rows: tuple[tuple[Any, R], ...]
    first: int
    total: int
    elsewhere: Mapping[Any, int] | None = None

    @property
    def window(self) -> Window[Any]:
        return Window(tuple(key for key, _ in self.rows), self.first, self.total)


@dataclass(frozen=True, slots=True)
class Look:
    """How a row stands: under the cursor, marked, kept though it changed."""

    cursor: bool = False
    marked: bool = False
    kept: bool = False


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
        self.window: Window[Any] = Window()
        self.position: Position[Any] = Position()
        self.marks: Marks[Any] = Marks()
        self.rows: dict[Any, Any] = {}
        self.kept: dict[Any, Kept[Any]] = {}
        self._going: int | None = None

    # -- what it holds --------------------------------------------------------------------------

    @property
    def cursor(self) -> Any:
        """The key under the cursor, None when the list is empty."""
        return self.position.cursor

    @property
    def row(self) -> Any:
        """The record under the cursor, None when it is not held."""
        return self.rows.get(self.position.cursor)

    @property
    def total(self) -> int:
        return self.window.total

    def candidates(self) -> tuple[Any, ...]:
        """Keys that may carry the cursor after a refresh, best first."""
        return preference(self.window, self.position)

    def on_screen(self) -> tuple[Any, ...]:
        """Keys of the rows that are on screen, from the top."""
        low = max(0, self.position.top - self.window.first)
        high = max(low, self.position.top + self.position.height - self.window.first)
        return self.window.keys[low:high]

    # -- rows come in ---------------------------------------------------------------------------

    def restart(self, page: Page[Any], *, cursor: Any = None) -> None:
        """Another list: forget what was kept and marked, begin at the top or on `cursor`."""
        self.kept.clear()
        self.marks = Marks()
        self._going = None
        self.window = page.window
        self.rows = dict(page.rows)
        row = self.window.place_of(cursor) if cursor is not None else None
        if row is None and cursor is not None and page.elsewhere:
            row = page.elsewhere.get(cursor)
        row = 0 if row is None else row
        key = cursor if row and cursor is not None else self.window.key_at(row)
        height = self.position.height
        top = clamp_top(reveal(0, row, height), page.total, height)
        self.position = Position(key, row, top, height)
        self._settle(by_reader=True)

    def merge(self, page: Page[Any]) -> Merged[Any]:
        """Fresh rows of the same list: cursor, marks and screen stay on their tickets."""
        merged = merge(self.window, self.position, self._take(page), page.elsewhere)
        moved = merged.position.cursor != self.position.cursor
        self.window, self.position = merged.window, merged.position
        self._settle(by_reader=False, moved=moved)
        return merged

    def put(self, page: Page[Any]) -> None:
        """A page that was asked for by `Wants`; it never moves what is on screen."""
        going, self._going = self._going, None
        if going is None:
            self.merge(page)
            return
        self.window = self._take(page)
        self._stand(min(going, max(0, self.window.total - 1)))

    def _take(self, page: Page[Any]) -> Window[Any]:
        window = keep(page.window, self.kept.values())
        fresh = dict(page.rows)
        self.rows = {
            key: fresh[key] if key in fresh else self.rows[key]
            for key in window.keys
            if key in fresh or key in self.rows
        }
        return window

    def keep(self, key: Any, row: Any, *, matches: bool) -> None:
        """The reader changed this row: it stays where it is, dimmed, until `release`."""
        if key in self.rows:
            self.rows[key] = row
        standing = kept_in(self.window, key, matches=matches)
        if standing is not None:
            self.kept[key] = standing
        self.paint()

    def release(self) -> None:
        """Rows that were kept may go; the next merge takes them out."""
        self.kept.clear()

    # -- the reader moves -----------------------------------------------------------------------

    def move(self, rows: int) -> None:
        """Down by `rows`, up when negative; stops at the ends."""
        if self.total:
            start = self._going if self._going is not None else self.position.row
            self._stand(max(0, min(self.total - 1, start + rows)))

    def page_by(self, pages: int) -> None:
        """Down by whole screens, keeping one line."""
        self.move(pages * max(1, self.position.height - 1))

    def to_end(self, *, last: bool) -> None:
        if self.total:
            self._stand(self.total - 1 if last else 0)

    def go_to(self, key: Any) -> bool:
        """Put the cursor on a key that is held; False when it isn't."""
        row = self.window.place_of(key)
        if row is not None:
            self._stand(row)
        return row is not None

    def toggle_mark(self) -> None:
        if self.cursor is not None:
            self.marks = self.marks.toggled(self.cursor)
            self.paint()

    def start_or_end_range(self) -> None:
        """The first call remembers the row, the second marks all in between."""
        if self.marks.anchor is None:
            self.marks = replace(self.marks, anchor=self.cursor)
        else:
            self.marks = self.marks.with_range(self.window, self.cursor)
        self.paint()

    def clear_marks(self) -> None:
        self.marks = Marks()
        self.paint()

    def _stand(self, row: int) -> None:
        """Stand on a place; when its row is not held, ask for it and wait there."""
        key = self.window.key_at(row)
        if key is None:
            self._going = row
            top = clamp_top(
                reveal(self.position.top, row, self.position.height), self.total, self.position.height
            )
            self.post_message(self.Wants(self, max(0, top - REACH), self.position.height + 2 * REACH))
            return
        self._going = None
        moved = key != self.cursor
        height = self.position.height
        top = clamp_top(reveal(self.position.top, row, height), self.total, height)
        self.position = Position(key, row, top, height)
        self._settle(by_reader=True, moved=moved)

    # -- the screen -----------------------------------------------------------------------------

    def _settle(self, *, by_reader: bool, moved: bool = True) -> None:
        self.paint()
        self._ask()
        if moved:
            self.post_message(self.Moved(self, self.cursor, by_reader=by_reader))

    def _ask(self) -> None:
        ask = wanted(self.window, self.position, reach=REACH)
        if ask is not None and self._going is None:
            self.post_message(self.Wants(self, ask.first, ask.count))

    def paint(self) -> None:
        """Draw what ought to be on screen; cells that look the same are not touched."""
        if self.content_size.width and self.is_attached:
            self.show_lines(self._lines())

    def _lines(self) -> list[Line]:
        width = self.content_size.width
        if not self.total and self._empty is not None:
            return list(self._empty(width))[: self.position.height]
        top, height = self.position.top, self.position.height
        thumb = thumb_lines(top, height, self.total)
        last = min(self.total, top + height)
        return [self._line(place, width if thumb is None else width - 1, thumb) for place in range(top, last)]

    def _line(self, place: int, width: int, thumb: range | None) -> Line:
        key = self.window.key_at(place)
        row = self.rows.get(key) if key is not None else None
        bar: Line = () if thumb is None else (_bar(place - self.position.top in thumb),)
        if row is None:
            return (*fit_line(line(" …"), width), *bar) if bar else line(" …")
        look = Look(key == self.cursor, key in self.marks.keys, key in self.kept)
        spans = self._draw(key, row, width, look)
        if look.cursor:
            spans = marked(spans, "cursor" if self.has_focus else "still")
        return (*spans, *bar)

    def scroll_rows(self, rows: int) -> None:
        """Move the screen and leave the cursor on its ticket."""
        top = clamp_top(self.position.top + rows, self.total, self.position.height)
        self.position = replace(self.position, top=top)
        self.paint()
        self._ask()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-3)

    def fitted(self) -> None:
        height = max(1, self.content_size.height)
        position = self.position
        if height != position.height:
            seen = position.shows(position.row)
            top = reveal(position.top, position.row, height) if seen else position.top
            self.position = replace(position, height=height, top=clamp_top(top, self.total, height))
        self._settle(by_reader=False, moved=False)

    def on_focus(self) -> None:
        self.paint()

    def on_blur(self) -> None:
        self.paint()

    def on_click(self, event: events.Click) -> None:
        place = self.position.top + event.y - self.content_offset.y
        if 0 <= place < self.total:
            again = self.window.key_at(place) == self.cursor
            self._stand(place)
            if again:
                self.post_message(self.Chosen(self, self.cursor))


def thumb_lines(top: int, height: int, total: int) -> range | None:
    """Screen lines that the scroll bar's thumb covers; None when everything fits."""
    if total <= height or height < 2:
        return None
    size = max(1, height * height // total)
    at = round(top * (height - size) / max(1, total - height))
    return range(at, at + size)


def _bar(thumb: bool) -> Span:
    return Span("▐" if thumb else " ", "muted")
