"""What becomes of a mail: a new ticket, an answer to one, a line for people to decide on, or nothing but a record.

Invariants: everything is decided and written in one transaction, and the same mail a second time
changes nothing.  A mail is added to a ticket as the customer's words only when a signed reference
proves that we wrote to its sender, who takes part in the ticket and of whom our own server does not say that
the mail is forged; or, without a reference, when our own server vouches for such a sender.  Whatever else names a
ticket changes nothing of it and learns nothing about it: the same answer goes out whether there
is such a ticket or not.  What a program sent is never answered.
"""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import replace
from datetime import timedelta

from supporttui.errors import DataError, NotFound, PolicyError, Refused, UsageError
from supporttui.store import mail
from supporttui.store.blobs import Blobs
from supporttui.store.mail_records import Mail
from supporttui.store.records import Ticket

from . import answering, letters, participants, senders, tokens
from .act import Entry, change, fetch, transaction
from .change import tag
from .incoming import Incoming, Received
from .mail_case import ACTOR, Case, Settings, ask, attach, newest_entry, note, shortened, written
from .mail_senders import known, severity_said, subject_of, ticket_of
from .mail_threads import Thread, plain_subject, thread_of, ticket_at_end
from .relate import link
from .report import NewTicket, report
from .sender_check import FAIL, PASS, authentication
from .session import Desk
from .status_answer import answer, asked_in, owed_to
from .write import with_status

STORM, STORM_WITHIN, STORM_LASTS = 20, timedelta(minutes=10), timedelta(hours=24)
UNVERIFIED = "unverified"  # the tag of a ticket that claims another without proof
UNREADABLE = "A mail that could not be read"


def receive(
    desk: Desk, incoming: Incoming, settings: Settings, blobs: Blobs, *, acknowledges: str = ""
) -> Received:
    """Decide on a mail and write down what became of it, in one transaction.

    settings: those of the intake.  blobs: where its bytes and its files lie already.  acknowledges: the token of a
    notice that a line of it acknowledges (`intake.replies.token_in`); a mail with one that is no good is a
    mail like any other.  It is written down in the
    name of ACTOR.  Errors: StoreError; then nothing was written, and it may be tried again.
    """
    mine = copy(desk)
    mine.actor = ACTOR
    with transaction(mine):
        content = _content(incoming)
        before = _came_before(mine, incoming, content)
        if before is not None:
            line = f"ticket {before.ticket}: came before" if before.ticket else "came before"
            return Received(outcome="duplicate", ticket=before.ticket, mail=before.id, line=line)
        auth = authentication(incoming.results, settings.mail.authserv_id, incoming.sender)
        thread = thread_of(mine, incoming)
        id = mail.insert(mine.store, _row(mine, incoming, auth, thread.token, content))
        if not id:  # another gateway took the same one in at this moment
            return Received(outcome="duplicate", line="came before")
        case = Case(desk=mine, incoming=incoming, id=id, auth=auth, blobs=blobs, settings=settings)
        return (_acknowledges(case, acknowledges) if acknowledges else None) or _decide(case, thread)


def _decide(case: Case, thread: Thread) -> Received:
    incoming = case.incoming
    if senders.blocked_by(case.desk, incoming.sender) is not None:
        return case.done("blocked")
    if incoming.automatic == "ours" or _is_ours(case):
        return case.done("ours")
    if incoming.fault:
        return _too_many(case) or _fallback(case, thread)
    if incoming.automatic == "bounce":
        return _bounce(case, thread)
    if incoming.automatic == "reply":
        return _automatic(case, thread)
    return _status(case) or _message(case, thread)


def _acknowledges(case: Case, token: str) -> Received | None:
    """An answer to a notice acknowledges its ticket; None when the token does nothing."""
    try:
        ticket = tokens.acknowledge(case.desk, token)
    except (UsageError, NotFound, Refused):
        return None
    return case.done("acknowledge", ticket.number, newest_entry(case.desk, ticket.number, "acknowledged"))


def _message(case: Case, thread: Thread) -> Received:
    """A person's mail."""
    ticket, proven = thread.ticket, thread.token == "ok"
    if ticket is not None:
        takes_part = participants.takes_part(case.desk, ticket, case.incoming.sender)
        if takes_part and (case.auth == PASS or (proven and case.auth != FAIL)):
            return _append(case, ticket)
        if proven:
            return _too_many(case) or _hold(case, ticket, takes_part)
    return _too_many(case) or _new(case, thread)


# -- to a ticket that is there --------------------------------------------------------------------


def _append(case: Case, ticket: Ticket) -> Received:
    """The customer's answer: it ends a wait, opens an ended ticket again or makes a new one, as the policy says."""
    if ticket.resolved_at is not None or ticket.closed_at is not None:
        if not _reopens(case, ticket):
            return _follow_up(case, ticket)
        return _say(case, ticket, "open", "opened again")
    policy = case.desk.policy
    waits = any(one.name == ticket.status and one.waiting == "customer" for one in policy.statuses)
    ends = waits and policy.customer_message_ends_wait and policy.may_move(ticket.status, "open")
    return _say(case, ticket, "open" if ends else ticket.status)


def _say(case: Case, ticket: Ticket, status: str, line: str = "") -> Received:
    incoming = case.incoming
    quotes = bool(incoming.written.strip()) and incoming.written.strip() != incoming.text.strip()
    data = {**case.whence(), **({"quotes": True} if quotes else {})}
    entry = Entry("customer", written(case), data, public=True)
    change(case.desk, ticket.number, lambda now: with_status(case.desk, now, status, entry))
    id = newest_entry(case.desk, ticket.number, "customer")
    attach(case, ticket.number, id)
    return case.done("reply", ticket.number, id, line)


def _reopens(case: Case, ticket: Ticket) -> bool:
    rule = case.desk.policy.intake
    ended = ticket.closed_at or ticket.resolved_at or case.desk.now()
    late = rule.reopen_days and case.desk.now() - ended > timedelta(days=rule.reopen_days)
    wanted = rule.reply_to_closed if ticket.closed_at is not None else rule.reply_to_resolved
    return wanted == "reopen" and not late and case.desk.policy.may_move(ticket.status, "open")


def _follow_up(case: Case, old: Ticket) -> Received:
    """A new ticket that goes on with one that has ended, of the same customer."""
    text = written(case)
    new = NewTicket(
        subject=plain_subject(case.incoming.subject) or old.subject, description=text, customer=old.customer,
        contact=old.contact, contact_email=case.incoming.sender, contact_phone=old.contact_phone, site=old.site,
        product=old.product, release=old.release, os=old.os, os_release=old.os_release, channel=old.channel,
        category=old.category, environment=old.environment, severity=old.severity,
    )  # fmt: skip
    ticket = _enter(case, new)
    link(case.desk, ticket.number, old.number)
    return _acknowledged(
        case, ticket, verified=True, line=f"goes on with {old.number}, which is {old.status}"
    )


def _hold(case: Case, ticket: Ticket, takes_part: bool) -> Received:
    """Kept beside the ticket until somebody decides; nothing of the ticket moves, and nobody is answered."""
    why = (
        "our mail server says that it is not from whom it says (dmarc=fail)"
        if case.auth == FAIL
        else f"{case.incoming.sender or 'its sender'} takes no part in this ticket"
    )
    id = note(case, ticket, written(case), held=why)
    attach(case, ticket.number, id, state="quarantined")
    known_as = "the contact or a participant" if takes_part else "a stranger"
    ask(case, "held", f"{why}; it bears the ticket's reference and the name of {known_as}", ticket=ticket.number,
        about=ticket.number)  # fmt: skip
    return case.done("held", ticket.number, id, why)


# -- a ticket of its own --------------------------------------------------------------------------


def _new(case: Case, thread: Thread) -> Received:
    """A new ticket; one that claims another is linked to it and waits for somebody to look at it."""
    desk, incoming = case.desk, case.incoming
    who = known(desk, incoming.sender) if case.auth != FAIL else None
    if who is None and desk.policy.intake.unknown_sender == "wait":
        return _wait(case, "waiting", "from somebody who is not in the book", thread.ticket)
    text = shortened(incoming.text)
    subject = plain_subject(incoming.subject) if thread.token != "none" else incoming.subject
    ticket = _enter(case, ticket_of(desk, incoming, subject, text, who))
    if thread.ticket is not None:
        _claim(case, ticket, thread.ticket)
    elif who is None:
        ask(case, "unknown", _doubt(case), ticket=ticket.number)
    return _acknowledged(case, ticket, verified=case.auth == PASS and not thread.names)


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


def _enter(case: Case, new: NewTicket) -> Ticket:
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


def _acknowledged(case: Case, ticket: Ticket, *, verified: bool, line: str = "") -> Received:
    """Say that it came, once; where it must be told by telephone, say that to the sender and to the desk."""
    desk, incoming = case.desk, case.incoming
    said = severity_said(desk, incoming)
    call = bool({ticket.severity, said} & desk.policy.call_severities)
    if call:
        severity = min({ticket.severity, said} & desk.policy.call_severities)
        why = f"severity {severity} came by mail: the policy wants a telephone call"
        note(case, ticket, f"{why[0].upper()}{why[1:]}. Call {ticket.contact_phone or 'the customer'}.")
        ask(case, "call", why, ticket=ticket.number)
    if desk.policy.intake.acknowledge and case.auth != FAIL:
        letters.acknowledge(desk, ticket.number, heard=incoming, verified=verified, call=call)
    entry = newest_entry(desk, ticket.number, "reported")
    return case.done("new", ticket.number, entry, line)


def _fallback(case: Case, thread: Thread) -> Received:
    """What can't be read is a ticket with the mail as it came."""
    desk, incoming = case.desk, case.incoming
    text = f"{UNREADABLE} ({incoming.fault}). It is attached as it came.\n\n{incoming.text}".rstrip()
    who = known(desk, incoming.sender) if case.auth != FAIL else None
    subject = f"{UNREADABLE}: {plain_subject(incoming.subject)}".rstrip(": ")
    ticket = _enter(case, ticket_of(desk, replace(incoming, text=""), subject, shortened(text), who))
    if thread.ticket is not None:
        link(desk, ticket.number, thread.ticket.number)
    about = thread.ticket.number if thread.ticket is not None else 0
    ask(case, "fallback", incoming.fault, ticket=ticket.number, about=about)
    return case.done("fallback", ticket.number, newest_entry(desk, ticket.number, "reported"), incoming.fault)


def _too_many(case: Case) -> Received | None:
    """Too much from one sender goes to one ticket, and nobody is answered; None while it is not too much."""
    desk, incoming = case.desk, case.incoming
    if mail.count_from(desk.store, incoming.sender, desk.now() - STORM_WITHIN) <= STORM:
        return None
    before = mail.newest_from(desk.store, incoming.sender, "storm", desk.now() - STORM_LASTS)
    ticket = ticket_at_end(desk, before.ticket) if before is not None else None
    if ticket is None or ticket.resolved_at is not None or ticket.closed_at is not None:
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


# -- what programs send ---------------------------------------------------------------------------


def _bounce(case: Case, thread: Thread) -> Received:
    """A mail of ours came back: told on its ticket, and its delivery has failed."""
    desk, incoming = case.desk, case.incoming
    ours = _ours_named(case)
    why = " ".join(incoming.text.split())[:300] or "it came back without a reason"
    if ours is not None:
        mail.remember(desk.store, ours.id, came_back=case.id)
        letters.came_back(desk, ours.message_id, why)
    ticket = ticket_at_end(desk, ours.ticket) if ours is not None else _proven(thread)
    if ticket is None:
        return _too_many(case) or _wait(case, "bounce", "a mail came back that belongs to no ticket")
    to = ", ".join(ours.recipients) if ours is not None else ""
    head = f"A mail to {to} came back." if to else "A mail came back."
    id = note(case, ticket, f"{head}\n\n{written(case)}", automatic="bounce")
    attach(case, ticket.number, id)
    return case.done("bounce", ticket.number, id)


def _automatic(case: Case, thread: Thread) -> Received:
    """Out of office and its like: told on the ticket, and nothing of it moves."""
    ours = _ours_named(case)
    ticket = _proven(thread) or (ticket_at_end(case.desk, ours.ticket) if ours is not None else None)
    if ticket is None:
        return _too_many(case) or _wait(case, "automatic", "an automatic reply that belongs to no ticket")
    id = note(case, ticket, written(case), automatic="reply")
    attach(case, ticket.number, id)
    return case.done("automatic", ticket.number, id)


def _proven(thread: Thread) -> Ticket | None:
    return thread.ticket if thread.token == "ok" else None


def _ours_named(case: Case) -> Mail | None:
    """The mail of ours that another one is about, or answers."""
    incoming = case.incoming
    wanted = [
        one for one in (incoming.about, incoming.in_reply_to, *reversed(incoming.references[-50:])) if one
    ]
    found = {
        one.message_id: one for one in mail.of_message_ids(case.desk.store, wanted) if one.direction == "out"
    }
    return next((found[one] for one in wanted if one in found), None)


def _wait(case: Case, outcome: str, why: str, claimed: Ticket | None = None) -> Received:
    """No ticket before somebody takes it in (`take_in`); its words are kept with its record."""
    mail.remember(case.desk.store, case.id, text=shortened(case.incoming.text))
    attach(case, 0, 0, state="quarantined")
    ask(case, "unknown", why, about=claimed.number if claimed is not None else 0)
    return case.done(outcome, line=why)


# -- the status of a number -----------------------------------------------------------------------


def _status(case: Case) -> Received | None:
    """A mail whose subject asks for the status of a number; None for any other, and for one that says more.

    Whoever is not on file gets no answer, whether there is such a number or not.
    """
    desk, incoming = case.desk, case.incoming
    words = asked_in(incoming.subject)
    if not words:
        return None
    number = owed_to(desk, words, incoming.sender) if case.auth != FAIL else 0
    says = bool(incoming.written.strip() or incoming.parts)
    if not number:
        return None if says else case.done("status")
    told = answer(desk, number, desk.policy.zone).lines()
    sent = letters.status(desk, number, told, to=incoming.sender, heard=incoming)
    entry = 0
    if says or desk.letterhead is None:
        text = "Asked for the status by mail." + ("" if sent else f" Not answered: {sent.why}.")
        entry = note(case, fetch(desk, number), f"{text}\n\n{written(case)}" if says else text)
        attach(case, number, entry)
    return case.done("status", number, entry, sent.why)


# -- what is on record ----------------------------------------------------------------------------


def _is_ours(case: Case) -> bool:
    """Whether we sent it: it bears one of our addresses, or the Message-ID of a mail of ours."""
    desk, incoming = case.desk, case.incoming
    plain = answering.without_tag(incoming.sender)
    if incoming.sender and plain in {answering.without_tag(one) for one in case.settings.mail.addresses}:
        return True
    if (
        desk.letterhead is not None
        and incoming.sender
        and answering.is_ours(desk.letterhead, incoming.sender)
    ):
        return True
    return any(one.direction == "out" for one in mail.of_message_ids(desk.store, [incoming.message_id]))


def _came_before(desk: Desk, incoming: Incoming, content: str) -> Mail | None:
    """The same mail as it came in before: byte for byte, or by another way with other headers of transport."""
    same = mail.came_before(desk.store, incoming.message_id, incoming.raw_hash)
    if same is not None or not incoming.message_id:
        return same
    alike = mail.of_message_ids(desk.store, [incoming.message_id])
    return next((one for one in alike if one.direction == "in" and one.data.get("content") == content), None)


def _content(incoming: Incoming) -> str:
    """A hash over what a person sees of a mail."""
    parts = (incoming.sender, incoming.subject, incoming.text, *(one.hash for one in incoming.parts))
    joined = "\0".join(parts) if not incoming.fault else incoming.raw_hash
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()


def _row(desk: Desk, incoming: Incoming, auth: str, token: str, content: str) -> Mail:
    more = {
        "automatic": incoming.automatic, "envelope": incoming.envelope, "notes": list(incoming.notes[:50]),
        "reply_to": incoming.reply_to,
    }  # fmt: skip
    return Mail(
        direction="in", message_id=incoming.message_id, in_reply_to=incoming.in_reply_to, sender=incoming.sender,
        sender_name=incoming.sender_name, recipients=(*incoming.to, *incoming.cc)[:100],
        subject=incoming.subject[:2000], raw_hash=incoming.raw_hash, size=incoming.size, at=desk.now(), auth=auth,
        token=token, data={"content": content, **{name: value for name, value in more.items() if value}},
    )  # fmt: skip
