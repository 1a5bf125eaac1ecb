"""One theme's file: every key and colour is checked, and all mistakes are told, each with the nearest word.

A file holds `title`, `dark`, `ansi`, and three tables:

    [roles]      what a meaning looks like: "bold #ff5555", "reverse", "dim", "" or "black on #ffd700"
    [interface]  Textual's base colours (primary, background, …)
    [variables]  Textual's CSS variables, for what the base colours don't settle

With `ansi = true` only the terminal's own sixteen colours and its default are
used ("ansi_red", "ansi_default").  Each role's colour is also a CSS variable
(`$role-sev1`); a role without one has the foreground's.

Invariant: a theme that comes out of here can be applied without raising;
Textual's own colour system was generated from it once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.theme import Theme

from supporttui.quickclass import dataclass

LARGEST_FILE = 65_536  # bytes; no theme comes near it

INTERFACE = (
    "primary", "secondary", "warning", "error", "success", "accent", "foreground", "background", "surface",
    "panel", "boost",
)  # fmt: skip
ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")

# What a role looks like where a theme doesn't say: no colours, so it suits any of them.
PLAIN_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "sev1": "bold", "sev2": "bold", "sev3": "", "sev4": "dim",
        "overdue": "bold", "warning": "bold", "error": "bold", "good": "", "mine": "bold",
        "muted": "dim", "focus": "bold", "cursor": "reverse", "tab": "reverse",
        "title": "bold", "key": "bold", "public": "bold", "internal": "italic",
    }
)  # fmt: skip
ROLES = tuple(PLAIN_ROLES)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Palette:
    """What each role looks like in one theme.

    styles: a Rich style for every name in `ROLES`; colours: their colours as the theme's file writes
    them ("ansi_red", "#ff5555"), only for roles that have one.
    """

    name: str
    dark: bool
    ansi: bool
    styles: Mapping[str, Style]
    colours: Mapping[str, str] = field(default_factory=dict)

    def style(self, roles: str) -> Style:
        """The style of one role or of several words, of which later ones win; unknown words look plain."""
        return _combined(tuple(self.styles.get(role, _PLAIN) for role in roles.split()))


_PLAIN = Style()


@lru_cache(512)
def _combined(styles: tuple[Style, ...]) -> Style:
    return Style.combine(styles) if styles else _PLAIN


@dataclass(frozen=True, slots=True)
class ConsoleTheme:
    """A theme ready to use: Textual's part and ours."""

    name: str
    title: str
    textual: Theme
    palette: Palette


def read_theme(file: Path) -> tuple[ConsoleTheme | None, list[str]]:
    """The theme in `file`, or None and every mistake found, one line each."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            return None, [f"larger than {LARGEST_FILE} bytes, so it is no theme"]
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [f"can't be read: {' '.join(str(error).split())}"]
    return build_theme(file.stem, data)


def build_theme(name: str, data: Mapping[str, Any]) -> tuple[ConsoleTheme | None, list[str]]:
    """A theme from the tables of its file, or None and every mistake."""
    draft = _Draft(name, data)
    return (None, draft.mistakes) if draft.mistakes else draft.finish()


class _Draft:
    """A theme while it is checked; `mistakes` gathers all of them instead of stopping at the first."""

    def __init__(self, name: str, data: Mapping[str, Any]) -> None:
        self.name = name
        self.mistakes: list[str] = []
        if not _NAME.match(name):
            self._wrong(f"the file's name {name!r} must be small letters, digits and hyphens")
        self._known(data, ("title", "dark", "ansi", "roles", "interface", "variables"), "")
        self.title = self._typed(data, "title", str, name)
        self.dark = self._typed(data, "dark", bool, True)
        self.ansi = self._typed(data, "ansi", bool, False)
        self.interface = self._colours(self._table(data, "interface"))
        self.styles: dict[str, Style] = {}
        self.role_colours: dict[str, str] = {}
        self._roles(self._table(data, "roles"))
        self.variables = self._variables(self._table(data, "variables"))

    def finish(self) -> tuple[ConsoleTheme | None, list[str]]:
        """Textual's theme, generated once to be sure that it can be applied."""
        foreground = self.interface.get("foreground", "ansi_default" if self.ansi else "auto")
        variables = {f"role-{role}": self.role_colours.get(role, foreground) for role in ROLES}
        if self.ansi:
            variables |= dict.fromkeys(_unset_by_ansi(), "ansi_default")
        theme = Theme(
            name=self.name,
            dark=self.dark,
            ansi=self.ansi,
            variables={**variables, **self.variables},
            **self.interface,
        )
        try:
            theme.to_color_system().generate()
        except Exception as error:  # whatever Textual makes of it, the console must not end by a theme
            return None, [f"can't be applied: {error}"]
        palette = Palette(
            self.name,
            self.dark,
            self.ansi,
            MappingProxyType(self.styles),
            MappingProxyType(self.role_colours),
        )
        return ConsoleTheme(self.name, self.title, theme, palette), []

    # ── tables ───────────────────────────────────────────────────────────

    def _colours(self, table: Mapping[str, Any]) -> dict[str, Any]:
        self._known(table, INTERFACE, "interface.")
        if "primary" not in table:
            self._wrong("interface.primary is missing: the colour of the focused pane")
        for key, value in table.items():
            if key in INTERFACE:
                self._colour(f"interface.{key}", value)
        return dict(table)

    def _roles(self, table: Mapping[str, Any]) -> None:
        self._known(table, ROLES, "roles.")
        for role, plain in PLAIN_ROLES.items():
            value = table.get(role, plain)
            if not isinstance(value, str):
                self._wrong(f"roles.{role} must be text, not {value!r}")
            else:
                self.styles[role] = self._style(role, value)

    def _variables(self, table: Mapping[str, Any]) -> dict[str, str]:
        self._known(table, _variable_names(self.ansi), "variables.")
        for key, value in table.items():
            if not isinstance(value, str):
                self._wrong(f"variables.{key} must be text, not {value!r}")
            elif "-style" in key:
                self._text_style(f"variables.{key}", value)
            elif value not in ("transparent", "initial"):
                self._variable_colour(f"variables.{key}", value)
        return dict(table)

    # ── values ───────────────────────────────────────────────────────────

    def _style(self, role: str, value: str) -> Style:
        front, _, ground = value.partition(" on ")
        words = front.split()
        attributes: dict[str, Any] = {word: True for word in words if word in ATTRIBUTES}
        colours = [word for word in words if word not in ATTRIBUTES]
        if len(colours) > 1:
            self._wrong(f'roles.{role}: {value!r} has two colours; write one, or "COLOUR on COLOUR"')
        fore = self._colour(f"roles.{role}", colours[0], ATTRIBUTES) if colours else None
        back = self._colour(f"roles.{role}", ground.strip()) if ground else None
        if colours:
            self.role_colours[role] = colours[0]
        return Style(
            color=fore.rich_color if fore else None, bgcolor=back.rich_color if back else None, **attributes
        )

    def _colour(self, key: str, value: object, others: Iterable[str] = ()) -> Color | None:
        if not isinstance(value, str):
            self._wrong(f"{key} must be a colour, not {value!r}")
            return None
        try:
            colour = Color.parse(value)
        except (ColorParseError, ValueError, TypeError):
            self._wrong(f"{key}: {value!r} is no colour{nearest(value, (*_colour_names(), *others))}")
            return None
        if self.ansi and colour.ansi is None:
            self._wrong(
                f"{key}: {value!r} isn't one of the terminal's colours, and ansi = true allows no other"
            )
        return colour

    def _variable_colour(self, key: str, value: str) -> None:
        words = value.split()
        if words and re.fullmatch(r"\d{1,3}%", words[-1]):
            words.pop()
        if words != ["auto"]:
            self._colour(key, " ".join(words))

    def _text_style(self, key: str, value: str) -> None:
        for word in value.split():
            if word not in (*ATTRIBUTES, "not", "none", "b", "i", "u"):
                self._wrong(f"{key}: {word!r} is no text style{nearest(word, ATTRIBUTES)}")

    def _typed(self, data: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
        value = data.get(key, default)
        if not isinstance(value, kind):
            self._wrong(f"{key} must be {'true or false' if kind is bool else 'text'}, not {value!r}")
            return default
        return value

    def _table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = data.get(key, {})
        if isinstance(value, dict):
            return value
        self._wrong(f"{key} must be a table: [{key}]")
        return {}

    def _known(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        names = tuple(known)
        for key in table:
            if key not in names:
                self._wrong(f"{where}{key} is not known{nearest(key, names)}")

    def _wrong(self, mistake: str) -> None:
        self.mistakes.append(mistake)


@lru_cache(2)
def _variable_names(ansi: bool) -> frozenset[str]:
    return _generated(ansi) | _unset_by_ansi()


@lru_cache(1)
def _unset_by_ansi() -> frozenset[str]:
    """Variables that Textual's own style sheets use and its generator for terminal colours leaves out."""
    return _generated(False) - _generated(True)


@lru_cache(2)
def _generated(ansi: bool) -> frozenset[str]:
    base = Theme(name="base", primary="ansi_blue" if ansi else "#0000ff", ansi=ansi)
    return frozenset(base.to_color_system().generate())


@lru_cache(1)
def _colour_names() -> tuple[str, ...]:
    from textual._color_constants import COLOR_NAME_TO_RGB

    return (*COLOR_NAME_TO_RGB, "ansi_default")


def nearest(word: str, words: Iterable[str]) -> str:
    close = get_close_matches(word, list(words), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
