"""Every verb is pressed by some scenario or some test.  The name of this file makes it the last of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from supporttui.demo.scenarios.table import SCENARIOS
from supporttui.verbs.registry import BY_ID, VERBS
from tests.console.conftest import PERFORMED

# They run in a terminal of their own, where nobody notes them: verb → the test that presses its key.
ELSEWHERE: dict[str, str] = {}


def test_every_verb_has_been_performed_by_now(request: pytest.FixtureRequest):
    here = {path.name for path in Path(__file__).parent.glob("test_*.py")}
    ran = {Path(item.path).name for item in request.session.items}
    if not here <= ran:
        pytest.skip("only some of the console's tests were asked for; the whole folder must run for this one")
    missing = [verb.id for verb in VERBS if verb.id not in PERFORMED and verb.id not in ELSEWHERE]
    assert not missing, f"no test and no scenario runs {', '.join(missing)}"


def test_scenarios_press_only_verbs_that_there_are_and_most_of_them():
    pressed = frozenset().union(*(scenario.verbs() for scenario in SCENARIOS))
    assert pressed <= set(BY_ID), sorted(pressed - set(BY_ID))
    writing = {verb.id for verb in VERBS if verb.writes}
    assert len(writing & pressed) >= 0.8 * len(writing), sorted(writing - pressed)
