"""`supporttui --wall` in a real terminal: the wall is the first screen, q leads to the desk, the bytes are few."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire.driver import Terminal, base_environment

PROGRAM = [sys.executable, "-m", "supporttui", "--demo", "--wall"]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_the_wall_is_the_first_screen(tmp_path: Path, size: tuple[int, int]):
    tmp_path.chmod(0o700)
    environment = base_environment(HOME=str(tmp_path), LOGNAME="ana")
    with Terminal(PROGRAM, environment, columns=size[0], lines=size[1]) as term:
        term.wait_for("NetEx wall", timeout=40)
        term.wait_for("OVERDUE by")
        assert "Escalation timers" not in term.text
        assert term.mark() < 40_000
        term.resize(100, 30)
        term.wait_for(lambda shown: "OVERDUE by" in shown.text and "read-only" in shown.text)
        term.send("q")
        term.wait_for("Escalation timers")
        term.send("q")
        assert term.wait_exit() == 0
