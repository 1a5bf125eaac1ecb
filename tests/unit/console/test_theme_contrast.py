"""Every theme can be read, and what matters is told apart by eyes of every kind.

- Text on its ground: 4.5:1 (WCAG AA) in themes with colours of their own, 7:1 in the one for high contrast.
- Themes of the terminal's own colours are held against the palettes of xterm, the Linux console and Solarized,
  dark or light.  What they are is the terminal's; ours is to choose: a role with a colour keeps 3:1 (what WCAG asks
  of graphics and heavy text) on each, plain text is the terminal's own pair, and `bright black`, which is the ground
  itself in Solarized, is no role's colour.  `dim` is weaker by as much as the terminal likes, so that it is for what
  can be missed: muted text and Severity 4.
- Severities, overdue and warning: apart by ΔE2000 under deuteranopia, protanopia and in greyscale, or else by weight;
  and always by digit, glyph and word, which is what NO_COLOR leaves.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from rich.style import Style
from textual.color import Color

from supporttui.console.present import queue
from supporttui.console.present.setting import ASCII, UNICODE, Setting
from supporttui.console.present.spans import plain
from supporttui.console.present.theme import _ticket
from supporttui.console.themes import ROLES, ConsoleTheme, load_themes
from tests.console.driver import START
from tests.look.colour import (
    DARK_PALETTES,
    LIGHT_PALETTES,
    PALETTES,
    RGB,
    ciede2000,
    contrast,
    distance,
    rgb,
    seen,
)

THEMES = load_themes().by_name
OWN = sorted(name for name, theme in THEMES.items() if not theme.palette.ansi)
TERMINAL = [
    (name, palette)
    for name, theme in sorted(THEMES.items())
    if theme.palette.ansi
    for palette in (DARK_PALETTES if theme.palette.dark else LIGHT_PALETTES)
]
EVERY = [*((name, "") for name in OWN), *TERMINAL]
EYES = ("", "deuteranopia", "protanopia", "greyscale")
SEVERITIES = ("sev1", "sev2", "sev3", "sev4")
APART = 10.0  # ΔE2000; 2 is just noticeable, 10 is seen at a glance


def pair(theme: ConsoleTheme, style: Style, palette: str) -> tuple[RGB, RGB]:
    """The colours of a style's signs and ground, as the terminal shows them."""
    if palette:
        fore, ground, rest = PALETTES[palette]
        colours = [rgb(one) for one in rest.split()]
        found = [
            rgb(default) if one is None or one.is_default else colours[one.number or 0]
            for one, default in ((style.color, fore), (style.bgcolor, ground))
        ]
    else:
        found = [
            tuple(one.triplet) if one and one.triplet else Color.parse(default or "").rgb  # type: ignore[misc]
            for one, default in (
                (style.color, theme.textual.foreground),
                (style.bgcolor, theme.textual.background),
            )
        ]
    return (found[1], found[0]) if style.reverse else (found[0], found[1])


def weight(style: Style) -> tuple[object, ...]:
    """What is seen of a style without colours."""
    return (
        bool(style.bold),
        bool(style.dim),
        bool(style.reverse),
        bool(style.underline),
        bool(style.bgcolor),
    )


def test_the_distance_is_the_published_one() -> None:
    for one, other, wanted in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ):
        assert ciede2000(one, other) == pytest.approx(wanted, abs=0.0001)
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)


@pytest.mark.parametrize("name", OWN)
def test_every_role_is_readable(name: str) -> None:
    theme = THEMES[name]
    least = 7.0 if name == "high-contrast" else 4.5
    for role in ROLES:
        style = theme.palette.styles[role]
        assert contrast(*pair(theme, style, "")) >= least, role
        assert not style.dim, f"{role}: dim takes from a contrast that is reckoned here"


@pytest.mark.parametrize(("name", "palette"), TERMINAL)
def test_roles_with_a_colour_are_readable_in_the_terminals_own(name: str, palette: str) -> None:
    theme = THEMES[name]
    for role in ROLES:
        style = theme.palette.styles[role]
        if style.color and not style.color.is_default:
            assert contrast(*pair(theme, style, palette)) >= 3.0, role
            assert style.color.name != "bright_black", role
        assert not style.dim or role in ("muted", "sev4"), role


@pytest.mark.parametrize(("name", "palette"), EVERY)
@pytest.mark.parametrize("eyes", EYES)
def test_severities_are_told_apart(name: str, palette: str, eyes: str) -> None:
    theme = THEMES[name]
    for one, other in combinations(SEVERITIES, 2):
        styles = theme.palette.styles[one], theme.palette.styles[other]
        first, second = (seen(pair(theme, style, palette)[0], eyes) for style in styles)
        # The first two are both bold; what tells them apart without hue is the bar and the bold subject.
        barred = (one, other) == ("sev1", "sev2") and (eyes == "greyscale" or distance(first, second) > 7)
        assert weight(styles[0]) != weight(styles[1]) or distance(first, second) >= APART or barred, (
            one,
            other,
        )


@pytest.mark.parametrize(("name", "palette"), EVERY)
@pytest.mark.parametrize("eyes", EYES)
def test_overdue_and_warning_are_told_apart_and_from_the_rest(name: str, palette: str, eyes: str) -> None:
    theme = THEMES[name]
    overdue, warning, rest = (theme.palette.styles[role] for role in ("overdue", "warning", "sev3"))
    for one, other in ((overdue, warning), (overdue, rest)):
        apart = distance(*(seen(pair(theme, style, palette)[0], eyes) for style in (one, other)))
        assert weight(one) != weight(other) or apart >= APART


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_digit_glyph_and_word_tell_everything_without_colour(glyphs: object) -> None:
    setting = Setting(glyphs=glyphs)  # type: ignore[arg-type]
    minute = timedelta(minutes=1)

    def row(severity: int, **when: timedelta) -> str:
        return plain(queue.row(_ticket(7, severity, START, **when), 60, setting, START))

    heads = [row(severity)[:3] for severity in (1, 2, 3, 4)]
    assert [head.strip(f" {setting.glyphs.bar}") for head in heads] == ["1", "2", "3", "4"]
    assert setting.glyphs.bar in heads[0] and all(setting.glyphs.bar not in head for head in heads[1:])
    overdue, soon, later = row(2, overdue=minute), row(2, due=minute), row(2, due=600 * minute)
    assert overdue.split()[1:3] == ["!!", "OVER"] and soon.split()[1:3] == ["!", "in"]
    assert "!" not in later and later.split()[1] == "in"
