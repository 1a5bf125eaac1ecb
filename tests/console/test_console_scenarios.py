"""Every scenario that the program ships, played key by key with each step checked, at both sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from supporttui.demo.scenarios.script import Scenario
from supporttui.demo.scenarios.table import SCENARIOS
from tests.console.conftest import SIZES
from tests.console.driver import at_console


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
async def test_a_scenario_is_true_at_every_step(tmp_path: Path, scenario: Scenario, size: tuple[int, int]):
    async with at_console(tmp_path, scenario=scenario, size=size) as desk:
        await desk.plays(scenario)
