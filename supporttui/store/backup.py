"""Online copies of a store that are whole, private and checked before they get their name."""

from __future__ import annotations

import os

from supporttui.errors import StoreError, UsageError
from supporttui.store.place import create_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.engine import Engine


def copy_store(engine: Engine, path: str) -> str:
    """Copy an SQLite store to `path`, which must not exist; mode 0600; writers go on meanwhile.

    Written under another name, synced, checked, renamed: a file with the asked name is whole.
    Raises UsageError (it exists, or no such folder) and StoreError (disk full, copy damaged).
    """
    path = os.path.abspath(path)
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already; name a new file for the backup")
    part = f"{path}.{os.getpid()}.part"
    try:
        create_private(part)
    except OSError as error:
        raise UsageError(f"the backup {path} can't be written: {error.strerror}") from None
    try:
        engine.backup(part)
        _check(part)
        _sync(part)
        os.link(part, path)  # unlike rename, never over a file that appeared meanwhile
        _sync(os.path.dirname(path))
    except OSError as error:
        raise StoreError(f"the backup {path} can't be written: {error.strerror}") from None
    finally:
        os.unlink(part)
    return path


def _check(path: str) -> None:
    """quick_check through the same library that wrote it; the copy has no other user yet."""
    import apsw

    connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found = connection.execute("PRAGMA quick_check").fetchall()
    except apsw.Error as error:
        raise StoreError(f"the backup {path} can't be read back: {error}") from error
    finally:
        connection.close()
    if found != [("ok",)]:
        raise StoreError(f"the backup {path} is damaged ({found[0][0]}); the store itself may be too")


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def backup(engine: Engine, path: str) -> str:
    """A backup of any store that can be copied to a file."""
    if engine.dialect != "sqlite":
        raise UsageError("a PostgreSQL store is backed up with pg_dump, not to a file by supporttui")
    return copy_store(engine, path)
