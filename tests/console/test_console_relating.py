"""Log time, put aside, merge and link, by their keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import look
from tests.console.driver import START, Console


@pytest.fixture
def size() -> tuple[int, int]:
    return (80, 24)


async def test_time_is_logged_with_what_was_done(desk: Console):
    await desk.press("T")
    desk.sees("Log time on 4: NETEX crashes", "1h30")
    await desk.type("1h30 reading the dump")
    await desk.press("enter")
    assert desk.ticket(4).minutes_logged == 90
    assert (desk.journal(4)[0].kind, desk.journal(4)[0].text) == ("effort", "reading the dump")
    desk.said("4: 1 h 30 m logged")
    await desk.press("u")
    assert desk.ticket(4).minutes_logged == 0


async def test_what_is_no_time_is_said_where_it_is_written(desk: Console):
    await desk.press("T")
    await desk.type("the dump")
    await desk.press("enter")
    desk.sees("begin with the time that was worked: 45, 45m, 1h30 or 1:30", "the dump")
    await desk.press("escape")
    assert desk.ticket(4).minutes_logged == 0


async def test_a_ticket_is_put_aside_and_brought_back(desk: Console):
    await desk.queue.goes_to(3)
    await desk.press("Z")
    desk.sees("Put aside 3", "tomorrow 8:00")
    await desk.press("enter")
    assert desk.ticket(3).snoozed_until is not None
    desk.said("3: aside until", "clocks go on")
    await desk.press("Z")
    desk.sees("aside until")
    await desk.press("enter")
    assert desk.ticket(3).snoozed_until is None
    desk.said("3: back in the working views")


async def test_no_longer_than_the_policy_allows(desk: Console):
    await desk.press("Z", "enter")
    desk.sees("16:46 CST at the latest; the policy says so")
    await desk.press("escape")
    assert desk.ticket(4).snoozed_until is None


async def test_a_time_that_is_over_puts_nothing_aside(desk: Console):
    await desk.press("Z", "ctrl+u")
    await desk.type("8:00")
    await desk.press("enter")
    desk.sees("is over already")
    await desk.press("escape")
    assert desk.ticket(4).snoozed_until is None


async def test_several_are_put_aside_at_once_and_undone_at_once(desk: Console):
    await desk.press("j", "space", "space", "Z")
    desk.sees("Put aside 2 tickets: 2, 3")
    await desk.press("ctrl+u")
    await desk.type("in 4h")
    await desk.press("enter")
    assert {desk.ticket(number).snoozed_until for number in (2, 3)} == {START + timedelta(hours=4)}
    await desk.press("u")
    assert {desk.ticket(number).snoozed_until for number in (2, 3)} == {None}


async def test_a_merge_shows_both_subjects_and_the_safe_answer_first(desk: Console):
    await desk.press("M")
    desk.sees("Merge 4: NETEX crashes", "into which ticket?")
    await desk.type("3")
    await desk.press("enter")
    desk.sees("Merge 4: NETEX crashes", "into 3: HyperIP tunnel drops", "No, leave it")
    await desk.press("enter")
    assert desk.ticket(4).merged_into == 0
    await desk.press("M")
    await desk.type("#3")
    await desk.press("enter", "y")
    assert desk.ticket(4).merged_into == 3
    desk.said("4: merged into 3")


async def test_a_ticket_that_isn_t_there_or_is_the_same_is_said_in_the_dialog(desk: Console):
    await desk.press("M")
    for typed, said in (("99", "there is no ticket 99"), ("4", "4 is the ticket itself"), ("x", "a number")):
        await desk.press("ctrl+u")
        await desk.type(typed)
        await desk.press("enter")
        desk.sees(said, "Merge 4")
    await desk.press("escape")
    assert desk.ticket(4).merged_into == 0


async def test_marked_tickets_are_merged_into_one(desk: Console):
    await desk.press("space", "space", "M")
    await desk.type("1")
    await desk.press("enter")
    desk.sees("Merge 2 tickets: 2, 4", "into 1: wrong byte count")
    await desk.press("y")
    assert [desk.ticket(number).merged_into for number in (2, 4)] == [1, 1]
    await desk.press("u")
    assert [desk.ticket(number).merged_into for number in (2, 4)] == [0, 0]


async def test_a_link_has_a_kind_and_can_be_taken_away(desk: Console):
    await desk.press("L")
    await desk.type("3")
    await desk.press("enter")
    desk.sees("to 3: HyperIP tunnel drops", "it is the same problem")
    await desk.press("d")
    assert look.ticket(desk.colleague(), 4).links == ((3, "duplicate"),)
    desk.said("4: linked to 3, duplicate")
    await desk.press("L")
    await desk.type("3")
    await desk.press("enter", "-")
    assert look.ticket(desk.colleague(), 4).links == ()


async def test_several_links_are_one_action(desk: Console):
    await desk.press("space", "space", "L")
    await desk.type("1")
    await desk.press("enter", "r")
    assert all(look.ticket(desk.colleague(), number).links == ((1, "related"),) for number in (2, 4))
    await desk.press("u")
    assert all(look.ticket(desk.colleague(), number).links == () for number in (2, 4))


async def test_what_was_done_last_is_done_again_on_another_ticket(desk: Console):
    await desk.queue.goes_to(3)
    await desk.press("L")
    await desk.type("1")
    await desk.press("enter", "r")
    await desk.queue.goes_to(2)
    await desk.press(".")
    assert look.ticket(desk.colleague(), 2).links == ((1, "related"),)
    await desk.press("T")
    await desk.type("45m call")
    await desk.press("enter")
    await desk.queue.goes_to(4)
    await desk.press(".")
    assert desk.ticket(4).minutes_logged == 45


async def test_the_command_line_takes_the_answer(desk: Console):
    await desk.queue.goes_to(3)
    await desk.press(":")
    await desk.type("snooze in 4h")
    await desk.press("enter")
    assert desk.ticket(3).snoozed_until == START + timedelta(hours=4)
    await desk.press(":")
    await desk.type("link 99")
    await desk.press("enter")
    desk.said("there is no ticket 99")
