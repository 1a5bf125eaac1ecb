"""What the book knows of somebody who calls: filled in where only one thing can be meant, offered where several can.

A caller is found by name, telephone number, e-mail or site (`customers.Directory`).
From there the customer's sites, licences, hosts and contracts in force are read
once, and each field that the form still lacks is narrowed by those that are
settled.  Nothing is guessed: where two are left, both are offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import TypeVar

from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store.book_criteria import equal, on_hosts_of
from supporttui.store.book_records import (
    ContactRecord,
    Contract,
    CustomerRecord,
    Host,
    Installation,
    Licence,
    Site,
)

from . import look
from .customers import digits_of
from .session import Desk

T = TypeVar("T")
FILLED = (
    "contact", "contact_phone", "contact_email", "site", "product", "release", "os", "os_release", "plan",
    "channel",
)  # fmt: skip
OFFERED = frozenset(
    {"contact", "contact_phone", "contact_email", "site", "product", "release", "os", "os_release"}
)
PHONE = "phone"  # the channel of who calls, where the policy has one of this name
LEAST_DIGITS = 6  # of a telephone number by which somebody is told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One customer as the book has it.  products, releases: id → name, of what they have; today: at the desk."""

    customer: CustomerRecord
    contacts: Sequence[ContactRecord] = ()
    sites: Sequence[Site] = ()
    licences: Sequence[Licence] = ()
    contracts: Sequence[Contract] = ()
    hosts: Sequence[Host] = ()
    installed: Sequence[Installation] = ()
    products: Mapping[int, str] = field(default_factory=dict)
    releases: Mapping[int, str] = field(default_factory=dict)
    today: date


def read(desk: Desk, customer: str) -> Dossier | None:
    """The book's records of a customer, by name, case ignored; None when the book has no such customer."""
    if not customer.strip():
        return None
    store = desk.store
    with look.snapshot(desk):
        found = book.select(store, "customer", equal(name=" ".join(customer.split())))
        if not found:
            return None
        own, of_it = found[0], equal(customer=found[0].id)
        hosts = book.select(store, "host", of_it)
        installed = book.select(store, "installation", on_hosts_of(own.id, standing=True))
        licences = book.select(store, "licence", of_it)
        return Dossier(
            customer=own,
            contacts=book.select(store, "contact", of_it, order=("name",)),
            sites=book.select(store, "site", of_it, order=("code",)),
            licences=licences,
            contracts=book.select(store, "contract", of_it),
            hosts=hosts,
            installed=installed,
            products=_names(desk, "product", [one.product for one in (*licences, *installed)]),
            releases=_names(desk, "release", [one.release for one in installed]),
            today=desk.now().astimezone(desk.policy.zone).date(),
        )


def _names(desk: Desk, kind: str, ids: Iterable[int]) -> dict[int, str]:
    return {one.id: one.name for one in book.of_ids(desk.store, kind, sorted({one for one in ids if one}))}


def filled(
    known: Dossier, values: Mapping[str, str], found_by: str = "", channels: Sequence[str] = ()
) -> dict[str, str]:
    """What follows for the fields of a report: the only one that can be meant, "" where there are several or none.

    values: what is settled so far.  found_by: the telephone number, e-mail, contact or site that
    the customer was found by.  channels: the policy's.
    """
    person = _person(known, values.get("contact", ""), found_by)
    settled = dict(values)
    out = dict.fromkeys(FILLED, "")
    if person is not None:
        out |= {"contact": person.name, "contact_email": person.email, "contact_phone": person.phone}
    site = _site(known, person, settled.get("site", ""), found_by)
    out["site"] = settled["site"] = site.code if site else settled.get("site", "")
    for name in ("product", "release", "os", "os_release", "plan"):
        choice = candidates(known, name, settled)
        out[name] = choice[0] if len(choice) == 1 else ""
        if not settled.get(name):
            settled[name] = out[name]
    if by_telephone(found_by) and PHONE in channels:
        out["channel"] = PHONE
    return out


def by_telephone(words: str) -> bool:
    """Whether what somebody was looked for by is a telephone number."""
    return len(digits_of(words)) >= LEAST_DIGITS and not any(char.isalpha() for char in words)


def _person(known: Dossier, named: str, found_by: str) -> ContactRecord | None:
    """The contact that is meant: by name, else the one whom the caller was found by."""
    if named.strip():
        return _only(one for one in known.contacts if _same(one.name, named))
    if not found_by.strip():
        return None
    number = digits_of(found_by) if by_telephone(found_by) else ""
    return _only(
        one
        for one in known.contacts
        if (number and number in digits_of(one.phone))
        or _same(found_by, one.name)
        or _same(found_by, one.email)
    )


def _site(known: Dossier, person: ContactRecord | None, written: str, found_by: str) -> Site | None:
    if written.strip():
        return _only(one for one in known.sites if _same(one.code, written))
    if person is not None and person.site:
        return _only(one for one in known.sites if one.id == person.site)
    number = digits_of(found_by) if by_telephone(found_by) else ""
    said = found_by.removeprefix("site ")
    by_it = _only(
        one
        for one in known.sites
        if (number and number in digits_of(one.phone))
        or (said and (_same(said, one.code) or _same(said, one.name)))
    )
    return by_it or _only(known.sites)


def candidates(known: Dossier, name: str, values: Mapping[str, str]) -> list[str]:
    """What may be meant in a field, narrowed by what is settled in the others; each once."""
    if name == "contact":
        return _each(one.name for one in known.contacts)
    if name in ("contact_phone", "contact_email"):
        person = _person(known, values.get("contact", ""), "")
        return _each(getattr(one, name[8:]) for one in ((person,) if person else ()))
    if name == "site":
        return _each(one.code for one in known.sites)
    if name == "plan":
        return _plans(known, values.get("product", ""))
    hosts = _hosts(known, values)
    placed = [one for one in known.installed if one.host in hosts and _still(one.removed_on, known.today)]
    if name == "product":
        licensed = [one.product for one in known.licences if _still(one.ended_on, known.today)]
        return _each(known.products.get(one, "") for one in (*[each.product for each in placed], *licensed))
    wanted = values.get("product", "")
    of_it = [one for one in placed if not wanted or _same(known.products.get(one.product, ""), wanted)]
    if name == "release":
        return _each(known.releases.get(one.release, "") for one in of_it) if wanted else []
    on = {one.host for one in of_it} or set(hosts)
    system = values.get("os", "")
    some = [hosts[one] for one in hosts if one in on]
    if name == "os":
        return _each(one.os for one in some)
    if name == "os_release":
        return _each(one.os_release for one in some if not system or _same(one.os, system))
    return []


def _hosts(known: Dossier, values: Mapping[str, str]) -> dict[int, Host]:
    """The customer's hosts, of the site where that is settled; one without a site may stand anywhere."""
    site = values.get("site", "")
    there = {one.id for one in known.sites if _same(one.code, site)} if site else set()
    return {one.id: one for one in known.hosts if not there or one.site in there or not one.site}


def _plans(known: Dossier, product: str) -> list[str]:
    """Plans of the packages in force, of the product's licences where it is settled; else the customer's own."""
    of_product = {
        one.package
        for one in known.licences
        if one.package and (not product or _same(known.products.get(one.product, ""), product))
    }
    plans = _each(
        one.plan
        for one in known.contracts
        if _in_force(one, known.today) and (one.package or one.id) in of_product
    )
    return plans or _each((known.customer.plan,))


def _in_force(one: Contract, today: date) -> bool:
    last = min((day for day in (one.end_on, one.ended_on) if day is not None), default=None)
    return one.start_on is not None and one.start_on <= today and (last is None or today <= last)


def _still(last: date | None, today: date) -> bool:
    return last is None or today <= last


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _each(values: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for value in values:
        if value.strip():
            found.setdefault(value.casefold(), value)
    return list(found.values())


def _only(found: Iterable[T]) -> T | None:
    """The one that there is; None where there are several, because nothing is guessed."""
    some = list(found)
    return some[0] if len(some) == 1 else None
