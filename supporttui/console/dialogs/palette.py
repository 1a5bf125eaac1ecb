"""The palette: everything that can be done or gone to, by a few letters of its name."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.widgets.menu import Option
from supporttui.verbs.line import Call
from supporttui.verbs.palette import Palette as Rows
from supporttui.verbs.palette import Row

from .finder import Finder


class Palette(Finder[Call]):
    """Answers what to run."""

    PLACEHOLDER = "a few letters, a ticket, or a line such as severity 2"

    def __init__(self) -> None:
        super().__init__()
        self._rows: Rows | None = None
        self._shown: Sequence[Row] = ()

    def prepare(self, rows: Rows) -> Palette:
        self.heading = "What to do?"
        self.hint = "verbs, views, themes and tickets; Enter runs, Esc leaves"
        self._rows = rows
        return self

    def found(self, words: str) -> Sequence[Option]:
        self._shown = self._rows.rows(words) if self._rows else ()
        return [
            Option(str(at), row.name, row.key, row.note, why=row.why) for at, row in enumerate(self._shown)
        ]

    def chosen(self, option: Option) -> None:
        self.answer(self._shown[int(option.id)].call)
