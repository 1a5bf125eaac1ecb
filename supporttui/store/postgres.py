"""PostgreSQL through psycopg 3, for a desk that outgrows one host.

Writers pass one at a time here too, by an advisory lock held for the transaction.  A desk
writes some ten times a second; in return the journal's ids follow the order of commits,
so that "what is newer than the last I saw" never misses a row.
"""

from __future__ import annotations

from contextlib import contextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from peewee import PeeweeException, PostgresqlDatabase

from supporttui.errors import Stopped, StoreBusy, StoreError, StoreUnfit, UsageError
from supporttui.store.engine import first_line

try:
    import psycopg
    from psycopg import errors
except ImportError as error:
    raise UsageError(
        "a postgresql:// store needs psycopg, which is not installed: pip install 'supporttui[postgres]'"
    ) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

_WRITERS = 0x53505401  # advisory lock of writers
_MIGRATION = 0x53505402  # advisory lock of whoever brings the schema forward
_WAIT = "15s"


class PostgresEngine:
    """A connection to one PostgreSQL database."""

    dialect = "postgresql"

    def __init__(self, url: str, *, readonly: bool = False) -> None:
        self.url = redacted(url)
        self._target = url
        self._readonly = readonly
        self._transaction = ""  # "", "read" or "write"
        self._changes = 0
        self._own_commits = 0
        self.database: Any = PostgresqlDatabase(
            _complete(url), prefer_psycopg3=True, thread_safe=False, autoconnect=False
        )
        self._connect()
        number = self._connection.info.server_version
        self.label = f"PostgreSQL {number // 10000}.{number % 10000}"

    def _connect(self) -> None:
        try:
            self.database.connect()
            self._connection: psycopg.Connection[Any] = self.database.connection()
            self._connection.execute(f"SET lock_timeout = '{_WAIT}'")
            self._connection.execute("SET client_min_messages = error")
            if self._readonly:
                self._connection.execute("SET default_transaction_read_only = on")
        except (psycopg.Error, PeeweeException) as error:
            told = self.explain(error)
            self._drop()
            raise told from None  # the driver's error may hold the password

    def _drop(self) -> None:
        """Forget a connection that may be broken."""
        connection = None if self.database.is_closed() else self.database.connection()
        self.database.dispose()
        if connection is not None:
            connection.close()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.run_compiled(sql.replace("?", "%s") if parameters else sql, parameters)

    def run_compiled(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """A lost connection is made anew, once, where only this one statement depends on it."""
        try:
            return self._execute(sql, parameters)
        except psycopg.Error as error:
            if not self._connection.closed or self._transaction:
                raise self.explain(error) from error
        self._drop()
        self._connect()
        try:
            return self._execute(sql, parameters)
        except psycopg.Error as error:
            raise self.explain(error) from error

    def _execute(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(sql, parameters or None)
        self._changes = cursor.rowcount
        return cursor.fetchall() if cursor.description else []

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s"), rows)
        except psycopg.Error as error:
            raise self.explain(error) from error

    def changes(self) -> int:
        return max(self._changes, 0)

    def begin(self, *, write: bool) -> None:
        if not write:
            self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._transaction = "read"
            return
        self.run("BEGIN")
        self._transaction = "write"
        self.run("SELECT pg_advisory_xact_lock(?)", (_WRITERS,))

    def commit(self) -> None:
        """Commit; whether it arrived can't be told when the connection breaks just then."""
        self.run("UPDATE change_count SET commits = commits + 1")
        try:
            self._connection.execute("COMMIT")
        except psycopg.OperationalError as error:
            if not self._connection.closed:
                raise self.explain(error) from error
            raise StoreError(
                f"the connection to {self.url} broke while saving: look whether the change is there, then repeat"
            ) from error
        self._transaction = ""
        self._own_commits += 1

    def rollback(self) -> None:
        self._undo("ROLLBACK")
        self._transaction = ""

    def rollback_to(self, name: str) -> None:
        self._undo(f"ROLLBACK TO {name}; RELEASE {name}")

    def _undo(self, sql: str) -> None:
        if self._transaction and not self._connection.closed:
            try:
                self._connection.execute(sql)
            except psycopg.Error:
                self._connection.close()  # the server undoes what it never heard the end of

    def finish(self) -> None:
        """The advisory lock ended with the transaction."""

    def schema_version(self) -> int:
        ours, taken = self.run("SELECT to_regclass('schema_step'), to_regclass('ticket')")[0]
        if ours is not None:
            return int(self.run("SELECT coalesce(max(number), 0) FROM schema_step")[0][0])
        if taken is not None:
            raise StoreUnfit(
                f"the database {self.url} has a table named ticket that supporttui did not make; "
                "give supporttui a database of its own"
            )
        return 0

    def mark_schema(self, version: int) -> None:
        """The table of steps says it all here."""

    @contextmanager
    def migrating(self) -> Iterator[None]:
        self.run("SELECT pg_advisory_lock(?)", (_MIGRATION,))
        try:
            yield
        finally:
            self.run("SELECT pg_advisory_unlock(?)", (_MIGRATION,))

    def data_version(self) -> int:
        return int(self.run("SELECT commits FROM change_count")[0][0]) - self._own_commits

    def interrupt(self) -> None:
        if not self._connection.closed:
            self._connection.cancel()

    @contextmanager
    def limited(self, milliseconds: int) -> Iterator[None]:
        from time import monotonic

        end = monotonic() + milliseconds / 1000
        self.run(f"SET statement_timeout = {milliseconds:d}")
        try:
            yield
        except Stopped:
            if monotonic() < end:
                raise
            raise Stopped(f"the search took over {milliseconds} ms and was stopped; narrow it") from None
        finally:
            if not self._connection.closed and self._connection.info.transaction_status.name != "INERROR":
                self.run("SET statement_timeout = 0")

    @contextmanager
    def watched(self, stop: Callable[[], bool]) -> Iterator[None]:
        if stop():
            raise Stopped("stopped")
        yield

    def beside(self) -> PostgresEngine:
        return PostgresEngine(self._target, readonly=True)

    def backup(self, path: str) -> None:
        raise UsageError("a PostgreSQL store is backed up with pg_dump, not to a file by supporttui")

    def keep_copy(self) -> None:
        """A step is one transaction; copies of a server's databases are its administrator's to make."""

    def close(self) -> None:
        self.rollback()
        self._drop()

    def explain(self, error: BaseException) -> StoreError:
        if isinstance(error, StoreError):
            return error
        cause = getattr(error, "orig", None) or error
        for kinds, make, words in _LINES:
            if isinstance(cause, kinds):
                return make(words.format(url=self.url, detail=first_line(cause)))
        return StoreError(f"the store {self.url} failed: {first_line(cause)}")


_LINES: tuple[tuple[tuple[type[BaseException], ...], type[StoreError], str], ...] = (
    (
        (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure),
        StoreBusy,
        "the store {url} is locked by another process; try again",
    ),
    ((errors.QueryCanceled,), Stopped, "stopped"),
    (
        (errors.DiskFull,),
        StoreError,
        "no room left on the server of {url}; nothing of this change was saved",
    ),
    ((errors.ReadOnlySqlTransaction,), StoreError, "the store {url} can only be read"),
    ((errors.InsufficientPrivilege,), StoreUnfit, "{url} does not let this user do that: {detail}"),
    ((psycopg.IntegrityError, errors.RaiseException), StoreError, "the store refuses the change: {detail}"),
    ((psycopg.OperationalError,), StoreError, "the store {url} can't be reached: {detail}"),
    ((psycopg.ProgrammingError,), StoreError, "the store {url} can't be used: {detail}"),
)


def _complete(url: str) -> str:
    """The URL as libpq wants it, with a limit on the time that connecting may take."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.setdefault("connect_timeout", "10")
    return urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(query), ""))


def redacted(url: str) -> str:
    """The URL without its password: fit for a screen or a log."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return f"postgresql://{name}{at}{host}{parts.path}"
