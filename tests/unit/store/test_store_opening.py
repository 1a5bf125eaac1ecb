"""What may be a store, how it is made, and the one line for everything that may not."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from supporttui.errors import NotFound, StoreBusy, StoreError, StoreUnfit, SupportError, UsageError
from supporttui.store import journal, open_store, place, sqlite, tickets
from supporttui.store.criteria import AllOf, Sort
from supporttui.store.migrations import LATEST

ROOT = Path(__file__).resolve().parents[3]


def refused(kind, path, match, **options):
    """Opening fails with one line of this kind that names the path."""
    with pytest.raises(SupportError) as caught:
        open_store(path, **options)
    assert type(caught.value) is kind
    assert re.search(match, str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path.parent) in str(caught.value)


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_new_store_is_its_owners_alone(path, report):
    old = os.umask(0)
    try:
        with open_store(path) as store:
            report(store)
            files = {file.name: mode(file) for file in path.parent.iterdir()}
    finally:
        os.umask(old)
    assert set(files) == {"desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm", "desk.sqlite3-gate"}
    assert set(files.values()) == {0o600}


def test_what_an_open_store_says_of_itself(store, path, report):
    report(store)
    info = store.info()
    assert info["url"] == store.url == str(path) and store.dialect == "sqlite"
    assert info["schema"] == LATEST and info["tickets"] == info["open"] == 1 and info["bytes"] > 0
    assert "write-ahead log" in store.engine
    settings = (
        "foreign_keys synchronous recursive_triggers trusted_schema cell_size_check mmap_size journal_mode"
    )
    values = [store.execute(f"PRAGMA {name}") for name in settings.split()]
    assert [value[0][0] if value else 0 for value in values] == [1, 2, 1, 0, 1, 0, "wal"]


def test_the_forms_of_a_target(tmp_path, monkeypatch, report):
    monkeypatch.chdir(tmp_path)
    with open_store("sqlite:///one.db") as store:
        assert store.url == str(tmp_path / "one.db")
    with open_store(f"sqlite:///{tmp_path}/two.db") as store:
        assert store.url == str(tmp_path / "two.db")
    monkeypatch.setenv("HOME", str(tmp_path))
    with open_store("~/three.db") as store:
        assert store.url == str(tmp_path / "three.db")
    for memory in (":memory:", "sqlite:///:memory:"):
        with open_store(memory) as store:
            assert report(store) == 1 and store.url == ":memory:" and "in memory" in store.engine
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "one.db", "one.db-gate", "three.db", "three.db-gate", "two.db", "two.db-gate",
    ]  # fmt: skip


@pytest.mark.parametrize("target", ["mysql://h/d", "sqlite://x", "sqlite:///", "a\0b"])
def test_a_target_that_is_none(target):
    with pytest.raises(UsageError):
        open_store(target)


def test_the_default_place_is_the_platforms(tmp_path, monkeypatch, report):
    for value in (str(tmp_path / "data"), "", "relative"):
        monkeypatch.setenv("XDG_DATA_HOME", value)
        monkeypatch.setenv("HOME", str(tmp_path))
        expected = Path(platformdirs.user_data_dir("supporttui", False)) / place.FILE_NAME
        if value != "relative":  # the XDG specification says to ignore a relative one
            assert place.default_path() == str(expected)
    with open_store() as store:
        report(store)
        assert store.url == str(tmp_path / ".local/share/supporttui/desk.sqlite3")
    assert mode(tmp_path / ".local/share/supporttui") == 0o700


def test_two_names_of_a_store_share_one_gate(tmp_path, report):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with open_store(tmp_path / "real" / "a.db") as one, open_store(tmp_path / "link" / "a.db") as two:
        report(one)
        report(two)
        assert one.url == two.url
    assert len(list((tmp_path / "real").glob("*-gate"))) == 1


def test_no_store_and_none_wanted(path):
    refused(NotFound, path, "no store at", create=False)
    refused(NotFound, path, "no store at", readonly=True)
    assert not path.exists()


def test_no_folder(tmp_path):
    refused(StoreError, tmp_path / "none" / "x.db", "no folder")
    (tmp_path / "file").write_text("x")
    refused(StoreError, tmp_path / "file" / "x.db", "is not a folder")


def test_a_folder_is_no_store(tmp_path):
    (tmp_path / "inner").mkdir()
    refused(StoreUnfit, tmp_path / "inner", "is a folder")


def test_a_pipe_is_no_store(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused(StoreUnfit, tmp_path / "pipe", "not a regular file")


@pytest.mark.parametrize("content", [b"Dear all,\n" * 300, b"x", b"SQLite format 3\0" + b"\xff" * 2000])
def test_a_file_that_is_no_database(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    refused(StoreUnfit, path, "not a supporttui store")
    assert path.read_bytes() == content


def test_a_database_of_another_program(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE ticket (number)")
    connection.commit()
    connection.close()
    path.chmod(0o600)
    before = path.read_bytes()
    refused(StoreUnfit, path, "another program")
    assert path.read_bytes() == before


def test_a_file_made_beforehand_becomes_a_store(path, report):
    path.touch(mode=0o600)
    refused(StoreUnfit, path, "is empty", readonly=True)
    with open_store(path, create=False) as store:
        assert report(store) == 1


def test_a_creation_that_was_killed_half_way_is_completed(path, report):
    """Between the first page and the schema there is a database without our mark, and without tables."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = wal")
    connection.close()
    path.chmod(0o600)
    assert path.stat().st_size > 0
    with open_store(path) as store:
        assert report(store) == 1


def test_a_newer_store_is_not_written_to(path, report):
    with open_store(path) as store:
        report(store)
        store.execute(f"PRAGMA user_version = {LATEST + 1}")
    refused(StoreUnfit, path, f"schema {LATEST + 1} .* update supporttui")
    with open_store(path, readonly=True) as store:
        assert store.info()["tickets"] == 1


def test_a_damaged_store(path, report):
    with open_store(path) as store:
        for index in range(200):
            report(store, f"ticket {index}" * 40)
    data = bytearray(path.read_bytes())
    for start in range(4096 * 2, len(data), 4096):
        data[start : start + 4096] = b"\xa5" * len(data[start : start + 4096])
    path.write_bytes(data)
    with pytest.raises(StoreError, match="is damaged"), open_store(path) as store:
        tickets.page(store, AllOf(), Sort("subject"), limit=500)


def test_loose_modes_are_refused(path, tmp_path):
    open_store(path).close()
    path.chmod(0o644)
    refused(StoreUnfit, path, "open to everyone .* chmod 600")
    path.chmod(0o660)
    refused(StoreUnfit, path, "open to its group .* chmod 600")
    path.chmod(0o600)
    tmp_path.chmod(0o777)
    refused(StoreUnfit, path, "anyone may write")
    tmp_path.chmod(0o770)
    open_store(path).close()


def test_a_team_shares_a_setgid_folder(tmp_path, report):
    tmp_path.chmod(0o2770)
    path = tmp_path / "team.db"
    old = os.umask(0o077)
    try:
        with open_store(path) as store:
            report(store)
            modes = {mode(file) for file in tmp_path.iterdir()}
    finally:
        os.umask(old)
    assert modes == {0o660} and len(list(tmp_path.iterdir())) >= 1
    assert mode(tmp_path / "team.db-gate") == 0o660


def test_reading_only(path, report, note):
    with open_store(path) as writer:
        number = report(writer)
        with open_store(path, readonly=True) as reader:
            assert tickets.get(reader, number).number == number
            for attempt in (lambda: report(reader), lambda: note(reader, number)):
                with pytest.raises(StoreUnfit, match="reading only"):
                    attempt()
            with pytest.raises(StoreError, match="only be read"):
                reader.execute("DELETE FROM deadline")
            note(writer, number)
            assert journal.latest_id(reader) == 1


MOUNTS = """\
21 1 8:1 / / rw - ext4 /dev/sda1 rw
22 21 0:20 / /mnt/team rw shared:1 - nfs4 host:/x rw
23 22 8:2 / /mnt/team/local rw - xfs /dev/sdb1 rw
24 21 0:21 / /mnt/with\\040blank rw - cifs //host/x rw
25 21 0:22 / /over rw - ext4 /dev/sdc1 rw
26 21 0:23 / /over rw - fuse.sshfs x rw
short line
"""


def test_which_file_system_holds_a_path(tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)

    def kind(path):
        return place.filesystem_type(path, str(mounts))

    assert kind("/home/desk.db") == "ext4"
    assert kind("/mnt/team/desk.db") == "nfs4"
    assert kind("/mnt/team-b/desk.db") == "ext4"
    assert kind("/mnt/team/local/desk.db") == "xfs"
    assert kind("/mnt/with blank/desk.db") == "cifs"
    assert kind("/over/desk.db") == "fuse.sshfs"
    assert place.filesystem_type("/x", str(tmp_path / "none")) == ""


def test_a_network_file_system_is_refused(path, monkeypatch):
    monkeypatch.setattr(place, "filesystem_type", lambda _path: "nfs4")
    refused(StoreUnfit, path, "network file system .nfs4")
    assert not path.exists()


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 3), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 54, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_which_sqlite_is_free_of_the_wal_reset_bug(version, fixed):
    assert sqlite.is_fixed(version) is fixed


def test_an_unfixed_sqlite_gets_a_rollback_journal_and_says_so(path, report, monkeypatch):
    with open_store(path) as store:
        number = report(store)
        monkeypatch.setattr(sqlite, "linked_version", lambda: (3, 40, 1))
        refused(StoreBusy, path, "locked by another process")
    with open_store(path) as store:
        assert "3.40.1, rollback journal" in store.engine and "can lose data" in store.engine
        assert store.execute("PRAGMA journal_mode") == [("delete",)]
        assert tickets.get(store, number) and report(store) == number + 1
    monkeypatch.undo()
    with open_store(path) as store:
        assert "write-ahead log" in store.engine and tickets.count(store, AllOf()) == 2


BECOME_NOBODY = """
import os, sys, urllib.parse
from datetime import datetime, UTC
from supporttui.errors import SupportError
from supporttui.store import engine, gate, migrate, migrations, open_store, place, sqlite, tickets
if os.geteuid() == 0:  # root reads and writes anything; the interpreter itself may be where nobody can read
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
path = sys.argv[1]
"""


def as_nobody(code, folder):
    """Run code as an ordinary user, for whom modes hold; what it prints."""
    if os.geteuid() == 0:
        for file in (folder, *folder.iterdir()):
            os.chown(file, 65534, 65534)
    command = [sys.executable, "-c", BECOME_NOBODY + code, str(folder / "desk.sqlite3")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.strip()


WRITE = """
try:
    with open_store(path) as store:
        new = {"subject": "x", "severity": 1, "status": "new", "reported_at": datetime.now(UTC)}
        print("wrote", tickets.insert(store, new))
except SupportError as error:
    print(type(error).__name__, error)
"""
READ = """
with open_store(path, readonly=True) as store:
    print("read", store.info()["tickets"])
"""


@pytest.fixture
def public_folder():
    """A folder that another user can reach, which pytest's own are not."""
    folder = Path("/tmp") / f"supporttui-test-{os.getpid()}"
    folder.mkdir(mode=0o755)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_write_protected_file(public_folder, report):
    path = public_folder / "desk.sqlite3"
    with open_store(path) as store:
        report(store)
    path.chmod(0o400)
    line = as_nobody(WRITE, public_folder)
    assert line.startswith("StoreError") and "can only be read" in line and str(path) in line


def test_a_write_protected_folder(public_folder, report):
    path = public_folder / "desk.sqlite3"
    with open_store(path) as store:
        report(store)
    public_folder.chmod(0o500)
    assert as_nobody(READ, public_folder) == "read 1"
    line = as_nobody(WRITE, public_folder)
    assert line.startswith("StoreError") and str(path) in line
    path.unlink()
    line = as_nobody(WRITE, public_folder)
    assert line.startswith("StoreError") and "can't be created" in line


def test_a_file_that_may_not_be_read(public_folder, report):
    path = public_folder / "desk.sqlite3"
    open_store(path).close()
    path.chmod(0o000)
    line = as_nobody(WRITE, public_folder)
    assert line.startswith("StoreError") and "can't be opened" in line
