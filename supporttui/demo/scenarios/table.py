"""All scenarios by name."""

from __future__ import annotations

from supporttui.clock import ManualClock
from supporttui.config import nearest
from supporttui.desk.session import Desk
from supporttui.errors import UsageError

from . import day, inbox, night, odd, telephone, worked
from .script import ANALYST, Scenario

SCENARIOS: tuple[Scenario, ...] = (*night.ALL, *telephone.ALL, *day.ALL, *worked.ALL, *inbox.ALL, *odd.ALL)


def find(name: str) -> Scenario:
    """The scenario of that name.  Errors: UsageError naming the nearest."""
    for scenario in SCENARIOS:
        if scenario.name == name:
            return scenario
    hint = nearest(name, [scenario.name for scenario in SCENARIOS], cutoff=0.4)
    raise UsageError(f"no scenario {name!r}{hint or '; supporttui --scenario list shows all'}")


def set_up(scenario: Scenario, desk: Desk) -> None:
    """Make an empty store what the scenario begins with, by a clock that stands at its start."""
    scenario.set_up(Desk(desk.store, desk.policy, ManualClock(scenario.start), ANALYST))
