"""Stores come forward from every released schema with all they hold, whoever opens them, at whatever moment."""

import multiprocessing
import os
import stat
from datetime import timedelta

import pytest

from supporttui import __version__
from supporttui.errors import StoreError, StoreUnfit
from supporttui.store import deadlines, journal, migrate, migrations, open_store, place, sqlite, tickets
from supporttui.store.criteria import AllOf, Flag, Sort, Words

SPAWN = multiprocessing.get_context("spawn")
TABLES = "ticket ticket_tag link journal deadline customer contact draft saved_view meta schema_step".split()


def old_store(path, upto=1):
    """A store as the first schema left it, with real rows in it."""
    place.create_private(str(path))
    engine = sqlite.SqliteEngine(str(path))
    migrate.bring_forward(engine, upto=upto)
    engine.begin(write=True)
    for number in range(1, 21):
        engine.run(
            "INSERT INTO ticket (number, subject, description, severity, status, owner, owner_key, reported_at, "
            "created_at, updated_at, next_due_at) VALUES (?, ?, 'dès hier', 2, 'open', 'Ana', 'ana', ?, ?, ?, ?)",
            (number, f"router {number}", number, number, number, 5000 + number),
        )
        engine.run(
            "INSERT INTO journal (ticket, version, at, recorded_at, actor, kind, text) VALUES (?, 1, ?, ?, 'ana', 'note', ?)",
            (number, number, number, "rebooted" if number % 2 else ""),
        )
        engine.run(
            "INSERT INTO deadline (ticket, key, kind, role, severity, due_at, state) "
            "VALUES (?, 'a', 'escalation', 'director', 2, ?, 'armed')",
            (number, 5000 + number),
        )
    engine.commit()
    engine.finish()
    rows = {table: engine.run(f"SELECT * FROM {table}") for table in TABLES}
    engine.close()
    return rows


def test_the_first_schema_comes_forward(path, report):
    before = old_store(path)
    with open_store(path) as store:
        for table in TABLES[:-1]:
            assert store.execute(f"SELECT * FROM {table}") == before[table]
        assert store.execute("SELECT * FROM schema_step") == [
            (number, __version__) for number, _name in migrations.STEPS
        ]
        assert store.execute("PRAGMA integrity_check") == [("ok",)]
        assert store.execute("PRAGMA foreign_key_check") == []
        # what was written before the search existed is found
        assert tickets.count(store, Words("router DES")) == 20
        assert tickets.count(store, Words("rebooted")) == 10
        store.execute("INSERT INTO ticket_words (ticket_words, rank) VALUES ('integrity-check', 1)")
        # and the desk goes on
        ticket = tickets.get(store, 7)
        assert ticket.owner == "Ana" and tickets.update(store, 7, 1, {"subject": "switch"})
        assert tickets.count(store, Words("switch")) == 1
        assert deadlines.fire(store, 7, "a", ticket.reported_at + timedelta(hours=9), "h")
        assert report(store) == 21
        assert tickets.page(store, Flag("open"), Sort(), limit=1)[0].number == 1


def test_a_copy_is_kept_before_the_schema_changes(path):
    before = old_store(path)
    open_store(path).close()
    copy = path.with_name(path.name + ".schema1.backup")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    engine = sqlite.SqliteEngine(str(copy))
    assert engine.schema_version() == 1
    assert {table: engine.run(f"SELECT * FROM {table}") for table in TABLES} == before
    engine.close()
    content = copy.read_bytes()
    open_store(path).close()
    assert copy.read_bytes() == content and len(list(path.parent.glob("*.backup"))) == 1


def test_a_new_store_needs_no_copy(path):
    open_store(path).close()
    assert list(path.parent.glob("*backup*")) == []


def test_an_old_store_for_reading_only_stays_as_it_is(path):
    old_store(path)
    with pytest.raises(StoreUnfit, match="older schema 1"):
        open_store(path, readonly=True)
    engine = sqlite.SqliteEngine(str(path))
    assert engine.schema_version() == 1
    engine.close()


def test_a_step_that_fails_leaves_nothing(path, monkeypatch):
    before = old_store(path)
    from supporttui.store.migrations import s0002_search

    good = s0002_search.statements("sqlite")
    monkeypatch.setattr(s0002_search, "statements", lambda _dialect: (*good, "SELECT nonsense"))
    with pytest.raises(StoreError, match="nonsense"):
        open_store(path)
    engine = sqlite.SqliteEngine(str(path))
    assert engine.schema_version() == 1
    assert engine.run("SELECT name FROM sqlite_master WHERE name LIKE '%words%'") == []
    assert engine.run("SELECT * FROM ticket") == before["ticket"]
    engine.close()
    monkeypatch.undo()
    with open_store(path) as store:
        assert tickets.count(store, AllOf()) == 20


def test_numbers_of_steps_grow_by_one():
    assert [number for number, _name in migrations.STEPS] == list(range(1, migrations.LATEST + 1))
    assert all(name.startswith(f"s{number:04d}_") for number, name in migrations.STEPS)


@pytest.mark.parametrize("old", [False, True], ids=["new store", "old store"])
def test_eight_processes_open_a_store_at_once(path, old):
    if old:
        old_store(path)
    go, answers = SPAWN.Event(), SPAWN.Queue()
    children = [SPAWN.Process(target=_open, args=(str(path), go, answers)) for _ in range(8)]
    for child in children:
        child.start()
    for _ in children:
        assert answers.get(timeout=60) == "ready"
    go.set()
    found = [answers.get(timeout=60) for _ in children]
    for child in children:
        child.join(60)
    assert found == [migrations.LATEST] * 8
    with open_store(path) as store:
        assert tickets.count(store, AllOf()) == journal.latest_id(store) == 8 + 20 * old
        assert store.execute("PRAGMA integrity_check") == [("ok",)]
        assert len(store.execute("SELECT * FROM schema_step")) == migrations.LATEST
    assert len(list(path.parent.glob("*.backup"))) == old


def _open(path, go, answers):
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    answers.put("ready")
    go.wait()
    try:
        with open_store(path) as store, store.write():
            number = tickets.insert(
                store, {"subject": str(os.getpid()), "severity": 1, "status": "new", "reported_at": now}
            )
            journal.append(
                store, ticket=number, version=1, at=now, recorded_at=now, actor="x", kind="reported"
            )
            answers.put(store.info()["schema"])
    except Exception as error:
        answers.put(repr(error))
