"""Verbs that end a ticket and that take it up again."""

from __future__ import annotations

from supporttui.errors import Refused
from supporttui.store.records import Ticket

from . import check
from .act import Change, Entry, change
from .change import move
from .session import Desk
from .write import sent_by_mail, with_status


def resolve(desk: Desk, number: int, text: str = "", *, seen: int | None = None, batch: str = "") -> Ticket:
    """The problem is solved.  text: a public reply that says how ("" for none)."""

    def decide(ticket: Ticket) -> Change:
        if ticket.status in ("resolved", "closed"):
            raise Refused(f"ticket {number} is {ticket.status} already")
        if not text.strip():
            return move(desk, ticket, "resolved")
        words = check.body("a reply", text)
        entry = Entry("reply", words, sent_by_mail(desk, ticket, words), public=True)
        return with_status(desk, ticket, "resolved", entry)

    return change(desk, number, decide, seen=seen, batch=batch)


def close(desk: Desk, number: int, text: str = "", *, seen: int | None = None, batch: str = "") -> Ticket:
    """The ticket ends.  text: an internal remark ("" for none)."""

    def decide(ticket: Ticket) -> Change:
        if ticket.status == "closed":
            raise Refused(f"ticket {number} is closed already")
        return move(desk, ticket, "closed", text=text)

    return change(desk, number, decide, seen=seen, batch=batch)


def reopen(desk: Desk, number: int, text: str = "", *, seen: int | None = None, batch: str = "") -> Ticket:
    """A resolved or closed ticket is open again; the policy's reopening rule decides what its clocks do."""

    def decide(ticket: Ticket) -> Change:
        if ticket.status not in ("resolved", "closed"):
            raise Refused(
                f"ticket {number} is {ticket.status}: only a resolved or closed one can be reopened"
            )
        return move(desk, ticket, "open", text=text, kind="reopened")

    return change(desk, number, decide, seen=seen, batch=batch)
