"""How a console on a throw-away desk begins: as it is, with the tour, or with a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scenarios.clock import RunningClock
    from .scenarios.script import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """tour: begin with it.  scenario: what the desk was set up with, by which clock.

    speed: how many times as fast as a person the scenario is played; 0: it is handed over at once.
    """

    tour: bool = False
    scenario: Scenario | None = None
    clock: RunningClock | None = None
    speed: float = 0.0
