"""The one way in which a ticket changes: one transaction, and nothing half-done.

Every verb goes through `change`: read the ticket under the write lock, compare
the version that the caller's screen showed, write the row, write the journal
entry together with what would take it back, and derive the deadlines anew.
Either all of it is committed or none.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supporttui.errors import Conflict, NotFound, Refused
from supporttui.quickclass import dataclass
from supporttui.store import deadlines, journal, meta, tickets
from supporttui.store.records import JournalEntry, Ticket

from .session import Desk
from .timeline import CLOCK_KINDS, FIRED_KINDS, timeline_of

if TYPE_CHECKING:
    from supporttui.policy.timeline import Deadline

# Entries that somebody else may have added meanwhile without making an
# analyst's decision stale.  Escalating and acknowledging are stricter: there
# a rung that fired after the screen was drawn changes the meaning of the key.
HARMLESS_FOR_ALARMS = frozenset(
    {"note", "call", "effort", "expense", "credit", "linked", "known-error", "released", "file", "mail"}
)
HARMLESS = HARMLESS_FOR_ALARMS | frozenset(FIRED_KINDS)
# What decides whether a notice waits for morning or for the end of a maintenance.
HOLDING = frozenset({"severity", "customer", "product"})
TOLD_CHANGES = 4  # as many of them does the line of a conflict name

# Facts of the store: under which policy its open deadlines were derived.  ADOPTING and
# MIXED stand where no single policy is known to hold for all of them; a tick mends that.
POLICY_HASH = "policy-hash"
ADOPTING, MIXED = "adopting ", "mixed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry to be written: see `store.records.JournalEntry`."""

    kind: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    inverse: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False
    undoes: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a verb decided: new values of fields, and the journal entries that say so."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    tags: tuple[str, ...] | None = None


NOTHING = Change()


def transaction(desk: Desk) -> AbstractContextManager[None]:
    """A write transaction that verbs may share: an inner one joins the outer one."""
    return desk.store.writing()


def new_batch() -> str:
    """An id that joins the entries of one action, so that one undo takes all of it back."""
    return secrets.token_hex(8)


def fetch(desk: Desk, number: int) -> Ticket:
    """The ticket, or NotFound with one clear line."""
    ticket = tickets.get(desk.store, number) if 0 < number < 2**63 else None
    if ticket is None:
        raise NotFound(f"there is no ticket {number}")
    return ticket


def change(
    desk: Desk,
    number: int,
    decide: Callable[[Ticket], Change],
    *,
    seen: int | None = None,
    harmless: frozenset[str] = HARMLESS,
    batch: str = "",
    merged_too: bool = False,
) -> Ticket:
    """Change one ticket in one transaction and return it as it is then.

    decide: from the ticket under the lock to the change; raises Refused when the
        workflow forbids it.  seen: the version that the caller's screen showed
        (None: whatever is current).  harmless: kinds of entries that don't make
        `seen` stale.  Errors: NotFound, Conflict, Refused, StoreError.
    """
    with transaction(desk):
        ticket = fetch(desk, number)
        check_seen(desk, ticket, seen, harmless)
        if ticket.merged_into and not merged_too:
            raise Refused(
                f"ticket {number} was merged into {ticket.merged_into}: act on {ticket.merged_into}"
            )
        decided = decide(ticket)
        if not decided.entries:
            return ticket
        write(desk, ticket, decided, batch or new_batch())
        if not HOLDING.isdisjoint(decided.fields):
            from .owed import reconsider

            reconsider(desk, number)
        return replan(desk, number)


def check_seen(desk: Desk, ticket: Ticket, seen: int | None, harmless: frozenset[str]) -> None:
    """Raise Conflict when something that matters happened after version `seen`."""
    if seen is None or seen == ticket.version:
        return
    if seen > ticket.version:
        raise Conflict(
            f"ticket {ticket.number} is at version {ticket.version}, not {seen}: look at it again",
            number=ticket.number, seen=seen, current=ticket.version,
        )  # fmt: skip
    since = journal.after_version(desk.store, ticket.number, seen)
    changes = tuple(describe(entry) for entry in since if entry.kind not in harmless)
    if changes:
        raise Conflict(
            f"ticket {ticket.number} changed while you looked: {_latest(changes)}: look again, then repeat",
            number=ticket.number, seen=seen, current=ticket.version, changes=changes, since=tuple(since),
        )  # fmt: skip


def _latest(changes: Sequence[str]) -> str:
    """The last changes in one readable line, and how many came before them."""
    before = len(changes) - TOLD_CHANGES
    shown = "; ".join(changes[-TOLD_CHANGES:])
    return f"{before} changes, then {shown}" if before > 0 else shown


def describe(entry: JournalEntry) -> str:
    """One line that says who did what: "raj set status to open"."""
    changed = entry.data.get("set", {})
    if changed:
        return f"{entry.actor} set " + ", ".join(
            f"{name} to {_value(new)}" for name, (_old, new) in changed.items()
        )
    return f"{entry.actor}: {entry.kind}"


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "nothing"
    return str(value) if value not in ("", None) else "nothing"


def write(desk: Desk, ticket: Ticket, decided: Change, batch: str) -> None:
    """Write row, tags and journal; the caller holds the transaction."""
    now = desk.now()
    values = {**decided.fields, "updated_at": now}
    if not tickets.update(desk.store, ticket.number, ticket.version, values):
        raise Conflict(
            f"ticket {ticket.number} changed while it was written: look again, then repeat",
            number=ticket.number, seen=ticket.version, current=ticket.version + 1,
        )  # fmt: skip
    if decided.tags is not None:
        tickets.set_tags(desk.store, ticket.number, decided.tags)
    for entry in decided.entries:
        journal.append(
            desk.store,
            ticket=ticket.number,
            version=ticket.version + 1,
            at=entry.at or now,
            recorded_at=now,
            actor=desk.actor,
            kind=entry.kind,
            public=entry.public,
            text=entry.text,
            data=dict(entry.data),
            inverse=dict(entry.inverse),
            undoes=entry.undoes,
            batch=batch,
        )


def derive(desk: Desk, ticket: Ticket) -> tuple[Deadline, ...]:
    """The ticket's deadlines as its journal and the policy give them now.  Writes nothing."""
    from supporttui.policy import plan

    entries = journal.of_ticket(desk.store, ticket.number, kinds=CLOCK_KINDS)
    return plan(timeline_of(ticket, entries), desk.policy)


def replan(desk: Desk, number: int) -> Ticket:
    """Derive the ticket's deadlines and store them; the caller holds the transaction."""
    store_plan(desk, fetch(desk, number))
    return fetch(desk, number)


def store_plan(desk: Desk, ticket: Ticket, *, note: bool = True) -> None:
    """Like `replan`, for a ticket that was read in this transaction and is not needed afterwards.

    note: False where the caller notes the policy itself, once for many tickets.
    """
    deadlines.replace(desk.store, ticket.number, derive(desk, ticket), desk.policy.hash)
    if note:
        note_policy(desk)


def note_policy(desk: Desk) -> None:
    """Keep it known under which policy the store's deadlines are: one of another policy makes them mixed."""
    mine, known = desk.policy.hash, meta.get(desk.store, POLICY_HASH)
    if known not in (mine, ADOPTING + mine, MIXED):
        meta.put(desk.store, POLICY_HASH, MIXED if known else mine)


def set_entry(ticket: Ticket, values: Mapping[str, Any], kind: str, **more: Any) -> Change:
    """A change of plain fields, with the journal entry and the inverse made from the ticket.

    Fields that already have the value are left out; nothing left means no change.
    """
    text = more.pop("text", "")
    extra = more.pop("data", {})
    changed = {name: new for name, new in values.items() if getattr(ticket, name) != new}
    if not changed:
        return NOTHING
    data = {
        "set": {name: [plain(getattr(ticket, name)), plain(new)] for name, new in changed.items()},
        **extra,
    }
    inverse = {name: plain(getattr(ticket, name)) for name in changed}
    return Change(fields=changed, entries=(Entry(kind, text=text, data=data, inverse=inverse, **more),))


def plain(value: Any) -> Any:
    """A value as JSON keeps it: instants become "…Z"."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return list(value) if isinstance(value, tuple) else value


def unplain(name: str, value: Any) -> Any:
    """The inverse of `plain` for a ticket's field."""
    if value is not None and name.endswith(("_at", "_until")):
        return datetime.fromisoformat(value)
    return value
