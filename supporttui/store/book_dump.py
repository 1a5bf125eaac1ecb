"""The book as plain rows, table by table: for an export of everything, and for taking it in again.

Rows keep their ids, so that references, tickets and the journal of the book still fit.
Nothing that is there is overwritten: a row is new, the same, or another one.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal
from zoneinfo import ZoneInfo

from supporttui.errors import DataError
from supporttui.store.columns import fold, storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from supporttui.store.session import Store

# Before the tickets, which name customers; and after them, since these name tickets and their journal.
FIRST = (
    "customer", "site", "contact", "product", "product_release", "os_release", "contract", "licence", "host", "installation",
    "modification", "quotation", "known_error", "book_event",
)  # fmt: skip
LAST = (
    "known_error_ticket", "worked", "billed_month", "message", "attachment", "participant", "sender_rule", "intake_item",
)  # fmt: skip
KEYS = {"known_error_ticket": ("known", "ticket"), "billed_month": ("month",)}
UNIQUE = {
    "customer": ("name",), "product": ("name",), "contact": ("customer", "name"), "message": ("message_id", "raw_hash"),
}  # fmt: skip
OF_THE_JOURNAL = {
    "book_event": "after",
    "worked": "entry",
    "message": "entry",
    "attachment": "entry",
}  # numbers of journal entries, which are others elsewhere
# table → column → the table that it names a row of (0 is none), for those whose rows are there before.
REFERS = {
    "site": {"customer": "customer"}, "contact": {"customer": "customer", "site": "site"},
    "product_release": {"product": "product"}, "contract": {"customer": "customer"},
    "licence": {"customer": "customer", "product": "product", "site": "site", "package": "contract"},
    "host": {"customer": "customer", "site": "site"},
    "installation": {"host": "host", "product": "product", "release": "product_release"},
    "modification": {"customer": "customer", "product": "product", "host": "host"},
    "quotation": {"customer": "customer", "product": "product"},
    "known_error": {"product": "product", "fixed_in": "product_release"},
    "known_error_ticket": {"known": "known_error", "ticket": "ticket"}, "worked": {"ticket": "ticket"},
    "message": {"ticket": "ticket"}, "attachment": {"ticket": "ticket", "message": "message"},
    "participant": {"ticket": "ticket"},
    "intake_item": {"ticket": "ticket", "about": "ticket", "message": "message", "attachment": "attachment"},
}  # fmt: skip
INSTANTS = frozenset({"at", "added_at", "started_at", "frozen_at"})
LINE = frozenset({"day", "ticket", "rows", "hourly", "amount"})  # what a line of a bill can't be read without
EVENTS = frozenset({"added", "changed", "removed", "restored"})
PAGE = 500
LARGEST = 1 << 62
LATEST = 253_402_300_799  # the last second of the year 9999

Taken = Literal["new", "same"]


def columns(store: Store, table: str) -> dict[str, bool]:
    """The columns of a table as they are in this store, and whether each is a number; folded keys left out."""
    if table not in (*FIRST, *LAST):
        raise DataError(f"no table '{table[:40]}' in the book")
    if store.dialect == "sqlite":
        found = store.execute(f"SELECT name, type FROM pragma_table_info('{table}')")
    else:
        found = store.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? "
            "AND table_schema = current_schema() ORDER BY ordinal_position",
            (table,),
        )
    names = {name for name, _type in found}
    own = [(name, kind) for name, kind in found if not (name.endswith("_key") and name[:-4] in names)]
    return {name: kind.upper() in ("INTEGER", "BIGINT") for name, kind in own}


def rows(store: Store, table: str) -> Iterator[dict[str, Any]]:
    """Every row of a table in the order of its key, page by page; each page is one moment of the store."""
    names, key = list(columns(store, table)), KEYS.get(table, ("id",))
    last: tuple[Any, ...] = ()
    while True:
        after = f"WHERE ({', '.join(key)}) > ({', '.join('?' * len(key))})" if last else ""
        found = store.execute(
            f"SELECT {', '.join(names)} FROM {table} {after} ORDER BY {', '.join(key)} LIMIT {PAGE}", last
        )
        if not found:
            return
        yield from (dict(zip(names, row, strict=True)) for row in found)
        last = tuple(found[-1][names.index(name)] for name in key)


def take(store: Store, table: str, row: Mapping[str, Any], entry: int = 0) -> Taken:
    """Write a row that `rows` gave, unless it is there.

    entry: the journal entry here that the row was written with, or after.  Errors: DataError for one that
    isn't a row of the table, or that is another one here.
    """
    known, key = columns(store, table), KEYS.get(table, ("id",))
    _check(table, row, known, key)
    _check_values(table, row)
    here = _here(store, table, row, list(known), key)
    moved = OF_THE_JOURNAL.get(table)
    if here is not None:
        differs = next(
            (name for name in known if name in row and name != moved and here[name] != row[name]), ""
        )
        if differs:
            raise DataError(f"{_called(table, row, key)} is another one here: {differs} differs")
        return "same"
    _check_unique(store, table, row)
    _check_referred(store, table, row)
    values = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
    if moved:
        values[moved] = entry
    folded = columns_folded(store, table)
    values.update({f"{name}_key": fold(values.get(name, "")) for name in folded})
    with store.writing():
        marks = ", ".join("?" * len(values))
        store.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
    return "new"


def referred(table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """(column, table, id) of each row that a row names."""
    for column, other in REFERS.get(table, {}).items():
        if number := row.get(column, 0):
            yield column, other, number


def columns_folded(store: Store, table: str) -> tuple[str, ...]:
    """The columns that have a folded form beside them."""
    if table == "contact" or table == "customer":
        return ("name",)
    from supporttui.store.book import KINDS

    return next((kind.folded for kind in KINDS.values() if kind.table == table), ())


def settle(store: Store) -> None:
    """After rows were taken with their ids: what is written next gets a higher one."""
    if store.dialect != "postgresql":
        return
    with store.writing():
        for table in (*FIRST, *LAST):
            if table not in KEYS:
                store.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
                )


def _check(table: str, row: Mapping[str, Any], known: Mapping[str, bool], key: tuple[str, ...]) -> None:
    for name, value in row.items():
        if name not in known:
            raise DataError(f"{table}: no column '{str(name)[:40]}'")
        number = known[name]
        fits = isinstance(value, int) and not isinstance(value, bool) if number else isinstance(value, str)
        if not fits or (number and not -LARGEST <= value <= LARGEST):
            raise DataError(f"{table}.{name}: expected {'a whole number' if number else 'text'}")
    if any(not row.get(name) for name in key) or any(row[name] < 1 for name in key if known[name]):
        raise DataError(f"{table}: {' and '.join(key)} must be given")


def _check_values(table: str, row: Mapping[str, Any]) -> None:
    """Refuse what could never be read again."""
    from supporttui.store.book_kinds import DATES, MONEY

    for name, value in row.items():
        if name in DATES and value and not _is_day(value):
            raise DataError(f"{table}.{name}: '{value[:40]}' is no day; expected YYYY-MM-DD")
        if name in (*MONEY, "amount") and value and not _is_amount(value):
            raise DataError(f"{table}.{name}: '{value[:40]}' is no amount")
        if name in INSTANTS and not 0 <= value <= LATEST:
            raise DataError(f"{table}.{name}: {value} is no instant; expected seconds since 1970")
    if table == "book_event":
        _check_event(row)
    if table == "billed_month" and not _is_bill(_decoded(row.get("lines", ""))):
        raise DataError("billed_month.lines: expected the JSON of a bill")


def _check_event(row: Mapping[str, Any]) -> None:
    from supporttui.store.book import KINDS

    if row.get("kind") not in KINDS or row.get("what") not in EVENTS:
        raise DataError("book_event: kind and what name nothing that the book has")
    for name in ("data", "inverse"):
        if row.get(name) and not isinstance(_decoded(row[name]), dict):
            raise DataError(f"book_event.{name}: expected a JSON object")


def _is_bill(held: Any) -> bool:
    if not isinstance(held, dict) or not isinstance(held.get("lines"), list):
        return False
    try:
        ZoneInfo(held["zone"])
        return all(line.keys() >= LINE and _is_day(line["day"]) for line in held["lines"])
    except (KeyError, ValueError, TypeError, AttributeError, OSError):  # no such zone, or no such line
        return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _check_referred(store: Store, table: str, row: Mapping[str, Any]) -> None:
    for column, other, number in referred(table, row):
        key = "number" if other == "ticket" else "id"
        if not store.execute(f"SELECT 1 FROM {other} WHERE {key} = ?", (number,)):
            raise DataError(f"{table}.{column}: there is no {other} #{number} here")


def _here(
    store: Store, table: str, row: Mapping[str, Any], names: list[str], key: tuple[str, ...]
) -> dict[str, Any] | None:
    where = " AND ".join(f"{name} = ?" for name in key)
    found = store.execute(
        f"SELECT {', '.join(names)} FROM {table} WHERE {where}", tuple(row[name] for name in key)
    )
    return dict(zip(names, found[0], strict=True)) if found else None


def _check_unique(store: Store, table: str, row: Mapping[str, Any]) -> None:
    names = UNIQUE.get(table, ())
    if not names or row.get("direction") == "out":
        return
    where = " AND ".join("name_key = ?" if name == "name" else f"{name} = ?" for name in names)
    values = tuple(fold(row.get(name, "")) if name == "name" else row.get(name, 0) for name in names)
    if found := store.execute(f"SELECT id FROM {table} WHERE {where}", values):
        raise DataError(
            f"{table} '{row.get('name', row.get(names[0], ''))[:60]}' is #{found[0][0]} here: import the book before its tickets"
        )


def _called(table: str, row: Mapping[str, Any], key: tuple[str, ...]) -> str:
    return f"{table} {', '.join(f'#{row[name]}' if isinstance(row[name], int) else str(row[name]) for name in key)}"
