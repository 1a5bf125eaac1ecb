"""Shows dim behind the cursor what the `:` line would become; → takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.suggester import Suggester

from supporttui.terminal.safe import clean_line
from supporttui.verbs.line import Completion


class LineSuggester(Suggester):
    """Suggests the first completion that goes on with what is written."""

    def __init__(self, completions: Callable[[str], Sequence[Completion]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._completions = completions

    async def get_suggestion(self, value: str) -> str | None:
        if not value.strip():
            return None
        for found in self._completions(value):
            line = found.line.rstrip()
            if line.startswith(value) and line != value and line == clean_line(line):
                return line
        return None
