"""Every scenario that the program ships, played key by key with each step checked.

The small screen shows all of them; some are played on the large one too, and all with -m slow.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from supporttui.demo.scenarios.script import Scenario
from supporttui.demo.scenarios.table import SCENARIOS
from tests.console.conftest import SIZES
from tests.console.driver import at_console

LARGE_TOO = ("night-sev1", "collision", "handover")
PLAYS = [
    pytest.param(
        scenario,
        size,
        id=f"{scenario.name}-{name}",
        marks=() if name == "80x24" or scenario.name in LARGE_TOO else pytest.mark.slow,
    )
    for scenario in SCENARIOS
    for name, size in SIZES.items()
]


@pytest.mark.parametrize(("scenario", "size"), PLAYS)
async def test_a_scenario_is_true_at_every_step(tmp_path: Path, scenario: Scenario, size: tuple[int, int]):
    async with at_console(tmp_path, scenario=scenario, size=size) as desk:
        await desk.plays(scenario)
