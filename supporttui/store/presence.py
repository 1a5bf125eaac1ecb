"""Who is on which ticket now, and what each analyst has seen: kept beside the store, never in it.

A heartbeat in the store itself would make every console read everything anew.  So this is
a second file (on PostgreSQL two unlogged tables), written without waiting for the disk.
It is advice only: whatever goes wrong here is "unknown" (None), never an error for the
analyst, and a file that is gone or damaged is made anew.  Losing it loses only these facts.
"""

from __future__ import annotations

import os
from time import monotonic
from typing import NamedTuple

from supporttui.errors import StoreError
from supporttui.store.columns import instant, seconds, storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any, Protocol

    import apsw

    from supporttui.store.session import Store

    class _Table(Protocol):
        """Runs statements with `?` for parameters; raises Unknown."""

        def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

        def version(self) -> int: ...

        def close(self) -> None: ...


SUFFIX = "-presence.db"
"""The file stands beside the store under the store's name with this end."""

APPLICATION_ID = 0x53505450
SCHEMA = 1
BUSY_MILLISECONDS = 10  # a console that finds the file locked asks again at its next beat
REST_SECONDS = 5.0  # after the file could not be had
FORGET_SECONDS = 3600  # leases this old are cleared away by whoever writes
FORGET_WATCHER_SECONDS = 3 * 86_400  # a watcher that died on Friday evening is still missed on Monday
WATCHING = "watch"  # what a watcher's lease says that it does
MARKS_AT_ONCE = 500

_LEASE = """CREATE {kind} TABLE IF NOT EXISTS presence (
    console TEXT PRIMARY KEY, actor TEXT NOT NULL, ticket BIGINT NOT NULL, doing TEXT NOT NULL,
    since BIGINT NOT NULL, renewed BIGINT NOT NULL, beats BIGINT NOT NULL)"""
_SEEN = """CREATE {kind} TABLE IF NOT EXISTS seen (
    actor TEXT NOT NULL, ticket BIGINT NOT NULL, entry BIGINT NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (actor, ticket))"""


class Unknown(Exception):
    """Nothing can be said just now."""


class Lease(NamedTuple):
    """One console's word that it is on a ticket.

    console: tells consoles apart.  doing: id of the verb that is being written, "" for reading.
    since, renewed: by that console's clock, which may differ from ours.  beats: grows with
    every renewal, so that a renewal is noticed whatever the clocks say.
    """

    console: str
    actor: str
    ticket: int
    doing: str
    since: datetime
    renewed: datetime
    beats: int


class Seen(NamedTuple):
    """Up to which journal entry somebody has seen a ticket, and when that was."""

    entry: int
    at: datetime


class Presence:
    """Leases and seen marks of one store.  Belongs to the store's thread; no method raises or waits."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self._version: int | None = None

    def say(self, lease: Lease) -> bool:
        """Write or renew a lease; False when it could not be written."""
        row = (
            lease.console, storable(lease.actor), lease.ticket, lease.doing,
            seconds(lease.since), seconds(lease.renewed), lease.beats,
        )  # fmt: skip
        sql = (
            "INSERT INTO presence (console, actor, ticket, doing, since, renewed, beats) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (console) DO UPDATE SET actor = excluded.actor, "
            "ticket = excluded.ticket, doing = excluded.doing, since = excluded.since, "
            "renewed = excluded.renewed, beats = excluded.beats"
        )
        done = self._try(sql, row) is not None
        if lease.beats % 16 == 1:
            now = seconds(lease.renewed)
            self._try(
                "DELETE FROM presence WHERE renewed < ? OR (renewed < ? AND doing <> ?)",
                (now - FORGET_WATCHER_SECONDS, now - FORGET_SECONDS, WATCHING),
            )
        return done

    def leave(self, console: str) -> bool:
        """Take a console's lease away."""
        return self._try("DELETE FROM presence WHERE console = ?", (console,)) is not None

    def leases(self) -> tuple[Lease, ...] | None:
        """All leases that were written, dead ones among them; None: unknown."""
        found = self._try("SELECT console, actor, ticket, doing, since, renewed, beats FROM presence")
        return None if found is None else tuple(filter(None, map(_lease, found)))

    def changed(self) -> bool:
        """Whether another console may have written since this was last asked."""
        try:
            version = self._table.version()
        except Unknown:
            self._version = None
            return True
        before, self._version = self._version, version
        return version != before

    def saw(self, actor: str, ticket: int, entry: int, at: datetime) -> bool:
        """Keep up to which entry a ticket was seen; an older mark never replaces a newer one."""
        sql = (
            "INSERT INTO seen (actor, ticket, entry, at) VALUES (?, ?, ?, ?) ON CONFLICT (actor, ticket) "
            "DO UPDATE SET entry = excluded.entry, at = excluded.at WHERE seen.entry <= excluded.entry"
        )
        return self._try(sql, (storable(actor), ticket, entry, seconds(at))) is not None

    def seen(self, actor: str, tickets: Iterable[int]) -> Mapping[int, Seen] | None:
        """The marks that somebody has on these tickets; None: unknown."""
        numbers, marks = list(tickets), {}
        for start in range(0, len(numbers), MARKS_AT_ONCE):
            some = numbers[start : start + MARKS_AT_ONCE]
            sql = f"SELECT ticket, entry, at FROM seen WHERE actor = ? AND ticket IN ({', '.join('?' * len(some))})"
            found = self._try(sql, (storable(actor), *some))
            if found is None:
                return None
            for ticket, entry, at in found:
                if isinstance(ticket, int) and isinstance(entry, int) and _is_instant(at):
                    marks[ticket] = Seen(entry, instant(at))
        return marks

    def close(self) -> None:
        self._table.close()

    def _try(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]] | None:
        try:
            return self._table.run(sql, parameters)
        except Unknown:
            return None


def presence_of(store: Store) -> Presence:
    """The presence that belongs to an open store; one in memory shares nothing with anybody."""
    if store.dialect != "sqlite":
        return Presence(_Server(store))
    path = store.url
    return Presence(_File(path if path == ":memory:" else path + SUFFIX, create=not store.readonly))


def _lease(row: tuple[Any, ...]) -> Lease | None:
    """A row as a lease; None for one that was not written by us."""
    console, actor, ticket, doing, since, renewed, beats = row
    texts = all(isinstance(one, str) for one in (console, actor, doing))
    numbers = isinstance(ticket, int) and isinstance(beats, int)
    if not (texts and numbers and _is_instant(since) and _is_instant(renewed)):
        return None
    return Lease(console, actor, ticket, doing, instant(since), instant(renewed), beats)


def _is_instant(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 1 << 36


class _File:
    """The second SQLite file."""

    def __init__(self, path: str, *, create: bool) -> None:
        self._path = path
        self._create = create
        self._memory = path == ":memory:"
        self._connection: apsw.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._resting_until = 0.0

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        import apsw

        for attempt in (1, 2):
            try:
                return self._open().execute(sql, parameters).fetchall()
            except (apsw.NotADBError, apsw.CorruptError, apsw.SQLError):  # the last: our tables are missing
                self._discard()
                if attempt == 2:
                    break
            except (apsw.BusyError, apsw.LockedError):
                raise Unknown from None
            except (apsw.Error, OSError):
                break
        self._rest()
        raise Unknown

    def version(self) -> int:
        return int(self.run("PRAGMA data_version")[0][0]) + 1000 * id(self._connection)

    def close(self) -> None:
        import apsw

        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except apsw.Error:
                pass  # there is nothing in it that would have to be saved

    def _open(self) -> apsw.Connection:
        """The connection, on the file that has the name now."""
        from supporttui.store.place import identity

        if self._connection is not None:
            if self._memory or self._is_in_place():
                return self._connection
            self.close()
        if monotonic() < self._resting_until:
            raise Unknown
        if not self._memory:
            self._prepare()
            self._identity = identity(self._path)
        self._connection = self._connect()
        return self._connection

    def _is_in_place(self) -> bool:
        from supporttui.store.place import identity

        try:
            return identity(self._path) == self._identity
        except OSError:
            return False

    def _prepare(self) -> None:
        """A regular file of ours, made with the modes of the store's own files."""
        import stat

        from supporttui.store.place import create_private, private_mode

        try:
            found = os.lstat(self._path)
        except FileNotFoundError:
            if not self._create:
                raise Unknown from None
            try:
                create_private(self._path, private_mode(os.path.dirname(self._path)))
            except FileExistsError:
                pass  # another console was faster
            return
        if not stat.S_ISREG(found.st_mode) or (os.name == "posix" and found.st_mode & 0o007):
            raise Unknown  # a link, or a file that anybody may read or write: not one that we made

    def _connect(self) -> apsw.Connection:
        import apsw

        flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if self._memory else 0)
        connection = apsw.Connection(self._path, flags=flags)
        try:
            connection.set_busy_timeout(BUSY_MILLISECONDS)
            for setting in ("synchronous = OFF", "journal_mode = TRUNCATE", "trusted_schema = 0"):
                connection.execute(f"PRAGMA {setting}").fetchall()
            self._make_tables(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _make_tables(self, connection: apsw.Connection) -> None:
        mark, version, pages = (
            connection.execute(f"PRAGMA {name}").fetchall()[0][0]
            for name in ("application_id", "user_version", "page_count")
        )
        if (mark, version) == (APPLICATION_ID, SCHEMA):
            return
        if pages:
            raise Unknown  # another program's, or of another version of this one
        connection.execute(
            f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA}; "
            f"{_LEASE.format(kind='')}; {_SEEN.format(kind='')} WITHOUT ROWID; COMMIT"
        )

    def _discard(self) -> None:
        """Take a damaged file away, unless somebody has put another one in its place."""
        in_place = self._is_in_place()
        self.close()
        if in_place and self._create and not self._memory:
            for name in (self._path + "-journal", self._path):
                try:
                    os.unlink(name)
                except OSError:
                    pass  # it is gone, or can't be had: the next attempt tells

    def _rest(self) -> None:
        if self._connection is None:
            self._resting_until = monotonic() + REST_SECONDS


class _Server:
    """Unlogged tables of a PostgreSQL store: no WAL, gone after a crash of the server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made = False
        self._count = 0

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            if not self._made:
                self._make()
            return self._store.execute(sql, parameters)
        except StoreError:
            self._made = False
            raise Unknown from None

    def _make(self) -> None:
        have = self._store.execute("SELECT to_regclass('presence'), to_regclass('seen')")[0]
        if None in have:
            self._store.execute(_LEASE.format(kind="UNLOGGED"))
            self._store.execute(_SEEN.format(kind="UNLOGGED"))
        self._made = True

    def version(self) -> int:
        self._count += 1  # there is no cheap sign of a change: each look reads the few rows
        return self._count

    def close(self) -> None:
        """The connection is the store's."""
