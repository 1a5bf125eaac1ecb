"""Watchers that send letters, killed at random moments; did every customer get every letter, and in order?

Usage: python tests/crash/kill_letters.py [--letters 120] [--watchers 3] [--kills 25] [--seed N] [--long]

A real SMTP server on loopback takes them.  Afterwards every letter must have arrived; one may have arrived twice only
where a watcher was killed over it, byte for byte the same and marked as doubtful in the outbox; and no customer
may have got a later letter before an earlier one for the first time.  Exit status 1 otherwise; one JSON object is
printed.  --long: 2,000 letters, 200 kills.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from aiosmtpd.controller import Controller  # noqa: E402

from supporttui.clock import SystemClock  # noqa: E402
from supporttui.desk import write  # noqa: E402
from supporttui.desk.letterhead import Letterhead  # noqa: E402
from supporttui.desk.report import NewTicket, report  # noqa: E402
from supporttui.desk.session import Desk  # noqa: E402
from supporttui.store import notices, open_store  # noqa: E402

CUSTOMERS = 6
PATIENCE = 300.0


class Server:
    """Takes letters slowly enough to be interrupted.  took: (address, bytes)."""

    def __init__(self) -> None:
        self.took: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0.005)
        self.took.append((envelope.rcpt_tos[0], envelope.content))
        await asyncio.sleep(0.005)
        return "250 taken"


class Site:
    """The desk's files and the watchers on it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.store = folder, folder / "desk.sqlite3"
        self.channels = folder / "channels.toml"
        self.channels.write_text(
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "desk@vendor.example"\n'
        )
        self.watchers: list[subprocess.Popen[bytes]] = []

    def writes(self, letters: int) -> None:
        head = Letterhead(sender="desk@vendor.example")
        with open_store(str(self.store)) as store:
            desk = Desk(store, "netex", SystemClock(), "ana", letterhead=head)
            numbers = [
                report(
                    desk, NewTicket(subject="x", severity=1 + n % 4, contact_email=f"c{n}@a.example")
                ).number
                for n in range(CUSTOMERS)
            ]
            for n in range(letters):
                write.reply(desk, numbers[n % CUSTOMERS], f"letter {n:06d}")

    def starts(self) -> None:
        environ = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(HERE.parents[1]),
            "SUPPORTTUI_STORE": str(self.store), "SUPPORTTUI_CHANNELS": str(self.channels),
        }  # fmt: skip
        words = [sys.executable, "-m", "supporttui", "watch", "--quiet"]
        self.watchers.append(subprocess.Popen(words, env=environ, start_new_session=True))

    def kills(self) -> None:
        one = self.watchers.pop(random.randrange(len(self.watchers)))
        one.send_signal(signal.SIGKILL)
        one.wait()
        self.starts()

    def waiting(self) -> int:
        with open_store(str(self.store)) as store:
            return sum(one.kind == "letter" for one in notices.waiting(store, 100_000))

    def end(self) -> None:
        for one in self.watchers:
            one.terminate()
        for one in self.watchers:
            one.wait(30)


def run(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    server = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    site = Site(folder, port)
    site.writes(args.letters)
    began, kills = time.monotonic(), 0
    try:
        for _ in range(args.watchers):
            site.starts()
        while site.waiting() and time.monotonic() - began < PATIENCE:
            time.sleep(random.uniform(0.05, 0.6))
            if kills < args.kills:
                site.kills()
                kills += 1
    finally:
        site.end()
        controller.stop()
    return {
        **judged(site, server, args.letters),
        "kills": kills,
        "seconds": round(time.monotonic() - began, 1),
    }


def judged(site: Site, server: Server, letters: int) -> dict[str, Any]:
    texts = [(to, _text(raw), raw) for to, raw in server.took]
    copies: dict[str, set[bytes]] = {}
    for _, text, raw in texts:
        copies.setdefault(text, set()).add(raw)
    repeated = {text for text, count in Counter(text for _, text, _ in texts).items() if count > 1}
    with open_store(str(site.store)) as store:
        doubtful = {
            str(one.data["letter"]["text"]).split("\n")[0]
            for number in range(1, CUSTOMERS + 1)
            for one in notices.of_ticket(store, number)
            if one.kind == "letter" and one.doubtful
        }
    order: dict[str, list[str]] = {}
    for to, text, _ in texts:
        if text not in order.setdefault(to, []):
            order[to].append(text)
    return {
        "letters": letters, "arrived": len(texts), "repeats": len(repeated), "waiting": site.waiting(),
        "lost": letters - len(copies), "not the same bytes": sum(len(one) > 1 for one in copies.values()),
        "repeats unmarked": len(repeated - doubtful), "out of order": sum(one != sorted(one) for one in order.values()),
    }  # fmt: skip


def _text(raw: bytes) -> str:
    payload = message_from_bytes(raw).get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().split("\n")[0].strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, usual in (("letters", 120), ("watchers", 3), ("kills", 25), ("seed", int(time.time()))):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--long", action="store_true")
    args = parser.parse_args()
    if args.long:
        args.letters, args.kills = 2000, 200
    random.seed(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        done = run(args, Path(folder))
    print(json.dumps({**done, "seed": args.seed}, indent=2))
    wrong = ("lost", "waiting", "not the same bytes", "repeats unmarked", "out of order")
    return int(any(done[name] for name in wrong) or done["repeats"] > done["kills"])


if __name__ == "__main__":
    sys.exit(main())
