"""Canned replies to choose from: type to filter, read the preview, Enter puts the text in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from supporttui.console.present.spans import Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.menu import Menu, Option
from supporttui.console.widgets.text_view import TextView

from .dialog import Box, Dialog

NONE = "no canned reply has these words"
STEPS = {"down": 1, "up": -1}
PAGES = {"pagedown": 1, "pageup": -1}


class Templates(Dialog[str]):
    """Answers the name of a template."""

    KEYS = (("Enter", "puts it in"), ("PgDn", "reads on"), ("Esc", "leaves"))

    def __init__(self) -> None:
        super().__init__()
        self._options: Sequence[Option] = ()
        self._fault = ""
        self._text: Callable[[str], str] = lambda _name: ""

    def prepare(self, options: Sequence[Option], text: Callable[[str], str], *, fault: str = "") -> Templates:
        """text: from a name to the filled-in text.  fault: what is wrong with a file that isn't listed."""
        self.heading = "Put a canned reply in"
        self.hint = "type to filter"
        self._options, self._text, self._fault = options, text, fault
        return self

    def compose(self) -> ComposeResult:
        with Box(classes="large"):
            yield self.title_bar()
            yield Input(id="text", compact=True, placeholder="filter")
            yield Menu(id="templates")
            yield TextView(lambda width, _pages: self._preview(width), id="preview")
            yield self.error_bar()

    def opened(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.value = ""
        field.focus()
        self._offer("")
        if self._fault:
            self.complain(self._fault)

    def _offer(self, words: str) -> None:
        wanted = words.casefold().split()
        found = [
            one
            for one in self._options
            if all(word in f"{one.label} {one.note} {one.id}".casefold() for word in wanted)
        ]
        self.query_one(Menu).offer(found)
        self._show()

    def _show(self) -> None:
        view, current = self.query_one(TextView), self.query_one(Menu).current
        view.show(current.id if current else "")

    def _preview(self, width: int) -> Sequence[Line]:
        current = self.query_one(Menu).current if self._open else None
        if current is None:
            return [line(Span(NONE, "muted"))] if self._open else []
        return [line(one) for one in wrap(self._text(current.id), width)]

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._open:
            self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(Menu).pick()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        self.answer(event.option.id)

    def on_key(self, event: events.Key) -> None:
        if event.key in STEPS:
            self.query_one(Menu).move(STEPS[event.key])
            self._show()
        elif event.key in PAGES:
            self.query_one(TextView).page_by(PAGES[event.key])
        else:
            return
        event.stop()
