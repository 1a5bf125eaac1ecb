"""SQLite through apsw, the one SQLite library of this process.

SQLite 3.7.0 to 3.51.2 can lose committed pages when one connection checkpoints while
another restarts the write-ahead log (sqlite.org/wal.html#walresetbug), and a support
desk is many such connections.  So the linked version is looked at: only a fixed one
uses the log, any other a rollback journal, and the label says so.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

import apsw
from playhouse.apsw_ext import APSWDatabase

from supporttui.errors import Stopped, StoreBusy, StoreError, StoreUnfit
from supporttui.store.place import identity, is_read_only

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from supporttui.store.gate import Gate

APPLICATION_ID = 0x53505454
"""Marks a file as a supporttui store ("SPTT")."""

_SETTINGS = """
PRAGMA foreign_keys = 1;
PRAGMA synchronous = FULL;
PRAGMA recursive_triggers = 1;
PRAGMA trusted_schema = 0;
PRAGMA cell_size_check = 1;
PRAGMA cache_size = -16000;
PRAGMA temp_store = 2;
PRAGMA mmap_size = 0;
PRAGMA journal_size_limit = 67108864;
"""
_BUSY_SECONDS = 15.0  # for writers that don't know our gate, such as the sqlite3 command
_STEPS_PER_LOOK = 2000  # virtual machine steps between two looks at the clock: well under a millisecond
_STEPS_PER_WATCH = 20_000  # about a millisecond: whoever watches needs the interpreter for it


def is_fixed(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug: 3.51.3, or 3.50.7 and 3.44.6 in their lines."""
    if version >= (3, 51, 3):
        return True
    return (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def linked_version() -> tuple[int, ...]:
    return tuple(int(part) for part in apsw.sqlite_lib_version().split("."))


_APSW: Any = APSWDatabase  # the published stubs know neither its attributes nor its arguments


class _Database(_APSW):  # type: ignore[misc]
    """Peewee's database over apsw, opened with our flags and settings and no extra functions."""

    def _connect(self) -> apsw.Connection:
        connection = apsw.Connection(self.database, **self.connect_params)
        try:
            connection.set_busy_timeout(int(self._timeout * 1000))
            connection.execute(_SETTINGS)
        except BaseException:
            connection.close()
            raise
        return connection


class SqliteEngine:
    """A connection to one SQLite file, or to a store in memory."""

    dialect = "sqlite"

    def __init__(self, path: str, *, readonly: bool = False, gate_mode: int = 0o600) -> None:
        self.path = path
        self._memory = path == ":memory:"
        self._readonly = readonly
        self._gate: Gate | None = None
        self._gate_mode = gate_mode
        self._identity: tuple[int, int] | None = None
        name, flags = _open_as(path, readonly)
        self.database = _Database(
            name, thread_safe=False, autoconnect=False, timeout=_BUSY_SECONDS, flags=flags
        )
        self._connect()

    def _connect(self) -> None:
        try:
            self.database.connect()
            self._connection: apsw.Connection = self.database.connection()
            self._identity = None if self._memory else identity(self.path)
            self.label = self._choose_journal()
        except Exception as error:
            self.close()
            raise self.explain(error) from error

    def _choose_journal(self) -> str:
        """Write-ahead log on a fixed SQLite only.  A file with another program's mark is left alone."""
        version = ".".join(map(str, linked_version()))
        if self._memory:
            return f"SQLite {version} in memory"
        fixed = is_fixed(linked_version())
        mode = self._pragma("journal_mode")
        wanted = "wal" if fixed else "delete"
        if mode != wanted and not self._readonly and self.schema_version() >= 0:
            mode = self._connection.execute(f"PRAGMA journal_mode = {wanted}").fetchall()[0][0]
        if fixed:
            return f"SQLite {version}, {'write-ahead log' if mode == 'wal' else 'rollback journal'}"
        if mode == "wal":
            raise StoreUnfit(
                f"SQLite {version} can lose committed changes with a write-ahead log and the store "
                f"{self.path} is in use with one; close the other programs, or install apsw>=3.54"
            )
        return f"SQLite {version}, rollback journal (this version can lose data with a write-ahead log)"

    def _pragma(self, name: str) -> Any:
        return self._connection.execute(f"PRAGMA {name}").fetchall()[0][0]

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except apsw.Error as error:
            raise self.explain(error) from error

    run_compiled = run  # SQLite's own mark is the question mark

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        try:
            self._connection.executemany(sql, rows)
        except apsw.Error as error:
            raise self.explain(error) from error

    def changes(self) -> int:
        return self._connection.changes()

    def begin(self, *, write: bool) -> None:
        self._check_place()  # before the gate, which would leave its file beside a store that is gone
        if write:
            self._enter_gate()
            self._check_place()  # the wait may have been long
        self.run("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")

    def commit(self) -> None:
        self._check_place()
        self.run("COMMIT")

    def _check_place(self) -> None:
        """StoreError when the path no longer leads to the open file: what is written to a file
        without a name succeeds, and is lost with the last descriptor of it."""
        if self._identity is None:
            return
        try:
            if identity(self.path) == self._identity:
                return
            now = "another file has its name now"
        except OSError as error:
            now = f"{error.strerror or 'it is gone'}"
        raise StoreError(
            f"the store {self.path} was removed or replaced while it was open: {now}; "
            "nothing more is saved, put it back or start again"
        )

    def rollback(self) -> None:
        """Undo, unless SQLite has done so itself (disk full, I/O error): asking twice would
        hide the first error behind "no transaction is active"."""
        self._undo("ROLLBACK")

    def rollback_to(self, name: str) -> None:
        self._undo(f"ROLLBACK TO {name}; RELEASE {name}")

    def _undo(self, sql: str) -> None:
        if self._connection.in_transaction:
            try:
                self._connection.execute(sql)
            except apsw.Error:
                pass  # the journal undoes it at the next open; the first error is the one to tell

    def finish(self) -> None:
        self._leave_gate()

    def _enter_gate(self) -> None:
        if self._gate is None:
            from supporttui.store.gate import Gate

            self._gate = Gate("" if self._memory else self.path + "-gate", self._gate_mode)
        self._gate.enter()

    def _leave_gate(self) -> None:
        if self._gate is not None:
            self._gate.leave()

    def schema_version(self) -> int:
        self._check_place()
        size = 0 if self._memory else os.path.getsize(self.path)
        mark = self._pragma("application_id")
        if mark == APPLICATION_ID:
            return int(self._pragma("user_version"))
        if size and not self._pragma(
            "page_count"
        ):  # too short for a database, which SQLite takes for an empty one
            raise self.explain(apsw.NotADBError())
        if mark == 0 and not self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall():
            return 0
        raise StoreUnfit(
            f"{self.path} is an SQLite file of another program, not a supporttui store; check --store"
        )

    def mark_schema(self, version: int) -> None:
        self.run(f"PRAGMA application_id = {APPLICATION_ID}")
        self.run(f"PRAGMA user_version = {version}")

    @contextmanager
    def migrating(self) -> Iterator[None]:
        self._check_place()
        self._enter_gate()
        try:
            yield
        finally:
            self._leave_gate()

    def data_version(self) -> int:
        self._check_place()
        return int(self.run("PRAGMA data_version")[0][0])

    def interrupt(self) -> None:
        try:
            self._connection.interrupt()
        except apsw.ConnectionClosedError:
            pass  # closed meanwhile by its own thread: there is nothing left to stop

    @contextmanager
    def limited(self, milliseconds: int) -> Iterator[None]:
        from time import monotonic

        end = monotonic() + milliseconds / 1000
        self._connection.set_progress_handler(lambda: monotonic() > end, _STEPS_PER_LOOK)
        try:
            yield
        except Stopped:
            if monotonic() <= end:
                raise
            raise Stopped(f"the search took over {milliseconds} ms and was stopped; narrow it") from None
        finally:
            self._connection.set_progress_handler(None)

    @contextmanager
    def watched(self, stop: Callable[[], bool]) -> Iterator[None]:
        self._connection.set_progress_handler(stop, _STEPS_PER_WATCH, id=stop)
        try:
            yield
        finally:
            self._connection.set_progress_handler(None, id=stop)

    def beside(self) -> SqliteEngine | None:
        if self._memory:
            return None
        self._check_place()
        other = SqliteEngine(self.path, readonly=True, gate_mode=self._gate_mode)
        if other._identity != self._identity:
            other.close()
            self._check_place()
            return None
        return other

    def backup(self, path: str) -> None:
        """A compact copy of the store as of now into an existing empty file; writers go on meanwhile."""
        self.run("VACUUM INTO ?", (path,))

    def keep_copy(self) -> None:
        """A backup named after its schema, `FILE.schema1.backup`; kept until someone removes it."""
        from supporttui.store.backup import copy_store

        if not self._memory:
            target = f"{self.path}.schema{self.schema_version()}.backup"
            if not os.path.lexists(target):
                copy_store(self, target)

    def close(self) -> None:
        self._leave_gate()
        try:
            self.database.dispose() if self.database.is_closed() else self.database.close()
        except Exception as error:
            raise self.explain(error) from error

    def explain(self, error: BaseException) -> StoreError:
        if isinstance(error, StoreError):
            return error
        from supporttui.store.engine import first_line

        cause = getattr(error, "orig", None) or error.__cause__ or error
        if isinstance(cause, _WRITE_PROTECTED) and is_read_only(self.path):
            return StoreError(
                f"the store {self.path} is on a read-only file system, so it can't be opened for writing; "
                "remount that for writing, or work on a copy elsewhere"
            )
        for kinds, make, words in _LINES:
            if isinstance(cause, kinds):
                return make(words.format(path=self.path, detail=first_line(cause)))
        return StoreError(f"the store {self.path} failed: {first_line(cause)}")


_WRITE_PROTECTED = (apsw.CantOpenError, apsw.ReadOnlyError)
_LINES: tuple[tuple[tuple[type[BaseException], ...], type[StoreError], str], ...] = (
    (
        (apsw.BusyError, apsw.LockedError),
        StoreBusy,
        "the store {path} is locked by another process; try again",
    ),
    ((apsw.InterruptError,), Stopped, "stopped"),
    ((apsw.NotADBError,), StoreUnfit, "{path} is not a supporttui store (not an SQLite file); check --store"),
    (
        (apsw.CorruptError,),
        StoreError,
        "the store {path} is damaged ({detail}); keep a copy and restore a backup",
    ),
    (
        (apsw.FullError,),
        StoreError,
        "no room left for the store {path}; free some space, nothing of this change was saved",
    ),
    (
        (apsw.ReadOnlyError,),
        StoreError,
        "the store {path} can only be read: its file or folder is write-protected",
    ),
    (
        (apsw.CantOpenError,),
        StoreError,
        "the store {path} can't be opened; check the path and its permissions",
    ),
    (
        (apsw.IOError,),
        StoreError,
        "the disk failed under the store {path} ({detail}); look whether the change is there before you repeat it",
    ),
    ((apsw.ConstraintError,), StoreError, "the store refuses the change: {detail}"),
)


def _open_as(path: str, readonly: bool) -> tuple[str, int]:
    """The name and flags to open a path with.

    A store in a write-protected folder without a log beside it can't change under us, and
    SQLite opens it only when told so (`immutable`).
    """
    if not readonly or path == ":memory:":
        return path, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    fixed = not os.access(os.path.dirname(path) or ".", os.W_OK) and not os.path.exists(path + "-wal")
    from urllib.parse import quote

    return f"file:{quote(path)}?mode=ro" + ("&immutable=1" if fixed else ""), flags
