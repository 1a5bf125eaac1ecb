"""What a program wrote, to read and to search: `/` looks for words, n and N go on to the next and the one before."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from supporttui.console.present.spans import Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.prompt_bar import PromptBar
from supporttui.terminal.safe import clean_line

from .page import Page


class Output(Page):
    """A pager.  Its lines are inert already (`present.output`)."""

    DEFAULT_CSS = """
    Output PromptBar { dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text: Sequence[str] = ()
        self._cut = False
        self._wanted = ""
        self._laid: list[str] = []
        self._width = 0
        self._hits: list[int] = []
        self._at = -1  # which of the hits the reader is at

    def prepare(self, heading: str, text: Sequence[str], *, cut: bool = False) -> Output:
        """cut: there was more than is kept."""
        self.heading = heading
        self._text, self._cut, self._wanted, self._width = text, cut, "", 0
        self._hits, self._at = [], -1
        return self

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield PromptBar(id="search")

    def opened(self) -> None:
        self.prompt.close()
        super().opened()

    @property
    def prompt(self) -> PromptBar:
        return self.query_one(PromptBar)

    # -- drawing --------------------------------------------------------------------------------

    def lay_out(self, width: int) -> Sequence[Line]:
        if width != self._width:
            self._width = width
            self._laid = [part for text in self._text for part in wrap(text, width) or [""]]
            if self._cut:
                self._laid.append("… there was more, it is not kept")
        wanted = self._wanted.casefold()
        self._hits = [at for at, text in enumerate(self._laid) if wanted and wanted in text.casefold()]
        found = set(self._hits)
        return [
            _marked(text, wanted) if at in found else line(Span(text)) for at, text in enumerate(self._laid)
        ]

    def hints(self) -> Sequence[tuple[str, str]]:
        keys = [("/", "search"), ("g G", "ends")]
        if self._hits:
            keys.insert(1, ("n N", f"next, before: {self._at + 1} of {len(self._hits)}"))
        elif self._wanted:
            keys.insert(1, ("", f"nothing holds “{clean_line(self._wanted)}”"))
        return keys

    # -- searching ------------------------------------------------------------------------------

    @property
    def typing(self) -> bool:
        return self.prompt.asking

    def pressed(self, key: str) -> bool:
        if key == "/":
            self.prompt.ask(
                "search", "/", value=self._wanted, hint="words of a line; Enter looks, Esc leaves"
            )
        elif key in ("n", "N") and self._hits:
            self._go((self._at + (1 if key == "n" else -1)) % len(self._hits))
        else:
            return key in ("n", "N")
        return True

    def on_prompt_bar_entered(self, event: PromptBar.Entered) -> None:
        event.stop()
        self._wanted = event.text.strip()
        self._done()
        self.show_anew()
        below = [at for at, row in enumerate(self._hits) if row >= self.view.top]
        if self._hits:
            self._go(below[0] if below else 0)

    def on_prompt_bar_left(self, event: PromptBar.Left) -> None:
        event.stop()
        self._done()

    def _done(self) -> None:
        self.prompt.close()
        self.view.focus()

    def _go(self, at: int) -> None:
        """Show a hit, with a few lines before it."""
        self._at = at
        self.view.top = max(0, self._hits[at] - 3)
        self.view.paint()
        self.paint_footer()


def _marked(text: str, wanted: str) -> Line:
    """A line with the words that were looked for in reverse."""
    spans, rest, low = [], text, text.casefold()
    if len(low) != len(text):
        return line(Span(text, "reverse"))
    while (at := low.find(wanted)) >= 0:
        spans += [Span(rest[:at]), Span(rest[at : at + len(wanted)], "reverse")]
        rest, low = rest[at + len(wanted) :], low[at + len(wanted) :]
    return line(*spans, Span(rest))
