"""An app that writes to its terminal only what looks different.

Textual hands every painting to `App._display`; this one gives it to `Glass`
first.  It is internal API of Textual: a test pins it for the version in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.control import Control
from rich.segment import Segment
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.driver import Driver

from .glass import Glass

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object


class Thrifty(_Base):
    """Mix in before `App`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.glass = Glass()
        self._cursor_was = (-1, -1)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize | Driver.SignalResume):
            self.glass.forget()  # terminals cut or wrap what they show; another program had the screen
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """As Textual's, for what differs from what is on the terminal."""
        driver = self._driver
        paints = isinstance(renderable, LayoutUpdate | ChopsUpdate)
        if not paints or self._batch_count or self.is_headless or driver is None or driver.is_inline:
            super()._display(screen, renderable)
            return
        try:
            if self._running and not self._closed:
                try:
                    sequence = self._difference(renderable)
                except Exception as error:  # a widget that can't be drawn ends the app as Textual would
                    self._handle_exception(error)
                    return
                if sequence:
                    self._begin_update()
                    driver.write(sequence)
                    self._end_update()
                    driver.flush()
        finally:
            self.post_display_hook()

    def _difference(self, renderable: LayoutUpdate | ChopsUpdate) -> str:
        """The bytes for this painting, and for the place of the terminal's own cursor."""
        colours = self.console._color_system or ColorSystem.TRUECOLOR
        if isinstance(renderable, LayoutUpdate):
            self.glass.resize(renderable.region.width, renderable.region.height)
            sequence = self.glass.paint_all(renderable.strips, colours)
        else:
            sequence = self.glass.paint_parts(_pieces(renderable), colours)
        place = self.screen.outer_size.clamp_offset(self.cursor_position)
        if sequence or place != self._cursor_was:
            self._cursor_was = self._previous_cursor_position = place
            sequence += Control.move_to(*place).segment.text
        return sequence

    def paint_anew(self) -> None:
        """Write all of the screen: something else may have written to the terminal."""
        self.glass.forget()
        with suppress(Exception):  # no screen yet, or none any more
            self.screen.refresh()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        with super().suspend():
            try:
                yield
            finally:
                self.glass.forget()


def _pieces(update: ChopsUpdate) -> Iterator[tuple[int, int, list[Segment]]]:
    """Line, column and segments of a painting's parts, cut to what was asked for."""
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > right or end <= left:
                continue
            first, last = max(x, left), min(end, right)
            if first < last:
                yield y, first, list(strip.crop(first - x, last - x))
