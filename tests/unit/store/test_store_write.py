"""A write commits whole or leaves no trace, one process at a time, and errors say what they are."""

import multiprocessing
import os
import signal
import sys
import threading
import time

import pytest

from supporttui.errors import StoreBusy, StoreError
from supporttui.store import gate, journal, open_store, tickets
from supporttui.store.criteria import AllOf
from supporttui.store.gate import Gate

SPAWN = multiprocessing.get_context("spawn")


def count(store):
    return tickets.count(store, AllOf())


def test_a_write_commits_whole(store, path, report, note):
    with store.write():
        assert store.in_write
        note(store, report(store))
    assert not store.in_write
    with open_store(path) as other:
        assert count(other) == 1 and journal.latest_id(other) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_any_exception_leaves_no_trace(store, path, report, error):
    with pytest.raises(error), store.write():
        report(store)
        raise error
    assert count(store) == 0
    report(store)
    with open_store(path) as other:
        assert count(other) == 1


def test_ctrl_c_inside_a_write_undoes_it(store, report):
    with pytest.raises(KeyboardInterrupt), store.write():
        report(store)
        signal.raise_signal(signal.SIGINT)
        report(store)
    assert count(store) == 0 and report(store)


def test_an_inner_write_is_undone_alone(store, report, note):
    with store.write():
        report(store, "outer")
        with pytest.raises(StoreError, match="refuses"), store.write():
            report(store, "inner")
            note(store, 999)
        with store.write():
            report(store, "second inner")
    subjects = [line.subject for line in tickets.lines(store, range(9))]
    assert sorted(subjects) == ["outer", "second inner"]


def test_writing_joins_an_open_write(store, report):
    with pytest.raises(RuntimeError), store.write():
        with store.writing():
            report(store)
        raise RuntimeError
    assert count(store) == 0


def test_a_read_is_one_moment(store, path, report):
    with open_store(path) as other, store.read():
        assert count(store) == 0
        report(other)
        with store.read():
            assert count(store) == 0
    assert count(store) == 1


def test_a_write_can_not_begin_inside_a_read(store):
    with store.read(), pytest.raises(RuntimeError, match="inside a read"), store.write():
        pass


def test_data_version_tells_of_other_connections(store, path, report):
    before = store.data_version()
    report(store)
    assert store.data_version() == before
    with open_store(path) as other:
        report(other)
    assert store.data_version() != before


def test_disk_full_is_said_and_nothing_is_half_written(store, report, note):
    number = report(store)
    pages = store.execute("PRAGMA page_count")[0][0]
    store.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="no room left") as caught, store.write():
        note(store, number, "first")
        report(store, "x" * 100_000)
    assert type(caught.value) is StoreError
    assert count(store) == 1 and journal.latest_id(store) == 0
    store.execute("PRAGMA max_page_count = 1000000")
    assert report(store, "x" * 100_000)
    assert store.execute("PRAGMA integrity_check") == [("ok",)]


def test_an_io_error_at_commit_is_said(path, report):
    """RLIMIT_FSIZE makes the write itself fail, which no SQLite setting does."""
    with open_store(path) as store:
        report(store)
    child = SPAWN.Process(target=_write_beyond_limit, args=(str(path),))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    with open_store(path) as store:
        assert count(store) == 1 and store.execute("PRAGMA integrity_check") == [("ok",)]


def _write_beyond_limit(path):
    import resource
    from datetime import UTC, datetime

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open_store(path) as store:
        size = os.path.getsize(path)
        sys.dont_write_bytecode = True  # half a compiled module would break whoever loads it next
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))
        new = {"subject": "x" * 400_000, "severity": 1, "status": "new", "reported_at": datetime.now(UTC)}
        with pytest.raises(StoreError) as caught:
            tickets.insert(store, new)
        assert "no room left" in str(caught.value) or "disk failed" in str(caught.value), caught.value
        assert count(store) == 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_the_gate_is_left_after_a_failed_write(store, path, report):
    with pytest.raises(ValueError), store.write():
        raise ValueError
    with open_store(path) as other:
        other._engine._enter_gate()
        other._engine._leave_gate()


def test_a_gate_that_is_held_too_long(tmp_path):
    holder, waiter = Gate(str(tmp_path / "gate")), Gate(str(tmp_path / "gate"), wait=0.05)
    holder.enter()
    with pytest.raises(StoreBusy, match=r"over 0\.05 seconds"):
        waiter.enter()
    holder.leave()
    waiter.enter()  # what gave up must not hold it by the back door
    waiter.leave()
    holder.enter()
    holder.leave()


def test_ctrl_c_while_waiting_at_the_gate(tmp_path):
    holder, waiter = Gate(str(tmp_path / "gate")), Gate(str(tmp_path / "gate"), wait=30)
    holder.enter()
    main = threading.main_thread().ident
    killer = threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT))
    killer.start()
    with pytest.raises(KeyboardInterrupt):
        try:
            waiter.enter()
        finally:
            killer.cancel()
    holder.leave()
    waiter.enter()
    waiter.leave()


def test_who_is_inside_may_enter_again(tmp_path):
    first, second = Gate(str(tmp_path / "gate")), Gate(str(tmp_path / "gate"), wait=0.02)
    first.enter()
    first.enter()
    first.leave()
    with pytest.raises(StoreBusy):
        second.enter()
    first.leave()
    second.enter()
    second.leave()
    second.leave()


def test_a_gate_that_can_not_be_opened(tmp_path):
    with pytest.raises(StoreError, match="can't be opened"):
        Gate(str(tmp_path / "none" / "gate")).enter()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="can't be opened"):
        Gate(str(tmp_path / "link")).enter()


def test_a_killed_writer_frees_the_gate(path):
    open_store(path).close()
    ready = SPAWN.Event()
    child = SPAWN.Process(target=_hold, args=(str(path), ready))
    child.start()
    assert ready.wait(60)
    os.kill(child.pid, signal.SIGKILL)
    with open_store(path) as store, store.write():
        store.execute("UPDATE ticket SET owner = '' WHERE number = 0")
    child.join(60)


def _hold(path, ready):
    with open_store(path) as store, store.write():
        ready.set()
        time.sleep(600)  # until it is killed


def test_a_writer_without_the_gate_is_waited_for(store, path, monkeypatch, report):
    """The sqlite3 command, say: SQLite's own lock then decides, with a limit."""
    with open_store(path) as rude:
        rude.execute("BEGIN IMMEDIATE")
        store.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(StoreBusy, match="locked by another process"):
            report(store)
        rude.execute("ROLLBACK")
    assert report(store) == 1


def test_writers_take_turns(path):
    """No writer starves: each of four gets its share while all write as fast as they can."""
    open_store(path).close()
    go, stop = SPAWN.Event(), SPAWN.Event()
    results = SPAWN.Queue()
    children = [SPAWN.Process(target=_write_until, args=(str(path), go, stop, results)) for _ in range(4)]
    for child in children:
        child.start()
    for _ in children:
        assert results.get(timeout=60) == "ready"
    go.set()
    with open_store(path) as store:
        deadline = time.monotonic() + 30
        while count(store) < 400 and time.monotonic() < deadline:
            time.sleep(0.02)
    stop.set()
    done = sorted(results.get(timeout=60) for _ in children)
    for child in children:
        child.join(60)
    with open_store(path) as store:
        assert count(store) == sum(done) >= 400
    assert done[0] >= sum(done) / 4 / 5, done


def _write_until(path, go, stop, results):
    from datetime import UTC, datetime

    new = {"subject": "x", "severity": 1, "status": "new", "reported_at": datetime.now(UTC)}
    with open_store(path) as store:
        results.put("ready")
        go.wait()
        done = 0
        while not stop.is_set():
            tickets.insert(store, new)
            done += 1
    results.put(done)


def test_without_flock_writes_still_work(path, report, monkeypatch):
    monkeypatch.setattr(gate, "fcntl", None)
    with open_store(path) as store:
        assert report(store) == 1
    assert not path.with_name(path.name + "-gate").exists()
