"""The journal beside the queue and over the whole screen: what is new first, folds, places kept, ten thousand entries."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.console.journal_window import MOST
from supporttui.console.present.spans import plain
from supporttui.desk import change, undo, write
from supporttui.desk.session import Desk
from supporttui.store import journal
from tests.console.driver import Console, at_console, ticket


def lines(desk: Console) -> list[str]:
    return [plain(line).rstrip() for line in desk.app.triage.detail.view.lines_shown]


def shown(desk: Console) -> str:
    return "\n".join(lines(desk))


def fill(desk: Desk, number: int, count: int, text: str = "entry {}", *, actor: str = "raj") -> None:
    """Entries below the verbs: as an import or a year of work leaves them."""
    with desk.store.writing():
        for at in range(count):
            journal.append(
                desk.store, ticket=number, version=2, at=desk.now() - timedelta(minutes=count - at), actor=actor,
                recorded_at=desk.now(), kind="note", text=text.format(at),
            )  # fmt: skip


def entries(desk: Console) -> list[int]:
    """The numbers of the entries made by `fill` that are on the screen."""
    return [int(number) for number in re.findall(r"entry (\d+)", shown(desk))]


async def rests(desk: Console) -> None:
    """The analyst looks at the screen for a while."""
    await desk.beat()
    await desk.passes(seconds=2)


@pytest.fixture
async def opened(desk: Console) -> Console:
    """The Severity 1 ticket over the whole screen, with a reply, a note and a change."""
    raj = desk.colleague("raj")
    number = desk.queue.cursor
    write.reply(raj, number, "We have your dump.")
    write.note(raj, number, "S0C4 in the subtask.")
    change.set_severity(raj, number, 2)
    change.set_owner(raj, number, "raj")
    await desk.press("enter")
    await rests(desk)
    return desk


async def test_public_and_internal_differ_by_glyph_and_word_and_changes_are_one_line(opened: Console) -> None:
    await opened.press("G")
    opened.sees("→ reply to the customer (public)", "▪ note (internal)", "← reported for J. Ortiz")
    opened.sees("· severity 1 → 2, owner none → raj")


async def test_what_is_new_is_in_sight_divided_and_counted_until_it_has_rested(desk: Console) -> None:
    number = desk.queue.cursor
    await desk.press("enter")
    await rests(desk)
    await desk.press("q")
    await desk.queue.goes_to(1)
    await desk.passes(minutes=4)
    raj = desk.colleague("raj")
    write.note(raj, number, "first news")
    write.note(raj, number, "second news")
    await desk.beat()
    await desk.beat()
    assert "◆4" in desk.queue.line_of("NETEX crashes")
    await desk.queue.goes_to(number)
    await desk.press("enter")
    await desk.beat()
    desk.sees("2 new since 14:46", "first news", "second news", "seen before", "2 unseen")
    assert (
        shown(desk).index("2 new since") < shown(desk).index("second news") < shown(desk).index("seen before")
    )
    await desk.passes(seconds=1)
    desk.sees("2 unseen")
    await desk.passes(seconds=2)
    desk.sees_not("2 unseen")
    desk.sees("2 new since 14:46")
    await desk.press("q")
    assert "◆" not in desk.queue.line_of("NETEX crashes")
    kinds = [entry.kind for entry in desk.journal(number)]
    assert "acknowledged" not in kinds and len([kind for kind in kinds if kind == "note"]) == 2


async def test_passing_by_is_not_having_seen(tmp_path: Path) -> None:
    async with at_console(tmp_path, [ticket("one"), ticket("two")], size=(120, 40)) as desk:
        raj = desk.colleague("raj")
        await desk.passes(seconds=5)
        other = next(number for number in desk.queue.numbers() if number != desk.queue.cursor)
        write.note(raj, other, "news")
        await desk.beat()
        await desk.beat()
        await desk.queue.goes_to(other)
        await desk.passes(seconds=1)
        await desk.press("g")
        await desk.passes(seconds=5)
        assert f"◆{other}" in "".join(desk.queue.lines)


async def test_enter_folds_and_unfolds_the_entry_at_the_cursor(desk: Console) -> None:
    number = desk.queue.cursor
    write.note(desk.colleague("ana"), number, "\n".join(f"line {at}" for at in range(50)))
    await desk.beat()
    await desk.press("enter", "}")
    desk.sees("line 7", "… 42 lines more")
    desk.sees_not("line 8")
    await desk.press("enter")
    desk.sees("line 8")
    desk.sees_not("lines more")
    await desk.press("enter")
    desk.sees("line 7", "… 42 lines more")
    await desk.press("-")
    desk.sees("note (internal): line 0 line 1")
    await desk.press("+")
    desk.sees_not("lines more", "line 0 line 1")
    assert desk.app.triage.zoomed == "detail"
    await desk.press("g", "enter")
    assert desk.app.triage.zoomed == "", "above the journal Enter goes back"


async def test_quoted_mail_is_folded(desk: Console) -> None:
    number = desk.queue.cursor
    text = "It is down again.\n\n> one\n> two\n> three\n> four\nThanks\n-----Original Message-----\nlong\nago"
    write.customer_message(desk.colleague("ana"), number, text)
    await desk.beat()
    await desk.press("enter", "}")
    desk.sees("It is down again.", "… 4 quoted lines", "Thanks", "… 3 quoted lines")
    desk.sees_not("> two", "long")
    await desk.press("enter", "j", "j")
    desk.sees("> two", "> four", "long")


async def test_a_new_entry_does_not_move_what_is_being_read(desk: Console) -> None:
    number = desk.queue.cursor
    fill(desk.colleague("ana"), number, 60, actor="ana")
    await desk.passes(seconds=1)
    await desk.press("enter", *["}"] * 20)
    await rests(desk)
    before = lines(desk)
    row = next(at for at, line in enumerate(before) if line.startswith("▸"))
    write.note(desk.colleague("mei"), number, "breaking news\nof two lines")
    await desk.passes(seconds=1)
    assert lines(desk)[row:] == before[row:]
    desk.sees("1 new above")
    await desk.press("g", "}")
    await desk.beat()
    desk.sees("breaking news", "1 unseen")
    await rests(desk)
    desk.sees_not("1 unseen")


async def test_place_and_folds_are_there_when_one_comes_back(desk: Console) -> None:
    number = desk.queue.cursor
    ana = desk.colleague("ana")
    for at in range(12):
        write.note(ana, number, "\n".join(f"note {at} line {row}" for row in range(20)))
    await desk.beat()
    await desk.press("enter", "}", "}", "}", "enter", "pagedown")
    before = lines(desk)
    await desk.press("q", "j")
    await desk.queue.goes_to(number)
    await desk.press("enter")
    assert lines(desk) == before


async def test_an_undone_entry_says_so(opened: Console) -> None:
    desk = opened
    number = desk.app.triage.number
    raj = desk.colleague("raj")
    undo.undo(raj, number)
    await desk.beat()
    await desk.press("G")
    desk.sees("owner none → raj (undone)", "took back")


async def test_an_unsent_reply_is_told(desk: Console) -> None:
    await desk.press("r")
    await desk.type("We are")
    await desk.press("escape", "escape", "enter", "g")
    await desk.passes(minutes=1)
    desk.sees("unsent reply of yours, 14:46")


async def test_ten_thousand_entries_are_read_as_one_goes_and_few_are_held(tmp_path: Path) -> None:
    async with at_console(tmp_path, [ticket("an old sorrow")], size=(80, 24)) as desk:
        fill(desk.colleague("raj"), 1, 10_000)
        await desk.passes(seconds=1)
        await desk.press("enter", "}")
        pane = desk.app.triage.detail
        desk.sees("entry 9999")
        for _ in range(60):
            await desk.pilot.press("pagedown")
            await desk.settled()
            assert len(pane.history.entries) <= MOST
        low = min(entries(desk))
        assert low < 9700, "it goes on beyond the first page"
        seen = entries(desk)
        assert seen == sorted(seen, reverse=True) and len(seen) == seen[0] - seen[-1] + 1, "without gaps"
        await desk.press("G")
        desk.sees("reported for Acme Corp", "entry 0")
        assert len(pane.history.entries) <= MOST
        await desk.press("pageup", "pageup")
        desk.sees("entry 1")
        await desk.press("g")
        desk.sees("an old sorrow")
        await desk.press("}")
        desk.sees("entry 9999")


async def test_a_long_way_up_again_reads_what_was_let_go(tmp_path: Path) -> None:
    async with at_console(tmp_path, [ticket("an old sorrow")], size=(80, 24)) as desk:
        fill(desk.colleague("raj"), 1, 1_000)
        await desk.passes(seconds=1)
        await desk.press("enter", "G")
        for _ in range(60):
            await desk.press("pageup")
        seen = entries(desk)
        assert seen and seen[0] > MOST + 100, "it goes on upwards beyond what was held"


async def test_half_a_megabyte_is_laid_out_as_far_as_it_is_seen(desk: Console) -> None:
    number = desk.queue.cursor
    text = ("the quick brown fox jumps over the lazy dog and goes on " * 9 + "\n") * 900
    fill(desk.colleague("ana"), number, 1, text)
    await desk.passes(seconds=1)
    await desk.press("enter", "}")
    pane = desk.app.triage.detail
    start = time.perf_counter()
    pane.toggle()
    took = time.perf_counter() - start
    assert took < 0.1, f"{took:.3f} s"
    desk.sees("the quick brown fox")
    start = time.perf_counter()
    pane.view.move(1)
    assert time.perf_counter() - start < 0.1


async def test_journal_text_of_strangers_is_inert(desk: Console) -> None:
    number = desk.queue.cursor
    hostile = "\x1b]52;c;QQ==\x07[@click=quit]\u202e\x9b31m"
    fill(desk.colleague(hostile), number, 1, hostile + "\n" + hostile)
    await desk.passes(seconds=1)
    await desk.press("enter", "}", "-", "+", "enter", "G")
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(desk.screen)


async def test_the_rule_says_what_it_is_about_when_the_subject_is_not_in_sight(desk: Console) -> None:
    number = desk.queue.cursor
    fill(desk.colleague("ana"), number, 60, actor="ana")
    await desk.passes(seconds=1)
    await desk.press("enter")
    desk.sees("Ticket 4 ──")
    await desk.press("pagedown", "pagedown")
    desk.sees("Ticket 4 NETEX crashes z/OS")
    await desk.press("g")
    desk.sees("Ticket 4 ──")
