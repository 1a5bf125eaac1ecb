"""How soon a key is answered, with and without a full-text search over 100,000 tickets under way.

    key to paint, nothing else to do                          limit: p95 50 ms
    the same while the analyst's own search runs              limit: p95 1.3 times the first
    the same while another console searches the same store    limit: p95 1.3 times the first

Usage: python tests/bench/console_latency.py [KEYS [TICKETS]]; exit code 1 when a limit is broken.
Prints one JSON object.  Three consoles on one store stand side by side in ptys of 120x40 and are given
keys in turn, so that a machine that slows down for a while slows all of them: one at rest; one that does
one search after the other itself; one beside a process that does nothing but search.
The searches run only while their own console is asked, or the one at rest would be measured
on a machine that is busy.

A key is answered by the first whole frame that shows the cursor on the next ticket; the time ends when
the last byte of that frame (the end of its bracket) was read, before it is taken apart here.  The ticket
beside the list is no part of it: it is read once the cursor has rested.  That frame comes later and its
painting may meet the next key, which is counted then; each key is sent after a tenth of a second of silence.

The search is what the console's `/` and `f` ask of the store, on the thread that they ask it on: words
looked for in all text of all tickets.  The figures mean something on a machine that has nothing else to do;
"queued_ms" is how long the console at rest waited for a processor per key, which ought to be well below 1.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.bench.console_budgets import Bracketing  # noqa: E402
from tests.bench.console_start import stocked  # noqa: E402
from tests.wire.driver import base_environment  # noqa: E402

PYTHON = sys.executable
FRAME_END = b"\x1b[?2026l"
REST_MS = 100  # between the last byte of an answer and the next key
LIMITS = {"alone_p95_ms": 50.0, "own_search_ratio": 1.3, "other_search_ratio": 1.3}
# Each is in a quarter of all tickets, so that much is found, ranked and sorted.
SEARCH = "window production"

# The console with one more verb of the harness: at SIGUSR1 its database thread starts to search, at SIGUSR2 it stops.
SEARCHING = f"""
import asyncio, signal, sys
from supporttui.console import app as module
from supporttui.console.question import Question
from supporttui.desk import look

mounted = module.ConsoleApp.on_mount

def on_mount(self):
    mounted(self)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, search, self)
    loop.add_signal_handler(signal.SIGUSR2, rest, self)

def search(self):
    self.searching = True
    self.run_worker(search_on(self))

def rest(self):
    self.searching = False

async def search_on(self):
    while self.searching:
        await self.link.search(lambda desk: one_search(desk, self.zone))

def one_search(desk, zone):
    where, sort = Question("", {SEARCH!r}).resolved(desk.now(), desk.actor, desk.policy, zone)
    look.count(desk, where, None)
    look.page(desk, where, sort, limit=300)

module.ConsoleApp.on_mount = on_mount
sys.argv = ["supporttui"]
from supporttui.__main__ import main
main()
"""
OTHER = f"""
import asyncio, sys, time
from zoneinfo import ZoneInfo
from supporttui.clock import SystemClock
from supporttui.console.link import Link
from supporttui.console.question import Question
from supporttui.desk import look
from supporttui.desk.session import Desk
from supporttui.store import open_store

def one_search(desk):
    where, sort = Question("", {SEARCH!r}).resolved(desk.now(), "raj", desk.policy, ZoneInfo("UTC"))
    look.count(desk, where, None)
    look.page(desk, where, sort, limit=300)

async def search_on():
    link = Link(Desk(open_store(sys.argv[1]), "netex", SystemClock(), "raj"))
    began, count = time.perf_counter(), 0
    while True:
        await link.search(one_search)
        count += 1
        if count == 3:
            print(round((time.perf_counter() - began) / 3, 4), flush=True)

asyncio.run(search_on())
"""


class Stamped(Bracketing):
    """A terminal that knows when a frame had come whole, before it takes the time to understand it."""

    def next_frame(self, limit: float) -> float:
        """Read one frame; the instant at which its end was read."""
        data, at = b"", time.perf_counter()
        while FRAME_END not in data:
            if not select.select([self._fd], [], [], limit - at)[0]:
                raise SystemExit(f"a key was never answered:\n{self.text}")
            data += os.read(self._fd, 65536)
            at = time.perf_counter()
        self.raw += data
        self._feed(data)
        return at


class Keyed:
    """A console that is given keys one by one."""

    def __init__(self, command: list[str], store: Path) -> None:
        environment = base_environment(HOME=str(store.parent), SUPPORTTUI_STORE=str(store), LOGNAME="ana")
        self.term = Stamped(command, environment, columns=120, lines=40)
        self.times: list[float] = []
        self.queued: list[float] = []
        self.pressed, self.row = 0, 1
        self.term.wait_for("1 of", 60)
        self.term.wait_for("watch ✓", 60)
        self.term.settle(1000)

    def press(self) -> None:
        """Down twenty, up twenty, and so on; the time until the list says where the cursor is."""
        down = self.pressed % 40 < 20
        self.pressed += 1
        self.row += 1 if down else -1
        place = re.compile(rf"\b{self.row} of [\d,]+ *$", re.MULTILINE)
        self.term.settle(REST_MS, working=True)
        queued = queued_of(self.term.pid)
        began = time.perf_counter()
        self.term.send("j" if down else "k")
        while True:
            at = self.term.next_frame(began + 10)
            if place.search(self.term.line(1)):
                break
        self.times.append(at - began)
        self.queued.append(queued_of(self.term.pid) - queued)

    def figures(self, name: str) -> dict[str, float]:
        return {
            f"{name}_p50_ms": round(statistics.median(self.times) * 1000, 2),
            f"{name}_p95_ms": round(p95(self.times) * 1000, 2),
        }


def queued_of(pid: int) -> float:
    """Seconds that the main thread of a process has waited for a processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """The process stands still, but for the time inside."""
    os.kill(pid, signal.SIGCONT)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGSTOP)


def measure(store: Path, keys: int, burst: int = 20) -> dict[str, float]:
    """`keys` keys for each of the three, in turns of `burst`."""
    alone = Keyed([PYTHON, "-m", "supporttui"], store)
    own = Keyed([PYTHON, "-c", SEARCHING], store)
    beside = Keyed([PYTHON, "-m", "supporttui"], store)
    searcher = subprocess.Popen([PYTHON, "-c", OTHER, str(store)], stdout=subprocess.PIPE)
    try:
        assert searcher.stdout is not None
        took = float(searcher.stdout.readline())
        os.kill(searcher.pid, signal.SIGSTOP)
        for turn in range(max(1, keys // burst)):
            for name in ("alone", "own", "beside") if turn % 2 else ("beside", "own", "alone"):
                if name == "alone":
                    _burst(alone, burst)
                elif name == "own":
                    os.kill(own.term.pid, signal.SIGUSR1)
                    _burst(own, burst)
                    os.kill(own.term.pid, signal.SIGUSR2)
                else:
                    with stopped(searcher.pid):
                        _burst(beside, burst)
    finally:
        searcher.kill()
        searcher.wait()
        for one in (alone, own, beside):
            one.term.close()
    return {
        "keys": len(alone.times),
        "search_s": took,
        "queued_ms": round(statistics.median(alone.queued) * 1000, 2),
        **alone.figures("alone"),
        **own.figures("own_search"),
        **beside.figures("other_search"),
        "own_search_ratio": round(p95(own.times) / p95(alone.times), 3),
        "other_search_ratio": round(p95(beside.times) / p95(alone.times), 3),
    }


def _burst(one: Keyed, count: int) -> None:
    for _ in range(count):
        one.press()


def main(argv: list[str]) -> int:
    keys = int(argv[0]) if argv else 400
    tickets = int(argv[1]) if len(argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        found = measure(stocked(Path(folder), tickets), keys)
    missed = {name: found[name] for name, limit in LIMITS.items() if found[name] > limit}
    print(json.dumps({"tickets": tickets, "figures": found, "limits": LIMITS, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
