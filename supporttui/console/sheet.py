"""The styles of the console, parsed once for each set of colours.

Textual parses all styles again whenever it applies a theme, at the start too,
when nothing became different: a tenth of the way to the first frame.
"""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class SteadySheet(Stylesheet):
    """A stylesheet that is parsed anew only when a variable changed, or a source was added."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._changed = False

    def set_variables(self, variables: dict[str, str]) -> None:
        self._changed |= variables != self._variables
        super().set_variables(variables)

    def reparse(self) -> None:
        if self._changed or self._require_parse:
            self._changed = False
            super().reparse()
