"""What all dialogs share: a box, a title from data made inert, Esc to leave.

Dialogs are made once and shown again and again (a new modal screen each time
would stay in Textual's caches): `prepare` fills them before every showing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.containers import Vertical
from textual.reactive import Reactive
from textual.screen import ModalScreen
from textual.widget import Widget

from supporttui.console.keys import verb_of
from supporttui.console.present.spans import Line, Span, fit_line, line
from supporttui.console.present.wrap import wrap
from supporttui.console.screens.steady import Steady
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.ink import Ink
from supporttui.terminal.safe import clean_line

T = TypeVar("T")


class Box(Vertical):
    """The frame of a dialog."""


class Dialog(Steady, ModalScreen[T | None]):
    """A modal screen that answers None when it is left.

    title, hint: lines at its top; error: the line that says what is wrong.
    KEYS: its own keys, for the bottom line of the screen behind it.
    """

    AUTO_FOCUS = None
    STOPS = "*"  # what Tab stops at
    KEYS: ClassVar[Sequence[tuple[str, str]]] = (("Tab", "next"), ("Esc", "leaves"))
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)  # fields show the focus themselves

    def __init__(self) -> None:
        super().__init__()
        self.heading = ""
        self.hint = ""
        self.error = ""
        self.beside = ""  # who else is at the ticket that this is about
        self._open = False
        self._then: Callable[[], None] | None = None
        self._answered: Callable[[], None] | None = None

    def when_open(self, then: Callable[[], None]) -> None:
        """Call this once the dialog is filled and has the focus."""
        self._then = then

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call this with the answer, before another key can reach what is below the dialog."""
        self._answered = then

    def title_bar(self) -> Bar:
        return Bar(self._title_lines, id="title")

    def error_bar(self) -> Bar:
        return Bar(self._error_lines, id="error")

    def _title_lines(self, width: int) -> Sequence[Line]:
        return [
            fit_line(line(Span(clean_line(self.heading), "title")), width),
            fit_line(
                line(
                    Span(self.beside, "warning"),
                    Span("; " if self.beside and self.hint else ""),
                    Span(clean_line(self.hint), "muted"),
                ),
                width,
            ),
        ]

    def _error_lines(self, width: int) -> Sequence[Line]:
        wrapped = list(wrap(clean_line(self.error), max(1, width)))
        shown = [*wrapped[:1], " ".join(part.strip() for part in wrapped[1:])] if wrapped else [""]
        return [fit_line(line(Span(text, "error")), width) for text in shown]

    def tell_beside(self, words: str) -> None:
        """Say who else is at this ticket, before the hint; "" for nobody.  words: inert already."""
        if words != self.beside:
            self.beside = words
            for bar in self.query("#title").results(Bar):
                bar.paint()

    def complain(self, error: str) -> None:
        """Say what is wrong and stay."""
        self.error = error
        self.query_one("#error", Bar).paint()

    def on_mount(self) -> None:
        self.set_class(Ink.of(self.app).ascii, "ascii")

    def on_screen_resume(self) -> None:
        # Without its widgets it is shown by a console that is just ending.
        if not self._open and self.query(Bar):
            self._open = True
            self.error = self.beside = ""
            for bar in self.query(Bar):
                bar.paint()
            self.opened()
            if self._then is not None:
                self.call_later(self._then)
                self._then = None

    def paint_footer(self) -> None:
        """Something was said: show it, where the dialog has a line of its own for it."""

    async def beat(self) -> None:
        """The keeper's beat, while this is the screen on top: for what lives by the clock."""

    def unsent_draft(self) -> tuple[int, str, str, dict[str, str]] | None:
        """What would be lost now: ticket, kind, text and fields of a draft; None for nothing."""
        return None

    def opened(self) -> None:
        """Fill the widgets and put the focus where it belongs; called at every showing."""

    def answer(self, result: T | None) -> None:
        """Close with an answer.

        A key that was on its way while another dialog opened above this one closes neither: Textual would
        take away the one on top and leave this one, answered, below it.
        """
        if self._open and self.app.screen is self:
            self._open = False
            if self._answered is not None:
                self._answered()
                self._answered = None
            self.dismiss(result)

    def on_key(self, event: events.Key) -> None:
        """Textual calls this beside the `on_key` of a subclass, not instead of it."""
        if event.key == "escape":
            event.stop()
            self.left()
        elif event.is_printable:
            return
        elif event.key == "tab" or verb_of(self.app, event) == "next-pane":
            event.stop()
            self.focus_next(self.STOPS)
        elif event.key == "shift+tab" or verb_of(self.app, event) == "previous-pane":
            event.stop()
            self.focus_previous(self.STOPS)

    def left(self) -> None:
        """Esc: leave without an answer."""
        self.answer(None)
