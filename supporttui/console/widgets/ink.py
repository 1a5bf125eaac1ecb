"""From role to style: the one place where meaning becomes colour on the console.

A role is a word or several ("sev1 bold cursor").  Colour belongs to severity,
overdue and the focused pane; everything else is default, dim or bold, so that
the screen is calm until something burns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.color import Color, ColorParseError
from rich.style import Style

if TYPE_CHECKING:
    from textual.app import App

# Roles that need no colour, or that a theme may leave out.
PLAIN: Mapping[str, Style] = {
    "bold": Style(bold=True),
    "dim": Style(dim=True),
    "muted": Style(dim=True),
    "reverse": Style(reverse=True),
    "cursor": Style(reverse=True),
    "still": Style(bold=True),
    "underline": Style(underline=True),
    "title": Style(bold=True),
    "key": Style(bold=True),
    "sev1": Style(color="red", bold=True),
    "sev2": Style(color="yellow"),
    "sev3": Style(),
    "sev4": Style(dim=True),
    "overdue": Style(color="red", bold=True),
    "warning": Style(color="yellow"),
    "error": Style(color="red", bold=True),
    "mine": Style(bold=True),
    "focus": Style(color="cyan"),
    "tab": Style(reverse=True),
    "good": Style(color="green"),
    "public": Style(bold=True),
    "internal": Style(italic=True),
}
WORDS = ("sev1", "sev2", "sev3", "sev4", "overdue", "warning", "mine", "muted", "error", "good", "focus")


class Ink:
    """Roles and their styles in one theme.

    ascii: the terminal can't show more than ASCII.
    """

    def __init__(self, colours: Mapping[str, str] | None = None, *, ascii: bool = False) -> None:
        self.ascii = ascii
        self._roles = dict(PLAIN)
        for role, colour in (colours or {}).items():
            self._roles[role] = self._coloured(role, colour)
        self._cache: dict[str, Style] = {}

    @staticmethod
    def _coloured(role: str, colour: str) -> Style:
        plain = PLAIN.get(role, Style())
        if not colour:
            return plain
        try:
            return Style(color=Color.parse(_rich_name(colour)), bold=plain.bold, reverse=plain.reverse)
        except ColorParseError:
            return plain

    def style(self, role: str) -> Style:
        """The style of a role, or of several words of which later ones win; unknown words look plain."""
        found = self._cache.get(role)
        if found is None:
            found = Style.combine([self._roles.get(word, Style()) for word in role.split()] or [Style()])
            self._cache[role] = found
        return found

    @classmethod
    def of(cls, app: App[object]) -> Ink:
        """The ink of the running console; a bare one under an app that has none (in tests of widgets)."""
        found = getattr(app, "ink", None)
        return found if isinstance(found, Ink) else _BARE


_BARE = Ink()


def _rich_name(colour: str) -> str:
    """Textual writes "ansi_bright_red", Rich "bright_red"."""
    return colour.removeprefix("ansi_")
