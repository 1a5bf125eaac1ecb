"""What known errors cost: a suggestion for a ticket, its line in the detail, and a tick with nothing to do.

    python tests/bench/known_errors.py [known errors of the product]

Times are the processor's, so that a busy machine tells the same.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from supporttui.clock import ManualClock
from supporttui.desk import known_hints, releasing, suggesting
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import book, open_store

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
ROUNDS = 300


def main(count: int) -> None:
    rng = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(4, 9))) for _ in range(3000)]
    weights = [1 / (place + 1) for place in range(3000)]

    def words(number: int) -> str:
        return " ".join(rng.choices(vocabulary, weights=weights, k=number))

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "desk.sqlite3")
        desk = Desk(store, "netex", ManualClock(NOW), "ana")
        product = book.insert(store, "product", {"name": "NETEX"})
        releases = [
            book.insert(
                store, "release", {"product": product, "name": f"7.{n}", "released_on": f"2025-0{n + 1}-01"}
            )
            for n in range(5)
        ]
        book.insert_many(
            store, "known-error",
            [
                {"product": product, "title": words(6), "symptom": words(60), "found_in": "7.1, 7.2",
                 "fixed_in": rng.choice(releases), "state": "fixed"}
                for _ in range(count)
            ],
        )  # fmt: skip
        tickets = [
            report(desk, NewTicket(subject=words(7), description=words(300), product="NETEX", release="7.1"))
            for _ in range(50)
        ]
        first = _took(lambda: known_hints.line_of(desk, tickets[0]))
        print(f"{count} known errors; the first look, which reads them: {first:.1f} ms")
        texts = [(words(7), words(300)) for _ in range(ROUNDS)]
        _told("a suggestion", lambda: _suggest(desk, *rng.choice(texts)))
        _told("the line of a ticket", lambda: known_hints.line_of(desk, rng.choice(tickets)))
        releasing.come_out(desk)
        _told("a tick with no release to settle", lambda: releasing.come_out(desk))
        store.close()


def _suggest(desk: Desk, subject: str, description: str) -> object:
    return suggesting.suggest(desk, product="NETEX", release="7.1", subject=subject, description=description)


def _took(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _told(what: str, work: Callable[[], object]) -> None:
    took = sorted(_took(work) for _ in range(ROUNDS))
    print(f"{what}: median {statistics.median(took):.2f} ms, 95 % {took[ROUNDS * 95 // 100]:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
