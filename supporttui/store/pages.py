"""The queue: pages of narrow rows in a total order, and questions about that order.

Paging is by key: a page begins after a line already shown, so it costs the same wherever
it is, and rows that come or go meanwhile are neither repeated nor skipped.  The ticket
number is always the last key; descending is exactly ascending turned round.
"""

from __future__ import annotations

from datetime import UTC, datetime

from peewee import SQL, NodeList, Value

from supporttui.errors import NotFound
from supporttui.store.columns import NEVER, fold, instant_or_none, seconds
from supporttui.store.models import TicketRow
from supporttui.store.query import expression
from supporttui.store.line import TicketLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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
    query = TicketRow.select(*_LINE).where(expression(where, store.dialect))
    if after is not None:
        query = query.where(_beyond(store, sort, after, forwards=True))
    if before is not None:
        query = query.where(_beyond(store, sort, before, forwards=False))
    query = query.order_by(*_order(sort, backwards)).limit(limit)
    if offset:
        query = query.offset(offset)
    with store.limited(deadline_ms):
        found = [_line(row) for row in store.rows(query)]
    return found[::-1] if backwards else found


def _order(sort: Sort, backwards: bool) -> tuple[Any, ...]:
    columns = [TicketRow.number] if sort.key == "number" else [_COLUMN[sort.key], TicketRow.number]
    if sort.descending != backwards:
        return tuple(column.desc() for column in columns)
    return tuple(column.asc() for column in columns)


def _beyond(store: Store, sort: Sort, anchor: Anchor, *, forwards: bool) -> Any:
    """Strictly after (or before) the anchor in the sort's order."""
    operator = ">" if forwards != sort.descending else "<"
    key, number = _keys(store, sort, anchor)
    if sort.key == "number":
        return NodeList((TicketRow.number, SQL(operator), Value(number)))
    column = _COLUMN[sort.key]
    return NodeList(
        (
            SQL("("),
            column,
            SQL(","),
            TicketRow.number,
            SQL(f") {operator} ("),
            Value(key),
            SQL(","),
            Value(number),
            SQL(")"),
        )
    )


def _keys(store: Store, sort: Sort, anchor: Anchor) -> tuple[Any, int]:
    if not isinstance(anchor, int):
        return _KEY_OF_LINE[sort.key](anchor), anchor.number
    found = store.rows(TicketRow.select(_COLUMN[sort.key]).where(TicketRow.number == anchor))
    if not found:
        raise NotFound(f"no ticket {anchor}")
    return found[0][0], anchor


def _line(row: tuple[Any, ...], at: Callable[..., datetime] = datetime.fromtimestamp) -> TicketLine:
    due, overdue, acknowledged, snoozed = row[9], row[10], row[12], row[13]
    return TicketLine(
        number=row[0],
        severity=row[1],
        status=row[2],
        owner=row[3],
        customer=row[4],
        subject=row[5],
        product=row[6],
        reported_at=at(row[7], UTC),
        updated_at=at(row[8], UTC),
        next_due_at=None if due == NEVER else at(due, UTC),
        overdue_since=None if overdue == NEVER else at(overdue, UTC),
        paused=row[11] == 1,
        acknowledged_until=instant_or_none(acknowledged),
        snoozed_until=instant_or_none(snoozed),
        merged_into=row[14],
        version=row[15],
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
        before = _beyond(store, sort, number, forwards=False)
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
