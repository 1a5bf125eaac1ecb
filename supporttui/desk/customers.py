"""Looking customers up: by name, contact, e-mail, site, or a telephone number in whatever form.

A `Directory` is held by whoever looks up again and again; it is filled once
and afterwards reads what is new.  Everything here only reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from supporttui.errors import NotFound
from supporttui.store import customers as book
from supporttui.store import customers_seen as seen
from supporttui.store import tickets
from supporttui.store.columns import fold
from supporttui.store.criteria import AllOf, Compare, Flag, Sort
from supporttui.store.records import Customer, TicketLine

from . import look
from .session import Desk

MOST_FOUND = 100
MOST_OPEN = 200
ENDED = 10
LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A customer that a search found.  why: what of it matched, "" when the name did.  open: open tickets."""

    name: str
    why: str = ""
    open: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, as the book or the tickets have it."""

    name: str
    email: str = ""
    phone: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """Everything that the desk knows of one customer.

    open: most urgent first.  ended: (row, when), the latest first.  severities: (severity, open, all).
    products: (product, release, tickets, last reported).
    """

    customer: Customer
    sites: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    open: tuple[TicketLine, ...] = ()
    ended: tuple[tuple[TicketLine, datetime], ...] = ()
    severities: tuple[tuple[int, int, int], ...] = ()
    products: tuple[tuple[str, str, int, datetime], ...] = ()


@dataclass(slots=True)
class Entry:
    """What a customer is found by."""

    name: str
    key: str
    facts: dict[str, str] = field(default_factory=dict)  # folded → as it is shown
    phones: dict[str, str] = field(default_factory=dict)  # digits → as it is shown


class Directory:
    """Every customer with what it is found by, in memory; for one thread."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._newest = 0
        self._edition: tuple[int, int, int] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def refresh(self, desk: Desk) -> None:
        """Take in the tickets that are new, and the book anew when somebody in it changed."""
        with look.snapshot(desk):
            newest, edition = seen.latest_ticket(desk.store), seen.book_edition(desk.store)
            if self._is_stale(desk, edition):  # somebody may be called otherwise, or be gone
                self._entries, self._newest = {}, 0
                self._take_book(desk)
            fresh = seen.people(desk.store, self._newest) if newest > self._newest else []
        for name, contact, email, phone, site in fresh:
            self._take(name, (contact, email, f"site {site}" if site else ""), phone)
        self._newest, self._edition = max(newest, self._newest), edition

    def _is_stale(self, desk: Desk, edition: tuple[int, int, int]) -> bool:
        held = self._edition
        if held is None or edition[1:] != held[1:]:
            return True
        return edition[0] != held[0] and seen.people_changed(desk.store, held[0])

    def _take_book(self, desk: Desk) -> None:
        for name, contact, email, phone in seen.of_book(desk.store):
            self._take(name, (contact, email), phone)
        for name, code, called, phone in seen.sites_of_book(desk.store):
            self._take(name, (f"site {code}" if code else "", called), phone)

    def _take(self, name: str, facts: Iterable[str], phone: str) -> None:
        key = fold(name)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = Entry(name, key)
        for fact in facts:
            if fact:
                entry.facts.setdefault(fold(fact), fact)
        if digits := digits_of(phone):
            entry.phones.setdefault(digits, phone)

    def search(self, desk: Desk, words: str) -> tuple[Found, ...]:
        """Customers that show every word, those whose name begins so first; at most MOST_FOUND."""
        wanted, number = fold(words).split(), digits_of(words)
        by_number = len(number) >= LEAST_DIGITS and not any(char.isalpha() for char in words)
        ranked: list[tuple[int, str, Entry, str]] = []
        for entry in self._entries.values():
            rank, why = _match(entry, wanted, number if by_number else "")
            if rank:
                ranked.append((rank, entry.key, entry, why))
        ranked.sort(key=lambda one: one[:2])
        best = ranked[:MOST_FOUND]
        with look.snapshot(desk):
            counts = seen.open_counts(desk.store, [entry.name for _, _, entry, _ in best])
        return tuple(Found(entry.name, why, counts.get(key, 0)) for _, key, entry, why in best)


def _match(entry: Entry, wanted: list[str], number: str) -> tuple[int, str]:
    """(rank, why): 1 the name begins so, 2 it holds every word, 3 something else does; 0 no."""
    if all(word in entry.key for word in wanted):
        return (1 if not wanted or entry.key.startswith(wanted[0]) else 2), ""
    if number:
        for digits, phone in entry.phones.items():
            if number in digits:
                return 3, phone
    missing = [word for word in wanted if word not in entry.key]
    for key, fact in entry.facts.items():
        if all(word in key for word in missing):
            return 3, fact
    rest = " ".join(entry.facts)
    if all(word in rest for word in missing):
        return 4, next((fact for key, fact in entry.facts.items() if missing[0] in key), "")
    return 0, ""


def digits_of(phone: str) -> str:
    """The digits that tell one telephone from another: no signs, no "00" or "0" before them, no "(0)"."""
    digits = "".join(char for char in phone.replace("(0)", "") if char.isascii() and char.isdigit())
    return digits.lstrip("0")


def page(desk: Desk, name: str) -> CustomerPage:
    """What the desk knows of a customer.  Errors: NotFound."""
    store = desk.store
    with look.snapshot(desk):
        known = book.get(store, name)
        spelled = known.name if known else seen.spelled(store, name)
        if not spelled:
            raise NotFound(f"there is no customer '{name}'")
        seen_people = seen.of_one(store, name)
        contacts = [(one.name, one.email, one.phone, "") for one in book.contacts(store, name)]
        is_open = AllOf((Flag("open"), Compare("customer", "=", name)))
        ended = dict(seen.ended(store, name, ENDED))
        rows = {row.number: row for row in tickets.lines(store, ended)}
        return CustomerPage(
            customer=known or Customer(id=0, name=spelled),
            sites=tuple(dict.fromkeys(site for *_, site in seen_people if site)),
            people=_people([*contacts, *seen_people]),
            open=tuple(tickets.page(store, is_open, Sort("due"), limit=MOST_OPEN)),
            ended=tuple((rows[number], at) for number, at in ended.items() if number in rows),
            severities=tuple(seen.severities(store, name)),
            products=tuple(seen.products(store, name)),
        )


def _people(found: Iterable[tuple[str, str, str, str]]) -> tuple[Person, ...]:
    """One line a person: what several sources say of the same name is put together, the first counts."""
    known: dict[str, Person] = {}
    for name, email, phone, site in found:
        if not (name or email or phone):
            continue
        key = fold(name or email or phone)
        old = known.get(key, Person(name))
        known[key] = Person(name, old.email or email, old.phone or phone, old.site or site)
    return tuple(known.values())
