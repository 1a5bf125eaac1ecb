"""The console's budgets of bytes and of time, measured in a pty as an analyst over SSH would feel them.

At 120x40 and at 80x24, in the terminal's own colours, on a small desk and on one of 100,000 tickets:

    all that a start writes                      limit 40 kB at 120x40, 12 kB at 80x24, one frame
    nothing happens, no countdown in sight       limit 0 B
    a second passes, five countdowns in sight    limit 0.6 kB
    cursor down, ticket beside the list          limit 3 kB
    one page down                                limit 4 kB, one frame
    a reply is opened                            limit 6 kB, one frame
    key to paint, 100,000 tickets : 1,000        limit 1.2
    opening, 100,000 tickets : 100               limit 1.15

A frame is what the console brackets as one for terminals that paint it at once (synchronised output,
which the terminal here says it can do).  Frames under 400 bytes that follow the first one (the tabs are
counted, the watch has run) are told apart from frames that paint the screen again.

Usage: python tests/bench/console_budgets.py [ROUNDS | --bytes]; exit code 1 when a limit is broken.
--bytes measures only what does not depend on how busy the machine is.
Prints one JSON object.  Times are taken in turn, sides swapped each round, and compared by their
medians, so that a machine that slows down for a while slows both.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from supporttui.clock import SystemClock  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.store import open_store  # noqa: E402
from supporttui.watch.tick import tick  # noqa: E402
from tests.bench.seeding import seed_store  # noqa: E402
from tests.wire.driver import Terminal, base_environment  # noqa: E402

PROGRAM = [sys.executable, "-m", "supporttui"]
KEYS_TIMED = 40
IDLE_SECONDS = 4.0
LARGE = 100_000
SMALL_FRAME = 400  # bytes
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
LIMITS = {
    "first_paint": 40_000,
    "first_frames": 1,
    "idle": 0,
    "tick_of_five": 600,
    "cursor_down": 3_000,
    "cursor_down_demo": 3_000,
    "page_down": 4_000,
    "page_down_frames": 1,
    "reply": 6_000,
    "reply_frames": 1,
    "key_ratio": 1.2,
    "open_ratio": 1.15,
}
TIGHTER = {"80x24": {"first_paint": 12_000}}
QUESTION, ANSWER = b"\x1b[?2026$p", "\x1b[?2026;2$y"
FRAME = re.compile(rb"\x1b\[\?2026h(.*?)\x1b\[\?2026l", re.DOTALL)


class Bracketing(Terminal):
    """A terminal that paints whole frames at once, and says so."""

    answered = False

    def _feed(self, data: bytes) -> None:
        super()._feed(data.replace(QUESTION, b""))
        if not self.answered and QUESTION in self.raw:
            self.answered = True
            self.type(ANSWER)

    def frames_since(self, mark: int) -> int:
        """Frames that painted more than a word or two."""
        return sum(len(frame) >= SMALL_FRAME for frame in FRAME.findall(bytes(self.raw[mark:])))


def console(store: Path, columns: int = 120, lines: int = 40, policy: str = "") -> Bracketing:
    """The console on a store, in a terminal of 256 colours.  policy: "" for the one that the program begins with."""
    environment = base_environment(HOME=str(store.parent), SUPPORTTUI_STORE=str(store), LOGNAME="ana")
    if policy:
        environment["SUPPORTTUI_POLICY"] = policy
    return Bracketing(PROGRAM, environment, columns=columns, lines=lines)


def desk_with(path: Path, soon: int, later: int = 60, closed: int = 0) -> Path:
    """A store with `soon` tickets that come due within the hour, others that don't for weeks, and closed ones.

    Ages and countdowns of the others change with the hour, and are half an hour away from that.
    """
    if closed:
        seed_store(path, closed, 0.0, now=datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    with open_store(path) as store:
        desk = Desk(store, "netex", SystemClock(), "mail")
        now = datetime.now(UTC).replace(microsecond=0)
        for at in range(soon):
            ago = timedelta(hours=7, minutes=20 + at)
            report(
                desk,
                NewTicket(subject=f"system {at} down", severity=1, channel="phone", reported_at=now - ago),
            )
        for at in range(later):
            report(
                desk,
                NewTicket(
                    subject=f"question {at} about the setting of the window",
                    severity=4,
                    customer=f"Customer {at}",
                    contact="Mara Lindqvist",
                    description="Which value do you advise for a long link? " * (1 + at % 4),
                    reported_at=now - timedelta(days=2, hours=at, minutes=30),
                ),
            )
    return path


def seeded(folder: Path, tickets: int) -> Path:
    """A large desk on which the clock has caught up."""
    path = folder / f"{tickets}.sqlite3"
    if path.exists():
        return path
    seed_store(path, tickets, now=datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    with open_store(path) as store:
        tick(Desk(store, "netex", SystemClock(), "clock"))
    return path


def away_from_the_minute() -> None:
    """The top line changes once a minute; what is measured lies between two of those."""
    left = 60 - time.time() % 60
    if left < 3 * IDLE_SECONDS:
        time.sleep(left + 0.5)


def read_for(term: Terminal, seconds: float) -> int:
    """Bytes that come within so many seconds."""
    mark, end = term.mark(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        term._read(left)
    return term.bytes_since(mark)


def measure_bytes(folder: Path) -> dict[str, dict[str, float]]:
    """What the line carries, by size and desk."""
    large = seeded(folder, LARGE)
    calm = {closed: desk_with(folder / f"calm-{closed}.sqlite3", 0, closed=closed) for closed in (0, LARGE)}
    busy = {closed: desk_with(folder / f"busy-{closed}.sqlite3", 5, closed=closed) for closed in (0, LARGE)}
    found: dict[str, dict[str, float]] = {}
    for name, size in SIZES.items():
        found[name] = at_rest(calm[0], size) | ticking(busy[0], size) | moving(calm[0], size)
        found[name]["cursor_down_demo"] = demo_cursor_down(folder, size)
        found[f"{name} {LARGE:,}"] = (
            at_rest(calm[LARGE], size) | ticking(busy[LARGE], size) | moving(large, size)
        )
    return found


def at_rest(store: Path, size: tuple[int, int]) -> dict[str, float]:
    """What a desk costs on which nothing happens."""
    away_from_the_minute()
    with console(store, *size) as term:
        term.wait_for("watch ✓")
        term.settle(400)
        return {"idle": read_for(term, IDLE_SECONDS)}


def moving(store: Path, size: tuple[int, int]) -> dict[str, float]:
    """What the start costs, and keys."""
    away_from_the_minute()
    with console(store, *size) as term:
        term.wait_for("watch ✓")
        term.settle(400)
        found: dict[str, float] = {"first_paint": term.mark(), "first_frames": term.frames_since(0)}
        downs = [cost(term, "j") for _ in range(12)]
        found |= {"cursor_down": max(downs), "cursor_down_median": statistics.median(downs)}
        for name, key in {"page_down": "pagedown", "reply": "r"}.items():
            mark = term.mark()
            term.send(key)
            if name == "reply":
                term.wait_for("Send")
            term.settle(400)
            found |= {name: term.bytes_since(mark), f"{name}_frames": term.frames_since(mark)}
        return found


def ticking(store: Path, size: tuple[int, int]) -> dict[str, float]:
    """The dearest of four seconds with five countdowns in sight."""
    away_from_the_minute()
    with console(store, *size) as term:
        term.wait_for("in 0:")
        term.send("z")
        term.settle(200)
        return {"tick_of_five": max(read_for(term, 1.0) for _ in range(4))}


def demo_cursor_down(folder: Path, size: tuple[int, int]) -> int:
    """The dearest of twenty steps through the sample desk, whose tickets have histories to show."""
    away_from_the_minute()
    environment = base_environment(HOME=str(folder), LOGNAME="ana")
    with Bracketing([*PROGRAM, "--demo"], environment, columns=size[0], lines=size[1]) as term:
        term.wait_for("1 of")
        term.settle(400)
        return max(cost(term, "j", quiet_ms=100) for _ in range(20))


def cost(term: Terminal, key: str, quiet_ms: int = 250) -> int:
    """Bytes that one key costs until the screen is at rest, the ticket beside the list included."""
    mark = term.mark()
    term.send(key)
    term.settle(quiet_ms)
    return term.bytes_since(mark)


def measure_keys(small: Path, large: Path, rounds: int) -> dict[str, float]:
    """Milliseconds from a key to its first byte on two desks that are open at the same time."""
    times: dict[Path, list[float]] = {small: [], large: []}
    with console(small) as one, console(large) as other:
        terms = {small: one, large: other}
        for term in terms.values():
            term.wait_for("1 of")
            term.settle(1500)
        for at in range(rounds * KEYS_TIMED):
            for path in (small, large) if at % 2 else (large, small):
                times[path].append(key_to_paint(terms[path], "j" if at % 40 < 20 else "k"))
    middle = {path: statistics.median(values) for path, values in times.items()}
    return {
        "key_ms_1k": round(middle[small] * 1000, 2),
        "key_ms_100k": round(middle[large] * 1000, 2),
        "key_p95_ms_100k": round(statistics.quantiles(times[large], n=20)[-1] * 1000, 2),
        "key_ratio": round(middle[large] / middle[small], 3),
    }


def key_to_paint(term: Terminal, key: str) -> float:
    """Seconds until the first byte of the answer; then the screen comes to rest."""
    began = time.perf_counter()
    mark = term.mark()
    term.send(key)
    while term.mark() == mark:
        term._read(1.0)
    took = time.perf_counter() - began
    term.settle(60)
    return took


def measure_opening(small: Path, large: Path, rounds: int) -> dict[str, float]:
    """Seconds from the start of the process to the first frame with tickets, in turn."""
    times: dict[Path, list[float]] = {small: [], large: []}
    for at in range(rounds + 1):
        for path in (small, large) if at % 2 else (large, small):
            began = time.perf_counter()
            with console(path) as term:
                term.wait_for("1 of")
                took = time.perf_counter() - began
            if at:
                times[path].append(took)
    return {
        "open_s_100": round(statistics.median(times[small]), 3),
        "open_s_100k": round(statistics.median(times[large]), 3),
        "open_ratio": round(
            statistics.median(b / a for a, b in zip(times[small], times[large], strict=True)), 3
        ),
    }


def measure_times(folder: Path, rounds: int) -> dict[str, float]:
    """How long keys and starts take on small desks and on a large one."""
    hundred, thousand, large = (seeded(folder, count) for count in (100, 1_000, LARGE))
    return measure_keys(thousand, large, max(1, rounds // 2)) | measure_opening(hundred, large, rounds)


def broken(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """The figures that are over their limits."""
    return {
        f"{form}: {name}": value
        for form, figures in found.items()
        for name, value in figures.items()
        if name in LIMITS and value > (LIMITS | TIGHTER.get(form.split()[0], {}))[name]
    }


def main() -> int:
    word = sys.argv[1] if len(sys.argv) > 1 else "5"
    with tempfile.TemporaryDirectory() as name:
        found = measure_bytes(Path(name))
        if word != "--bytes":
            found["times"] = measure_times(Path(name), int(word))
    missed = broken(found)
    print(json.dumps({"figures": found, "limits": LIMITS, "tighter": TIGHTER, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
