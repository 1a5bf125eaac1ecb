"""Facts about the store itself, by name."""

from __future__ import annotations

from supporttui.store.columns import storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.session import Store


def get(store: Store, key: str) -> str:
    """The value, "" when it was never put."""
    found = store.execute("SELECT value FROM meta WHERE key = ?", (key,))
    return str(found[0][0]) if found else ""


def put(store: Store, key: str, value: str) -> None:
    """Write a value, over the one before."""
    with store.writing():
        store.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, storable(value)),
        )
