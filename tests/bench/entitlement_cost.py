"""What the verdict adds to opening a ticket, in a store with 100,000 licences and as many contracts.

Usage: python tests/bench/entitlement_cost.py [--licences 100000] [--rounds 400]; exit status 1 when a limit is broken.

    the verdict, median over tickets of ordinary customers           limit 1 ms
    the same for a customer with 2,000 licences over 40 products     limit 1 ms
    the same with 2,000 licences for one product                     limit 1 ms
    a desk that keeps no book                                        limit 0.5 ms
    what the console's reading of a ticket takes longer for it       limit 1 ms

Beside each stands the bare SQL that fetches the same rows by their keys, and what opening the ticket costs without
a verdict, measured in turn in the same run.  Each figure is the better of the vendors' worse one: both policies
are measured and the slower counts.  Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from supporttui.clock import ManualClock
from supporttui.console import reading
from supporttui.desk import look, reasoning
from supporttui.desk.entitlement import of_ticket
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import book, open_store
from supporttui.store.columns import fold
from supporttui.store.session import Store

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
TODAY = NOW.date()
PRODUCTS, MANY = 40, 2_000
LIMITS = {"ordinary": 1.0, "many": 1.0, "many_of_one": 1.0, "no_book": 0.5}
ADDS = 1.0  # milliseconds to the console's reading of a ticket
POLICIES = ("netex", "xnet")


def fill(store: Store, licences: int) -> None:
    """Customers with about twelve licences each, each licence with its contract; and two with very many."""
    chance = random.Random(2026)
    ordinary = max(1, (licences - 2 * MANY) // 12)
    sizes = [*([12] * ordinary), MANY, MANY]
    with store.write():
        book.insert_many(store, "product", [{"name": f"Product {n}"} for n in range(PRODUCTS)])
        book.insert_many(store, "release", [_release(n) for n in range(PRODUCTS * 10)])
        book.insert_many(
            store, "os-release", [{"os": "z/OS", "name": "3.1", "accessed_on": TODAY - timedelta(days=60)}]
        )
        book.insert_many(
            store, "customer", [{"name": f"Customer {n}", "key": f"C{n}", "zone": "Asia/Tokyo"} for n in range(len(sizes))]
        )  # fmt: skip
        place = 0
        for customer, size in enumerate(sizes, 1):
            contracts, bought = [], []
            for turn in range(size):
                place += 1
                product = 1 if customer == len(sizes) else 1 + turn % PRODUCTS
                day = TODAY - timedelta(days=chance.randrange(2000))
                contracts.append(_contract(customer, place, day))
                bought.append(_licence(customer, product, place, day))
            book.insert_many(store, "contract", contracts)
            book.insert_many(store, "licence", bought)
        hosts = [{"customer": n, "name": f"HOST{n}"} for n in range(1, len(sizes) + 1)]
        book.insert_many(store, "host", hosts)
        book.insert_many(
            store,
            "installation",
            [{"host": n, "product": 1 + n % PRODUCTS} for n in range(1, len(sizes) + 1)],
        )


def _release(n: int) -> dict[str, object]:
    product, turn = n % PRODUCTS, n // PRODUCTS
    day = date(2018 + turn, 1, 1)
    return {
        "product": product + 1,
        "name": f"{turn}.0",
        "released_on": day,
        "replaces": n + 1 - PRODUCTS if turn else 0,
    }


def _contract(customer: int, place: int, day: date) -> dict[str, object]:
    return {
        "customer": customer, "plan": "smp-1y", "number": f"S{place}", "start_on": day,
        "end_on": day + timedelta(days=364), "package": place,
    }  # fmt: skip


def _licence(customer: int, product: int, place: int, day: date) -> dict[str, object]:
    return {
        "customer": customer, "product": product, "number": f"L{place}", "purchased_on": day, "shipped_on": day,
        "monthly_charge": Decimal("100.00"), "charge_paid_to": day + timedelta(days=1500), "package": place,
    }  # fmt: skip


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """Median of the quietest quarter of the rounds, in turn: what else the machine does counts for nobody."""
    quarters = []
    for _ in range(4 if rounds >= 4 else 1):
        times = []
        for _ in range(max(1, rounds // 4)):
            began = time.thread_time()
            work()
            times.append(time.thread_time() - began)
        quarters.append(statistics.median(times))
    return min(quarters) * 1000


def bare(store: Store, customer: str, product: str) -> None:
    """The rows that a verdict may rest on, by plain statements."""
    with store.read():
        theirs = store.execute("SELECT id, plan, zone FROM customer WHERE name_key = ?", (fold(customer),))
        ours = store.execute("SELECT id FROM product WHERE name_key = ?", (fold(product),))
        if not theirs or not ours:
            return
        both = (theirs[0][0], ours[0][0])
        store.execute("SELECT * FROM product_release WHERE product = ? AND name_key = '8.0'", both[1:])
        store.execute("SELECT * FROM os_release WHERE os_key = 'z/os' AND name_key = '3.1'")
        store.execute("SELECT * FROM licence WHERE customer = ? AND product = ? LIMIT 101", both)
        store.execute(
            "SELECT * FROM contract WHERE package IN (SELECT package FROM licence WHERE customer = ? AND product = ?)",
            both,
        )
        for table in ("modification", "quotation", "host"):
            store.execute(f"SELECT * FROM {table} WHERE customer = ?", both[:1])


def figures(store: Store, customer: str, rounds: int) -> dict[str, float]:
    """Milliseconds of the verdict, of opening without it, and of the bare SQL: the slower of both policies."""
    slowest: dict[str, float] = {}
    for policy in POLICIES:
        desk = Desk(store, policy, ManualClock(NOW), "ana")
        new = NewTicket(
            subject="x", customer=customer, product="product 0", release="v8.0", os="Z/OS", os_release="3.1",
            severity=2, category="problem" if policy == "netex" else "bug",
        )  # fmt: skip
        number = report(desk, new).number
        ticket = look.ticket(desk, number).ticket
        of_ticket(desk, ticket)
        found = {
            "verdict_ms": median_ms(lambda desk=desk, ticket=ticket: of_ticket(desk, ticket), rounds),
            "bare_ms": median_ms(lambda: bare(store, customer, "product 0"), rounds),
            "open_ms": median_ms(lambda desk=desk, number=number: look.ticket(desk, number), rounds),
        }
        found["console_ms"], found["console_adds_ms"] = added_ms(desk, number, rounds)
        if found["verdict_ms"] > slowest.get("verdict_ms", 0.0):
            slowest = found
    slowest["to_bare"] = slowest["verdict_ms"] / slowest["bare_ms"]
    return {name: round(value, 3) for name, value in slowest.items()}


def added_ms(desk: Desk, number: int, rounds: int) -> tuple[float, float]:
    """What the console reads when a ticket is opened, and how much longer it takes with its verdict, in turn."""
    shown, plain, whole = reasoning.shown_of, [], []
    reading.detail(desk, number)
    try:
        for _ in range(rounds):
            reasoning.shown_of = lambda _desk, _ticket: None  # type: ignore[assignment]
            plain.append(median_ms(lambda: reading.detail(desk, number), 1))
            reasoning.shown_of = shown
            whole.append(median_ms(lambda: reading.detail(desk, number), 1))
    finally:
        reasoning.shown_of = shown
    return statistics.median(whole), statistics.median(whole) - statistics.median(plain)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--licences", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=400)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with open_store(f"{folder}/book.sqlite3") as store:
            fill(store, args.licences)
            customers = store.execute("SELECT count(*) FROM customer")[0][0]
            found = {
                "ordinary": figures(store, "customer 7", args.rounds),
                "many": figures(store, f"customer {customers - 2}", args.rounds),
                "many_of_one": figures(store, f"customer {customers - 1}", args.rounds),
            }
        with open_store(f"{folder}/empty.sqlite3") as store:
            found["no_book"] = figures(store, "customer 7", args.rounds)
    broken = {name for name, limit in LIMITS.items() if found[name]["verdict_ms"] > limit}
    broken |= {f"{name}, console" for name in LIMITS if found[name]["console_adds_ms"] > ADDS}
    print(
        json.dumps(
            {"licences": args.licences, "figures": found, "limits_ms": LIMITS, "broken": sorted(broken)}
        )
    )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
