"""What is drawn how: rows that changed, keys that are offered, words that fit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from supporttui.console.widgets.menu import Menu
from tests.console.driver import Console, Rows, at_console, sev1, ticket


def roles(rows: Rows, word: str) -> str:
    """The roles in which the row that holds this word is drawn, with blanks between."""
    lines = rows._list.lines_shown
    found = next(line for line in lines if word in "".join(span.text for span in line))
    return " ".join(span.role for span in found)


async def test_a_row_that_was_changed_here_and_belongs_to_the_view_keeps_its_colours(desk: Console):
    await desk.queue.goes_to(4)
    before = roles(desk.queue, "NETEX crashes")
    await desk.verb("take", "undo")
    after = roles(desk.queue, "NETEX crashes")
    assert "sev1" in before and after == before


async def test_a_row_that_belongs_to_the_view_again_after_undo_is_dim_no_more(desk: Console):
    await desk.queue.goes_to(4)
    await desk.press("c", "r")
    assert "sev1" not in roles(desk.queue, "NETEX crashes")
    await desk.verb("undo")
    assert "sev1" in roles(desk.queue, "NETEX crashes")


async def test_the_row_of_a_choice_under_the_cursor_is_in_one_ground(desk: Console):
    await desk.press("x")
    menu = desk.app.screen.query_one(Menu)
    assert [span.role for span in menu.lines_shown[menu.index]] == ["cursor"]
    desk.sees("System down (now)")
    explained = desk.app.screen.query_one("#explained")
    assert 1 <= explained.size.height <= 3


async def test_keys_are_spelled_one_way_below_every_dialog(desk: Console):
    await desk.press("r")
    assert "Ctrl-T" in desk.footer and "ctrl" not in desk.screen
    await desk.press("escape", "n")
    assert "Ctrl-D" in desk.footer and "ctrl" not in desk.screen


async def test_how_to_get_back_from_a_page_stands_below_it_whatever_its_width(desk: Console):
    await desk.press("H")
    assert desk.footer.endswith("q back")
    await desk.press("A")
    assert desk.footer.endswith("Esc leaves"), "behind a dialog its keys are told"
    await desk.press("escape")
    assert desk.footer.endswith("q back")


async def test_the_hints_of_a_form_and_of_a_line_are_whole(desk: Console):
    await desk.press("n", "tab")
    await desk.type("2")
    await desk.settled()
    desk.sees("e.g. 14:05, or now")
    await desk.press("escape", "Z")
    desk.sees("tomorrow 8:00, mon 9:00")


async def test_an_empty_desk_offers_only_what_can_be_done_there(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, size=size) as desk:
        assert "n new" in desk.footer and ": command" in desk.footer and "q quit" in desk.footer
        for verb in ("open", "acknowledge", "reply", "undo", "find"):
            assert verb not in desk.footer


async def test_a_ticket_of_one_s_own_is_not_offered_to_be_taken(desk: Console):
    await desk.queue.goes_to(4)
    assert "o take" in desk.footer
    await desk.verb("take")
    await desk.press("j", "k")
    assert "o take" not in desk.footer and "a acknowledge" in desk.footer


async def test_timers_that_nobody_moved_in_show_what_is_due_first(tmp_path: Path):
    tickets = [ticket(f"question {at}", severity=3) for at in range(20)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        number = desk.arrives(sev1("all is down"))
        await desk.beat()
        assert str(number) in desk.timers.lines[0]
        await desk.press("2", "down", "down", "1")
        held = desk.timers.cursor
        later = desk.arrives(sev1("more is down", ago=timedelta(hours=6)))
        await desk.beat()
        assert desk.timers.cursor == held and str(later) not in desk.timers.lines[0]


async def test_a_list_of_commands_is_not_offered_where_there_are_none_allowed(tmp_path: Path):
    async with at_console(tmp_path, [ticket("one")], restricted=True) as desk:
        await desk.press("?")
        await desk.type("commands.toml")
        desk.sees_not("your own commands")
        await desk.press("escape", "!")
        assert desk.app.screen is desk.app.triage and not desk.app.shift.said
