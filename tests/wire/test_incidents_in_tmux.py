"""Real incidents in a real tmux at 80x24: imported, looked through and triaged with the keys alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import look
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.wire.driver import ROOT, base_environment
from tests.wire.tmux import Tmux

INCIDENTS = ROOT.parent / "shared" / "data" / "uci_incidents.csv.gz"
MAPPING = ROOT / "docs" / "examples" / "servicenow-incidents.toml"
UNTIL = "2016-03-10T12:00:00Z"

pytestmark = [
    pytest.mark.skipif(not INCIDENTS.parent.exists(), reason="the folder of shared data is not here"),
    pytest.mark.skipif(not Tmux.available(), reason="tmux is not installed"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    return base_environment(
        HOME=str(folder), SUPPORTTUI_STORE=str(folder / "desk.sqlite3"), LOGNAME="ana", SUPPORTTUI_ZONE="UTC"
    )


def supporttui(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "supporttui", *words],
        env=environment(folder), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_shift_on_real_incidents(folder: Path) -> None:
    supporttui(folder, "import", str(INCIDENTS), "--mapping", str(MAPPING), "--until", UNTIL)
    supporttui(folder, "tick")
    openings = int(supporttui(folder, "list", "open", "--count"))
    assert int(supporttui(folder, "list", "--all", "--count")) >= openings > 100
    console = [sys.executable, "-m", "supporttui"]
    with Tmux(console, environment(folder), columns=80, lines=24) as tmux:
        tmux.wait_for(f"of {openings}")
        tmux.send("j", "j", "k")
        first = number_under_cursor(tmux)
        tmux.send("o")
        tmux.wait_for(lambda shown: row_of(shown, first).rstrip(" ▐█▌").endswith("ana"))
        tmux.send("i")
        tmux.wait_for(f"Note on {first}")
        tmux.type("Looked at it on the night shift.")
        tmux.send("Tab", "Enter")
        tmux.wait_for(lambda shown: "Note on" not in shown)
        tmux.send("x")
        tmux.wait_for(f"Severity of {first}")
        tmux.send("4")
        tmux.wait_for(lambda shown: row_of(shown, first).lstrip("▸▌ ").startswith("4"))
        tmux.send("u")
        tmux.wait_for(lambda shown: row_of(shown, first).lstrip("▸▌ ").startswith("1"))
        tmux.send("q")
        tmux.wait_dead()
    with open_store(folder / "desk.sqlite3") as store:
        view = look.ticket(Desk(store, "netex", SystemClock(), "ana"), first)
    assert view.ticket.owner == "ana"
    assert "Looked at it on the night shift." in [entry.text for entry in view.journal]
    assert view.journal[0].kind == "undone"


def number_under_cursor(tmux: Tmux) -> int:
    """The ticket number in the row that the cursor marks."""
    tmux.settle()
    shown = tmux.capture()
    row = next(line for line in shown.splitlines()[2:] if line.startswith(("▸", ">")) and "─" not in line)
    return next(int(word) for word in row.split() if word.isdigit() and len(word) == 3)


def row_of(shown: str, number: int) -> str:
    return next((line for line in shown.splitlines() if f" {number} " in line), "")
