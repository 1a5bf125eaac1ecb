"""What this console has said since it was opened, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from supporttui.console.present.bars import Notice
from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.text_view import TextView

from .dialog import Box, Dialog


class Messages(Dialog[str]):
    """A page to read; it answers nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._notices: Sequence[Notice] = ()
        self._setting = Setting()

    def prepare(self, notices: Sequence[Notice], setting: Setting) -> Messages:
        self.heading = "Messages"
        self.hint = "newest first; Esc leaves"
        self._notices, self._setting = tuple(reversed(notices)), setting
        return self

    def compose(self) -> ComposeResult:
        with Box(classes="large"):
            yield self.title_bar()
            yield TextView(self._layout, id="said")

    def _layout(self, width: int, pages: int) -> list[Line]:
        out: list[Line] = []
        for said in self._notices:
            at = said.at.astimezone(self._setting.zone).strftime("%H:%M:%S") if said.at else ""
            for row, text in enumerate(wrap(said.text, width - 10)):
                out.append(line(Span(f"{at if not row else '':<10}", "muted"), Span(text, said.tone)))
        return out or [line(Span("nothing has been said yet", "muted"))]

    def opened(self) -> None:
        view = self.query_one(TextView)
        view.show(len(self._notices))
        view.focus()

    def on_key(self, event: events.Key) -> None:
        view = self.query_one(TextView)
        steps = {"j": 1, "down": 1, "k": -1, "up": -1}
        if event.key in steps:
            view.move(steps[event.key])
        elif event.key in ("pagedown", "pageup", "space"):
            view.page_by(-1 if event.key == "pageup" else 1)
        elif event.key in ("q", "m", "enter"):
            self.left()
        else:
            return
        event.stop()
