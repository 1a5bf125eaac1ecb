"""The `?` page: every key, narrowed by words or by a key; Enter runs what is under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.widgets.menu import Option
from supporttui.verbs.keymap import Keymap
from supporttui.verbs.situation import Situation

from .finder import Finder


class Keys(Finder[str]):
    """Answers the id of the verb to run."""

    KEYS = (("Enter", "runs it"), ("Esc", "leaves"))
    PLACEHOLDER = "words or a key"

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

    def found(self, words: str) -> Sequence[Option]:
        return [
            Option(
                verb.id,
                verb.title,
                " ".join(self._keymap.written(verb, ascii=self._ascii)) or f":{verb.id}",
                verb.help,
                why=verb.why_disabled(self._situation),
            )
            for verb in self._keymap.matching(words, ascii=self._ascii)
        ]

    def chosen(self, option: Option) -> None:
        self.answer(option.id)
