"""What came in and is kept: attachments, participants, rules about senders, what waits for a decision.

They are no pages of the book that people fill in, but they change as its records do: in one
transaction with a line in the same journal, which holds what takes it back, so that one undo
reaches them and the tickets in one order.  Nothing is ever deleted.
"""

from __future__ import annotations

from dataclasses import replace

from supporttui.errors import Conflict, Refused
from supporttui.store import book

from .act import new_batch, plain, transaction, unplain
from .session import Desk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from supporttui.store.book_records import BookEvent

KINDS = ("attachment", "participant", "sender-rule", "intake-item")


def insert(desk: Desk, kind: str, values: Mapping[str, Any]) -> Any:
    """Write what came in by itself: nobody's action, so nothing that anybody could undo."""
    with transaction(desk):
        return book.get(desk.store, kind, book.insert(desk.store, kind, values))


def add(desk: Desk, kind: str, values: Mapping[str, Any], *, text: str, batch: str = "") -> Any:
    """Write a new record as somebody's action.  text: what it is called in the journal and by an undo."""
    with transaction(desk):
        record = insert(desk, kind, values)
        _note(desk, kind, record, "added", text, {}, {"removed": True}, batch)
        return record


def change(desk: Desk, kind: str, old: Any, values: Mapping[str, Any], *, text: str, batch: str = "") -> Any:
    """Change fields of a record as somebody's action.  Errors: Conflict when it is no longer as `old`."""
    changed = {name: new for name, new in values.items() if getattr(old, name) != new}
    if not changed:
        return old
    with transaction(desk):
        record = _write(desk, kind, old, changed, text)
        pairs = {name: [plain(getattr(old, name)), plain(new)] for name, new in changed.items()}
        inverse = {name: pair[0] for name, pair in pairs.items()}
        _note(desk, kind, record, "changed", text, {"set": pairs}, inverse, batch)
        return record


def remove(desk: Desk, kind: str, old: Any, *, text: str, batch: str = "") -> Any:
    """Take a record away as somebody's action; an undo brings it back.  Errors: Conflict."""
    return change(desk, kind, old, {"removed": True}, text=text, batch=batch)


def take_back(desk: Desk, event: BookEvent, batch: str) -> None:
    """Write back what an event changed; the caller holds the transaction.  Errors: Refused."""
    _swap(desk, event, event, 0, batch)


def put_back(desk: Desk, original: BookEvent, undone: BookEvent, batch: str) -> None:
    """Do again what an undo took back.  Errors: Refused."""
    _swap(desk, original, undone, 1, batch)


def _swap(desk: Desk, original: BookEvent, last: BookEvent, which: int, batch: str) -> None:
    """Set the fields of an event to what was before (0) or after (1) it, unless somebody changed them since."""
    record = book.get(desk.store, original.kind, original.record)
    data: Mapping[str, Any] = original.data
    pairs = data.get("set") or {"removed": [True, False]}
    for name, pair in pairs.items():
        if getattr(record, name) != unplain(name, pair[1 - which]):
            raise Refused(f"{original.text} was changed since: look at it and set it by hand")
    values = {name: unplain(name, pair[which]) for name, pair in pairs.items()}
    record = _write(desk, original.kind, record, values, original.text)
    swapped = {name: [pair[1 - which], pair[which]] for name, pair in pairs.items()}
    inverse = {name: pair[1 - which] for name, pair in pairs.items()}
    _note(desk, original.kind, record, "changed", original.text, {"set": swapped}, inverse, batch, last.id)


def _write(desk: Desk, kind: str, old: Any, values: Mapping[str, Any], text: str) -> Any:
    if not book.update(desk.store, kind, old.id, old.version, values):
        raise Conflict(
            f"{text or kind} changed while you looked: look again, then repeat",
            number=old.id, seen=old.version, current=old.version + 1,
        )  # fmt: skip
    return replace(old, **values, version=old.version + 1)


def _note(
    desk: Desk, kind: str, record: Any, what: str, text: str, data: Mapping[str, Any], inverse: Mapping[str, Any],
    batch: str, undoes: int = 0,
) -> None:  # fmt: skip
    book.append_event(
        desk.store, at=desk.now(), actor=desk.actor, kind=kind, record=record.id, version=record.version, what=what,
        text=text, data=data, inverse=inverse, undoes=undoes, batch=batch or new_batch(),
    )  # fmt: skip
