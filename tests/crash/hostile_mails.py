"""Do mails made to hurt get lost, break the gateway, or go unseen?  The figure of `nasty_mails.py`.

    python tests/crash/hostile_mails.py                          # 2,000: quick, as CI runs it
    python tests/crash/hostile_mails.py --count 100000 --jobs 2  # the long form

Each mail goes the gateway's way: spool, limited child, one transaction.  Every 50th goes through the real command
on standard input, with exit code and all.  Afterwards each must be kept byte by byte under its hash, on record
exactly once, and where somebody sees it: on a ticket, or waiting for a decision.  Exit status 1 otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from supporttui.clock import SystemClock  # noqa: E402
from supporttui.desk.files import blobs_of  # noqa: E402
from supporttui.desk.letterhead import Letterhead  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.intake.mail import spool  # noqa: E402
from supporttui.intake.mail.gateway import Gateway  # noqa: E402
from supporttui.intake.settings import read_intake  # noqa: E402
from supporttui.store import Store, open_store  # noqa: E402
from tests.crash.nasty_mails import nasty  # noqa: E402

OURS = "desk@vendor.example"
INTAKE = f'[mail]\naddresses = ["{OURS}"]\nauthserv_id = "mx.vendor.example"\n'
# What needs nobody's eye: the desk's own letters, whom the desk blocked, questions answered or refused.
NOBODYS = frozenset({"ours", "blocked", "status"})
EVERY_NTH_BY_COMMAND = 50
SWEEP = 500  # mails after which files that were compared are removed: 100,000 would fill a disk


class Site:
    """A desk with a few tickets, which the mails claim to belong to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "desk.sqlite3"
        (folder / "intake.toml").write_text(INTAKE)
        self.environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "SUPPORTTUI_STORE": str(self.path), "SUPPORTTUI_POLICY": "netex",
            "SUPPORTTUI_INTAKE": str(folder / "intake.toml"), "HOME": str(folder), "SUPPORTTUI_ZONE": "UTC",
        }  # fmt: skip

    def fill(self) -> None:
        with open_store(str(self.path)) as store:
            desk = self.desk(store)
            for at in range(10):
                report(desk, NewTicket(subject=f"problem {at}", contact_email=f"p{at}@c{at}.example"))

    def desk(self, store: Store) -> Desk:
        head = Letterhead(sender=OURS, own=frozenset({OURS}))
        return Desk(store, "netex", SystemClock(), "intake", None, head)

    def gateway(self, store: Store) -> Gateway:
        settings = read_intake(INTAKE, "intake.toml")
        blobs = blobs_of(store, settings)
        return Gateway(self.desk(store), settings, blobs, spool.folder_for(str(self.path)))

    def by_command(self, raw: bytes) -> tuple[str, int]:
        """Outcome and ticket as the command says them.  Errors: ValueError for any exit code but 0."""
        done = subprocess.run(
            [sys.executable, "-m", "supporttui", "intake", "mail", "--json"],
            input=raw, env=self.environment, cwd=self.folder, capture_output=True,
        )  # fmt: skip
        if done.returncode:
            raise ValueError(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
        said = json.loads(done.stdout)
        return said["outcome"], said["ticket"]


def deliver(site: Site, seed: int, numbers: range) -> dict[str, object]:
    """Hand the mails in, one after the other; what is wrong, by kind, and what became of them."""
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    took: list[float] = []
    with open_store(str(site.path)) as store:
        gateway = site.gateway(store)
        for at, number in enumerate(numbers):
            raw, done = nasty(seed, number)
            began = time.monotonic()
            try:
                if at % EVERY_NTH_BY_COMMAND == EVERY_NTH_BY_COMMAND - 1:
                    outcome, _ = site.by_command(raw)
                else:
                    outcome = gateway.deliver([raw]).outcome
                    took.append(time.monotonic() - began)
            except Exception as error:
                faults.append(f"crashed: mail {number} ({done}): {type(error).__name__}: {error}"[:400])
                continue
            outcomes[outcome] += 1
            faults += [
                f"{fault}: mail {number} ({done}), {outcome}"
                for fault in unlike(gateway, store, raw, outcome)
            ]
            if at % SWEEP == SWEEP - 1:
                sweep(gateway.blobs.folder)
    return {"outcomes": outcomes, "faults": faults, "took": took}


def unlike(gateway: Gateway, store: Store, raw: bytes, outcome: str) -> Iterator[str]:
    """What is wrong with how one mail is kept."""
    hash = hashlib.sha256(raw).hexdigest()
    kept = gateway.blobs.path(hash)
    if not kept.is_file() or kept.read_bytes() != raw:
        yield "lost: its bytes are not kept"
    rows = store.execute(
        "SELECT id, ticket, kind, size FROM message WHERE direction = 'in' AND raw_hash = ?", (hash,)
    )
    if outcome == "duplicate" and not rows:
        return  # the same mail but for its transport
    if len(rows) != 1:
        yield f"lost: on record {len(rows)} times"
        return
    id, ticket, kind, size = rows[0]
    if size != len(raw):
        yield "lost: another size is on record"
    if kind in NOBODYS:
        return
    if ticket:
        seen = store.execute("SELECT 1 FROM ticket WHERE number = ?", (ticket,))
        attached = store.execute("SELECT 1 FROM attachment WHERE ticket = ? AND hash = ?", (ticket, hash))
        if kind == "fallback" and not attached:
            yield "unseen: the mail as it came is not attached"
    else:
        seen = store.execute("SELECT 1 FROM intake_item WHERE message = ? AND state = 'waiting'", (id,))
    if not seen:
        yield f"unseen: {kind} without a ticket, and nobody is asked"


def sweep(folder: Path) -> None:
    for shelf in folder.iterdir():
        if len(shelf.name) == 2:
            for file in shelf.iterdir():
                if time.time() - file.stat().st_mtime > 60:
                    file.unlink(missing_ok=True)


def worker(site: Site, seed: int, numbers: range, told: Path) -> int:
    """A process that hands its share in; its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        told.write_text(json.dumps(deliver(site, seed, numbers)))
        code = 0
    finally:
        os._exit(code)


def whole(site: Site) -> list[str]:
    """What is wrong with the store afterwards."""
    with open_store(str(site.path)) as store:
        wrong = [f"integrity: {row}" for row in store.execute("PRAGMA integrity_check") if row != ("ok",)]
        wrong += [f"foreign keys: {row}" for row in store.execute("PRAGMA foreign_key_check")]
        twice = store.execute(
            "SELECT message_id, count(*) FROM message WHERE direction = 'in' GROUP BY message_id, raw_hash HAVING count(*) > 1"
        )
        wrong += [f"twice on record: {row}" for row in twice]
        left = spool.waiting(site.gateway(store).folder)
    return wrong + [f"still in the spool: {name}" for name in left]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        site = Site(folder)
        site.fill()
        share = -(-options.count // options.jobs)
        ranges = [range(at, min(at + share, options.count)) for at in range(0, options.count, share)]
        files = [folder / f"told-{at}" for at in range(len(ranges))]
        children = [worker(site, options.seed, one, file) for one, file in zip(ranges, files, strict=True)]
        died = sum(os.waitpid(child, 0)[1] != 0 for child in children)
        told = [json.loads(file.read_text()) for file in files if file.exists()]
        faults = [line for one in told for line in one["faults"]] + whole(site)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    outcomes: Counter[str] = sum((Counter(one["outcomes"]) for one in told), Counter())
    took = sorted(second for one in told for second in one["took"]) or [0.0]
    counts = {kind: sum(line.startswith(kind) for line in faults) for kind in ("lost", "crashed", "unseen")}
    other = len(faults) - sum(counts.values()) + died
    print(
        f"{sum(outcomes.values()) + counts['crashed']} hostile mails, seed {options.seed}: {counts['lost']} lost, "
        f"{counts['crashed']} crashed, {counts['unseen']} unseen, {other} other faults, {time.monotonic() - began:.0f} s"
    )
    print(
        f"  {', '.join(f'{count} {name}' for name, count in outcomes.most_common())}; each took "
        f"{statistics.median(took) * 1000:.0f} ms, p99 {took[int(len(took) * 0.99)] * 1000:.0f} ms, the slowest {took[-1]:.1f} s"
    )
    for line in faults[:40]:
        print(line)
    return 1 if faults or died or sum(outcomes.values()) != options.count else 0


if __name__ == "__main__":
    random.seed(1)
    sys.exit(main())
