"""Keys that come in one packet, as over a slow line, do what they were typed for and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import look
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.wire.driver import Terminal, base_environment

CONSOLE = [sys.executable, "-m", "supporttui"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    path = tmp_path / "desk.sqlite3"
    with open_store(path) as opened:
        desk = Desk(opened, "netex", SystemClock(), "mail")
        for word in ("first", "second", "third"):
            report(desk, NewTicket(subject=f"{word} problem", severity=3))
    return path


def kinds(store: Path, number: int) -> list[tuple[str, str]]:
    with open_store(store) as opened:
        view = look.ticket(Desk(opened, "netex", SystemClock(), "ana"), number)
    return [(entry.kind, entry.text) for entry in reversed(view.journal)]


def test_words_typed_ahead_of_a_dialog_are_its_words_and_no_verbs(store: Path) -> None:
    environment = base_environment(HOME=str(store.parent), SUPPORTTUI_STORE=str(store), LOGNAME="ana")
    with Terminal(CONSOLE, environment, columns=80, lines=24) as term:
        term.wait_for("of 3")
        term.settle(300)
        term.type("iclose, escalate\t\r")
        term.wait_for("note written")
        term.type("jx1")
        term.wait_for("Severity 1 (1)")
        term.settle(300)  # a verb is refused, not kept, while the one before it is being saved
        term.type("jx2")
        term.wait_for("3 of 3")
        term.settle(500)
        term.send("q")
        term.wait_exit(30)
    assert kinds(store, 1) == [("reported", ""), ("note", "close, escalate")]
    assert [kinds(store, number)[-1][0] for number in (2, 3)] == ["severity", "severity"]
