"""Known errors with their tickets: counts, who waits, and which are corrected by a release that is out.

Invariant: reads only; the records themselves are written through `book`.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from supporttui.store.session import Store

SOME = 300  # ids that one statement takes
FARTHEST = 20  # merges that are followed from a ticket to the one that goes on


class Tally(NamedTuple):
    """How many tickets a known error has, how many of them are open, of how many customers they all are."""

    tickets: int = 0
    open: int = 0
    customers: int = 0


def kept(store: Store) -> bool:
    """Whether any known error was ever written down."""
    return bool(store.execute("SELECT 1 FROM known_error LIMIT 1"))


def edition(store: Store) -> tuple[int, int]:
    """Another pair after every change of the book, found without reading it."""
    found = store.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM book_event), (SELECT coalesce(max(id), 0) FROM known_error)"
    )
    return int(found[0][0]), int(found[0][1])


def versions(store: Store, product: int) -> dict[int, int]:
    """The known errors of a product with their versions."""
    found = store.execute("SELECT id, version FROM known_error WHERE product = ? AND removed = 0", (product,))
    return {int(number): int(version) for number, version in found}


def tallies(store: Store, known: Sequence[int]) -> dict[int, Tally]:
    """Counts of the known errors that have tickets."""
    found: dict[int, Tally] = {}
    for start in range(0, len(known), SOME):
        some = list(known[start : start + SOME])
        rows = store.execute(
            "SELECT k.known, count(*), sum(t.open), count(DISTINCT nullif(t.customer_key, '')) "
            "FROM known_error_ticket k JOIN ticket t ON t.number = k.ticket "
            f"WHERE k.known IN ({', '.join('?' * len(some))}) GROUP BY k.known",
            some,
        )
        found.update({int(row[0]): Tally(int(row[1]), int(row[2]), int(row[3])) for row in rows})
    return found


def told(store: Store, tickets: Sequence[int]) -> set[int]:
    """Those of the tickets whose customer was given a workaround: a public reply says so."""
    found: set[int] = set()
    for start in range(0, len(tickets), SOME):
        some = list(tickets[start : start + SOME])
        rows = store.execute(
            "SELECT DISTINCT ticket FROM journal WHERE kind = 'reply' AND data LIKE ? "
            f"AND ticket IN ({', '.join('?' * len(some))})",
            ('%"workaround"%', *some),
        )
        found.update(int(row[0]) for row in rows)
    return found


def goes_on(store: Store, ticket: int) -> int:
    """The ticket that goes on for one: itself, or the one that it was merged into in the end."""
    for _ in range(FARTHEST):
        found = store.execute("SELECT merged_into FROM ticket WHERE number = ?", (ticket,))
        if not found or not found[0][0]:
            break
        ticket = int(found[0][0])
    return ticket


def released(store: Store, day: date, release: int = 0) -> list[tuple[int, int]]:
    """(known error, release) of what isn't fixed though the release that corrects it was out by a day.

    release: of this one only, 0 for any.
    """
    only, which = ("AND r.id = ? ", (release,)) if release else ("", ())
    found = store.execute(
        "SELECT k.id, r.id FROM known_error k JOIN product_release r ON r.id = k.fixed_in "
        "WHERE k.fixed_in <> 0 AND k.removed = 0 AND k.state <> 'fixed' AND r.removed = 0 "
        f"AND r.released_on <> '' AND r.released_on <= ? {only}ORDER BY r.released_on, r.id, k.id",
        (day.isoformat(), *which),
    )
    return [(int(known), int(number)) for known, number in found]
