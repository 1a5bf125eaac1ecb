"""Does a mail get lost, or become two tickets, when the gateway is killed?  The figure: 0 lost, 0 twice.

    python tests/crash/kill_gateway.py                 # 120 kills: quick, as CI runs it
    python tests/crash/kill_gateway.py --kills 2000    # the long form

Mail servers of the test's hand mails to `supporttui intake mail` and kill it with signal 9 at random moments:
any moment of its life, or one soon after its mail lies in the spool.  As a mail server does, they try again until it
ends with 0; some mails they forget after the kill, as a server that is switched off.  Afterwards every mail
that was accepted is one ticket, no mail is two, and what was forgotten is whole or was never there.
With --taker a resident taker does the work, and is killed and started again as well.
Exit status 1 otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from supporttui.store import open_store  # noqa: E402

FORGOTTEN = 0.2  # of the mails, after a kill
RACES = 0.1  # of the mails are handed over by two servers at once
PATIENCE = 60.0  # seconds for one delivery


@dataclass
class Site:
    folder: Path
    seed: int
    kills: int
    accepted: set[int] = field(default_factory=set)
    given: set[int] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    usual: float = 0.3  # seconds that a delivery takes
    next: int = 0

    def __post_init__(self) -> None:
        (self.folder / "intake.toml").write_text('[mail]\naddresses = ["desk@vendor.example"]\n')
        self.environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "SUPPORTTUI_STORE": str(self.folder / "desk.sqlite3"),
            "SUPPORTTUI_POLICY": "netex", "SUPPORTTUI_INTAKE": str(self.folder / "intake.toml"), "HOME": str(self.folder),
            "SUPPORTTUI_ZONE": "UTC",
        }  # fmt: skip

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "supporttui", *words], env=self.environment, cwd=self.folder,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=(self.folder / "errors.log").open("ab"),
        )  # fmt: skip

    def spooled(self) -> int:
        try:
            return len(os.listdir(self.folder / "spool"))
        except FileNotFoundError:
            return 0


def mail(number: int) -> bytes:
    """A mail of its own sender, so that no storm is made of them; every seventh has a file with it."""
    text = f"NETEX abends, case {number}.\r\n"
    body = text
    kind = "text/plain"
    if number % 7 == 0:
        kind = "multipart/mixed; boundary=x"
        body = f"--x\r\n\r\n{text}--x\r\nContent-Disposition: attachment; filename=dump{number}\r\n\r\n{'d' * number}\r\n--x--\r\n"
    named = "" if number % 11 == 0 else f"Message-ID: <{number}@c.example>\r\n"
    return (
        f"From: p{number}@c{number}.example\r\nTo: desk@vendor.example\r\nSubject: Problem {number}\r\n{named}"
        f"Content-Type: {kind}\r\n\r\n{body}"
    ).encode()


def serve(site: Site, chance: random.Random) -> None:
    """One mail server: takes the next mail and delivers it, until enough was killed."""
    while True:
        with site.lock:
            if site.done["kills"] >= site.kills:
                return
            site.next += 1
            number = site.next
            site.given.add(number)
        if chance.random() < RACES:
            other = threading.Thread(target=attempt, args=(site, number, None))
            other.start()
            attempt(site, number, None)
            other.join()
            continue
        deliver(site, chance, number)


def deliver(site: Site, chance: random.Random, number: int) -> None:
    """Until it is accepted; now and then it is forgotten after a kill."""
    for _ in range(20):
        if attempt(site, number, chance if chance.random() < 0.8 else None):
            return
        if chance.random() < FORGOTTEN:
            with site.lock:
                site.done["forgotten"] += 1
            return
    attempt(site, number, None)


def attempt(site: Site, number: int, chance: random.Random | None) -> bool:
    """Hand a mail over once, killed at a random moment if there is a chance; whether it was accepted."""
    before, began = site.spooled(), time.monotonic()
    process = site.run("intake", "mail", "--from", f"p{number}@c{number}.example")
    assert process.stdin is not None
    try:
        process.stdin.write(mail(number))
        process.stdin.close()
    except BrokenPipeError:
        pass
    if chance is not None:
        if chance.random() < 0.3:
            time.sleep(chance.random() * 1.2 * site.usual)
        else:
            while site.spooled() <= before and process.poll() is None and time.monotonic() - began < PATIENCE:
                time.sleep(0.001)
            time.sleep(chance.random() * 0.4 * site.usual)
        alive = process.poll() is None
        process.kill()
        with site.lock:
            site.done["kills"] += alive
    code = process.wait(PATIENCE)
    with site.lock:
        site.codes[code] += 1
        if code == 0:
            site.accepted.add(number)
            if chance is None:
                site.usual = 0.9 * site.usual + 0.1 * (time.monotonic() - began)
    return code == 0


class Taker:
    """The resident taker: started again whenever it is gone, killed at random."""

    def __init__(self, site: Site, chance: random.Random) -> None:
        self.site, self.chance, self.over = site, chance, threading.Event()
        self.process = site.run("intake", "serve")
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        while not self.over.wait(0.3 + self.chance.random() * 2):
            self.process.kill()
            self.process.wait()
            with self.site.lock:
                self.site.done["taker kills"] += 1
            self.process = self.site.run("intake", "serve")

    def end(self) -> None:
        self.over.set()
        self.thread.join()
        self.process.terminate()
        self.process.wait(30)


def judge(site: Site) -> dict[str, list[int]]:
    """The mails with something wrong, by what is wrong."""
    process = site.run("intake", "retry")
    process.communicate()
    wrong: dict[str, list[int]] = {"lost": [], "twice": [], "without its ticket": [], "half": []}
    with open_store(str(site.folder / "desk.sqlite3")) as store:
        tickets = Counter(subject for (subject,) in store.execute("SELECT subject FROM ticket"))
        files = dict(store.execute("SELECT ticket, count(*) FROM attachment GROUP BY ticket"))
        for number in sorted(site.given):
            hash = hashlib.sha256(mail(number)).hexdigest()
            rows = store.execute(
                "SELECT ticket FROM message WHERE direction = 'in' AND raw_hash = ?", (hash,)
            )
            made = tickets[f"Problem {number}"]
            if number in site.accepted and not made:
                wrong["lost"].append(number)
            if made > 1 or len(rows) > 1:
                wrong["twice"].append(number)
            if len(rows) != made or (rows and not rows[0][0]):
                wrong["without its ticket"].append(number)
            kept = site.folder / "files" / hash[:2] / hash
            if rows and (not kept.is_file() or kept.read_bytes() != mail(number)):
                wrong["half"].append(number)
            if rows and number % 7 == 0 and not files.get(rows[0][0]):
                wrong["half"].append(number)
        wrong["store"] = [1 for row in store.execute("PRAGMA integrity_check") if row != ("ok",)]
    wrong["left in the spool"] = [1] * sum(
        name.endswith(".mail") for name in os.listdir(site.folder / "spool")
    )
    if process.returncode:
        wrong["retry"] = [process.returncode]
    return {what: numbers for what, numbers in wrong.items() if numbers}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--servers", type=int, default=4)
    parser.add_argument("--taker", action="store_true")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args(arguments)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gateway-"))
    try:
        site = Site(folder, options.seed, options.kills)
        taker = Taker(site, random.Random(f"{options.seed}/taker")) if options.taker else None
        servers = [
            threading.Thread(target=serve, args=(site, random.Random(f"{options.seed}/{at}")))
            for at in range(options.servers)
        ]
        for one in servers:
            one.start()
        for one in servers:
            one.join()
        if taker is not None:
            taker.end()
        wrong = judge(site)
        errors = (folder / "errors.log").read_text(errors="replace")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    strange = {code: count for code, count in site.codes.items() if code not in (0, 75, -9)}
    print(
        f"{site.done['kills']} kills of the gateway, {site.done['taker kills']} of the taker, {len(site.given)} mails, "
        f"{len(site.accepted)} accepted, {site.done['forgotten']} forgotten: {len(wrong.get('lost', ()))} lost, "
        f"{len(wrong.get('twice', ()))} twice, other faults {sum(map(len, wrong.values())) - len(wrong.get('lost', ())) - len(wrong.get('twice', ()))}, "
        f"{site.codes[75]} told to try again, {time.monotonic() - began:.0f} s, seed {options.seed}"
    )
    for what, numbers in wrong.items():
        print(f"{what}: {numbers[:20]}")
    if strange:
        print(f"strange exit codes: {strange}\n{errors[-2000:]}")
    return 1 if wrong or strange or not site.accepted else 0


if __name__ == "__main__":
    sys.exit(main())
