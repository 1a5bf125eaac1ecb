"""A mail that makes a ticket: a report, one that claims another ticket, what can't be read, a storm.

What speaks against a mail is told to the desk and never to its sender.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from supporttui.errors import DataError, PolicyError, Refused, UsageError
from supporttui.store import mail
from supporttui.store.records import Ticket

from . import letters
from .answering import UNVERIFIED
from .change import tag
from .incoming import Received
from .mail_case import Case, ask, attach, newest_entry, note, shortened, written
from .mail_senders import known, severity_said, subject_of, ticket_of
from .mail_threads import Thread, plain_subject, ticket_at_end
from .relate import link
from .report import NewTicket, report
from .sender_check import FAIL, PASS

STORM, STORM_WITHIN, STORM_LASTS = 20, timedelta(minutes=10), timedelta(hours=24)
UNREADABLE = "A mail that could not be read"


def new_ticket(case: Case, thread: Thread) -> Received:
    """A new ticket; one that claims another is linked to it and waits for somebody to look at it."""
    desk, incoming = case.desk, case.incoming
    who = known(desk, incoming.sender) if case.auth != FAIL else None
    if who is None and desk.policy.intake.unknown_sender == "wait":
        return wait(case, "waiting", "from somebody who is not in the book", thread.ticket)
    text = shortened(incoming.text)
    subject = plain_subject(incoming.subject) if thread.token != "none" else incoming.subject
    ticket = enter(case, ticket_of(desk, incoming, subject, text, who))
    if thread.ticket is not None:
        _claim(case, ticket, thread.ticket)
    elif who is None:
        ask(case, "unknown", _doubt(case), ticket=ticket.number)
    return acknowledged(case, ticket, verified=case.auth == PASS and not thread.names)


def _claim(case: Case, ticket: Ticket, claimed: Ticket) -> None:
    link(case.desk, ticket.number, claimed.number)
    tag(case.desk, ticket.number, [UNVERIFIED])
    text = f"names ticket {claimed.number} without proof; {_doubt(case)}"
    ask(case, "unverified", text, ticket=ticket.number, about=claimed.number)


def _doubt(case: Case) -> str:
    """What speaks against a sender, in a few words."""
    if case.auth == FAIL:
        return "our mail server says that it is not from whom it says (dmarc=fail)"
    if not case.incoming.sender:
        return "it names no sender"
    if known(case.desk, case.incoming.sender) is None:
        return "the book has no contact, or several, with this address"
    return "our mail server vouches for the sender" if case.auth == PASS else "nothing vouches for the sender"


def enter(case: Case, new: NewTicket) -> Ticket:
    """Report it with its files; where the policy refuses a field, without what it refuses."""
    try:
        ticket = report(case.desk, new)
    except (UsageError, Refused, PolicyError, DataError):
        plain = NewTicket(
            subject=new.subject, description=new.description, contact_email=new.contact_email[:254],
            reported_at=new.reported_at,
        )  # fmt: skip
        ticket = report(case.desk, plain)
    entry = newest_entry(case.desk, ticket.number, "reported")
    attach(case, ticket.number, entry, whole=bool(case.incoming.fault))
    case.done("new", ticket.number, entry)
    return ticket


def acknowledged(case: Case, ticket: Ticket, *, verified: bool, line: str = "") -> Received:
    """Say that it came, once; where it must be told by telephone, say that to the sender and to the desk."""
    desk, incoming = case.desk, case.incoming
    said = severity_said(desk, incoming)
    call = min({ticket.severity, said} & desk.policy.call_severities, default=0)
    if call:
        why = f"severity {call} came by mail: the policy wants a telephone call"
        note(
            case,
            ticket,
            f"{why[0].upper()}{why[1:]}. Call {ticket.contact_phone or 'the customer'}.",
            call=True,
        )
        ask(case, "call", why, ticket=ticket.number)
    if desk.policy.intake.acknowledge and case.auth != FAIL:
        letters.acknowledge(
            desk, ticket.number, to=incoming.sender, heard=incoming, verified=verified, call=call
        )
    entry = newest_entry(desk, ticket.number, "reported")
    return case.done("new", ticket.number, entry, line)


def fallback(case: Case, thread: Thread) -> Received:
    """What can't be read is a ticket with the mail as it came."""
    desk, incoming = case.desk, case.incoming
    text = f"{UNREADABLE} ({incoming.fault}). It is attached as it came.\n\n{incoming.text}".rstrip()
    who = known(desk, incoming.sender) if case.auth != FAIL else None
    subject = f"{UNREADABLE}: {plain_subject(incoming.subject)}".rstrip(": ")
    ticket = enter(case, ticket_of(desk, replace(incoming, text=""), subject, shortened(text), who))
    if thread.ticket is not None:
        link(desk, ticket.number, thread.ticket.number)
    about = thread.ticket.number if thread.ticket is not None else 0
    ask(case, "fallback", incoming.fault, ticket=ticket.number, about=about)
    return case.done("fallback", ticket.number, newest_entry(desk, ticket.number, "reported"), incoming.fault)


def too_many(case: Case) -> Received | None:
    """Too much from one sender goes to one ticket, and nobody is answered; None while it is not too much."""
    desk, incoming = case.desk, case.incoming
    if mail.count_from(desk.store, incoming.sender, desk.now() - STORM_WITHIN) <= STORM:
        return None
    before = mail.newest_from(desk.store, incoming.sender, "storm", desk.now() - STORM_LASTS)
    ticket = ticket_at_end(desk, before.ticket) if before is not None else None
    if ticket is None or ticket.status in desk.policy.ended:
        ticket = _storm(case)
    text = f"{subject_of(incoming.subject, '')}\n\n{written(case)}"
    id = note(case, ticket, text, storm=True)
    attach(case, ticket.number, id, whole=bool(incoming.fault))
    return case.done("storm", ticket.number, id)


def _storm(case: Case) -> Ticket:
    """The ticket of a sender's storm."""
    desk, sender = case.desk, case.incoming.sender
    minutes = int(STORM_WITHIN.total_seconds() // 60)
    text = f"More than {STORM} mails came from {sender or 'no named sender'} in {minutes} minutes."
    who = known(desk, sender) if case.auth != FAIL else None
    new = NewTicket(
        subject=f"Storm of mail from {sender or 'nobody'}"[:200], contact_email=sender[:254],
        description=f"{text} Those that follow are entered here, and none is answered.",
        customer=who.customer.name if who is not None else "",
    )  # fmt: skip
    ticket = report(desk, new)
    ask(case, "storm", text, ticket=ticket.number)
    return ticket


def wait(case: Case, outcome: str, why: str, claimed: Ticket | None = None) -> Received:
    """No ticket before somebody takes it in (`take_in`); its words are kept with its record."""
    mail.remember(case.desk.store, case.id, text=shortened(case.incoming.text))
    attach(case, 0, 0, state="quarantined")
    ask(case, "unknown", why, about=claimed.number if claimed is not None else 0)
    return case.done(outcome, line=why)
