"""A release is out: whoever waits for what it corrects is told, once, and the known errors are fixed.

Invariant: the known error, the journal of every ticket and what is put into the outbox are one
commit with what made the release come out.  A notice's key names release, known error and
ticket, so that nobody is told twice; what is taken back before it was told is withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import book, known_errors, notices
from supporttui.store.book_criteria import equal

from .act import Change, Entry, change, fetch
from .known_errors import KIND, is_out, name_of, today
from .owed import Ground, ground, owe, owed_facts
from .session import Desk

if TYPE_CHECKING:
    from supporttui.store import Store
    from supporttui.store.book_records import KnownError, Release

ROLE = "owner"
NOTICE = "released"  # the kind of a notice, and of a journal entry that says so
CLOCK = "clock"  # who did it when the day came
WITHDRAWN = "the correction is not out after all"
NAMED = 3  # tickets or people that one line names before it counts the rest


def follow(
    desk: Desk, kind: str, record: Any, changed: Mapping[str, Any], *, batch: str, undoing: bool
) -> None:
    """What follows from a line of the book's journal; the caller holds the transaction.

    changed: field → (before, after).  undoing: it is part of an undo or a redo, which sees to the other
    records and the tickets' journals itself, but can't know who was told.
    """
    if kind == "release" and not undoing and {"released_on", "removed"} & set(changed):
        _settle(desk, record, batch)
    elif kind == KIND and "state" in changed:
        before, after = changed["state"]
        if after == "fixed" and record.fixed_in:
            _corrected(desk, record, batch, journal=not undoing)
        elif before == "fixed":
            _takes_back(desk, record, changed, batch, journal=not undoing)
    elif kind == KIND and record.removed:
        sent = notices.keyed(desk.store, NOTICE, _key(record))
        notices.withdraw(desk.store, [one.id for one in sent if one.state != "sent"], WITHDRAWN)


def news(desk: Desk) -> list[str]:
    """What came of the last deed, one line each, for whoever did it; told once."""
    return _NEWS.pop(desk, ("", []))[1]


# Of each desk, the batch of its last deed and what came of it.
_NEWS: WeakKeyDictionary[Desk, tuple[str, list[str]]] = WeakKeyDictionary()
MOST_NEWS = 50  # of one deed


def _say(desk: Desk, batch: str, text: str) -> None:
    if _NEWS.get(desk, ("", []))[0] != batch:
        _NEWS[desk] = (batch, [])  # of one that failed, nothing is told with the next
    said = _NEWS[desk][1]
    if len(said) < MOST_NEWS:
        said.append(text)


def _settle(desk: Desk, release: Release, batch: str) -> None:
    """What it corrects is fixed once it is out, and planned for it as long as it isn't."""
    from . import book as writing

    if is_out(desk, release) and not release.removed:
        for number, _release in known_errors.released(desk.store, today(desk), release.id):
            writing.change(desk, KIND, number, {"state": "fixed"}, batch=batch)
        return
    for one in book.select(desk.store, KIND, equal(fixed_in=release.id, state="fixed")):
        writing.change(desk, KIND, one.id, {"state": "planned"}, batch=batch)


# -- telling ----------------------------------------------------------------------------------------


def _corrected(desk: Desk, one: KnownError, batch: str, *, journal: bool) -> None:
    """Tell the owners of the open tickets that are about it."""
    release: Release = book.get(desk.store, "release", one.fixed_in)
    label = f"{_name(desk, release)} is out: corrects {name_of(one.id)}"
    numbers = _open_tickets(desk, one.id)
    on = ground(desk, desk.now()) if numbers else None
    told: list[str] = []
    for number in numbers:
        facts, people = _tell(desk, number, one, label, on)
        told += people
        if journal:
            data = {"label": label, "release": release.id, "known": one.id, **facts}
            entry = Entry(NOTICE, data=data, inverse={"nothing": True})
            change(desk, number, lambda _ticket, entry=entry: Change(entries=(entry,)), batch=batch)  # type: ignore[misc]
    people = list(dict.fromkeys(told))
    about = f"; told about {_named(numbers, 'open ticket')}: {', '.join(people)}" if people else ""
    _say(desk, batch, f"{label}{about}" if numbers else f"{label}, no open ticket waits for it")


def _tell(
    desk: Desk, number: int, one: KnownError, label: str, on: Ground | None
) -> tuple[dict[str, object], list[str]]:
    """Put the notice for a ticket's owner into the outbox, unless it is there; what the journal keeps, who is told."""
    from supporttui.store.records import DeadlineLine

    now, ticket, key = desk.now(), fetch(desk, number), _key(one)
    earlier = [
        notice for notice in notices.of_ticket(desk.store, number) if key in notice.data.get("keys", ())
    ]
    if earlier:  # it was taken back before anybody was told, or somebody was
        revived = [notice for notice in earlier if notices.revive(desk.store, notice.id, now)]
        return {}, [notice.person or notice.address for notice in revived]
    rung = DeadlineLine(
        ticket=number, key=key, kind=NOTICE, role=ROLE, level=0, label=label, severity=ticket.severity,
        due_at=now, state="fired", fired_at=now,
    )  # fmt: skip
    owed = owe(desk, ticket, (rung,), now, on=on)
    return owed_facts(owed), list(owed.told)


def _takes_back(
    desk: Desk, one: KnownError, changed: Mapping[str, Any], batch: str, *, journal: bool
) -> None:
    """It isn't corrected after all: withdraw what nobody was told yet, and say who was."""
    fixed_in = int(changed.get("fixed_in", (one.fixed_in,))[0] or 0)
    sent = notices.keyed(desk.store, NOTICE, _key(one, fixed_in))
    withdrawn = notices.withdraw(desk.store, [each.id for each in sent if each.state != "sent"], WITHDRAWN)
    gone = [each for each in sent if each.state == "sent"]
    people = ", ".join(dict.fromkeys(each.person or each.address for each in gone))
    label = f"{name_of(one.id)} is not corrected after all"
    if journal:
        for number in _open_tickets(desk, one.id):
            entry = Entry(NOTICE, data={"label": label, "known": one.id}, inverse={"nothing": True})
            change(desk, number, lambda _ticket, entry=entry: Change(entries=(entry,)), batch=batch)  # type: ignore[misc]
    if withdrawn:
        _say(
            desk,
            batch,
            f"{label}: {withdrawn} {'notice was' if withdrawn == 1 else 'notices were'} withdrawn in time",
        )
    if gone:
        _say(
            desk,
            batch,
            f"{label}, but {people} had been told already ({_named([each.ticket for each in gone], 'ticket')})",
        )


def _open_tickets(desk: Desk, known: int) -> list[int]:
    """The open tickets that are about a known error; of a merged one, the ticket that goes on."""
    heads = dict.fromkeys(
        known_errors.goes_on(desk.store, number) for number in book.tickets_of(desk.store, known)
    )
    found = (fetch(desk, number) for number in heads)
    return [one.number for one in found if one.resolved_at is None and one.closed_at is None]


def _key(one: KnownError, release: int = 0) -> str:
    return f"{NOTICE}/{release or one.fixed_in}/{one.id}"


def _name(desk: Desk, release: Release) -> str:
    return f"{book.get(desk.store, 'product', release.product).name} {release.name}"


def _named(numbers: list[int], what: str) -> str:
    """ "ticket 1042", "tickets 5, 9 and 12", "tickets 5, 9, 12 and 40 more"."""
    numbers = list(dict.fromkeys(numbers))
    shown, more = [str(one) for one in numbers[:NAMED]], len(numbers) - NAMED
    said = f"{', '.join(shown)} and {more} more" if more > 0 else ", ".join(shown)
    return f"{what}{'s' if len(numbers) > 1 else ''} {said}"


# -- the day comes ----------------------------------------------------------------------------------

_LOOKED: WeakKeyDictionary[Store, tuple[date, tuple[int, int]]] = WeakKeyDictionary()


def come_out(desk: Desk) -> bool:
    """Settle the releases whose day was entered ahead and has come, for every tick; whether there was one.

    Looks only when the day or the book is another than last time, and takes the write lock only
    when there is something to do.
    """
    store = desk.store
    day, edition = today(desk), known_errors.edition(store)
    if _LOOKED.get(store) == (day, edition):
        return False
    due = known_errors.released(store, day)
    if due:
        from . import book as writing

        clock = copy(desk)
        clock.actor = CLOCK  # it is nobody's own deed, which an undo of theirs would take back
        for known, _release in due:
            # A record that can't be stops no clock, and keeps nobody from being told of the others.
            with suppress(NotFound, Refused, UsageError), store.write():
                writing.change(clock, KIND, known, {"state": "fixed"})
    _LOOKED[store] = (day, known_errors.edition(store))
    return bool(due)
