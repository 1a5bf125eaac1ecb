"""Telephone calls about a ticket: who called whom, on which number, when, and what was said.

A call is a note of its own kind: internal, and taken back by an undo.  One thing more follows from a
call that comes in: it is a message of the customer, so it ends "waiting for the customer" as the
policy says of messages.  No other clock moves; what is to count as an answer is written as a reply.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from supporttui.errors import UsageError
from supporttui.store import book, customers, journal
from supporttui.store.book_criteria import equal
from supporttui.store.records import Ticket

from . import check, kept
from .act import HARMLESS, Change, Entry, change, fetch, new_batch, transaction
from .customers import digits_of
from .look import retracted, snapshot
from .report import FUTURE_ALLOWED
from .session import Desk
from .write import with_status

Way = Literal["in", "out"]
LEAST_DIGITS = 4  # of a number by which somebody is known again
RECENT = 200  # entries among which the last number to call back is looked for


def call(
    desk: Desk,
    number: int,
    text: str = "",
    *,
    way: Way,
    phone: str = "",
    person: str = "",
    reached: bool = True,
    at: datetime | None = None,
    seen: int | None = None,
    batch: str = "",
    settles: bool = True,
) -> Ticket:
    """Put a call on record; what waited in the inbox for a call to this ticket is settled with it.

    way: "in" when they called, "out" when we did.  phone: theirs; for a call that came in the one to call back.
    person: who it was, "" for whoever the number is known of.  reached: False when nobody answered, then there need be
    no text.  at: when, None for now.  settles: False where the caller decides on the inbox itself.
    Errors: UsageError for a call in the future or one without a word, NotFound, Conflict, Refused.
    """
    words = check.body("a call", text) if reached else check.long_text("a call", text)
    if way == "in" and not reached:
        raise UsageError("a call that came in was answered: say what was said")
    phone, person = check.field("the number", phone), check.field("the name", person)
    when = _when(desk, at)

    def decide(ticket: Ticket) -> Change:
        who = person or known_by(desk, ticket, phone)
        data = {"way": way, "phone": phone, "person": who} | ({} if reached else {"reached": False})
        entry = Entry("call", words, data, {"retract": True}, at=when)
        status = desk.policy.after_customer(ticket.status) if way == "in" else ticket.status
        return with_status(desk, ticket, status, entry)

    batch = batch or new_batch()
    with transaction(desk):
        changed = change(
            desk, number, decide, seen=seen, batch=batch, harmless=HARMLESS | {"reply", "customer"}
        )
        if reached and settles:
            _settle(desk, number, batch)
        return changed


def _settle(desk: Desk, number: int, batch: str) -> None:
    """A Severity 1 that came without a call waits in the inbox until somebody has spoken with them."""
    from .inbox import KIND, WAITING, called

    for item in book.select(desk.store, KIND, equal(state=WAITING, kind="call", ticket=number)):
        values = {"state": "accepted", "decided_by": desk.actor}
        kept.change(desk, KIND, item, values, text=called(item), batch=batch)


def _when(desk: Desk, at: datetime | None) -> datetime | None:
    if at is None:
        return None
    at = check.instant("the time of the call", at)
    if at > desk.now() + FUTURE_ALLOWED:
        raise UsageError(f"the call can't lie in the future ({at:%Y-%m-%d %H:%M} UTC)")
    return at


def known_by(desk: Desk, ticket: Ticket, phone: str) -> str:
    """Whose number it is among the ticket's contact and the contacts of its customer; "" for nobody's."""
    digits = digits_of(phone)
    if len(digits) < LEAST_DIGITS:
        return ""
    if _same(digits, digits_of(ticket.contact_phone)):
        return ticket.contact
    people = customers.contacts(desk.store, ticket.customer) if ticket.customer else []
    names = {one.name for one in people if _same(digits, digits_of(one.phone))}
    return names.pop() if len(names) == 1 else ""


def _same(one: str, other: str) -> bool:
    """One of them may lack the country's code."""
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_DIGITS and long.endswith(short)


def call_back(desk: Desk, number: int) -> tuple[str, str]:
    """(telephone, person) to call about a ticket: what the last caller left, else the contact's.  Errors: NotFound."""
    with snapshot(desk):
        ticket = fetch(desk, number)
        found = journal.of_ticket(
            desk.store, number, kinds=("reported", "call", "undone", "redone"), newest_first=True, limit=RECENT
        )  # fmt: skip
    gone = retracted(found)
    for entry in found:
        if entry.id in gone or entry.undoes:
            continue
        if entry.kind == "call" and entry.data.get("way") == "in" and entry.data.get("phone"):
            return str(entry.data["phone"]), str(entry.data.get("person", ""))
        if entry.kind == "reported" and entry.data.get("callback"):
            return str(entry.data["callback"]), ticket.contact
    return ticket.contact_phone, ticket.contact
