"""A mail that belongs to a ticket: added as the customer's words, or held beside it until somebody decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from supporttui.store.records import Ticket

from . import kept, participants
from .act import Entry, change
from .incoming import Received
from .mail_case import Case, ask, attach, newest_entry, note, written
from .mail_reports import acknowledged, enter
from .mail_senders import severity_said
from .mail_threads import plain_subject
from .relate import link
from .report import NewTicket
from .sender_check import FAIL
from .write import with_status


def append(case: Case, ticket: Ticket) -> Received:
    """The customer's answer: it ends a wait, opens an ended ticket again or makes a new one, as the policy says."""
    if ticket.status in case.desk.policy.ended:
        if not _reopens(case, ticket):
            return _follow_up(case, ticket)
        return _say(case, ticket, "open", "opened again")
    return _say(case, ticket, case.desk.policy.after_customer(ticket.status))


def _say(case: Case, ticket: Ticket, status: str, line: str = "") -> Received:
    incoming = case.incoming
    quotes = bool(incoming.written.strip()) and incoming.written.strip() != incoming.text.strip()
    data = {**case.whence(), **({"quotes": True} if quotes else {})}
    entry = Entry("customer", written(case), data, public=True)
    change(case.desk, ticket.number, lambda now: with_status(case.desk, now, status, entry))
    id = newest_entry(case.desk, ticket.number, "customer")
    attach(case, ticket.number, id)
    _urgent(case, ticket)
    return case.done("reply", ticket.number, id, line)


def _urgent(case: Case, ticket: Ticket) -> None:
    """An answer that asks for a severity which needs a call changes nothing by itself, and is not overlooked."""
    said = severity_said(case.desk, replace(case.incoming, text=case.incoming.written))
    if said in case.desk.policy.call_severities and said < ticket.severity:
        ask(case, "call", f"asks for severity {said} by mail: the policy wants a telephone call",
            ticket=ticket.number)  # fmt: skip


def _reopens(case: Case, ticket: Ticket) -> bool:
    rule = case.desk.policy.intake
    ended = ticket.closed_at or ticket.resolved_at or ticket.updated_at
    late = rule.reopen_days and case.desk.now() - ended > timedelta(days=rule.reopen_days)
    wanted = rule.reply_to_resolved if ticket.status == "resolved" else rule.reply_to_closed
    return wanted == "reopen" and not late and case.desk.policy.may_move(ticket.status, "open")


def _follow_up(case: Case, old: Ticket) -> Received:
    """A new ticket that goes on with one that has ended, of the same customer and the same people."""
    text = written(case)
    new = NewTicket(
        subject=plain_subject(case.incoming.subject) or old.subject, description=text, customer=old.customer,
        contact=old.contact, contact_email=old.contact_email, contact_phone=old.contact_phone, site=old.site,
        product=old.product, release=old.release, os=old.os, os_release=old.os_release, channel=old.channel,
        category=old.category, environment=old.environment, severity=old.severity,
    )  # fmt: skip
    ticket = enter(case, new)
    link(case.desk, ticket.number, old.number)
    for one in participants.of(case.desk, old.number):
        kept.insert(
            case.desk, participants.KIND, {"ticket": ticket.number, "email": one.email, "name": one.name}
        )
    return acknowledged(case, ticket, verified=True, line=f"goes on with {old.number}, which is {old.status}")


def hold(case: Case, ticket: Ticket, takes_part: bool) -> Received:
    """Kept beside the ticket until somebody decides; nothing of the ticket moves, and nobody is answered."""
    why = f"{case.incoming.sender or 'its sender'} takes no part in this ticket"
    if case.auth == FAIL:
        why = "our mail server says that it is not from whom it says (dmarc=fail)"
    elif case.incoming.doubtful:
        why = "its From does not name exactly one sender"
    id = note(case, ticket, written(case), held=why)
    attach(case, ticket.number, id, state="quarantined")
    claim = "; it is in the name of the contact or a participant" if takes_part else ""
    ask(case, "held", f"{why}, though it bears the ticket's reference{claim}", ticket=ticket.number,
        about=ticket.number)  # fmt: skip
    return case.done("held", ticket.number, id, why)
