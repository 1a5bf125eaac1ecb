"""Countdowns that come into sight count at once, in step with the clock."""

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
