"""Two changed the same ticket: what each of them did, field by field, so that a person can choose.

What the second one wants is found out by doing it under the write lock and
taking it back: the workflow, the caps and the customer's plan have had their
say in what is shown as "yours".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from supporttui.errors import SupportError
from supporttui.quickclass import dataclass
from supporttui.store import journal
from supporttui.store.records import JournalEntry, Ticket

from . import attention, change
from .act import HARMLESS, check_seen, fetch, plain, transaction, unplain
from .session import Desk

SINGLE = ("severity", "status", "owner", "subject", "tags", "acknowledged_until", "snoozed_until")
COMPARED = (*SINGLE, *change.FIELDS)
"""Fields that two may have changed; others follow from these."""

Act = Callable[[int | None], Ticket]
"""A verb that is only missing the version that was seen."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field three times, values as the journal keeps them.

    theirs: somebody else changed it since it was seen, lastly `by` at `at`.
    """

    field: str
    seen: Any
    now: Any
    mine: Any
    theirs: bool = False
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What stands between somebody's change and the ticket as it is now.

    version: of the ticket as it was compared.  fields: those that the change would set.
    since: what others did since.  refused: why the change can't be made any more.  acts:
    whether it would do anything at all.
    """

    number: int
    version: int
    fields: tuple[Difference, ...] = ()
    since: tuple[JournalEntry, ...] = ()
    refused: str = ""
    acts: bool = True


class _TakeBack(Exception):
    """Ends a trial."""


def compare(desk: Desk, number: int, seen: int, act: Act) -> Comparison:
    """Try a change on the ticket as it is now, take it back, and say what it would do.  Errors: StoreError."""
    found: list[Comparison] = []
    try:
        with desk.store.write():
            before = fetch(desk, number)
            since = tuple(journal.after_version(desk.store, number, seen))
            try:
                after = act(None)
            except SupportError as error:
                found.append(Comparison(number, before.version, since=since, refused=str(error)))
            else:
                fields = _differences(before, after, since)
                acts = after.version != before.version
                found.append(Comparison(number, before.version, fields, since, acts=acts))
            raise _TakeBack
    except _TakeBack:
        return found[0]


def _differences(before: Ticket, after: Ticket, since: Sequence[JournalEntry]) -> tuple[Difference, ...]:
    out = []
    for name in COMPARED:
        now, mine = plain(getattr(before, name)), plain(getattr(after, name))
        if now == mine:
            continue
        touched = [one for one in since if name in one.data.get("set", {})]
        if not touched:
            out.append(Difference(name, now, now, mine))
            continue
        old, last = touched[0].data["set"][name][0], touched[-1]
        out.append(Difference(name, old, now, mine, True, last.actor, last.at))
    return tuple(out)


def write_some(desk: Desk, compared: Comparison, names: Collection[str], *, batch: str) -> Ticket:
    """Set only these of the compared fields, as one change, if the ticket is still as it was compared.

    Errors: Conflict when it changed once more, Refused, UsageError.
    """
    number, wanted = compared.number, {one.field: one for one in compared.fields if one.field in names}
    with transaction(desk):
        ticket = fetch(desk, number)
        check_seen(desk, ticket, compared.version, HARMLESS)
        for name in SINGLE:
            if name in wanted:
                ticket = _set(desk, number, wanted[name], batch)
        values = {name: str(one.mine) for name, one in wanted.items() if name in change.FIELDS}
        if values:
            ticket = change.set_fields(desk, number, values, batch=batch)
        return ticket


def _set(desk: Desk, number: int, one: Difference, batch: str) -> Ticket:
    name, mine = one.field, unplain(one.field, one.mine)
    if name == "severity":
        return change.set_severity(desk, number, int(mine), batch=batch)
    if name == "status":
        return change.set_status(desk, number, str(mine), batch=batch)
    if name == "owner":
        return change.set_owner(desk, number, str(mine), batch=batch)
    if name == "subject":
        return change.set_subject(desk, number, str(mine), batch=batch)
    if name == "acknowledged_until":
        return attention.acknowledge(desk, number, mine, batch=batch)
    if name == "snoozed_until":
        return attention.snooze(desk, number, mine, batch=batch)
    add, remove = set(one.mine) - set(one.now), set(one.now) - set(one.mine)
    return change.tag(desk, number, sorted(add), sorted(remove), batch=batch)
