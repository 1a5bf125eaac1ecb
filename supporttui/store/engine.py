"""What the store needs of a database, so that SQLite and PostgreSQL look alike above."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import Any, Protocol

    from supporttui.errors import StoreError
else:
    Protocol = object  # loading typing would cost more than opening the store


class Engine(Protocol):
    """One open connection.  Every method turns driver errors into StoreError, one line each.

    dialect: "sqlite" or "postgresql".  label: engine and version for people.
    Statements use `?` for parameters on both.
    """

    dialect: str
    label: str
    database: Any  # the Peewee database that queries are compiled for

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute one statement and take all of its rows."""

    def run_compiled(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Like `run`, for SQL that already has this database's own parameter marks."""

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for every row of parameters."""

    def changes(self) -> int:
        """How many rows the last statement changed."""

    def begin(self, *, write: bool) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Undo the open transaction, if one is still open; never raises."""

    def rollback_to(self, name: str) -> None:
        """Undo back to a savepoint, if the transaction is still open; never raises."""

    def finish(self) -> None:
        """After a write transaction, however it ended: let the next writer in."""

    def schema_version(self) -> int:
        """0 for a store without schema; StoreUnfit when it belongs to another program."""

    def mark_schema(self, version: int) -> None: ...

    def migrating(self) -> AbstractContextManager[None]:
        """Keeps every other process from migrating at the same time."""

    def data_version(self) -> int:
        """A number that changes when another connection has committed."""

    def interrupt(self) -> None:
        """Stop what runs on this connection; may be called from another thread."""

    def limited(self, milliseconds: int) -> AbstractContextManager[None]:
        """Statements inside stop with `Stopped` once the time is over."""

    def watched(self, stop: Callable[[], bool]) -> AbstractContextManager[None]:
        """While statements inside run, `stop` is asked now and then (where this database can);
        they raise `Stopped` when it says so."""

    def beside(self) -> Engine | None:
        """A second connection that can't write; None where there can be only one."""

    def backup(self, path: str) -> None: ...

    def keep_copy(self) -> None:
        """Keep a copy of the store beside it before its schema changes."""

    def explain(self, error: BaseException) -> StoreError:
        """The one line for a driver's exception."""

    def close(self) -> None: ...


def first_line(error: BaseException) -> str:
    """The driver's own words, cut to one line."""
    lines: Iterator[str] = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line), type(error).__name__)
