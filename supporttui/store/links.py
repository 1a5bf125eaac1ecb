"""Links between tickets, seen from both ends."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.session import Store

_OTHER_END = {"duplicate": "duplicated-by", "causes": "caused-by", "blocks": "blocked-by"}
"""What a link with a direction is called at its other end; any other kind reads the same both ways."""


def add(store: Store, ticket: int, other: int, kind: str) -> bool:
    """Link two tickets that exist; False when that link was there already."""
    if (other, kind) in of_ticket(store, ticket):
        return False
    with store.writing():
        store.execute("INSERT INTO link (ticket, other, kind) VALUES (?, ?, ?)", (ticket, other, kind))
    return True


def remove(store: Store, ticket: int, other: int, kind: str) -> bool:
    """Remove a link, given as either end sees it; False when there was none."""
    with store.writing():
        removed = _delete(store, ticket, other, kind)
        for name in _kinds_at_other_end(kind):
            removed = _delete(store, other, ticket, name) or removed
    return removed


def _delete(store: Store, ticket: int, other: int, kind: str) -> bool:
    store.execute("DELETE FROM link WHERE ticket = ? AND other = ? AND kind = ?", (ticket, other, kind))
    return store.changes() > 0


def _kinds_at_other_end(kind: str) -> list[str]:
    """How a link that one end calls `kind` is stored when the other end made it."""
    if kind in _OTHER_END:
        return []
    return [made for made, seen in _OTHER_END.items() if seen == kind] or [kind]


def of_ticket(store: Store, number: int) -> list[tuple[int, str]]:
    """(other ticket, kind as this end sees it) for every link of a ticket, in order of the other's number."""
    made = store.execute("SELECT other, kind FROM link WHERE ticket = ?", (number,))
    got = store.execute("SELECT ticket, kind FROM link WHERE other = ?", (number,))
    return sorted({*made, *((other, _OTHER_END.get(kind, kind)) for other, kind in got)})
