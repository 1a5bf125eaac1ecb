import os
import stat
import threading

import pytest

from supporttui.errors import StoreError, UsageError
from supporttui.store import backup, open_store, tickets
from supporttui.store.criteria import AllOf, Words


def test_a_backup_is_a_whole_private_store(store, path, report, note, tmp_path):
    number = report(store, "router", tags=("x",))
    note(store, number, "rebooted")
    old = os.umask(0)
    try:
        target = store.backup(str(tmp_path / "copy.db"))
    finally:
        os.umask(old)
    assert target == str(tmp_path / "copy.db") and stat.S_IMODE(os.stat(target).st_mode) == 0o600
    with open_store(target) as copy:
        assert tickets.get(copy, number) == tickets.get(store, number)
        assert tickets.count(copy, Words("rebooted")) == 1
        report(copy)
    assert tickets.count(store, AllOf()) == 1
    assert list(tmp_path.glob("*.part")) == []


def test_a_backup_never_overwrites(store, tmp_path):
    (tmp_path / "there").write_text("dear diary")
    with pytest.raises(UsageError, match="exists already"):
        store.backup(str(tmp_path / "there"))
    assert (tmp_path / "there").read_text() == "dear diary"
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="exists already"):
        store.backup(str(tmp_path / "dangling"))


def test_a_backup_where_files_have_one_name_only(store, report, tmp_path, monkeypatch):
    def refuse(*_names):
        raise PermissionError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    report(store)
    with open_store(store.backup(str(tmp_path / "copy"))) as copy:
        assert tickets.count(copy, AllOf()) == 1
    assert list(tmp_path.glob("*.part")) == []


def test_a_backup_needs_its_folder(store, tmp_path):
    with pytest.raises(StoreError, match=r"can't be written: no folder .*/none; make it first") as caught:
        store.backup(str(tmp_path / "none" / "copy"))
    assert caught.value.exit_code == 74
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be written: Not a directory"):
        store.backup(str(tmp_path / "file" / "copy"))


def test_a_damaged_copy_does_not_get_the_name(store, tmp_path, monkeypatch):
    sync = backup._check

    def damage(part):
        with open(part, "r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 20000)
        sync(part)

    monkeypatch.setattr(backup, "_check", damage)
    with pytest.raises(StoreError, match=r"is damaged|can't be read back"):
        store.backup(str(tmp_path / "copy"))
    assert [file for file in tmp_path.iterdir() if "copy" in file.name] == []


def test_writers_go_on_during_a_backup(store, path, report, tmp_path):
    for _ in range(50):
        report(store, "x" * 2000)
    stop = threading.Event()

    def write():
        with open_store(path) as other:
            while not stop.is_set():
                report(other)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        target = store.backup(str(tmp_path / "copy"))
    finally:
        stop.set()
        writer.join()
    with open_store(target) as copy:
        assert tickets.count(copy, AllOf()) >= 50
        assert copy.execute("PRAGMA integrity_check") == [("ok",)]


def test_a_store_in_memory_can_be_kept(report, tmp_path):
    with open_store(":memory:") as store:
        report(store)
        target = store.backup(str(tmp_path / "kept.db"))
    with open_store(target) as kept:
        assert tickets.count(kept, AllOf()) == 1
