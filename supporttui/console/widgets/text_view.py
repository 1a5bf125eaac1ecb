"""A scrolled text of lines: the ticket, the messages.  Laid out for the width, painted by difference."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from textual import events
from textual.message import Message

from supporttui.console.present.spans import Line, Span, fit_line

from .keyed_drawing import thumb_lines
from .keyed_rows import clamp_top
from .painted import Painted


class TextView(Painted, can_focus=True):
    """Shows what `layout` makes of a width and a number of pages.

    A text that goes on after the last page is laid out one page further when
    the reader gets to its end.
    """

    DEFAULT_CSS = "TextView { height: 1fr; width: 1fr; }"

    class Scrolled(Message):
        """The reader moved."""

    def __init__(self, layout: Callable[[int, int], Sequence[Line]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._layout = layout
        self._lines: Sequence[Line] = ()
        self._identity: Hashable = None
        self.top = 0
        self.pages = 1

    @property
    def height_shown(self) -> int:
        return max(1, self.content_size.height)

    @property
    def at_end(self) -> bool:
        return self.top >= len(self._lines) - self.height_shown

    def show(self, identity: Hashable) -> None:
        """Lay out anew; another identity (another ticket) begins at the top, the same one stays where it is."""
        if identity != self._identity:
            self._identity, self.top, self.pages = identity, 0, 1
        self.relayout()

    def relayout(self) -> None:
        if self.is_attached and self.content_size.width:
            self._lines = self._layout(max(1, self.content_size.width - 1), self.pages)
            self.paint()

    def paint(self) -> None:
        width, height = self.content_size.width, self.height_shown
        self.top = clamp_top(self.top, len(self._lines), height)
        shown = self._lines[self.top : self.top + height]
        thumb = thumb_lines(self.top, height, len(self._lines))
        if thumb is None:
            self.show_lines(shown)
            return
        self.show_lines(
            [
                (*fit_line(line, width - 1), Span("▐" if at in thumb else " ", "muted"))
                for at, line in enumerate(shown)
            ]
        )

    def move(self, lines: int) -> None:
        """Scroll by lines, on into the next page of a long text."""
        if lines > 0 and self.at_end:
            self._further()
        self.top = clamp_top(self.top + lines, len(self._lines), self.height_shown)
        self.paint()

    def page_by(self, pages: int) -> None:
        self.move(pages * max(1, self.height_shown - 1))

    def to_end(self, *, last: bool) -> None:
        self.top = len(self._lines) if last else 0
        self.paint()

    def _further(self) -> None:
        before = len(self._lines)
        self.pages += 1
        self.relayout()
        if len(self._lines) == before:
            self.pages -= 1

    def fitted(self) -> None:
        self.relayout()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-3)
