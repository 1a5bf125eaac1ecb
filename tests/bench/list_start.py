"""How fast commands answer, as whole processes in turn beside the yardsticks of the contract.

    supporttui --version              against  python -c pass             limit 2.0
    supporttui list, 100,000 tickets  against  python -c 'import peewee'  limit 1.6

Usage: python tests/bench/list_start.py [TICKETS [ROUNDS]]; exit code 1 when a limit is broken.
Prints one JSON object; ratios are medians of the rounds' own ratios, so that a
machine that slows down for a while slows both sides.
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

HERE = Path(__file__).resolve().parent
PYTHON = sys.executable
SEED = "import sys; sys.path.insert(0, sys.argv[1]); import seeding; seeding.seed_store(sys.argv[2], int(sys.argv[3]))"
PROGRAM = [PYTHON, "-m", "supporttui"]
LIMITS = {"version": 2.0, "list": 1.6, "list_json": 1.6}


def took(command: list[str], environ: dict[str, str]) -> float:
    """Seconds that one process takes from start to end."""
    began = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def measure(tickets: int, rounds: int) -> dict[str, dict[str, float]]:
    """Median seconds of both sides and the median ratio, for each comparison."""
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/desk.sqlite3"
        subprocess.run([PYTHON, "-c", SEED, str(HERE), store, str(tickets)], check=True)
        environ = {**os.environ, "HOME": folder, "SUPPORTTUI_STORE": store, "SUPPORTTUI_USER": "ana"}
        pairs = {
            "version": ([*PROGRAM, "--version"], [PYTHON, "-c", "pass"]),
            "list": ([*PROGRAM, "list"], [PYTHON, "-c", "import peewee"]),
            "list_json": ([*PROGRAM, "list", "--json", "--limit", "50"], [PYTHON, "-c", "import peewee"]),
            "list_query": ([*PROGRAM, "list", "sev:1", "owner:@me"], [PYTHON, "-c", "import peewee"]),
        }
        return {name: _compare(ours, theirs, environ, rounds) for name, (ours, theirs) in pairs.items()}


def _compare(ours: list[str], theirs: list[str], environ: dict[str, str], rounds: int) -> dict[str, float]:
    took(ours, environ), took(theirs, environ)
    times = [(took(ours, environ), took(theirs, environ)) for _ in range(rounds)]
    return {
        "seconds": round(statistics.median(mine for mine, _other in times), 4),
        "yardstick": round(statistics.median(other for _mine, other in times), 4),
        "ratio": round(statistics.median(mine / other for mine, other in times), 3),
    }


def main(argv: list[str]) -> int:
    tickets = int(argv[0]) if argv else 100_000
    found = measure(tickets, int(argv[1]) if len(argv) > 1 else 15)
    broken = [name for name, limit in LIMITS.items() if found[name]["ratio"] > limit]
    print(json.dumps({"tickets": tickets, "limits": LIMITS, **found, "broken": broken}, indent=2))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
