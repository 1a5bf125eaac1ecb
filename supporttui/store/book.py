"""Reads and writes the records of the book: one set of functions for every kind.

A kind is a table, its record and how its columns are stored.  Which values are
sensible is the desk's to decide; here they only cross the border unchanged.
Columns that end in `_key` hold the folded form of a text and follow it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

from supporttui.errors import NotFound
from supporttui.quickclass import dataclass
from supporttui.store import book_records as records
from supporttui.store.book_records import BookEvent, Record
from supporttui.store.columns import fold, from_json, instant, seconds, storable, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store

DATES = frozenset({
    "released_on", "support_ends_on", "accessed_on", "purchased_on", "shipped_on", "ended_on", "charge_paid_to",
    "ordered_on", "start_on", "end_on", "installed_on", "removed_on", "noted_on", "quoted_on", "support_from",
    "support_to",
})  # fmt: skip
MONEY = frozenset({"price", "monthly_charge"})
FLAGS = frozenset({"removed", "tcp_ip", "authorised", "reproducible", "material"})


@dataclass(frozen=True, slots=True)
class Kind:
    """name: as events and people call it.  folded: text columns that have a `_key` beside them."""

    name: str
    table: str
    record: type[Any]
    folded: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The record's fields, which are the table's columns."""
        known = _COLUMNS.get(self.name)
        if known is None:
            known = _COLUMNS[self.name] = tuple(one.name for one in fields(self.record))
        return known


_COLUMNS: dict[str, tuple[str, ...]] = {}  # worked out once: every statement asks


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("customer", "customer", records.CustomerRecord, ("name",)),
        Kind("contact", "contact", records.ContactRecord, ("name",)),
        Kind("site", "site", records.Site, ("code",)),
        Kind("product", "product", records.Product, ("name",)),
        Kind("release", "product_release", records.Release, ("name",)),
        Kind("os-release", "os_release", records.OsRelease, ("os", "name")),
        Kind("licence", "licence", records.Licence, ("number",)),
        Kind("contract", "contract", records.Contract, ("number",)),
        Kind("host", "host", records.Host, ("name",)),
        Kind("installation", "installation", records.Installation),
        Kind("modification", "modification", records.Modification),
        Kind("quotation", "quotation", records.Quotation, ("number",)),
        Kind("known-error", "known_error", records.KnownError, ("title",)),
    )
}


def insert(store: Store, kind: str, values: Mapping[str, Any]) -> int:
    """Write a new record; its id.  values: of the record's fields, those left out are the table's defaults."""
    spec = KINDS[kind]
    row = _row(spec, values)
    with store.writing():
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        found = store.execute(
            f"INSERT INTO {spec.table} ({names}) VALUES ({marks}) RETURNING id", tuple(row.values())
        )
        return int(found[0][0])


def insert_many(store: Store, kind: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write many new records in one statement each, all with the same fields; for imports and load tests."""
    if not rows:
        return
    spec = KINDS[kind]
    ready = [_row(spec, values) for values in rows]
    names = list(ready[0])
    with store.writing():
        store.execute_many(
            f"INSERT INTO {spec.table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            (tuple(row[name] for name in names) for row in ready),
        )


def update(store: Store, kind: str, record: int, seen: int, values: Mapping[str, Any]) -> bool:
    """Write fields of a record whose version is `seen`, which grows by one; False when it is another."""
    spec = KINDS[kind]
    row = _row(spec, values)
    with store.writing():
        sets = "".join(f"{name} = ?, " for name in row)
        store.execute(
            f"UPDATE {spec.table} SET {sets}version = version + 1 WHERE id = ? AND version = ?",
            (*row.values(), record, seen),
        )
        return store.changes() == 1


def begin_chain(store: Store, contract: int) -> None:
    """Make a new contract the first of its chain of renewals."""
    with store.writing():
        store.execute("UPDATE contract SET package = id WHERE id = ? AND package = 0", (contract,))


def get(store: Store, kind: str, record: int) -> Any:
    """The record of this id, a removed one too.  Errors: NotFound."""
    found = select(store, kind, "id = ?", (record,), removed=True)
    if not found:
        raise NotFound(f"there is no {kind} {record}")
    return found[0]


def select(
    store: Store,
    kind: str,
    where: str = "",
    parameters: Sequence[Any] = (),
    *,
    order: str = "id",
    limit: int = 0,
    removed: bool = False,
) -> list[Any]:
    """Records that a condition in SQL selects.

    where, order: written by a programmer, never from data; values go into parameters.
    removed: those that were removed as well.  limit: 0 is all.
    """
    spec = KINDS[kind]
    conditions = [part for part in (f"({where})" if where else "", "" if removed else "removed = 0") if part]
    sql = f"SELECT {', '.join(spec.columns)} FROM {spec.table}"
    sql += f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql += f" ORDER BY {order}" + (f" LIMIT {int(limit)}" if limit else "")
    make = _maker(spec)
    return [make(row) for row in store.execute(sql, tuple(parameters))]


def named(
    store: Store, kind: str, column: str, text: str, also: str = "", parameters: Sequence[Any] = ()
) -> list[Any]:
    """Records whose folded column is this text, case ignored; also: a further condition in SQL."""
    where = f"{column}_key = ?" + (f" AND {also}" if also else "")
    return select(store, kind, where, (fold(text), *parameters))


def numbered(store: Store, number: str, *, removed: bool = False) -> list[Any]:
    """Customers with this number or short name, case ignored as far as the database's own `lower` goes."""
    return select(store, "customer", NUMBERED, lowered(number), removed=removed)


NUMBERED = "lower(key) IN (?, ?) AND key <> ''"


def lowered(text: str) -> tuple[str, str]:
    """What `lower` of a database may make of a text: in any script, or (SQLite) of A to Z alone."""
    text = storable(text)
    return text.lower(), "".join(char.lower() if char.isascii() else char for char in text)


# -- the tickets of a known error -----------------------------------------------------------------


def tie(store: Store, known: int, ticket: int) -> None:
    """Say that a ticket is about a known error."""
    with store.writing():
        store.execute(
            "INSERT INTO known_error_ticket (known, ticket) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (known, ticket),
        )


def untie(store: Store, known: int, ticket: int) -> None:
    with store.writing():
        store.execute("DELETE FROM known_error_ticket WHERE known = ? AND ticket = ?", (known, ticket))


def tickets_of(store: Store, known: int) -> list[int]:
    """Numbers of the tickets that are about a known error."""
    found = store.execute("SELECT ticket FROM known_error_ticket WHERE known = ? ORDER BY ticket", (known,))
    return [int(row[0]) for row in found]


def known_of(store: Store, ticket: int) -> list[int]:
    """Ids of the known errors that a ticket is about."""
    found = store.execute("SELECT known FROM known_error_ticket WHERE ticket = ? ORDER BY known", (ticket,))
    return [int(row[0]) for row in found]


# -- the journal of the book ----------------------------------------------------------------------

_EVENT = "id, at, actor, kind, record, version, what, text, data, inverse, undoes, batch, after"


def append_event(
    store: Store,
    *,
    at: datetime,
    actor: str,
    kind: str,
    record: int,
    version: int,
    what: str,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    inverse: Mapping[str, Any] | None = None,
    undoes: int = 0,
    batch: str = "",
) -> int:
    """Write one line of the book's journal; its id."""
    with store.writing():
        found = store.execute(
            "INSERT INTO book_event (at, actor, kind, record, version, what, text, data, inverse, undoes, batch, after) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM journal)) RETURNING id",
            (
                seconds(at), storable(actor), kind, record, version, what, storable(text),
                to_json(data), to_json(inverse), undoes, batch,
            ),
        )  # fmt: skip
        return int(found[0][0])


def events(store: Store, where: str, parameters: Iterable[Any], limit: int) -> list[BookEvent]:
    """Lines of the book's journal that a condition in SQL selects, the newest first."""
    found = store.execute(
        f"SELECT {_EVENT} FROM book_event WHERE {where} ORDER BY id DESC LIMIT ?", (*parameters, limit)
    )
    return [_event(row) for row in found]


def events_of(store: Store, kind: str, record: int, limit: int = 200) -> list[BookEvent]:
    """What happened to one record, the newest first."""
    return events(store, "kind = ? AND record = ?", (kind, record), limit)


# An event stands unless an undo of it stands, and an undo stands unless it was redone.
_STANDS = (
    "NOT EXISTS (SELECT 1 FROM book_event u WHERE u.undoes = book_event.id AND u.undoes <> 0 AND NOT EXISTS "
    "(SELECT 1 FROM book_event r WHERE r.undoes = u.id AND r.undoes <> 0))"
)
_IS_UNDO = (
    "undoes <> 0 AND EXISTS (SELECT 1 FROM book_event o WHERE o.id = book_event.undoes AND o.undoes = 0) AND NOT EXISTS "
    "(SELECT 1 FROM book_event r WHERE r.undoes = book_event.id AND r.undoes <> 0)"
)
_IS_ACTION = "undoes = 0 AND inverse <> ''"  # what has no inverse came along with something else
_EVERY = 1 << 31


def newest_action(store: Store, actor: str, *, standing: bool) -> BookEvent | None:
    """The newest thing that somebody did to the book; standing: that no undo took back."""
    where = f"actor = ? AND {_IS_ACTION}" + (f" AND {_STANDS}" if standing else "")
    return next(iter(events(store, where, (actor,), 1)), None)


def newest_undo(store: Store, actor: str) -> BookEvent | None:
    """Somebody's newest undo in the book that was not done again."""
    return next(iter(events(store, f"actor = ? AND {_IS_UNDO}", (actor,), 1)), None)


def actions_of_batch(store: Store, actor: str, batch: str) -> list[BookEvent]:
    """What stands of what somebody did in one batch, the newest first."""
    return events(
        store,
        f"batch = ? AND batch <> '' AND actor = ? AND {_IS_ACTION} AND {_STANDS}",
        (batch, actor),
        _EVERY,
    )


def undos_of_batch(store: Store, actor: str, batch: str) -> list[BookEvent]:
    """The undos of one batch that were not done again, the newest first."""
    return events(store, f"batch = ? AND batch <> '' AND actor = ? AND {_IS_UNDO}", (batch, actor), _EVERY)


def event(store: Store, id: int) -> BookEvent | None:
    """One line of the book's journal."""
    return next(iter(events(store, "id = ?", (id,), 1)), None)


def events_since(store: Store, kind: str, record: int, id: int) -> list[BookEvent]:
    """What happened to a record after an event, the newest first."""
    return events(store, "kind = ? AND record = ? AND id > ?", (kind, record, id), _EVERY)


def _event(row: tuple[Any, ...]) -> BookEvent:
    return BookEvent(
        id=row[0], at=instant(row[1]), actor=row[2], kind=row[3], record=row[4], version=row[5], what=row[6],
        text=row[7], data=from_json(row[8]), inverse=from_json(row[9]), undoes=row[10], batch=row[11], after=row[12],
    )  # fmt: skip


# -- across the border ----------------------------------------------------------------------------


def _row(spec: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: _stored(value) for name, value in values.items()}
    row.update({f"{name}_key": fold(values[name]) for name in spec.folded if name in values})
    return row


def _stored(value: Any) -> Any:
    """A value of a record as its column keeps it; None is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return storable(value) if isinstance(value, str) else value


def _maker(spec: Kind) -> Any:
    """From a row in the order of `columns` to the record."""
    columns = spec.columns
    convert = [
        (place, _READ[kind])
        for place, name in enumerate(columns)
        if (
            kind := "date" if name in DATES else "money" if name in MONEY else "flag" if name in FLAGS else ""
        )
    ]

    def make(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, read in convert:
            values[place] = read(values[place])
        return spec.record(**dict(zip(columns, values, strict=True)))

    return make


_READ: dict[str, Any] = {
    "date": lambda text: date.fromisoformat(text) if text else None,
    "money": lambda text: Decimal(text) if text else None,
    "flag": bool,
}

__all__ = ["KINDS", "BookEvent", "Kind", "Record", "actions_of_batch", "append_event", "begin_chain", "event", "events", "events_of", "get", "insert",
           "insert_many", "known_of", "named", "numbered", "select", "tickets_of", "tie", "untie", "update"]  # fmt: skip
