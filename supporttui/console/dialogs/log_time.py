"""Logging time: how long and what was done on one line, and below it whether it is billable.

What stands below the sign is what Enter does: as the verdict says, unless Tab chose otherwise, which asks
for a reason afterwards.  The usual case costs no key more, and the choice is made without leaving the line.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.console.widgets.drop_list import DropList
from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box
from .line import AskLine

AS_DECIDED, OTHERWISE = "as-decided", "otherwise"
STEPS = {"down": 1, "up": -1}


class LogTime(AskLine):
    """Answers the text; `choice` says whether it is to be charged as decided or otherwise.

    choice, wrong: set before a showing, what it begins with: the choice that was made before, and why the
    store took the text not.
    """

    KEYS = (("Enter", "logs it"), ("Tab", "billable or not"), ("Esc", "leaves"))

    def __init__(self) -> None:
        super().__init__()
        self.choice = AS_DECIDED
        self.choices: tuple[Option, ...] = ()
        self.wrong = ""

    def compose(self) -> ComposeResult:
        menu = Menu(id="menu")
        menu.can_focus = False  # the line keeps the focus: what is typed is never lost to a list
        with Box():
            yield self.title_bar()
            yield CompletingInput(id="text")
            yield self.error_bar()
            yield menu
        yield DropList()

    def opened(self) -> None:
        at = next((at for at, one in enumerate(self.choices) if one.id == self.choice), 0)
        self.query_one(Menu).offer(self.choices, index=at)
        super().opened()
        if self.wrong:
            self.complain(self.wrong)

    def on_key(self, event: events.Key) -> None:
        """Tab is the other choice; Up and Down choose as in a list."""
        menu = self.query_one(Menu)
        if event.key in ("tab", "shift+tab"):
            menu.move(-1 if menu.index else 1)
        elif event.key in STEPS:
            menu.move(STEPS[event.key])
        else:
            return
        event.stop()
        event.prevent_default()  # Dialog.on_key would go to the next field

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._chosen()
        super().on_input_submitted(event)

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        self._chosen()
        text = self.query_one(CompletingInput).value
        if wrong := self._check(text):
            self.complain(wrong)
        else:
            self.answer(text)

    def _chosen(self) -> None:
        current = self.query_one(Menu).current
        self.choice = current.id if current else AS_DECIDED
