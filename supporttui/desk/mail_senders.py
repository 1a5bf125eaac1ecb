"""Who wrote a mail, as far as the book knows: filled into the ticket that the mail becomes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store.book_criteria import alike
from supporttui.store.book_records import ContactRecord, CustomerRecord

from . import caller, check
from .incoming import Incoming
from .mail_fields import fields_in, severity_word, understood
from .report import NewTicket
from .session import Desk

CHANNEL = "email"  # the channel of a mail, where the policy has one of this name
MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Known:
    """The one contact of the book who has an address, and their customer."""

    contact: ContactRecord
    customer: CustomerRecord


def known(desk: Desk, address: str) -> Known | None:
    """The contact of an address; None when the book has none or several, because nothing is guessed."""
    if not address:
        return None
    found = book.select(desk.store, "contact", alike(email=address), limit=2)
    if len(found) != 1:
        return None
    owner = book.get(desk.store, "customer", found[0].customer)
    return None if owner.removed else Known(found[0], owner)


def ticket_of(desk: Desk, incoming: Incoming, subject: str, text: str, who: Known | None) -> NewTicket:
    """The report that a mail makes.

    who: None for somebody unknown, of whose mail only the address, the name and the words are taken: fields
    that they write ("Severity: 1") are words like any others.
    """
    common: dict[str, Any] = {
        "subject": subject_of(subject, text), "description": text, "contact_email": incoming.sender,
        "channel": CHANNEL if CHANNEL in desk.policy.channels else "", "reported_at": _reported_at(desk, incoming),
    }  # fmt: skip
    if who is None:
        return NewTicket(**common, contact=" ".join(incoming.sender_name.split())[:MOST_NAME])
    said = understood(fields_in(incoming.text), desk.policy)
    severity = said.pop("severity", "")
    values: dict[str, Any] = _filled(desk, who, said)
    values["environment"] = said.get("environment", "")
    values["category"] = said.get("category", "")
    return NewTicket(**common, **values, severity=int(severity) if severity else None)


def severity_said(desk: Desk, incoming: Incoming) -> int:
    """The severity that a mail asks for, whoever sent it; 0 for none."""
    word = fields_in(incoming.text).get("severity", "")
    return int(understood({"severity": severity_word(word)}, desk.policy).get("severity", 0)) if word else 0


def subject_of(subject: str, text: str) -> str:
    """A subject of one line: the mail's, else its first line of text."""
    lines = (" ".join(line.split()) for line in (subject, *text[:10_000].splitlines()))
    first = next((line for line in lines if line), "(no subject)")
    most = check.MAX_SUBJECT
    return first if len(first) <= most else first[: most - 1] + "…"


def _filled(desk: Desk, who: Known, said: dict[str, str]) -> dict[str, str]:
    """The ticket's fields from the book and from what the mail says; the mail wins."""
    policy, contact = desk.policy, who.contact
    out = {"customer": who.customer.name, "contact": contact.name, "contact_phone": contact.phone}
    theirs = caller.read(desk, who.customer.name)
    names = ("site", "product", "release", "os", "os_release", "contact_phone")
    out |= {name: said[name] for name in names if name in said}
    if theirs is None:
        return out
    for name in ("product", "release", "os", "os_release", "site"):
        words = [*caller.candidates(theirs, name, out), *(policy.products if name == "product" else ())]
        if name in out:
            out[name] = check.spelled(out[name], words)
    settled = {name: out.get(name, "") for name in (*caller.FILLED, *names)}
    found = caller.filled(theirs, settled, contact.email, policy.channels)
    for name in ("site", "product", "release", "os", "os_release"):
        if not out.get(name):
            out[name] = found[name]
    return out


def _reported_at(desk: Desk, incoming: Incoming) -> datetime:
    """When the mail reached us, which is what counts; what it says of itself was written by its sender."""
    now = desk.now()
    came = incoming.arrived_at
    return min(came, now) if came is not None and came.tzinfo is not None else now
