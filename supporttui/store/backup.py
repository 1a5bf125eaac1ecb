"""Online copies of a store that are whole, private and checked before they get their name."""

from __future__ import annotations

import os

from supporttui.errors import StoreError, UsageError
from supporttui.store.place import create_private, sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.engine import Engine


def copy_store(engine: Engine, path: str) -> str:
    """Copy an SQLite store to `path`, which must not exist; mode 0600; writers go on meanwhile.

    Written under another name, synced, checked, renamed: a file with the asked name is whole.
    Raises UsageError (it exists) and StoreError (no such folder, disk full, copy damaged).
    """
    path = os.path.abspath(path)
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already; name a new file for the backup")
    part = f"{path}.{os.getpid()}.part"
    try:
        create_private(part)
    except FileNotFoundError:
        folder = os.path.dirname(path)
        raise StoreError(f"the backup {path} can't be written: no folder {folder}; make it first") from None
    except OSError as error:
        raise StoreError(f"the backup {path} can't be written: {error.strerror}") from None
    try:
        engine.backup(part)
        _check(part)
        sync(part)
        _give_name(part, path)
        sync(os.path.dirname(path))
    except OSError as error:
        raise StoreError(f"the backup {path} can't be written: {error.strerror}") from None
    finally:
        if os.path.lexists(part):
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


def _give_name(part: str, path: str) -> None:
    """The asked name for the finished copy, never over a file that appeared meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as a memory stick's
        create_private(path)
        os.replace(part, path)


def backup(engine: Engine, path: str) -> str:
    """A backup of any store that can be copied to a file."""
    if engine.dialect != "sqlite":
        raise UsageError("a PostgreSQL store is backed up with pg_dump, not to a file by supporttui")
    return copy_store(engine, path)
