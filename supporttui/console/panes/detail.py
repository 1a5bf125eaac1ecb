"""One ticket: facts, clocks and journal."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from supporttui.console.present import detail
from supporttui.console.present.detail import Subject
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.shift import Shift
from supporttui.console.widgets.text_view import TextView

from .pane import Pane


class DetailPane(Pane):
    """Shows a subject; the same ticket stays where it was scrolled to."""

    def __init__(self, shift: Shift) -> None:
        super().__init__("Ticket", shift, id="detail-pane")
        self.subject: Subject | None = None
        self.view = TextView(self._layout, id="detail")

    def compose(self) -> ComposeResult:
        yield self.rule
        yield self.view

    @property
    def number(self) -> int:
        """The ticket that is shown, 0 for none."""
        return self.subject.ticket.number if self.subject else 0

    def show(self, subject: Subject | None) -> None:
        self.subject = subject
        self.title = f"Ticket {self.number}" if subject else "Ticket"
        self.rule.paint()
        self.view.show(self.number)

    def _layout(self, width: int, pages: int) -> Sequence[Line]:
        if self.subject is None:
            return [line(Span("no ticket", "muted"))]
        return detail.lines(self.subject, width, self.shift.setting, self.shift.now(), pages=pages)
