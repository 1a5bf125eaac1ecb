"""Small facts about the store itself, by name: which policy its deadlines were derived under, and so on."""

from __future__ import annotations

from .session import Store


def get(store: Store, name: str) -> str:
    """The value, or "" when there is none."""
    rows = store.execute("SELECT value FROM meta WHERE key = ?", (name,))
    return str(rows[0][0]) if rows else ""


def put(store: Store, name: str, value: str) -> None:
    """Set a value; inside a write transaction."""
    store.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (name, value),
    )
