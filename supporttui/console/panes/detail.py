"""One ticket: facts, clocks and journal."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from supporttui.console.present import company, detail
from supporttui.console.present.detail import Subject
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.shift import Shift
from supporttui.console.widgets.text_view import TextView

from .pane import Pane

BLANK = Span(" ")  # as text: padding by style would cost ten bytes a line


class DetailPane(Pane):
    """Shows a subject; the same ticket stays where it was scrolled to."""

    def __init__(self, shift: Shift) -> None:
        super().__init__("Ticket", shift, id="detail-pane")
        self.subject: Subject | None = None
        self.view = TextView(self._layout, id="detail")
        self.seen_up_to = 0  # the newest entry of it that the analyst is known to have seen

    def beside(self, width: int) -> Line:
        return company.beside(self.shift.company.on(self.number), width - 16, self.shift.setting)

    def newest_in_sight(self) -> int:
        return self.subject.journal[0].id if self.subject and self.subject.journal and self.view.at_end else 0

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
            return [line(Span(" no ticket", "muted"))]
        now, setting = self.shift.now(), self.shift.setting
        lines = detail.lines(self.subject, width - 1, setting, now, pages=pages)
        return [(BLANK, *one) if one else one for one in lines]
