"""One of a few: severity, status, what to close as; also every question that wants a yes."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from supporttui.console.keys import verb_of
from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box, Dialog


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

    def opened(self) -> None:
        menu = self.query_one(Menu)
        menu.offer(self._options, index=self._index)
        menu.focus()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        self.answer(event.option.id)

    def on_key(self, event: events.Key) -> None:
        if verb_of(self.app, event) == "quit":
            event.stop()
            self.left()
