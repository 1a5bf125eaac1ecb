"""A mail that waited without a ticket becomes one, because somebody says so."""

from __future__ import annotations

from supporttui.errors import Refused
from supporttui.store import book, mail
from supporttui.store.book_criteria import equal
from supporttui.store.mail_records import Mail
from supporttui.store.records import Ticket

from . import attachments
from .act import fetch, transaction
from .incoming import Incoming
from .mail_case import newest_entry
from .mail_senders import known, ticket_of
from .mail_threads import plain_subject
from .report import report
from .sender_check import FAIL
from .session import Desk


def take_in(desk: Desk, message: int, *, batch: str = "") -> Ticket:
    """The ticket of a mail: a new one, reported when the mail came; the one that it has, if it was taken in before.

    An undo of the batch has its files wait again; the ticket stays, as any report does.
    Errors: Refused for no such mail, Conflict.
    """
    with transaction(desk):
        found = mail.get(desk.store, message)
        if found is None or found.direction != "in":
            raise Refused("its mail is not on record: report it by hand")
        if found.ticket:
            return fetch(desk, found.ticket)
        ticket = _reported(desk, found)
        mail.place(
            desk.store, found.id, ticket=ticket.number, entry=newest_entry(desk, ticket.number, "reported")
        )
        for file in book.select(desk.store, attachments.KIND, equal(message=found.id, ticket=0)):
            attachments.move(desk, file, ticket.number, batch=batch)
        return fetch(desk, ticket.number)


def _reported(desk: Desk, found: Mail) -> Ticket:
    text = str(found.data.get("text", ""))
    incoming = Incoming(
        raw_hash=found.raw_hash, size=found.size, sender=found.sender, sender_name=found.sender_name,
        subject=found.subject, text=text, arrived_at=found.at,
    )  # fmt: skip
    who = known(desk, found.sender) if found.auth != FAIL else None
    return report(desk, ticket_of(desk, incoming, plain_subject(found.subject), text, who))
