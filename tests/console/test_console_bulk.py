"""Many tickets at once, and the same again: marks, the typed word, progress, Esc, what failed, `.` and `u`."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from supporttui.desk import change, close
from supporttui.errors import Refused
from tests.console.driver import Console, at_console, sev1, ticket


@pytest_asyncio.fixture
async def many(tmp_path: Path) -> AsyncIterator[Console]:
    """24 tickets of severity 3."""
    tickets = [ticket(f"problem {number}") for number in range(1, 25)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as console:
        yield console


def severities(desk: Console) -> list[int]:
    return [desk.ticket(number).severity for number in range(1, 25)]


async def test_the_star_marks_all_that_the_view_shows_and_not_only_the_rows_on_screen(many: Console):
    await many.press("*")
    many.said("all 24 are marked")
    assert many.app.triage.queue.list.held.marks.keys == set(range(1, 25))
    assert set(many.app.marked_versions) == set(range(1, 25))
    await many.press("V")
    assert not many.app.triage.queue.list.held.marks.keys


async def test_the_star_stops_at_its_most_and_says_so(many: Console, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("supporttui.console.actions.marks.MOST_MARKED", 10)
    await many.press("*")
    many.said("the first 10 of 24 are marked")
    assert len(many.app.triage.queue.list.held.marks.keys) == 10


async def test_above_twenty_tickets_their_number_must_be_typed(many: Console):
    await many.press("*", "x", "2")
    many.sees("Severity 2: 24 tickets: 1, 2, 3", "and", "more", "type 24")
    await many.press("enter")
    many.sees("type 24 to change them")
    await many.press("escape")
    many.said("nothing was changed")
    assert set(severities(many)) == {3}


async def test_many_tickets_are_changed_and_taken_back_by_one_undo(many: Console):
    await many.press("*", "x", "2")
    await many.type("24")
    await many.press("enter")
    many.said("severity 2: 24 tickets")
    assert set(severities(many)) == {2}
    await many.press("u")
    many.said("undone", "on 24 tickets: 1, 2, 3", "more")
    assert set(severities(many)) == {3}
    await many.press("U")
    many.said("done again", "24 tickets")
    assert set(severities(many)) == {2}


async def test_a_confirmation_names_numbers_and_how_many_and_the_safe_answer_is_in_front(many: Console):
    await many.press("*", "c")
    many.sees("Close 24 tickets: 1, 2, 3", "and", "more", "▸ n  Nothing, leave it")
    await many.press("enter")
    assert many.ticket(1).status not in ("resolved", "closed")


async def test_escape_stops_between_tickets_and_what_is_left_stays_marked(
    many: Console, monkeypatch: pytest.MonkeyPatch
):
    gate, asked = threading.Event(), []

    def slow(desk: Any, number: int, value: int, **more: Any) -> Any:
        asked.append(number)
        if len(asked) == 5:
            gate.wait(5)
        return plain(desk, number, value, **more)

    plain = change.set_severity
    monkeypatch.setattr(change, "set_severity", slow)
    monkeypatch.setattr("supporttui.console.bulk.SLICE", 0.0)
    await many.press("*", "x", "2")
    await many.type("24")
    await many.pilot.press("enter")
    for _ in range(500):
        if "severity: 4 of 24, Esc stops" in many.footer:
            break
        await many.pilot.pause()
    many.sees("severity: 4 of 24, Esc stops")
    await many.pilot.press("escape")
    gate.set()
    await many.settled()
    many.said("severity 2: 5 of 24 tickets; stopped, 19 were left and stay marked")
    assert severities(many) == [2] * 5 + [3] * 19
    assert many.app.triage.queue.list.held.marks.keys == set(range(6, 25))
    await many.press("u")
    assert set(severities(many)) == {3}


async def test_what_could_not_be_done_is_on_a_page_and_stays_marked(many: Console):
    raj = many.colleague("raj")
    for number in (3, 5):
        close.close(raj, number)
    await many.beat()
    await many.press("v", "G", "v")
    marked = many.app.triage.queue.list.held.marks.keys
    close.close(raj, 7)
    await many.press("a", "enter")
    await many.type(str(len(marked)))
    await many.press("enter")
    many.sees("Not done: 1", "problem 7", "closed")
    await many.press("q")
    assert many.app.triage.queue.list.held.marks.keys == {7}
    await many.press("m")
    many.sees("1 could not be done", "7 problem 7")
    await many.press("q")


async def test_verbs_for_one_ticket_say_so_when_several_are_marked(many: Console):
    await many.press("space", "space", "r")
    many.said("one ticket at a time, and 2 are marked")
    await many.press("V", "r")
    many.sees("Reply to the customer")
    await many.press("escape")


async def test_marked_tickets_can_be_changed_while_the_cursor_is_on_one_that_cant(many: Console):
    await many.press("space", "space")
    close.close(many.colleague("raj"), many.queue.cursor)
    await many.beat()
    await many.press("a", "enter")
    many.said("2 tickets")


# -- the same again -----------------------------------------------------------------------------


async def test_the_last_change_is_done_again_on_another_ticket(desk: Console):
    await desk.press(".")
    desk.said("nothing was done yet that can be done again")
    await desk.press("x", "2", "j", ".")
    assert (desk.ticket(4).severity, desk.ticket(2).severity) == (2, 2)
    await desk.press("t")
    await desk.type("urgent")
    await desk.press("enter", "j", ".")
    desk.said("3: tags urgent")
    assert desk.ticket(3).tags == ("urgent",)


async def test_a_promise_that_is_repeated_counts_from_now(desk: Console):
    await desk.press("a", "enter")
    await desk.passes(minutes=30)
    await desk.press("j", ".")
    first, second = desk.ticket(4).acknowledged_until, desk.ticket(desk.queue.cursor).acknowledged_until
    assert first is not None and second is not None
    assert (second - first).total_seconds() == 30 * 60


async def test_taking_and_the_owner_are_repeated(desk: Console):
    await desk.press("o", "j", ".")
    assert desk.ticket(2).owner == "ana"
    await desk.press("O")
    await desk.type("raj")
    await desk.press("enter", "k", ".")
    assert desk.ticket(4).owner == "raj"


async def test_what_is_dangerous_asks_again(desk: Console):
    await desk.press("c", "r")
    assert desk.ticket(4).status == "resolved"
    await desk.press("j", ".")
    desk.sees("Close 2: transfers restart", "▸ n  Nothing, leave it")
    await desk.press("enter")
    assert desk.ticket(2).status != "resolved"


async def test_a_text_is_never_sent_twice(desk: Console):
    await desk.press("x", "2", "i")
    await desk.type("looked at it")
    await desk.press("tab", "enter", "j", ".")
    desk.said("note is not done again")
    assert desk.ticket(2).version == 1


async def test_a_repeated_verb_says_why_it_cant(desk: Console):
    await desk.press("o", ".")
    desk.said("take again: 4 is yours already")


async def test_an_undo_names_the_ticket(desk: Console):
    await desk.press("x", "2", "u")
    assert "undone: severity on ticket 4" in [notice.text for notice in desk.app.shift.said]
    assert desk.ticket(4).severity == 1


# -- verbs behind a save ------------------------------------------------------------------------


async def test_a_verb_pressed_while_another_is_saved_waits_and_what_is_typed_after_it_too(
    desk: Console, monkeypatch: pytest.MonkeyPatch
):
    gate = threading.Event()
    plain = change.set_owner

    def slow(*given: Any, **more: Any) -> Any:
        gate.wait(5)
        return plain(*given, **more)

    monkeypatch.setattr(change, "set_owner", slow)
    for key in ("o", "i", "h", "i", "space", "q", "tab"):
        await desk.pilot.press(key)
    gate.set()
    await desk.settled()
    desk.sees("Note on 4", "hi q")
    await desk.press("enter")
    assert desk.ticket(4).owner == "ana"
    assert desk.journal(4)[0].text == "hi q"


async def test_escape_forgets_the_verb_that_waits(desk: Console, monkeypatch: pytest.MonkeyPatch):
    gate = threading.Event()
    plain = change.set_owner

    def slow(*given: Any, **more: Any) -> Any:
        gate.wait(5)
        return plain(*given, **more)

    monkeypatch.setattr(change, "set_owner", slow)
    for key in ("o", "i", "h", "escape"):
        await desk.pilot.press(key)
    gate.set()
    await desk.settled()
    desk.sees_not("Note on 4")
    assert desk.ticket(4).owner == "ana"


async def test_a_range_reaches_over_rows_that_are_not_held(tmp_path: Path):
    tickets = [sev1("first of all"), *(ticket(f"problem {number}", severity=4) for number in range(2, 503))]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        await desk.press("v", "G", "v")
        assert len(desk.app.triage.queue.list.held.marks.keys) == 502


async def test_a_ticket_that_fails_half_way_is_not_half_written_and_the_others_are(
    many: Console, monkeypatch: pytest.MonkeyPatch
):
    plain = change.set_severity

    def faulty(desk: Any, number: int, value: int, **more: Any) -> Any:
        found = plain(desk, number, value, **more)
        if number == 2:
            raise Refused("2 is not to be touched")
        return found

    monkeypatch.setattr(change, "set_severity", faulty)
    await many.press("space", "space", "space", "x", "2")
    many.sees("Not done: 1", "2 is not to be touched")
    await many.press("q")
    assert severities(many)[:3] == [2, 3, 2]
    assert many.app.triage.queue.list.held.marks.keys == {2}
