"""The palette: what fits best first, verbs and places in one list, and why a verb can't run."""

from __future__ import annotations

import pytest

from tests.console.driver import Console


async def test_the_palette_ranks_what_fits_best_first_and_runs_it(desk: Console):
    await desk.press("p")
    desk.sees("What to do?")
    await desk.type("sever")
    await desk.press("enter")
    desk.sees("Severity of 4")
    await desk.press("escape")


async def test_the_palette_goes_to_tickets_views_and_lines(desk: Console):
    await desk.press("ctrl+p")
    await desk.type("tunnel")
    desk.sees("HyperIP tunnel drops", "ticket")
    await desk.press("enter")
    desk.queue.cursor_on(3)
    await desk.press("p")
    await desk.type("overd")
    await desk.press("enter")
    desk.sees("[Overdue (")
    await desk.press("[", "p")
    await desk.type("severity 3")
    await desk.press("enter")
    assert 3 in [desk.ticket(number).severity for number in (1, 2, 4)]


async def test_the_palette_says_why_a_verb_cant_run_and_does_not_run_it(desk: Console):
    await desk.press("p")
    await desk.type("repeat")
    desk.sees("nothing was done yet that can be done again")
    await desk.press("enter")
    desk.sees("What to do?")
    await desk.press("escape")


async def test_the_palette_opens_and_filters_without_the_store(
    desk: Console, monkeypatch: pytest.MonkeyPatch
):
    async def fails(_work: object) -> None:
        raise AssertionError("the store was asked")

    monkeypatch.setattr(desk.app.link, "run", fails)
    await desk.pilot.press("p")
    await desk.pilot.press("s")
    await desk.pilot.pause()
    desk.sees("What to do?")
    monkeypatch.undo()
    await desk.press("escape")
