"""The `?` page: every key, narrowed by typing; Enter runs what is under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from supporttui.console.widgets.menu import Menu, Option
from supporttui.verbs.keymap import Keymap, key_name
from supporttui.verbs.registry import matching
from supporttui.verbs.situation import Situation

from .dialog import Box, Dialog


class Keys(Dialog[str]):
    """Answers the id of the verb to run."""

    def __init__(self) -> None:
        super().__init__()
        self._keymap = Keymap()
        self._situation = Situation()
        self._ascii = False

    def prepare(self, keymap: Keymap, situation: Situation, *, ascii: bool = False) -> Keys:
        self.heading = "Keys"
        self.hint = "type to filter, Enter runs, Esc leaves"
        self._keymap, self._situation, self._ascii = keymap, situation, ascii
        return self

    def compose(self) -> ComposeResult:
        with Box(classes="large"):
            yield self.title_bar()
            yield Input(id="text", compact=True, placeholder="filter")
            yield Menu(id="menu", letters=False)

    def opened(self) -> None:
        field = self.query_one(Input)
        field.cursor_blink = False
        field.value = ""
        field.focus()
        self.query_one(Menu).offer(self._options(""))

    def _options(self, words: str) -> Sequence[Option]:
        return [
            Option(
                verb.id,
                verb.title,
                " ".join(key_name(key, ascii=self._ascii) for key in self._keymap.keys(verb)),
                verb.help,
                why=verb.why_disabled(self._situation),
            )
            for verb in matching(words)
        ]

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(Menu).offer(self._options(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(Menu).pick()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        self.answer(event.option.id)

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if event.key in steps:
            event.stop()
            self.query_one(Menu).move(steps[event.key])
