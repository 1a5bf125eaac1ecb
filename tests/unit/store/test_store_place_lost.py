"""A store whose file is taken away while it is open says so, and never claims to have saved."""

import multiprocessing
import os
import threading
from datetime import UTC, datetime

import pytest

from supporttui.errors import StoreBusy, StoreError
from supporttui.store import open_store, place, tickets
from supporttui.store.criteria import AllOf
from supporttui.store.gate import Gate

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")


def remove(path):
    for file in path.parent.glob(path.name + "*"):
        file.unlink()


def move(path):
    path.rename(path.with_name("moved.sqlite3"))


def replace(path):
    other = path.with_name("other.sqlite3")
    with open_store(other) as store:
        tickets.insert(store, {"subject": "theirs", "status": "new", "severity": 1, "reported_at": NOW})
    other.replace(path)


def remove_folder(path):
    remove(path)
    path.parent.rmdir()


LOSSES = [remove, move, replace, remove_folder]


@pytest.fixture
def path(tmp_path):
    (tmp_path / "desk").mkdir(mode=0o700)
    return tmp_path / "desk" / "desk.sqlite3"


def says_so(path, action):
    with pytest.raises(StoreError, match="was removed or replaced while it was open") as caught:
        action()
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def names(path):
    return {file.name for file in path.parent.iterdir()} if path.parent.exists() else set()


@pytest.mark.parametrize("lose", LOSSES)
def test_nothing_is_claimed_to_be_saved(store, path, report, lose):
    report(store)
    lose(path)
    before = names(path)
    says_so(path, lambda: report(store))
    assert names(path) == before  # not even the write lock is left beside a store that is gone
    assert not store.in_write


@pytest.mark.parametrize("lose", LOSSES)
def test_readers_notice_as_well(store, path, report, lose):
    report(store)
    lose(path)

    def read():
        with store.read():
            tickets.count(store, AllOf())

    says_so(path, read)
    says_so(path, store.data_version)
    says_so(path, store.info)


def test_a_store_opened_for_reading_notices(path, report):
    with open_store(path) as writer:
        report(writer)
    with open_store(path, readonly=True) as reader:
        reader.data_version()
        replace(path)
        says_so(path, reader.data_version)


@pytest.mark.parametrize("lose", LOSSES)
def test_a_loss_in_the_middle_of_a_write_is_no_success(store, path, report, lose):
    def write():
        with store.write():
            report(store)
            lose(path)

    says_so(path, write)
    assert not store.in_write


def test_a_loss_while_waiting_for_the_turn(path):
    """The work inside is not even begun."""
    open_store(path).close()
    held = Gate(f"{path}-gate")
    held.enter()
    begun, caught = [], []

    def write():
        with open_store(path) as other:
            try:
                with other.write():
                    begun.append(other.url)
            except StoreError as error:
                caught.append(str(error))

    thread = threading.Thread(target=write)
    thread.start()
    someone_waits(thread)
    remove(path)
    held.leave()
    thread.join(30)
    assert len(caught) == 1 and "was removed or replaced" in caught[0]
    assert not begun and not path.exists()


def someone_waits(thread):
    """Returns when a writer stands at a gate that another holds."""
    while not any(each.name == "store-gate" for each in threading.enumerate()):
        assert thread.is_alive()


def test_a_store_that_is_put_back_goes_on(store, path, report):
    number = report(store)
    aside = path.with_name("moved.sqlite3")
    path.rename(aside)
    says_so(path, lambda: report(store))
    aside.rename(path)
    assert report(store) == number + 1
    with open_store(path) as other:
        assert tickets.count(other, AllOf()) == 2


def test_a_new_store_of_the_same_name_is_not_harmed_by_the_old_one(path, report):
    old = open_store(path)
    report(old)
    remove(path)
    with open_store(path) as new:
        report(new, "kept")
        says_so(path, lambda: report(old))
        old.close()
        report(new, "kept too")
        with open_store(path) as other:
            assert [line.subject for line in tickets.lines(other, range(9))] == ["kept", "kept too"]


def test_a_store_in_memory_has_no_place_to_lose(report, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_store(":memory:") as store:
        (tmp_path / ":memory:").touch()
        store.data_version()
        assert report(store) == 1


def test_the_place_is_looked_up_a_few_times_only(store, report, monkeypatch):
    looks = []
    real = place.identity
    monkeypatch.setattr("supporttui.store.sqlite.identity", lambda path: looks.append(path) or real(path))
    with store.read():
        tickets.count(store, AllOf())
    assert len(looks) == 1
    report(store)
    assert 2 <= len(looks) <= 4


@pytest.mark.parametrize("replaced", [False, True])
def test_who_waited_at_a_gate_that_lost_its_name_queues_at_the_new_one(tmp_path, replaced):
    """Two waiters, one at the old file and one at the new: one of them is in, never both."""
    file = tmp_path / "gate"
    old, late, new = Gate(str(file)), Gate(str(file), wait=30), Gate(str(file), wait=0.05)
    old.enter()
    entered, leave = threading.Event(), threading.Event()

    def wait():
        late.enter()
        entered.set()
        leave.wait(30)
        late.leave()

    thread = threading.Thread(target=wait)
    thread.start()
    someone_waits(thread)
    file.unlink()
    if replaced:
        file.touch(mode=0o600)
    new.enter()  # the newcomer makes, and gets, the new file
    old.leave()
    while not two_are_at(file):
        assert not entered.is_set()
    new.leave()
    assert entered.wait(30)
    with pytest.raises(StoreBusy):
        new.enter()
    leave.set()
    thread.join(30)
    new.enter()
    new.leave()


def two_are_at(file):
    """Whether a descriptor besides the newcomer's is open on the file that has the name now."""
    here = os.stat(file)
    found = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            found += os.path.samestat(os.stat(f"/proc/self/fd/{name}"), here)
        except OSError:
            continue
    return found >= 2


def test_a_gate_that_is_replaced_again_and_again(tmp_path, monkeypatch):
    gate = Gate(str(tmp_path / "gate"))
    monkeypatch.setattr(gate, "_is_in_place", lambda _handle: False)
    with pytest.raises(StoreError, match="replaced again and again"):
        gate.enter()
    monkeypatch.undo()
    gate.enter()
    gate.leave()


def test_a_removed_gate_lets_nobody_write_beside_another(store, path, report):
    """A holder of the old gate is inside; a newcomer with a new gate still waits for it."""
    number = report(store)
    started = SPAWN.Event()
    child = SPAWN.Process(target=_count_up, args=(str(path), number, started))
    with store.write():
        os.unlink(f"{path}-gate")
        seen = store.execute("SELECT version FROM ticket WHERE number = ?", (number,))[0][0]
        child.start()
        assert started.wait(60)
        child.join(0.3)
        assert child.is_alive()
        store.execute("UPDATE ticket SET version = ? WHERE number = ?", (seen + 1, number))
    child.join(60)
    assert child.exitcode == 0
    assert store.execute("SELECT version FROM ticket WHERE number = ?", (number,)) == [(seen + 2,)]


def _count_up(path, number, started):
    with open_store(path) as store:
        started.set()
        with store.write():
            seen = store.execute("SELECT version FROM ticket WHERE number = ?", (number,))[0][0]
            store.execute("UPDATE ticket SET version = ? WHERE number = ?", (seen + 1, number))
