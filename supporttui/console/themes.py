"""The themes that there are: six shipped ones, and a user's own in the settings folder.

A user's file may add a theme or replace a shipped one by its name.  A file
with mistakes is left out and told of (see `theme_file`), so that a theme that
got into `Themes` can be applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supporttui.quickclass import dataclass

from .theme_file import ROLES as ROLES
from .theme_file import ConsoleTheme as ConsoleTheme
from .theme_file import Palette as Palette
from .theme_file import build_theme as build_theme
from .theme_file import nearest, read_theme

if TYPE_CHECKING:
    from textual.app import App

DEFAULT = "ansi-dark"
WITHOUT_COLOUR = "mono"


@dataclass(frozen=True, slots=True)
class ThemeError:
    """One mistake in one theme file; `message` is a full line that names file and key."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes that can be used, by name, and the mistakes in the files that can't."""

    by_name: Mapping[str, ConsoleTheme]
    errors: tuple[ThemeError, ...] = ()

    def choose(self, name: str, *, colour: bool = True) -> tuple[ConsoleTheme, str]:
        """The theme called `name`, and "" or one line saying why it is another one.

        colour: False (NO_COLOR, or a terminal without colours) gives the one without any.
        """
        if not colour:
            return self.by_name[WITHOUT_COLOUR], ""
        if name in self.by_name:
            return self.by_name[name], ""
        broken = [error.message for error in self.errors if Path(error.file).stem == name]
        why = broken[0] if broken else f"no theme is called {name!r}{nearest(name, self.by_name)}"
        return self.by_name[DEFAULT], f"{why}; using {DEFAULT}"

    def register(self, app: App[Any]) -> None:
        """Make all of them known to a Textual app; `app.theme = name` then shows one."""
        for theme in self.by_name.values():
            app.register_theme(theme.textual)


def load_themes(user_folder: Path | None = None) -> Themes:
    """The shipped themes and those in `user_folder`, where a file with a shipped name replaces that one."""
    themes: dict[str, ConsoleTheme] = {}
    errors: list[ThemeError] = []
    for file in (*_files(shipped_folder()), *_files(user_folder)):
        theme, mistakes = read_theme(file)
        errors.extend(ThemeError(str(file), f"{file}: {mistake}") for mistake in mistakes)
        if theme is not None:
            themes[theme.name] = theme
    return Themes(MappingProxyType(themes), tuple(errors))


def themes_stamp(user_folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Changes when a user's theme file was added, changed or removed: poll it for live reload."""
    stamps = []
    for file in _files(user_folder):
        try:
            stat = file.stat()
        except OSError:
            continue
        stamps.append((file.name, stat.st_mtime_ns, stat.st_size))
    return tuple(stamps)


def shipped_folder() -> Path:
    """Where the shipped themes lie: inside the installed package, or beside it in a source checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def _files(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == ".toml" and file.is_file())
    except OSError:
        return []
