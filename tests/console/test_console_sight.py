"""What comes into sight counts at once, and what goes out of sight is not forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.console.driver import at_console, sev1, ticket


async def test_a_countdown_that_is_scrolled_into_sight_counts_its_seconds(tmp_path: Path) -> None:
    calm = [ticket(f"a question about setting {at}", severity=4) for at in range(60)]
    async with at_console(tmp_path, calm, size=(80, 24)) as desk:
        await desk.press("G")
        desk.arrives(sev1("system down", ago=timedelta(hours=7, minutes=20)))
        await desk.passes(seconds=1)
        desk.queue.shows_not("system down")
        await desk.press("g")
        await desk.passes(seconds=1)
        before = desk.queue.line_of("system down")
        await desk.passes(seconds=1)
        assert desk.queue.line_of("system down") != before


async def test_words_that_no_row_shows_do_not_lose_the_ticket(tmp_path: Path) -> None:
    calm = [ticket(f"a question about setting {at}", severity=4) for at in range(20)]
    async with at_console(tmp_path, calm, size=(80, 24)) as desk:
        await desk.press("j", "j", "j")
        number = desk.queue.cursor
        await desk.press("/", "q", "x", "x")
        assert desk.queue.cursor is None
        await desk.press("escape")
        desk.queue.cursor_on(number)


async def test_what_fires_does_not_take_the_answer_to_a_key_away(tmp_path: Path) -> None:
    nearly = sev1("system down", ago=timedelta(hours=7, minutes=59, seconds=57))
    async with at_console(tmp_path, (nearly, ticket("other")), size=(120, 40)) as desk:
        await desk.verb("undo")
        desk.said("nothing of yours to undo")
        await desk.passes(seconds=4)
        assert "escalated" in desk.footer and "before that: there is nothing of yours to undo" in desk.footer
        desk.said("escalated")
        await desk.press("j")
        desk.sees_not("before that")
        await desk.passes(seconds=20)
        assert "nothing of yours" not in desk.footer
