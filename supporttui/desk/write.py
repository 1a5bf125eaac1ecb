"""Verbs that write text: a public reply, an internal note, what the customer said."""

from __future__ import annotations

from dataclasses import replace as with_
from typing import Any

from supporttui.store.records import Ticket

from . import check
from .act import HARMLESS, Change, Entry, change
from .change import move
from .session import Desk


def reply(
    desk: Desk,
    number: int,
    text: str,
    *,
    seen: int | None = None,
    status: str | None = None,
    workaround: bool = False,
    batch: str = "",
) -> Ticket:
    """Answer the customer.  Public: once written it has left the house and can't be undone.

    status: the status afterwards; None leaves it, except that a new ticket that is
    answered is open.  workaround: the reply gives one (ends that deadline).
    Where mail out is set up it goes to the contact and to who takes part, in the same transaction.
    """
    words = check.body("a reply", text)
    wanted = check.one_of("status", status or "", [one.name for one in desk.policy.statuses])

    def decide(ticket: Ticket) -> Change:
        data = ({"workaround": True} if workaround else {}) | sent_by_mail(desk, ticket, words)
        return with_status(
            desk, ticket, wanted or _answered(desk, ticket), Entry("reply", words, data, public=True)
        )

    return change(desk, number, decide, seen=seen, batch=batch)


def sent_by_mail(desk: Desk, ticket: Ticket, words: str) -> dict[str, Any]:
    """Queue a public text as a letter; what the journal keeps of it: to whom, or why to nobody."""
    if desk.letterhead is None:
        return {}
    from .letters import answer

    sent = answer(desk, ticket, words)
    return {"to": list(sent.to)} if sent else {"not_sent": sent.why}


def _answered(desk: Desk, ticket: Ticket) -> str:
    opens = ticket.status == "new" and desk.policy.may_move("new", "open")
    return "open" if opens else ticket.status


def with_status(desk: Desk, ticket: Ticket, status: str, entry: Entry) -> Change:
    """A written entry followed by the move of the status that it brings, if any."""
    moved = move(desk, ticket, status)
    return with_(moved, entries=(entry, *moved.entries))


def note(desk: Desk, number: int, text: str, *, seen: int | None = None, batch: str = "") -> Ticket:
    """Write an internal note, which the customer never sees.  An undo retracts it."""
    words = check.body("a note", text)
    entry = Entry("note", words, inverse={"retract": True})
    return change(
        desk, number, lambda _ticket: Change(entries=(entry,)), seen=seen, batch=batch,
        harmless=HARMLESS | {"reply", "customer"},
    )  # fmt: skip


def customer_message(desk: Desk, number: int, text: str, *, seen: int | None = None) -> Ticket:
    """Record what the customer said; ends "waiting for customer" when the policy says so."""
    words = check.body("a message", text)

    def decide(ticket: Ticket) -> Change:
        status = desk.policy.after_customer(ticket.status)
        return with_status(desk, ticket, status, Entry("customer", words, public=True))

    return change(desk, number, decide, seen=seen)
