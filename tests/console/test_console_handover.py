"""The handover page: what it shows, where its keys lead, who has the watch."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from supporttui.desk import handover, look, write
from tests.console.driver import Console, at_console, sev1, ticket


async def test_what_fires_and_to_whom_for_8_and_24_hours(desk: Console):
    await desk.press("H")
    desk.sees(
        "Handover",
        "8 h ahead",
        "Fires next, and who is told  1",
        "Director of Customer Services",
        "nobody has accepted it",
    )
    await desk.press("h")
    desk.sees("24 h ahead", "Fires next, and who is told  2")
    await desk.press("q")
    desk.sees("Escalation timers")


async def test_enter_goes_to_the_ticket(desk: Console):
    await desk.press("H", "j", "j", "enter")
    desk.sees("NETEX crashes z/OS when starting", "1 System down")
    desk.sees_not("Fires next")
    await desk.press("q")
    desk.sees("Escalation timers")


async def test_sections_fold_one_by_one_and_all(desk: Console):
    await desk.press("H", "j")
    desk.sees("NETEX crashes")
    before = desk.screen.count("NETEX crashes")
    await desk.press("enter")
    assert desk.screen.count("NETEX crashes") < before
    await desk.press("enter")
    assert desk.screen.count("NETEX crashes") == before
    await desk.press("-")
    desk.sees_not("NETEX crashes")
    desk.sees("Nobody has it", "Changed on this shift")
    await desk.press("+")
    desk.sees("NETEX crashes")


async def test_accepting_the_watch_asks_is_on_record_and_can_be_taken_back(desk: Console):
    await desk.press("H", "A")
    desk.sees("Accept the watch as ana")
    await desk.press("escape")
    assert look.watch(desk.colleague("test")) is None
    await desk.press("A")
    await desk.type("quiet so far")
    await desk.press("enter")
    desk.said("the watch is yours since 14:46")
    desk.sees("watch: ana since 14:46, quiet so far")
    found = look.watch(desk.colleague("test"))
    assert found is not None and (found.actor, found.note) == ("ana", "quiet so far")
    await desk.press("u")
    desk.sees("watch: nobody has accepted it")
    assert look.watch(desk.colleague("test")) is None


async def test_the_top_line_says_who_has_the_watch(tmp_path: Path):
    async with at_console(tmp_path, [ticket("small")], size=(120, 40)) as desk:
        handover.accept(desk.colleague("raj"))
        await desk.passes(minutes=1)
        assert "watch: raj since 14:46" in desk.header
        await desk.press("H", "u")
        desk.said("raj has accepted the watch since")
        await desk.press("A", "enter", "q")
        assert "watch: ana since 14:47" in desk.header


async def test_it_is_live_and_stays_on_its_row(tmp_path: Path):
    tickets = [sev1("first down", ago=timedelta(hours=7)), ticket("small", severity=4)]
    async with at_console(tmp_path, tickets, size=(120, 40)) as desk:
        await desk.press("H", "j", "j")
        on = desk.app.screen.cursor
        desk.arrives(sev1("second down", ago=timedelta(hours=7, minutes=30)))
        await desk.beat()
        await desk.beat()
        desk.sees("second down")
        assert desk.app.screen.cursor == on
        write.note(desk.colleague("raj"), 2, "handover: ask again on Monday")
        await desk.beat()
        await desk.beat()
        desk.sees("ask again on Monday")


async def test_markdown_goes_into_a_file_and_an_existing_one_asks(desk: Console, tmp_path: Path):
    file = tmp_path / "out.md"
    await desk.press("H", "W")
    desk.sees("Write the handover as Markdown", "handover-2026-11-20-1446.md")
    await desk.press("ctrl+u")
    await desk.type(str(file))
    await desk.press("enter")
    desk.said("written to", "out.md")
    assert file.read_text().startswith("# Handover NetEx") and file.stat().st_mode & 0o777 == 0o600
    file.write_text("mine")
    await desk.press("W", "ctrl+u")
    await desk.type(str(file))
    await desk.press("enter")
    desk.sees("There is a file of that name already")
    await desk.press("n")
    assert file.read_text() == "mine"
    await desk.press("W", "ctrl+u")
    await desk.type(str(tmp_path / "no" / "out.md"))
    await desk.press("enter")
    desk.sees("there is no folder")


async def test_in_restricted_mode_no_file_is_written(tmp_path: Path):
    async with at_console(tmp_path, [ticket("small")], size=(80, 24), restricted=True) as desk:
        await desk.press("H", "W")
        desk.said("restricted mode")
        desk.sees("Handover")
        await desk.press("y")
        desk.said("sent to the terminal")


async def test_an_empty_desk_says_what_would_stand_here(tmp_path: Path):
    async with at_console(tmp_path, [], size=(80, 24)) as desk:
        await desk.press("H")
        desk.sees("everything that fired was acknowledged", "nothing fires in that time")
        await desk.press("j", "G", "g", "pagedown", "pageup", "q")
        desk.sees("no ticket")


async def test_the_mouse_goes_to_a_row_and_a_second_click_opens_it(desk: Console):
    await desk.press("H")
    at = next(at for at, line in enumerate(desk.screen.split("\n")) if "NETEX crashes" in line)
    await desk.pilot.click(offset=(20, at))
    await desk.settled()
    assert desk.app.screen.row.ticket == 4
    await desk.pilot.click(offset=(20, at))
    await desk.settled()
    desk.sees("1 System down")
    desk.sees_not("Fires next")


async def test_keys_typed_ahead_go_to_the_dialog_and_not_to_the_page_below(desk: Console):
    await desk.press("H", "j")
    for key in ("A", "x", "enter", "j", "enter"):
        await desk.pilot.press(key)
    await desk.settled()
    found = look.watch(desk.colleague("test"))
    assert found is not None and found.note == "x"


async def test_a_page_below_a_dialog_is_not_closed_in_its_stead(desk: Console):
    await desk.press("H", "j", "A")
    page = desk.app.screen_stack[-2]
    page.answer("go:4")  # as by a key that was on its way when the dialog opened
    await desk.settled()
    desk.sees("Accept the watch as ana")
    await desk.press("escape")
    desk.sees("Handover")
    await desk.press("q")
    desk.sees("Escalation timers")
