"""Decisions on what came in: accept, attach, merge, reject, block its sender.

Each is one transaction and one batch: what it does to tickets, files and rules is taken back
by one undo.  Who decides on what somebody else decided meanwhile gets a Conflict, and nothing
is ever deleted: what was rejected can be found, and an undo has it wait again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import Conflict, Refused, UsageError
from supporttui.quickclass import dataclass
from supporttui.store import book, journal, tickets
from supporttui.store.book_criteria import equal
from supporttui.store.mail_records import IntakeItem

from . import attachments, calls, change, close, inbox, kept, participants, relate, senders, taking_in, write
from .act import Change, Entry, fetch, new_batch, transaction
from .act import change as change_ticket
from .answering import UNVERIFIED
from .inbox import KIND, WAITING, Waiting
from .mail_threads import ticket_at_end
from .session import Desk
from .timeline import standing

if TYPE_CHECKING:
    from supporttui.store.blobs import Blobs
    from supporttui.store.records import Ticket

# What an analyst does to a ticket: one that somebody worked on is not closed from the inbox.
WORK = frozenset({"reply", "note", "acknowledged", "owner", "effort", "expense", "status", "call"})
MOST_NAME = 200  # characters of a sender's name
MOST_AT_ONCE = 200  # other items of a blocked sender that are decided with one


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """item: as it is now.  ticket: where one may look, 0 for nowhere.  line: what was done, for people."""

    item: IntakeItem
    line: str
    ticket: int = 0


def accept(
    desk: Desk, id: int, *, seen: int | None = None, participant: bool = False, blobs: Blobs | None = None,
    batch: str = "",
) -> Decided:  # fmt: skip
    """It is right as it lies: a held message becomes its ticket's, a ticket that it made stands.

    A file goes to the ticket that it names; of a Severity 1 that wants a call it says that somebody called.
    participant: the sender takes part in the ticket from now on: may write to it, and reads what is public.
    seen: the item's version that the caller's screen showed.  blobs: where files lie, for their first lines
    in the journal.  Errors: NotFound, Conflict, Refused, UsageError.
    """
    batch = batch or new_batch()
    with transaction(desk):
        found = _open(desk, id, seen)
        item = found.item
        if participant and item.kind not in ("held", "unverified"):
            raise Refused(f"{found.called} names no ticket in which its sender could take part")
        if participant and item.kind == "unverified":
            return _attach(desk, found, _home(desk, found), participant=True, blobs=blobs, batch=batch)
        if item.kind == "unknown" and not item.ticket:
            return _taken_in(desk, found, batch)
        if item.kind in inbox.MAKES_A_TICKET:
            _stands(desk, found, batch)
            line = f"accepted: {found.called} is ticket {item.ticket}"
        elif item.kind == "call":
            _called(desk, found, batch)
            line = f"accepted: the call for ticket {_home(desk, found)} was made"
        else:
            _there(found)
            _takes(desk, found, _home(desk, found), participant, blobs, batch)
            line = (
                f"accepted: {found.called} belongs to ticket {_home(desk, found)}{_part(found, participant)}"
            )
        return _decide(desk, found, "accepted", line, inbox.own_of(item) or _home(desk, found), batch)


def attach(
    desk: Desk, id: int, number: int = 0, *, seen: int | None = None, participant: bool = False,
    blobs: Blobs | None = None, batch: str = "",
) -> Decided:  # fmt: skip
    """Give a message or a file to a ticket; a ticket that the message had made is merged into it.

    number: 0 for the one that it claims.  One that is resolved or closed is reopened.
    The rest, and errors: as for `accept`.
    """
    batch = batch or new_batch()
    with transaction(desk):
        found = _open(desk, id, seen)
        return _attach(
            desk, found, number or _home(desk, found), participant=participant, blobs=blobs, batch=batch
        )


def merge(desk: Desk, id: int, into: int = 0, *, seen: int | None = None, batch: str = "") -> Decided:
    """Merge the ticket that it made into another one; nothing is copied.

    into: 0 for the one that it claims.  Errors: NotFound, Conflict, Refused.
    """
    batch = batch or new_batch()
    with transaction(desk):
        found = _open(desk, id, seen)
        own, into = inbox.own_of(found.item), into or _home(desk, found)
        if not own:
            raise Refused(f"{found.called} has no ticket of its own that could be merged: attach it instead")
        relate.merge(desk, own, into, batch=batch)
        return _decide(desk, found, "merged", f"merged: ticket {own} into {into}", into, batch)


def reject(desk: Desk, id: int, *, seen: int | None = None, batch: str = "") -> Decided:
    """It is nothing for the desk: a ticket that it made is closed, a held message or a file stays out.

    Errors: NotFound, Conflict; Refused when somebody worked on its ticket meanwhile.
    """
    batch = batch or new_batch()
    with transaction(desk):
        return _reject(desk, _open(desk, id, seen), "rejected", batch)


def block(desk: Desk, id: int, *, domain: bool = False, seen: int | None = None, batch: str = "") -> Decided:
    """Reject it with all else that waits from its sender, and let nothing of theirs in from now on.

    domain: everybody at the sender's domain.  What somebody worked on meanwhile goes on waiting.
    Errors: NotFound, Conflict, UsageError; Refused for somebody of the book or of the ticket that it claims.
    """
    batch = batch or new_batch()
    with transaction(desk):
        found = _open(desk, id, seen)
        rule = _rule(desk, found, domain)
        senders.block(desk, rule, found.called, batch=batch)
        done = _reject(desk, found, "blocked", batch)
        more = sum(_rejected_too(desk, other, batch) for other in _others_of(desk, rule, done.item.id))
        line = f"blocked: {rule}" + (f", and {more} more of theirs rejected" if more else "")
        return Decided(item=done.item, line=line, ticket=done.ticket)


# -- one decision ---------------------------------------------------------------------------------


def _open(desk: Desk, id: int, seen: int | None) -> Waiting:
    """The item under the lock.  Errors: Conflict when somebody decided, or changed it, meanwhile."""
    found = inbox.one(desk, id)
    item = found.item
    stale = seen is not None and seen != item.version
    if item.state != WAITING or stale:
        done = inbox.DECIDED.get(item.state, "changed")
        who = f" by {item.decided_by}" if item.decided_by and item.state != WAITING else ""
        raise Conflict(
            f"{found.called} was {done}{who} meanwhile; nothing was done",
            number=item.ticket, seen=item.version if seen is None else seen, current=item.version,
        )  # fmt: skip
    return found


def _there(found: Waiting) -> None:
    """Errors: Refused for a file of the upload folder that was not taken."""
    if found.item.kind == "file" and not found.files:
        raise Refused(f"{found.called} is not in the store: it {found.why or 'was not taken'}")


def _home(desk: Desk, found: Waiting) -> int:
    """The ticket that it claims or belongs to, or the one that this was merged into.  Errors: UsageError for none."""
    number = inbox.home_of(found.item)
    if not number:
        raise UsageError(f"{found.called} names no ticket: say which one it belongs to")
    end = ticket_at_end(desk, number)
    return number if end is None else end.number


def _decide(desk: Desk, found: Waiting, state: str, line: str, ticket: int, batch: str) -> Decided:
    values: dict[str, Any] = {"state": state, "decided_by": desk.actor}
    if found.item.kind == "file" and ticket and not found.item.ticket:
        values["ticket"] = ticket
    item: IntakeItem = kept.change(desk, KIND, found.item, values, text=found.called, batch=batch)
    return Decided(item=item, line=line, ticket=ticket)


def _attach(
    desk: Desk, found: Waiting, number: int, *, participant: bool, blobs: Blobs | None, batch: str
) -> Decided:
    item, own = found.item, inbox.own_of(found.item)
    if item.kind == "call":
        raise Refused(
            f"{found.called} is a telephone call that is to be made: accept it when somebody has called"
        )
    if item.kind == "storm":
        raise Refused(f"a storm is many mails in ticket {own}: merge that, or read it there")
    if number == own:
        raise Refused(f"{found.called} is ticket {own} itself: accept it")
    _takes(desk, found, number, participant, blobs, batch)
    if own and found.own is not None and not found.own.merged_into:
        relate.merge(desk, own, number, batch=batch)
    line = f"attached: {found.called} to ticket {number}{_part(found, participant)}"
    return _decide(desk, found, "attached", line, number, batch)


def _part(found: Waiting, participant: bool) -> str:
    return f"; {found.sender} takes part in it" if participant else ""


def _reject(desk: Desk, found: Waiting, state: str, batch: str) -> Decided:
    own, closed = inbox.own_of(found.item), ""
    if own:
        closed = f"; ticket {own} is closed" if _close(desk, found, own, batch) else ""
        for other in _waiting(desk, ticket=own):
            if other.id != found.item.id and other.kind != "held":
                kept.change(
                    desk, KIND, other, {"state": "rejected", "decided_by": desk.actor}, text=inbox.called(other),
                    batch=batch,
                )  # fmt: skip
    else:
        for file in found.files:
            if file.state == attachments.QUARANTINED:
                attachments.reject(desk, file, batch=batch)
            elif found.item.kind == "file":
                attachments.remove(desk, file, batch=batch)
    return _decide(
        desk, found, state, f"rejected: {found.called}{closed}", own or inbox.home_of(found.item), batch
    )


def _waiting(desk: Desk, **fields: Any) -> list[IntakeItem]:
    return list(book.select(desk.store, KIND, equal(state=WAITING, **fields), limit=MOST_AT_ONCE))


# -- what becomes of tickets ----------------------------------------------------------------------


def _taken_in(desk: Desk, found: Waiting, batch: str) -> Decided:
    """A mail that waited without a ticket becomes one."""
    number = taking_in.take_in(desk, found.item.message, batch=batch).number
    values = {"state": "accepted", "decided_by": desk.actor, "ticket": number}
    item: IntakeItem = kept.change(desk, KIND, found.item, values, text=found.called, batch=batch)
    return Decided(item=item, line=f"accepted: {found.called} is ticket {number} now", ticket=number)


def _stands(desk: Desk, found: Waiting, batch: str) -> None:
    """The ticket that it made is one like others."""
    ticket = found.own
    if ticket is not None and UNVERIFIED in ticket.tags and not ticket.merged_into:
        change.tag(desk, ticket.number, remove=(UNVERIFIED,), batch=batch)


def _called(desk: Desk, found: Waiting, batch: str) -> None:
    """Somebody called back about a Severity 1 that came without a call."""
    ticket = fetch(desk, _home(desk, found))
    words = "Called the customer, whose report asked for a telephone call."
    calls.call(
        desk, ticket.number, words, way="out", phone=ticket.contact_phone, person=ticket.contact,
        batch=batch, settles=False,
    )  # fmt: skip


def _takes(
    desk: Desk, found: Waiting, number: int, participant: bool, blobs: Blobs | None, batch: str
) -> None:
    """A ticket takes a message with its files, or a file; it is open again when it was over."""
    ticket = fetch(desk, number)
    said = found.item.kind != "file"
    _there(found)
    if said and ticket.status in desk.policy.ended and not ticket.merged_into:
        close.reopen(desk, number, f"{found.called} belongs to it", batch=batch)
    line = _says(desk, found, number, batch) if said else 0
    for file in found.files:
        if line:  # they came with the message, and its line names them
            values = {"ticket": number, "state": attachments.STORED, "entry": line}
            kept.change(desk, attachments.KIND, file, values, text=file.name, batch=batch)
        elif file.ticket != number or file.state != attachments.STORED:
            attachments.move(desk, file, number, blobs=blobs, batch=batch)
    if participant:
        _takes_part(desk, found, number, batch)


def _says(desk: Desk, found: Waiting, number: int, batch: str) -> int:
    """The message as the customer's in the journal, which ends a wait as any of theirs; the entry's id."""
    facts = {
        "mail": found.item.message, "from": found.sender, "name": found.mail.sender_name if found.mail else "",
        "attachments": [{"name": file.name, "size": file.size} for file in found.files], "ticket": inbox.own_of(found.item),
    }  # fmt: skip
    data = {name: value for name, value in facts.items() if value}
    words = found.text.strip() or "[no text]"
    entry = Entry("customer", words, data, {"retract": True}, public=True)

    def decide(ticket: Ticket) -> Change:
        return write.with_status(desk, ticket, desk.policy.after_customer(ticket.status), entry)

    change_ticket(desk, number, decide, batch=batch)
    written = [
        one for one in journal.of_batch(desk.store, batch) if (one.ticket, one.kind) == (number, "customer")
    ]
    return written[-1].id


def _takes_part(desk: Desk, found: Waiting, number: int, batch: str) -> None:
    if not found.sender:
        raise Refused(f"{found.called} has no sender who could take part in ticket {number}")
    if not participants.takes_part(desk, fetch(desk, number), found.sender):
        name = " ".join((found.mail.sender_name if found.mail is not None else "").split())
        participants.add(desk, number, found.sender, name[:MOST_NAME], batch=batch)


def _close(desk: Desk, found: Waiting, number: int, batch: str) -> bool:
    """Close the ticket that came about by what is rejected, unless it is over.  Errors: Refused when somebody works on it."""
    ticket = tickets.get(desk.store, number)
    if ticket is None or ticket.merged_into or ticket.status == "closed":
        return False
    who = _worked_on_by(desk, ticket)
    if who:
        raise Refused(
            f"{who} works on ticket {number} already: accept {found.called}, or close {number} itself"
        )
    close.close(desk, number, f"Rejected in the inbox: {found.called}.", batch=batch)
    return True


def _worked_on_by(desk: Desk, ticket: Ticket) -> str:
    """Somebody else who did something to a ticket that is not undone; "" for nobody."""
    if ticket.owner and ticket.owner != desk.actor:
        return ticket.owner
    entries = standing(journal.of_ticket(desk.store, ticket.number))
    return next((one.actor for one in entries if one.kind in WORK and one.actor != desk.actor), "")


# -- whose mail is not wanted ---------------------------------------------------------------------


def _rule(desk: Desk, found: Waiting, domain: bool) -> str:
    """What a block of the sender would be.  Errors: UsageError, Refused."""
    if not found.sender:
        raise Refused(f"{found.called} has no sender who could be blocked: reject it")
    rule = senders.domain(found.sender) if domain else senders.address(found.sender)
    if not rule:
        raise UsageError(f"{found.sender} has no domain that could be blocked")
    for item in (found.item, *_others_of(desk, rule, found.item.id)):
        _check_stranger(desk, item, rule)
    _check_customer(desk, rule)
    return rule


def _check_customer(desk: Desk, rule: str) -> None:
    """Refuse to shut out the contact of an open ticket, unless nothing but unwanted mail made it."""
    theirs = tickets.open_of_contact(desk.store, rule, MOST_AT_ONCE)
    made = {
        inbox.own_of(item)
        for number in theirs
        for item in book.select(desk.store, KIND, equal(ticket=number))
        if item.state != "accepted"
    }
    kept_out = [number for number in theirs if number not in made]
    if kept_out:
        raise Refused(_theirs(rule, kept_out[0]))


def _theirs(rule: str, number: int) -> str:
    return f"{rule} can't be blocked: ticket {number} is theirs, and mail under a false name would shut them out: reject it"


def _check_stranger(desk: Desk, item: IntakeItem, rule: str) -> None:
    """Refuse to shut somebody out who is the contact of, or takes part in, the ticket that mail in their name claims."""
    home = tickets.get(desk.store, inbox.home_of(item)) if inbox.home_of(item) else None
    if home is None:
        return
    people = [one.email for one in participants.of(desk, home.number)]
    if any(_falls_under(one, rule) for one in (home.contact_email, *people)):
        raise Refused(_theirs(rule, home.number))


def _falls_under(address: str, rule: str) -> bool:
    low = address.strip().casefold()
    return bool(low) and rule in (low, senders.domain(low))


def waiting_of(desk: Desk, rule: str) -> list[IntakeItem]:
    """What waits from a sender, or from everybody at a domain."""
    return _others_of(desk, rule, 0)


def _others_of(desk: Desk, rule: str, but: int) -> list[IntakeItem]:
    """What else waits from them, beside the item of this id."""
    found = _waiting(desk, sender=rule) if not rule.startswith("@") else _waiting(desk)
    return [one for one in found if one.id != but and _falls_under(one.sender, rule)]


def _rejected_too(desk: Desk, item: IntakeItem, batch: str) -> int:
    """Reject another item of a blocked sender: 1, or 0 when somebody works on it or it was decided along."""
    found = inbox.one(desk, item.id)
    own = found.own
    if found.item.state != WAITING or (own is not None and _worked_on_by(desk, own)):
        return 0
    _reject(desk, found, "blocked", batch)
    return 1
