"""What a ticket, or a report that is being written, is told of known errors: those it is about, else likely ones.

Cheap enough to be read with every ticket that is opened: one look at an index, and words in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from supporttui.quickclass import dataclass
from supporttui.store import book

from . import known_errors, suggesting, way_out
from .act import fetch
from .known_errors import KIND, Known

if TYPE_CHECKING:
    from supporttui.store.book_records import KnownError
    from supporttui.store.records import Ticket

    from .session import Desk
    from .way_out import Owing

MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """One line's worth: the known error of a ticket, or the likeliest one.

    fixed_in: the level of the release ("7.3"), "" for none.  linked: somebody said so; more: how many others there are.
    """

    number: int
    title: str
    state: str
    fixed_in: str = ""
    linked: bool = False
    more: int = 0


class Hint(NamedTuple):
    """A known error that a ticket is about, or is likely about; words: what both texts have."""

    known: Known
    linked: bool
    words: tuple[str, ...] = ()


class Told(NamedTuple):
    """Everything that a page tells of one.  owing: what it still owes, None for nothing; tickets: their numbers."""

    hint: Hint
    owing: Owing | None = None
    tickets: tuple[int, ...] = ()


def line_of(desk: Desk, ticket: Ticket) -> KnownLine | None:
    """The line of a ticket; only an open ticket is told of what is merely likely."""
    linked = _linked(desk, ticket.number)
    if linked:
        return _line(desk, linked[0], linked=True, more=len(linked) - 1)
    if ticket.resolved_at or ticket.closed_at or ticket.merged_into:
        return None
    return line_for(
        desk,
        product=ticket.product,
        release=ticket.release,
        subject=ticket.subject,
        description=ticket.description,
    )


def line_for(
    desk: Desk, *, product: str, release: str = "", subject: str = "", description: str = ""
) -> KnownLine | None:
    """The line of a report that is being written."""
    found = suggesting.suggest(
        desk, product=product, release=release, subject=subject, description=description, most=MOST
    )
    return _line(desk, found[0].known, linked=False, more=len(found) - 1) if found else None


def of_ticket(desk: Desk, number: int) -> tuple[Hint, ...]:
    """The known errors that a ticket is about, then those that it is likely about.  Errors: NotFound."""
    with desk.store.read():
        ticket = fetch(desk, number)
        linked = _linked(desk, number)
        likely = suggesting.suggest(
            desk,
            product=ticket.product,
            release=ticket.release,
            subject=ticket.subject,
            description=ticket.description,
            without=[one.id for one in linked],
            most=MOST,
        )
        shown = known_errors.seen(desk, [*linked, *(one.known for one in likely)])
    return (
        *(Hint(one, True) for one in shown[: len(linked)]),
        *(Hint(one, False, why.words) for one, why in zip(shown[len(linked) :], likely, strict=True)),
    )


def told_of(desk: Desk, number: int) -> tuple[Told, ...]:
    """`of_ticket`, with all that a page tells.  Errors: NotFound."""
    with desk.store.read():
        return tuple(_told(desk, one) for one in of_ticket(desk, number))


def told_one(desk: Desk, known: int, ticket: int = 0) -> Told:
    """One known error by its id; ticket: the one that it is looked at for.  Errors: NotFound."""
    with desk.store.read():
        found = known_errors.show(desk, known)
        return _told(desk, Hint(found, bool(ticket) and known in book.known_of(desk.store, ticket)))


def told_again(desk: Desk, ids: Sequence[int], ticket: int = 0) -> tuple[Told, ...]:
    """Those that somebody is reading, as they are now; one that was removed is left out."""
    with desk.store.read():
        likely = {one.known.record.id: one for one in of_ticket(desk, ticket)} if ticket else {}
        kept = [one for one in ids if not book.get(desk.store, KIND, one).removed]
        return tuple(
            _told(desk, likely[one]) if one in likely else told_one(desk, one, ticket) for one in kept
        )


def _told(desk: Desk, hint: Hint) -> Told:
    numbers = tuple(book.tickets_of(desk.store, hint.known.record.id))
    return Told(hint, way_out.owes(desk, hint.known), numbers)


def _linked(desk: Desk, number: int) -> list[KnownError]:
    """Those that aren't fixed first: they are what somebody waits for."""
    records = [book.get(desk.store, KIND, known) for known in book.known_of(desk.store, number)]
    return sorted((one for one in records if not one.removed), key=lambda one: one.state == "fixed")


def _line(desk: Desk, one: KnownError, *, linked: bool, more: int) -> KnownLine:
    release = book.get(desk.store, "release", one.fixed_in).name if one.fixed_in else ""
    return KnownLine(
        number=one.id, title=one.title, state=one.state, fixed_in=release, linked=linked, more=more
    )
