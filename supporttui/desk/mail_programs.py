"""What programs send: mails of ours that came back, and automatic replies.

They are told on their ticket, never answered, and move nothing of it.  Only what names a mail of ours, or bears a
signed reference, is a ticket's.
"""

from __future__ import annotations

from supporttui.store import mail
from supporttui.store.mail_records import Mail
from supporttui.store.records import Ticket

from . import letters
from .incoming import Received
from .mail_case import Case, attach, note, written
from .mail_reports import too_many, wait
from .mail_threads import Thread, ticket_at_end

MOST_IDS = 50


def bounce(case: Case, thread: Thread) -> Received:
    """A mail of ours came back: told on its ticket, and its delivery has failed."""
    desk, incoming = case.desk, case.incoming
    ours = _ours_named(case)
    why = " ".join(incoming.text.split())[:300] or "it came back without a reason"
    if ours is not None:
        again = too_many(case) if "came_back" in ours.data else None  # a letter comes back once
        if again is not None:
            return again
        mail.remember(desk.store, ours.id, came_back=case.id)
        letters.came_back(desk, ours.message_id, why)
    ticket = ticket_at_end(desk, ours.ticket) if ours is not None else _proven(thread)
    if ticket is None or ours is None:
        storm = too_many(case)
        if storm is not None:
            return storm
    if ticket is None:
        return wait(case, "bounce", "a mail came back that belongs to no ticket")
    to = ", ".join(ours.recipients) if ours is not None else ""
    head = f"A mail to {to} came back." if to else "A mail came back."
    id = note(case, ticket, f"{head}\n\n{written(case)}", automatic="bounce")
    attach(case, ticket.number, id)
    return case.done("bounce", ticket.number, id)


def automatic(case: Case, thread: Thread) -> Received:
    """Out of office and its like: told on the ticket, and nothing of it moves."""
    ours = _ours_named(case)
    ticket = _proven(thread) or (ticket_at_end(case.desk, ours.ticket) if ours is not None else None)
    storm = too_many(case)
    if storm is not None:
        return storm
    if ticket is None:
        return wait(case, "automatic", "an automatic reply that belongs to no ticket")
    id = note(case, ticket, written(case), automatic="reply")
    attach(case, ticket.number, id)
    return case.done("automatic", ticket.number, id)


def _proven(thread: Thread) -> Ticket | None:
    return thread.ticket if thread.token == "ok" else None


def _ours_named(case: Case) -> Mail | None:
    """The mail of ours that another one is about, or answers."""
    incoming = case.incoming
    wanted = [
        one
        for one in (incoming.about, incoming.in_reply_to, *reversed(incoming.references[-MOST_IDS:]))
        if one
    ]
    found = {
        one.message_id: one for one in mail.of_message_ids(case.desk.store, wanted) if one.direction == "out"
    }
    return next((found[mail.indexed(one)] for one in wanted if mail.indexed(one) in found), None)
