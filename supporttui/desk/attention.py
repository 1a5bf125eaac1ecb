"""Verbs about who looks when: acknowledge with a promise, snooze, escalate by hand.

They are refused on a stale screen even when only a rung fired meanwhile: what
the key means has changed then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from supporttui.errors import Refused
from supporttui.policy.timeline import Facts
from supporttui.store import deadlines, tickets
from supporttui.store.records import DeadlineLine, Ticket

from . import check
from .act import HARMLESS_FOR_ALARMS, Change, Entry, change, fetch, plain, set_entry
from .owed import owe, owed_facts
from .session import Desk
from .timeline import facts_of

Limits = tuple[datetime | None, datetime | None]  # what is usual, and the latest


def acknowledge(
    desk: Desk, number: int, until: datetime, *, seen: int | None = None, text: str = "", batch: str = ""
) -> Ticket:
    """Say "I have it; the next update comes by `until`" (aware instant, ahead).

    Stops repeats and marks what fired as acknowledged; never stops the next rung.
    When the promise passes without a public reply the ticket is raised again.
    """
    until = check.later("the next update", until, desk.now())

    def decide(ticket: Ticket) -> Change:
        if not _is_open(ticket):
            raise Refused(f"ticket {number} is {ticket.status}: there is nothing to acknowledge")
        _, latest = desk.policy.acknowledgement_limits(facts_of(ticket), desk.now())
        check.not_after("the next update", until, latest)
        before = plain(ticket.acknowledged_until)
        # Said again with the same time it is a new promise, which can be undone by itself.
        data = {"until": plain(until), "set": {"acknowledged_until": [before, plain(until)]}}
        entry = Entry("acknowledged", text, data, inverse={"acknowledged_until": before})
        return Change(fields={"acknowledged_until": until}, entries=(entry,))

    return change(desk, number, decide, seen=seen, harmless=HARMLESS_FOR_ALARMS, batch=batch)


def snooze(
    desk: Desk, number: int, until: datetime | None, *, seen: int | None = None, batch: str = ""
) -> Ticket:
    """Take the ticket out of the working views until an instant; None brings it back.

    No clock stands still for it: its rungs fire as before.
    """
    end = None if until is None else check.later("the snooze", until, desk.now())

    def decide(ticket: Ticket) -> Change:
        _, latest = desk.policy.snooze_limits(facts_of(ticket), desk.now())
        if end is not None:
            check.not_after("the snooze", end, latest)
        return set_entry(ticket, {"snoozed_until": end}, "snoozed")

    return change(desk, number, decide, seen=seen, batch=batch)


def latest_promise(desk: Desk, numbers: Sequence[int]) -> datetime | None:
    """Until when all of these tickets may be acknowledged now; None where the policy sets no limit."""
    return _earliest(desk, numbers, desk.policy.acknowledgement_limits)


def latest_snooze(desk: Desk, numbers: Sequence[int]) -> datetime | None:
    """Until when all of these tickets may be put aside now; None where the policy sets no limit."""
    return _earliest(desk, numbers, desk.policy.snooze_limits)


def _earliest(
    desk: Desk, numbers: Sequence[int], limits: Callable[[Facts, datetime], Limits]
) -> datetime | None:
    now, found = desk.now(), (tickets.get(desk.store, number) for number in numbers)
    latest = (limits(facts_of(ticket), now)[1] for ticket in found if ticket is not None)
    return min((one for one in latest if one is not None), default=None)


def escalate(
    desk: Desk, number: int, role: str = "", *, seen: int | None = None, text: str = "", batch: str = ""
) -> Ticket:
    """Escalate now, by hand: the next rung of the ladder, or the rung of `role`.

    The role counts as told: the clock does not tell it again for this rung.  A
    repetition is the clock's own and no step up, so it is never the next rung.
    Errors: Refused when the ladder has no rung left.
    """
    if role:
        role = check.one_of("role", role, [one.name for one in desk.policy.roles])

    def decide(ticket: Ticket) -> Change:
        rung = _next_rung(desk, ticket, role)
        data: dict[str, object] = {
            "key": rung.key, "kind": rung.kind, "role": rung.role, "level": rung.level,
            "label": rung.label, "due_at": plain(rung.due_at), "notice": [rung.role],
            "policy": desk.policy.hash, "by": "hand",
        }  # fmt: skip
        data |= owed_facts(owe(desk, ticket, [rung], desk.now()))
        return Change(entries=(Entry("escalated", text, data),))

    return change(desk, number, decide, seen=seen, harmless=HARMLESS_FOR_ALARMS, batch=batch)


def next_rung(desk: Desk, number: int) -> DeadlineLine:
    """The rung that `escalate` would tell now.  Errors: Refused when there is none, NotFound."""
    return _next_rung(desk, fetch(desk, number), "")


def _next_rung(desk: Desk, ticket: Ticket, role: str) -> DeadlineLine:
    if not _is_open(ticket):
        raise Refused(f"ticket {ticket.number} is {ticket.status}: it doesn't escalate")
    ladder = [
        one
        for one in deadlines.of_ticket(desk.store, ticket.number)
        if one.kind == "escalation" and role in ("", one.role) and not _is_repetition(one.key)
    ]
    rungs = [one for one in ladder if one.state in ("armed", "paused")]
    if not rungs:
        whom = f"{role} has been told already" if role else "every role of the ladder has been told"
        if role and not ladder:
            whom = f"no rung of its ladder tells {role}"
        raise Refused(f"ticket {ticket.number} has no rung left: {whom}")
    return min(rungs, key=lambda rung: (rung.level, rung.due_at))


def _is_repetition(key: str) -> bool:
    """Whether a rung's key has the place of a repetition: "escalation/CYCLE/LEVEL/ROLE/K"."""
    return key.count("/") > 3


def _is_open(ticket: Ticket) -> bool:
    return ticket.resolved_at is None and ticket.closed_at is None
