"""The tour: real keys do the real things, each lesson waits for what it asks for, and it can be left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from supporttui.console.guided import GuidedApp
from supporttui.console.tour import LESSONS, Tour
from supporttui.verbs.keymap import Keymap
from tests.console.driver import Console, at_console, sev1, ticket

TICKETS = (
    ticket("wrong byte count in the log", severity=4),
    ticket("transfers restart several times", severity=2, customer="Initech"),
    ticket("HyperIP tunnel drops", owner="raj", customer="Globex"),
    sev1("NETEX crashes z/OS when starting", contact="J. Ortiz"),
)


@pytest_asyncio.fixture
async def desk(tmp_path: Path, size: tuple[int, int]) -> AsyncIterator[Console]:
    async with at_console(tmp_path, TICKETS, size=size, kind=GuidedApp) as console:
        await begin(console)
        yield console


async def begin(desk: Console) -> None:
    desk.app.begin_tour()
    await desk.settled()


def lesson(desk: Console) -> int:
    """Counted from 1; the tour's box says the same."""
    tour = desk.app.guide
    assert isinstance(tour, Tour)
    place = tour.place + 1
    if place <= len(LESSONS):
        desk.sees(f"{place} of 11", LESSONS[place - 1].title)
    return place


async def do(desk: Console, place: int) -> None:
    """What the lesson asks for, by its keys."""
    match place:
        case 1:
            await desk.press("j")
        case 2:
            await desk.press("enter")
        case 3:
            await desk.press("W")
        case 4:
            await desk.press("q", "q")
        case 5:
            await desk.press("a", "enter")
        case 6:
            await desk.press("o")
        case 7:
            await desk.press("i")
            await desk.type("read the log")
            await desk.press("tab", "enter")
        case 8:
            await desk.press("x", "4")
        case 9:
            await desk.press("u")
        case 10:
            await desk.press("/")
            await desk.type("tunnel")
            await desk.press("enter")
        case 11:
            await desk.press("?")


async def test_all_lessons_by_their_keys(desk: Console):
    for place in range(1, len(LESSONS) + 1):
        assert lesson(desk) == place
        await do(desk, place)
        assert desk.app.guide.place == place, desk.screen
    desk.sees("The tour is over", "? shows every key", "README")
    kinds = {entry.kind for entry in desk.journal(2)}
    assert {"acknowledged", "owner", "note", "severity", "undone"} <= kinds
    await desk.press("escape", "escape", "escape")
    desk.sees_not("The tour is over", "of 11")
    assert desk.app.return_code is None


WRONG = {
    1: ("k", "m", "escape", "u"),
    2: ("j", "x", "escape", "]", "["),
    5: ("a", "escape", "j", "o"),
    7: ("i", "escape", "j"),
    8: ("x", "escape", "o"),
    9: ("U", "j"),
    10: ("/", "escape", "f", "escape"),
    11: ("m", "escape", "j"),
}


async def test_other_keys_do_what_they_do_and_the_tour_waits(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24), kind=GuidedApp) as desk:
        await begin(desk)
        for place in range(1, len(LESSONS) + 1):
            await desk.press(*WRONG.get(place, ()))
            assert lesson(desk) == place
            await do(desk, place)
        assert lesson(desk) == len(LESSONS) + 1


async def test_a_lesson_can_be_skipped_even_in_a_dialog(desk: Console):
    await desk.press("ctrl+n")
    assert lesson(desk) == 2
    await desk.press("i", "ctrl+n", "ctrl+n")
    assert lesson(desk) == 4  # a dialog is open: not back yet
    await desk.press("escape")
    for _ in range(12):
        await desk.press("ctrl+n")
    desk.sees("The tour is over")


@pytest.mark.parametrize("key", ["q", "escape"])
async def test_leaving_is_asked_and_the_safe_answer_goes_on(desk: Console, key: str):
    await desk.press(key)
    desk.sees("End the tour?", "Go on with the tour")
    await desk.press("enter")
    assert lesson(desk) == 1
    await desk.press(key, "s")
    desk.sees_not("of 11", "End the tour?")
    assert desk.app.return_code is None
    desk.queue.shows("NETEX crashes")


async def test_leaving_the_tour_and_the_console(desk: Console):
    await desk.press("q", "l")
    assert desk.app.return_code == 0


async def test_q_goes_back_first_and_asks_only_where_it_would_leave(desk: Console):
    await desk.press("z", "q")
    desk.sees_not("End the tour?")
    await desk.press("/")
    await desk.type("tunnel")
    await desk.press("enter", "escape")
    desk.sees_not("End the tour?")


async def test_the_box_names_the_keys_in_force(tmp_path: Path):
    keys = Keymap({"take": ("ctrl+t",), "undo": ()})
    async with at_console(tmp_path, TICKETS, size=(80, 24), kind=GuidedApp, keymap=keys) as desk:
        await begin(desk)
        for _ in range(4):  # nothing was opened, so there is nothing to go back from
            await desk.press("ctrl+n")
        desk.sees("Ctrl-T makes it yours")
        await desk.press("ctrl+t")
        assert lesson(desk) == 7
        await desk.press("ctrl+n", "ctrl+n")
        desk.sees(":undo; U does it again")


async def test_it_begins_anew(desk: Console):
    await do(desk, 1)
    assert lesson(desk) == 2
    await desk.verb("tour")
    assert lesson(desk) == 1
    assert desk.screen.count("1 of 11") == 1


async def test_it_is_in_every_dialog_and_survives_a_resize(desk: Console):
    await desk.press("i")
    desk.sees("1 of 11", "Note on 4")
    await desk.pilot.resize_terminal(60, 20)
    await desk.settled()
    desk.sees("1 of 11", "Note on 4")
    await desk.press("escape")


async def test_a_ticket_that_is_mine_already_does_not_stop_the_tour(tmp_path: Path):
    mine = (ticket("a", owner="ana"), ticket("b", owner="ana"))
    async with at_console(tmp_path, mine, kind=GuidedApp) as desk:
        await begin(desk)
        await desk.press(*("ctrl+n",) * 4, "o")
        assert lesson(desk) == 7


async def test_a_real_desk_has_no_tour_and_says_where_it_is(tmp_path: Path):
    async with at_console(tmp_path, TICKETS) as desk:
        await desk.verb("tour")
        desk.said("supporttui tour")
        desk.sees_not("of 11")


async def test_in_ascii_and_at_the_smallest_size(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(60, 20), kind=GuidedApp, ascii=True) as desk:
        await begin(desk)
        assert desk.screen.isascii(), [line for line in desk.screen.split("\n") if not line.isascii()]
        assert all(len(line) <= 60 for line in desk.screen.split("\n"))
        assert lesson(desk) == 1
        desk.queue.shows("NETEX crashes")
