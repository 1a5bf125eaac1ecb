"""A page with a cursor: one moves from row to row, Enter opens the ticket there, headings fold."""

from __future__ import annotations

from collections.abc import Coroutine, Hashable, Sequence
from typing import Any

from textual import events

from supporttui.console.dialogs.page import ENDS, PAGES, STEPS, Page
from supporttui.console.present.outline import FOLD, Row, place_of, places
from supporttui.console.present.spans import Line, Span, line, marked, plain
from supporttui.console.widgets.keyed_rows import reveal

GO = "go:"  # the answer of a page whose reader goes on to a ticket: "go:1042"


class Outline(Page):
    """Subclasses give the rows (`rows`) and their own keys (`own_key`)."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor: Hashable = None
        self.folded: set[str] = set()
        self._rows: Sequence[Row] = ()

    # -- for subclasses -------------------------------------------------------------------------

    def rows(self, width: int) -> Sequence[Row]:
        """All rows for a width in cells."""
        return ()

    def own_key(self, key: str) -> bool:
        """Do what one of the page's own keys means; True when it was one."""
        return False

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        at = place_of(self._rows, self.cursor)
        return None if at is None else self._rows[at]

    # -- drawing --------------------------------------------------------------------------------

    def lay_out(self, width: int) -> Sequence[Line]:
        before, self._rows = self._rows, self.rows(width)
        at = place_of(self._rows, self.cursor, before)
        self.cursor = None if at is None else self._rows[at].key
        return [_under(row) if place == at else row.line for place, row in enumerate(self._rows)]

    def show_anew(self, *, from_top: bool = False) -> None:
        if from_top:
            self.cursor = None
        super().show_anew(from_top=from_top)
        self._stand()

    def _stand(self) -> None:
        """Paint with the cursor in sight."""
        self.view.relayout()
        at = place_of(self._rows, self.cursor)
        if at is not None:
            standing = places(self._rows)
            first = 0 if at == standing[0] else at  # what stands above the first row comes into sight with it
            top = reveal(self.view.top, first, self.view.height_shown)
            if top != self.view.top:
                self.view.top = top
                self.view.paint()

    # -- keys -----------------------------------------------------------------------------------

    def pressed(self, key: str) -> bool:
        return self.own_key(key) or self._goes(key)

    def copied(self, name: str) -> Coroutine[Any, Any, Any] | None:
        """Send what the row under the cursor copies to the terminal; None where it copies nothing."""
        from supporttui.console.actions import terminal

        row = self.row
        return terminal.send(self.app.work, name, row.copies) if row is not None and row.copies else None

    def _goes(self, key: str) -> bool:
        """Move about, open or fold; False when it is no key for that."""
        verb = self.app.shift.keymap.verb(key)
        name = verb.id if verb else ""
        if name in STEPS:
            self._move(STEPS[name])
        elif name in PAGES:
            self._move(PAGES[name] * max(1, self.view.height_shown - 2))
        elif name in ENDS:
            self._move(len(self._rows) if ENDS[name] else -len(self._rows))
        elif name == "open" or key == "space":
            self._choose(fold_only=key == "space")
        elif key in ("-", "+"):
            self._fold_all(key == "-")
        else:
            return False
        return True

    def _moved_or_left(self, key: str) -> None:
        if not self._goes(key):
            super()._moved_or_left(key)

    def on_click(self, event: events.Click) -> None:
        """The mouse does what the arrows do; a second click on the row does what Enter does."""
        at = event.screen_y - self.view.content_region.y + self.view.top
        if self.view.content_region.contains(event.screen_x, event.screen_y) and at < len(self._rows):
            key = self._rows[at].key
            again, self.cursor = key == self.cursor, key or self.cursor
            self._stand()
            if again and key is not None:
                self._choose(fold_only=False)

    def _move(self, rows: int) -> None:
        """So many rows on, to the nearest one that the cursor can stand on."""
        standing = places(self._rows)
        at = place_of(self._rows, self.cursor)
        if at is None or not standing:
            self.view.move(rows)
            return
        now = standing.index(at)
        if abs(rows) == 1:
            target = max(0, min(len(standing) - 1, now + rows))
        else:
            wished = at + rows
            target = min(range(len(standing)), key=lambda one: abs(standing[one] - wished))
        self.cursor = self._rows[standing[target]].key
        self._stand()
        if target == len(standing) - 1:
            self.view.move(len(self._rows))  # what stands below the last row comes into sight with it
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        at = place_of(self._rows, self.cursor)
        if at is not None and at < self.view.top:
            self.view.top = at
            self.view.paint()

    def _choose(self, *, fold_only: bool) -> None:
        row = self.row
        if row is None:
            return
        if isinstance(row.key, tuple) and row.key[0] == FOLD:
            self.folded ^= {str(row.key[1])}
            self._stand()
            self._show_section()
        elif row.ticket and not fold_only:
            self.answer(f"{GO}{row.ticket}")

    def _show_section(self) -> None:
        """Of what was unfolded as much comes into sight as there is room for below its heading."""
        at = place_of(self._rows, self.cursor)
        if at is None:
            return
        headings = (
            place
            for place, row in enumerate(self._rows)
            if place > at and isinstance(row.key, tuple) and row.key[0] == FOLD
        )
        end = next(headings, len(self._rows))
        top = min(at, max(self.view.top, end - self.view.height_shown))
        if top != self.view.top:
            self.view.top = top
            self.view.paint()

    def _fold_all(self, folded: bool) -> None:
        names = {str(row.key[1]) for row in self._rows if isinstance(row.key, tuple) and row.key[0] == FOLD}
        section = None
        for row in self._rows:  # the cursor goes to the heading above it
            if isinstance(row.key, tuple) and row.key[0] == FOLD:
                section = row.key
            if row.key == self.cursor:
                break
        self.folded = names if folded else set()
        if folded:
            self.cursor = section
        self._stand()


def _under(row: Row) -> Line:
    """The row of the cursor; of a record in one ground, where patches of colour would tell nothing."""
    return line(Span(plain(row.line), "cursor")) if row.record[0] else marked(row.line, "cursor")
