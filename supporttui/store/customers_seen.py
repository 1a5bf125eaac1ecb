"""What the tickets tell of customers: contacts, sites and products, for a desk that keeps no book of them.

Reads only.  Whatever looks through tickets is bounded by a number of rows, so
that it costs the same on a large desk as on a middling one.
"""

from __future__ import annotations

from supporttui.store.columns import fold, instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from supporttui.store.session import Store

LOOKED_THROUGH = 50_000  # tickets, the newest ones
OF_ONE = 2_000  # tickets of one customer


def people(store: Store, after: int = 0) -> list[tuple[str, str, str, str, str]]:
    """(customer, contact, e-mail, telephone, site) as newer tickets than `after` have them, each once."""
    return [
        (row[0], row[1], row[2], row[3], row[4])
        for row in store.execute(
            "SELECT DISTINCT customer, contact, contact_email, contact_phone, site FROM "
            "(SELECT customer, contact, contact_email, contact_phone, site FROM ticket WHERE number > ? "
            "AND customer <> '' ORDER BY number DESC LIMIT ?) AS newest",
            (after, LOOKED_THROUGH),
        )
    ]


def of_book(store: Store) -> list[tuple[str, str, str, str]]:
    """(customer, contact, e-mail, telephone) as the book has them; a customer without contacts once, with ""."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in store.execute(
            "SELECT c.name, coalesce(p.name, ''), coalesce(p.email, ''), coalesce(p.phone, '') "
            "FROM customer c LEFT JOIN contact p ON p.customer = c.id AND p.removed = 0 WHERE c.removed = 0 "
            "ORDER BY c.name_key, p.name_key"
        )
    ]


def sites_of_book(store: Store) -> list[tuple[str, str, str, str]]:
    """(customer, site's code, its name, its telephone) as the book has them, and ("", number, "") of customers."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in store.execute(
            "SELECT c.name, s.code, s.name, s.phone FROM site s JOIN customer c ON c.id = s.customer "
            "WHERE s.removed = 0 AND c.removed = 0 "
            "UNION ALL SELECT name, '', key, '' FROM customer WHERE key <> '' AND removed = 0"
        )
    ]


def latest_ticket(store: Store) -> int:
    """The highest number of a ticket."""
    return int(store.execute("SELECT coalesce(max(number), 0) FROM ticket")[0][0])


def book_edition(store: Store) -> tuple[int, int, int]:
    """The newest line of the book's journal, its newest customer and its newest contact, found without reading it."""
    found = store.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM book_event), (SELECT coalesce(max(id), 0) FROM customer), "
        "(SELECT coalesce(max(id), 0) FROM contact)"
    )
    return int(found[0][0]), int(found[0][1]), int(found[0][2])


def people_changed(store: Store, after: int) -> bool:
    """Whether a later line of the book's journal is about somebody who may call, or where they are."""
    return bool(
        store.execute(
            "SELECT 1 FROM book_event WHERE id > ? AND kind IN ('customer', 'contact', 'site') LIMIT 1",
            (after,),
        )
    )


def open_counts(store: Store, names: Sequence[str]) -> dict[str, int]:
    """Open tickets by folded name of the customer; those without are left out."""
    keys = sorted({fold(name) for name in names})
    found: dict[str, int] = {}
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = store.execute(
            f"SELECT customer_key, count(*) FROM ticket WHERE open = 1 AND customer_key IN ({marks}) "
            "GROUP BY customer_key",
            some,
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def of_one(store: Store, name: str) -> list[tuple[str, str, str, str]]:
    """(contact, e-mail, telephone, site) of a customer's newest tickets, the latest first, each once."""
    rows = store.execute(
        "SELECT contact, contact_email, contact_phone, site FROM ticket WHERE customer_key = ? "
        "ORDER BY number DESC LIMIT ?",
        (fold(name), OF_ONE),
    )
    return list(dict.fromkeys((row[0], row[1], row[2], row[3]) for row in rows))


def spelled(store: Store, name: str) -> str:
    """The customer's name as its newest ticket has it, "" when there is none."""
    found = store.execute(
        "SELECT customer FROM ticket WHERE customer_key = ? ORDER BY number DESC LIMIT 1", (fold(name),)
    )
    return str(found[0][0]) if found else ""


def severities(store: Store, name: str) -> list[tuple[int, int, int]]:
    """(severity, open, all) of a customer's tickets."""
    rows = store.execute(
        "SELECT severity, sum(open), count(*) FROM ticket WHERE customer_key = ? GROUP BY severity ORDER BY severity",
        (fold(name),),
    )
    return [(int(row[0]), int(row[1]), int(row[2])) for row in rows]


def products(store: Store, name: str) -> list[tuple[str, str, int, datetime]]:
    """(product, release, tickets, last reported) of a customer, the latest first."""
    rows = store.execute(
        "SELECT max(product), max(release), count(*), max(reported_at) FROM ticket WHERE customer_key = ? "
        "AND product_key <> '' GROUP BY product_key, release_key ORDER BY max(reported_at) DESC LIMIT 50",
        (fold(name),),
    )
    return [(row[0], row[1], int(row[2]), instant(int(row[3]))) for row in rows]


def ended(store: Store, name: str, limit: int) -> list[tuple[int, datetime]]:
    """(number, when it ended) of the tickets that ended last, merged ones left out."""
    rows = store.execute(
        "SELECT number, coalesce(closed_at, resolved_at) FROM ticket WHERE customer_key = ? AND open = 0 "
        "AND merged_into = 0 ORDER BY coalesce(closed_at, resolved_at) DESC, number DESC LIMIT ?",
        (fold(name), limit),
    )
    return [(int(row[0]), instant(int(row[1]))) for row in rows]
