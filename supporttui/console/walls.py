"""The walls between data and the terminal that stand inside the console.

First wall: widgets get data only as `data_text(text)`, a Textual `Content`
whose text went through `clean()` and which no markup parser ever reads.

Second wall: whatever a widget forgot, Textual turns lines into bytes in one
place, `textual.strip.Strip.render_style` and the plain segments of
`Strip.render`.  `raise_walls()` guards that place: a control character in any
segment is replaced or taken out, in the same number of cells, OSC 8 links are dropped, and
on a terminal without UTF-8 everything is written in ASCII.  It is internal
API of Textual: a test pins it for the version in use.

The app class mixes in `Walled` (before `App`), and nothing else is needed:

    class SupportApp(Walled, App[int]): ...

It also closes the ways out that aren't lines: `open_url` only copies, the
clipboard is capped and wrapped for tmux, no file is delivered to a browser or
to a download folder, and what is printed at exit is inert.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

from rich.cells import get_character_cell_size
from rich.console import Console
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from supporttui.terminal import osc
from supporttui.terminal.safe import clean, to_ascii
from supporttui.terminal.stream import InertWriter

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

_ZWJ = "\u200d"
_plain_render = Strip.render
_plain_style = Strip.render_style.__func__  # type: ignore[attr-defined]
_ascii_only = False
_colourless = False


def data_text(text: str, style: str = "", *, newlines: bool = False) -> Content:
    """`text` from a ticket, a file or a user as inert `Content` in one Textual style.

    style: a Textual style made by us ("bold $error"), never from data.
    newlines: keep line breaks, for bodies; else they are shown as marks.
    """
    return (
        Content.styled(clean(text, newlines=newlines), style)
        if style
        else Content(clean(text, newlines=newlines))
    )


def raise_walls(*, ascii: bool = False, colourless: bool = False) -> None:
    """Guard Textual's only way from lines to bytes, for the whole process; safe to call again.

    ascii: write every sign in ASCII, cell for cell, for terminals that don't read UTF-8.
    colourless: write no colour, whatever a widget's own style sheet says (NO_COLOR).
    """
    global _ascii_only, _colourless
    _ascii_only, _colourless = ascii, colourless
    Strip.render = _guarded_render  # type: ignore[method-assign, assignment]
    Strip.render_style = classmethod(_guarded_style)  # type: ignore[method-assign, assignment]


def _guarded_render(strip: Strip, console: Console) -> str:
    """As `Strip.render`, for segments of harmless text."""
    if strip._render_cache is None:
        for text, _, _ in strip._segments:
            if not (text.isprintable() and (text.isascii() or not _ascii_only)):
                strip._segments = [
                    segment._replace(text=harmless(segment.text)) for segment in strip._segments
                ]
                break
    return _plain_render(strip, console)


def _guarded_style(cls: type[Strip], style: Style, text: str, color_system: Any) -> str:
    """As `Strip.render_style`, without links: their address may come from a ticket."""
    if style._link:
        style = style.update_link(None)
    if _colourless:
        style = _without_colour(style)
    return str(_plain_style(cls, style, text, color_system))


@lru_cache(1024)
def _without_colour(style: Style) -> Style:
    """The same weight without colours; what stood out by its ground alone is shown in reverse."""
    ground = style.bgcolor
    reverse = style.reverse or (ground is not None and not ground.is_default)
    return style.without_color + Style(reverse=reverse)


def inert(text: str) -> str:
    """The second wall for text that is written otherwise than by `Strip.render`."""
    return text if text.isprintable() and (text.isascii() or not _ascii_only) else harmless(text)


def seen_style(style: Style) -> Style:
    """A style as it is written: without colour where none is wanted.  Links are for the writer to leave out."""
    return _without_colour(style) if _colourless else style


def harmless(text: str) -> str:
    """`text` with each sign that a terminal could obey replaced, in the same number of cells.

    Textual has counted the cells already, and counts none for most controls: those vanish here.
    To see them is the first wall's work.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _stand_in(char) for char in text)
    return to_ascii(text) if _ascii_only else text


def _stand_in(char: str) -> str:
    """Instead of a sign that isn't printable: itself where it is harmless, else as wide as Textual counts it."""
    if char == _ZWJ or (inert := clean(char)) == char:
        return char
    cells = get_character_cell_size(char)
    return inert if inert.isspace() and len(inert) == cells else "\ufffd" * cells


class Walled(_Base):
    """Mix in before `App`: raises the walls and closes the ways out that aren't lines of text.

    The class attribute `ASCII_ONLY` is set by whoever starts the app on a terminal without UTF-8,
    `COLOURLESS` where no colour is wanted, `IN_TMUX` inside tmux, `IN_SCREEN` inside screen.
    """

    ASCII_ONLY = False
    COLOURLESS = False
    IN_TMUX = False
    IN_SCREEN = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise_walls(ascii=self.ASCII_ONLY, colourless=self.COLOURLESS)
        super().__init__(*args, **kwargs)
        self.error_console = _inert_console(sys.__stderr__ or sys.stderr)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Copy `url` instead of starting a browser on the server."""
        self.copy_to_clipboard(url)

    def copy_to_clipboard(self, text: str) -> None:
        """Send `text` to the terminal's clipboard (OSC 52), raw, capped at `osc.CLIPBOARD_LIMIT` bytes.

        No terminal answers, so what is shown must say "sent to the terminal".
        """
        self._clipboard = text
        if self._driver is not None and (
            sequence := osc.clipboard(text, tmux=self.IN_TMUX, screen=self.IN_SCREEN)
        ):
            self._driver.write(sequence)

    def _set_pointer_shape(self, shape: str) -> None:
        """The mouse pointer keeps its shape: a terminal that knows no OSC 22 prints it, and rings at its end."""

    def deliver_text(self, *args: Any, **kwargs: Any) -> str | None:
        """Nothing is written to a download folder of the server."""
        return None

    def deliver_binary(self, *args: Any, **kwargs: Any) -> str | None:
        """Nothing is written to a download folder of the server."""
        return None


def _inert_console(stream: IO[str]) -> Console:
    """A Rich console whose output can't hold an escape sequence: no colours, no links."""
    return Console(
        file=InertWriter(stream),  # type: ignore[arg-type]
        color_system=None,
        force_terminal=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
