"""What happened to the desk as a whole, beside its tickets: a clock that jumped, a policy taken over, a silence."""

from __future__ import annotations

from supporttui.store.columns import from_json, instant, seconds, storable, to_json
from supporttui.store.records import DeskEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store


def append(
    store: Store, *, at: datetime, actor: str, kind: str, text: str, data: Mapping[str, Any] | None = None
) -> None:
    """Write one down.  Joins the open transaction."""
    with store.writing():
        store.execute(
            "INSERT INTO desk_event (at, actor, kind, text, data) VALUES (?, ?, ?, ?, ?)",
            (seconds(at), storable(actor), kind, storable(text), to_json(data)),
        )


def since(store: Store, at: datetime, limit: int = 500) -> list[DeskEvent]:
    """What was written at or after an instant, the oldest first; of more than the limit, the newest."""
    found = store.execute(
        "SELECT id, at, actor, kind, text, data FROM desk_event WHERE at >= ? ORDER BY id DESC LIMIT ?",
        (seconds(at), limit),
    )
    return [
        DeskEvent(
            id=row[0], at=instant(row[1]), actor=row[2], kind=row[3], text=row[4], data=from_json(row[5])
        )
        for row in reversed(found)
    ]
