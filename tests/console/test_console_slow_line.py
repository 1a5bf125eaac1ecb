"""On a slow line the countdowns are repainted every ten seconds, and in the terminal's own colours."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.console.wardrobe import Rack, Wardrobe
from tests.console.driver import at_console, sev1


@pytest.mark.parametrize(("slow", "changes"), [(True, 2), (False, 20)])
async def test_countdowns_change_every_ten_seconds(tmp_path: Path, slow: bool, changes: int):
    """The rung of a Severity 1 that is 40 minutes away counts seconds."""
    soon = sev1("NETEX crashes", ago=timedelta(hours=7, minutes=20))
    async with at_console(tmp_path, [soon], slow=slow) as desk:
        seen = [desk.queue.lines]
        for _ in range(20):
            await desk.passes(seconds=1)
            if desk.queue.lines != seen[-1]:
                seen.append(desk.queue.lines)
        assert len(seen) - 1 == changes


def test_a_theme_of_many_colours_gives_way_to_the_terminals_own():
    for name, instead in (("night", "ansi-dark"), ("mono", "mono"), ("ansi-light", "ansi-light")):
        assert Wardrobe(name, Rack(few=True, why_few="it costs too much on a slow line")).on.name == instead
