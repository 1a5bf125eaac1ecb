"""`supporttui --wall` in a real terminal: the wall is the first screen, q leads to the desk, the bytes are few."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from supporttui.watch.tick import tick
from tests.wire.driver import Terminal, base_environment

PROGRAM = [sys.executable, "-m", "supporttui", "--wall"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A desk on which something is overdue, and nothing fires while the test looks: that would be told for half a minute."""
    tmp_path.chmod(0o700)
    path = tmp_path / "desk.sqlite3"
    now = SystemClock().now()
    with open_store(path) as opened:
        desk = Desk(opened, "netex", SystemClock(), "mail")
        report(desk, NewTicket(subject="NETEX crashes", severity=1, reported_at=now - timedelta(hours=9)))
        tick(desk)
    return path


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_the_wall_is_the_first_screen(store: Path, size: tuple[int, int]):
    environment = base_environment(HOME=str(store.parent), LOGNAME="ana", SUPPORTTUI_STORE=str(store))
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
