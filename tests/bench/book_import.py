"""How long it takes to import licences, to import them again, and to undo that: python tests/bench/book_import.py

--lines 100000     licences, of a tenth as many customers
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from supporttui.clock import ManualClock
from supporttui.desk import book
from supporttui.desk.session import Desk
from supporttui.desk.undo import undo
from supporttui.intake.book import run
from supporttui.store import open_store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=20_000)
    lines = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        customers, licences = _files(folder, lines)
        with open_store(folder / "desk.sqlite3") as store:
            desk = Desk(store, "xnet", ManualClock(NOW), "ana")
            book.add(desk, "product", {"name": "HyperIP"})
            _timed(f"{max(lines // 10, 1)} customers", lambda: run(desk, "customer", customers))
            _timed(f"{lines} licences", lambda: run(desk, "licence", licences))
            _timed("the same file again", lambda: run(desk, "licence", licences))
            _timed("undo of all of it", lambda: undo(desk))


def _files(folder: Path, lines: int) -> tuple[Path, Path]:
    many = max(lines // 10, 1)
    customers, licences = folder / "customers.csv", folder / "licences.csv"
    rows = (f"Customer {at:06},K{at},America/Chicago" for at in range(many))
    customers.write_text("\n".join(["name,key,zone", *rows]) + "\n")
    rows = (f'L-{at},Customer {at % many:06},HyperIP,2026-01-15,"12,000.00",USD' for at in range(lines))
    licences.write_text("\n".join(["number,customer,product,purchased on,price,currency", *rows]) + "\n")
    return customers, licences


def _timed(what: str, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sys.stdout.write(f"{what:<24} {wall:7.1f} s   ({cpu:.1f} s of processor)\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
