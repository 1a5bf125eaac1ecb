"""Saved queries, of the desk (owner "") and of each person."""

from __future__ import annotations

from supporttui.store.columns import fold, storable
from supporttui.store.records import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.session import Store


def save(store: Store, view: View) -> None:
    """Write a view, over the one of the same owner whose name differs by case at most."""
    with store.writing():
        _drop(store, view.owner, view.name)
        store.execute(
            "INSERT INTO saved_view (owner, name, query, position) VALUES (?, ?, ?, ?)",
            (storable(view.owner), storable(view.name), storable(view.query), view.position),
        )


def all(store: Store, owner: str = "") -> list[View]:
    """The desk's views, then those of a person, each by position and name."""
    found = store.execute(
        "SELECT name, query, owner, position FROM saved_view WHERE owner IN ('', ?) ORDER BY owner, position, name",
        (storable(owner),),
    )
    return [View(name=row[0], query=row[1], owner=row[2], position=row[3]) for row in found]


def get(store: Store, name: str, owner: str = "") -> View | None:
    """A person's view of that name, else the desk's; case is ignored."""
    wanted = fold(name)
    named = [view for view in all(store, owner) if fold(view.name) == wanted]
    return named[-1] if named else None


def delete(store: Store, name: str, owner: str = "") -> bool:
    """Forget a person's view of that name, or else the desk's; False when there is neither."""
    found = get(store, name, owner)
    if found is None:
        return False
    with store.writing():
        _drop(store, found.owner, found.name)
    return True


def _drop(store: Store, owner: str, name: str) -> None:
    wanted = fold(name)
    found = store.execute("SELECT name FROM saved_view WHERE owner = ?", (storable(owner),))
    for (stored,) in found:
        if fold(stored) == wanted:
            store.execute("DELETE FROM saved_view WHERE owner = ? AND name = ?", (storable(owner), stored))
