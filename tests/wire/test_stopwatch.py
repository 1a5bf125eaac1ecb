"""The stopwatch in a real terminal: it outlives a killed console, and costs nothing between minutes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.wire.driver import Terminal, base_environment

CONSOLE = [sys.executable, "-m", "supporttui", "--as", "ana"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    tmp_path.chmod(0o700)
    found = base_environment(SUPPORTTUI_STORE=str(tmp_path / "desk.sqlite3"), HOME=str(tmp_path))
    report = [*CONSOLE[:3], "report", "--subject", "a question", "--severity", "4"]
    subprocess.run(report, env=found, check=True, capture_output=True)
    return found


def test_a_killed_console_leaves_it_running(env: dict[str, str]) -> None:
    with Terminal(CONSOLE, env) as term:
        term.wait_for("a question")
        term.send("S")
        term.wait_for("the stopwatch on 1 runs")
        os.kill(term.pid, signal.SIGKILL)
    with Terminal(CONSOLE, env) as term:
        term.wait_for("0m #1")
        term.send("T")
        term.wait_for("Log time on 1")
        term.wait_for("1m ")


@pytest.mark.slow
def test_it_costs_nothing_between_minutes(env: dict[str, str]) -> None:
    with Terminal(CONSOLE, env) as term:
        term.wait_for("a question")
        term.send("S")
        term.wait_for("0m #1")
        _watch(term, 61.5 - time.time() % 60)
        mark = term.mark()
        _watch(term, 20)
        assert term.bytes_since(mark) == 0
        _watch(term, 41.5)
        assert 0 < term.bytes_since(mark) < 200


def _watch(term: Terminal, seconds: float) -> None:
    """Read along for so long, as a terminal does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        term.settle()
        time.sleep(0.05)
