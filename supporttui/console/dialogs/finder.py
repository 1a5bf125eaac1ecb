"""A list that is narrowed by typing; Enter takes what is under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from supporttui.console.keys import Step, step_of
from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box, Dialog

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp

T = TypeVar("T")
NOTHING = "nothing has these words"


class Finder(Dialog[T]):
    """Subclasses say what there is for some words (`found`) and what a choice answers (`chosen`)."""

    app: ConsoleApp
    KEYS = (("Enter", "takes it"), ("Esc", "leaves"))
    PLACEHOLDER = "type to filter"

    def compose(self) -> ComposeResult:
        with Box(classes="large"):
            yield self.title_bar()
            yield Input(id="text", compact=True, placeholder=self.PLACEHOLDER)
            yield Menu(id="menu", letters=False)

    # -- for subclasses -------------------------------------------------------------------------

    def found(self, words: str) -> Sequence[Option]:
        """The lines for these words, best first."""
        return ()

    def chosen(self, option: Option) -> None:
        """Answer with what a line stands for."""

    # -- drawing and keys -----------------------------------------------------------------------

    def opened(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        with field.prevent(Input.Changed):
            field.value = ""
        field.focus()
        menu = self.query_one(Menu)
        menu.empty = ""
        menu.offer(self.found(""))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        menu = self.query_one(Menu)
        menu.empty = NOTHING if event.value.strip() else ""
        menu.offer(self.found(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(Menu).pick()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        self.chosen(event.option)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("home", "end"):
            return  # the field's own
        step = step_of(self.app, event, letters=False)
        if step is not None:
            event.stop()
            event.prevent_default()
            self.travel(step)

    def travel(self, step: Step) -> None:
        """Move in the list as a key says."""
        self.query_one(Menu).travel(step)
