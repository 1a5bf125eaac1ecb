"""Fills a store with a believable desk of any size, fast, for benchmarks and load tests.

Every number of a given size is the same each time: the seed is fixed.
Usage: python tests/bench/seeding.py PATH [TICKETS [OPEN_SHARE]]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from supporttui.policy.timeline import Deadline
from supporttui.store import bulk, open_store
from supporttui.store.session import Store

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
OWNERS = ("maria", "raj", "chen", "olga", "tom", "aisha", "piotr", "")
PRODUCTS = ("HyperIP", "NetEx/IP", "BESX", "Xnet Gateway", "SecureStream")
SUBJECTS = (
    "transfer stalls after {n} minutes",
    "licence key rejected on node {n}",
    "throughput dropped to {n} Mbit/s after the upgrade",
    "how do I raise the window size on link {n}?",
    "core dump {n} in the data mover",
    "replication lag of {n} seconds",
)
WORDS = (
    "the link comes up but no data moves since last night errors in the log say timeout waiting for "
    "acknowledgement restart helped once firewall change window latency loss customer production backup"
).split()
ROLES = (("director", 1, timedelta(hours=8)), ("president", 2, timedelta(hours=24)))


def seed_store(
    path: str | Path, tickets: int = 100_000, open_share: float = 0.05, *, now: datetime = NOW
) -> None:
    """Write a new store with so many tickets, of which a share is open with two armed deadlines each.

    About one open ticket in twenty has its first rung overdue at `now`.
    """
    with open_store(str(path)) as store:
        fill(store, tickets, open_share, now=now)


def fill(store: Store, tickets: int, open_share: float = 0.05, *, now: datetime = NOW) -> range:
    """Like `seed_store`, into an open store; returns the new tickets' numbers."""
    chance = random.Random(2026)
    plans: list[tuple[int, Deadline]] = []
    first = bulk.next_number(store)
    with bulk.loading(store):
        rows = _tickets(chance, tickets, open_share, now, first, plans)
        numbers = bulk.tickets(store, rows)
        bulk.deadlines(store, plans, "seed")
        bulk.journal(store, (_reported(number, now) for number in numbers))
    return numbers


def _tickets(
    chance: random.Random,
    count: int,
    open_share: float,
    now: datetime,
    first: int,
    plans: list[tuple[int, Deadline]],
) -> Iterator[dict[str, Any]]:
    open_from = count - round(count * open_share)
    for index in range(count):
        reported = now - timedelta(minutes=(count - index) * 3 + chance.randrange(3))
        values = {
            "subject": chance.choice(SUBJECTS).format(n=chance.randrange(1, 500)),
            "description": " ".join(chance.choices(WORDS, k=12)),
            "severity": chance.choices((1, 2, 3, 4), (5, 25, 50, 20))[0],
            "customer": f"Customer {chance.randrange(400):03d}",
            "owner": chance.choice(OWNERS),
            "product": chance.choice(PRODUCTS),
            "channel": "phone",
            "plan": "gold",
            "reported_at": reported,
            "status": "closed",
        }
        if index < open_from:
            values["resolved_at"] = values["closed_at"] = reported + timedelta(hours=5)
        else:
            values["status"] = chance.choice(("new", "open", "waiting-customer"))
            _plan(chance, values, first + index, now, plans)
        yield values


def _plan(
    chance: random.Random,
    values: dict[str, Any],
    number: int,
    now: datetime,
    plans: list[tuple[int, Deadline]],
) -> None:
    start = now + timedelta(seconds=chance.randrange(0, 7 * 86400))
    late = chance.random() < 0.05
    for role, level, after in ROLES:
        told = late and level == 1
        due = now - timedelta(seconds=chance.randrange(60, 86400)) if told else start + after
        plans.append((number, _deadline(role, level, due, values["severity"], fired=told)))
        if told:
            values["overdue_since"] = due
        elif "next_due_at" not in values:
            values["next_due_at"], values["next_due_role"] = due, role


def _deadline(role: str, level: int, due: datetime, severity: int, *, fired: bool) -> Deadline:
    return Deadline(
        key=f"escalation/{role}",
        kind="escalation",
        role=role,
        level=level,
        label=role.title(),
        due_at=due,
        state="fired" if fired else "armed",
        severity=severity,
        fired_at=due if fired else None,
    )


def _reported(number: int, now: datetime) -> dict[str, Any]:
    return {"ticket": number, "version": 1, "at": now, "actor": "intake", "kind": "reported"}


def main(arguments: list[str]) -> None:
    path = arguments[0]
    count = int(arguments[1]) if len(arguments) > 1 else 100_000
    share = float(arguments[2]) if len(arguments) > 2 else 0.05
    began = time.perf_counter()
    seed_store(path, count, share)
    took = time.perf_counter() - began
    print(
        f"{count} tickets in {took:.2f} s: {count / took:,.0f} a second, {Path(path).stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
