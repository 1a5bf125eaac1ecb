"""What the list of renewals costs beside the bare SQL that fetches the same rows.

Usage: python tests/bench/renewals_sweep.py [--contracts N] [--rounds N]
Goal: `renewals` ≤ 3 × the bare SQL, for the usual list and for every period, each turned
into finished rows (state, window, prices of every plan).  Both sides take turns on the same
store and produce all rows.  Exit status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from supporttui.clock import ManualClock
from supporttui.desk.renewals import renewals
from supporttui.desk.session import Desk
from supporttui.policy.packages import term_end
from supporttui.store import book, open_store
from supporttui.store.session import Store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
# Written as somebody would by hand: every period that ends between two days, whether it was renewed,
# whose it is, and the priced licences that it covers.
SELECT = """
SELECT c.id, c.number, c.package, c.customer, k.name, k.zone, c.plan, c.start_on, c.end_on, c.ended_on, c.version,
    EXISTS (SELECT 1 FROM contract n WHERE n.package = c.package AND n.start_on > c.start_on AND n.removed = 0),
    p.name, l.number, l.price, l.currency, l.users_added
FROM contract c
JOIN customer k ON k.id = c.customer AND k.removed = 0
LEFT JOIN licence l ON l.package = c.package AND l.package <> 0 AND l.removed = 0
    AND (l.ended_on = '' OR l.ended_on > c.end_on)
LEFT JOIN product p ON p.id = l.product
WHERE c.removed = 0 AND c.end_on BETWEEN ? AND ?
ORDER BY c.end_on, c.id, l.id
"""
PRODUCTS = 40
CUSTOMERS = 20_000


def seed(store: Store, contracts: int) -> None:
    """So many periods and as many licences: one in five packages has a second licence, one in five none of
    its own, one period in ten has a renewal after it."""
    chance = random.Random(5)
    with store.write():
        book.insert_many(store, "customer", [
            {"name": f"Customer {n}", "zone": "Asia/Kuala_Lumpur" if n % 3 else ""} for n in range(1, CUSTOMERS + 1)
        ])  # fmt: skip
        book.insert_many(store, "product", [{"name": f"Product {n}"} for n in range(1, PRODUCTS + 1)])
        periods, heads = [], []
        for n in range(1, contracts + 1):
            renewal = n > contracts * 9 // 10
            if renewal:
                head = heads[n - contracts * 9 // 10 - 1]
                before = periods[head - 1]
                start, customer = before["end_on"] + timedelta(days=1), before["customer"]
            else:
                head, customer = n, chance.randint(1, CUSTOMERS)
                start = TODAY - timedelta(days=chance.randint(0, 760))
                heads.append(n)
            years = chance.choice((1, 2))
            periods.append({
                "customer": customer, "number": f"SMP-{n:06}", "plan": f"smp-{years}y", "ordered_on": start,
                "start_on": start, "end_on": term_end(start, years), "price": None, "currency": "MYR", "package": head,
            })  # fmt: skip
        book.insert_many(store, "contract", periods)
        book.insert_many(
            store, "licence", [_licence(chance, n, heads, periods) for n in range(1, contracts + 1)]
        )
    store.execute("ANALYZE")


def _licence(
    chance: random.Random, n: int, heads: list[int], periods: list[dict[str, object]]
) -> dict[str, object]:
    package = heads[n % len(heads)] if n % 5 else heads[(n // 5) % len(heads)]
    return {
        "customer": periods[package - 1]["customer"], "product": chance.randint(1, PRODUCTS), "number": f"L-{n:06}",
        "users": 5, "users_added": 2 if n % 50 == 0 else 0, "purchased_on": periods[package - 1]["start_on"],
        "price": "" if n % 100 == 0 else f"{chance.randint(100, 90_000)}.{chance.randint(0, 99):02}",
        "currency": "MYR", "package": package,
    }  # fmt: skip


def in_turn(*calls: Callable[[], object], rounds: int) -> list[float]:
    """Median milliseconds of each call, taken in turn."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for times, call in zip(taken, calls, strict=True):
            gc.collect()
            began = time.perf_counter()
            call()
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in taken]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        with open_store(os.path.join(folder, "desk.db")) as store:
            seed(store, given.contracts)
            desk = Desk(store, "xnet", ManualClock(NOW), "bench")
            ahead = ((TODAY - timedelta(days=1)).isoformat(), (TODAY + timedelta(days=91)).isoformat())
            for name, bounds, listed in (
                ("within 90 days", ahead, lambda: renewals(desk)),
                ("everything", ("0001-01-01", "9999-12-31"), lambda: renewals(desk, everything=True)),
            ):
                bare, ours = in_turn(lambda b=bounds: store.execute(SELECT, b), listed, rounds=given.rounds)
                fetched, rows = len(store.execute(SELECT, bounds)), len(listed())
                good &= ours <= 3 * bare and rows > given.contracts // 20
                print(
                    f"{given.contracts} contracts and licences, {name}: bare SQL {bare:.0f} ms for {fetched} rows, "
                    f"renewals {ours:.0f} ms for {rows} packages: {ours / bare:.2f} x"
                )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
