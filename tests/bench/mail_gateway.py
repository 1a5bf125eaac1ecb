"""How long a mail server waits for the gateway: one process for each mail, from its start to exit code 0.

Yardstick: a start of the interpreter that imports the standard library's e-mail package and ends.
Measured against it, in turn, so that a machine that slows down slows all of them:

    with a resident taker (`intake serve`, or `watch`)    p50 limit 2.0 times the yardstick
    alone: it loads and does everything by itself         no limit; told for whoever runs no taker

The program is started by the script that pip installs.  Each mail is a new ticket, committed and synced to the
disk when the process ends.

Usage: python tests/bench/mail_gateway.py [ROUNDS]; exit code 1 when the limit is broken.  Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 2.0
ROUNDS = 60
YARDSTICK = "import email, email.parser, email.policy, email.message, email.header, email.utils"
SCRIPT = (
    "import sys\nfrom supporttui.__main__ import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
)


class Site:
    """A desk in a folder of its own, with one contact's mails to come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.script = folder / "supporttui"
        self.script.write_text(SCRIPT)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SUPPORTTUI_")},
            "SUPPORTTUI_STORE": str(folder / "desk.sqlite3"), "HOME": str(folder), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.mails = 0

    def mail(self) -> bytes:
        self.mails += 1
        at = self.mails
        return (
            f"From: Ann <p{at}@c{at}.example>\r\nTo: desk@vendor.example\r\nSubject: Problem {at}\r\n"
            f"Message-ID: <{at}@c.example>\r\nDate: Mon, 16 Nov 2026 10:00:00 +0000\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\nThe line is down, case {at}.\r\n"
        ).encode()

    def took(self, words: list[str]) -> float:
        """Milliseconds of one process that gets a mail."""
        raw = self.mail()
        began = time.perf_counter()
        done = subprocess.run([sys.executable, *words], input=raw, env=self.environment, capture_output=True)
        took = time.perf_counter() - began
        if done.returncode:
            raise SystemExit(f"{words}: exit code {done.returncode}: {done.stderr.decode()}")
        return took * 1000

    def gateway(self) -> float:
        return self.took([str(self.script), "intake", "mail"])

    def serve(self) -> subprocess.Popen[bytes]:
        """A taker, when it listens and has taken its first mail."""
        taker = subprocess.Popen(
            [sys.executable, str(self.script), "intake", "serve", "--quiet"], env=self.environment
        )
        until = time.monotonic() + 20
        while not (self.folder / "spool" / "taker").exists() and time.monotonic() < until:
            time.sleep(0.02)
        self.gateway()
        return taker


def measure(site: Site, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"yardstick": [], "taker": [], "alone": []}
    yardstick = ["-c", YARDSTICK]
    for at in range(3):
        times["alone"] += [site.gateway() for _ in range(max(1, rounds // 6))] if at else []
        site.took(yardstick)
    taker = site.serve()
    try:
        for at in range(rounds):
            for name in ("yardstick", "taker") if at % 2 else ("taker", "yardstick"):
                times[name].append(site.took(yardstick) if name == "yardstick" else site.gateway())
    finally:
        taker.terminate()
        taker.wait()
    return times


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o700)
        times = measure(Site(Path(name)), rounds)
    middle = {name: statistics.median(values) for name, values in times.items()}
    found = {
        "email_import_ms": round(middle["yardstick"], 1),
        "gateway_with_taker_ms": round(middle["taker"], 1),
        "gateway_alone_ms": round(middle["alone"], 1),
        "ratio_with_taker": round(middle["taker"] / middle["yardstick"], 2),
        "ratio_alone": round(middle["alone"] / middle["yardstick"], 2),
    }
    missed = found["ratio_with_taker"] > LIMIT
    print(
        json.dumps(
            {"figures": found, "limit": {"ratio_with_taker": LIMIT}, "rounds": rounds, "missed": missed}
        )
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
