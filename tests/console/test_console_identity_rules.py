"""The rules of identity, one test each: whatever happens elsewhere, everything on the screen holds its ticket.

The merge of an old window with new rows is a pure function; its properties are in
tests/unit/console/test_keyed_rows.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from supporttui.desk import change, close
from tests.console.driver import Console, at_console, sev1, ticket

TICKETS = 60


@pytest_asyncio.fixture
async def long(tmp_path: Path, size: tuple[int, int]) -> AsyncIterator[Console]:
    """Tickets 1 to 60, one a minute, more than any screen has rows; the reader is three pages down."""
    tickets = [
        ticket(f"question {at}", severity=4, ago=timedelta(days=2, minutes=-at))
        for at in range(1, TICKETS + 1)
    ]
    async with at_console(tmp_path, tickets, size=size) as console:
        await console.press("pagedown")
        yield console


def others_are_busy(desk: Console, *spared: int) -> None:
    """Arrivals above, changes that re-sort, closings: everything but the spared tickets may move or go."""
    raj = desk.colleague("raj")
    shown = [number for number in desk.queue.numbers() if number not in spared]
    close.close(raj, shown[0])
    change.set_severity(raj, shown[1], 1)
    change.set_severity(raj, TICKETS, 2)
    for _ in range(3):
        desk.arrives(sev1("all is down"))


async def test_cursor_marks_scroll_and_ticket_hold_numbers(long: Console):
    await long.press("space", "j")
    cursor, marks = long.queue.cursor, set(long.app.triage.queue.list.held.marks.keys)
    others_are_busy(long, cursor, *marks)
    await long.beat()
    long.queue.cursor_on(cursor)
    assert set(long.app.triage.queue.list.held.marks.keys) == marks
    assert long.app.triage.detail.number == cursor
    await long.press("o")
    assert [long.ticket(number).owner for number in sorted(marks)] == ["ana"] * len(marks)


async def test_a_refresh_in_the_background_never_scrolls_and_a_key_may(long: Console):
    cursor, shown = long.queue.cursor, long.queue.numbers()
    others_are_busy(long, cursor)
    await long.beat()
    here = [number for number in long.queue.numbers() if number in shown]
    assert here == [number for number in shown if number in here]
    assert len(here) >= len(shown) - 3
    await long.press("g")
    assert long.queue.numbers() != shown
    long.queue.shows("all is down")


async def test_a_ticket_that_goes_hands_the_cursor_to_the_next_below_in_the_old_order(long: Console):
    cursor = long.queue.cursor
    close.close(long.colleague("raj"), cursor)
    await long.beat()
    long.queue.cursor_on(cursor + 1)
    long.said(f"{cursor} left this list", "closed")


async def test_the_last_ticket_hands_it_to_the_one_above(long: Console):
    await long.press("G")
    last = long.queue.cursor
    close.close(long.colleague("raj"), last)
    await long.beat()
    long.queue.cursor_on(last - 1)
    long.said(f"{last} left this list")


async def test_several_that_go_at_once_hand_it_to_the_first_that_is_left(long: Console):
    cursor = long.queue.cursor
    for number in (cursor, cursor + 1, cursor + 2):
        close.close(long.colleague("raj"), number)
    await long.beat()
    long.queue.cursor_on(cursor + 3)


async def test_a_row_that_was_just_changed_stays_until_refresh(long: Console):
    cursor, shown = long.queue.cursor, long.queue.numbers()
    await long.press("c", "r")
    assert long.ticket(cursor).status == "resolved"
    assert long.queue.numbers() == shown
    await long.beat()
    long.queue.cursor_on(cursor)
    await long.press("R")
    assert cursor not in long.queue.numbers()


async def test_a_row_that_was_just_changed_stays_until_the_view_is_left(long: Console):
    cursor = long.queue.cursor
    await long.press("c", "r")
    assert cursor in long.queue.numbers()
    await long.press("]", "[")
    assert cursor not in long.app.triage.queue.list.held.rows


async def test_new_rows_above_are_announced_and_not_scrolled_to(long: Console):
    shown, cursor = long.queue.numbers(), long.queue.cursor
    first = long.arrives(sev1("all is down"))
    long.arrives(sev1("all is down, too"))
    long.arrives(ticket("a question", severity=2))
    await long.beat()
    assert long.queue.numbers() == shown
    long.queue.cursor_on(cursor)
    long.said("3 new, 2 Sev 1", str(first))


async def test_an_open_dialog_keeps_its_tickets_whatever_the_list_does(long: Console):
    cursor = long.queue.cursor
    await long.press("x")
    long.sees(f"Severity of {cursor}")
    others_are_busy(long, cursor)
    await long.beat()
    long.sees(f"Severity of {cursor}")
    await long.press("3")
    assert long.ticket(cursor).severity == 3
    assert [number for number in range(1, TICKETS) if long.ticket(number).severity == 3] == [cursor]


async def test_a_ticket_that_changed_under_a_dialog_is_told_before_anything_is_written(long: Console):
    cursor = long.queue.cursor
    await long.press("x")
    change.set_severity(long.colleague("raj"), cursor, 2)
    await long.press("3")
    long.sees("raj")
    assert long.ticket(cursor).severity == 2


async def test_looking_changes_nothing(long: Console):
    cursor = long.queue.cursor
    await long.press("enter", "pagedown", "G", "g", "q", "z", "z", "2", "1", "?", "escape")
    assert (long.ticket(cursor).version, long.ticket(cursor).acknowledged_until) == (1, None)
    assert len(long.journal(cursor)) == 1
