"""What a tick costs: nothing due over many tickets against few, and 1,000 due rungs against the bare SQL.

Usage: python tests/bench/watch_tick.py [--large 1000000] [--rungs 1000]; exit status 1 when a limit is broken.

    nothing due, 1,000,000 tickets : 1,000      limit 2
    1,000 due rungs in one tick : bare SQL      limit 5

The bare SQL reads the rows that a firing is decided on (the ticket, its journal, its deadlines) and writes
what it leaves behind (the deadline's state, the ticket's due columns, the journal entry, the notice), in the
same batches, with the same synchronous commits, on a copy of the same store, and derives nothing.  Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from supporttui.clock import ManualClock  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.store import open_store  # noqa: E402
from supporttui.watch.tick import BATCH, tick  # noqa: E402
from tests.bench.seeding import NOW, seed_store  # noqa: E402

START = datetime(2026, 11, 16, 15, tzinfo=UTC)
LIMITS = {"idle_ratio": 2.0, "firing_ratio": 5.0}
ROUNDS = 200


def idle(path: Path, tickets: int) -> float:
    """Median seconds of a tick with nothing due."""
    seed_store(path, tickets, now=NOW)
    clock = ManualClock(NOW)
    with open_store(path) as store:
        desk = Desk(store, "netex", clock, "watch")
        tick(desk)  # takes the policy over and fires what the seed left overdue
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            done = tick(desk)
            times.append(time.perf_counter() - began)
            assert not done.fired
    return statistics.median(times)


def due_store(path: Path, rungs: int) -> None:
    """A store whose every ticket's first rung is due eight hours after START."""
    with open_store(path) as store:
        desk = Desk(store, "netex", ManualClock(START), "mail")
        with store.write():
            for place in range(rungs):
                report(desk, NewTicket(subject=f"system {place} down", severity=1))
        tick(desk)


def firing(path: Path, rungs: int) -> float:
    with open_store(path) as store:
        desk = Desk(store, "netex", ManualClock(START + timedelta(hours=8)), "watch")
        _ = desk.policy
        began = time.perf_counter()
        done = tick(desk)
        took = time.perf_counter() - began
    assert len(done.fired) == rungs, len(done.fired)
    return took


def bare(path: Path, rungs: int) -> float:
    """The same rows by plain statements."""
    now = int((START + timedelta(hours=8)).timestamp())
    with open_store(path) as store:
        began = time.perf_counter()
        due = store.execute(
            "SELECT ticket, key FROM deadline WHERE state = 'armed' AND live = 1 AND due_at <= ? "
            "ORDER BY due_at, ticket, key",
            (now,),
        )
        for at in range(0, len(due), BATCH):
            with store.write():
                for ticket, key in due[at : at + BATCH]:
                    for table, column in (
                        ("ticket", "number"),
                        ("journal", "ticket"),
                        ("deadline", "ticket"),
                    ):
                        store.execute(f"SELECT * FROM {table} WHERE {column} = ?", (ticket,))
                    store.execute(
                        "UPDATE deadline SET state = 'fired', fired_at = ? WHERE ticket = ? AND key = ? "
                        "AND state = 'armed' AND live = 1 AND due_at <= ?",
                        (now, ticket, key, now),
                    )
                    store.execute(
                        "UPDATE ticket SET overdue_since = ?, updated_at = ?, version = version + 1 WHERE number = ?",
                        (now, now, ticket),
                    )
                    store.execute(
                        "INSERT INTO journal (ticket, version, at, recorded_at, actor, kind, data) "
                        "VALUES (?, 2, ?, ?, 'clock', 'escalated', ?)",
                        (ticket, now, now, json.dumps({"key": key, "role": "director", "policy": "x" * 12})),
                    )
                    store.execute(
                        "INSERT INTO notice (key, ticket, severity, address, due_at, made_at, next_at) "
                        "VALUES (?, ?, 1, 'desk', ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                        (f"{ticket}/{key}/desk", ticket, now, now, now),
                    )
        took = time.perf_counter() - began
    assert len(due) == rungs
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--rungs", type=int, default=1000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tick-") as name:
        os.chmod(name, 0o700)
        folder = Path(name)
        small, large = idle(folder / "small.sqlite3", 1000), idle(folder / "large.sqlite3", args.large)
        due_store(folder / "due.sqlite3", args.rungs)
        ours, yardstick = [], []
        for place in range(3):
            for kind, times in ((firing, ours), (bare, yardstick)):
                copy = folder / f"{kind.__name__}{place}.sqlite3"
                shutil.copy(folder / "due.sqlite3", copy)
                os.chmod(copy, 0o600)
                times.append(kind(copy, args.rungs))
    found = {
        "idle_small_ms": round(small * 1000, 4), "idle_large_ms": round(large * 1000, 4),
        "idle_ratio": round(large / small, 2), "large": args.large,
        "firing_s": round(statistics.median(ours), 3), "bare_sql_s": round(statistics.median(yardstick), 3),
        "firing_ratio": round(statistics.median(ours) / statistics.median(yardstick), 2), "rungs": args.rungs,
    }  # fmt: skip
    print(json.dumps(found, indent=2))
    return 1 if any(float(found[name]) > limit for name, limit in LIMITS.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
