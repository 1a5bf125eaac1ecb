"""How soon the console stands, as whole processes in turn beside the yardsticks of the contract.

    process start to a settled first frame   against  python -c 'import textual.app'     limit 2.0
    three panes on 100,000 tickets           against  a Textual app with one Static      limit 1.5

Usage: python tests/bench/console_start.py [TICKETS [ROUNDS]]; exit code 1 when a limit is broken.
Prints one JSON object.  The processes take turns, in another order each round, in a pty of 80x24 and
256 colours; ratios are medians of the rounds' own ratios, so that a machine that slows down for a
while slows all of them.  "settled" is the last byte before half a second of silence: the rows of all
panes stand, the watch has run and the tabs are counted.  "frame" is the first frame with tickets.
"cpu" is the processor time, user and system, of all threads.  The limits hold for "frame" and for the
processor time up to it; what comes after it is work of the running console and is shown for the record.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.wire.driver import base_environment  # noqa: E402

PYTHON = sys.executable
QUIET = 0.5  # seconds of silence after which nothing more is to come
PATIENCE = 60.0
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("one line stands")
Bare().run()
"""
SYNC_QUESTION, SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
LIMITS = {"frame_to_import": 2.0, "frame_to_bare": 1.5, "cpu_to_import": 2.0, "cpu_to_bare": 1.5}


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process, and what it wrote."""

    frame: float
    frame_cpu: float
    settled: float
    settled_cpu: float
    raw: bytes


def start(
    command: list[str], environ: dict[str, str], marker: bytes, columns: int = 80, lines: int = 24
) -> Start:
    """Run it in a pty until it is silent, then end it."""
    began = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.execve(command[0], command, environ)
    try:
        return _watch(pid, fd, marker, began)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def _watch(pid: int, fd: int, marker: bytes, began: float) -> Start:
    raw, frame, frame_cpu, last, last_cpu, answered = bytearray(), 0.0, 0.0, 0.0, 0.0, False
    while time.perf_counter() - began < PATIENCE:
        if not select.select([fd], [], [], QUIET)[0]:
            if frame:
                return Start(frame, frame_cpu, last, last_cpu, bytes(raw))
            continue
        try:
            raw += os.read(fd, 65536)
        except OSError:  # it ended
            break
        last, last_cpu = time.perf_counter() - began, cpu_of(pid)
        if not answered and SYNC_QUESTION in raw:
            answered = bool(os.write(fd, SYNC_ANSWER))
        if not frame and marker in raw:
            frame, frame_cpu = last, last_cpu
    raise SystemExit(f"never stood: {bytes(raw)[-2000:]!r}")


def cpu_of(pid: int) -> float:
    """Processor seconds of a process, all its threads, dead ones too."""
    return time.clock_gettime((~pid << 3) | 2)


def imported(environ: dict[str, str]) -> tuple[float, float]:
    """Seconds and processor seconds of a whole process that imports Textual."""
    began = time.perf_counter()
    process = subprocess.Popen([PYTHON, "-c", "import textual.app"], env=environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def measure(tickets: int, rounds: int) -> dict[str, float]:
    """Medians of the rounds, and of their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        store = stocked(Path(folder), tickets)
        environ = base_environment(HOME=folder, SUPPORTTUI_STORE=str(store), LOGNAME="ana")
        ours: list[Start] = []
        bare: list[Start] = []
        bases: list[tuple[float, float]] = []
        turns: list[Callable[[], None]] = [
            lambda: ours.append(start([PYTHON, "-m", "supporttui"], environ, b"1 of ")),
            lambda: bare.append(start([PYTHON, "-c", BARE], environ, b"one line stands")),
            lambda: bases.append(imported(environ)),
        ]
        for turn in turns:  # once for the caches
            turn()
        ours.clear(), bare.clear(), bases.clear()
        for at in range(rounds):
            for turn in turns[at % 3 :] + turns[: at % 3]:
                turn()
    return figures(ours, bare, bases)


def figures(ours: list[Start], bare: list[Start], bases: list[tuple[float, float]]) -> dict[str, float]:
    def middle(values: list[float]) -> float:
        return round(statistics.median(values), 4)

    both, threes = list(zip(ours, bare, strict=True)), list(zip(ours, bases, strict=True))
    return {
        "frame_s": middle([one.frame for one in ours]),
        "settled_s": middle([one.settled for one in ours]),
        "frame_cpu_s": middle([one.frame_cpu for one in ours]),
        "settled_cpu_s": middle([one.settled_cpu for one in ours]),
        "bare_s": middle([one.frame for one in bare]),
        "bare_cpu_s": middle([one.frame_cpu for one in bare]),
        "import_s": middle([wall for wall, _ in bases]),
        "import_cpu_s": middle([cpu for _, cpu in bases]),
        "frame_to_import": middle([one.frame / wall for one, (wall, _) in threes]),
        "frame_to_bare": middle([one.frame / other.frame for one, other in both]),
        "cpu_to_import": middle([one.frame_cpu / cpu for one, (_, cpu) in threes]),
        "cpu_to_bare": middle([one.frame_cpu / other.frame_cpu for one, other in both]),
        "settled_to_import": middle([one.settled / wall for one, (wall, _) in threes]),
        "settled_to_bare": middle([one.settled / other.settled for one, other in both]),
    }


def stocked(folder: Path, tickets: int) -> Path:
    """A store of so many tickets on which the clock has caught up."""
    from supporttui.clock import SystemClock
    from supporttui.desk.session import Desk
    from supporttui.store import open_store
    from supporttui.watch.tick import tick
    from tests.bench.seeding import seed_store

    path = folder / "desk.sqlite3"
    seed_store(path, tickets, now=datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    with open_store(path) as store:
        tick(Desk(store, "netex", SystemClock(), "clock"))
    return path


def main(argv: list[str]) -> int:
    tickets = int(argv[0]) if argv else 100_000
    found = measure(tickets, int(argv[1]) if len(argv) > 1 else 15)
    missed = {name: found[name] for name, limit in LIMITS.items() if found[name] > limit}
    print(json.dumps({"tickets": tickets, "figures": found, "limits": LIMITS, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
