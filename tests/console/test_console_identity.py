"""Two consoles on one store, and time: the screen follows, the cursor stays on its ticket."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.desk import attention, change, close, relate
from tests.console.driver import START, Console, at_console, sev1, ticket


async def test_what_a_colleague_changes_is_seen_without_a_key(desk: Console):
    change.set_owner(desk.colleague("raj"), 2, "raj")
    change.set_subject(desk.colleague("raj"), 4, "dump is here: NETEX crashes")
    await desk.beat()
    desk.queue.shows("dump is here")
    desk.queue.cursor_on(4)


async def test_a_store_that_did_not_change_is_not_read_again(desk: Console, monkeypatch: pytest.MonkeyPatch):
    reads = []
    monkeypatch.setattr(desk.app.reader, "read", lambda: reads.append(1))
    await desk.beat()
    await desk.beat()
    assert reads == []


async def test_the_cursors_ticket_is_closed_elsewhere_and_the_next_below_takes_over(desk: Console):
    await desk.queue.goes_to(2)
    close.close(desk.colleague("raj"), 2)
    await desk.beat()
    desk.queue.cursor_on(3)
    desk.said("2 left this list", "closed")


async def test_a_ticket_that_is_merged_away_says_where_to(desk: Console):
    await desk.queue.goes_to(2)
    relate.merge(desk.colleague("raj"), 2, 3)
    await desk.beat()
    desk.said("2 left this list", "merged into 3")


async def test_a_severity_change_elsewhere_re_sorts_and_the_cursor_goes_with_its_ticket(desk: Console):
    await desk.queue.goes_to(1)
    change.set_severity(desk.colleague("raj"), 1, 1)
    await desk.beat()
    desk.queue.cursor_on(1)
    assert desk.queue.numbers()[0] in (1, 4)


async def test_arrivals_above_the_fold_don_t_scroll_a_long_list(tmp_path: Path):
    tickets = [ticket(f"question {at}", severity=4, ago=timedelta(days=2)) for at in range(60)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        await desk.press("pagedown", "pagedown", "pagedown")
        before, cursor = desk.queue.numbers(), desk.queue.cursor
        for at in range(3):
            desk.arrives(sev1(f"down {at}"))
        await desk.beat()
        assert desk.queue.numbers() == before
        desk.queue.cursor_on(cursor)
        desk.said("3 new, 3 Sev 1")


async def test_a_long_list_is_read_in_pages_while_one_walks_it(tmp_path: Path):
    tickets = [ticket(f"question {at}", severity=4) for at in range(420)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        await desk.press("G")
        assert desk.queue.cursor == 420
        desk.sees("420 of 420")
        await desk.press("g")
        assert desk.queue.cursor == 1
        for _ in range(40):
            await desk.press("pagedown")
            assert "…" not in desk.queue.lines[0][:3]
        assert desk.queue.cursor == 420


async def test_a_rung_fires_at_its_instant_and_the_row_says_so(desk: Console):
    await desk.passes(hours=7, minutes=54)
    assert "in 0:01:00" in desk.queue.line_of("NETEX crashes")
    await desk.passes(minutes=1, seconds=1)
    row = desk.queue.line_of("NETEX crashes")
    assert "!!" in row and "OVER" in row
    desk.said("4 escalated", "Director of Customer Services")
    assert next(entry.kind for entry in desk.journal(4)) == "escalated"
    desk.timers.shows("no ack")
    desk.queue.cursor_on(4)


async def test_countdowns_run_by_the_clock_and_touch_only_their_cells(desk: Console, monkeypatch):
    await desk.passes(hours=7, minutes=20)
    painted = []
    rows = desk.app.triage.queue.list
    monkeypatch.setattr(rows, "refresh", lambda *regions, **_: painted.extend(regions))
    before = desk.queue.line_of("NETEX crashes")
    await desk.passes(seconds=1)
    after = desk.queue.line_of("NETEX crashes")
    assert before != after and "in 0:34:59" in after
    assert painted and all(region.height == 1 and region.width <= 4 for region in painted)


async def test_an_acknowledged_ticket_is_calm_until_the_promise_passes(desk: Console):
    await desk.passes(hours=7, minutes=56)
    await desk.press("a", "enter")
    assert "OVER" not in desk.queue.line_of("NETEX crashes")
    await desk.passes(hours=1, minutes=1)
    assert "OVER" in desk.queue.line_of("NETEX crashes")


async def test_a_ticket_that_a_colleague_acknowledged_is_marked(desk: Console):
    attention.acknowledge(desk.colleague("raj"), 4, START + timedelta(hours=3))
    await desk.beat()
    assert "✓" in desk.queue.line_of("NETEX crashes")
    await desk.press("enter")
    desk.sees("next update promised by 17:46")


async def test_looking_is_not_acknowledging(desk: Console):
    await desk.press("enter", "q")
    assert desk.ticket(4).acknowledged_until is None
    assert desk.ticket(4).version == 1


async def test_the_watch_says_when_it_last_looked_and_turns_red_when_it_is_late(desk: Console, monkeypatch):
    assert "watch ✓ 14:46" in desk.header

    async def never() -> None:
        return None

    monkeypatch.setattr(desk.app.keeper, "_tick", never)
    await desk.passes(minutes=4)
    assert "watch !! 4 m old" in desk.header


async def test_a_store_that_can_t_be_read_is_said_in_the_top_line_and_heals(desk: Console, monkeypatch):
    from supporttui.errors import StoreBusy

    original = type(desk.app.link).run

    async def broken(self, work):
        raise StoreBusy("the store is locked by another process")

    monkeypatch.setattr(type(desk.app.link), "run", broken)
    await desk.beat()
    assert "watch !!" in desk.header
    desk.said("locked by another process")
    monkeypatch.setattr(type(desk.app.link), "run", original)
    await desk.passes(seconds=61)
    assert "watch ✓" in desk.header


async def test_the_detail_pane_follows_the_cursor_and_the_store(tmp_path: Path):
    tickets = (ticket("first"), sev1("second"))
    async with at_console(tmp_path, tickets, size=(120, 40)) as desk:
        desk.sees("Ticket 2")
        await desk.press("j")
        desk.sees("Ticket 1")
        change.set_owner(desk.colleague("raj"), 1, "raj")
        await desk.beat()
        desk.sees("owner none → raj")


@pytest.mark.parametrize(
    ("size", "words"),
    [((160, 48), "Ticket 4"), ((120, 40), "Ticket 4"), ((80, 24), "Escalation timers"), ((60, 16), "Queue")],
)
async def test_a_layout_for_every_size(tmp_path: Path, size: tuple[int, int], words: str):
    async with at_console(tmp_path, [ticket("a"), ticket("b"), ticket("c"), sev1("d")], size=size) as desk:
        desk.sees(words, "Queue")
        assert all(len(line) <= size[0] for line in desk.screen.split("\n"))


async def test_a_terminal_that_is_too_small_says_so_and_recovers(desk: Console):
    await desk.pilot.resize_terminal(50, 12)
    await desk.settled()
    desk.sees("too small: 50x12")
    await desk.press("x")
    desk.sees("too small")
    await desk.pilot.resize_terminal(160, 48)
    await desk.settled()
    desk.sees("Queue", "Ticket 4")
    desk.queue.cursor_on(4)


async def test_a_resize_while_a_dialog_is_open(desk: Console):
    await desk.press("i")
    await desk.type("text")
    await desk.pilot.resize_terminal(100, 30)
    await desk.settled()
    desk.sees("Note on 4", "text")
    await desk.press("tab", "enter")
    assert desk.journal(4)[0].text == "text"


async def test_text_that_is_being_written_when_the_line_drops_becomes_a_draft(desk: Console):
    await desk.press("r")
    await desk.type("We have your dump")
    drafts = desk.app.unsent()
    assert [(draft.ticket, draft.kind, draft.body) for draft in drafts] == [(4, "reply", "We have your dump")]


async def test_ascii_terminals_get_ascii_only(tmp_path: Path):
    tickets = [sev1("NETEX stürzt ab 日本"), ticket("b", owner="raj")]
    async with at_console(tmp_path, tickets, size=(80, 24), ascii=True) as desk:
        assert desk.screen.isascii(), [line for line in desk.screen.split("\n") if not line.isascii()]
        await desk.press("x")
        assert desk.screen.isascii(), [line for line in desk.screen.split("\n") if not line.isascii()]


async def test_an_empty_desk_teaches_the_first_keys(tmp_path: Path):
    async with at_console(tmp_path, size=(80, 24)) as desk:
        desk.sees("Nothing has been reported yet", "report a problem", "all keys", "supporttui tour")
        desk.sees("no deadline is running")
        await desk.press("x")
        desk.said("no ticket is under the cursor")
        await desk.press("j", "k", "G", "g", "space", "enter")
        assert desk.app.return_code is None


async def test_a_second_key_while_a_write_is_under_way_writes_nothing_twice(desk: Console):
    await desk.pilot.press("o", "o", "o")
    await desk.settled()
    assert [entry.kind for entry in desk.journal(4)].count("owner") <= 1


async def test_the_view_to_begin_with_can_be_named(tmp_path: Path):
    async with at_console(tmp_path, [ticket("a"), sev1("b")], view="severity 1") as desk:
        assert desk.queue.numbers() == [2]


async def test_on_a_slow_line_countdowns_are_repainted_every_ten_seconds(tmp_path: Path):
    due_soon = sev1("down", ago=timedelta(hours=7, minutes=30))
    async with at_console(tmp_path, [due_soon], slow=True) as desk:
        await desk.passes(seconds=60)
        before = desk.queue.line_of("down")
        await desk.passes(seconds=3)
        assert desk.queue.line_of("down") == before
        await desk.passes(seconds=7)
        assert desk.queue.line_of("down") != before


async def test_what_is_being_written_is_kept_every_few_seconds(desk: Console):
    from supporttui.console import drafts

    await desk.press("r")
    await desk.type("We have your dump")
    await desk.passes(seconds=6)
    assert drafts.load(desk.colleague("ana"))[4, "reply"].body == "We have your dump"
    await desk.press("tab", "enter")
    assert drafts.load(desk.colleague("ana")) == {}


async def test_a_clock_that_goes_back_freezes_nothing(desk: Console):
    await desk.passes(hours=7, minutes=30)
    await desk.passes(hours=-3)
    assert "in  3 h 25 m" in desk.queue.line_of("NETEX crashes")
    assert "watch ✓" in desk.header


async def test_the_mouse_moves_the_cursor_and_opens(desk: Console):
    await desk.pilot.click("#queue", offset=(10, 2))
    await desk.settled()
    desk.queue.cursor_on(3)
    await desk.pilot.click("#queue", offset=(10, 2))
    await desk.settled()
    assert desk.app.triage.active == "detail"


async def test_a_query_is_completed_while_it_is_typed(desk: Console):
    await desk.press("f", "ctrl+u")
    await desk.type("sev:1 own")
    await desk.press("right")
    await desk.type("none")
    await desk.press("enter")
    assert desk.app.triage.question.query == "sev:1 owner:none"
    assert desk.queue.numbers() == [4]


async def test_narrowing_stays_on_its_ticket_and_keeps_the_marks(desk: Console):
    await desk.press("space")
    await desk.queue.goes_to(3)
    await desk.press("/")
    await desk.type("acme")
    await desk.press("escape")
    desk.queue.cursor_on(4)
    await desk.queue.goes_to(3)
    await desk.press("/")
    await desk.type("tunnel")
    desk.queue.cursor_on(3)
    await desk.press("escape")
    desk.queue.cursor_on(3)
    desk.sees("1 marked")


async def test_another_view_takes_the_marks_away(desk: Console):
    await desk.press("space", "]", "[")
    desk.sees_not("marked")


async def test_a_reading_that_is_overtaken_by_keys_does_not_move_the_cursor_back(tmp_path: Path):
    tickets = [ticket(f"question {at}", severity=4) for at in range(600)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        desk.app.reader.stale()
        await desk.pilot.press("G")
        await desk.settled()
        desk.queue.cursor_on(600)
        desk.app.reader.stale()
        await desk.pilot.press("g", "pagedown", "pagedown")
        await desk.settled()
        said = [notice.text for notice in desk.app.shift.said]
        assert not any("left this list" in text for text in said)
        assert desk.queue.numbers()[-1] == desk.queue.cursor


async def test_a_kept_row_at_the_end_of_a_long_list_is_no_end_without_end(tmp_path: Path):
    tickets = [ticket(f"question {at}", severity=4) for at in range(400)]
    async with at_console(tmp_path, tickets, size=(80, 24)) as desk:
        await desk.press("G", "c", "r")
        assert desk.ticket(400).status == "resolved"
        desk.queue.cursor_on(400)
        await desk.press("g", "G", "R")
        desk.queue.cursor_on(399)


async def test_enter_right_after_a_move_opens_the_ticket_under_the_cursor(
    desk: Console, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("supporttui.console.reader.DETAIL_DELAY", 0.5)
    first, last = desk.queue.numbers()[0], desk.queue.numbers()[-1]
    await desk.press("G")
    assert desk.queue.cursor == last
    await desk.pilot.press("g", "enter")  # no rest between: the first one is not read yet
    await desk.settled()
    assert desk.app.triage.number == first
    desk.sees(f"Ticket {first}")
