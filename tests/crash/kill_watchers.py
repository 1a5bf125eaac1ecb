"""Watchers and consoles on one store, killed at random moments while the clock jumps; who was told what, how often?

Usage: python tests/crash/kill_watchers.py [--rungs 400] [--watchers 8] [--consoles 2] [--kills 40]
                                           [--jumps 12] [--seed N] [--long]

Every ticket's first rung comes due while the run lasts; the clock is moved by libfaketime, which all
processes obey.  The receiver is a program that writes down what it is told.  Afterwards every rung
that is due must have fired once (one record), every notice must have arrived, and a notice may have
arrived twice only where the leader was killed over it, marked as a possible repetition and with the
same key.  Exit status 1 otherwise; one JSON object is printed.  --long: 4,000 rungs, 500 kills, 200 jumps.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from supporttui.clock import SystemClock  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.policy.loading import preset_text  # noqa: E402
from supporttui.store import notices, open_store  # noqa: E402
from supporttui.store.leader import SUFFIX  # noqa: E402
from tests.wire.driver import Terminal  # noqa: E402

SPREAD = timedelta(minutes=100)  # over which the rungs come due; the clock's jumps lead through it
LEAD = timedelta(minutes=1)
DRAIN = 900.0


class Site:
    """The desk's files, the clock that all processes obey, and what the receiver wrote down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, folder / "desk.sqlite3"
        self.log, self.clock = folder / "told.log", folder / "clock"
        self.ahead = timedelta(0)
        program = folder / "told"
        program.write_text(
            f'#!/bin/sh\nprintf "%s %s\\n" "$SUPPORTTUI_DOUBTFUL" "$SUPPORTTUI_KEY" >> "{self.log}"\n'
        )
        program.chmod(0o700)
        policy, channels = folder / "policy.toml", folder / "channels.toml"
        policy.write_text(
            preset_text("netex").replace(
                'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["command:pager"]'
            )
        )
        channels.write_text(f'[[command]]\nname = "pager"\nargv = ["{program}"]\n')
        self.policy = str(policy)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "LOGNAME": "ana",
            "SUPPORTTUI_STORE": str(self.store), "SUPPORTTUI_POLICY": self.policy,
            "SUPPORTTUI_CHANNELS": str(channels), "LD_PRELOAD": libfaketime(),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TERM": "xterm-256color",
        }  # fmt: skip
        self.jump(timedelta(0))

    def jump(self, by: timedelta) -> None:
        """Set the clock of all processes, in one step that none of them reads half."""
        self.ahead += by
        new = self.folder / "clock.new"
        new.write_text(f"{self.ahead.total_seconds():+.0f}\n")
        os.replace(new, self.clock)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def fill(self, rungs: int) -> None:
        """Tickets whose director's rung comes due within SPREAD from now."""
        now = datetime.now(UTC).replace(microsecond=0)
        with open_store(self.store) as store:
            desk = Desk(store, self.policy, SystemClock(), "mail")
            for at in range(0, rungs, 200):
                with store.write():
                    for place in range(at, min(at + 200, rungs)):
                        due = now + LEAD + SPREAD * (place / rungs)
                        report(
                            desk,
                            NewTicket(
                                subject=f"down {place}", severity=1, reported_at=due - timedelta(hours=8)
                            ),
                        )

    def told(self) -> list[tuple[str, bool]]:
        """(key, marked as a possible repetition) of every arrival, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(line[2:], line[0] == "1") for line in lines]

    def leader(self) -> int:
        """The process that sends, 0 for nobody: who the kernel says holds the lock."""
        try:
            inode = os.stat(f"{self.store}{SUFFIX}").st_ino
        except FileNotFoundError:
            return 0
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if "->" not in words and words[1] == "FLOCK" and words[5].endswith(f":{inode}"):
                return int(words[4])
        return 0


def libfaketime() -> str:
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    if not found:
        raise SystemExit("libfaketime is missing: apt-get install libfaketime")
    return found[0]


def watcher(site: Site) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "supporttui", "watch", "--quiet"], env=site.environment, cwd=site.folder,
        stdout=subprocess.DEVNULL, stderr=open(site.folder / "errors.log", "ab"),
    )  # fmt: skip


def console(site: Site) -> Terminal:
    return Terminal([sys.executable, "-m", "supporttui"], site.environment, columns=80, lines=24)


def run(site: Site, chance: random.Random, size: int, consoles: int, kills: int, jumps: int) -> Counter[str]:
    """Kill and jump at random moments, then let everything be told."""
    done: Counter[str] = Counter()
    watchers = [watcher(site) for _ in range(size)]
    terminals = [console(site) for _ in range(consoles)]
    end = site.now() - site.ahead + LEAD + SPREAD
    acts = ["kill"] * kills + ["jump"] * jumps
    chance.shuffle(acts)
    forward = (SPREAD + 2 * LEAD) / max(1, jumps - jumps // 4)
    back = [True] * (jumps // 4) + [False] * (jumps - jumps // 4)
    chance.shuffle(back)
    for act in acts:
        time.sleep(chance.random() * 0.5)  # the random moment is what is tested
        if act == "jump":
            done["jumps"] += 1
            site.jump(-timedelta(seconds=chance.randint(6, 90)) if back.pop() else forward)
        else:
            place = victim(chance, watchers, site.leader())
            leading = watchers[place].pid == site.leader()
            done["kills"] += 1
            done["leader kills"] += leading
            watchers[place].send_signal(signal.SIGKILL)
            watchers[place].wait()
            watchers[place] = watcher(site)
    if site.now() < end + LEAD:
        site.jump(end + LEAD - site.now())
    drained = drain(site)
    for one in watchers:
        one.terminate()
    for one in watchers:
        one.wait()
    for terminal in terminals:
        terminal.close()
    done["drained"] = drained
    return done


def victim(chance: random.Random, watchers: list[subprocess.Popen[bytes]], leader: int) -> int:
    """Whom to kill: anybody, and every third time the one that sends, whose death is the hard case."""
    leading = [place for place, one in enumerate(watchers) if one.pid == leader]
    return leading[0] if leading and chance.random() < 1 / 3 else chance.randrange(len(watchers))


def drain(site: Site) -> bool:
    """Wait until nothing is due and nothing waits."""
    limit = time.monotonic() + DRAIN
    while time.monotonic() < limit:
        with open_store(site.store, readonly=True) as store:
            waiting = notices.counts(store)["queued"]
            armed = store.execute(
                "SELECT count(*) FROM deadline WHERE state = 'armed' AND live = 1 AND due_at <= ?",
                (int(site.now().timestamp()),),
            )[0][0]
        if not waiting and not armed:
            return True
        time.sleep(1.0)
    return False


def judge(site: Site, rungs: int, done: Counter[str]) -> dict[str, object]:
    """What is wrong, counted; every number but `repeats` and `arrived` must be 0."""
    with open_store(site.store, readonly=True) as store:
        fired = store.execute("SELECT ticket, key FROM deadline WHERE state = 'fired' AND role = 'director'")
        records = Counter(
            store.execute(
                "SELECT ticket, data FROM journal WHERE kind = 'escalated' AND data LIKE '%\"director\"%'"
            )
        )
        keys = {row[0] for row in store.execute("SELECT key FROM notice")}
        integrity = store.execute("PRAGMA integrity_check")
    per_ticket = Counter(ticket for ticket, _ in records.elements())
    told = site.told()
    arrived = Counter(key for key, _ in told)
    seen: set[str] = set()
    unmarked = 0
    for key, marked in told:
        unmarked += key in seen and not marked
        seen.add(key)
    repeats = sum(count - 1 for count in arrived.values())
    return {
        "rungs": rungs,
        "arrived": len(told),
        "repeats": repeats,
        "leader kills": done["leader kills"],
        "kills": done["kills"],
        "jumps": done["jumps"],
        "not fired": rungs - len(fired),
        "records more than one": sum(count - 1 for count in per_ticket.values()),
        "fired without a record": rungs - len(per_ticket),
        "lost": len(keys - set(arrived)) + (rungs - len(keys)),
        "unknown": len(set(arrived) - keys),
        "repeats beyond leader kills": max(0, repeats - done["leader kills"]),
        "repeats unmarked": unmarked,
        "not drained": 0 if done["drained"] else 1,
        "integrity": 0 if integrity == [("ok",)] else 1,
    }


FREE = frozenset({"rungs", "arrived", "repeats", "leader kills", "kills", "jumps", "seconds", "seed"})


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, usual in (("rungs", 400), ("watchers", 8), ("consoles", 2), ("kills", 40), ("jumps", 12)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--long", action="store_true")
    args = parser.parse_args()
    if args.long:
        args.rungs, args.kills, args.jumps = 4000, 500, 200
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="watchers-") as name:
        os.chmod(name, 0o700)
        site = Site(Path(name))
        site.fill(args.rungs)
        done = run(site, random.Random(args.seed), args.watchers, args.consoles, args.kills, args.jumps)
        found = judge(site, args.rungs, done)
        errors = site.folder / "errors.log"
        if errors.exists() and errors.stat().st_size:
            sys.stderr.write(errors.read_text()[-2000:])
    found |= {"seconds": round(time.monotonic() - began, 1), "seed": args.seed}
    print(json.dumps(found, indent=2))
    return 1 if any(value for key, value in found.items() if key not in FREE) else 0


if __name__ == "__main__":
    sys.exit(main())
