"""The line at the bottom where one types: words to find, a query, a number, a command.

Below it stands what is wrong with it, under the column where it is wrong, or
what the word at its end may become: Tab takes that, up and down bring back
lines from before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from supporttui.console.present.spans import Line, Span, fit_line, line
from supporttui.terminal.safe import clean_line
from supporttui.verbs.line import Completion, shared

from .bar import Bar

Completions = Callable[[str], Sequence[Completion]]


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
        self._completions: Completions = _none
        self._offered: Sequence[Completion] = ()
        self._taken = -1  # which of the offered ones the line is, -1 for none
        self._past: Past = Past(())

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Bar(lambda _width: [line(Span(self._lead, "bold"))], id="lead")
            yield Input(id="typed", compact=True)
        yield Bar(self._below, id="below")

    @property
    def asking(self) -> bool:
        return bool(self.kind)

    def ask(
        self,
        kind: str,
        lead: str,
        *,
        value: str = "",
        hint: str = "",
        suggester: Suggester | None = None,
        completions: Completions | None = None,
        history: Sequence[str] = (),
    ) -> None:
        """Open with a lead ("/") and a value; `kind` comes back in the messages.

        completions: from the text to what it may become, for Tab.  history: lines from before, oldest first.
        """
        self.kind, self._lead, self._hint, self._error = kind, f" {lead} ", hint, ""
        self._completions, self._past = completions or _none, Past(history)
        self._offered, self._taken = (), -1
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
        if not self._error and self._offered:
            return [completions_line(self._offered, self._taken, width)]
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
            self._error = ""
            if self._taken < 0 or event.value != self._offered[self._taken].line:
                self._offer(event.value)
            self.query_one("#below", Bar).paint()
            self.post_message(self.Typed(self.kind, event.value))

    def _offer(self, text: str) -> None:
        self._offered, self._taken = (self._completions(text) if text.strip() else ()), -1

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(self.kind, event.value))

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            self.post_message(self.Left(self.kind))
        elif event.key in ("tab", "shift+tab"):
            self._complete(-1 if event.key == "shift+tab" else 1)
        elif event.key in ("up", "down"):
            field = self.query_one(Input)
            self._put(self._past.step(-1 if event.key == "up" else 1, field.value))
        else:
            return
        event.stop()
        event.prevent_default()

    def _complete(self, step: int) -> None:
        """As far as all completions agree, then one after the other."""
        field = self.query_one(Input)
        if self._taken < 0:
            self._offered = self._completions(field.value)
            agreed = shared(self._offered)
            if len(agreed) > len(field.value):
                self._put(agreed)
                return
        if self._offered:
            self._taken = (self._taken + step) % len(self._offered) if self._taken >= 0 or step > 0 else -1
            self._taken %= len(self._offered)
            self._put(self._offered[self._taken].line)

    def _put(self, text: str | None) -> None:
        if text is not None:
            field = self.query_one(Input)
            field.value = text
            field.cursor_position = len(text)


class Past:
    """Lines from before, walked by up and down; what was being written is the newest."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = len(lines)
        self._written = ""

    def step(self, steps: int, written: str) -> str | None:
        """The line before (-1) or after (1); None at an end."""
        if self._at == len(self._lines):
            self._written = written
        at = self._at + steps
        if not 0 <= at <= len(self._lines):
            return None
        self._at = at
        return self._lines[at] if at < len(self._lines) else self._written


def _none(_text: str) -> Sequence[Completion]:
    return ()


def completions_line(offered: Sequence[Completion], taken: int, width: int) -> Line:
    """What may stand at the end, the one that stands there marked; what a lone one means."""
    spans = [Span("   ")]
    for at, one in enumerate(offered):
        spans += [Span(clean_line(one.word), "bold underline" if at == taken else ""), Span("  ")]
    chosen = offered[max(0, taken)]
    if chosen.note and (len(offered) == 1 or taken >= 0):
        spans.append(Span(clean_line(chosen.note), "muted"))
    return fit_line(spans, width)
