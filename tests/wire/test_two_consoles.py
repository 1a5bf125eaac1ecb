"""Two consoles on one store: what one changes the other shows, and neither overwrites the other unseen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import look
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from supporttui.store.presence import SUFFIX
from tests.wire.driver import Terminal, base_environment


@pytest.fixture
def store(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    path = tmp_path / "desk.sqlite3"
    with open_store(path) as opened:
        desk = Desk(opened, "netex", SystemClock(), "mail")
        report(desk, NewTicket(subject="Tunnel drops", severity=3))
        report(desk, NewTicket(subject="Wrong byte count", severity=3))
    return path


def console(store: Path, name: str) -> Terminal:
    environment = base_environment(HOME=str(store.parent), SUPPORTTUI_STORE=str(store), LOGNAME=name)
    return Terminal([sys.executable, "-m", "supporttui"], environment, columns=120, lines=30)


def test_what_one_changes_the_other_shows_without_moving_its_cursor(store: Path) -> None:
    with console(store, "ana") as ana, console(store, "raj") as raj:
        for term in (ana, raj):
            term.wait_for("of 2")
            term.settle(300)
        raj.send("j")
        raj.wait_for("Ticket 2")
        ana.type("x1")
        raj.wait_for("Severity 1 (1)")
        assert "Ticket 2" in raj.text
        ana.type("o")
        raj.wait_for(
            lambda shown: any("Tunnel drops" in row and "ana" in row for row in shown.text.splitlines())
        )
        assert "Ticket 2" in raj.text


def test_a_dialog_that_became_stale_shows_both_and_writes_nothing_unasked(store: Path) -> None:
    with console(store, "ana") as ana, console(store, "raj") as raj:
        for term in (ana, raj):
            term.wait_for("of 2")
            term.settle(300)
        raj.type("s")
        raj.wait_for("waiting-vendor")
        ana.type("x1")
        ana.wait_for("Severity 1 (1)")
        raj.settle(800)
        raj.send("down", "enter")
        raj.wait_for("severity 3 → 1")
        raj.wait_for("Write mine too: status")
        raj.send("enter")
        raj.wait_for("left as it is")
    with open_store(store) as opened:
        ticket = look.ticket(Desk(opened, "netex", SystemClock(), "ana"), 1).ticket
    assert (ticket.severity, ticket.status) == (1, "new")


def test_each_sees_where_the_other_is_and_who_is_gone_is_gone(store: Path) -> None:
    with console(store, "ana") as ana, console(store, "raj") as raj:
        for term in (ana, raj):
            term.wait_for("of 2")
        ana.wait_for("@raj")
        raj.wait_for("@ana")
        ana.settle(700)
        mark = ana.mark()
        raj.type("r")
        ana.wait_for("raj is replying")
        ana.settle(700)
        assert ana.bytes_since(mark) <= 200, "a change repaints its cells"
        raj.type("We are on it.")
        ana.type("r")
        ana.wait_for("raj is replying too")
        raj.wait_for("ana is replying too")
        raj.send("escape")
        raj.wait_for("kept as a draft")
        ana.wait_gone("raj is replying too")
        raj.type("q")
        assert raj.wait_exit() == 0
        ana.send("escape", "escape")
        ana.wait_gone("@raj")


def test_nobody_is_shown_and_nothing_breaks_where_the_file_can_not_be_had(store: Path) -> None:
    store.with_name(store.name + SUFFIX).mkdir()
    with console(store, "ana") as ana:
        ana.wait_for("of 2")
        ana.settle(1200)
        assert 0 in [ana.settle(1200) for _ in range(3)], "not only once a minute is it quiet"
        ana.type("x1")
        ana.wait_for("Severity 1 (1)")
        ana.type("q")
        assert ana.wait_exit() == 0
