"""Thirty simulated days of the watcher: does its memory grow?

Usage: python tests/bench/watch_memory.py [--days 30] [--a-day 40]; exit status 1 when it grew by more than 10 MB.

A round every simulated minute, tickets reported, changed, escalated, told and resolved all along, on a
store in a file.  The process is measured after the first simulated day and at the end.  Prints one JSON object.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from supporttui.clock import ManualClock  # noqa: E402
from supporttui.desk import change, close  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.policy.loading import preset_text, read_policy  # noqa: E402
from supporttui.store import open_store  # noqa: E402
from supporttui.watch.channels.helper import Result  # noqa: E402
from supporttui.watch.channels.message import Message  # noqa: E402
from supporttui.watch.sender import Sender  # noqa: E402
from supporttui.watch.service import Watch  # noqa: E402

START = datetime(2026, 11, 16, 15, tzinfo=UTC)
LIMIT = 10_000_000
MINUTES = 24 * 60


class Sink:
    """Takes nine of ten messages."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.taken = chance, 0

    def deliver(self, message: Message, limit: float) -> Result:
        taken = self.chance.random() < 0.9
        self.taken += taken
        return Result(taken, not taken, "taken" if taken else "busy")


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def live(desk: Desk, watch: Watch, chance: random.Random, a_day: int, passed: list[float]) -> None:
    """One simulated day."""
    clock = desk.clock
    assert isinstance(clock, ManualClock)
    due = sorted(chance.randrange(MINUTES) for _ in range(a_day))
    numbers: list[int] = []
    for minute in range(MINUTES):
        while due and due[0] <= minute:
            due.pop(0)
            severity = chance.choice((1, 2, 2, 3))
            numbers.append(report(desk, NewTicket(subject=f"fault {minute}", severity=severity)).number)
        if numbers and chance.random() < 0.03:
            change.set_severity(desk, chance.choice(numbers), chance.randint(1, 4))
        if numbers and chance.random() < a_day / MINUTES * 0.8:
            close.resolve(desk, numbers.pop(chance.randrange(len(numbers))))
        clock.advance(minutes=1)
        passed[0] += 60
        watch.turn()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--a-day", type=int, default=40)
    args = parser.parse_args()
    chance, passed, began = random.Random(2026), [0.0], time.monotonic()
    text = preset_text("netex").replace('reaches = ["desk"]', 'reaches = ["boss@example.com"]')
    with tempfile.TemporaryDirectory(prefix="watch-") as name:
        os.chmod(name, 0o700)
        with open_store(Path(name) / "desk.sqlite3") as store:
            desk = Desk(store, read_policy(text, "policy.toml"), ManualClock(START), "watch")
            sink = Sink(chance)
            watch = Watch(desk, Sender(desk, sink, ZoneInfo("UTC")), lambda: passed[0])
            sizes = []
            for _ in range(args.days):
                live(desk, watch, chance, args.a_day, passed)
                sizes.append(resident())
    grown = sizes[-1] - sizes[0]
    print(json.dumps({
        "days": args.days, "tickets": args.days * args.a_day, "told": sink.taken,
        "first_day_mb": round(sizes[0] / 1e6, 1), "last_day_mb": round(sizes[-1] / 1e6, 1),
        "grown_mb": round(grown / 1e6, 1), "seconds": round(time.monotonic() - began, 1),
    }, indent=2))  # fmt: skip
    return 1 if grown > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
