"""An open store: the transactions, and the one door through which queries pass.

Invariant: nothing is written outside `write()`, which holds the gate and an immediate
transaction, and either commits whole or leaves no trace.  A store belongs to one
thread at a time; only `interrupt` may be called from another.
"""

from __future__ import annotations

from contextlib import contextmanager

from supporttui.errors import StoreUnfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Any

    from supporttui.store.engine import Engine
    from supporttui.store.presence import Presence


class Store:
    """Made by `open_store`.

    url: where it is, without any password.  dialect: "sqlite" or "postgresql".
    engine: database and version in words, with a warning where the version deserves one.
    """

    def __init__(self, engine: Engine, url: str, *, readonly: bool) -> None:
        self._engine = engine
        self._depth = 0
        self._writing = False
        self._presence: Presence | None = None
        self.url = url
        self.readonly = readonly
        self.dialect = engine.dialect
        self.engine = engine.label

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def in_write(self) -> bool:
        """Whether a write transaction is open on this store."""
        return self._writing

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write transaction; inside another one, a part that is undone alone when it fails.

        Raises StoreBusy (locked for longer than we wait), StoreUnfit (opened for reading)
        and StoreError (disk full, damaged …).  Any exception undoes everything inside.
        """
        if self._writing:
            with self._part():
                yield
            return
        if self.readonly:
            raise StoreUnfit(f"the store {self.url} was opened for reading only")
        if self._depth:
            raise RuntimeError("a write can't begin inside a read")
        try:
            self._engine.begin(write=True)
            self._depth, self._writing = 1, True
            yield
            self._engine.commit()
        except BaseException:
            self._engine.rollback()
            raise
        finally:
            self._depth, self._writing = 0, False
            self._engine.finish()

    @contextmanager
    def _part(self) -> Iterator[None]:
        self._depth += 1
        name = f"part{self._depth}"
        self._engine.run(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self._engine.rollback_to(name)
            raise
        else:
            self._engine.run(f"RELEASE SAVEPOINT {name}")
        finally:
            self._depth -= 1

    def writing(self) -> AbstractContextManager[None]:
        """`write()`, or the write transaction that is open already."""
        return _Nothing() if self._writing else self.write()

    @contextmanager
    def read(self) -> Iterator[None]:
        """A snapshot: what is read inside belongs to one moment.  Take what you need and leave soon."""
        if self._depth:
            yield
            return
        self._engine.begin(write=False)
        self._depth = 1
        try:
            yield
        finally:
            self._depth = 0
            self._engine.rollback()

    def compile(self, query: Any) -> tuple[str, Sequence[Any]]:
        """SQL and parameters of a Peewee query in this store's dialect."""
        sql, parameters = self._engine.database.get_sql_context().sql(query).query()
        return sql, parameters

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """All rows of a Peewee query, as tuples."""
        sql, parameters = self.compile(query)
        return self._engine.run_compiled(sql, parameters)

    def changed(self, query: Any) -> int:
        """Execute a Peewee query that writes; the number of rows that it changed."""
        sql, parameters = self.compile(query)
        self._engine.run_compiled(sql, parameters)
        return self._engine.changes()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """One statement with `?` for parameters; all of its rows."""
        return self._engine.run(sql, parameters)

    def execute_compiled(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Like `execute`, for SQL that already has the dialect's own parameter marks."""
        return self._engine.run_compiled(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows of parameters, through the driver."""
        self._engine.many(sql, rows)

    def changes(self) -> int:
        """Rows changed by the last statement."""
        return self._engine.changes()

    def data_version(self) -> int:
        """Changes when another connection has committed something; cheap enough to ask often."""
        return self._engine.data_version()

    def interrupt(self) -> None:
        """Stop the running search (it raises Stopped); may be called from another thread."""
        self._engine.interrupt()

    def limited(self, milliseconds: int | None) -> AbstractContextManager[None]:
        """What runs inside may take so long at most, then raises Stopped; None is no limit."""
        return _Nothing() if milliseconds is None else self._engine.limited(milliseconds)

    def watched(self, stop: Callable[[], bool]) -> AbstractContextManager[None]:
        """What runs inside asks `stop` now and then and raises Stopped when it says so; a server is
        not asked (`interrupt` reaches it)."""
        return self._engine.watched(stop)

    def beside(self) -> Store | None:
        """The same store by a second connection that can't write; None for one in memory.  StoreError."""
        engine = self._engine.beside()
        return None if engine is None else Store(engine, self.url, readonly=True)

    def backup(self, path: str) -> str:
        """A checked copy at `path`, written beside it first; returns the path.  See store.backup."""
        from supporttui.store.backup import backup

        return backup(self._engine, path)

    def info(self) -> dict[str, Any]:
        """What a person asks about a store: where, engine, schema, how many tickets, how large."""
        from supporttui.store.opening import describe

        return describe(self, self._engine)

    @property
    def presence(self) -> Presence:
        """Who is on which ticket, and what they have seen: kept beside the store."""
        if self._presence is None:
            from supporttui.store.presence import presence_of

            self._presence = presence_of(self)
        return self._presence

    def close(self) -> None:
        if self._presence is not None:
            self._presence.close()
        self._engine.close()


class _Nothing:
    """A context that does nothing."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None
