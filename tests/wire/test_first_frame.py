"""The installed start in a pty: whole at once, and what is wrong in one line without taking the screen."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.wire.driver import Terminal, base_environment

PROGRAM = [sys.executable, "-m", "supporttui"]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "d"
    made.mkdir(mode=0o700)
    return made


def opened(folder, *words, **environment):
    base = base_environment(
        HOME=str(folder), SUPPORTTUI_STORE=str(folder / "desk.sqlite3"), LOGNAME="ana", **environment
    )
    return Terminal([*PROGRAM, *words], base, columns=120, lines=40)


def fill(folder):
    with open_store(folder / "desk.sqlite3") as store:
        desk = Desk(store, "netex", SystemClock(), "mail")
        now = datetime.now(UTC).replace(microsecond=0)
        for hours in (1, 9):
            new = NewTicket(subject=f"down {hours}", severity=1, reported_at=now - timedelta(hours=hours))
            report(desk, new)


def test_the_first_frame_has_rows_counts_and_what_the_clock_fired(folder):
    fill(folder)
    with opened(folder) as term:
        term.wait_for("down 9", 20)
        assert "[Open (2)]" in term.text and "Overdue (1)" in term.text
        assert "watch ✓" in term.text
        term.wait_for("2 escalated", 20)
        term.send("q")
        assert term.wait_exit(10) == 0


def test_a_store_that_is_none_yet_is_made_and_opened(folder):
    with opened(folder) as term:
        term.wait_for("[Open (0)]", 20)
        term.send("q")
        assert term.wait_exit(10) == 0
    assert (folder / "desk.sqlite3").exists()


@pytest.mark.parametrize(("name", "content", "code", "said"), [
    ("policy.toml", b"name = ", 78, "policy.toml: not TOML"),
    ("desk.sqlite3", b"this is no store" * 400, 74, "desk.sqlite3"),
])  # fmt: skip
def test_what_can_not_be_used_is_one_line_and_the_screen_is_not_taken(folder, name, content, code, said):
    fill(folder)
    (folder / name).write_bytes(content)
    with opened(
        folder, SUPPORTTUI_POLICY=str(folder / "policy.toml") if name == "policy.toml" else "netex"
    ) as term:
        assert term.wait_exit(20) in (code, 78)
        assert said in term.text
        assert b"\x1b[?1049h" not in term.raw
        assert len([line for line in term.text.splitlines() if line.strip()]) <= 2
