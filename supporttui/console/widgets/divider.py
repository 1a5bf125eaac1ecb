"""A vertical line between panes."""

from __future__ import annotations

from supporttui.console.present.spans import Span

from .painted import Painted


class Divider(Painted):
    """One column of line; it never changes."""

    DEFAULT_CSS = "Divider { width: 1; height: 1fr; }"

    def fitted(self) -> None:
        self.show_lines([(Span("│", "muted"),)] * self.content_size.height)
