"""What the screens beside the main one cost on the line, in a pty with 256 colours.

    a second passes on the wall with 4 bands (all four count seconds)   limit 0.6 kB, at every size
    the wall's first frame, the turn of its page                        told
    a second passes on the handover page with 4 countdowns in sight     limit 0.6 kB
    the handover's first frame, its cursor one row down                 told, limit 3 kB for the row
    a second passes on a page of the book, of the sample desk           limit 0.6 kB
    its first frame, its cursor one row down                            told, limit 3 kB for the row
    a form over it is opened, a letter is typed there                   limit 6 kB, told
    the same on the inbox, empty but for two items and with hundreds
    a dialog for a call, a reply, a report, who takes part              limit 6 kB
    a page's first frame at 80x24                                       limit 6 kB

Usage: python tests/bench/screens_bytes.py [--quick]; exit code 1 when a limit is broken.  Prints one JSON object.
--quick: fewer seconds, and without the largest size.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from supporttui.clock import SystemClock  # noqa: E402
from supporttui.demo import build_demo  # noqa: E402
from supporttui.demo.arrivals import mail_comes  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.store import open_store  # noqa: E402
from tests.bench.console_budgets import away_from_the_minute, console, cost, read_for  # noqa: E402

BANDS = 4
QUICK = "--quick" in sys.argv
SECONDS, PAGE_SECONDS = (6, 2) if QUICK else (12, 4)
LIMIT = {"second": 600, "row": 3_000, "form": 6_000}
SMALL_LIMIT = {"frame": 6_000}  # at 80x24
SIZES = ((80, 24), (120, 40)) if QUICK else ((80, 24), (120, 40), (200, 60))
# Of the book: the keys that lead to a page, and those that lead on to a form over it.
PAGES = {
    "customer": ("xnet", "C", "a2"),
    "products": ("xnet", "P", "e"),
    "renewals": ("xnet", "$", "r"),
    "who pays": ("netex", "W", ""),
    "known error": ("netex", "K", ""),
    "status answer": ("netex", "Y", ""),
    "inbox": ("netex", "I", "t"),
    "item of the inbox": ("netex", "I\r", ""),
    "files": ("netex", "A", "a"),
}
# Of what comes in and of the telephone: the key that opens a dialog over the main screen.
DIALOGS = {"call": "l", "who takes part": ":people\r", "reply by mail": "r", "report": "n"}
WAITING = 300  # items of the inbox that is full


def desk_with(path: Path, severe: int) -> Path:
    """A store with so many Severity 1 tickets that all come due within the hour."""
    with open_store(path) as store:
        desk = Desk(store, "netex", SystemClock(), "mail")
        now = datetime.now(UTC).replace(microsecond=0)
        for at in range(severe):
            ago = timedelta(hours=7, minutes=20 + 3 * at, seconds=17 * at)
            report(
                desk,
                NewTicket(subject=f"system {at} down", severity=1, channel="phone", reported_at=now - ago),
            )
    return path


def measure(store: Path, key: str, size: tuple[int, int]) -> dict[str, int]:
    """The dearest of some seconds on a screen, and what it cost to show it."""
    away_from_the_minute()
    with console(store, *size) as term:
        term.wait_for("watch ✓")
        term.settle(400)
        found = {"frame": cost(term, key)}
        seconds = [read_for(term, 1.0) for _ in range(SECONDS)]
        found |= {"second": max(seconds), "second_median": sorted(seconds)[len(seconds) // 2]}
        if key == "H":
            found["row"] = cost(term, "j", quiet_ms=60)
        term.send("q")
        return found


def sample(path: Path, policy: str) -> Path:
    """The sample desk with its book."""
    with open_store(path) as store:
        build_demo(Desk(store, policy, SystemClock(), "ana"))
    return path


def of_the_book(store: Path, policy: str, key: str, form: str, size: tuple[int, int]) -> dict[str, int]:
    """The dearest of some seconds on a page of the book, its cursor down, and a form over it."""
    away_from_the_minute()
    with console(store, *size, policy=policy) as term:
        term.wait_for("watch ✓")
        term.settle(400)
        for before in key[:-1]:
            cost(term, before)
        found = {"frame": cost(term, key[-1])}
        found["second"] = max(read_for(term, 1.0) for _ in range(PAGE_SECONDS))
        found["row"] = max(cost(term, "j", quiet_ms=60) for _ in range(4))
        if form:
            for before in form[:-1]:
                cost(term, before)
            found["form"] = cost(term, form[-1])
            found["letter"] = cost(term, "x")
        return found


def full(path: Path) -> Path:
    """The sample desk with hundreds of mails of strangers in its inbox."""
    with open_store(sample(path, "netex")) as store:
        desk = Desk(store, "netex", SystemClock(), "mail")
        for at in range(WAITING):
            mail_comes(desk, f"someone.{at}@bulk{at}.example", f"about {at} " * 20, f"line {at}\n" * 20)
    return path


def of_a_dialog(store: Path, keys: str, size: tuple[int, int]) -> dict[str, int]:
    """What it costs to open a dialog over the main screen, and a letter in it."""
    away_from_the_minute()
    with console(store, *size) as term:
        term.wait_for("watch ✓")
        term.settle(400)
        for before in keys[:-1]:
            cost(term, before)
        return {"form": cost(term, keys[-1]), "letter": cost(term, "x"), "second": read_for(term, 2.0) // 2}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        store = desk_with(Path(name) / "four.sqlite3", BANDS)
        found = {
            f"{'wall' if key == 'w' else 'handover'} {size[0]}x{size[1]}": measure(store, key, size)
            for key in "wH"
            for size in SIZES
        }
        desks = {policy: sample(Path(name) / f"{policy}.sqlite3", policy) for policy in ("netex", "xnet")}
        found |= {
            f"{page} {size[0]}x{size[1]}": of_the_book(desks[policy], policy, key, form, size)
            for page, (policy, key, form) in PAGES.items()
            for size in SIZES
        }
        crowded = full(Path(name) / "full.sqlite3")
        for size in SIZES:
            at = f"{size[0]}x{size[1]}"
            found[f"full inbox {at}"] = of_the_book(crowded, "netex", "I", "B", size)
            found |= {
                f"{dialog} {at}": of_a_dialog(desks["netex"], keys, size) for dialog, keys in DIALOGS.items()
            }
    missed = [
        f"{screen}: {name}"
        for screen, figures in found.items()
        for name, limit in (LIMIT | (SMALL_LIMIT if screen.endswith(" 80x24") else {})).items()
        if figures.get(name, 0) > limit
    ]
    print(json.dumps({"figures": found, "limits": LIMIT, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
