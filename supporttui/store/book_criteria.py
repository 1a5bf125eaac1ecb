"""Which records of the book are meant: criteria as values, which become SQL here and nowhere else.

Invariant: every name in a statement is a column of the kind it asks for, and every
value is bound.  A field that has a folded form is compared and sorted by that, so
case never matters there.
"""

from __future__ import annotations

from typing import NamedTuple

from supporttui.store.book_kinds import DATES, KINDS, Kind, stored
from supporttui.store.columns import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

LAST_CHARACTER = "\U0010ffff"


class Condition(NamedTuple):
    """A piece of SQL and the values that are bound in it; "" holds for every record."""

    sql: str
    values: Sequence[Any] = ()


if TYPE_CHECKING:
    Criterion = Callable[[Kind], Condition]


def equal(**fields: Any) -> Criterion:
    """Each field has this value."""
    return lambda kind: _each(kind, fields, "=")


def differs(**fields: Any) -> Criterion:
    """Each field has another value than this."""
    return lambda kind: _each(kind, fields, "<>")


def alike(**fields: Any) -> Criterion:
    """Each field has this value; of a text without a folded form the case of A to Z doesn't matter."""

    def condition(kind: Kind) -> Condition:
        parts = [
            Condition(f"lower({column_of(kind, name)}) = ?", (value.lower(),))
            if isinstance(value, str) and name not in kind.folded and value.isascii()
            else _each(kind, {name: value}, "=")
            for name, value in fields.items()
        ]
        return Condition(" AND ".join(part.sql for part in parts), [v for part in parts for v in part.values])

    return condition


def at_least(**fields: Any) -> Criterion:
    """Each field has this value or a greater one."""
    return lambda kind: _each(kind, fields, ">=")


def among(field: str, values: Sequence[Any]) -> Criterion:
    """The field has one of these values; a few hundred at the most."""
    marks = ", ".join("?" * len(values))
    return lambda kind: Condition(f"{column_of(kind, field)} IN ({marks})", [stored(one) for one in values])


def among_alike(field: str, texts: Sequence[str]) -> Criterion:
    """The field has one of these texts, the case of A to Z ignored; a few hundred at the most."""
    marks = ", ".join("?" * len(texts))
    return lambda kind: Condition(
        f"lower({column_of(kind, field)}) IN ({marks})", [stored(one.lower()) for one in texts]
    )


def begins(field: str, text: str) -> Criterion:
    """The field, which has a folded form, begins so."""
    low = fold(text)

    def condition(kind: Kind) -> Condition:
        column = _folded(kind, field)
        return Condition(f"{column} >= ? AND {column} < ?", (low, low + LAST_CHARACTER))

    return condition


def showing(fields: Sequence[str], words: str) -> Criterion:
    """Every word stands in one of these text fields; `_` and `%` mean themselves."""

    def condition(kind: Kind) -> Condition:
        texts = [
            _folded(kind, one) if one in kind.folded else f"lower({column_of(kind, one)})" for one in fields
        ]
        joined = " || ' ' || ".join(texts)
        found = [_escaped(fold(word)) for word in words.split()]
        return Condition(" AND ".join([f"({joined}) LIKE ? ESCAPE '\\'"] * len(found)), found)

    return condition


def on_hosts_of(customer: int, *, standing: bool = False) -> Criterion:
    """Of what is installed: on a host of this customer.  standing: on one that was not removed."""
    removed = " AND removed = 0" if standing else ""
    sql = f"host IN (SELECT id FROM host WHERE customer = ?{removed})"
    return lambda _kind: Condition(sql, (customer,))


def of_named(owner: str, name: str) -> Criterion:
    """The record's customer or product, which stands, has this name."""
    table = KINDS[owner].table
    return lambda kind: Condition(
        f"{column_of(kind, owner)} IN (SELECT id FROM {table} WHERE name_key = ? AND removed = 0)",
        (fold(name),),
    )


def ordered(kind: Kind, fields: Sequence[str]) -> str:
    """The order as SQL; "-" before a field turns it round, "?" puts unknown days last."""
    return ", ".join(_order(kind, one) for one in fields)


def _order(kind: Kind, word: str) -> str:
    name = word.lstrip("-?")
    column = _folded(kind, name) if name in kind.folded else column_of(kind, name)
    if word.startswith("?") and name in DATES:
        return f"{column} = '', {column}"
    return f"{column} DESC" if word.startswith("-") else column


def column_of(kind: Kind, field: str) -> str:
    """The column of a field.  ValueError for a kind that has none of this name."""
    if field not in kind.columns:
        raise ValueError(f"a {kind.name} has no column {field!r}")
    return field


def _folded(kind: Kind, field: str) -> str:
    if field not in kind.folded:
        raise ValueError(f"{field!r} of a {kind.name} has no folded form")
    return f"{field}_key"


def _each(kind: Kind, fields: dict[str, Any], relation: str) -> Condition:
    parts = [
        f"{_folded(kind, name) if name in kind.folded else column_of(kind, name)} {relation} ?"
        for name in fields
    ]
    values = [fold(str(value)) if name in kind.folded else stored(value) for name, value in fields.items()]
    return Condition(" AND ".join(parts), values)


def _escaped(word: str) -> str:
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
