"""Themes: the shipped ones can be read by everybody, a broken one never ends the console."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.widgets import Button, DataTable, Footer, Input, Static

from supporttui.console.themes import (
    DEFAULT,
    ROLES,
    ConsoleTheme,
    build_theme,
    load_themes,
    shipped_folder,
    themes_stamp,
)

SHIPPED = load_themes()
NAMES = ("ansi-dark", "ansi-light", "deuteranopia", "high-contrast", "mono", "night")
GOOD = 'title = "Mine"\n[roles]\nsev1 = "bold #ff0000"\n[interface]\nprimary = "#336699"\n'


def theme(name: str) -> ConsoleTheme:
    return SHIPPED.by_name[name]


def colour(name: str, role: str) -> Color:
    """A role's colour as it is seen, on the theme's ground."""
    style = theme(name).palette.styles[role]
    seen = style.bgcolor if style.bgcolor and role in ("sev1", "error") else style.color
    assert seen is not None and seen.triplet is not None
    return Color(*seen.triplet)


def brightness(seen: Color) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [
        (part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4) for part in seen.rgb
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def as_deuteranope(seen: Color) -> tuple[float, float, float]:
    """The colour as an eye without green cones sees it (Viénot, Brettel and Mollon 1999), linear RGB."""
    red, green, blue = ((part / 255) ** 2.2 for part in seen.rgb)
    return (
        0.29275 * red + 0.70725 * green,
        0.29275 * red + 0.70725 * green,
        -0.02234 * red + 0.02234 * green + blue,
    )


def test_all_shipped_themes_are_without_mistakes() -> None:
    assert SHIPPED.errors == ()
    assert tuple(sorted(SHIPPED.by_name)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_role_has_a_style_and_the_urgent_ones_are_marked(name: str) -> None:
    palette = theme(name).palette
    assert set(palette.styles) == set(ROLES)
    styles = palette.styles
    assert styles["sev1"] != styles["sev3"] != styles["sev4"]
    assert len({styles[f"sev{number}"] for number in (1, 2, 3, 4)}) == 4
    assert styles["overdue"].bold and styles["sev1"].bold
    assert styles["cursor"].reverse or styles["cursor"].bgcolor


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light", "mono"])
def test_terminal_themes_write_only_the_terminals_own_colours(name: str) -> None:
    assert theme(name).textual.ansi
    for style in theme(name).palette.styles.values():
        assert style.color is None or style.color.triplet is None
    for key, value in theme(name).textual.to_color_system().generate().items():
        if "-style" not in key and value not in ("transparent", "initial"):
            assert Color.parse(value.split()[0]).ansi is not None, f"{key} = {value}"


def test_mono_has_no_colour_at_all_and_is_what_no_color_gets() -> None:
    chosen, why = SHIPPED.choose("night", colour=False)
    assert (chosen.name, why) == ("mono", "")
    assert chosen.palette.colours == {}
    variables = chosen.textual.to_color_system().generate()
    urgent = {
        key: value for key, value in variables.items() if key.startswith(("border", "role-", "primary"))
    }
    assert {Color.parse(value.split()[0]).ansi for value in urgent.values()} == {-1}


@pytest.mark.parametrize("name", ["night", "deuteranopia", "high-contrast"])
def test_text_stands_out_from_the_ground(name: str) -> None:
    ground = Color.parse(theme(name).textual.background or "")
    least = 7.0 if name == "high-contrast" else 4.5
    for role in theme(name).palette.colours:
        if role not in ("cursor", "tab"):
            assert contrast(colour(name, role), ground) >= least, role
    for role in ("sev1", "cursor"):
        style = theme(name).palette.styles[role]
        if style.bgcolor and style.color:
            assert contrast(Color(*style.color.triplet), Color(*style.bgcolor.triplet)) >= least, role


def test_night_sends_little_blue() -> None:
    data = tomllib.loads((shipped_folder() / "night.toml").read_text())
    written = [word for table in ("roles", "interface", "variables") for value in data[table].values()
               for word in value.split() if word.startswith("#")]  # fmt: skip
    assert len(written) > 20
    assert all(Color.parse(word).b <= 0x60 and Color.parse(word).b < Color.parse(word).r for word in written)


def test_severities_differ_without_red_and_green() -> None:
    for one, other in combinations(("sev1", "sev2", "sev3", "sev4"), 2):
        seen = as_deuteranope(colour("deuteranopia", one)), as_deuteranope(colour("deuteranopia", other))
        assert sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5 > 0.25, (one, other)


def test_a_users_theme_is_added_and_replaces_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    (tmp_path / "night.toml").write_text(GOOD)
    (tmp_path / "notes.txt").write_text("no theme")
    themes = load_themes(tmp_path)
    assert themes.errors == ()
    assert themes.by_name["mine"].title == "Mine"
    assert themes.by_name["night"].textual.primary == "#336699"
    assert themes.by_name["mine"].palette.style("sev1").color.name == "#ff0000"
    assert themes.by_name["mine"].palette.style("sev1 cursor").reverse
    assert themes.by_name["mine"].palette.style("nothing").color is None


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("[interface]\nprimary = '#12'", ["interface.primary: '#12' is no colour"]),
        ("[interface]\nprimary = 'bleu'", ["interface.primary: 'bleu' is no colour; did you mean 'blue'?"]),
        ("[interface]\nprimari = 'red'", ["interface.primari is not known; did you mean 'primary'?", "interface.primary is missing"]),
        ("[roles]\nsev5 = 'red'\n[interface]\nprimary = 'red'", ["roles.sev5 is not known; did you mean 'sev"]),
        ("[roles]\nsev1 = 'bald red'\n[interface]\nprimary = 'red'", ["roles.sev1: 'bald red' has two colours", "'bald' is no colour; did you mean 'bold'?"]),
        ("[roles]\nsev1 = 1\n[interface]\nprimary = 'red'", ["roles.sev1 must be text, not 1"]),
        ("roles = 'red'\n[interface]\nprimary = 'red'", ["roles must be a table: [roles]"]),
        ("dark = 'yes'\n[interface]\nprimary = 'red'", ["dark must be true or false, not 'yes'"]),
        ("ansi = true\n[interface]\nprimary = '#ff0000'", ["isn't one of the terminal's colours"]),
        ("[interface]\nprimary = 'red'\n[variables]\nboder = 'red'", ["variables.boder is not known; did you mean 'border'?"]),
        ("[interface]\nprimary = 'red'\n[variables]\nborder = 'red 10% 5%'", ["variables.border: 'red 10%' is no colour"]),
        ("[interface]\nprimary = 'red'\n[variables]\nlink-style = 'loud'", ["variables.link-style: 'loud' is no text style"]),
        ("[interface]\nprimary = [1]", ["interface.primary must be a colour, not [1]"]),
        ("title = ", ["can't be read: "]),
        ("\x00", ["can't be read: "]),
        ("[a]\n" * 30_000, ["larger than 65536 bytes"]),
    ],
)  # fmt: skip
def test_mistakes_are_all_told_and_the_default_stands_in(
    tmp_path: Path, text: str, mistakes: list[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    themes = load_themes(tmp_path)
    assert "mine" not in themes.by_name
    assert len(themes.errors) == len(mistakes)
    for error, mistake in zip(themes.errors, mistakes, strict=True):
        assert mistake in error.message
        assert error.message.startswith(str(file))
        assert "\n" not in error.message
    chosen, why = themes.choose("mine")
    assert chosen.name == DEFAULT
    assert mistakes[0] in why and why.endswith("using ansi-dark")


def test_an_unknown_theme_says_the_nearest() -> None:
    chosen, why = SHIPPED.choose("nigt")
    assert chosen.name == DEFAULT
    assert why == "no theme is called 'nigt'; did you mean 'night'?; using ansi-dark"


def test_odd_file_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "My Theme!.toml").write_text(GOOD)
    assert "file's name" in load_themes(tmp_path).errors[0].message


def test_a_folder_that_is_not_there_is_no_mistake(tmp_path: Path) -> None:
    assert load_themes(tmp_path / "none").errors == ()
    assert themes_stamp(tmp_path / "none") == ()
    assert themes_stamp(None) == ()


def test_stamp_changes_with_the_files(tmp_path: Path) -> None:
    before = themes_stamp(tmp_path)
    (tmp_path / "mine.toml").write_text(GOOD)
    with_one = themes_stamp(tmp_path)
    (tmp_path / "mine.toml").write_text(GOOD + "#")
    assert len({before, with_one, themes_stamp(tmp_path)}) == 3


@pytest.mark.parametrize(
    "value", ["red", "rgb(1,2,3)", "hsl(10,20%,30%)", "#123", "#12345678", "ansi_red", "ansi_default"]
)
def test_whatever_is_accepted_can_be_generated(value: str) -> None:
    made, mistakes = build_theme(
        "x", {"interface": dict.fromkeys(("primary", "background", "foreground"), value)}
    )
    assert mistakes == []
    assert made is not None and made.textual.to_color_system().generate()


class Show(App[None]):
    """The widgets that use most of a theme's variables."""

    CSS = "Static { color: $role-sev3; border: solid $border; }"

    def compose(self) -> ComposeResult:
        yield Static("text")
        yield Input("x")
        yield Button("y")
        yield DataTable()
        yield Footer()


async def test_every_shipped_theme_can_be_put_on() -> None:
    app = Show()
    SHIPPED.register(app)
    app.theme = DEFAULT
    async with app.run_test(size=(60, 15)) as pilot:
        for name in NAMES:
            app.theme = name
            await pilot.pause()
            assert app.current_theme is theme(name).textual
        assert app.is_running
