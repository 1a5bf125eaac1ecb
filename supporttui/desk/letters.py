"""Letters to customers: the acknowledgement, an analyst's answer, how a ticket stands.

Invariant: a letter is queued in the transaction of what it tells of, whole, with the Message-ID that
every attempt to send it will carry; so neither is there without the other, and a repetition is known
as one.  One address is one letter.  Automatic ones are marked as such, come from nobody (RFC 3834) and
are never sent where `desk.answering` says no; a ticket's journal says to whom a letter went, or why none did.
"""

from __future__ import annotations

import secrets

from supporttui.errors import PolicyError
from supporttui.quickclass import dataclass
from supporttui.store import book, mail, notices
from supporttui.store.book_criteria import equal
from supporttui.store.mail_records import Mail
from supporttui.store.records import Notice, Ticket
from supporttui.terminal.safe import clean

from . import answering, letter_facts, letter_templates, letter_threads
from .act import Change, Entry, change, fetch, transaction
from .letter_words import mailed
from .reference import reference_of
from .session import Desk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .incoming import Incoming

ADDRESS = "letter:"  # what the outbox calls an address that gets letters
KIND = "letter"
LONGEST_SUBJECT = 200
AUTOMATIC = ("acknowledgement", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a letter that was asked for.  to: who gets one; why: why nobody does, "" otherwise."""

    to: tuple[str, ...] = ()
    why: str = ""

    def __bool__(self) -> bool:
        return bool(self.to)


def acknowledge(
    desk: Desk,
    number: int,
    *,
    to: str = "",
    heard: Incoming | None = None,
    verified: bool = False,
    call: int = 0,
) -> Sent:
    """Tell who reported a problem its number, its severity and what happens next.  Joins the open transaction.

    to: the address, "" for the ticket's contact.  heard: the mail that reported it, None for the web form.
    verified: whether it is known to come from that address; what it says is repeated to nobody else.
    call: the severity that has to be told by telephone, which the letter then says first; True: the ticket's, 0: none.
    """
    with transaction(desk):
        ticket = fetch(desk, number)
        to = to or ticket.contact_email
        why = answering.why_not(desk, to, heard) or _too_many(desk, "acknowledgement", to)
        if not why:
            more = letter_facts.acknowledging(desk, ticket, call=ticket.severity if call is True else call)
            _write(desk, ticket, "acknowledgement", to, more, verified=verified, heard=heard)
        if why != answering.NOT_SET_UP:
            _note(desk, number, "acknowledgement", to, why)
        return Sent(why=why) if why else Sent(to=(to,))


def answer(desk: Desk, ticket: Ticket, text: str) -> Sent:
    """Send an analyst's public words to the contact and to whoever takes part.  Joins the open transaction.

    Writes nothing into the journal: the entry of the reply says to whom it goes.
    """
    if desk.letterhead is None:
        return Sent(why=answering.NOT_SET_UP)
    found = recipients(desk, ticket)
    if not found:
        return Sent(why=_nobody(ticket))
    with transaction(desk):
        for to in found:
            facts = {"text": clean(text, newlines=True).strip(), "me": letter_facts.line(desk.actor)}
            _write(desk, ticket, "answer", to, facts, verified=answering.is_verified(ticket))
    return Sent(to=found)


def status(
    desk: Desk, number: int, lines: Sequence[str], *, to: str = "", heard: Incoming | None = None
) -> Sent:
    """Send how a ticket stands, in words made for the customer, to an address on file of it.

    to: "" for the contact; anything that is not on file gets nothing.  heard: the mail that asks, None for the
    web.  Joins the open transaction.
    """
    with transaction(desk):
        ticket = fetch(desk, number)
        to = to.strip().lower() or ticket.contact_email
        why = answering.why_not(desk, to, heard)
        if not why and to.lower() not in (one.lower() for one in recipients(desk, ticket)):
            why = "the address is not on file"
        why = why or _too_many(desk, "status", to)
        if not why:
            facts = {
                "text": "\n".join(clean(one) for one in lines),
                "after_hours": letter_facts.after_hours(desk),
            }
            _write(desk, ticket, "status", to, facts, verified=answering.is_verified(ticket), heard=heard)
            _note(desk, number, "status", to, "")
        return Sent(why=why) if why else Sent(to=(to,))


def ways(desk: Desk, ticket: Ticket) -> str:
    """Which way an answer would go now, for who writes one: "by mail to …"; "" where mail out is not set up."""
    try:
        if desk.letterhead is None:
            return ""
    except PolicyError as error:
        return f"can't be sent: {error}"
    found = recipients(desk, ticket)
    if len(found) > 1:  # how many comes first, where a narrow line cuts their names short
        return f"by mail to {len(found)}: {', '.join(found)}"
    return mailed({"to": found} if found else {"not_sent": _nobody(ticket)}).removeprefix(", ")


def came_back(desk: Desk, message_id: str, why: str) -> bool:
    """A letter of ours was not delivered after all: a dead letter, of which every console hears.

    False: it is none of ours, or known to be dead already.  Joins the open transaction.
    """
    with transaction(desk):
        if not notices.came_back(desk.store, _key(message_id), why):
            return False
        (lost,) = notices.of_key(desk.store, _key(message_id))
        to, now = lost.address.removeprefix(ADDRESS), desk.now()
        notices.enqueue(
            desk.store,
            Notice(
                key=f"undelivered/{lost.id}/back/{lost.attempts}", ticket=lost.ticket, severity=lost.severity,
                address="desk", kind="undelivered", label=f"{lost.label} to {to} came back: {why}"[:300],
                due_at=now, made_at=now,
            ),
        )  # fmt: skip
        return True


def recipients(desk: Desk, ticket: Ticket) -> tuple[str, ...]:
    """Who gets a ticket's letters: the contact and who takes part, each once, but nobody of ours."""
    letterhead = desk.letterhead
    taking_part = book.select(desk.store, "participant", equal(ticket=ticket.number))
    found: dict[str, str] = {}
    for one in (ticket.contact_email, *(each.email for each in taking_part)):
        address = one.strip()
        if answering.is_address(address) and not (letterhead and answering.is_ours(letterhead, address)):
            found.setdefault(address.lower(), address)
    return tuple(found.values())


def _too_many(desk: Desk, kind: str, to: str) -> str:
    letterhead = desk.letterhead
    return answering.count(desk, letterhead, kind, to) if letterhead is not None else answering.NOT_SET_UP


def _nobody(ticket: Ticket) -> str:
    return "no usable address" if ticket.contact_email else "no address on file"


def _write(
    desk: Desk, ticket: Ticket, kind: str, to: str, more: Mapping[str, str], *, verified: bool,
    heard: Incoming | None = None,
) -> None:  # fmt: skip
    """Queue one letter and write down that it goes; the caller holds the transaction."""
    letterhead, now = desk.letterhead, desk.now()
    assert letterhead is not None
    template, _faults = letter_templates.load(kind, letterhead.folder)
    facts = letter_facts.facts_of(desk, ticket, to, verified=verified) | dict(more)
    subject, text = letter_templates.fill(template, facts)
    reference = reference_of(desk, ticket.number)
    message_id = f"<{reference}.{secrets.token_hex(8)}@{letterhead.domain}>"
    before = letter_threads.before(desk, ticket, heard)
    data: dict[str, Any] = {
        "kind": kind, "message_id": message_id, "from": letterhead.sender, "name": desk.policy.vendor.name,
        "to": to, "subject": _tagged(subject, reference), "text": text, "automatic": kind in AUTOMATIC,
        "in_reply_to": before[-1] if before else "", "references": list(before), "loop": letterhead.sender,
    }  # fmt: skip
    notices.enqueue(
        desk.store,
        Notice(
            key=_key(message_id), ticket=ticket.number, severity=ticket.severity, address=ADDRESS + to, kind=KIND,
            label=kind, due_at=now, made_at=now, data={"letter": data},
        ),
    )  # fmt: skip
    mail.insert(
        desk.store,
        Mail(
            direction="out", ticket=ticket.number, kind="reply" if kind == "answer" else kind, message_id=message_id,
            in_reply_to=data["in_reply_to"], sender=letterhead.sender.lower(), recipients=(to.lower(),),
            subject=data["subject"], at=now,
        ),
    )  # fmt: skip


def _note(desk: Desk, number: int, kind: str, to: str, why: str) -> None:
    # It lies in the outbox now; what becomes of it there is the notice's to say.
    text = f"{kind} goes to {to}" if not why else f"no {kind} sent: {why}"
    entry = Entry("mail", text, {"letter": kind, "to": [to] if to and not why else [], "why": why})
    change(desk, number, lambda _ticket: Change(entries=(entry,)), merged_too=True)


def _tagged(subject: str, reference: str) -> str:
    """A subject of one short line that carries the reference, once and no other."""
    plain, room = letter_facts.line(subject), LONGEST_SUBJECT - len(reference) - 3
    return f"{plain if len(plain) <= room else plain[: room - 1] + '…'} [{reference}]".strip()


def _key(message_id: str) -> str:
    return f"letter/{message_id}"
