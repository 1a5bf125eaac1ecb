"""The queue: pages of narrow rows in a total order, and questions about that order.

Paging is by key: a page begins after a line already shown, so it costs the same wherever
it is, and rows that come or go meanwhile are neither repeated nor skipped.  The ticket
number is always the last key; descending is exactly ascending turned round.
"""

from __future__ import annotations

from datetime import UTC, datetime

from peewee import SQL, NodeList, Value

from supporttui.errors import NotFound
from supporttui.store.columns import NEVER, fold, seconds
from supporttui.store.line import TicketLine
from supporttui.store.models import TicketRow
from supporttui.store.query import expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from supporttui.store.criteria import Criterion, Sort
    from supporttui.store.session import Store

    Anchor = TicketLine | int

_LINE = (
    TicketRow.number,
    TicketRow.severity,
    TicketRow.status,
    TicketRow.owner,
    TicketRow.customer,
    TicketRow.subject,
    TicketRow.product,
    TicketRow.reported_at,
    TicketRow.updated_at,
    TicketRow.next_due_at,
    TicketRow.overdue_since,
    TicketRow.paused,
    TicketRow.acknowledged_until,
    TicketRow.snoozed_until,
    TicketRow.merged_into,
    TicketRow.version,
)

_COLUMN = {
    "due": TicketRow.urgent,
    "number": TicketRow.number,
    "severity": TicketRow.severity,
    "reported": TicketRow.reported_at,
    "updated": TicketRow.updated_at,
    "status": TicketRow.status_key,
    "owner": TicketRow.owner_key,
    "customer": TicketRow.customer_key,
    "subject": TicketRow.subject_key,
}


def _urgent(line: TicketLine) -> int:
    times = [seconds(at) for at in (line.overdue_since, line.next_due_at) if at is not None]
    return min(times, default=NEVER)


_KEY_OF_LINE: dict[str, Callable[[TicketLine], Any]] = {
    "due": _urgent,
    "number": lambda line: line.number,
    "severity": lambda line: line.severity,
    "reported": lambda line: seconds(line.reported_at),
    "updated": lambda line: seconds(line.updated_at),
    "status": lambda line: fold(line.status),
    "owner": lambda line: fold(line.owner),
    "customer": lambda line: fold(line.customer),
    "subject": lambda line: fold(line.subject),
}


def page(
    store: Store,
    where: Criterion,
    sort: Sort,
    *,
    limit: int,
    after: Anchor | None = None,
    before: Anchor | None = None,
    offset: int = 0,
    deadline_ms: int | None = None,
) -> list[TicketLine]:
    """Up to `limit` lines of the tickets that match, in the asked order.

    after, before: a line already shown (its keys as it was shown) or a ticket number (its
    keys as they are now; NotFound if there is none).  With `before` alone the page is the
    last one before it, still in the asked order.  offset: lines to skip first.
    deadline_ms: raises Stopped when the answer takes longer.
    """
    backwards = before is not None and after is None
    anchors: list[Any] = []
    if after is not None:
        anchors += _keys(store, sort, after)
    if before is not None:
        anchors += _keys(store, sort, before)
    sides = (after is not None, before is not None)
    sql, parameters = _compiled(store, where, sort, sides)
    with store.limited(deadline_ms):
        found = store.execute_compiled(sql, (*parameters, *anchors, limit, offset))
    lines = [_line(row) for row in found]
    return lines[::-1] if backwards else lines


_known: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}
_MOST_KNOWN = 200


def _compiled(
    store: Store, where: Criterion, sort: Sort, sides: tuple[bool, bool]
) -> tuple[str, tuple[Any, ...]]:
    """SQL of a page and the parameters of its criterion; the anchors' keys, limit and offset come after them.

    Remembered, because a console asks for the same pages again and again and generating
    the SQL costs more than running it.
    """
    key = (store.dialect, where, sort, sides)
    known = _known.get(key)
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[key] = _compile(store, where, sort, sides)
    return known


def _compile(
    store: Store, where: Criterion, sort: Sort, sides: tuple[bool, bool]
) -> tuple[str, tuple[Any, ...]]:
    after, before = sides
    query = TicketRow.select(*_LINE).where(expression(where, store.dialect))
    if after:
        query = query.where(_beyond(sort, _ANY, forwards=True))
    if before:
        query = query.where(_beyond(sort, _ANY, forwards=False))
    query = query.order_by(*_order(sort, before and not after)).limit(0).offset(0)
    sql, parameters = store.compile(query)
    own = len(parameters) - _width(sort) * (after + before) - 2
    return sql, tuple(parameters[:own])


def _order(sort: Sort, backwards: bool) -> tuple[Any, ...]:
    columns = [TicketRow.number] if sort.key == "number" else [_COLUMN[sort.key], TicketRow.number]
    if sort.descending != backwards:
        return tuple(column.desc() for column in columns)
    return tuple(column.asc() for column in columns)


_ANY = (0, 0)  # keys that only hold the place of parameters


def _width(sort: Sort) -> int:
    """How many parameters the keys of one anchor take."""
    return 1 if sort.key == "number" else 2


def _beyond(sort: Sort, keys: Sequence[Any], *, forwards: bool) -> Any:
    """Strictly after (or before) an anchor's keys in the sort's order."""
    operator = ">" if forwards != sort.descending else "<"
    if sort.key == "number":
        return NodeList((TicketRow.number, SQL(operator), Value(keys[0])))
    left = NodeList((_COLUMN[sort.key], TicketRow.number), glue=", ", parens=True)
    right = NodeList((Value(keys[0]), Value(keys[1])), glue=", ", parens=True)
    return NodeList((left, SQL(operator), right))


def _keys(store: Store, sort: Sort, anchor: Anchor) -> tuple[Any, ...]:
    """The values by which an anchor is sorted."""
    if isinstance(anchor, int):
        if sort.key == "number":
            return (anchor,)
        found = store.rows(TicketRow.select(_COLUMN[sort.key]).where(TicketRow.number == anchor))
        if not found:
            raise NotFound(f"no ticket {anchor}")
        return found[0][0], anchor
    if sort.key == "number":
        return (anchor.number,)
    return _KEY_OF_LINE[sort.key](anchor), anchor.number


def _line(row: tuple[Any, ...], at: Callable[..., datetime] = datetime.fromtimestamp) -> TicketLine:
    due, overdue, acknowledged, snoozed = row[9], row[10], row[12], row[13]
    return TicketLine(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        at(row[7], UTC),
        at(row[8], UTC),
        None if due == NEVER else at(due, UTC),
        None if overdue == NEVER else at(overdue, UTC),
        row[11] == 1,
        None if acknowledged is None else at(acknowledged, UTC),
        None if snoozed is None else at(snoozed, UTC),
        row[14],
        row[15],
    )


def count(store: Store, where: Criterion, cap: int | None = None, *, deadline_ms: int | None = None) -> int:
    """How many tickets match, counting to `cap` at most (then the answer means "that many or more")."""
    inner = TicketRow.select(SQL("1")).where(expression(where, store.dialect))
    if cap is not None:
        inner = inner.limit(cap)
    sql, parameters = store.compile(inner)
    with store.limited(deadline_ms):
        return int(store.execute_compiled(f"SELECT count(*) FROM ({sql}) AS matching", parameters)[0][0])


def rank(store: Store, where: Criterion, sort: Sort, number: int) -> int | None:
    """How many matching tickets come before this one; None if it does not match (or exist)."""
    matches = expression(where, store.dialect)
    itself = TicketRow.select(_COLUMN[sort.key]).where(TicketRow.number == number, matches)
    with store.read():
        if not store.rows(itself):
            return None
        before = _beyond(sort, _keys(store, sort, number), forwards=False)
        inner = TicketRow.select(SQL("1")).where(matches, before)
        sql, parameters = store.compile(inner)
        return int(store.execute_compiled(f"SELECT count(*) FROM ({sql}) AS earlier", parameters)[0][0])


def lines(store: Store, numbers: Iterable[int]) -> list[TicketLine]:
    """The lines of exactly these tickets, in any order; numbers that don't exist are left out."""
    wanted = list(dict.fromkeys(numbers))
    found: list[TicketLine] = []
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found += map(_line, store.rows(TicketRow.select(*_LINE).where(TicketRow.number.in_(some))))
    return found
