"""A Severity 1 by telephone at night, in a real tmux at 80x24: the keys alone, and few of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire.driver import base_environment
from tests.wire.tmux import Tmux

pytestmark = pytest.mark.skipif(not Tmux.available(), reason="tmux is not installed")
CONSOLE = [sys.executable, "-m", "supporttui", "--scenario", "sev1-by-phone"]
ALLOWED = 12


class Hands:
    """Presses keys and counts them; text is not counted."""

    def __init__(self, tmux: Tmux) -> None:
        self.tmux, self.pressed = tmux, 0

    def press(self, *names: str) -> None:
        self.pressed += len(names)
        self.tmux.send(*names)


def test_a_severity_1_by_phone_with_the_keyboard_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    environment = base_environment(HOME=str(tmp_path), LOGNAME="ana", SUPPORTTUI_ZONE="UTC")
    with Tmux(CONSOLE, environment, columns=80, lines=24) as tmux:
        hands = Hands(tmux)
        tmux.wait_for("byte count")
        hands.press("n")
        tmux.wait_for("Report a problem")
        tmux.type("NETEX abends at start-up")
        hands.press("Enter")
        tmux.type("1")
        hands.press("Enter")
        tmux.type("612 555 0142")
        tmux.wait_for("Acme Corp")
        hands.press("Enter")
        tmux.wait_for(lambda shown: "J. Ortiz" in shown and "✓ covered" in shown)
        hands.press("Enter")
        tmux.type("S0C4 in the subtask attach.")
        tmux.wait_for("nothing is missing")
        hands.press("Tab", "Enter")
        tmux.wait_for("3 reported, severity 1")
        tmux.wait_for("NETEX abends at start")
        print(f"\n  in tmux: {hands.pressed} presses besides the text")
        assert hands.pressed < ALLOWED
