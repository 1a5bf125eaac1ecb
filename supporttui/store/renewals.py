"""Periods of support packages with what they cover: one statement for the whole list of renewals.

A chain is named by its first contract; a first contract that names no chain is its own.
"""

from __future__ import annotations

from supporttui.store import book
from supporttui.store.book_criteria import Condition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from supporttui.store.book_criteria import Criterion
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
_LATER = f"SELECT 1 FROM contract n WHERE n.package = {_CHAIN} AND n.start_on > c.start_on AND n.removed = 0"
# Periods that nothing follows and that weren't ended before their time.
_STANDING = f"NOT EXISTS ({_LATER}) AND (c.ended_on = '' OR c.ended_on >= c.end_on)"
_ENDING = "c.removed = 0 AND c.end_on >= ? AND c.end_on <= ?"
_SELECT = f"""
SELECT {", ".join(COLUMNS)}
FROM %s c
JOIN customer k ON k.id = c.customer
LEFT JOIN licence l ON l.package = {_CHAIN} AND l.package <> 0 AND l.removed = 0
    AND (l.ended_on = '' OR l.ended_on > c.end_on)
LEFT JOIN product p ON p.id = l.product
WHERE k.removed = 0 AND {_ENDING}
ORDER BY c.end_on, c.id, l.id
"""
_SOME = f"(SELECT c.* FROM contract c WHERE {_ENDING} AND {_STANDING} ORDER BY c.end_on %s, c.id LIMIT ?)"


def periods(store: Store, first: str, last: str) -> list[tuple[Any, ...]]:
    """COLUMNS of every period whose last day lies between two days (YYYY-MM-DD), both included."""
    return store.execute(_SELECT % "contract", (first, last))


def standing(
    store: Store, first: str, last: str, most: int, *, latest: bool = False
) -> list[tuple[Any, ...]]:
    """COLUMNS of at most so many periods that nothing follows: those that end first, or those that end last."""
    some = _SOME % ("DESC" if latest else "ASC")
    return store.execute(_SELECT % some, (first, last, most, first, last))


def count_standing(store: Store, first: str, last: str) -> int:
    """How many periods there are that nothing follows, with their last day between two days."""
    found = store.execute(
        f"SELECT count(*) FROM contract c JOIN customer k ON k.id = c.customer "
        f"WHERE k.removed = 0 AND {_ENDING} AND {_STANDING}",
        (first, last),
    )
    return int(found[0][0])


def _of_chain(package: int) -> Criterion:
    return lambda _kind: Condition("package = ? OR id = ?", (package, package))


def chain(store: Store, package: int) -> list[Contract]:
    """The periods of a chain, the earliest first."""
    found: list[Contract] = book.select(store, "contract", _of_chain(package), order=("start_on", "id"))
    return found


def covered(store: Store, package: int, last: str) -> list[tuple[Any, ...]]:
    """(product, number, edition, users, users added, price, currency) of a chain's licences that go on after a day."""
    return store.execute(
        "SELECT coalesce(p.name, ''), l.number, l.edition, l.users, l.users_added, l.price, upper(l.currency) "
        "FROM licence l LEFT JOIN product p ON p.id = l.product "
        "WHERE l.package = ? AND l.package <> 0 AND l.removed = 0 AND (l.ended_on = '' OR l.ended_on > ?) ORDER BY l.id",
        (package, last),
    )
