"""A night shift of twelve hours in fast time: what the console costs at its end is what it cost at its beginning.

    5,000 arrivals and changes by others, 2,000 keys with dialogs and other screens, 12 h by the clock
    memory at the end against the end of the first quarter     limit: 20 MB more
    memory of the last quarter against that of the second      limit: 10 MB more, a plateau
    bytes of a second that passes, last quarter : first        limit: between 0.9 and 1.1
    bytes of a step (changes and a key), the same              limit: between 0.9 and 1.1
    the cursor                                                 never on another ticket than the one meant

Usage: python tests/bench/console_shift.py [--quick]; exit code 1 when a limit is broken.
--quick is a tenth of it, with the same limits but that of a step: too few for an average.  Prints one JSON object.

The console runs in a pty of 120x40, its clock moved by hand, on a desk that stays as busy as it is:
for every ticket that arrives one is closed.  After each step the cursor is compared with where it
has to be: on the ticket that it was on, on the neighbour that a key names, or, when its ticket left
the list, on the next one in the old order.
A second that passes is measured twenty times at the beginning of each quarter, with five countdowns in
sight that show seconds.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import random
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
from datetime import timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.wire.driver import base_environment  # noqa: E402

HOURS, EVENTS, KEYS = 12, 5_000, 2_000
OPEN = 120  # tickets that are open all the time
SECONDS_MEASURED = 20  # in each quarter
COUNTING = 5  # tickets that count down the seconds then
SILENCE = 120.0  # seconds without a byte after which it is taken for dead
LIMITS = {"grown_mb": 20.0, "second_to_last_mb": 10.0, "cursor_lost": 0}
FLAT = (0.9, 1.1)

# What the analyst does, again and again: keys, and which place the list must be on afterwards
# ("": where it was).  Dialogs and screens are left again, texts are left as drafts.
ROUNDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("j",), "next"), (("j",), "next"), (("j",), "next"), (("k",), "before"), (("j",), "next"),
    (("r", "w", "e", "escape"), ""), (("j",), "next"), (("s", "escape"), ""), (("z",), ""), (("z",), ""),
    (("k",), "before"), (("question_mark", "escape"), ""), (("m", "escape"), ""), (("n", "escape"), ""),
    (("tab",), ""), (("tab",), ""), (("tab",), ""), (("j",), "next"), (("space",), "next"), (("V",), ""),
    (("x", "escape"), ""), (("i", "a", "escape"), ""), (("enter",), ""), (("escape",), ""),
    (("O", "escape"), ""), (("t", "escape"), ""), (("g",), "first"), (("j",), "next"), (("j",), "next"),
    (("slash", "q", "escape"), ""), (("j",), "next"), (("colon", "escape"), ""), (("G",), "last"),
    (("k",), "before"), (("k",), "before"), (("g",), "first"), (("j",), "next"), (("R",), ""),
)  # fmt: skip


def resident_mb() -> float:
    """Memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Shift:
    """One analyst and the rest of the world, in the console's own process."""

    def __init__(self, console: Any, share: float) -> None:
        self.console = console
        self.chance = random.Random(7)
        self.steps = round(KEYS * share)  # one key and some changes each
        self.keys = self.changes = 0
        self.lost: list[str] = []
        self.pace = timedelta(hours=HOURS) / self.steps
        self.memory: list[float] = []
        self.written = 0
        self.per_second: list[list[int]] = [[], [], [], []]
        self.per_step: list[list[int]] = [[], [], [], []]
        self.others: list[int] = []
        self.colleague = console.colleague("raj")

    @property
    def list(self) -> Any:
        return self.console.app.triage.queue.list

    def watch_bytes(self) -> None:
        driver = self.console.app._driver
        write = driver.write

        def counted(data: str) -> None:
            self.written += len(data.encode())
            write(data)

        driver.write = counted

    async def work(self) -> dict[str, Any]:
        self.watch_bytes()
        for _ in range(OPEN):
            self.arrives()
        while self.list.total < OPEN:
            await self.console.beat()
        await self.press("g")
        step = looked = 0
        while self.keys < self.steps:
            quarter = min(3, 4 * self.keys // self.steps)
            before = self.written
            self.console.clock.advance(seconds=round(self.pace.total_seconds()) * (self.keys - looked))
            looked = self.keys
            await self.world()
            await self.act(step)
            self.per_step[quarter].append(self.written - before)
            if len(self.memory) <= quarter * 20 + (self.keys % (self.steps // 4)) * 20 // (self.steps // 4):
                self.memory.append(resident_mb())
            if not self.per_second[quarter]:
                await self.seconds(quarter)
            step += 1
        return self.figures()

    # -- the rest of the world ------------------------------------------------------------------

    async def world(self) -> None:
        """What others did meanwhile; then the console looks, and its cursor is where it belongs."""
        order = [self.list.held.window.key_at(row) for row in range(self.list.total)]
        cursor, gone = self.list.cursor, set[int]()
        while self.changes * KEYS < EVENTS * (self.keys + 1):
            kind = self.changes % 3
            self.changes += 1
            if kind == 0:
                self.arrives()
            elif kind == 1:
                self.closes(gone)
            else:
                self.changes_one()
        await self.console.beat()
        self.expect(cursor if cursor not in gone else _neighbour(order, cursor, gone), "after a change")

    def arrives(self, severity: int = 0, ago: timedelta = timedelta(0)) -> int:
        from supporttui.desk import report
        from tests.console.driver import ticket

        severity = severity or self.chance.choices((2, 3, 4), (20, 50, 30))[0]
        new = ticket(
            f"{self.chance.choice(('stall', 'restart', 'licence', 'dump'))} on link {self.chance.randrange(500)}",
            severity=severity,
            ago=timedelta(0),
            customer=f"Customer {self.chance.randrange(60)}",
            description="the link comes up but no data moves " * self.chance.randrange(1, 9),
            reported_at=self.console.clock.now() - ago,
        )
        self.others.append(report.report(self.colleague, new).number)
        return self.others[-1]

    def closes(self, gone: set[int], number: int = 0) -> None:
        from supporttui.desk import close

        number = number or self.chance.choice(self.others)
        self.others.remove(number)
        close.close(self.colleague, number, "restarted")
        gone.add(number)

    def changes_one(self) -> None:
        from supporttui.desk import write

        write.note(self.colleague, self.chance.choice(self.others), "seen, being looked at")

    # -- the analyst ----------------------------------------------------------------------------

    async def act(self, step: int) -> None:
        keys, goes = ROUNDS[step % len(ROUNDS)]
        rows, cursor = self.list, self.list.cursor
        place = rows.held.position.row
        last = rows.total - 1
        target = {"next": min(place + 1, last), "before": max(place - 1, 0), "first": 0, "last": last}.get(
            goes or ""
        )
        meant = cursor if target is None else rows.held.window.key_at(target)
        for key in keys:
            await self.press(key)
        await self.settle_down()
        self.expect(meant, f"after {' '.join(keys)}")

    async def press(self, key: str) -> None:
        self.keys += 1
        await self.console.pilot.press(key)
        await self.console.settled()

    async def settle_down(self) -> None:
        """Back on the main screen, whatever a key opened."""
        app = self.console.app
        for _ in range(3):
            if app.screen is app.triage:
                return
            await self.press("escape")
        raise AssertionError(f"{app.screen} does not close")

    def expect(self, number: Any, when: str) -> None:
        if number is not None and self.list.cursor != number:
            self.lost.append(f"on {self.list.cursor}, not on {number} {when}")

    # -- figures --------------------------------------------------------------------------------

    async def seconds(self, quarter: int) -> None:
        """Seconds that pass with five more countdowns in sight, on a list that is otherwise left alone."""
        soon = [self.arrives(1, timedelta(hours=7, minutes=10 + at)) for at in range(COUNTING)]
        while soon[-1] not in self.list.held.rows:
            await self.console.beat()
        await self.console.press("g")
        for _ in range(SECONDS_MEASURED):
            before = self.written
            await self.console.passes(seconds=1)
            self.per_second[quarter].append(self.written - before)
        for number in soon:
            self.closes(set(), number)
        await self.console.beat()

    def figures(self) -> dict[str, Any]:
        quarters = [statistics.mean(some) if some else 0 for some in self.per_step]
        seconds = [statistics.median(some) if some else 0 for some in self.per_second]
        count = len(self.memory)
        ends = [self.memory[min(count - 1, max(0, count * part // 4 - 1))] for part in (1, 2, 3, 4)]
        return {
            "keys": self.keys,
            "changes": self.changes,
            "memory_mb": [round(end, 1) for end in ends],
            "grown_mb": round(ends[3] - ends[0], 2),
            "second_to_last_mb": round(ends[3] - ends[1], 2),
            "bytes_a_step": [round(some) for some in quarters],
            "bytes_a_second": seconds,
            "step_ratio": round(quarters[3] / quarters[0], 3),
            "second_ratio": round(seconds[3] / seconds[0], 3),
            "cursor_lost": len(self.lost),
            "cursor_was": self.lost[:10],
            "said": len(self.console.app.shift.said),
        }


def _neighbour(order: list[Any], cursor: Any, gone: set[int]) -> Any:
    """The next one below in the old order that is still there, else the one above; None: don't know."""
    if cursor not in order:
        return None
    at = order.index(cursor)
    for key in (*order[at + 1 :], *reversed(order[:at])):
        if key is None:
            return None
        if key not in gone:
            return key
    return None


def in_console(folder: Path, out: Path, share: float) -> None:
    """The child: the console on the terminal that is given, led by `Shift`."""
    from supporttui.clock import ManualClock
    from supporttui.console.app import ConsoleApp
    from supporttui.console.keyboard import Keyboard
    from supporttui.desk.session import Desk
    from supporttui.store import open_store
    from tests.console import driver

    async def reopen(_console: Any) -> None:
        raise AssertionError("the shift has one console")

    clock, path = ManualClock(driver.START), folder / "desk.sqlite3"
    console = driver.Console(clock, path, reopen)
    app = ConsoleApp(Desk(open_store(path), driver.POLICY, clock, "ana"), driver.CHICAGO, beating=False)
    app.driver_class = Keyboard

    async def lead(pilot: Any) -> None:
        console.app, console.pilot = app, pilot
        found: dict[str, Any]
        try:
            await asyncio.wait_for(app.ready.wait(), driver.PATIENCE)
            found = await Shift(console, share).work()
        except BaseException as error:
            import traceback

            found = {"failed": "".join(traceback.format_exception(error)), "screen": console.screen}
        out.write_text(json.dumps(found))
        app.exit(0)

    app.run(auto_pilot=lead)
    os._exit(0)


def run(share: float) -> dict[str, Any]:
    """Start the child in a pty and read what it writes, as a terminal would."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "figures.json"
        pid, fd = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            command = [sys.executable, str(HERE / "console_shift.py"), "--child", name, str(out), str(share)]
            os.execve(sys.executable, command, base_environment(HOME=name, LOGNAME="ana"))
        last = b""
        while select.select([fd], [], [], SILENCE)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:  # it ended
                break
            last = (last + data)[-2000:]
        else:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)
        if not out.exists():
            raise SystemExit(f"the shift ended early; the end of what it wrote: {last!r}")
        return dict(json.loads(out.read_text()))


def main(argv: list[str]) -> int:
    if argv[:1] == ["--child"]:
        in_console(Path(argv[1]), Path(argv[2]), float(argv[3]))
        return 0
    quick = "--quick" in argv
    found = run(0.1 if quick else 1.0)
    if "failed" in found:
        print(found["failed"], found["screen"], sep="\n")
        return 1
    missed = {name: found[name] for name, limit in LIMITS.items() if found[name] > limit}
    if not FLAT[0] <= found["step_ratio"] <= FLAT[1]:
        missed["step_ratio"] = found["step_ratio"]
    print(
        json.dumps({"figures": found, "limits": {**LIMITS, "step_ratio": FLAT}, "missed": missed}, indent=2)
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
