"""Kills writers with SIGKILL at random moments and counts what they had been told was saved.

Usage: python tests/crash/kill_writes.py [--kills 300] [--writers 8] [--seed N] [--store PATH]

Rounds with 1 to N writer processes on one store.  A writer reports a ticket or changes
one (row, journal entry and deadlines in one transaction) and then tells what was saved
by one line on its pipe.  Each writer is killed at a random moment and replaced; the store
is kept and so meets many kills.  Afterwards every line told must be in the store, nothing
may be half there, and integrity and foreign keys must hold.  Exit status 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

from supporttui.policy.timeline import Deadline
from supporttui.store import deadlines, journal, open_store, tickets
from supporttui.store.criteria import AllOf, Compare, Sort
from supporttui.store.session import Store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def write_for_ever(path: str, name: str, told: int) -> None:
    """The writer: one line into the pipe after each commit, at once."""
    chance = random.Random(name)
    with open_store(path) as store:
        mine: list[int] = []
        step = 0
        while True:
            step += 1
            if not mine or chance.random() < 0.5:
                number = _report(store, name, step)
                mine.append(number)
                line = f"reported {number} {name}/{step}\n"
            else:
                number = chance.choice(mine)
                line = f"changed {number} {_change(store, number, step)} {name}/{step}\n"
            os.write(told, line.encode())


def _report(store: Store, name: str, step: int) -> int:
    with store.write():
        values = {
            "subject": f"{name}/{step}",
            "severity": 1,
            "status": "new",
            "reported_at": NOW,
            "owner": name,
        }
        number = tickets.insert(store, values)
        _entry(store, number, 1, f"{name}/{step}")
        deadlines.replace(store, number, [_rung(level) for level in (1, 2)], "p")
    return number


def _change(store: Store, number: int, step: int) -> int:
    with store.write():
        ticket = tickets.get(store, number)
        assert ticket is not None
        saved = tickets.update(store, number, ticket.version, {"status": f"s{step}", "minutes_logged": step})
        assert saved
        _entry(store, number, ticket.version + 1, f"{ticket.owner}/{step}")
    return ticket.version + 1


def _entry(store: Store, number: int, version: int, text: str) -> None:
    journal.append(
        store, ticket=number, version=version, at=NOW, recorded_at=NOW, actor="w", kind="note", text=text
    )


def _rung(level: int) -> Deadline:
    return Deadline(
        key=f"r{level}", kind="escalation", role="director", level=level, label="", severity=1, state="armed",
        due_at=NOW + timedelta(hours=level),
    )  # fmt: skip


class Writer:
    """A writer process and what it has told.

    Forked from this one, which has everything loaded and no store open: a fresh
    interpreter for each would take longer than everything that is tested.
    """

    def __init__(self, path: str, name: str, *, wait: bool) -> None:
        reader, told = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(reader)
                write_for_ever(path, name, told)
            finally:
                os._exit(1)
        os.close(told)
        self._told = os.fdopen(reader, "rb")
        self._first = self._told.readline() if wait else b""  # after one line it is writing

    def kill(self) -> list[str]:
        """Kill it; every whole line that it told."""
        os.kill(self._pid, signal.SIGKILL)
        with self._told:
            lines = [self._first, *self._told.read().splitlines(keepends=True)]
        os.waitpid(self._pid, 0)
        return [line.decode().rstrip("\n") for line in lines if line.endswith(b"\n")]


def run(path: str, kills: int, most_writers: int, seed: int) -> tuple[list[str], list[int]]:
    """Kill so many writers; what they told, and the kills of each round."""
    chance = random.Random(seed)
    told: list[str] = []
    rounds: list[int] = []
    open_store(path).close()
    born = 0
    while sum(rounds) < kills:
        size = min(len(rounds) % most_writers + 1, kills - sum(rounds))
        writers = []
        for _ in range(size):
            born += 1
            # One in four may be killed while it opens the store.
            writers.append(Writer(path, f"w{born}", wait=chance.random() < 0.75))
        for writer in chance.sample(writers, size):
            time.sleep(chance.random() * 0.03)  # the random moment is what is tested
            told.extend(writer.kill())
        rounds.append(size)
    return told, rounds


def check(path: str, told: list[str]) -> list[str]:
    """What is wrong with the store, as lines; empty when everything told is there and all of it is whole."""
    wrong: list[str] = []
    with open_store(path) as store:
        if (found := store.execute("PRAGMA integrity_check")) != [("ok",)]:
            wrong.append(f"integrity: {found[:3]}")
        if found := store.execute("PRAGMA foreign_key_check"):
            wrong.append(f"foreign keys: {found[:3]}")
        texts = {(number, text) for number, text in store.execute("SELECT ticket, text FROM journal")}
        versions = dict(store.execute("SELECT number, version FROM ticket"))
        for line in told:
            what, number, *rest = line.split()
            if (int(number), rest[-1]) not in texts:
                wrong.append(f"lost: {line}")
            if what == "changed" and versions.get(int(number), 0) < int(rest[0]):
                wrong.append(f"older than told: {line}")
        wrong += _halves(store)
    return wrong


def _halves(store: Store) -> list[str]:
    """Transactions of which a part is there: rows, entries and deadlines must agree."""
    entries = store.execute(
        "SELECT number FROM ticket t WHERE version <> (SELECT count(*) FROM journal j WHERE j.ticket = t.number)"
    )
    rungs = store.execute(
        "SELECT number FROM ticket t WHERE 2 <> (SELECT count(*) FROM deadline d WHERE d.ticket = t.number)"
    )
    store.execute("INSERT INTO ticket_words (ticket_words, rank) VALUES ('integrity-check', 1)")
    newest = tickets.page(store, AllOf(), Sort("number", True), limit=1)
    name = tickets.page(store, Compare("subject", "=", newest[0].subject), Sort(), limit=1)
    unfound = [] if name == newest else ["the newest ticket is not found by its subject"]
    return [f"entries of {number}" for (number,) in entries] + [f"rungs of {n}" for (n,) in rungs] + unfound


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", default="")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = options.store or f"{folder}/desk.sqlite3"
        began = time.monotonic()
        told, rounds = run(path, options.kills, options.writers, options.seed)
        wrong = check(path, told)
        lost = sum(line.startswith("lost") for line in wrong)
        print(
            f"{sum(rounds)} kills in {len(rounds)} rounds of 1 to {max(rounds)} writers, {len(told)} acknowledged "
            f"writes, {lost} lost, {len(wrong) - lost} other faults, {time.monotonic() - began:.0f} s"
        )
        for line in wrong[:20]:
            print(line)
    return 1 if wrong or not told else 0


if __name__ == "__main__":
    sys.exit(main())
