"""A widget of one line (or a few) that a function draws for the width there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supporttui.console.present.spans import Line

from .painted import Painted


class Bar(Painted):
    """`draw` gives the lines for a width; `paint` repaints what became different."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(
        self, draw: Callable[[int], Sequence[Line]], *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._draw = draw

    def paint(self) -> None:
        if self.is_attached and self.content_size.width:
            self.show_lines(self._draw(self.content_size.width))

    def fitted(self) -> None:
        self.paint()
