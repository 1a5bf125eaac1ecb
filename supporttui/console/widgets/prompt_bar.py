"""The line at the bottom where one types: words to find, a query, a number, a command.

Below it stands what is wrong with it, under the column where it is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from supporttui.console.present.spans import Line, Span, fit_line, line
from supporttui.terminal.safe import clean_line

from .bar import Bar


class PromptBar(Vertical):
    """Hidden until `ask`; answers by messages and is hidden again when it is done."""

    DEFAULT_CSS = """
    PromptBar { height: 2; display: none; }
    PromptBar.asking { display: block; }
    PromptBar Horizontal { height: 1; }
    PromptBar #lead { width: auto; }
    PromptBar Input { width: 1fr; }
    """

    class Typed(Message):
        """The text became different."""

        def __init__(self, kind: str, text: str) -> None:
            super().__init__()
            self.kind, self.text = kind, text

    class Entered(Message):
        """Enter was pressed."""

        def __init__(self, kind: str, text: str) -> None:
            super().__init__()
            self.kind, self.text = kind, text

    class Left(Message):
        """Esc was pressed."""

        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.kind = ""
        self._lead = ""
        self._hint = ""
        self._error = ""
        self._column = 0

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Bar(lambda _width: [line(Span(self._lead, "bold"))], id="lead")
            yield Input(id="typed", compact=True)
        yield Bar(self._below, id="below")

    @property
    def asking(self) -> bool:
        return bool(self.kind)

    def ask(
        self, kind: str, lead: str, *, value: str = "", hint: str = "", suggester: Suggester | None = None
    ) -> None:
        """Open with a lead ("/") and a value; `kind` comes back in the messages."""
        self.kind, self._lead, self._hint, self._error = kind, f" {lead} ", hint, ""
        self.query_one("#lead", Bar).styles.width = len(self._lead)
        field = self.query_one(Input)
        field.cursor_blink = False
        field.suggester = suggester
        with field.prevent(Input.Changed):
            field.value = value
        self.add_class("asking")
        field.focus()
        for bar in self.query(Bar):
            bar.paint()

    def complain(self, error: str, column: int = 0) -> None:
        """Say what is wrong, under the 1-based column of the text; 0 for the text as a whole."""
        self._error, self._column = error, column
        self.query_one("#below", Bar).paint()

    def close(self) -> None:
        self.kind = ""
        self.remove_class("asking")

    def _below(self, width: int) -> Sequence[Line]:
        if not self._error:
            return [fit_line(line(Span(f"   {clean_line(self._hint)}", "muted")), width)]
        indent = len(self._lead) + max(0, self._column - 1)
        words = clean_line(self._error)
        if self._column and indent + 2 + len(words) <= width:
            return [line(" " * indent, Span(f"^ {words}", "error"))]
        if self._column and indent > len(words) + 3:
            return [line(" " * (indent - len(words) - 1), Span(f"{words} ^", "error"))]
        return [fit_line(line(Span(f"   {words}", "error")), width)]

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.asking:
            if self._error:
                self.complain("")
            self.post_message(self.Typed(self.kind, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(self.kind, event.value))

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.post_message(self.Left(self.kind))
