"""What the book has on one customer, or of the products: for pages that are read and edited line by line.

One read in one snapshot.  Records come as the store has them, with the names of
whatever they point at beside them; removed ones are left out, but their history
is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any

from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store.book_criteria import equal
from supporttui.store.book_records import BookEvent

from . import customers, look
from .book.entering import today
from .book.references import Names
from .customers import CustomerPage
from .session import Desk

OF_CUSTOMER = ("site", "contact", "licence", "contract", "host", "modification", "quotation")
ORDERS = {
    "site": ("code",), "contact": ("name",), "licence": ("product", "number", "id"), "contract": ("start_on", "id"),
    "host": ("name",), "modification": ("noted_on", "id"), "quotation": ("support_to", "id"),
    "installation": ("host", "id"),
}  # fmt: skip
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the book's journal.  changes: (field, before, after).  undone: it was taken back since."""

    event: BookEvent
    changes: Sequence[tuple[str, str, str]] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """records: kind → records in the order they are read.  names: (kind, id) → what it is called.

    history: what happened to any of them, the newest first.  today: the vendor's civil day.
    """

    records: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)
    history: Sequence[Deed] = ()
    today: date

    def of(self, kind: str) -> Sequence[Any]:
        return self.records.get(kind, ())

    def name(self, kind: str, id: int) -> str:
        """What a record is called, "" for none."""
        return self.names.get((kind, id), "") if id else ""

    def record(self, kind: str, id: int) -> Any:
        """The record of this id, None when it isn't here."""
        return next((one for one in self.of(kind) if one.id == id), None)


def of_customer(desk: Desk, customer: int) -> Dossier:
    """Everything on one customer, by its id; of 0, who isn't in the book, nothing."""
    if not customer:
        return Dossier(today=today(desk))
    with look.snapshot(desk):
        every: dict[str, Sequence[Any]] = {"customer": [book.get(desk.store, "customer", customer)]}
        for kind in OF_CUSTOMER:
            every[kind] = book.select(
                desk.store, kind, equal(customer=customer), order=ORDERS[kind], removed=True
            )
        every["installation"] = _of_hosts(desk, [one.id for one in every["host"]])
        return _told(desk, every)


def customer_page(desk: Desk, name: str, id: int = 0) -> tuple[CustomerPage, Dossier]:
    """What the tickets and the book tell of a customer.  id: of its record, when it may be called otherwise by now.

    Errors: NotFound.
    """
    with look.snapshot(desk):
        if id and not (kept := book.get(desk.store, "customer", id)).removed:
            name = kept.name
        page = customers.page(desk, name)
        return page, of_customer(desk, page.customer.id)


def _of_hosts(desk: Desk, hosts: Sequence[int]) -> list[Any]:
    return book.of_ids(
        desk.store, "installation", hosts, field="host", order=ORDERS["installation"], removed=True
    )


def of_products(desk: Desk) -> Dossier:
    """Every product with its releases, and the releases of operating systems."""
    with look.snapshot(desk):
        every = {
            "product": book.select(desk.store, "product", order=("family", "name"), removed=True),
            "release": book.select(desk.store, "release", order=("product", "?released_on", "id"), removed=True),
            "os-release": book.select(desk.store, "os-release", order=("os", "accessed_on", "name"), removed=True),
        }  # fmt: skip
        return _told(desk, every)


def _told(desk: Desk, every: Mapping[str, Sequence[Any]]) -> Dossier:
    names = Names(desk)
    for kind, records in every.items():
        names.load(kind, records)
    history = _events(desk, {kind: [one.id for one in records] for kind, records in every.items()})
    return Dossier(
        records={kind: tuple(one for one in records if not one.removed) for kind, records in every.items()},
        names=dict(_names(names, every)),
        history=_deeds(names, history),
        today=today(desk),
    )


def _names(names: Names, every: Mapping[str, Sequence[Any]]) -> Iterable[tuple[tuple[str, int], str]]:
    from .book.fields import fields_of

    for kind, records in every.items():
        refers = [one for one in fields_of(kind) if one.reference and not one.narrows]
        for record in records:
            yield (kind, record.id), names.reference(kind, record)
            for one in refers:
                id = getattr(record, one.name)
                if id:
                    yield (one.reference, id), names.text(one.reference, id)


def _deeds(names: Names, events: Sequence[BookEvent]) -> list[Deed]:
    from .book.deeds import changes_of

    undone: set[int] = set()
    for event in events:  # the newest first: an undo that was itself taken back counts no more
        if event.undoes and event.id not in undone:
            undone.add(event.undoes)
    return [Deed(event, tuple(changes_of(names, event)), event.id in undone) for event in events]


def _events(desk: Desk, ids: Mapping[str, Sequence[int]]) -> list[BookEvent]:
    found: list[BookEvent] = []
    for kind, all_of_them in ids.items():
        found += book.events_of_many(desk.store, kind, all_of_them, MOST_EVENTS)
    return sorted(found, key=lambda one: one.id, reverse=True)[:MOST_EVENTS]
