"""How soon a key is answered, with and without a full-text search over 100,000 tickets under way.

    key to paint, nothing else to do                          limit: p95 50 ms
    the same while the analyst's own search runs              limit: p95 1.3 times the first
    the same while other processes search the same store      limit: p95 1.3 times the first

Usage: python tests/bench/console_latency.py [KEYS [TICKETS]]; exit code 1 when a limit is broken.
Prints one JSON object.  Three consoles on one store stand side by side in ptys of 120x40 and are given
keys in turn, so that a machine that slows down for a while slows all of them: one at rest; one whose
database thread is given one search after the other; one beside a process that does nothing but search.
The searches run only while their own console is asked, or the one at rest would be measured
on a machine that is busy.  A key is answered when the screen says that the cursor is on the next ticket.

The search is what the console's `/` and `f` ask of the store: words looked for in all text of all tickets.
"""

from __future__ import annotations

import json
import os
import re
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
        await self.link.run(lambda desk: one_search(desk, self.zone))

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
import sys, time
from zoneinfo import ZoneInfo
from supporttui.clock import SystemClock
from supporttui.console.question import Question
from supporttui.desk import look
from supporttui.desk.session import Desk
from supporttui.store import open_store

desk = Desk(open_store(sys.argv[1]), "netex", SystemClock(), "raj")
where, sort = Question("", {SEARCH!r}).resolved(desk.now(), "raj", desk.policy, ZoneInfo("UTC"))
began, count = time.perf_counter(), 0
while True:
    look.count(desk, where, None)
    look.page(desk, where, sort, limit=300)
    count += 1
    if count == 3:
        print(round((time.perf_counter() - began) / 3, 4), flush=True)
"""


class Keyed:
    """A console that is given keys one by one."""

    def __init__(self, command: list[str], store: Path) -> None:
        environment = base_environment(HOME=str(store.parent), SUPPORTTUI_STORE=str(store), LOGNAME="ana")
        self.term = Bracketing(command, environment, columns=120, lines=40)
        self.times: list[float] = []
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
        self.term.settle(REST_MS)
        began = time.perf_counter()
        self.term.send("j" if down else "k")
        while not place.search(self.term.line(1)):
            if time.perf_counter() - began > 10:
                raise SystemExit(f"a key was never answered:\n{self.term.text}")
            self.term._read(1.0)
        self.times.append(time.perf_counter() - began)

    def figures(self, name: str) -> dict[str, float]:
        return {
            f"{name}_p50_ms": round(statistics.median(self.times) * 1000, 2),
            f"{name}_p95_ms": round(p95(self.times) * 1000, 2),
        }


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
