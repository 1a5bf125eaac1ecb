"""The journal: what happened to each ticket, in the order in which it was written.

Append-only: there is no function here that changes or removes an entry, and the
database refuses it to anyone else.
"""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, IntegerField, Model, TextField

from supporttui.store.columns import from_json, instant, listed, seconds, storable, to_json
from supporttui.store.models import text_column
from supporttui.store.records import JournalEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store


class JournalRow(Model):
    id = BigAutoField()
    ticket = BigIntegerField()
    version = BigIntegerField()
    at = BigIntegerField()
    recorded_at = BigIntegerField()
    actor = text_column()
    kind = TextField()
    public = IntegerField(default=0)
    text = text_column()
    data = text_column()
    inverse = text_column()
    undoes = BigIntegerField(default=0)
    batch = text_column()

    class Meta:
        table_name = "journal"


_READ = (
    JournalRow.id,
    JournalRow.ticket,
    JournalRow.version,
    JournalRow.at,
    JournalRow.recorded_at,
    JournalRow.actor,
    JournalRow.kind,
    JournalRow.public,
    JournalRow.text,
    JournalRow.data,
    JournalRow.inverse,
    JournalRow.undoes,
    JournalRow.batch,
)

# Read whenever a ticket is shown or changed: the text is made once.
_SELECT = f"SELECT {listed(field.column_name for field in _READ)} FROM journal"
_WRITTEN = [field.column_name for field in _READ[1:]]
_APPEND = f"INSERT INTO journal ({listed(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))}) RETURNING id"


def append(
    store: Store,
    *,
    ticket: int,
    version: int,
    at: datetime,
    recorded_at: datetime,
    actor: str,
    kind: str,
    public: bool = False,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    inverse: Mapping[str, Any] | None = None,
    undoes: int = 0,
    batch: str = "",
) -> int:
    """Write an entry and return its id.  StoreError when the ticket doesn't exist."""
    row = {
        "ticket": ticket,
        "version": version,
        "at": seconds(at),
        "recorded_at": seconds(recorded_at),
        "actor": storable(actor),
        "kind": kind,
        "public": int(public),
        "text": storable(text),
        "data": to_json(data),
        "inverse": to_json(inverse),
        "undoes": undoes,
        "batch": storable(batch),
    }
    with store.writing():
        return int(store.execute(_APPEND, tuple(row.values()))[0][0])


def _entry(row: tuple[Any, ...]) -> JournalEntry:
    return JournalEntry(
        id=row[0],
        ticket=row[1],
        version=row[2],
        at=instant(row[3]),
        recorded_at=instant(row[4]),
        actor=row[5],
        kind=row[6],
        public=row[7] == 1,
        text=row[8],
        data=from_json(row[9]),
        inverse=from_json(row[10]),
        undoes=row[11],
        batch=row[12],
    )


def of_ticket(
    store: Store,
    number: int,
    *,
    kinds: Iterable[str] | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    before_id: int | None = None,
    after_id: int | None = None,
) -> list[JournalEntry]:
    """A ticket's entries in the order of writing, or newest first.

    kinds: only these.  before_id, after_id: only entries written before or after that one.
    limit: at most so many.
    """
    sql = f"{_SELECT} WHERE ticket = ?"
    parameters: list[int | str] = [number]
    if kinds is not None:
        wanted = list(kinds)
        sql += f" AND kind IN ({', '.join('?' * len(wanted))})"
        parameters += wanted
    if before_id is not None:
        sql += " AND id < ?"
        parameters.append(before_id)
    if after_id is not None:
        sql += " AND id > ?"
        parameters.append(after_id)
    sql += " ORDER BY id DESC" if newest_first else " ORDER BY id"
    if limit is not None:
        sql += " LIMIT ?"
        parameters.append(limit)
    return [_entry(row) for row in store.execute(sql, parameters)]


def get(store: Store, entry_id: int) -> JournalEntry | None:
    """One entry by its id."""
    found = store.rows(JournalRow.select(*_READ).where(JournalRow.id == entry_id))
    return _entry(found[0]) if found else None


def after_version(store: Store, number: int, version: int) -> list[JournalEntry]:
    """What happened to a ticket after it had this version, oldest first."""
    query = JournalRow.select(*_READ).where(JournalRow.ticket == number, JournalRow.version > version)
    return [_entry(row) for row in store.rows(query.order_by(JournalRow.id))]


def of_batch(store: Store, batch: str) -> list[JournalEntry]:
    """All entries of one action on several tickets, in the order of writing."""
    query = JournalRow.select(*_READ).where(JournalRow.batch == batch, JournalRow.batch != "")
    return [_entry(row) for row in store.rows(query.order_by(JournalRow.id))]


def recent(
    store: Store, *, actor: str | None = None, limit: int, before_id: int | None = None
) -> list[JournalEntry]:
    """The newest entries of the desk, or of one actor, newest first."""
    query = JournalRow.select(*_READ)
    if actor is not None:
        query = query.where(JournalRow.actor == storable(actor))
    if before_id is not None:
        query = query.where(JournalRow.id < before_id)
    return [_entry(row) for row in store.rows(query.order_by(JournalRow.id.desc()).limit(limit))]


def undoings(store: Store, number: int) -> list[tuple[int, int]]:
    """Every entry of a ticket that took back another one, as (its id, the other's id), newest first."""
    sql = "SELECT id, undoes FROM journal WHERE ticket = ? AND undoes <> 0 ORDER BY id DESC"
    return [(entry, undone) for entry, undone in store.execute(sql, (number,))]


def newer_by_others(store: Store, actor: str, marks: Mapping[int, int]) -> set[int]:
    """Tickets with an entry of somebody else after the one that their mark names."""
    found: set[int] = set()
    asked = list(marks.items())
    for start in range(0, len(asked), 300):
        some = asked[start : start + 300]
        rows = ", ".join(["(CAST(? AS BIGINT), CAST(? AS BIGINT))"] * len(some))
        sql = (
            f"WITH held (ticket, mark) AS (VALUES {rows}) SELECT ticket FROM held WHERE EXISTS (SELECT 1 FROM "
            "journal WHERE journal.ticket = held.ticket AND journal.id > held.mark AND journal.actor <> ?)"
        )
        parameters = [value for pair in some for value in pair]
        found.update(number for (number,) in store.execute(sql, (*parameters, storable(actor))))
    return found


def count_by_others(store: Store, number: int, actor: str, after: int, most: int) -> int:
    """How many entries of a ticket somebody else wrote after entry `after`; stops counting at `most`."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM journal WHERE ticket = ? AND id > ? AND actor <> ? LIMIT ?) AS newer"
    return int(store.execute(sql, (number, after, storable(actor), most))[0][0])


def latest_id(store: Store) -> int:
    """The id of the newest entry, 0 in an empty journal."""
    return int(store.execute("SELECT coalesce(max(id), 0) FROM journal")[0][0])


def touched_since(store: Store, journal_id: int) -> list[int]:
    """Numbers of the tickets with entries written after this one, in numeric order."""
    # Without the order SQLite would walk the index on tickets from end to end to save itself a sort.
    found = store.execute("SELECT ticket FROM journal WHERE id > ? ORDER BY id", (journal_id,))
    return sorted({number for (number,) in found})
