"""One of a few: severity, status, what to close as; also every question that wants a yes."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from supporttui.console.keys import verb_of
from supporttui.console.present.spans import Line, Span, fit_line, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.menu import Menu, Option
from supporttui.terminal.safe import clean_line

from .dialog import Box, Dialog

FITS = 40  # characters of a note that stand beside its choice at 80 columns
LINES = 3  # for one that doesn't
WIDTH, EDGES = 76, 4  # of the box, as the styles have it


class Choose(Dialog[str]):
    """Answers the id of the option."""

    KEYS = (("Enter", "chooses"), ("Esc", "leaves"))

    def __init__(self) -> None:
        super().__init__()
        self._options: Sequence[Option] = ()
        self._index = 0

    def prepare(self, heading: str, options: Sequence[Option], *, hint: str = "", index: int = 0) -> Choose:
        self.heading = heading
        self.hint = "; ".join(part for part in (hint, "Enter chooses, Esc leaves") if part)
        self._options, self._index = options, index
        return self

    def compose(self) -> ComposeResult:
        with Box():
            yield self.title_bar()
            yield Menu(id="menu")
            yield Bar(self._explained, id="explained")

    def opened(self) -> None:
        menu = self.query_one(Menu)
        menu.offer(self._options, index=self._index)
        menu.focus()
        self._make_room()
        self._explain()

    def _make_room(self) -> None:
        """As many lines below the choices as the longest explanation takes."""
        explains = any(len(one.note) > FITS for one in self._options)
        self.set_class(explains, "explains")
        if explains:
            width = max(1, min(WIDTH, self.app.size.width * 96 // 100) - EDGES)
            lines = max(len(list(wrap(clean_line(one.why or one.note), width))) for one in self._options)
            self.query_one("#explained", Bar).styles.height = min(LINES, max(1, lines))

    def on_resize(self) -> None:
        if self._open:
            self._make_room()

    def _explained(self, width: int) -> Sequence[Line]:
        """What the highlighted choice means, in full where its row has no room for it."""
        current = self.query_one(Menu).current
        words = clean_line(current.why or current.note) if current is not None else ""
        return [fit_line(line(Span(text, "muted")), width) for text in list(wrap(words, width))[:LINES]]

    def _explain(self) -> None:
        self.query_one("#explained", Bar).paint()

    def on_menu_moved(self, event: Menu.Moved) -> None:
        event.stop()
        self._explain()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        self.answer(event.option.id)

    def on_key(self, event: events.Key) -> None:
        if verb_of(self.app, event) == "quit":
            event.stop()
            self.left()
