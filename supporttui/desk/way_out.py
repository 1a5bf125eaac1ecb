"""Who is still owed a way out of a known error.

A reproducible material error owes its customers a usable workaround, given to them, or a
correction that is planned for a release (X NET's maintenance clause).  Whether a vendor
promises so is the policy's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from supporttui.errors import Refused
from supporttui.store import book
from supporttui.store import known_errors as known_store
from supporttui.store.book_criteria import among, equal

from .act import fetch
from .known_errors import CORRECTED, KIND, Known, product_named, seen

if TYPE_CHECKING:
    from supporttui.store.records import Ticket

    from .session import Desk

UNSETTLED = ("reported", "confirmed", "workaround")  # states in which no correction is planned
OWED_TO = ("covered", "unclear")  # coverages under which the clause holds


class Owing(NamedTuple):
    """A reproducible material error that still owes.  tickets: open ones whose customer was given nothing yet."""

    known: Known
    why: str
    tickets: tuple[int, ...] = ()


def owed(desk: Desk, product: str = "") -> list[Owing]:
    """The reproducible material errors that owe a workaround given or a correction planned, the oldest first.

    Errors: Refused where the policy has no such clause.
    """
    if not desk.policy.known_errors.owes_a_way_out:
        raise Refused(
            f"the policy {desk.policy.name} promises no workaround or correction for material errors "
            "(known_errors.owes_a_way_out)"
        )
    with desk.store.read():
        criteria = [equal(reproducible=True, material=True), among("state", UNSETTLED)]
        if product:
            criteria.append(equal(product=product_named(desk, product).id))
        found = book.select(desk.store, KIND, *criteria)
        return [owing for one in seen(desk, found) if (owing := _owing(desk, one)) is not None]


def owes(desk: Desk, one: Known) -> Owing | None:
    """What one known error owes; None for nothing, or where the policy has no such clause."""
    record = one.record
    marked = record.reproducible and record.material and record.state not in CORRECTED
    if not marked or not desk.policy.known_errors.owes_a_way_out:
        return None
    return _owing(desk, one)


def _owing(desk: Desk, one: Known) -> Owing | None:
    numbers = book.tickets_of(desk.store, one.record.id)
    heads = {number: known_store.goes_on(desk.store, number) for number in numbers}
    given = known_store.told(desk.store, [*heads, *heads.values()])
    given_heads = {head for number, head in heads.items() if number in given or head in given}
    opened = [fetch(desk, head) for head in dict.fromkeys(heads.values()) if head not in given_heads]
    opened = [ticket for ticket in opened if ticket.resolved_at is None and ticket.closed_at is None]
    waiting = tuple(ticket.number for ticket in opened if _in_support(desk, ticket))
    if opened and not waiting:
        return None  # nobody who waits for it was in the support period
    has_one = bool(one.record.workaround.strip())
    if waiting:
        named = ", ".join(map(str, waiting[:5])) + (
            f" and {len(waiting) - 5} more" if len(waiting) > 5 else ""
        )
        if has_one:
            return Owing(one, f"its workaround is still to be given to {named}", waiting)
        return Owing(one, f"a workaround for {named}, or a correction planned for a release", waiting)
    if given_heads or one.record.state == "workaround":
        return None
    return Owing(one, "a workaround, or a correction planned for a release")


def _in_support(desk: Desk, ticket: Ticket) -> bool:
    """Whether the error was reported in the support period; where the book can't tell, it counts as reported in it."""
    from .entitlement import of_ticket as verdict_of

    return verdict_of(desk, ticket, ticket.reported_at).coverage in OWED_TO
