"""Widgets that know what is on the screen and repaint only what differs.

The byte budget over SSH rests on this: after any change a widget works out
the lines that it ought to show and asks for a repaint of the cells that are
different, nothing else.  A second that passes costs the digits that changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from supporttui.console.present.spans import EMPTY, Line, Span, difference, line_width
from supporttui.terminal.safe import to_ascii

from .ink import Ink

# Roles whose background or line shows where there is no letter; a theme may give any of them a ground.
FILLING = frozenset({"cursor", "tab", "reverse", "underline", "sev1", "overdue", "error", "mine"})


class Painted(Widget):
    """A widget made of lines of spans.  `lines_shown` is what is on screen, top line first."""

    DEFAULT_CSS = "Painted { height: auto; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines_shown: list[Line] = []
        self._strips: dict[tuple[Line, int], Strip] = {}
        self._inked: Ink | None = None
        self._fitted = Size(0, 0)
        self._fitting = False

    @property
    def ink(self) -> Ink:
        """How roles look in the theme that is on."""
        return Ink.of(self.app)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Put these lines on the screen; only cells that differ are repainted."""
        old, self.lines_shown = self.lines_shown, list(lines)
        regions = []
        for y in range(max(len(old), len(lines))):
            before = old[y] if y < len(old) else EMPTY
            after = lines[y] if y < len(lines) else EMPTY
            cells = difference(before, after)
            if cells is not None:
                regions.append(Region(cells[0], y, cells[1] - cells[0], 1))
        if regions and self.is_attached and not self._fitting:
            self.refresh(*regions)

    def fitted(self) -> None:
        """Work out the lines for a size that is new; called before they are first painted in it."""

    def fit(self) -> None:
        """Have lines for the size that the widget has now.

        A layout paints before it tells of the new size, so this is also asked
        at painting: the first frame shows what the second one would.
        """
        size = self.content_size
        if size != self._fitted and size.width and size.height:
            self._fitted, self._fitting = size, True
            self._styles_cache.clear()  # it still holds the strips from before it was hidden
            try:
                self.lines_shown = []
                self.fitted()
            finally:
                self._fitting = False

    def on_resize(self, event: events.Resize) -> None:
        self.fit()

    def on_hide(self, event: events.Hide) -> None:
        """What happens while it is hidden is not drawn: have it drawn when it comes back."""
        self._fitted = Size(0, 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        self.fit()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        if self._inked is not self.ink:
            self._strips.clear()
            self._inked = self.ink
        width = self.content_size.width
        spans = self.lines_shown[y] if y < len(self.lines_shown) else EMPTY
        strip = self._strips.get((spans, width))
        if strip is None:
            if len(self._strips) > 500:
                self._strips.clear()
            strip = self._strips[spans, width] = self._strip(spans, width)
        return strip

    def _strip(self, spans: Line, width: int) -> Strip:
        ink = self.ink
        base = Style() if ink.ansi else self.rich_style
        segments = [Segment(_shown(text, ink.ascii), base + ink.style(role)) for text, role in _joined(spans)]
        taken = line_width(spans)
        if taken < width:
            segments.append(Segment(" " * (width - taken), base))
        return Strip(segments, max(taken, width)).crop(0, width)

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()


def _shown(text: str, ascii_only: bool) -> str:
    return to_ascii(text) if ascii_only else text


def _joined(spans: Line) -> Line:
    """Neighbours of one role become one span: fewer style changes on the wire."""
    out: list[Span] = []
    for text, role in spans:
        if not text.strip(" ") and not _fills(role) and (not out or not _fills(out[-1].role)):
            role = out[-1].role if out else ""  # a blank looks the same in any colour
        if out and out[-1].role == role:
            out[-1] = Span(out[-1].text + text, role)
        else:
            out.append(Span(text, role))
    return tuple(out)


def _fills(role: str) -> bool:
    """Whether a role shows on a blank."""
    return any(word in FILLING for word in role.split())
