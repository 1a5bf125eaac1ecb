"""The theme screen, and theme files that change while the console runs."""

from __future__ import annotations

from pathlib import Path

from supporttui.console.wardrobe import Rack, Wardrobe
from tests.console.driver import Console, at_console, sev1, ticket

MINE = 'title = "Mine"\n[roles]\nsev1 = "bold {colour}"\n[interface]\nprimary = "#336699"\n'
TICKETS = (sev1("NETEX crashes"), ticket("a question"))


def rack(folder: Path, **more: object) -> Rack:
    themes = folder / "themes"
    themes.mkdir(exist_ok=True)
    return Rack(folder=themes, settings=folder / "config.toml", **more)  # type: ignore[arg-type]


async def command(desk: Console, text: str) -> None:
    await desk.press(":")
    await desk.type(text)
    await desk.press("enter")


def colour(desk: Console, role: str) -> str:
    style = desk.app.ink.style(role)
    return style.color.name if style.color else ""


async def test_the_screen_previews_and_enter_keeps(tmp_path: Path, size: tuple[int, int]):
    (tmp_path / "config.toml").write_text('# mine\ntheme = "ansi-dark"  # by day\n')
    async with at_console(
        tmp_path, TICKETS, size=size, wardrobe=Wardrobe("ansi-dark", rack(tmp_path))
    ) as desk:
        await command(desk, "theme")
        desk.sees("Theme: Terminal colours on dark", "high-contrast", "OVER +0:12:40", "Enter keeps it")
        before = colour(desk, "sev2")
        await desk.press("j", "j", "j")
        assert desk.app.wardrobe.on.name == "deuteranopia" and colour(desk, "sev2") != before
        desk.sees("Theme: Without red and green")
        await desk.press("enter")
        desk.said("theme deuteranopia is kept")
        desk.sees("NETEX crashes")
    assert (tmp_path / "config.toml").read_text() == '# mine\ntheme = "deuteranopia"  # by day\n'


async def test_escape_brings_the_one_before_back(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, wardrobe=Wardrobe("night", rack(tmp_path))) as desk:
        await command(desk, "theme")
        await desk.press("k")
        assert desk.app.wardrobe.on.name != "night"
        await desk.press("escape")
        assert (desk.app.wardrobe.on.name, desk.app.theme) == ("night", "night")
        assert not (tmp_path / "config.toml").exists()


async def test_a_name_on_the_line_is_put_on(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, wardrobe=Wardrobe("night", rack(tmp_path))) as desk:
        await command(desk, "theme mono")
        desk.said("theme mono is kept")
        assert desk.app.theme == "mono"


async def test_what_outranks_the_file_is_named(tmp_path: Path):
    choice = Wardrobe("night", rack(tmp_path, outranked="--theme"))
    async with at_console(tmp_path, TICKETS, wardrobe=choice) as desk:
        await command(desk, "theme mono")
        desk.said("--theme outranks it")


async def test_a_file_that_can_not_be_written_says_so(tmp_path: Path):
    (tmp_path / "config.toml").mkdir()
    async with at_console(tmp_path, TICKETS, wardrobe=Wardrobe("night", rack(tmp_path))) as desk:
        await command(desk, "theme mono")
        desk.said("theme mono, for this session", "config.toml")
        assert desk.app.theme == "mono"


async def test_few_colours_offer_the_terminals_own_alone(tmp_path: Path):
    few = rack(tmp_path, few=True, why_few="it needs more than the sixteen colours of this terminal")
    async with at_console(tmp_path, TICKETS, wardrobe=Wardrobe("night", few)) as desk:
        assert desk.app.theme == "ansi-dark"
        await command(desk, "theme")
        await desk.press("G", "j", "j", "j", "j", "j", "j")
        desk.sees("it needs more than the sixteen colours")
        await desk.press("enter")
        assert desk.app.theme in ("mono", "ansi-light", "ansi-dark")
        await desk.press("escape")
        assert desk.app.theme == "ansi-dark"


async def test_a_users_file_is_read_again_when_it_changes(tmp_path: Path):
    folder = rack(tmp_path)
    file = tmp_path / "themes" / "mine.toml"
    file.write_text(MINE.format(colour="#ff0000"))
    async with at_console(tmp_path, TICKETS, wardrobe=Wardrobe("mine", folder)) as desk:
        assert colour(desk, "sev1") == "#ff0000"
        file.write_text(MINE.format(colour="#00ff00") + "# longer")
        await desk.beat()
        assert colour(desk, "sev1") == "#00ff00"
        file.write_text(MINE.format(colour="bleu"))
        await desk.beat()
        desk.said(str(file), "roles.sev1", "did you mean 'blue'?", "mine stays as it was")
        assert colour(desk, "sev1") == "#00ff00"
        said = len(desk.app.shift.said)
        await desk.beat()
        assert len(desk.app.shift.said) == said, "a mistake is told once"
        file.write_text(MINE.format(colour="#0000ff"))
        await desk.beat()
        assert colour(desk, "sev1") == "#0000ff"
        file.unlink()
        await desk.beat()
        assert colour(desk, "sev1") == "#0000ff", "what is on stays on"


async def test_a_broken_file_that_is_new_is_told(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, wardrobe=Wardrobe("night", rack(tmp_path))) as desk:
        (tmp_path / "themes" / "mine.toml").write_text("title = ")
        await desk.beat()
        desk.said("mine.toml: can't be read")


async def test_a_broken_file_at_the_start_names_it_and_the_default_stands_in(tmp_path: Path):
    folder = rack(tmp_path)
    (tmp_path / "themes" / "mine.toml").write_text("title = ")
    choice = Wardrobe("mine", folder)
    assert choice.on.name == "ansi-dark"
    assert "mine.toml: can't be read" in choice.warning and choice.warning.endswith("using ansi-dark")
    (tmp_path / "themes" / "mine.toml").write_text(MINE.format(colour="#ff0000"))
    async with at_console(tmp_path, TICKETS, wardrobe=choice) as desk:
        await desk.beat()
        assert desk.app.theme == "mine"
