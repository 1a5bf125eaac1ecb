"""The record of watches: who accepted the watch and when.  Append-only; what is taken back stays on record."""

from __future__ import annotations

from supporttui.store.columns import instant, seconds, storable
from supporttui.store.records import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from supporttui.store.session import Store

KEPT_IN_SIGHT = 500  # records that are looked through for the last watch that holds


def append(store: Store, *, at: datetime, actor: str, note: str = "", undoes: int = 0) -> int:
    """Write that somebody accepted the watch, or took back the record `undoes`; returns its id."""
    with store.writing():
        found = store.execute(
            "INSERT INTO watch (at, actor, note, undoes) VALUES (?, ?, ?, ?) RETURNING id",
            (seconds(at), storable(actor), storable(note), undoes),
        )
        return int(found[0][0])


def recent(store: Store, limit: int = KEPT_IN_SIGHT) -> list[Watch]:
    """The newest records, newest first, those taken back and the takings-back too."""
    found = store.execute("SELECT id, at, actor, note, undoes FROM watch ORDER BY id DESC LIMIT ?", (limit,))
    return [Watch(id=row[0], at=instant(row[1]), actor=row[2], note=row[3], undoes=row[4]) for row in found]


def standing(records: list[Watch]) -> list[Watch]:
    """The watches that were accepted and not taken back, newest first."""
    gone = {one.undoes for one in records}
    return [one for one in records if not one.undoes and one.id not in gone]
