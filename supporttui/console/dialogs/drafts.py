"""Texts of one's own that weren't sent: go on with one, or throw it away after a question."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box, Dialog


class Drafts(Dialog[str]):
    """Answers the id of a draft to go on with, or "x" and the id of one to throw away."""

    KEYS = (("Enter", "goes on with it"), ("x", "throws it away"), ("Esc", "leaves"))

    def __init__(self) -> None:
        super().__init__()
        self._options: Sequence[Option] = ()
        self._index = 0

    def prepare(self, options: Sequence[Option], *, index: int = 0) -> Drafts:
        self.heading = (
            f"Unsent: {len(options)} of your texts" if len(options) > 1 else "Unsent: one text of yours"
        )
        self.hint = ""
        self._options, self._index = options, index
        return self

    def compose(self) -> ComposeResult:
        with Box(classes="large"):
            yield self.title_bar()
            yield Menu(id="menu")

    @property
    def index(self) -> int:
        """Which one the cursor was on."""
        return self.query_one(Menu).index

    def opened(self) -> None:
        menu = self.query_one(Menu)
        menu.offer(self._options, index=self._index)
        menu.focus()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        self.answer(event.option.id)

    def on_key(self, event: events.Key) -> None:
        current = self.query_one(Menu).current
        if event.key == "q":
            event.stop()
            self.left()
        elif event.key in ("x", "delete") and current is not None:
            event.stop()
            self.answer(f"x{current.id}")
