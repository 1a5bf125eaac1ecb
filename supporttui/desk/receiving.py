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

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import mail
from supporttui.store.blobs import Blobs
from supporttui.store.mail_records import Mail

from . import answering, letters, participants, senders, tokens
from .act import fetch, transaction
from .incoming import Incoming, Received
from .mail_answers import append, hold
from .mail_case import ACTOR, Case, Settings, attach, newest_entry, note, written
from .mail_programs import automatic, bounce
from .mail_reports import fallback, new_ticket, too_many
from .mail_threads import Thread, thread_of
from .sender_check import FAIL, NONE, PASS, authentication
from .session import Desk
from .status_answer import answer, asked_in, owed_to


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
            line = f"ticket {before.ticket}" if before.ticket else ""
            return Received(outcome="duplicate", ticket=before.ticket, mail=before.id, line=line)
        auth = authentication(incoming.results, settings.mail.authserv_id, incoming.sender)
        if incoming.doubtful and auth == PASS:  # what vouches for one of several senders vouches for none
            auth = NONE
        thread = thread_of(mine, incoming)
        id = mail.insert(mine.store, _row(mine, incoming, auth, thread.token, content))
        if not id:  # another gateway took the same one in at this moment
            return Received(outcome="duplicate")
        case = Case(desk=mine, incoming=incoming, id=id, auth=auth, blobs=blobs, settings=settings)
        return (_acknowledges(case, acknowledges) if acknowledges else None) or _decide(case, thread)


def _decide(case: Case, thread: Thread) -> Received:
    incoming = case.incoming
    if senders.blocked_by(case.desk, incoming.sender) is not None:
        return case.done("blocked")
    if incoming.automatic == "ours" or _is_ours(case):
        return case.done("ours")
    if incoming.fault:
        return too_many(case) or fallback(case, thread)
    if incoming.automatic == "bounce":
        return bounce(case, thread)
    if incoming.automatic == "reply":
        return automatic(case, thread)
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
        trusted = takes_part and not case.incoming.doubtful
        if trusted and (case.auth == PASS or (proven and case.auth != FAIL)):
            return append(case, ticket)
        if proven:
            return too_many(case) or hold(case, ticket, takes_part)
    return too_many(case) or new_ticket(case, thread)


# -- the status of a number -----------------------------------------------------------------------


def _status(case: Case) -> Received | None:
    """A mail whose subject asks for the status of a number; None for any other, and for one that says more.

    Whoever is not on file gets no answer, whether there is such a number or not.
    """
    desk, incoming = case.desk, case.incoming
    words = asked_in(incoming.subject)
    if not words:
        return None
    trusted = case.auth != FAIL and not incoming.doubtful
    number = owed_to(desk, words, incoming.sender) if trusted else 0
    says = bool(incoming.written.strip() or incoming.parts)
    if not number:
        return None if says else case.done("status")
    storm = too_many(case) if says else None
    if storm is not None:
        return storm
    told = answer(desk, number).lines()
    sent = letters.status(desk, number, told, to=incoming.sender, heard=incoming)
    entry = 0
    if says or answering.usable(desk) is None:
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
    letterhead = answering.usable(desk)
    if letterhead is not None and incoming.sender and answering.is_ours(letterhead, incoming.sender):
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
