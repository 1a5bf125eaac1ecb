"""Criteria to Peewee expressions, from a fixed map of fields.

Nothing that a user writes becomes SQL or FTS syntax: fields come from the map, values
are parameters, words are quoted.  Every expression is two-valued: a field that is not
set makes a comparison false, and its negation true.
"""

from __future__ import annotations

import re
from datetime import datetime

from peewee import SQL, NodeList, Value, fn

from supporttui.errors import UsageError
from supporttui.store.columns import NEVER, fold, seconds, storable
from supporttui.store.criteria import (
    FLAG_FIELDS,
    INSTANT_FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Compare,
    Flag,
    Not,
    Words,
)
from supporttui.store.models import TicketRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from supporttui.store.criteria import Criterion

_TEXT = {name: getattr(TicketRow, f"{name}_key") for name in TEXT_FIELDS if name != "tag"}
_NUMBER = {name: getattr(TicketRow, name) for name in NUMBER_FIELDS}
_INSTANT = {name: getattr(TicketRow, "urgent" if name == "due" else name) for name in INSTANT_FIELDS}
_SENTINEL = frozenset(("due", "overdue_since"))  # hold NEVER where others hold NULL
_TAG_KEY = SQL("tag_key")
_EVERYTHING, _NOTHING = SQL("1 = 1"), SQL("1 = 0")
# Literals, not parameters: the planner takes a partial index only for a condition it can read.
_FLAGS = {
    "open": NodeList((TicketRow.open, SQL("= 1"))),
    "paused": NodeList((TicketRow.paused, SQL("= 1"))),
    "merged": NodeList((TicketRow.merged_into, SQL("<> 0"))),
}


def expression(where: Criterion, dialect: str) -> Any:
    """The Peewee expression for a criterion; UsageError for a field or value that can't be asked."""
    if isinstance(where, AllOf):
        return _joined([expression(part, dialect) for part in where.parts], " AND ", _EVERYTHING)
    if isinstance(where, AnyOf):
        return _joined([expression(part, dialect) for part in where.parts], " OR ", _NOTHING)
    if isinstance(where, Not):
        return fn.NOT(expression(where.part, dialect))
    if isinstance(where, Flag):
        if where.field not in FLAG_FIELDS:
            raise UsageError(f"{where.field!r} is not a yes/no field of a ticket")
        return _FLAGS[where.field]
    if isinstance(where, Words):
        terms = [where.text] if where.phrase else where.text.split()
        wanted = [_word(term, dialect) for term in terms if any(char.isalnum() for char in term)]
        return _joined(wanted, " AND ", _EVERYTHING)
    return _compare(where, dialect)


def _joined(parts: list[Any], glue: str, empty: Any) -> Any:
    """One flat list, so that a long one does not nest deeper than the database allows."""
    if len(parts) < 2:
        return parts[0] if parts else empty
    return NodeList(parts, glue=glue, parens=True)


def _compare(where: Compare, dialect: str) -> Any:
    if where.field == "tag":
        return _tag(where, dialect)
    if where.field in _TEXT:
        return _compare_text(_TEXT[where.field], where, dialect)
    if where.field in _NUMBER:
        return _compare_number(where)
    if where.field in _INSTANT:
        return _compare_instant(where)
    raise UsageError(f"a ticket has no field {where.field!r}")


def _compare_text(column: Any, where: Compare, dialect: str) -> Any:
    if where.value is not None and not isinstance(where.value, str):
        raise UsageError(f"{where.field} is text and can't be compared with {where.value!r}")
    value = fold(where.value or "")
    if where.operator == "contains":
        find = fn.INSTR if dialect == "sqlite" else fn.STRPOS
        return NodeList((find(column, value), SQL("> 0")))
    if where.operator == "starts":
        return NodeList((fn.SUBSTR(column, 1, len(value)), SQL("="), Value(value)), parens=True)
    return _sql(column, where.operator, value)


def _tag(where: Compare, dialect: str) -> Any:
    """A tag compares true when one of the ticket's tags does; "= nothing" when it has none."""
    if where.operator == "=" and not where.value:
        return fn.NOT(_tags_where(_EVERYTHING))
    return _tags_where(_compare_text(_TAG_KEY, where, dialect))


def _tags_where(condition: Any) -> Any:
    return NodeList((TicketRow.number, SQL("IN (SELECT ticket FROM ticket_tag WHERE"), condition, SQL(")")))


def _compare_number(where: Compare) -> Any:
    if not isinstance(where.value, int) or where.operator in ("contains", "starts"):
        raise UsageError(f"{where.field} is a number and can't be compared with {where.value!r}")
    within = max(-NEVER, min(NEVER, where.value))  # beyond what a column can hold, the answer is the same
    return _sql(_NUMBER[where.field], where.operator, within)


def _compare_instant(where: Compare) -> Any:
    column = _INSTANT[where.field]
    if where.value is None:
        if where.operator != "=":
            return _NOTHING
        unset = SQL(f"= {NEVER}") if where.field in _SENTINEL else SQL("IS NULL")
        return NodeList((column, unset), parens=True)
    if not isinstance(where.value, datetime) or where.operator in ("contains", "starts"):
        raise UsageError(f"{where.field} is an instant and can't be compared with {where.value!r}")
    compared = _sql(column, where.operator, seconds(where.value))
    if where.field in _SENTINEL:
        if where.operator in ("<", "<=", "="):
            return compared  # NEVER is later than any instant that a datetime can tell
        return NodeList((compared, NodeList((column, SQL(f"< {NEVER}")))), glue=" AND ", parens=True)
    if where.field in ("reported_at", "updated_at"):
        return compared
    return NodeList((NodeList((column, SQL("IS NOT NULL"))), compared), glue=" AND ", parens=True)


def _sql(column: Any, operator: str, value: object) -> Any:
    if operator not in ("=", "<", "<=", ">", ">="):
        raise UsageError(f"{operator!r} is not a comparison")
    return NodeList((column, SQL(operator), Value(value, unpack=False)))


def _word(term: str, dialect: str) -> Any:
    """Tickets with this word (or phrase) in subject, description or journal; a trailing * means "begins with"."""
    begins = term.endswith("*")
    if dialect == "sqlite":
        quoted = '"' + storable(term).replace('"', '""') + '"' + (" *" if begins else "")
        return NodeList((TicketRow.number, SQL(_MATCH_SQLITE, (quoted, quoted))))
    wanted = _tsquery(term, begins)
    return NodeList((TicketRow.number, SQL(_MATCH_POSTGRES, (wanted, wanted))))


_MATCH_SQLITE = (
    "IN (SELECT rowid FROM ticket_words WHERE ticket_words MATCH ? UNION ALL SELECT ticket FROM journal "
    "WHERE id IN (SELECT rowid FROM journal_words WHERE journal_words MATCH ?))"
)
_MATCH_POSTGRES = (
    "IN (SELECT number FROM ticket WHERE words @@ to_tsquery('simple', %s) UNION ALL "
    "SELECT ticket FROM journal WHERE words @@ to_tsquery('simple', %s))"
)


def _tsquery(term: str, begins: bool) -> str:
    """The words of a term next to each other, each quoted; split and folded as the index does it."""
    import unicodedata

    plain = "".join(c for c in unicodedata.normalize("NFD", storable(term)) if not "\u0300" <= c <= "\u036f")
    parts = [part for part in re.split(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\s]+", plain.lower()) if part]
    text = " <-> ".join(f"'{part}'" for part in parts)
    return f"{text}:*" if begins and text else text
