"""What is no store is called that, before its modes are talked about; a read-only disk is named."""

import os
import sqlite3
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from supporttui.errors import StoreError, StoreUnfit
from supporttui.store import header, open_store, place, tickets
from supporttui.store.criteria import AllOf


def line_of(path, **options):
    with pytest.raises(StoreError) as caught:
        open_store(path, **options)
    line = str(caught.value)
    assert "\n" not in line and str(path.parent if isinstance(path, Path) else path) in line
    return type(caught.value), line


def sqlite_file(path, *, mark=0, table=True):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 3")
    connection.execute(f"PRAGMA application_id = {mark}")
    if table:
        connection.execute("CREATE TABLE place (url)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o600])
@pytest.mark.parametrize("content", [b"root:x:0:0:root:/root:/bin/bash\n" * 40, b"x", b"SQLite format 2"])
def test_another_file_is_not_told_to_change_its_modes(path, content, mode):
    path.write_bytes(content)
    path.chmod(mode)
    kind, line = line_of(path)
    assert kind is StoreUnfit and "not a supporttui store" in line and "chmod" not in line
    assert path.read_bytes() == content and os.listdir(path.parent) == [path.name]


def test_the_systems_own_files():
    if not os.path.isfile("/etc/passwd"):
        pytest.skip("no /etc/passwd here")
    kind, line = line_of("/etc/passwd")
    assert kind is StoreUnfit and line.startswith("/etc/passwd is not a supporttui store")


@pytest.mark.parametrize(("mark", "table"), [(0, True), (7, True), (7, False)])
def test_a_database_of_another_program_is_not_told_either(path, mark, table):
    sqlite_file(path, mark=mark, table=table)
    path.chmod(0o644)
    before = path.read_bytes()
    kind, line = line_of(path)
    assert kind is StoreUnfit and "not a supporttui store" in line and "chmod" not in line
    assert path.read_bytes() == before and os.listdir(path.parent) == [path.name]


def test_another_file_in_a_public_folder(path):
    path.write_text("notes")
    path.parent.chmod(0o777)
    assert "not a supporttui store" in line_of(path)[1]


def test_the_systems_folder_is_not_told_to_change_its_mode(path):
    path.parent.chmod(0o1777)
    kind, line = line_of(path)
    assert kind is StoreUnfit and "anyone may write" in line and "chmod" not in line
    path.parent.chmod(0o777)
    assert f"chmod o-w {path.parent}" in line_of(path)[1]


def test_what_may_become_a_store_is_told_its_modes(path):
    path.touch()
    path.chmod(0o644)
    assert "chmod 600" in line_of(path)[1]
    sqlite_file(path, table=False)
    assert header.foreign(str(path)) == ""
    assert "chmod 600" in line_of(path)[1]


def test_a_look_at_the_first_bytes_keeps_the_locks_of_an_open_store(path, report):
    """POSIX drops a process's locks on a file when any descriptor of it is closed."""
    with open_store(path) as store:
        report(store)
        with store.write():
            report(store)
            before = locks_on(path)
            path.chmod(0o644)
            assert "chmod 600" in line_of(path)[1]
            assert before and locks_on(path) == before
        assert tickets.count(store, AllOf()) == 2


def locks_on(path):
    if not os.path.exists("/proc/locks"):
        pytest.skip("no /proc/locks here")
    inode = f":{os.stat(path).st_ino}"
    with open("/proc/locks", encoding="ascii") as file:
        found = [line.split() for line in file]
    return sorted(
        each[1:] for each in found if "POSIX" in each and any(part.endswith(inode) for part in each)
    )


def test_a_file_that_may_not_be_read_is_not_told_its_modes(path, monkeypatch):
    path.write_text("secret")
    path.chmod(0o640)

    def refuse(*_):
        raise header.apsw.CantOpenError("unable to open database file")

    monkeypatch.setattr(header.apsw, "VFSFile", refuse)
    kind, line = line_of(path)
    assert kind is StoreError and "can't be read (Permission denied)" in line and "chmod" not in line


def test_a_read_only_file_system_is_named(path, monkeypatch):
    """SQLite's own words for it are those for a missing file."""
    with open_store(path) as store:
        for error in (header.apsw.CantOpenError("unable to open"), header.apsw.ReadOnlyError("readonly")):
            assert "read-only file system" not in str(store._engine.explain(error))
            with monkeypatch.context() as patch:
                patch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY))
                found = store._engine.explain(error)
            assert type(found) is StoreError and "read-only file system" in str(found)
            assert str(path) in str(found)
        assert not place.is_read_only(str(path))
        assert not place.is_read_only("/nowhere/at/all")


@pytest.fixture
def mounted(tmp_path):
    """A folder that can be mounted for reading only; call it to do so."""
    folder = tmp_path / "disk"
    folder.mkdir(mode=0o700)

    def run(*words):
        return subprocess.run(["mount", *words], capture_output=True, text=True, check=False)

    try:
        done = run("-t", "tmpfs", "-o", "size=8m,mode=0700", "none", str(folder))
    except FileNotFoundError:
        pytest.skip("no mount command here")
    if done.returncode:
        pytest.skip(f"file systems can't be mounted here: {done.stderr.strip()}")
    yield folder, lambda: run("-o", "remount,ro", str(folder)).check_returncode()
    subprocess.run(["umount", str(folder)], check=True)


def test_a_store_on_a_disk_that_became_read_only(mounted, report):
    folder, protect = mounted
    path = folder / "desk.sqlite3"
    with open_store(path) as store:
        report(store)
    protect()
    kind, line = line_of(path)
    assert kind is StoreError and "read-only file system" in line
    with open_store(path, readonly=True) as store:
        assert tickets.count(store, AllOf()) == 1
    kind, line = line_of(folder / "new.sqlite3")
    assert kind is StoreError and "Read-only file system" in line
