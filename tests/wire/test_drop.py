"""The line drops: the console is gone within two seconds, its exit code says why, and nothing is left behind.

"Stalled" is a link that took no more bytes for a while before it dropped, which is how dropped lines
mostly look from the server.
"""

from __future__ import annotations

import array
import fcntl
import os
import signal
import sqlite3
import sys
import termios
import time
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import report as reporting
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.wire.driver import Terminal, base_environment

SOON = 2.0  # seconds
SLACK = 4.0  # more on a machine that runs other things; the slow form insists on SOON
TWENTY = pytest.param(20, marks=pytest.mark.slow)


def console(home: Path) -> Terminal:
    home.chmod(0o700)
    environ = base_environment(HOME=str(home), SUPPORTTUI_USER="ana", SUPPORTTUI_ZONE="UTC")
    argv = [sys.executable, "-m", "supporttui", "--store", str(home / "desk.sqlite3")]
    return Terminal(argv, environ)


def report(home: Path) -> None:
    """One ticket, so that there is something to write to."""
    home.chmod(0o700)
    with open_store(home / "desk.sqlite3") as store:
        desk = Desk(store, "netex", SystemClock(), "ana")
        reporting.report(desk, reporting.NewTicket(subject="NETEX crashes z/OS when starting", severity=2))


def stall(term: Terminal) -> None:
    """Ask for screen after screen and read none of it, until the pty is full and the writer stands."""
    for _ in range(400):
        os.write(term._fd, b"zz")
    limit = time.monotonic() + 5
    while time.monotonic() < limit and waiting(term._fd) < 4_000:
        time.sleep(0.05)
    assert waiting(term._fd) >= 2_000, "the pty never filled"
    os.write(term._fd, b"zz" * 200)


def waiting(fd: int) -> int:
    """Bytes that lie in the pty unread."""
    size = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, size)
    return size[0]


@pytest.mark.parametrize("times", [2, TWENTY])
@pytest.mark.parametrize("stalled", [False, True], ids=["healthy", "stalled"])
@pytest.mark.parametrize("how", ["line", "term"])
def test_gone_soon(tmp_path: Path, how: str, stalled: bool, times: int) -> None:
    report(tmp_path)
    took = []
    for _ in range(times):
        with console(tmp_path) as term:
            term.wait_for("NETEX crashes", timeout=40)
            if stalled:
                stall(term)
            start = time.monotonic()
            if how == "line":
                term.hang_up()
            else:
                os.kill(term.pid, signal.SIGTERM)
            if stalled and how == "term":
                while not term._ended() and time.monotonic() - start < 20:
                    time.sleep(0.02)
                assert term.status is not None
            status = term.wait_exit()
            took.append(time.monotonic() - start)
            assert status == (129 if how == "line" else 143)
    assert max(took) <= (SOON if times > 2 else SLACK), took


def test_a_text_being_written_is_kept_as_a_draft(tmp_path: Path) -> None:
    report(tmp_path)
    with console(tmp_path) as term:
        term.wait_for("NETEX crashes", timeout=40)
        term.send("r")
        term.wait_for("keeps a draft")
        term.type("We have your dump and are reading it")
        term.wait_for("are reading it")
        term.hang_up()
        assert term.wait_exit() == 129
    store = sqlite3.connect(tmp_path / "desk.sqlite3")
    drafts = [row[0] for row in store.execute("SELECT body FROM draft")]
    store.close()
    assert drafts == ["We have your dump and are reading it"]
    with console(tmp_path) as term:
        term.wait_for("unsent drafts", timeout=40)
        term.send("r")
        term.wait_for("are reading it")


def test_sigterm_gives_the_terminal_back_as_it_was(tmp_path: Path) -> None:
    report(tmp_path)
    with console(tmp_path) as term:
        term.wait_for("NETEX crashes", timeout=40)
        os.kill(term.pid, signal.SIGTERM)
        assert term.wait_exit() == 143
        end = bytes(term.raw[-400:])
        for restored in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l"):
            assert restored in end
