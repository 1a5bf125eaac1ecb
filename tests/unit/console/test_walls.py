"""The walls inside the console; pins the internals of Textual that the second one stands on."""

from __future__ import annotations

import timeit

import pytest
import textual
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from supporttui.console import walls
from supporttui.console.walls import Walled, data_text, harmless, raise_walls
from tests.wire.foreign import foreign_bytes
from tests.wire.hostile import PAYLOADS, STORABLE

CONSOLE = Console(color_system="256", force_terminal=True)
LINK = Style(bold=True, link="https://evil.example/\x1b]52;c;QQ==\a")


@pytest.fixture(autouse=True)
def _walls_up():
    raise_walls()
    yield
    raise_walls()


def test_textual_is_a_version_whose_lines_we_know_how_to_guard() -> None:
    assert textual.__version__.startswith("8.2."), "look at Strip.render and run tests/wire/test_walls.py"
    assert Strip.render is walls._guarded_render
    assert Strip.render_style.__func__ is walls._guarded_style


def test_the_walls_can_be_raised_again_without_growing() -> None:
    raise_walls()
    raise_walls()
    assert Strip([Segment("ok", Style(bold=True))]).render(CONSOLE) == "\x1b[1mok\x1b[0m"


@pytest.mark.parametrize("name", STORABLE)
def test_no_payload_passes_a_line(name: str) -> None:
    text = STORABLE[name].replace("\n", "␊")
    strip = Strip([Segment(text, LINK), Segment(text), Segment("end", Style(color="red"))])
    cells = strip.cell_length
    rendered = strip.render(CONSOLE)
    assert foreign_bytes(rendered.encode()) == []
    assert "end" in rendered
    assert cell_len(harmless(text)) * 2 + 3 == cells


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_payload_passes_a_line_in_ascii(name: str) -> None:
    raise_walls(ascii=True)
    rendered = Strip([Segment(PAYLOADS[name], LINK), Segment("─╮")]).render(CONSOLE)
    assert rendered.isascii()
    assert rendered.endswith("-+")
    assert foreign_bytes(rendered.encode()) == []


def test_without_colours_what_stood_out_by_its_ground_is_in_reverse() -> None:
    raise_walls(colourless=True)
    strip = Strip([
        Segment("urgent", Style(color="red", bold=True)), Segment("cursor", Style(color="black", bgcolor="white")),
        Segment("both", Style(reverse=True, bgcolor="blue")), Segment("plain", Style(color="default", bgcolor="default")),
    ])  # fmt: skip
    rendered = strip.render(CONSOLE)
    assert rendered == "\x1b[1murgent\x1b[0m\x1b[7mcursor\x1b[0m\x1b[7mboth\x1b[0mplain"


def test_spaces_and_emoji_of_the_program_itself_stay() -> None:
    assert harmless("a\u00a0b 👨\u200d👩\u200d👧 \U0001fae8") == "a b 👨\u200d👩\u200d👧 \U0001fae8"


def test_first_wall_makes_inert_content_that_no_markup_reads() -> None:
    content = data_text("[@click=app.quit]x[/] \x1b[2J", "bold")
    assert content.plain == "[@click=app.quit]x[/] ␛[2J"
    assert all("click" not in str(span.style) for span in content.spans)
    assert data_text("a\nb").plain == "a␊b"
    assert data_text("a\nb", newlines=True).plain == "a\nb"


class Small(Walled, App[None]):
    """An app with nothing in it."""


async def test_open_url_and_downloads_lead_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    app = Small()
    async with app.run_test():
        written: list[str] = []
        app._driver.write = written.append  # type: ignore[union-attr, method-assign]
        app.open_url("https://x.example")
        assert opened == []
        assert written == ["\x1b]52;c;aHR0cHM6Ly94LmV4YW1wbGU=\x1b\\"]
        assert app.deliver_text(str(tmp_path / "x"), save_directory=tmp_path) is None
        assert app.deliver_screenshot(path=str(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


async def test_clipboard_is_wrapped_inside_tmux_and_capped() -> None:
    app = Small()
    app.IN_TMUX = True
    async with app.run_test():
        written: list[str] = []
        app._driver.write = written.append  # type: ignore[union-attr, method-assign]
        app.copy_to_clipboard("x")
        app.copy_to_clipboard("x" * 200_000)
        assert written == ["\x1bPtmux;\x1b\x1b]52;c;eA==\x1b\x1b\\\x1b\\"]


def test_what_is_printed_at_exit_is_inert(capfd: pytest.CaptureFixture[str]) -> None:
    app = Small()
    app.error_console.print("locals: \x1b]0;x\a [bold]data[/bold]", style=LINK)
    app.error_console.file.flush()
    assert capfd.readouterr().err == "locals: ␛]0;x [bold]data[/bold]\n"


def test_the_wall_costs_little() -> None:
    text = "│ 1042 NETEX crashes z/OS when starting  "
    segments = [Segment(text, Style(bold=True))] * 3

    def seconds() -> float:
        return min(timeit.repeat(lambda: Strip(segments).render(CONSOLE), number=100, repeat=15)) / 100

    guarded = seconds()
    Strip.render = walls._plain_render  # type: ignore[method-assign]
    Strip.render_style = classmethod(walls._plain_style)  # type: ignore[method-assign, assignment]
    assert guarded < seconds() * 4
