"""Logging time: how long and what was done on one line, and below it whether it is billable.

Enter on the line takes what the verdict says; the other choice is one Tab away and asks for a
reason afterwards, so that the usual case costs no key more.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.console.widgets.drop_list import DropList
from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box
from .line import AskLine

AS_DECIDED, OTHERWISE = "as-decided", "otherwise"


class LogTime(AskLine):
    """Answers the text; `choice` says whether it is to be charged as decided or otherwise."""

    KEYS = (("Enter", "logs it"), ("Tab", "billable or not"), ("Esc", "leaves"))

    def __init__(self) -> None:
        super().__init__()
        self.choice = AS_DECIDED
        self.choices: tuple[Option, ...] = ()

    def compose(self) -> ComposeResult:
        with Box():
            yield self.title_bar()
            yield CompletingInput(id="text")
            yield self.error_bar()
            yield Menu(id="menu")
        yield DropList()

    def opened(self) -> None:
        self.choice = AS_DECIDED
        self.query_one(Menu).offer(self.choices)
        super().opened()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.choice = AS_DECIDED
        super().on_input_submitted(event)

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        text = self.query_one(CompletingInput).value
        if wrong := self._check(text):
            self.complain(wrong)
            self.query_one(CompletingInput).focus()
            return
        self.choice = event.option.id
        self.answer(text)
