"""The n-th write, sync or truncation fails, once or from then on: nothing is called saved that is not.

Faults come from a SQLite VFS of the tests' own, under the real file system.  An error that
was reported may still turn out to have been saved (the disk may lie either way); the
opposite, and a damaged store, may never be.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import apsw
import pytest

from supporttui.errors import StoreError
from supporttui.policy.timeline import Deadline
from supporttui.store import deadlines, journal, open_store, tickets
from supporttui.store.criteria import AllOf, Words

PLATFORM = apsw.vfs_names()[0]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Faults:
    """Counts down to the call that fails."""

    def __init__(self):
        self.error, self.left, self.for_ever, self.hits = None, 0, False, 0

    def arm(self, error, nth, for_ever):
        self.error, self.left, self.for_ever, self.hits = error, nth, for_ever, 0

    def disarm(self):
        self.error = None

    def tick(self):
        if self.error is None:
            return
        self.left -= 1
        if self.left == 0 or (self.left < 0 and self.for_ever):
            self.hits += 1
            raise self.error


class FaultyFile(apsw.VFSFile):
    faults: Faults

    def xWrite(self, data, offset):
        self.faults.tick()
        return super().xWrite(data, offset)

    def xSync(self, flags):
        self.faults.tick()
        return super().xSync(flags)

    def xTruncate(self, size):
        self.faults.tick()
        return super().xTruncate(size)


class FaultyVFS(apsw.VFS):
    def __init__(self):
        super().__init__("faulty", PLATFORM, makedefault=True)

    def xOpen(self, name, flags):
        return FaultyFile(PLATFORM, name, flags)


@pytest.fixture
def faults():
    found = Faults()
    FaultyFile.faults = found
    vfs = FaultyVFS()
    yield found
    vfs.unregister()


def report(store, text):
    with store.write():
        values = {
            "subject": text,
            "severity": 1,
            "status": "new",
            "reported_at": NOW,
            "description": "x" * 3000,
        }
        number = tickets.insert(store, values)
        journal.append(
            store, ticket=number, version=1, at=NOW, recorded_at=NOW, actor="a", kind="note", text=text
        )
        rung = Deadline(
            key="a", kind="escalation", role="r", level=1, label="", severity=1, state="armed", due_at=NOW
        )
        deadlines.replace(store, number, [rung], "p")
    return number


def change(store, text):
    with store.write():
        ticket = tickets.get(store, 1)
        assert tickets.update(
            store, 1, ticket.version, {"subject": text, "resolved_at": NOW + timedelta(hours=1)}
        )
        journal.append(
            store,
            ticket=1,
            version=ticket.version + 1,
            at=NOW,
            recorded_at=NOW,
            actor="a",
            kind="note",
            text=text,
        )
    return 1


def is_saved(store, text):
    """All of the change is there (True) or nothing of it (False); anything between fails."""
    parts = [
        tickets.count(store, Words(text)) == 1,
        text in [entry.text for entry in journal.recent(store, limit=500)],
        any(line.subject == text for line in tickets.lines(store, range(500))),
    ]
    assert len(set(parts)) == 1, parts
    halves = (
        "SELECT number FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM deadline d WHERE d.ticket = t.number)"
    )
    assert store.execute(halves) == []
    return parts[0]


KINDS = {"full": apsw.FullError, "io": apsw.IOError}


@pytest.mark.parametrize(
    ("verb", "kind", "for_ever", "checkpoint_each"),
    [
        (report, "io", False, False),
        (report, "full", True, False),
        (change, "full", False, True),
        (change, "io", True, True),
    ],
)
def test_the_nth_fault(tmp_path, faults, verb, kind, for_ever, checkpoint_each):
    path = tmp_path / "desk.sqlite3"
    with open_store(path) as store:
        report(store, "first")
    failed = 0
    for nth in range(1, 200):
        text = f"{verb.__name__}n{nth}"
        with open_store(path) as store:
            if checkpoint_each:
                store.execute("PRAGMA wal_autocheckpoint = 1")
            faults.arm(KINDS[kind](), nth, for_ever)
            error = None
            try:
                verb(store, text)
            except StoreError as caught:
                error = caught
            hits = faults.hits
            faults.disarm()
            with open_store(path) as other:
                assert is_saved(other, text) or error is not None, f"said saved, and is not: fault {nth}"
            if error is not None:
                failed += 1
                assert "\n" not in str(error) and ("no room" in str(error) or "disk failed" in str(error))
                verb(store, f"{text}again")  # the same store works on once the disk does
                assert is_saved(store, f"{text}again")
        if not hits:
            break
    assert failed > 2 and not hits
    with open_store(path) as store:
        assert store.execute("PRAGMA integrity_check") == [("ok",)]
        assert store.execute("PRAGMA foreign_key_check") == []
        store.execute("INSERT INTO ticket_words (ticket_words, rank) VALUES ('integrity-check', 1)")
        assert tickets.count(store, AllOf()) >= 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_while_the_store_is_made(tmp_path, faults, kind):
    """Whenever the making of a store fails, the next opening makes it whole."""
    nth = 0
    for nth in range(1, 2000, 11):
        path = tmp_path / f"{nth}.sqlite3"
        faults.arm(KINDS[kind](), nth, True)
        try:
            open_store(path).close()
        except StoreError as error:
            assert "\n" not in str(error)
        hits = faults.hits
        faults.disarm()
        with open_store(path) as store:
            assert report(store, "works") == 1
            assert store.execute("PRAGMA integrity_check") == [("ok",)]
        if not hits:
            break
    assert nth > 4 and not hits
