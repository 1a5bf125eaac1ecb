"""What a page of the queue costs beside the bare SQL, and `list` beside importing Peewee.

Usage: python tests/bench/store_queue_page.py [--tickets N …] [--processes N]
Goals: a page ≤ 3 × the bare SQL + 0.5 ms; open and page as a whole process, and `list`
itself, ≤ 1.6 × `python -c 'import peewee'`.  Each pair is measured in turn, so that both
see the same machine.  Exit status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from supporttui.store import open_store, tickets
from supporttui.store.criteria import AllOf, Compare, Criterion, Flag, Sort
from supporttui.store.session import Store

sys.path.insert(0, str(Path(__file__).parent))
from seeding import seed_store

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = (
    "number, severity, status, owner, customer, subject, product, reported_at, updated_at, next_due_at, "
    "overdue_since, paused, acknowledged_until, snoozed_until, merged_into, version"
)
OPEN = f"SELECT {COLUMNS} FROM ticket WHERE open = 1"
CASES: tuple[tuple[str, Criterion, str], ...] = (
    ("open queue", Flag("open"), f"{OPEN} ORDER BY urgent, number LIMIT 50"),
    (
        "open, severity 2",
        AllOf((Flag("open"), Compare("severity", "=", 2))),
        f"{OPEN} AND severity = 2 ORDER BY urgent, number LIMIT 50",
    ),
    (
        "mine",
        AllOf((Flag("open"), Compare("owner", "=", "raj"))),
        f"{OPEN} AND owner_key = 'raj' ORDER BY urgent, number LIMIT 50",
    ),
)
PAGE = """
from supporttui.store import open_store, tickets
from supporttui.store.criteria import Flag, Sort
store = open_store({path!r})
tickets.page(store, Flag("open"), Sort(), limit=50)
store.close()
"""


def in_turn(*calls: Callable[[], object], rounds: int) -> list[float]:
    """Median milliseconds of each call, taken in turn."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for times, call in zip(taken, calls, strict=True):
            began = time.perf_counter()
            call()
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in taken]


def pages(store: Store, label: str) -> bool:
    """Print and judge the cases on one store."""
    good = True
    for name, where, sql in CASES:
        bare, page = in_turn(
            lambda sql=sql: store.execute(sql),
            lambda where=where: tickets.page(store, where, Sort(), limit=50),
            rounds=400,
        )
        goal = 3 * bare + 0.5
        good &= page <= goal
        print(f"{label:>8} tickets  {name:18} bare {bare:.3f} ms  page {page:.3f} ms  goal {goal:.3f} ms")
    return good


def run(arguments: Sequence[str]) -> Callable[[], object]:
    return lambda: subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def processes(path: str, rounds: int) -> bool:
    """Whole processes in turn.

    Peewee imports psycopg where it is installed, which costs more than all the rest; so that
    this flatters nobody, every one of the three is kept from it.
    """
    alone = [sys.executable, "-c"]
    without = "import sys; sys.modules['psycopg'] = None\n"
    listed = f"import runpy; sys.argv = ['supporttui', '--store', {path!r}, 'list']\n"
    listed += "runpy.run_module('supporttui', run_name='__main__', alter_sys=True)"
    peewee, page, listing = in_turn(
        run([*alone, without + "import peewee"]),
        run([*alone, without + PAGE.format(path=path)]),
        run([*alone, without + listed]),
        rounds=rounds,
    )
    print(
        f"whole processes: import peewee {peewee:.1f} ms, open and page {page:.1f} ms ({page / peewee:.2f} x), "
        f"list {listing:.1f} ms ({listing / peewee:.2f} x, goal 1.6)"
    )
    return listing <= 1.6 * peewee


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--processes", type=int, default=25, help="rounds of whole processes; 0 for none")
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for count in options.tickets:
            path = f"{folder}/{count}.sqlite3"
            seed_store(path, count)
            with open_store(path) as store:
                good &= pages(store, f"{count:,}")
        if options.processes:
            good &= processes(path, options.processes)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
