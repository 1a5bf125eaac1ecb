"""Logging time in the console: billable by the verdict or with a reason, and the stopwatch in the top line."""

from __future__ import annotations

import pytest

from supporttui.desk import change, effort, stopwatch
from supporttui.store import worked
from tests.console.driver import at_console, ticket


@pytest.fixture
def size() -> tuple[int, int]:
    return (80, 24)


async def test_enter_takes_what_the_verdict_says(desk):
    number = 4
    await desk.press("T")
    desk.sees("Log time on", "Not billable", "as the verdict says: unclear")
    await desk.type("45m the dump")
    await desk.press("enter")
    desk.said("45 m logged")
    (row,) = worked.of_ticket(desk.colleague("test").store, number)
    assert (row.minutes, row.text, row.billable, row.verdict) == (45, "the dump", False, "unclear")
    await desk.press("u")
    assert worked.of_ticket(desk.colleague("test").store, number) == []


async def test_against_the_verdict_the_reason_is_asked_and_no_text_is_lost(desk):
    number = 4
    await desk.press("T")
    await desk.type("45m the dump")
    await desk.press("tab", "down", "enter")
    desk.sees("Why is this time billable?")
    await desk.press("enter")
    desk.sees("say why it is billable")
    await desk.press("escape")
    desk.sees("Log time on", "45m the dump")
    await desk.press("tab", "down", "enter")
    await desk.type("agreed by telephone")
    await desk.press("enter")
    (row,) = worked.of_ticket(desk.colleague("test").store, number)
    assert (row.minutes, row.billable, row.reason) == (45, True, "agreed by telephone")
    assert desk.ticket(number).minutes_logged == 45


async def test_tab_is_the_other_choice_and_tab_again_the_first(desk):
    await desk.press("T")
    await desk.type("45m the dump")
    desk.sees("▸ Not billable")
    await desk.press("tab")
    desk.sees("▸ Billable", "45m the dump")
    await desk.press("tab")
    desk.sees("▸ Not billable")
    await desk.press("tab", "enter")
    desk.sees("Why is this time billable?")


async def test_what_the_store_refuses_is_asked_again_with_every_word_of_it(desk, monkeypatch):
    from supporttui.errors import StoreBusy

    number, log = 4, effort.log_time

    def broken(*_words, **_more):
        raise StoreBusy("the store is locked by another process")

    monkeypatch.setattr(effort, "log_time", broken)
    await desk.press("T")
    await desk.type("45m the dump")
    await desk.press("tab", "enter")
    await desk.type("agreed by telephone")
    await desk.press("enter")
    desk.sees("Log time on", "45m the dump", "▸ Billable", "locked by another process")
    monkeypatch.setattr(effort, "log_time", log)
    await desk.press("enter")
    desk.sees("agreed by telephone")
    await desk.press("enter")
    (row,) = worked.of_ticket(desk.colleague("test").store, number)
    assert (row.minutes, row.text, row.reason) == (45, "the dump", "agreed by telephone")


async def test_a_ticket_that_changed_meanwhile_takes_the_time_after_a_look(desk):
    number = 4
    await desk.press("T")
    await desk.type("45m the dump")
    change.set_severity(desk.colleague("raj"), number, 2)
    await desk.press("enter")
    desk.sees("45m the dump", "all the same")
    await desk.press("enter")
    assert desk.ticket(number).minutes_logged == 45


async def test_no_time_no_choice(desk):
    await desk.press("T")
    await desk.type("the dump")
    await desk.press("tab", "down", "enter")
    desk.sees("begin with the time that was worked", "the dump")


async def test_the_stopwatch_in_the_top_line(desk):
    number = 4
    await desk.press("S")
    desk.said(f"the stopwatch on {number} runs")
    assert f"◷ 0m #{number}" in desk.header
    await desk.passes(minutes=12)
    assert f"◷ 12m #{number}" in desk.header
    await desk.press("T")
    desk.sees("12m ")
    await desk.type("the dump")
    await desk.press("enter")
    assert "◷" not in desk.header
    (row,) = worked.of_ticket(desk.colleague("test").store, number)
    assert (row.minutes, row.text) == (12, "the dump")
    assert stopwatch.watches(desk.colleague(desk.app.shift.setting.actor)) == []


async def test_a_time_typed_behind_that_of_the_stopwatch_is_not_taken_for_a_remark(desk):
    await desk.press("S")
    await desk.passes(minutes=12)
    await desk.press("T")
    await desk.type("45m the dump")
    await desk.press("enter")
    desk.sees("12m 45m the dump", "'45m' is a second time")
    await desk.press("ctrl+u")
    await desk.type("45m 3 dumps")
    await desk.press("enter")
    (row,) = worked.of_ticket(desk.colleague("test").store, 4)
    assert (row.minutes, row.text) == (45, "3 dumps")


async def test_it_rests_goes_on_and_makes_room_for_another(desk):
    first = 4
    second = 2
    await desk.press("S")
    await desk.passes(minutes=5)
    await desk.press("j", "S")
    desk.said(f"on {second} runs", f"on {first} rests")
    assert f"0m #{second} +1" in desk.header
    await desk.press("S")
    assert f"|| 0m #{second} +1" in desk.header
    await desk.press("k", "S")
    assert f"◷ 5m #{first} +1" in desk.header
    await desk.press(":")
    await desk.type("timer discard")
    await desk.press("enter")
    desk.said("discarded, nothing was logged")
    assert f"|| 0m #{second}" in desk.header
    assert desk.ticket(first).minutes_logged == 0


async def test_it_survives_the_console_and_is_seen_from_elsewhere(tmp_path, size):
    async with at_console(tmp_path, [ticket("tunnel drops")], size=size) as desk:
        stopwatch.start(desk.colleague("ana"), 1)
        await desk.passes(seconds=6)
        await desk.beat()  # the first one reads what changed
        assert "◷ 0m #1" in desk.header
        await desk.drops()
        await desk.passes(minutes=3)
        assert "◷ 3m #1" in desk.header
        stopwatch.discard(desk.colleague("ana"))
        await desk.passes(seconds=6)
        await desk.beat()
        assert "#1" not in desk.header


async def test_a_forgotten_one_asks_what_was_really_worked(desk):
    number = 4
    await desk.press("S")
    await desk.passes(hours=14)
    assert f"◷ 14h00 #{number}" in desk.header
    await desk.press("T")
    desk.sees("the stopwatch shows 14 h", "what was really worked?")
    await desk.press("enter")
    desk.sees("begin with the time that was worked")
    await desk.type("40m")
    await desk.press("enter")
    (row,) = worked.of_ticket(desk.colleague("test").store, number)
    assert row.minutes == 40
    assert "◷" not in desk.header


async def test_words_that_it_does_not_know(desk):
    await desk.press(":")
    await desk.type("timer faster")
    await desk.press("enter")
    desk.said("the stopwatch can start, pause, stop or discard")
