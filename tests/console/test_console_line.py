"""The `:` line: arguments, completion, lines from before, and what is wrong with them; keys in dialogs."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from textual.widgets import Input

from supporttui.console.history import History
from tests.console.driver import Console, at_console, sev1, ticket


async def enters(desk: Console, text: str) -> None:
    await desk.press(":")
    await desk.type(text)
    await desk.press("enter")


def below(desk: Console) -> tuple[str, str]:
    prompt, hint = desk.screen.split("\n")[-2:]
    return prompt.strip(), hint.strip()


def written(desk: Console) -> str:
    """What stands in the prompt, without what is suggested behind it."""
    return desk.app.triage.prompt.query_one(Input).value


async def test_a_line_does_what_its_dialog_would(desk: Console):
    await enters(desk, "severity 2")
    assert desk.ticket(4).severity == 2
    desk.said("4: severity 2")
    await enters(desk, "assign raj")
    assert desk.ticket(4).owner == "raj"
    await enters(desk, "assign -")
    assert desk.ticket(4).owner == ""
    await enters(desk, "tag urgent spam")
    await enters(desk, "tag dump -spam")
    assert sorted(desk.ticket(4).tags) == ["dump", "urgent"]
    await enters(desk, "acknowledge 45m")
    desk.said("4: acknowledged, next update by", "15:31")
    await enters(desk, "status open")
    assert desk.ticket(4).status == "open"


async def test_places_are_gone_to_by_a_line(desk: Console):
    await enters(desk, "go 2")
    desk.queue.cursor_on(2)
    await enters(desk, "view overdue")
    desk.sees("[Overdue (")
    await enters(desk, "query sev:4")
    assert desk.queue.numbers() == [1]
    await enters(desk, "query bogus:1")
    desk.said("bogus")
    await enters(desk, "find HyperIP")
    await enters(desk, "go 4711")
    desk.said("there is no ticket 4711")


async def test_a_line_on_closing_asks_with_the_safe_answer_in_front(desk: Console):
    await enters(desk, "close resolve")
    desk.sees("Resolve 4: NETEX crashes", "No, leave it")
    await desk.press("enter")
    assert desk.ticket(4).status != "resolved"
    await enters(desk, "close resolve")
    await desk.press("y")
    assert desk.ticket(4).status == "resolved"


async def test_what_is_wrong_stands_under_its_place(desk: Console):
    await enters(desk, "severity 9")
    prompt, hint = below(desk)
    assert prompt == ": severity 9" and "^ no severity “9”" in hint
    raw = desk.screen.split("\n")[-2:]
    assert raw[0].index("9") == raw[1].index("^")
    await desk.press("escape")
    assert desk.ticket(4).severity == 1


async def test_tab_completes_as_far_as_all_agree_and_then_goes_round(desk: Console):
    await desk.press(":")
    await desk.type("stat")
    await desk.press("tab")
    assert written(desk) == "status "
    await desk.type("w")
    await desk.press("tab")
    assert written(desk) == "status waiting-"
    assert below(desk)[1].split()[:2] == ["waiting-customer", "waiting-vendor"]
    await desk.press("tab")
    assert written(desk) == "status waiting-customer"
    await desk.press("tab")
    assert written(desk) == "status waiting-vendor"
    await desk.press("shift+tab")
    assert written(desk) == "status waiting-customer"
    await desk.press("escape")


async def test_people_and_tags_that_are_known_complete(desk: Console):
    await enters(desk, "tag urgent")
    await desk.press(":")
    await desk.type("assign r")
    await desk.press("tab")
    assert written(desk) == "assign raj"
    await desk.press("escape", ":")
    await desk.type("tag -u")
    await desk.press("tab")
    assert written(desk) == "tag -urgent"
    await desk.press("escape")


async def test_lines_from_before_come_back_with_up_and_down(desk: Console):
    await enters(desk, "severity 2")
    await enters(desk, "tag urgent")
    await desk.press(":")
    await desk.type("ass")
    await desk.press("up")
    assert written(desk) == "tag urgent"
    await desk.press("up", "up")
    assert written(desk) == "severity 2"
    await desk.press("down", "down")
    assert written(desk) == "ass"
    await desk.press("escape")


async def test_lines_are_kept_from_one_session_to_the_next_and_nobody_else_reads_them(tmp_path: Path):
    file = tmp_path / "state" / "lines.txt"
    async with at_console(tmp_path, [sev1("NETEX crashes")]) as desk:
        desk.app.history = History(file)
        await enters(desk, "severity 2")
        await enters(desk, "severity 3")
        await enters(desk, "severity 2")
    assert file.read_text() == "severity 3\nseverity 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert await History(file).lines() == ("severity 3", "severity 2")


async def test_the_file_of_lines_is_capped_and_a_broken_one_costs_nothing(tmp_path: Path):
    file = tmp_path / "lines.txt"
    file.write_bytes(b"\xff\x00\n" + b"severity 1\n" + b"x" * 5000 + b"\n")
    history = History(file)
    assert await history.lines() == ("severity 1",)
    for number in range(250):
        await history.add(f"go {number}")
    assert len(await History(file).lines()) == 200
    nowhere = History(tmp_path / "lines.txt" / "below" / "lines.txt")
    await nowhere.add("undo")
    assert await nowhere.lines() == ("undo",)


async def test_behind_a_dialog_the_bottom_line_has_the_keys_of_the_dialog(desk: Console):
    assert "acknowledge" in desk.footer
    await desk.press("x")
    assert "Esc leaves" in desk.footer and "acknowledge" not in desk.footer
    await desk.press("escape")
    assert "acknowledge" in desk.footer


async def test_control_c_says_how_to_leave(desk: Console):
    await desk.press("ctrl+c")
    desk.said("q leaves")
    await desk.press("ctrl+z")
    desk.said("q leaves")


async def test_menus_move_by_the_keys_in_force(tmp_path: Path):
    from supporttui.verbs.keymap import Keymap

    keymap = Keymap({"down": ("e", "down"), "edit": (), "up": ("h",), "quit": ("Q",)})
    async with at_console(tmp_path, [ticket("one", severity=3)], keymap=keymap) as desk:
        await desk.press("x", "home", "e")
        desk.sees("▸ 2  System highly impacted")
        await desk.press("h")
        desk.sees("▸ 1  System down")
        await desk.press("Q")
        desk.sees_not("System down")


@pytest.mark.parametrize("back", ["1", "2"])
async def test_from_the_ticket_back_to_the_lists_on_a_small_screen(desk: Console, back: str):
    await desk.press("3", back)
    desk.sees("Escalation timers", "NETEX crashes", "wrong byte count")
