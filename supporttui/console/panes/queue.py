"""The queue: a heading and the list of tickets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult

from supporttui.console.present import queue
from supporttui.console.present.spans import Line, fit_line
from supporttui.console.shift import Shift
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.keyed_drawing import Look
from supporttui.console.widgets.keyed_list import KeyedList

from .pane import Pane


class QueuePane(Pane):
    """Tickets of a view; keys are ticket numbers."""

    def __init__(self, shift: Shift, empty: Callable[[int], Sequence[Line]]) -> None:
        super().__init__("Queue", shift, id="queue-pane")
        self.list = KeyedList(self._row, id="queue", empty=empty)

    def compose(self) -> ComposeResult:
        yield self.rule
        yield Bar(self._heading, classes="heading")
        yield self.list

    def paint_heading(self) -> None:
        self.query_one(".heading", Bar).paint()

    def _heading(self, width: int) -> Sequence[Line]:
        return [fit_line(queue.heading(width - 1, self.shift.setting), width)]  # the last cell is the thumb's

    def _row(self, key: Any, row: Any, width: int, look: Look) -> Line:
        return queue.row(
            row,
            width,
            self.shift.setting,
            self.shift.now(),
            cursor=look.cursor,
            marked=look.marked,
            kept=look.kept,
            company=self.shift.company,
        )

    def changes_in(self) -> int:
        """Seconds until a row on screen reads otherwise; 0 for never."""
        return soonest(
            queue.changes_in(self.list.held.rows[key], self.shift.now(), self.shift.setting)
            for key in self.list.held.on_screen()
            if key in self.list.held.rows
        )


def soonest(waits: Any) -> int:
    """The least wait that is not 0; 0 when there is none."""
    return min((wait for wait in waits if wait), default=0)
