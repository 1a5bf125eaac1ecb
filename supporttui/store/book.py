"""Reads and writes the records of the book: one set of functions for every kind.

A kind is a table, its record and how its columns are stored.  Which values are
sensible is the desk's to decide; here they only cross the border unchanged.
SQL is written in this package alone: callers say which records by `book_criteria`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from supporttui.errors import NotFound
from supporttui.store.book_criteria import Condition, among, column_of, equal, ordered
from supporttui.store.book_kinds import DATES, FLAGS, INSTANTS, KINDS, MONEY, Kind, stored
from supporttui.store.book_records import BookEvent, Record
from supporttui.store.columns import fold, from_json, instant, seconds, storable, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from supporttui.store.book_criteria import Criterion
    from supporttui.store.session import Store

AT_ONCE = 400  # ids in one statement


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
    found = select(store, kind, equal(id=record), removed=True)
    if not found:
        raise NotFound(f"there is no {kind} {record}")
    return found[0]


def select(
    store: Store,
    kind: str,
    *criteria: Criterion,
    order: Sequence[str] = ("id",),
    limit: int = 0,
    removed: bool = False,
) -> list[Any]:
    """Records that every criterion of `book_criteria` holds for.

    order: fields; "-" before one turns it round, "?" puts those that are unknown last.
    removed: those that were removed as well.  limit: 0 is all.
    """
    spec = KINDS[kind]
    conditions = [criterion(spec) for criterion in criteria]
    where = [f"({one.sql})" for one in conditions if one.sql] + ([] if removed else ["removed = 0"])
    sql = f"SELECT {', '.join(spec.columns)} FROM {spec.table}"
    sql += f" WHERE {' AND '.join(where)}" if where else ""
    sql += f" ORDER BY {ordered(spec, order)}" + (f" LIMIT {int(limit)}" if limit else "")
    make = _maker(spec)
    return [make(row) for row in store.execute(sql, [value for one in conditions for value in one.values])]


def of_ids(
    store: Store,
    kind: str,
    ids: Sequence[int],
    *,
    field: str = "id",
    order: Sequence[str] = ("id",),
    removed: bool = False,
) -> list[Any]:
    """Records whose id, or other reference, is one of these, however many; in order within each AT_ONCE of them."""
    found: list[Any] = []
    for some in _parts(ids):
        found += select(store, kind, among(field, some), order=order, removed=removed)
    return found


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def spellings(store: Store, kind: str, field: str, *criteria: Criterion, limit: int) -> list[str]:
    """The different texts in a field that has a folded form, of records that stand, without the empty one."""
    spec = KINDS[kind]
    conditions = [criterion(spec) for criterion in criteria]
    where = "".join(f" AND ({one.sql})" for one in conditions if one.sql)
    column = column_of(spec, field)
    found = store.execute(
        f"SELECT DISTINCT {column} FROM {spec.table} WHERE removed = 0 AND {column} <> ''{where} LIMIT {int(limit)}",
        [value for one in conditions for value in one.values],
    )
    return [str(row[0]) for row in found]


def numbered(store: Store, number: str, *, removed: bool = False) -> list[Any]:
    """Customers with this number or short name, case ignored as far as the database's own `lower` goes."""
    return select(store, "customer", lambda _kind: Condition(NUMBERED, lowered(number)), removed=removed)


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


def _events(store: Store, where: str, parameters: Iterable[Any], limit: int) -> list[BookEvent]:
    """Lines of the book's journal that a condition in SQL selects, the newest first."""
    found = store.execute(
        f"SELECT {_EVENT} FROM book_event WHERE {where} ORDER BY id DESC LIMIT ?", (*parameters, limit)
    )
    return [_event(row) for row in found]


def events_of(store: Store, kind: str, record: int, limit: int = 200) -> list[BookEvent]:
    """What happened to one record, the newest first."""
    return _events(store, "kind = ? AND record = ?", (kind, record), limit)


def events_of_many(store: Store, kind: str, ids: Sequence[int], limit: int) -> list[BookEvent]:
    """What happened to any of these records, so many lines at the most, the newest first."""
    found: list[BookEvent] = []
    for some in _parts(ids):
        marks = ", ".join("?" * len(some))
        found += _events(store, f"kind = ? AND record IN ({marks})", (kind, *some), limit)
    return sorted(found, key=lambda one: one.id, reverse=True)[:limit]


def removed_with(store: Store, removal: BookEvent, limit: int) -> list[BookEvent]:
    """What was removed in the same batch before a removal, the newest first."""
    where = "batch = ? AND batch <> '' AND what = 'removed' AND id < ?"
    return _events(store, where, (removal.batch, removal.id), limit)


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
    return next(iter(_events(store, where, (actor,), 1)), None)


def newest_undo(store: Store, actor: str) -> BookEvent | None:
    """Somebody's newest undo in the book that was not done again."""
    return next(iter(_events(store, f"actor = ? AND {_IS_UNDO}", (actor,), 1)), None)


def actions_of_batch(store: Store, actor: str, batch: str) -> list[BookEvent]:
    """What stands of what somebody did in one batch, the newest first."""
    return _events(
        store,
        f"batch = ? AND batch <> '' AND actor = ? AND {_IS_ACTION} AND {_STANDS}",
        (batch, actor),
        _EVERY,
    )


def undos_of_batch(store: Store, actor: str, batch: str) -> list[BookEvent]:
    """The undos of one batch that were not done again, the newest first."""
    return _events(store, f"batch = ? AND batch <> '' AND actor = ? AND {_IS_UNDO}", (batch, actor), _EVERY)


def event(store: Store, id: int) -> BookEvent | None:
    """One line of the book's journal."""
    return next(iter(_events(store, "id = ?", (id,), 1)), None)


def events_since(store: Store, kind: str, record: int, id: int) -> list[BookEvent]:
    """What happened to a record after an event, the newest first."""
    return _events(store, "kind = ? AND record = ? AND id > ?", (kind, record, id), _EVERY)


def _event(row: tuple[Any, ...]) -> BookEvent:
    return BookEvent(
        id=row[0], at=instant(row[1]), actor=row[2], kind=row[3], record=row[4], version=row[5], what=row[6],
        text=row[7], data=from_json(row[8]), inverse=from_json(row[9]), undoes=row[10], batch=row[11], after=row[12],
    )  # fmt: skip


# -- across the border ----------------------------------------------------------------------------


def _row(spec: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: stored(value) for name, value in values.items()}
    row.update({f"{name}_key": fold(values[name]) for name in spec.folded if name in values})
    return row


def _maker(spec: Kind) -> Any:
    """From a row in the order of `columns` to the record."""
    columns = spec.columns
    convert = [
        (place, _READ[kind])
        for place, name in enumerate(columns)
        if (
            kind := "date"
            if name in DATES
            else "money"
            if name in MONEY
            else "flag"
            if name in FLAGS
            else "instant"
            if name in INSTANTS
            else ""
        )
    ]

    def make(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, read in convert:
            values[place] = read(values[place])
        return spec.record(**dict(zip(columns, values, strict=True)))

    return make


_READ: dict[str, Any] = {
    "instant": instant,
    "date": lambda text: date.fromisoformat(text) if text else None,
    "money": lambda text: Decimal(text) if text else None,
    "flag": bool,
}

__all__ = ["KINDS", "BookEvent", "Kind", "Record", "actions_of_batch", "append_event", "begin_chain", "event", "events_of", "events_of_many", "get", "insert",
           "insert_many", "known_of", "numbered", "of_ids", "removed_with", "select", "spellings", "tickets_of", "tie", "untie", "update"]  # fmt: skip
