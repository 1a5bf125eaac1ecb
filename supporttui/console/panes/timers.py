"""The escalation timers of all open tickets; keys are (ticket, deadline)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from supporttui.console.present import timers
from supporttui.console.present.spans import Line
from supporttui.console.shift import Shift
from supporttui.console.widgets.keyed_drawing import Look
from supporttui.console.widgets.keyed_list import KeyedList

from .pane import Pane
from .queue import soonest


class TimersPane(Pane):
    """What fires next, and what fired without anybody having acknowledged it."""

    def __init__(self, shift: Shift) -> None:
        super().__init__("Escalation timers", shift, id="timers-pane")
        self.list = KeyedList(self._row, id="timers", empty=self._empty)

    def compose(self) -> ComposeResult:
        yield self.rule
        yield self.list

    def _row(self, key: Any, row: Any, width: int, look: Look) -> Line:
        return timers.row(row, width, self.shift.setting, self.shift.now(), cursor=look.cursor)

    def _empty(self, width: int) -> Sequence[Line]:
        return timers.empty(width)

    def changes_in(self) -> int:
        """Seconds until a timer on screen reads otherwise; 0 for never."""
        return soonest(
            timers.changes_in(self.list.held.rows[key], self.shift.now(), self.shift.setting)
            for key in self.list.held.on_screen()
            if key in self.list.held.rows
        )
