"""What this console has said since it was opened, newest first, with what could not be shown in one line."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.present.bars import Notice
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.terminal.safe import clean_line

from .page import Page

TIME = 10  # cells of the time before a notice


class Messages(Page):
    """A page to read."""

    def __init__(self) -> None:
        super().__init__()
        self._notices: Sequence[Notice] = ()

    def prepare(self, notices: Sequence[Notice]) -> Messages:
        self.heading = "Messages, newest first"
        self._notices = tuple(reversed(notices))
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        out: list[Line] = []
        for said in self._notices:
            at = said.at.astimezone(self.setting.zone).strftime("%H:%M:%S") if said.at else ""
            for row, text in enumerate(wrap(clean_line(said.text), width - TIME - 1)):
                out.append(line(Span(f" {at if not row else '':<{TIME}}", "muted"), Span(text, said.tone)))
            for more in said.more:
                for row, text in enumerate(wrap(clean_line(more), width - TIME - 3)):
                    out.append(line(" " * (TIME + (1 if not row else 3)), Span(text)))
        return out or [line(Span(" nothing has been said yet", "muted"))]
