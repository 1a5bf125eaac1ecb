"""The wall: Severity 1 and overdue only, large countdowns, live, and nothing that writes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.desk import attention
from supporttui.errors import StoreError
from supporttui.verbs.registry import VERBS
from tests.console.driver import START, Console, at_console, sev1, ticket

LATE = timedelta(hours=8, minutes=12)


def burning(count: int, **more: object) -> list:
    return [sev1(f"system {at} down", ago=timedelta(hours=7, minutes=10 + at), **more) for at in range(count)]


async def test_only_what_burns_is_on_it_the_overdue_first(tmp_path: Path, size: tuple[int, int]):
    tickets = (
        ticket("a question", severity=4),
        sev1("coming", ago=timedelta(hours=2)),
        ticket("late question", severity=4, ago=timedelta(days=46)),
        sev1("late and severe", ago=LATE, owner="raj"),
    )
    async with at_console(tmp_path, tickets, size=size) as desk:
        await desk.press("w")
        desk.sees("2 Severity 1, 2 overdue", "OVERDUE by", "due in")
        shown = desk.screen
        order = [shown.index(words) for words in ("late and severe", "late question", "coming")]
        assert order == sorted(order)
        desk.sees("raj has it", "NOBODY HAS IT", "told, no ack: Director of Customer Services")
        desk.sees_not("a question\n")


async def test_it_lives_by_the_clock_and_by_what_others_do(tmp_path: Path):
    async with at_console(tmp_path, burning(1), size=(80, 24)) as desk:
        await desk.press("w")
        before = desk.screen
        await desk.passes(seconds=1)
        assert desk.screen != before
        number = desk.arrives(sev1("another one down", ago=timedelta(minutes=1)))
        await desk.beat()
        await desk.beat()
        desk.sees("another one down")
        attention.acknowledge(desk.colleague(), number, START + timedelta(hours=1))
        await desk.beat()
        await desk.beat()
        desk.sees("update promised by 15:46")


async def test_a_rung_that_fires_is_told_with_who_was_told(tmp_path: Path):
    async with at_console(
        tmp_path, [sev1("down", ago=timedelta(hours=7, minutes=59))], size=(120, 40)
    ) as desk:
        await desk.press("w")
        desk.sees("due in", "next Director of Customer Services 14:47")
        await desk.passes(minutes=1)
        await desk.beat()
        desk.sees(
            "OVERDUE by",
            "told, no ack: Director of Customer Services 14:47",
            "next President and General Manager",
        )


async def test_more_than_fit_turn_by_themselves_and_by_page_keys(tmp_path: Path):
    async with at_console(tmp_path, burning(7), size=(80, 24)) as desk:
        await desk.press("w")
        desk.sees("page 1 of 2", "system 6 down")
        desk.sees_not("system 0 down")
        await desk.passes(seconds=15)
        desk.sees("page 2 of 2", "system 0 down")
        await desk.passes(seconds=15)
        desk.sees("page 1 of 2")
        await desk.press("pagedown")
        desk.sees("page 2 of 2")
        await desk.press("pageup", "pageup")
        desk.sees("page 2 of 2")


async def test_every_key_that_writes_does_nothing_and_says_so(tmp_path: Path):
    async with at_console(tmp_path, burning(1), size=(80, 24)) as desk:
        versions = desk.ticket(1).version
        await desk.press("w")
        for key in sorted({verb.keys[0] for verb in VERBS if verb.writes and verb.keys}):
            await desk.press(key)
            desk.said("the wall is read-only; q leaves")
            desk.sees("the wall is read-only; q leaves", "due in")
        assert desk.ticket(1).version == versions
        await desk.press("q")
        desk.sees("Escalation timers")


async def test_nothing_burns(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, [ticket("small", severity=2)], size=size) as desk:
        await desk.press("w")
        desk.sees(
            "No Severity 1 is open and nothing is overdue.", "next: 1, Director of Customer Services, in"
        )


async def test_data_that_is_old_is_said_in_words(desk: Console):
    await desk.press("w")
    desk.sees("watch")
    desk.app.shift.sets(ticked_at=START - timedelta(minutes=9))
    await desk.app.screen.beat()
    await desk.passes(seconds=0)
    desk.sees("watch !! 9 m old")


async def test_a_store_that_is_lost_is_said_on_the_wall_and_time_goes_on(desk: Console):
    await desk.press("w")
    run = desk.app.link.run

    async def fails(work: object) -> None:
        raise StoreError("the store can't be read: disk gone")

    desk.app.link.run = fails  # type: ignore[method-assign,assignment]
    before = desk.screen
    for _ in range(3):
        await desk.passes(seconds=61)
    desk.sees("watch !! the store can't be read")
    assert desk.screen != before
    desk.app.link.run = run  # type: ignore[method-assign]
    for _ in range(3):
        await desk.passes(seconds=61)
    desk.sees("watch ✓")


@pytest.mark.parametrize("size", [(60, 16), (60, 20), (160, 48), (200, 60)])
async def test_it_fits_any_size(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, burning(9), size=size) as desk:
        await desk.press("w")
        lines = desk.screen.split("\n")
        assert len(lines) == size[1] and all(len(line) <= size[0] for line in lines)
        desk.sees("system 8 down", "NOBODY HAS IT")


async def test_a_terminal_that_shrinks_shows_plain_text(tmp_path: Path):
    async with at_console(tmp_path, burning(2), size=(80, 24)) as desk:
        await desk.press("w")
        await desk.pilot.resize_terminal(50, 9)
        await desk.settled()
        desk.sees("in 0:49:00", "NOBODY HAS IT")


async def test_it_can_be_the_first_screen_and_is_ascii_where_it_must(tmp_path: Path):
    async with at_console(tmp_path, burning(2), size=(80, 24), ascii=True) as desk:
        await desk.press("w")
        desk.sees("|_|", "system 1 down")
        assert desk.screen.isascii()
