"""A part of the main screen under a rule with its title; the rule of the one that has the focus is coloured.

There are no boxes: a frame around every pane would cost two columns, and a
repaint of the whole screen each time the focus moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Vertical

from supporttui.console.present.bars import pane_rule
from supporttui.console.present.spans import Line
from supporttui.console.shift import Shift
from supporttui.console.widgets.bar import Bar


class Pane(Vertical):
    """Composes and forwards; decides nothing."""

    def __init__(self, title: str, shift: Shift, *, id: str) -> None:
        super().__init__(id=id)
        self.title = title
        self.shift = shift
        self.rule = Bar(self._rule, classes="rule")

    def _rule(self, width: int) -> Sequence[Line]:
        right = self.beside(width)
        return [pane_rule(self.title, width, self.shift.setting, focused=self.has_focus_within, right=right)]

    def beside(self, width: int) -> Line:
        """What stands at the right end of the rule of this width."""
        return ()

    def on_descendant_focus(self) -> None:
        self.rule.paint()

    def on_descendant_blur(self) -> None:
        self.rule.paint()
