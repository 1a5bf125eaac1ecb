"""Which theme is on, which could be, and the user's theme files while they change.

A theme is put on in one frame: Textual's style sheet and our own ink change
together, and nothing is painted in between.  On a terminal with sixteen colours
or on a slow line only themes of the terminal's own colours can be put on; where
no colour is wanted only the one without any.

Invariant: a file that got broken never takes the theme away that is on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.quickclass import dataclass

from .theme_file import read_theme
from .themes import (
    DEFAULT,
    WITHOUT_COLOUR,
    ConsoleTheme,
    Themes,
    load_themes,
    shipped_folder,
    themes_stamp,
)
from .widgets.ink import Ink

if TYPE_CHECKING:
    from .app import ConsoleApp


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack:
    """What decides which theme may be on.

    folder: of the user's own theme files.  colour: False gives the one without any.  few: the
    terminal's own colours alone.  why_few: why, in words for people.  settings: the file that a
    choice is written to (None: nowhere), outranked: what has the word over it ("--theme"), "" for nothing.
    """

    folder: Path | None = None
    colour: bool = True
    few: bool = False
    why_few: str = ""
    settings: Path | None = None
    outranked: str = ""


class Wardrobe:
    """The themes of one console."""

    def __init__(self, wanted: str = DEFAULT, rack: Rack | None = None) -> None:
        self.rack = rack or Rack()
        self.wanted = wanted
        self._themes: Themes | None = None
        self._stamp = themes_stamp(self.rack.folder)
        self._app: ConsoleApp | None = None
        self.on, self.warning = self._first(wanted)

    @property
    def themes(self) -> Themes:
        """All of them, read when one is looked for; a start needs one alone."""
        if self._themes is None:
            self._themes = load_themes(self.rack.folder)
        return self._themes

    def _first(self, name: str) -> tuple[ConsoleTheme, str]:
        """As `fitting`; a shipped theme that no file of the user's can replace is read by itself."""
        if self.rack.colour and not self._stamp and name.replace("-", "").isalpha():
            file = shipped_folder() / f"{name}.toml"
            theme = read_theme(file)[0] if file.is_file() else None
            if theme is not None and (theme.palette.ansi or not self.rack.few):
                return theme, ""
        return self.fitting(name)

    @property
    def names(self) -> Sequence[str]:
        """All themes that there are, those of the terminal's own colours first."""
        known = self.themes.by_name
        return sorted(known, key=lambda name: (not known[name].palette.ansi, name))

    def why_not(self, name: str) -> str:
        """Why a theme can't be put on here; "" when it can."""
        theme = self.themes.by_name.get(name)
        if theme is None:
            return self.themes.choose(name)[1] or f"no theme is called {name!r}"
        if not self.rack.colour:
            return "" if name == WITHOUT_COLOUR else "no colour is wanted here (NO_COLOR)"
        return self.rack.why_few if self.rack.few and not theme.palette.ansi else ""

    def fitting(self, name: str) -> tuple[ConsoleTheme, str]:
        """The theme that is put on for `name`, and "" or why it is another one.

        For a theme of many colours where there are few it is the terminal's own dark or light one, without a word.
        """
        theme, why = self.themes.choose(name, colour=self.rack.colour)
        if self.rack.few and not theme.palette.ansi:
            theme, _ = self.themes.choose("ansi-dark" if theme.palette.dark else "ansi-light")
        return theme, why

    # -- putting on -----------------------------------------------------------------------------

    def dress(self, app: ConsoleApp) -> None:
        """The app's first theme, before anything is painted."""
        self._app = app
        app.register_theme(self.on.textual)
        app.theme = self.on.name

    def wear(self, name: str) -> ConsoleTheme:
        """Put a theme on, in one frame; returns the one that is on now."""
        self.wanted = name
        self._put_on(self.fitting(name)[0])
        return self.on

    def _put_on(self, theme: ConsoleTheme) -> None:
        app, before = self._app, self.on
        self.on = theme
        if app is None or theme == before:
            return
        app.register_theme(theme.textual)
        app.ink = Ink(theme.palette, ascii=app.ink.ascii)
        with app.batch_update():
            if app.theme == theme.name:
                app._watch_theme(theme.name)  # the same name with other colours
            app.theme = theme.name
            for screen in app.screen_stack:
                screen.refresh(layout=False)

    # -- files ----------------------------------------------------------------------------------

    def look(self) -> list[str]:
        """Read the user's files again if one of them changed; returns the mistakes, a line for each."""
        stamp = themes_stamp(self.rack.folder)
        if stamp == self._stamp:
            return []
        self._stamp = stamp
        known = {error.message for error in self._themes.errors} if self._themes else set()
        self._themes = load_themes(self.rack.folder)
        mistakes = [error.message for error in self.themes.errors if error.message not in known]
        theme, why = self.fitting(self.wanted)
        if not why:
            self._put_on(theme)
        elif mistakes:
            mistakes[-1] += f"; {self.on.name} stays as it was"
        return mistakes

    def keep(self, name: str) -> str:
        """Write the choice into the user's settings; returns what to say.  Errors: UsageError."""
        from supporttui.config_edit import write_setting

        if self.rack.settings is None:
            return f"theme {name}, for this session"
        write_setting(self.rack.settings, "theme", name)
        if self.rack.outranked:
            return f"theme {name} is kept, but {self.rack.outranked} outranks it at the next start"
        return f"theme {name} is kept"
