"""What a new name means for tickets: they carry names as text, so those with an old one are found by the old one.

Rewriting them is offered where they are few enough for one transaction: each ticket gets
its journal entry, and one undo takes the record and the tickets back together.
"""

from __future__ import annotations

from supporttui.desk.act import change as change_ticket
from supporttui.desk.act import new_batch, set_entry, transaction
from supporttui.desk.session import Desk
from supporttui.errors import Refused
from supporttui.store import book, tickets
from supporttui.store.book_criteria import equal
from supporttui.store.columns import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

RENAMED = ("customer", "product")  # kinds that tickets name
MOST = 2_000  # tickets that are rewritten in one transaction


def former_names(desk: Desk, kind: str, record: Any) -> tuple[str, ...]:
    """Names that a record had and that nobody has now, folded."""
    had: dict[str, None] = {}
    for event in book.events_of(desk.store, kind, record.id, MOST):
        pair = event.data.get("set", {})
        for name in pair.get("name", ()) if isinstance(pair, dict) else ():
            had[fold(name or "")] = None
    had.pop(fold(record.name), None)
    return tuple(name for name in had if name and not book.select(desk.store, kind, equal(name=name)))


def tickets_named(desk: Desk, kind: str, record: Any) -> int:
    """How many tickets, merged ones aside, carry a former name of a customer or a product."""
    return tickets.count_naming(desk.store, kind, _former(desk, kind, record))


def _former(desk: Desk, kind: str, record: Any) -> tuple[str, ...]:
    if kind not in RENAMED:
        raise Refused(f"tickets don't name a {kind}")
    return former_names(desk, kind, record)


def rename(
    desk: Desk, kind: str, id: int, values: Mapping[str, Any], *, seen: int | None = None, batch: str = ""
) -> tuple[Any, int]:
    """Change a customer or a product and put its name on the tickets that carry a former one: the record, and how many.

    Errors: as `change`; Refused for more than MOST tickets.
    """
    from .deeds import change

    batch = batch or new_batch()
    with transaction(desk):
        record = change(desk, kind, id, values, seen=seen, batch=batch)
        numbers = _numbers(desk, kind, record)
        for number in numbers:
            change_ticket(
                desk, number, lambda ticket: set_entry(ticket, {kind: record.name}, "fields"), batch=batch
            )
        return record, len(numbers)


def _numbers(desk: Desk, kind: str, record: Any) -> list[int]:
    found = tickets.numbers_naming(desk.store, kind, _former(desk, kind, record), MOST + 1)
    if len(found) > MOST:
        raise Refused(
            f"more than {MOST:,} tickets carry a former name of '{record.name}': leave them, they stay findable by that"
        )
    return found
