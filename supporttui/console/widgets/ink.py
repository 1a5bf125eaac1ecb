"""From role to style: what the theme says, and the few looks that need no theme.

A role is a word or several ("sev1 bold cursor").  Colour belongs to severity,
overdue and the focused pane; everything else is default, dim or bold, so that
the screen is calm until something burns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from rich.style import Style

if TYPE_CHECKING:
    from textual.app import App

PLAIN: Mapping[str, Style] = {
    "bold": Style(bold=True),
    "still": Style(bold=True),  # the cursor's row in a pane that has not the focus
    "dim": Style(dim=True),
    "struck": Style(strike=True),
    "reverse": Style(reverse=True),
    "underline": Style(underline=True),
    "cursor": Style(reverse=True),
    "muted": Style(dim=True),
}


class Colours(Protocol):
    """What a theme gives: styles by role, and whether they are the terminal's own colours."""

    @property
    def styles(self) -> Mapping[str, Style]: ...
    @property
    def ansi(self) -> bool: ...


class Ink:
    """Roles and their styles in one theme.

    ascii: the terminal can't show more than ASCII.  ansi: only the terminal's own colours are used.
    """

    def __init__(self, colours: Colours | None = None, *, ascii: bool = False) -> None:
        self.ascii = ascii
        self.ansi = colours.ansi if colours else True
        self._roles = {**PLAIN, **(colours.styles if colours else {})}
        self._roles["bar"] = _without_ground(self._roles.get("sev1", Style()))
        self._cache: dict[str, Style] = {}

    def style(self, role: str) -> Style:
        """The style of a role, or of several words of which later ones win; unknown words look plain."""
        found = self._cache.get(role)
        if found is None:
            words = role.split()
            if "cursor" in words:  # grey letters would be a grey patch in a bright row
                words = [word for word in words if word != "muted"]
            found = Style.combine([self._roles.get(word, Style()) for word in words] or [Style()])
            if found.dim and "cursor" in words:
                found += _CLEAR  # weak letters on a bright row can't be read
            self._cache[role] = found
        return found

    @classmethod
    def of(cls, app: App[Any]) -> Ink:
        """The ink of the running console; a bare one under an app that has none."""
        found = getattr(app, "ink", None)
        return found if isinstance(found, Ink) else _BARE


def _without_ground(style: Style) -> Style:
    """A sign that is a block itself, in the colour of the block that a style is."""
    return Style(color=style.bgcolor or style.color, bold=style.bold)


_CLEAR = Style(dim=False)
_BARE = Ink()
