"""Tickets: reading and changing their rows.

A change is a compare-and-set on the version that the caller saw; what derives from other
columns (`open`, `urgent`, the folded forms) is never left to the caller.
"""

from __future__ import annotations

from supporttui.store.columns import (
    NEVER,
    fold,
    instant_or_none,
    listed,
    seconds,
    seconds_or_none,
    storable,
)
from supporttui.store.models import TicketRow
from supporttui.store.pages import count, lines, page, rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from supporttui.store.records import Ticket
    from supporttui.store.session import Store

__all__ = [
    "count",
    "find_external",
    "get",
    "insert",
    "lines",
    "page",
    "rank",
    "set_tags",
    "suggest",
    "update",
]

FOLDED = tuple(
    "subject status owner customer contact site product release os os_release channel category "
    "environment plan external_id".split()
)
"""Text fields that are compared and sorted by their folded form."""

PLAIN_TEXT = ("description", "contact_email", "contact_phone", "next_due_role")
INSTANTS = ("reported_at", "created_at", "updated_at")
OPTIONAL_INSTANTS = ("resolved_at", "closed_at", "acknowledged_until", "snoozed_until")
SENTINEL_INSTANTS = ("next_due_at", "overdue_since")
NUMBERS = ("severity", "merged_into", "minutes_logged", "version")

_INDEXED = ("owner", "customer", "product", "tag")

_READ = (
    TicketRow.number,
    *(getattr(TicketRow, name) for name in (*FOLDED, *PLAIN_TEXT)),
    *(getattr(TicketRow, name) for name in (*INSTANTS, *OPTIONAL_INSTANTS, *SENTINEL_INSTANTS, *NUMBERS)),
    TicketRow.paused,
)
_TEXTS_END = 1 + len(FOLDED) + len(PLAIN_TEXT)
_INSTANTS_END = _TEXTS_END + len(INSTANTS) + len(OPTIONAL_INSTANTS) + len(SENTINEL_INSTANTS)
_TEXT_NAMES = (*FOLDED, *PLAIN_TEXT)
_INSTANT_NAMES = (*INSTANTS, *OPTIONAL_INSTANTS, *SENTINEL_INSTANTS)

# Read before and after every change: generating this text each time would cost more than the query.
_GET = f"SELECT {listed(field.column_name for field in _READ)} FROM ticket WHERE number = ?"


def to_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for fields of a Ticket.  TypeError names a field that a ticket does not have."""
    row: dict[str, Any] = {}
    for name, value in values.items():
        if name in FOLDED:
            row[name] = storable(value)
            row[f"{name}_key"] = fold(value)
        elif name in PLAIN_TEXT:
            row[name] = storable(value)
        elif name in INSTANTS:
            row[name] = seconds(value)
        elif name in OPTIONAL_INSTANTS:
            row[name] = seconds_or_none(value)
        elif name in SENTINEL_INSTANTS:
            row[name] = NEVER if value is None else seconds(value)
        elif name in NUMBERS or name == "paused":
            row[name] = int(value)
        else:
            raise TypeError(f"a ticket has no field {name!r} that can be written")
    return row


def insert(store: Store, values: Mapping[str, Any]) -> int:
    """Write a new ticket and return its number.

    values: fields of Ticket but the number; needed are subject, severity, status and
    reported_at; created_at and updated_at are the report's instant unless given.  A number
    may be given too, for a ticket that had one elsewhere; it must be free.
    """
    fields = dict(values)
    tags = fields.pop("tags", ())
    fields.setdefault("created_at", fields["reported_at"])
    fields.setdefault("updated_at", fields["created_at"])
    given = fields.pop("number", None)
    row = {"next_due_at": NEVER, "overdue_since": NEVER, **to_row(fields)}
    if given is not None:
        row["number"] = given
    with store.writing():
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO ticket ({listed(row)}) VALUES ({marks}) RETURNING number"
        number = int(store.execute(sql, tuple(row.values()))[0][0])
        if given is not None and store.dialect != "sqlite":  # SQLite's own sequence keeps up by itself
            store.execute(
                "SELECT setval(pg_get_serial_sequence('ticket', 'number'), max(number)) FROM ticket"
            )
        if tags:
            set_tags(store, number, tags)
    return number


def get(store: Store, number: int) -> Ticket | None:
    """The ticket with everything that it knows, or None."""
    if not -NEVER < number < NEVER:
        return None
    found = store.execute(_GET, (number,))
    return _ticket(found[0], _tags(store, number)) if found else None


def _ticket(row: tuple[Any, ...], tags: tuple[str, ...]) -> Ticket:
    from supporttui.store.records import Ticket  # costs more than a whole page of lines, which needs none

    fields: dict[str, Any] = dict(zip(_TEXT_NAMES, row[1:_TEXTS_END], strict=True))
    for name, value in zip(_INSTANT_NAMES, row[_TEXTS_END:_INSTANTS_END], strict=True):
        fields[name] = instant_or_none(value)
    fields.update(zip(NUMBERS, row[_INSTANTS_END:], strict=False))
    return Ticket(number=row[0], tags=tags, paused=bool(row[-1]), **fields)


def _tags(store: Store, number: int) -> tuple[str, ...]:
    found = store.execute("SELECT tag FROM ticket_tag WHERE ticket = ? ORDER BY tag_key", (number,))
    return tuple(tag for (tag,) in found)


def update(store: Store, number: int, seen: int, changes: Mapping[str, Any]) -> bool:
    """Change fields if the ticket still has the version `seen`; its version grows by one.

    False: someone else was first (or there is no such ticket) and nothing was changed.
    changes may hold "tags", a complete new set.
    """
    fields = dict(changes)
    tags = fields.pop("tags", None)
    row = to_row(fields)
    row["version"] = seen + 1
    sql = f"UPDATE ticket SET {', '.join(f'{listed([name])} = ?' for name in row)} WHERE number = ? AND version = ?"
    with store.writing():
        store.execute(sql, (*row.values(), number, seen))
        if not store.changes():
            return False
        if tags is not None:
            set_tags(store, number, tags)
        if not row.keys().isdisjoint(("resolved_at", "closed_at", "merged_into")):
            from supporttui.store.deadlines import refresh

            refresh(store, number)
    return True


def set_tags(store: Store, number: int, tags: Iterable[str]) -> None:
    """Give a ticket exactly these tags; two that differ only by case are one."""
    wanted = {fold(tag): storable(tag) for tag in tags if tag}
    with store.writing():
        store.execute("DELETE FROM ticket_tag WHERE ticket = ?", (number,))
        if wanted:
            rows = [(number, tag, key) for key, tag in wanted.items()]
            store.execute_many("INSERT INTO ticket_tag (ticket, tag, tag_key) VALUES (?, ?, ?)", rows)


def contact_email(store: Store, number: int) -> str:
    """The address on file of a ticket, "" for none and for no ticket: one look-up in either case."""
    found = store.execute("SELECT contact_email FROM ticket WHERE number = ?", (number,))
    return str(found[0][0]) if found else ""


def find_external(store: Store, external_id: str) -> int | None:
    """The number of the ticket with this id in another system (compared exactly), or None."""
    if not external_id:
        return None
    found = store.execute(
        "SELECT number FROM ticket WHERE external_id = ? AND external_id <> ''", (storable(external_id),)
    )
    return int(found[0][0]) if found else None


def suggest(store: Store, field: str, prefix: str, limit: int = 20) -> list[str]:
    """Different values of a text field (or "tag") that begin like `prefix`, in order, case ignored.

    Of spellings that differ by case, one is given.  Quick for owner, customer, product and
    tag; other fields are read through.
    """
    if field != "tag" and field not in FOLDED:
        raise TypeError(f"no values are kept for the field {field!r}")
    table = "ticket_tag" if field == "tag" else "ticket"
    key = fold(prefix)
    bounds = (key, key + "\U0010ffff")
    if field not in _INDEXED:
        sql = (
            f"SELECT min({field}) FROM {table} WHERE {field}_key >= ? AND {field}_key < ? AND {field}_key <> '' "
            f"GROUP BY {field}_key ORDER BY {field}_key LIMIT ?"
        )
        return [value for (value,) in store.execute(sql, (*bounds, limit))]
    return _distinct(store, table, field, bounds, limit)


def _distinct(store: Store, table: str, field: str, bounds: tuple[str, str], limit: int) -> list[str]:
    """From one value to the next by the index, which costs the answers and not the rows."""
    sql = (
        f"SELECT {field}, {field}_key FROM {table} WHERE {field}_key {{}} ? AND {field}_key < ? "
        f"AND {field}_key <> '' ORDER BY {field}_key LIMIT 1"
    )
    found: list[str] = []
    at, past = bounds
    row = store.execute(sql.format(">="), (at, past))
    while row and len(found) < limit:
        value, at = row[0]
        found.append(value)
        row = store.execute(sql.format(">"), (at, past))
    return found


def count_naming(store: Store, field: str, names: Sequence[str]) -> int:
    """How many tickets, merged ones aside, have one of these texts in a field, case ignored."""
    if not names:
        return 0
    where, keys = _naming(field, names)
    return int(store.execute(f"SELECT count(*) FROM ticket WHERE {where}", keys)[0][0])


def numbers_naming(store: Store, field: str, names: Sequence[str], limit: int) -> list[int]:
    """The numbers of those tickets, the lowest first."""
    if not names:
        return []
    where, keys = _naming(field, names)
    found = store.execute(f"SELECT number FROM ticket WHERE {where} ORDER BY number LIMIT ?", (*keys, limit))
    return [int(row[0]) for row in found]


def _naming(field: str, names: Sequence[str]) -> tuple[str, list[str]]:
    if field not in FOLDED:
        raise TypeError(f"a ticket has no text field {field!r}")
    return f"{field}_key IN ({', '.join('?' * len(names))}) AND merged_into = 0", [fold(one) for one in names]


def open_of_contact(store: Store, address: str, most: int) -> list[int]:
    """Numbers of open tickets whose contact has this address, or one at "@domain"; the case of A to Z ignored."""
    low = storable(address).lower()
    wanted = (
        "%" + low.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        if low.startswith("@")
        else low
    )
    relation = "LIKE ? ESCAPE '\\'" if low.startswith("@") else "= ?"
    found = store.execute(
        f"SELECT number FROM ticket WHERE open = 1 AND lower(contact_email) {relation} ORDER BY number LIMIT ?",
        (wanted, most),
    )
    return [int(row[0]) for row in found]


def open_of_customer(store: Store, customer: str, most: int) -> list[int]:
    """Numbers of a customer's open tickets, at most so many, the newest first."""
    found = store.execute(
        "SELECT number FROM ticket WHERE customer_key = ? AND open = 1 ORDER BY number DESC LIMIT ?",
        (fold(customer), most),
    )
    return [int(row[0]) for row in found]
