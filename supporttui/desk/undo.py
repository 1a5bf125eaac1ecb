"""Undo and redo of everything that has not left the house.

An undo is a new journal entry that points at what it takes back; nothing is
ever erased.  It is refused when the field has been changed again since (it
would overwrite somebody else's work, even when it was changed back) and when
what was done can't be taken back: a public reply was read, a role was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from supporttui.errors import Refused
from supporttui.quickclass import dataclass
from supporttui.store import journal, links
from supporttui.store.book_records import BookEvent
from supporttui.store.records import JournalEntry, Ticket

from . import releasing, worked
from .act import Change, Entry, change, fetch, new_batch, transaction, unplain
from .attachments import KIND as ATTACHMENT
from .book import undoing
from .session import Desk
from .timeline import FIRED_KINDS, standing
from .undoable import FOLLOWERS, Deed, newest_action, newest_undo


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back (or done again): one line, the tickets and the records of the book concerned."""

    description: str
    numbers: tuple[int, ...]
    records: tuple[tuple[str, int], ...] = ()


def undo(desk: Desk, number: int | None = None) -> Undone:
    """Take back the actor's last action (on one ticket, or anywhere: tickets and the book are one order).

    A batch is taken back as a whole.  Errors: Refused with the reason.
    """
    with transaction(desk):
        done = newest_action(desk, number)
        if not done:
            raise Refused("there is nothing of yours to undo" + (f" on ticket {number}" if number else ""))
        for entry in done:
            if isinstance(entry, JournalEntry) and not entry.inverse:
                raise Refused(
                    f"{_what(entry)} on ticket {entry.ticket} has left the house and can't be undone"
                )
        batch = new_batch()
        for entry in done:
            if isinstance(entry, BookEvent):
                undoing.take_back(desk, entry, batch)
            else:
                back = partial(_take_back, desk, entry)
                change(desk, entry.ticket, back, batch=batch, merged_too=_reaches_merged(entry))
        return _told("undone", done, desk)


def redo(desk: Desk, number: int | None = None) -> Undone:
    """Do again what the actor's last undo took back."""
    with transaction(desk):
        undone = newest_undo(desk, number)
        if not undone:
            raise Refused("there is nothing to redo: your last action was not an undo")
        batch = new_batch()
        return _told("done again", [_again(desk, entry, batch) for entry in undone], desk)


def _again(desk: Desk, undone: Deed, batch: str) -> Deed:
    """Do again what one entry took back; the entry that it took back."""
    if isinstance(undone, BookEvent):
        return undoing.put_back(desk, undone, batch)
    original = _original(desk, undone)
    back = partial(_put_back, desk, undone, original)
    change(desk, undone.ticket, back, batch=batch, merged_too=_reaches_merged(original))
    return original


def _original(desk: Desk, undone: JournalEntry) -> JournalEntry:
    found = journal.get(desk.store, undone.undoes)
    if found is None or found.ticket != undone.ticket:
        raise Refused(f"the entry that was undone on ticket {undone.ticket} can't be found")
    return found


def _reaches_merged(entry: JournalEntry) -> bool:
    """Whether an entry may be undone on a merged ticket: the merge itself, and what sets no field.

    A merged ticket whose status went back to open would look like work and never escalate.
    """
    return entry.kind == "merged" or not entry.data.get("set")


def _take_back(desk: Desk, entry: JournalEntry, ticket: Ticket) -> Change:
    _check_untold(desk, entry)
    worked.take_off(desk, entry)
    undone = Entry("undone", text=_what(entry), data=_swapped(entry), undoes=entry.id)
    return _with_fields(desk, ticket, entry, dict(entry.inverse), undone, sign=-1)


def _put_back(desk: Desk, undone: JournalEntry, original: JournalEntry, ticket: Ticket) -> Change:
    values = {name: pair[1] for name, pair in original.data.get("set", {}).items()}
    if values.get("merged_into"):
        _check_target(desk, ticket, int(values["merged_into"]))
    for name in ("retract", "minutes", "link", "known", "nothing"):
        if name in original.inverse:
            values[name] = original.inverse[name]
    worked.put_back(desk, original)
    redone = Entry(
        "redone", text=_what(original), data={"set": original.data.get("set", {})}, undoes=undone.id
    )
    return _with_fields(desk, ticket, undone, values, redone, sign=1)


def _check_untold(desk: Desk, entry: JournalEntry) -> None:
    """Refuse to take back the ground on which somebody has been told since.

    A promise that was missed belongs to its acknowledgement, and the rungs of a
    ladder that was begun anew to the reopening: without them, the next promise or
    ladder would pass for told.
    """
    restarted = entry.kind == "reopened" and desk.policy.on_reopen == "restart"
    if entry.kind != "acknowledged" and not restarted:
        return
    for later in journal.of_ticket(desk.store, entry.ticket, kinds=FIRED_KINDS):
        if later.id > entry.id and (restarted or later.data.get("kind") == "promise"):
            raise Refused(
                f"{_what(entry)} on ticket {entry.ticket} can't be undone: {later.data.get('role')} has been told since"
            )


def _check_target(desk: Desk, ticket: Ticket, into: int) -> None:
    """Refuse to merge again into a ticket that was itself merged meanwhile: two could end in each other."""
    target = fetch(desk, into)
    if target.merged_into:
        raise Refused(
            f"ticket {into} was itself merged into {target.merged_into}: merge {ticket.number} by hand"
        )


def _swapped(entry: JournalEntry) -> dict[str, Any]:
    changed = entry.data.get("set", {})
    return {"set": {name: [new, old] for name, (old, new) in changed.items()}} if changed else {}


def _with_fields(
    desk: Desk, ticket: Ticket, past: JournalEntry, values: dict[str, Any], entry: Entry, *, sign: int
) -> Change:
    """The change that writes `values` back, refused where a field no longer is what `past` left."""
    values.pop("retract", None)
    values.pop("nothing", None)
    minutes = values.pop("minutes", 0)
    link = values.pop("link", None)
    known = values.pop("known", None)
    tags = values.pop("tags", None)
    again = _set_since(desk, past)
    for name, pair in past.data.get("set", {}).items():
        # Tags have no order.
        now = set(ticket.tags) if name == "tags" else getattr(ticket, name)
        left = set(pair[1]) if name == "tags" else unplain(name, pair[1])
        if now != left or name in again:
            raise Refused(
                f"{name} of ticket {ticket.number} was changed again since: look at its journal and set it by hand"
            )
    if link:
        _relink(desk, ticket.number, link, sign)
    if known:
        from .known_errors import relink

        relink(desk, ticket.number, known, sign)
    fields = {name: unplain(name, value) for name, value in values.items()}
    if minutes:
        fields["minutes_logged"] = max(0, ticket.minutes_logged + sign * minutes)
    return Change(fields=fields, entries=(entry,), tags=None if tags is None else tuple(tags))


def _set_since(desk: Desk, past: JournalEntry) -> frozenset[str]:
    """The fields that were set after an entry and stand.

    The value alone doesn't tell: a status that went away and came back has a
    history of its own, and the clock reads that history.
    """
    if not past.data.get("set"):
        return frozenset()
    entries = standing(journal.of_ticket(desk.store, past.ticket))
    return frozenset(name for one in entries if one.id > past.id for name in one.data.get("set", {}))


def _relink(desk: Desk, number: int, link: Sequence[Any], sign: int) -> None:
    """The inverse says what an undo does ("add" or "remove"); a redo does the opposite."""
    other, kind, action = link
    adds = (action == "add") is (sign < 0)
    (links.add if adds else links.remove)(desk.store, number, int(other), str(kind))


def _what(entry: JournalEntry) -> str:
    words = {
        "note": "a note", "tags": "tags", "effort": "logged time", "linked": "a link", "reply": "a public reply",
        "reported": "a report", "escalated": "an escalation", "customer": "a customer's message",
        "known-error": "a link to a known error", "released": "the news of a release",
        "merged": "a merge", "acknowledged": "an acknowledgement", "snoozed": "a snooze",
        "expense": "an expense", "credit": "a credit", "call": "a call",
    }  # fmt: skip
    if entry.kind == "file":
        data = entry.data
        moved = data.get("moved") or data.get("from")
        did = "the removal of" if data.get("removed") else "the move of" if moved else "the file"
        return f"{did} {data.get('name') or 'a file'}"
    return words.get(entry.kind, entry.kind)


def _told(how: str, deeds: Sequence[Deed], desk: Desk) -> Undone:
    entries = [one for one in deeds if isinstance(one, JournalEntry) and one.kind not in FOLLOWERS]
    events = [one for one in deeds if isinstance(one, BookEvent)]
    filed = any(entry.kind == "file" for entry in entries)  # which tells of its record as well
    told = [one for one in events if not (filed and one.kind == ATTACHMENT)]
    numbers = tuple(dict.fromkeys(entry.ticket for entry in entries))
    said = []
    if entries:
        what = ", ".join(dict.fromkeys(_what(entry) for entry in entries))
        where = f"ticket {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"
        said.append(f"{what} on {where}")
    if told:
        said.insert(0, _events_told(told))
    records = tuple(dict.fromkeys((one.kind, one.record) for one in events))
    return Undone("; ".join((f"{how}: {' and '.join(said)}", *releasing.news(desk))), numbers, records)


def _events_told(events: Sequence[BookEvent]) -> str:
    """What happened in the book, in a few words; what a decision did along with it is told by the decision."""
    decisions = [one for one in events if one.kind == undoing.DECISION]
    told = decisions or events
    if len(told) == 1:
        return undoing.words(told[0])
    return f"{len(told)} {'decisions' if decisions else 'changes in the book'}"
