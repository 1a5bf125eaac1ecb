"""Who takes part in a ticket beside its contact, and so may write to it and read what is public of it.

Nobody becomes one by being named in a mail: a copy (Cc) gives no right.  An analyst says so.
"""

from __future__ import annotations

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import book
from supporttui.store.book_criteria import equal
from supporttui.store.columns import storable
from supporttui.store.mail_records import Participant
from supporttui.store.records import Ticket

from . import check, kept
from .act import fetch, transaction
from .answering import is_address
from .session import Desk

KIND = "participant"
MOST = 50  # of one ticket: each gets every reply


def of(desk: Desk, number: int) -> list[Participant]:
    """Those of a ticket, in the order in which they were added."""
    found: list[Participant] = book.select(desk.store, KIND, equal(ticket=number))
    return found


def takes_part(desk: Desk, ticket: Ticket, address: str) -> bool:
    """Whether an address is the contact's of a ticket or a participant's."""
    low = plain(address)
    if not low:
        return False
    return low == plain(ticket.contact_email) or any(
        low == plain(one.email) for one in of(desk, ticket.number)
    )


def plain(address: str) -> str:
    """An address in the form in which two are compared: in small letters and no more.

    Not folded: "straße" and "strasse" are one word to a reader, and two mailboxes.
    """
    return storable(address.strip().lower())


def add(desk: Desk, number: int, email: str, name: str = "", *, batch: str = "") -> Participant:
    """Somebody takes part from now on; who does already stays as they are.  An undo takes it back.

    Errors: UsageError for what is no address, NotFound, Refused for too many.
    """
    address = address_of(email)
    with transaction(desk):
        ticket = fetch(desk, number)
        there = of(desk, number)
        known = next((one for one in there if one.email == address), None)
        if known is not None:
            return known
        if plain(ticket.contact_email) == address:
            raise Refused(f"{address} is the contact of ticket {number} already")
        if len(there) >= MOST:
            raise Refused(f"ticket {number} has {MOST} participants, which is the most")
        values = {"ticket": number, "email": address, "name": check.field("the name", name)}
        made: Participant = kept.add(desk, KIND, values, text=_called(address, number), batch=batch)
        return made


def remove(desk: Desk, number: int, email: str, *, batch: str = "") -> Participant:
    """Somebody takes part no longer.  An undo takes it back.  Errors: NotFound, UsageError, Conflict."""
    address = address_of(email)
    with transaction(desk):
        fetch(desk, number)
        known = next((one for one in of(desk, number) if one.email == address), None)
        if known is None:
            raise NotFound(f"{address} takes no part in ticket {number}")
        gone: Participant = kept.remove(desk, KIND, known, text=_called(address, number), batch=batch)
        return gone


def address_of(text: str) -> str:
    """An e-mail address in small letters.  Errors: UsageError."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    if not is_address(bare):
        raise UsageError(f"{check.quoted(text)} is no e-mail address: write ann@host.example")
    return plain(bare)


def _called(address: str, number: int) -> str:
    return f"{address} as participant of ticket {number}"
