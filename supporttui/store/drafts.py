"""Unsent text, one per actor, ticket and kind; ticket 0 is a ticket not reported yet."""

from __future__ import annotations

from supporttui.store.columns import from_json, instant, seconds, storable, to_json
from supporttui.store.records import Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from supporttui.store.session import Store

_SELECT = "SELECT actor, ticket, kind, body, data, updated_at FROM draft WHERE actor = ?"


def save(store: Store, draft: Draft) -> None:
    """Keep a draft, over the one before."""
    row = (
        storable(draft.actor),
        draft.ticket,
        draft.kind,
        storable(draft.body),
        to_json(draft.data),
        seconds(draft.updated_at),
    )
    with store.writing():
        store.execute(
            "INSERT INTO draft (actor, ticket, kind, body, data, updated_at) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (actor, ticket, kind) DO UPDATE SET body = excluded.body, data = excluded.data, "
            "updated_at = excluded.updated_at",
            row,
        )


def get(store: Store, actor: str, ticket: int, kind: str) -> Draft | None:
    """The draft, or None."""
    found = store.execute(_SELECT + " AND ticket = ? AND kind = ?", (storable(actor), ticket, kind))
    return _draft(found[0]) if found else None


def of_actor(store: Store, actor: str) -> list[Draft]:
    """All drafts of one person, the newest first."""
    found = store.execute(_SELECT + " ORDER BY updated_at DESC, ticket, kind", (storable(actor),))
    return [_draft(row) for row in found]


def drop(store: Store, actor: str, ticket: int, kind: str) -> bool:
    """Throw a draft away (it was sent, or given up); False when there was none."""
    with store.writing():
        store.execute(
            "DELETE FROM draft WHERE actor = ? AND ticket = ? AND kind = ?", (storable(actor), ticket, kind)
        )
        return store.changes() > 0


def _draft(row: tuple[Any, ...]) -> Draft:
    return Draft(
        actor=row[0],
        ticket=row[1],
        kind=row[2],
        body=row[3],
        data=from_json(row[4]),
        updated_at=instant(row[5]),
    )
