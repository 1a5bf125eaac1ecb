"""Saved views as tabs: from the file, from the desk, saved and dropped in the console."""

from __future__ import annotations

import os
from pathlib import Path

from supporttui.console.present import bars
from supporttui.console.present.bars import Tab
from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.desk import views
from supporttui.desk.session import Desk
from tests.console.driver import POLICY, at_console, sev1, ticket

TICKETS = (
    ticket("wrong byte count", severity=4),
    ticket("tunnel drops", owner="raj", customer="Globex"),
    sev1("system down"),
)


def written(folder: Path, text: str) -> Path:
    """views.toml with this text, newer than any before it."""
    file = folder / "views.toml"
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text)
    os.utime(file, ns=(before + 10**9, before + 10**9))
    return file


GLOBEX = '[[view]]\nname = "Globex"\nquery = "customer:Globex"\norder = 1\n'


async def test_views_of_the_file_are_tabs_with_live_counts(tmp_path: Path, size: tuple[int, int]):
    file = written(tmp_path, GLOBEX)
    async with at_console(tmp_path, TICKETS, size=size, views_file=file) as desk:
        desk.sees("[Globex (1)]", "Open (3)")
        desk.queue.shows("tunnel drops")
        desk.arrives(ticket("another", customer="Globex"))
        await desk.beat()
        await desk.beat()
        desk.sees("[Globex (2)]", "Open (4)")


async def test_the_file_is_followed_while_it_is_edited(tmp_path: Path):
    file = written(tmp_path, GLOBEX)
    async with at_console(tmp_path, TICKETS, size=(160, 40), views_file=file) as desk:
        await desk.press("]")
        desk.sees("[Open (3)]")
        written(
            tmp_path,
            GLOBEX + '[[view]]\nname = "Down"\nquery = "down"\n[[view]]\nname = "Waiting"\nhidden = true\n',
        )
        await desk.beat()
        desk.sees("[Open (3)]", "Down (1)")
        desk.sees_not("Waiting")
        written(tmp_path, "[[view]\n")
        await desk.beat()
        desk.sees("Globex (1)", "Down (1)")
        desk.said("views.toml: not TOML")


async def test_faults_are_told_without_the_folder_and_the_first_one_last(tmp_path: Path):
    file = written(tmp_path, '[[view]]\nname = "X"\nqery = "1"\n' + GLOBEX + 'colour = "red"\n')
    async with at_console(tmp_path, TICKETS, size=(120, 40), views_file=file) as desk:
        told = [one.text for one in desk.app.shift.said if "views.toml" in one.text]
        assert len(told) > 1 and all(text.startswith("views.toml:") for text in told), told
        assert "qery: unknown" in told[-1]


async def test_a_view_that_vanishes_while_it_is_shown(tmp_path: Path):
    file = written(tmp_path, GLOBEX)
    async with at_console(tmp_path, TICKETS, size=(120, 40), views_file=file) as desk:
        desk.sees("[Globex (1)]")
        written(tmp_path, "")
        await desk.beat()
        desk.sees("[Open (3)]")
        assert any("Globex' is gone" in one.text for one in desk.app.shift.said)


async def test_a_faulty_query_is_a_tab_with_a_mark_that_says_why(tmp_path: Path, size: tuple[int, int]):
    file = written(tmp_path, '[[view]]\nname = "Broken"\nquery = "open sve:1"\norder = 1\n')
    async with at_console(tmp_path, TICKETS, size=size, views_file=file) as desk:
        desk.sees("[Broken !]", "this query can't be asked", "open sve:1", "column 6")
        lines = desk.screen.split("\n")
        query = next(at for at, line in enumerate(lines) if line.startswith("  open sve:1"))
        assert lines[query + 1].index("^") == lines[query].index("sve:1")
        assert any("views.toml:3: query, column 6" in one.text for one in desk.app.shift.said)
        await desk.press("]")
        desk.queue.shows("system down")


async def test_a_status_that_the_policy_lacks_is_told_too(tmp_path: Path):
    file = written(tmp_path, '[[view]]\nname = "Odd"\nquery = "status:waitng"\n')
    async with at_console(tmp_path, TICKETS, size=(160, 40), views_file=file) as desk:
        desk.sees("Odd !")


async def test_saving_the_typed_query_for_oneself(tmp_path: Path):
    file = tmp_path / "views.toml"
    file.write_text("# mine\n")
    async with at_console(tmp_path, TICKETS, size=(120, 40), views_file=file) as desk:
        await desk.press("f", "ctrl+u")
        await desk.type('customer:"Globex"')
        await desk.press("enter", "F")
        desk.sees('Save as a view: customer:"Globex"')
        await desk.press("enter")
        desk.sees("a view needs a name")
        await desk.type("Globex")
        await desk.press("enter")
        desk.sees("Whose view is 'Globex'?", "mine", "the desk's")
        await desk.press("m")
        desk.said("view 'Globex' is saved; it is yours, in views.toml")
        desk.sees("[Globex (1)]")
        assert file.read_text() == '# mine\n\n[[view]]\nname = "Globex"\nquery = \'customer:"Globex"\'\n'


async def test_saving_for_the_desk_and_asking_before_another_query_loses_its_name(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(160, 40), views_file=tmp_path / "views.toml") as desk:
        views.save(desk.colleague(), "Down", "down", shared=True)
        await desk.beat()
        await desk.beat()
        desk.sees("Down (1)")
        await desk.press("F", "ctrl+u")
        await desk.type("down")
        await desk.press("enter", "d")
        desk.sees("'Down' is a view already: down")
        await desk.press("n")
        assert views.find(desk.colleague(), "Down").query == "down"
        await desk.press("F", "ctrl+u")
        await desk.type("down")
        await desk.press("enter", "d", "y")
        assert views.find(desk.colleague(), "Down").query == "open -snoozed"


async def test_dropping_a_view_asks_deletes_ones_own_and_hides_built_in_ones(tmp_path: Path):
    file = written(tmp_path, GLOBEX)
    async with at_console(tmp_path, TICKETS, size=(120, 40), views_file=file) as desk:
        await desk.press("X")
        desk.sees("Delete the view 'Globex'", "yours, in views.toml")
        await desk.press("n")
        desk.sees("[Globex (1)]")
        await desk.press("X", "y")
        desk.said("view 'Globex' is deleted from views.toml")
        desk.sees("[Open (3)]")
        await desk.press("X")
        desk.sees("Hide the view 'Open'", "not deleted")
        await desk.press("y")
        desk.sees_not("Open (3)")
        assert "hidden = true" in file.read_text()


async def test_the_desks_view_warns_that_everybody_loses_it(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(120, 40), views_file=None, view="Tape") as desk:
        views.save(desk.colleague(), "A tape", "tape", shared=True)
        await desk.beat()
        await desk.beat()
        await desk.press("[")
        desk.sees("[A tape (0)]")
        await desk.press("X")
        desk.sees("everybody loses it")
        await desk.press("y")
        desk.said("the desk's view 'A tape' is deleted")


async def test_narrowing_and_a_typed_query_survive_another_view(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(120, 40)) as desk:
        await desk.press("f", "ctrl+u")
        await desk.type("owner:raj")
        await desk.press("enter", "]")
        desk.sees("f owner:raj", "[Open (3)]")
        await desk.press("[")
        desk.sees("[f owner:raj (1)]")
        await desk.press("q")
        desk.sees_not("f owner:raj")
        await desk.press("/")
        await desk.type("down")
        await desk.press("enter", "]")
        desk.sees("/down", "[Overdue")
        await desk.press("[")
        desk.queue.shows("system down")
        desk.queue.shows_not("tunnel")
        await desk.press("escape")
        desk.queue.shows("tunnel")


async def test_a_view_with_a_bell_rings(tmp_path: Path):
    file = written(tmp_path, GLOBEX + "bell = true\n")
    async with at_console(tmp_path, TICKETS, size=(120, 40), views_file=file) as desk:
        rung: list[str] = []
        desk.app.bell = lambda: rung.append("bell")  # type: ignore[method-assign]
        desk.arrives(ticket("another", customer="Globex"))
        await desk.beat()
        await desk.beat()
        assert rung and any("1 more in Globex" in one.text for one in desk.app.shift.said)


def test_the_bar_scrolls_so_that_the_shown_tab_is_always_seen():
    setting = Setting()
    tabs = [Tab(f"View number {at}", at) for at in range(20)]
    for current in range(20):
        for cells in (24, 40, 57, 80, 120):
            line = bars.tabs(tabs, current, cells, setting)
            assert line_width(line) == cells
            assert f"[View number {current} ({current})]"[: cells - 4] in plain(line), (current, cells)
    assert plain(bars.tabs(tabs, 10, 60, setting)).startswith("…")
    assert "999+" in plain(bars.tabs([Tab("Many", 1000, True)], 0, 40, setting))
    dim = bars.tabs([Tab("One", 1), Tab("None", 0)], 0, 40, setting)
    assert next(span.role for span in dim if "None" in span.text) == "muted"


async def test_without_a_file_ones_own_views_are_in_the_store(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(160, 40), views_file=None, restricted=True) as desk:
        await desk.press("f", "ctrl+u")
        await desk.type("owner:raj")
        await desk.press("enter", "F")
        await desk.type("Rajs")
        await desk.press("enter")
        desk.sees("in the store, for you")
        await desk.press("m")
        desk.sees("[Rajs (1)]")
        assert (
            views.find(Desk(desk.colleague("ana").store, POLICY, desk.clock, "ana"), "Rajs").source == "own"
        )
        await desk.press("]", "X", "y")
        desk.said("built in and can't be hidden here")


async def test_a_query_that_cannot_be_asked_is_not_saved(tmp_path: Path):
    file = written(tmp_path, '[[view]]\nname = "Broken"\nquery = "open sve:1"\norder = 1\n')
    async with at_console(tmp_path, TICKETS, size=(160, 40), views_file=file) as desk:
        await desk.press("F", "ctrl+u")
        await desk.type("Other")
        await desk.press("enter", "m")
        desk.said("column 6")
        assert "Other" not in file.read_text()
