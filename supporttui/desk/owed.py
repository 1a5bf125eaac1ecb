"""Who is owed a notice when deadlines fire, written into the outbox in the firing's own transaction.

Invariant: a fired deadline and its notices are one commit, so neither exists
without the other.  All that one ticket owes at one instant is one notice for an
address: the highest role is named, the rest is listed.  A roster that can't be
read stops no deadline: who would have been looked up in it is told at consoles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from supporttui.errors import PolicyError
from supporttui.policy.reaching import Reach, Reached
from supporttui.policy.roster import Override, Roster
from supporttui.store import notices, tickets, windows
from supporttui.store.columns import fold
from supporttui.store.records import DeadlineLine, Maintenance, Notice, OnCallOverride, Ticket

from .session import Desk


@dataclass(frozen=True, slots=True)
class Owed:
    """What was put into the outbox: addresses with whose they are, and who was passed over.

    held_until: quiet hours or maintenance keep it back until then.
    """

    told: tuple[str, ...]
    notes: tuple[str, ...]
    held_until: datetime | None = None


class Ground(NamedTuple):
    """What every notice of one instant is decided on: who can be reached, and what is held back."""

    reach: Reach
    held: Sequence[Maintenance]


def ground(desk: Desk, at: datetime) -> Ground:
    """The ground at an instant; good for the transaction in which it was read."""
    return Ground(reach(desk, at), windows.maintenance_at(desk.store, at))


def owe(
    desk: Desk,
    ticket: Ticket,
    rungs: Sequence[DeadlineLine],
    at: datetime,
    *,
    together: str = "",
    on: Ground | None = None,
) -> Owed:
    """Put the notices of rungs that fired together into the outbox.  Joins the open transaction.

    together: notices of other tickets with the same word are told in one message.  on: the ground, where
    the caller has read it in this transaction.
    """
    on = on or ground(desk, at)
    ordered = sorted(rungs, key=lambda rung: (-rung.level, rung.due_at))
    roles = list(dict.fromkeys(rung.role for rung in ordered if rung.role))
    reached = on.reach.roles(roles, owner=ticket.owner, at=at)
    held = _held_until(on, ticket, at)
    for recipient in reached.recipients:
        rung = next((one for one in ordered if one.role == recipient.role), ordered[0])
        notices.enqueue(
            desk.store,
            Notice(
                key=f"{ticket.number}/{rung.key}/{recipient.address}", ticket=ticket.number,
                severity=ticket.severity, address=recipient.address, person=recipient.person,
                role=recipient.role, kind=rung.kind, label=rung.label, due_at=rung.due_at, made_at=at,
                next_at=held or at, together=together, data=_data(ordered, reached),
            ),
        )  # fmt: skip
    told = tuple(one.person or one.address for one in reached.recipients)
    return Owed(tuple(dict.fromkeys(told)), reached.notes, held)


def owed_facts(owed: Owed) -> dict[str, object]:
    """What the journal keeps of it: who is told, who was passed over and why, what holds it back."""
    facts: dict[str, object] = {"told": list(owed.told)}
    if owed.notes:
        facts["passed"] = list(owed.notes)
    if owed.held_until is not None:
        facts["held_until"] = owed.held_until.strftime("%Y-%m-%dT%H:%M:%SZ")
    return facts


def reach(desk: Desk, at: datetime) -> Reach:
    """What roles are looked up in at an instant: policy, roster and the overrides that hold then."""
    entered = windows.overrides(desk.store, at, at + timedelta(seconds=1))
    roster, fault = readable_roster(desk)
    return Reach(policy=desk.policy, roster=roster, overrides=plain_overrides(entered), fault=fault)


def readable_roster(desk: Desk) -> tuple[Roster | None, str]:
    """The roster, or None and what is wrong with its file ("" where there is none)."""
    try:
        return desk.roster, ""
    except PolicyError as error:
        return None, str(error)


def plain_overrides(entered: Sequence[OnCallOverride]) -> tuple[Override, ...]:
    """Overrides as the roster takes them."""
    return tuple(
        Override(
            rotation=one.rotation, person=one.person, start=one.start, end=one.end,
            reason=one.reason or f"entered by {one.entered_by}", entered=one.id,
        )
        for one in entered
    )  # fmt: skip


def silencing(held: Sequence[Maintenance], ticket: Ticket) -> Maintenance | None:
    """The maintenance window among these that holds this ticket's notices back, the longest one."""
    found = [one for one in held if _covers(one, ticket)]
    return max(found, key=lambda one: one.end, default=None)


def _covers(window: Maintenance, ticket: Ticket) -> bool:
    value = {"customer": ticket.customer, "product": ticket.product}.get(window.scope, "")
    return window.scope == "all" or (bool(value) and fold(value) == fold(window.name))


def reconsider(desk: Desk, ticket: int | None = None) -> int:
    """Look again at what was held back: its ticket may have become more urgent, or a silence may have ended.

    How many notices may be told at once now.  Joins the open transaction.
    """
    now, freed = desk.now(), 0
    with desk.store.writing():
        on = ground(desk, now)
        for notice in notices.held(desk.store, now, ticket):
            about = tickets.get(desk.store, notice.ticket)
            if about is None:
                continue
            until = _held_until(on, about, now)
            freed += until is None
            notices.move(desk.store, notice.id, severity=about.severity, next_at=until or now)
    return freed


def _held_until(on: Ground, ticket: Ticket, at: datetime) -> datetime | None:
    """Until when maintenance and then quiet hours keep a notice back."""
    window = silencing(on.held, ticket)
    held = window.end if window else None
    roster = on.reach.roster
    quiet = roster.quiet_until(ticket.severity, held or at) if roster else None
    return quiet or held


def _data(rungs: Sequence[DeadlineLine], reached: Reached) -> dict[str, object]:
    data: dict[str, object] = {"keys": [rung.key for rung in rungs]}
    also = [rung.label or rung.role for rung in rungs[1:]]
    return data | ({"also": also} if also else {}) | ({"notes": list(reached.notes)} if reached.notes else {})
