"""Completes a query while it is typed: → takes what is shown dim behind the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.suggester import Suggester

from supporttui.desk.query import complete
from supporttui.terminal.safe import clean_line


class QuerySuggester(Suggester):
    """Suggests the best completion of the word at the end.

    vocabulary: field name → values that are known.
    """

    def __init__(self, vocabulary: Mapping[str, Sequence[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._vocabulary = vocabulary

    async def get_suggestion(self, value: str) -> str | None:
        if not value or value.endswith(" "):
            return None
        for found in complete(value, len(value), self._vocabulary):
            whole = value[: found.start] + found.text
            if whole.startswith(value) and whole != value and whole == clean_line(whole):
                return whole
        return None
