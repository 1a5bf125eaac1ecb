"""A report from the web becomes a ticket: with its files, its place in the inbox and its letter, or not at all.

Invariant: one transaction, and the same form with the same content is one ticket however often it is sent.
Nobody proved who they are: a report in a customer's name from an address that the book doesn't
have is put before somebody, nothing that the desk knows is shown in return, and no letter carries what was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from supporttui.desk import attachments, kept, letters, senders
from supporttui.desk.act import fetch, transaction
from supporttui.desk.answering import UNVERIFIED
from supporttui.desk.inbox import WEB
from supporttui.desk.reference import reference_of
from supporttui.desk.report import report
from supporttui.errors import Refused
from supporttui.quickclass import dataclass
from supporttui.store import book, journal, mail
from supporttui.store.blobs import Blob, Blobs
from supporttui.store.book_criteria import alike, equal
from supporttui.store.mail_records import Mail

from . import fields

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.store.records import Ticket

    from .multipart import File

ACTOR = "web"
SOURCE = "web"
MOST = 1 << 40  # bytes: what arrived was measured then


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The ticket that a report became.  mailed: whether a letter that says so is on its way.  call: whether its
    severity needs a telephone call.  again: the same report was there before.
    """

    number: int
    reference: str
    severity: int
    mailed: bool = False
    call: bool = False
    again: bool = False


def enter(
    desk: Desk,
    form_id: str,
    values: Mapping[str, str],
    files: Sequence[tuple[File, Blob]],
    *,
    blobs: Blobs,
) -> Entered:
    """Make a ticket of a report.  values: cleaned and without faults.  files: with what they are among the store's (`keep`).

    Errors: Refused for a sender who is blocked, UsageError, StoreError.
    """
    check_welcome(desk, values)
    is_known = _known(desk, values)
    new = fields.ticket(desk.policy, values, tags=() if is_known else (UNVERIFIED,))
    raw = blobs.put_bytes(_as_sent(values, [file for file, _ in files]))
    with transaction(desk):
        message = mail.insert(desk.store, _message(desk, form_id, values, raw))
        if not message:
            return _before(desk, form_id, raw)
        ticket = report(desk, new)
        first = journal.of_ticket(desk.store, ticket.number, limit=1)[0]
        mail.place(desk.store, message, ticket=ticket.number, entry=first.id)
        for file, blob in files:
            attachments.add(
                desk,
                ticket.number,
                blob,
                file.name,
                blobs=blobs,
                type=file.type,
                source=SOURCE,
                message=message,
            )
        _put_before_somebody(desk, ticket, message, is_known)
        mailed = desk.policy.intake.acknowledge and _acknowledged(desk, ticket)
        return _entered(desk, fetch(desk, ticket.number), mailed=mailed)


def check_welcome(desk: Desk, values: Mapping[str, str]) -> None:
    """Errors: Refused for a sender who is blocked."""
    if senders.blocked_by(desk, values.get(fields.EMAIL, "")):
        raise Refused("reports from this address are not taken here: call us")


def keep(files: Sequence[File], stage: Blobs, blobs: Blobs) -> list[tuple[File, Blob]]:
    """Copy files from the stage to the store's, before any lock is held.  Errors: NotFound, StoreError."""
    return [(one, _keep(one, stage, blobs)) for one in files]


def _acknowledged(desk: Desk, ticket: Ticket) -> bool:
    """Whether a letter that says so is on its way."""
    return bool(letters.acknowledge(desk, ticket.number, call=ticket.severity in desk.policy.call_severities))


def _entered(desk: Desk, ticket: Ticket, *, mailed: bool = False, again: bool = False) -> Entered:
    return Entered(
        number=ticket.number, reference=reference_of(desk, ticket.number), severity=ticket.severity,
        mailed=mailed, call=ticket.severity in desk.policy.call_severities, again=again,
    )  # fmt: skip


def _before(desk: Desk, form_id: str, raw: Blob) -> Entered:
    """What the same report became when it came first."""
    known = mail.came_before(desk.store, _id(form_id), raw.hash)
    return _entered(desk, fetch(desk, known.ticket if known else 0), again=True)


def _keep(file: File, stage: Blobs, blobs: Blobs) -> Blob:
    with stage.open(file.hash) as source:
        return blobs.put(iter(lambda: source.read(1 << 18), b""), most=MOST)


def _as_sent(values: Mapping[str, str], files: Sequence[File]) -> bytes:
    """The report in one piece: kept as it came, and known again by its hash."""
    listed = [{"name": one.name, "hash": one.hash, "size": one.size} for one in files]
    whole = {"report": {name: value for name, value in values.items() if value}, "files": listed}
    return json.dumps(whole, ensure_ascii=True, sort_keys=True, indent=1).encode()


def _id(form_id: str) -> str:
    return f"{WEB}{form_id}"


def _message(desk: Desk, form_id: str, values: Mapping[str, str], raw: Blob) -> Mail:
    return Mail(
        direction="in", kind="new", message_id=_id(form_id), sender=values.get(fields.EMAIL, "").casefold(),
        sender_name=values.get("contact", ""), subject=values.get(fields.SUBJECT, ""), raw_hash=raw.hash, size=raw.size,
        at=desk.now(), auth="none", token="none", data={"way": SOURCE},
    )  # fmt: skip


# -- for people to decide -------------------------------------------------------------------------


def _put_before_somebody(desk: Desk, ticket: Ticket, message: int, is_known: bool) -> None:
    if ticket.severity in desk.policy.call_severities:
        who = ticket.contact_phone or "no telephone number was given"
        _item(
            desk,
            "call",
            ticket,
            message,
            f"Severity {ticket.severity} by the web form: call the customer ({who})",
        )
    if not is_known:
        _item(desk, "unknown", ticket, message, _stranger(ticket))


def _stranger(ticket: Ticket) -> str:
    who = ticket.contact_email or ticket.contact or "somebody without an address"
    return f"Web form: {who} is no contact of {ticket.customer or 'any customer'} in the book"


def _item(desk: Desk, kind: str, ticket: Ticket, message: int, text: str) -> None:
    kept.insert(
        desk, "intake-item",
        {
            "kind": kind, "at": desk.now(), "ticket": ticket.number, "message": message,
            "sender": ticket.contact_email, "subject": ticket.subject, "text": text,
        },
    )  # fmt: skip


def _known(desk: Desk, values: Mapping[str, str]) -> bool:
    """Whether the book has the sender as a contact of the customer in whose name the report is."""
    address, company = values.get(fields.EMAIL, ""), values.get("customer", "")
    if not address:
        return False
    people = book.select(desk.store, "contact", alike(email=address))
    companies = book.select(desk.store, "customer", equal(name=company)) if company else []
    return any(one.customer in [each.id for each in companies] for one in people)
