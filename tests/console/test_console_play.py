"""A scenario played before one's eyes: the same steps are as true as under the test driver, and any key takes over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supporttui.console.guided import GuidedApp
from supporttui.console.play import Player, Story, pace
from supporttui.demo.scenarios.script import Scenario, Step
from supporttui.demo.scenarios.table import find
from tests.console.driver import Console, at_console
from tests.wire.driver import Terminal, base_environment

FAST = 400.0
# The driver plays all of them; these have every kind of act in them: keys, text, time, others, a dropped line.
PLAYED = ("night-sev1", "reply-with-draft-and-dropped-line", "collision", "empty-desk", "looking-around")


class Watched(Player):
    """Checks every step that was played, as the driver does."""

    def __init__(self, desk: Console, scenario: Scenario, speed: float = FAST) -> None:
        super().__init__(desk.app, scenario, lambda by: desk.clock.advance(seconds=by.total_seconds()), speed)
        self.desk = desk
        self.checked = 0

    async def _step(self, step: Step) -> None:
        await super()._step(step)
        if not self.ended:
            await self.desk.beat()
            self.desk.sees(" ".join(step.caption.split()[:6]))
            self.desk.queue.shows(*step.rows)
            self.desk.said(*step.said)
            self.desk.knows(*step.facts)
            self.checked += 1

    async def rests(self) -> None:
        await super().rests()
        await self.desk.pilot.pause()


@pytest.mark.parametrize("name", PLAYED)
async def test_a_played_scenario_is_true_at_every_step(tmp_path: Path, name: str):
    scenario = find(name)
    async with at_console(tmp_path, scenario=scenario, size=(100, 30), kind=GuidedApp) as desk:
        player = Watched(desk, scenario)
        desk.app.guide_by(player)
        await player.play()
        assert player.checked == len(scenario.steps)
        assert player.ended.startswith("That was it")
        desk.sees("That was it", "any key closes this")


async def test_any_key_takes_over_and_does_nothing_else(tmp_path: Path):
    scenario = find("undo-a-mistake")
    async with at_console(tmp_path, scenario=scenario, size=(80, 24), kind=GuidedApp) as desk:
        player = Player(desk.app, scenario, lambda by: None, 0.1)
        desk.app.guide_by(player)
        playing = desk.app.run_worker(player.play())
        await desk.pilot.press("x")
        await playing.wait()
        desk.said("the desk is yours now")
        desk.sees_not("Severity of", scenario.steps[0].caption)
        assert desk.ticket(2).version == 1
        await desk.press("x")
        desk.sees("Severity of 2")


async def test_space_pauses_and_goes_on(tmp_path: Path):
    scenario = find("undo-a-mistake")
    async with at_console(tmp_path, scenario=scenario, size=(80, 24), kind=GuidedApp) as desk:
        player = Watched(desk, scenario)
        desk.app.guide_by(player)
        await desk.pilot.press("space")
        playing = desk.app.run_worker(player.play())
        await desk.pilot.pause()
        desk.sees("paused", scenario.steps[0].caption.split(".")[0])
        assert desk.ticket(2).version == 1
        await desk.pilot.press("space")
        await playing.wait()
        assert player.checked == len(scenario.steps)


async def test_a_scenario_that_is_handed_over_tells_its_story_until_the_first_key(tmp_path: Path):
    scenario = find("bulk-close")
    async with at_console(tmp_path, scenario=scenario, size=(80, 24), kind=GuidedApp) as desk:
        desk.app.guide_by(Story(desk.app, scenario))
        await desk.settled()
        desk.sees("bulk-close", "Five questions are answered", "--play shows it")
        await desk.press("j")
        desk.sees_not("Five questions are answered")


def test_longer_captions_stand_longer():
    assert pace("a" * 100) > pace("a" * 50) > pace("") > 1


def test_in_a_terminal_it_plays_to_its_end_and_quits(tmp_path: Path):
    words = ["--scenario", "night-sev1", "--play", "--speed", "40"]
    environment = base_environment(HOME=str(tmp_path), LOGNAME="x", TMPDIR=str(tmp_path))
    with Terminal([sys.executable, "-m", "supporttui", *words], environment) as term:
        term.wait_for("That was it")
        assert "NETEX crashes" in term.text and "night-sev1" in term.text
        term.send("j", "q", "q", "q")
        assert term.wait_exit() == 0
    assert not list(tmp_path.glob("supporttui-*"))
