"""Periods of support packages with what they cover: one statement for the whole list of renewals.

A chain is named by its first contract; a first contract that names no chain is its own.
"""

from __future__ import annotations

from supporttui.store import book

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from supporttui.store.book_records import Contract
    from supporttui.store.session import Store

_CHAIN = "CASE c.package WHEN 0 THEN c.id ELSE c.package END"

# A row for each period and licence; the rows of a period stand together.
COLUMNS = (
    "c.id", "c.number", _CHAIN, "c.customer", "k.name", "k.zone", "c.plan", "c.start_on", "c.end_on", "c.ended_on",
    "c.version",
    f"(SELECT count(*) FROM contract n WHERE n.package = {_CHAIN} AND n.start_on > c.start_on AND n.removed = 0)",
    "p.name", "l.number", "l.price", "upper(l.currency)", "l.users_added",
)  # fmt: skip
SELECT = f"""
SELECT {", ".join(COLUMNS)}
FROM contract c
JOIN customer k ON k.id = c.customer
LEFT JOIN licence l ON l.package = {_CHAIN} AND l.package <> 0 AND l.removed = 0
    AND (l.ended_on = '' OR l.ended_on > c.end_on)
LEFT JOIN product p ON p.id = l.product
WHERE c.removed = 0 AND k.removed = 0 AND c.end_on >= ? AND c.end_on <= ?
ORDER BY c.end_on, c.id, l.id
"""


def periods(store: Store, first: str, last: str) -> list[tuple[Any, ...]]:
    """COLUMNS of every period whose last day lies between two days (YYYY-MM-DD), both included."""
    return store.execute(SELECT, (first, last))


def chain(store: Store, package: int) -> list[Contract]:
    """The periods of a chain, the earliest first."""
    found: list[Contract] = book.select(
        store, "contract", "package = ? OR id = ?", (package, package), order="start_on, id"
    )
    return found


def covered(store: Store, package: int, last: str) -> list[tuple[Any, ...]]:
    """(product, number, edition, users, users added, price, currency) of a chain's licences that go on after a day."""
    return store.execute(
        "SELECT coalesce(p.name, ''), l.number, l.edition, l.users, l.users_added, l.price, upper(l.currency) "
        "FROM licence l LEFT JOIN product p ON p.id = l.product "
        "WHERE l.package = ? AND l.package <> 0 AND l.removed = 0 AND (l.ended_on = '' OR l.ended_on > ?) ORDER BY l.id",
        (package, last),
    )
