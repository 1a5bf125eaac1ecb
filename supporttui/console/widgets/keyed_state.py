"""What a keyed list holds: a window of rows, where the reader is, what is marked and what is kept.

No screen here: the list widget draws it and tells others of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

from supporttui.quickclass import dataclass

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
)

R = TypeVar("R")
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


class Held:
    """Rows by key and the reader among them."""

    def __init__(self) -> None:
        self.window: Window[Any] = Window()
        self.position: Position[Any] = Position()
        self.marks: Marks[Any] = Marks()
        self.rows: dict[Any, Any] = {}
        self.kept: dict[Any, Kept[Any]] = {}

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

    def covers(self, window: Window[Any]) -> bool:
        """Whether a window holds every row that is on screen."""
        top, height = self.position.top, self.position.height
        return window.first <= top and min(window.total, top + height) <= window.end

    def begin(self, page: Page[Any], cursor: Any, *, keep_marks: bool) -> None:
        """Another list: forget what was kept, begin at the top or on `cursor`."""
        self.kept.clear()
        if not keep_marks:
            self.marks = Marks()
        self.window, self.rows = page.window, dict(page.rows)
        row = None if cursor is None else self.window.place_of(cursor)
        if row is None and cursor is not None:
            row = (page.elsewhere or {}).get(cursor)
        if row is None:
            row, cursor = self.window.first, self.window.key_at(self.window.first)
        self.stand(cursor, row, top=0)

    def merge(self, page: Page[Any]) -> Merged[Any]:
        """Fresh rows of the same list: cursor, marks and screen stay on their tickets."""
        merged = merge(self.window, self.position, self.take(page), page.elsewhere)
        self.window, self.position = merged.window, merged.position
        return merged

    def take(self, page: Page[Any]) -> Window[Any]:
        """The window of a page with the kept rows in it; their records are held from now on."""
        fresh = dict(page.rows)
        for key in self.kept.keys() & fresh.keys():
            self.kept[key] = replace(self.kept[key], matches=True)  # it belongs here again
        window = keep(page.window, self.kept.values())
        self.rows = {
            key: fresh[key] if key in fresh else self.rows[key]
            for key in window.keys
            if key in fresh or key in self.rows
        }
        return window

    def keep(self, key: Any, row: Any, *, matches: bool) -> None:
        """The reader changed this row: it stays where it is until the kept ones are let go."""
        if key in self.rows:
            self.rows[key] = row
        standing = kept_in(self.window, key, matches=matches)
        if standing is not None:
            self.kept[key] = standing

    def toggle_mark(self) -> None:
        if self.position.cursor is not None:
            self.marks = self.marks.toggled(self.position.cursor)

    def mark_range(self) -> None:
        """The first call remembers the row, the second marks all in between."""
        if self.marks.anchor is None:
            self.marks = replace(self.marks, anchor=self.position.cursor)
        else:
            self.marks = self.marks.with_range(self.window, self.position.cursor)

    def mark_only(self, keys: Iterable[Any]) -> None:
        self.marks = Marks(frozenset(keys))

    def unmark(self) -> None:
        self.marks = Marks()

    def stand(self, key: Any, row: int, *, top: int | None = None) -> None:
        """Put the cursor there and scroll as little as needed to show it."""
        height = self.position.height
        start = self.position.top if top is None else top
        self.position = Position(key, row, clamp_top(reveal(start, row, height), self.total, height), height)

    def scroll(self, rows: int) -> None:
        """Move the screen and leave the cursor on its ticket."""
        top = clamp_top(self.position.top + rows, self.total, self.position.height)
        self.position = replace(self.position, top=top)

    def resize(self, height: int) -> None:
        """Another number of rows fits on the screen; a cursor that was in sight stays there."""
        position = self.position
        if height != position.height:
            seen = position.shows(position.row)
            top = reveal(position.top, position.row, height) if seen else position.top
            self.position = replace(position, height=height, top=clamp_top(top, self.total, height))
