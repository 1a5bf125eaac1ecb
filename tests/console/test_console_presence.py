"""Two at one ticket: each sees that the other is there, nobody waits, and nothing of it touches the store."""

from __future__ import annotations

from pathlib import Path

from supporttui.desk import presence
from supporttui.desk.session import Desk
from supporttui.store.presence import SUFFIX, Lease
from tests.console.driver import Console, at_console, ticket


def says(other: Desk, number: int, doing: str = "", *, beats: int = 1, console: str = "other") -> None:
    now = other.now()
    presence.say(other, Lease(console, other.actor, number, doing, now, now, beats))


def leases(console: Console) -> list[tuple[str, int, str]]:
    found = console.colleague("test").store.presence.leases()
    return [(one.actor, one.ticket, one.doing) for one in found or ()]


async def test_the_row_and_the_ticket_say_who_is_there(desk: Console) -> None:
    raj = desk.colleague("raj")
    number = desk.queue.cursor
    says(raj, number, "reply")
    await desk.passes(seconds=1)
    assert "»raj" in desk.queue.line_of("NETEX crashes")
    await desk.press("enter")
    desk.sees("raj is replying")
    await desk.passes(seconds=59)
    says(raj, number, "reply", beats=2)
    await desk.passes(seconds=30)
    desk.sees("raj is replying")
    await desk.passes(seconds=61)
    desk.sees_not("raj is replying")


async def test_for_how_long_is_told_in_minutes(desk: Console) -> None:
    raj = desk.colleague("raj")
    number = desk.queue.cursor
    since = raj.now()
    await desk.press("enter")
    for beat in range(1, 9):
        presence.say(raj, Lease("other", "raj", number, "reply", since, raj.now(), beat))
        await desk.passes(seconds=20)
    desk.sees("raj is replying, 2 min")


async def test_in_the_dialog_one_sees_that_another_writes_too(desk: Console) -> None:
    raj = desk.colleague("raj")
    number = desk.queue.cursor
    await desk.press("r")
    await desk.type("We are on it.")
    says(raj, number, "reply")
    await desk.passes(seconds=1)
    desk.sees("raj is replying too", "We are on it.")
    assert ("ana", number, "reply") in leases(desk)
    raj.store.presence.leave("other")
    await desk.passes(seconds=1)
    desk.sees_not("raj is replying")
    await desk.press("escape")


async def test_reading_is_told_once_the_ticket_rests_and_taken_back_on_leaving(tmp_path: Path) -> None:
    async with at_console(tmp_path, [ticket("one"), ticket("two")], size=(120, 40)) as desk:
        await desk.beat()
        assert leases(desk) == []
        await desk.passes(seconds=2)
        assert leases(desk) == [("ana", desk.queue.cursor, "")]
        await desk.press("j")
        await desk.passes(seconds=1)
        assert leases(desk) == []
        await desk.passes(seconds=2)
        assert leases(desk) == [("ana", desk.queue.cursor, "")]
        await desk.passes(minutes=16)
        assert leases(desk) == [], "nobody reads for a quarter of an hour without a key"


async def test_any_verb_with_a_question_is_told_but_a_new_report_is_about_no_ticket(desk: Console) -> None:
    number = desk.queue.cursor
    await desk.press("x")
    await desk.beat()
    assert leases(desk) == [("ana", number, "severity")]
    await desk.press("escape", "n")
    await desk.beat()
    assert leases(desk) == []
    await desk.press("escape")


async def test_ones_own_leases_are_never_shown(desk: Console) -> None:
    says(desk.colleague("Ana"), desk.queue.cursor, "reply")
    await desk.press("enter")
    await desk.passes(seconds=3)
    desk.sees_not("is replying", "»")


async def test_names_of_strangers_are_inert(desk: Console) -> None:
    hostile = "\x1b]52;c;QQ==\x07[@click=quit]\u202e" + "x" * 500
    says(desk.colleague(hostile), desk.queue.cursor, "\x1b[2J")
    await desk.press("enter")
    await desk.passes(seconds=1)
    desk.sees("is changing it")
    assert "\x1b" not in desk.screen and "\x07" not in desk.screen and "\u202e" not in desk.screen


async def test_coming_and_going_reads_nothing_from_the_store_and_repaints_its_cells_only(
    desk: Console,
) -> None:
    raj = desk.colleague("raj")
    number = desk.queue.cursor
    await desk.passes(seconds=2)
    painted: list[int] = []
    queue = desk.app.triage.queue.list
    refresh = queue.refresh
    queue.refresh = lambda *regions, **more: (
        painted.extend(one.area for one in regions),
        refresh(*regions, **more),
    )[1]
    read = []
    desk.app.reader.read = read.append  # type: ignore[assignment]
    says(raj, number, "note")
    await desk.beat()
    assert read == [] and 0 < sum(painted) < 80, "a change repaints its cells"
    painted.clear()
    says(raj, number, "note", beats=2)
    await desk.beat()
    assert painted == [], "a renewal repaints nothing"


async def test_without_the_file_everything_goes_on(desk: Console, tmp_path: Path) -> None:
    file = tmp_path / f"desk.sqlite3{SUFFIX}"
    raj = desk.colleague("raj")
    await desk.passes(seconds=3)
    file.write_text("rubbish " * 5000)
    await desk.passes(seconds=1)
    file.unlink()
    file.mkdir()
    await desk.passes(seconds=30)
    await desk.press("j", "enter")
    await desk.passes(seconds=30)
    assert not [notice for notice in desk.app.shift.said if notice.tone == "error"]
    file.rmdir()
    raj.store.presence._table._resting_until = 0.0  # type: ignore[attr-defined]
    says(raj, desk.queue.cursor, "reply")
