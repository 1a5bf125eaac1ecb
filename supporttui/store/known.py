"""What earlier tickets tell about a customer or a product: asked while a form is filled in.

Every question goes by an index of the ticket table and looks at the newest
tickets only, so that its cost doesn't grow with the desk.
"""

from __future__ import annotations

from supporttui.store.columns import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.session import Store

REACH = 2000  # newest tickets of a customer or a product that are looked at
_OF = {"customer": "customer_key", "product": "product_key"}
_FIELDS = frozenset(
    {
        "contact", "site", "release", "os", "os_release", "contact_email", "contact_phone", "channel", "category",
        "environment", "plan",
    }
)  # fmt: skip


def values(store: Store, field: str, prefix: str, *, of: str = "", named: str = "", limit: int) -> list[str]:
    """Different values of a field that begin like `prefix`, in order, among the newest tickets.

    of: "customer" or "product", named: its name, case ignored; both empty: of all tickets.
    """
    _check(field)
    low = fold(prefix)
    only, keys = (f"WHERE {_OF[of]} = ?", (fold(named),)) if of else ("", ())
    found = store.execute(
        f"SELECT max(value) FROM (SELECT {field} AS value, {field}_key AS word FROM ticket {only} "
        "ORDER BY number DESC LIMIT ?) AS newest WHERE word >= ? AND word < ? AND word <> '' "
        "GROUP BY word ORDER BY word LIMIT ?",
        (*keys, REACH, low, low + "\U0010ffff", limit),
    )
    return [value for (value,) in found]


def latest(store: Store, fields: tuple[str, ...], *, customer: str, contact: str = "") -> dict[str, str]:
    """For each field the newest value that isn't empty on a ticket of the customer (and the contact), "" for none."""
    for field in fields:
        _check(field)
    only, keys = ("AND contact_key = ?", (fold(contact),)) if contact else ("", ())
    rows = store.execute(
        f"SELECT {', '.join(fields)} FROM ticket WHERE customer_key = ? {only} ORDER BY number DESC LIMIT ?",
        (fold(customer), *keys, REACH),
    )
    return {field: next((row[place] for row in rows if row[place]), "") for place, field in enumerate(fields)}


def open_tickets(store: Store, customer: str) -> int:
    """How many tickets of the customer are open."""
    found = store.execute(
        "SELECT count(*) FROM ticket WHERE customer_key = ? AND open = 1", (fold(customer),)
    )
    return int(found[0][0])


def _check(field: str) -> None:
    if field not in _FIELDS:
        raise TypeError(f"nothing is known of the field {field!r}")
