"""What an undo or a redo is about: the actor's newest action, in the tickets' journal and the book's as one order.

A line of the book's journal knows the newest entry of the tickets' journal when it was
written, so both make one order.  An action is a batch: all that was done with one key or
one command, wherever that was.  With a ticket's number only what was done to it counts, and
what was done with it to what came in (its files, who takes part, what was decided).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from supporttui.store import book, journal
from supporttui.store.book_records import BookEvent
from supporttui.store.records import JournalEntry

from . import kept
from .session import Desk

# How far back in the actor's own entries an undo looks.
REACH = 500
FAR = 20_000  # when those are all of one batch, and what it was done to may be as many
# Bookkeeping of other verbs: never the thing that an undo starts from.
FOLLOWERS = frozenset({"merged-from", "released"})
UNDOING = frozenset({"undone", "redone"})

Deed = JournalEntry | BookEvent


def order(deed: Deed) -> tuple[int, int, int]:
    """Where a deed stands in the one order of both journals."""
    return (deed.after, 1, deed.id) if isinstance(deed, BookEvent) else (deed.id, 0, 0)


def newest_action(desk: Desk, number: int | None) -> list[Deed]:
    """All that stands of the actor's newest action, newest first; [] when there is none."""
    entries = _found(desk, number, _last_action)
    if number is not None:
        batch = entries[0].batch if entries else ""
        return _joined(entries, _of_what_came(book.actions_of_batch(desk.store, desk.actor, batch)))
    event = book.newest_action(desk.store, desk.actor, standing=True)
    if event is None:
        return list(entries)
    if entries and order(entries[0]) > order(event):
        return _joined(entries, book.actions_of_batch(desk.store, desk.actor, entries[0].batch))
    events = book.actions_of_batch(desk.store, desk.actor, event.batch) or [event]
    return _joined(_standing_of(desk, event.batch), events)


def newest_undo(desk: Desk, number: int | None) -> list[Deed]:
    """All entries of the actor's newest undo, newest first; [] when the actor has acted since or redone it."""
    entries = _found(desk, number, _last_undo)
    if number is not None:
        batch = entries[0].batch if entries else ""
        return _joined(entries, _of_what_came(book.undos_of_batch(desk.store, desk.actor, batch)))
    event = book.newest_undo(desk.store, desk.actor)
    candidates: list[Deed] = [*entries[:1], *([event] if event else [])]
    newest = max(candidates, key=order, default=None)
    if newest is None or _acted_since(desk, newest):
        return []
    if event is None:
        return list(entries)
    if newest is event:
        entries = _undos_of(desk, event.batch)
    events = book.undos_of_batch(desk.store, desk.actor, newest.batch)
    return _joined(entries, events or ([event] if newest is event else []))


def _of_what_came(events: Iterable[BookEvent]) -> list[BookEvent]:
    return [one for one in events if one.kind in kept.KINDS]


def _joined(entries: Iterable[JournalEntry], events: Iterable[BookEvent]) -> list[Deed]:
    return sorted([*entries, *events], key=order, reverse=True)


def _acted_since(desk: Desk, undone: Deed) -> bool:
    """Whether the actor has done something of another kind than undo and redo since."""
    own = _own(desk, None, REACH)
    last: list[Deed | None] = [
        next((entry for entry in own if entry.kind not in UNDOING), None),
        book.newest_action(desk.store, desk.actor, standing=False),
    ]
    return any(order(one) > order(undone) for one in last if one is not None)


def _standing_of(desk: Desk, batch: str) -> list[JournalEntry]:
    """The actor's entries of a batch that no undo took back."""
    return [
        one
        for one in _own_batch(desk, batch)
        if not one.undoes and one.id not in _cancelled(desk, one.ticket)
    ]


def _undos_of(desk: Desk, batch: str) -> list[JournalEntry]:
    """The actor's undos of a batch that were not done again."""
    return [
        one
        for one in _own_batch(desk, batch)
        if one.kind == "undone"
        and all(one.id != other for _id, other in journal.undoings(desk.store, one.ticket))
    ]


def _own_batch(desk: Desk, batch: str) -> list[JournalEntry]:
    found = journal.of_batch(desk.store, batch) if batch else []
    return [one for one in reversed(found) if one.actor == desk.actor]


def _cancelled(desk: Desk, number: int) -> set[int]:
    """What was taken back on a ticket by an undo that stands."""
    cancelled: set[int] = set()
    for id, undone in journal.undoings(desk.store, number):
        if id not in cancelled:
            cancelled.add(undone)
    return cancelled


# -- the tickets' journal -------------------------------------------------------------------------


def _found(
    desk: Desk, number: int | None, which: Callable[[Desk, Sequence[JournalEntry]], list[JournalEntry]]
) -> list[JournalEntry]:
    """What `which` finds among the actor's newest entries, looking further back when they are all of one batch."""
    for reach in (REACH, FAR):
        own = _own(desk, number, reach)
        if (found := which(desk, own)) or len(own) < reach:
            return found
    return []


def _own(desk: Desk, number: int | None, reach: int) -> list[JournalEntry]:
    """The actor's entries, newest first."""
    if number is None:
        return journal.recent(desk.store, actor=desk.actor, limit=reach)
    return [
        entry
        for entry in journal.of_ticket(desk.store, number, newest_first=True)
        if entry.actor == desk.actor
    ][:reach]


def _last_action(desk: Desk, own: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The newest action that still stands: all entries of its batch, newest first."""
    cancelled: set[int] = set()
    for entry in own:
        if entry.undoes:
            # A standing undo hides its original; an undo that was redone hides nothing.
            if entry.id not in cancelled:
                cancelled.add(entry.undoes)
            continue
        if entry.id in cancelled or entry.kind in FOLLOWERS:
            continue
        return [one for one in _batch(desk, entry, own) if one.id not in cancelled]
    return []


def _last_undo(desk: Desk, own: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The entries of the newest undo, unless the actor has acted since or redone it."""
    redone: set[int] = set()
    for entry in own:
        if entry.kind == "redone":
            redone.add(entry.undoes)
        elif entry.kind != "undone":
            return []
        elif entry.id not in redone:
            return _batch(desk, entry, own)
    return []


def _batch(desk: Desk, entry: JournalEntry, own: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Everything that was done with an entry, newest first: of one ticket, or wherever that was."""
    if not entry.batch:
        return [entry]
    shown = [one for one in own if one.batch == entry.batch]
    if len(own) < REACH or {one.ticket for one in own} == {entry.ticket}:
        return shown
    return [one for one in reversed(journal.of_batch(desk.store, entry.batch)) if one.actor == desk.actor]
