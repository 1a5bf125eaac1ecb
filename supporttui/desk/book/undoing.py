"""Taking back one line of the book's journal, and doing it again: the book's part of `desk.undo`.

Refused where the record was changed again since, even when it was changed back:
an undo never overwrites somebody else's work.
"""

from __future__ import annotations

from supporttui.desk import kept
from supporttui.desk.session import Desk
from supporttui.errors import Refused
from supporttui.store import book

from .deeds import describe, fetch, set_removed, update
from .fields import sheet_of
from .values import unkept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from supporttui.store.book_records import BookEvent

DECISION = "intake-item"  # a kind of which every event is somebody's decision
_WORDS = {
    "added": "adding",
    "changed": "a change of",
    "removed": "the removal of",
    "restored": "the return of",
}


def words(event: BookEvent) -> str:
    """What an event did, as the end of "undone: …"."""
    if event.kind == DECISION:
        return f"the decision on {event.text}"
    return f"{_WORDS.get(event.what, event.what)} {event.text or f'{event.kind} #{event.record}'}"


def take_back(desk: Desk, event: BookEvent, batch: str) -> None:
    """Write back what an event changed; the caller holds the transaction.  Errors: Refused, UsageError."""
    if event.kind in kept.KINDS:
        kept.take_back(desk, event, batch)
        return
    record = fetch(desk, event.kind, event.record)
    _check_untouched(desk, event, event.id)
    if event.what == "changed":
        row = {name: unkept(name, value) for name, value in event.inverse.items()}
        _compare(desk, event, record, 1)
        update(desk, event.kind, record, row, batch=batch, undoes=event.id)
    else:
        gone = event.what != "removed"
        if bool(record.removed) is gone:
            raise Refused(
                f"{event.text} was {'removed' if gone else 'restored'} since: nothing is left to undo"
            )
        set_removed(desk, event.kind, record, gone, batch=batch, undoes=event.id)


def put_back(desk: Desk, undone: BookEvent, batch: str) -> BookEvent:
    """Do again what an undo took back; the event that it was.  Errors: Refused, UsageError."""
    original = book.event(desk.store, undone.undoes)
    if original is None:
        raise Refused(f"what was undone on {undone.text} can't be found")
    if original.kind in kept.KINDS:
        kept.put_back(desk, original, undone, batch)
        return original
    record = fetch(desk, original.kind, original.record)
    _check_untouched(desk, original, undone.id)
    if original.what == "changed":
        _compare(desk, original, record, 0)
        row = {name: unkept(name, pair[1]) for name, pair in _pairs(original).items()}
        update(desk, original.kind, record, row, batch=batch, undoes=undone.id)
    else:
        gone = original.what == "removed"
        set_removed(desk, original.kind, record, gone, batch=batch, undoes=undone.id)
    return original


def _pairs(event: BookEvent) -> dict[str, list[Any]]:
    pairs = event.data.get("set", {})
    return pairs if isinstance(pairs, dict) else {}


def _check_untouched(desk: Desk, event: BookEvent, since: int) -> None:
    """Refuse when something that stands was done to the same fields after event number `since`."""
    cancelled: set[int] = set()
    names = frozenset(_pairs(event))
    for later in book.events_since(desk.store, event.kind, event.record, since):
        if later.undoes:
            if later.id not in cancelled:
                cancelled.add(later.undoes)
            continue
        touches = event.what == "added" or not names.isdisjoint(_pairs(later))
        if later.id not in cancelled and touches:
            raise Refused(
                f"{event.text} was changed since ({describe(desk, later)}): look at its history and set it by hand"
            )


def _compare(desk: Desk, event: BookEvent, record: Any, which: int) -> None:
    """The fields hold what the event left (1), or what its undo left (0)."""
    for name, pair in _pairs(event).items():
        if getattr(record, name) != unkept(name, pair[which]):
            title = next((one.title for one in sheet_of(event.kind).fields if one.name == name), name)
            raise Refused(
                f"{title} of {event.text} is no longer what it was: look at its history and set it by hand"
            )
