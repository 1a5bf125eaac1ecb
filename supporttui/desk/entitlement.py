"""What the customer of a ticket is owed: the book is read for it, and the policy decides.

Text of a ticket finds its records by name, whatever the case: the customer by name
or key, the product, its release and the operating system's by name.  What isn't
found is left out of the case, and the verdict says what is missing.  Only reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from supporttui.policy.entitling import decide, earliest_day, plan_in_force, vendor_day
from supporttui.policy.verdict import (
    Case,
    InstalledFacts,
    LicenceFacts,
    ModificationFacts,
    PeriodFacts,
    QuotationFacts,
    ReleaseFacts,
    Verdict,
)
from supporttui.store import entitled
from supporttui.store.records import Ticket

from .session import Desk

if TYPE_CHECKING:
    from .report import NewTicket

_VERSION_WORDS = re.compile(r"^(?:release|version|rel\.?|ver\.?|v\.?)\s*(?=\d)", re.IGNORECASE)


def of_ticket(desk: Desk, ticket: Ticket, at: datetime | None = None) -> Verdict:
    """What is owed on a ticket.  at: aware instant, None for now.

    Its plan is the one that the ticket has, whatever package runs by then: that one's targets apply.
    """
    verdict = decide(case_of(desk, ticket, at or desk.now()), desk.policy)
    return replace(verdict, plan=ticket.plan) if ticket.plan else verdict


def of_report(desk: Desk, new: NewTicket, at: datetime | None = None) -> Verdict:
    """What would be owed on a problem that is being reported.  at: aware instant, None for now."""
    return decide(case_of(desk, new, at or desk.now()), desk.policy)


def case_of(desk: Desk, thing: Ticket | NewTicket, at: datetime) -> Case:
    """Everything on file that a ticket's entitlement is decided on, as of one snapshot of the store."""
    with desk.store.read():
        return _Reading(desk, thing, at).case()


def plan_of(desk: Desk, thing: Ticket | NewTicket, at: datetime) -> str:
    """The plan whose targets apply to a problem that was reported at an instant, "" for none."""
    policy = desk.policy
    reading = _Reading(desk, thing, at)
    theirs = reading.plan
    if not reading.customer or "package" not in reading.kinds:
        return theirs
    licences = reading.licences()
    if policy.file.entitlement.days_in != "vendor":
        return decide(reading.case(), policy).plan
    case = Case(at=at, plan=theirs, licences=licences, periods=reading.periods(licences))
    return plan_in_force(case, policy, vendor_day(at, policy))


class _Reading:
    """One ticket's records, each kind read when it is asked for and only when a rule needs it."""

    def __init__(self, desk: Desk, thing: Ticket | NewTicket, at: datetime) -> None:
        self.desk, self.store, self.thing, self.at = desk, desk.store, thing, at
        self.rules = desk.policy.file.entitlement.rules
        self.kinds = frozenset(rule.kind for rule in self.rules)
        customer, product = _words(thing.customer), _words(thing.product)
        self.customer_row = entitled.customer(self.store, customer) if customer else None
        self.product_row = entitled.product(self.store, product) if product and self.rules else None
        self.customer: int = self.customer_row[0] if self.customer_row else 0
        self.product: int = self.product_row[0] if self.product_row else 0
        self.all_licences = True
        self.day = vendor_day(at, desk.policy).isoformat()
        # What is read of very many records is what decides on the day, of two days the one that lags.
        self.first_day = earliest_day(at, desk.policy, self._zone()).isoformat()

    @property
    def plan(self) -> str:
        return self.thing.plan or (str(self.customer_row[2]) if self.customer_row else "")

    def case(self) -> Case:
        thing = self.thing
        known_os, accessed = self._os()
        licences = self.licences()
        released = self._released(licences)
        return Case(
            at=self.at,
            severity=thing.severity or self.desk.policy.default_severity,
            category=thing.category,
            channel=thing.channel,
            environment=thing.environment,
            plan=self.plan,
            customer=str(self.customer_row[1]) if self.customer_row else _words(thing.customer),
            customer_zone=self._zone(),
            product=str(self.product_row[1]) if self.product_row else _words(thing.product),
            release=_words(thing.release),
            os=_words(thing.os),
            os_release=_words(thing.os_release),
            listed=bool(self.customer),
            known_product=bool(self.product),
            whole=self.all_licences,
            licences=licences,
            periods=self.periods(licences, released),
            released=released,
            known_os=known_os,
            os_accessed_on=accessed,
            modifications=self._modifications(),
            installed=self._installed(),
            quotations=self._quotations(),
        )

    def _both(self, *kinds: str) -> bool:
        """Whether customer and product are known, and a rule asks for one of these."""
        return bool(self.customer and self.product and self.kinds.intersection(kinds))

    def _zone(self) -> str:
        if self.customer_row is None or self.desk.policy.file.entitlement.days_in == "vendor":
            return ""
        site = entitled.site_zone(self.store, self.customer, self.thing.site) if self.thing.site else ""
        return site or str(self.customer_row[3])

    def licences(self) -> tuple[LicenceFacts, ...]:
        if not self._both("charge", "package", "quotation", "warranty", "updates"):
            return ()
        rows, self.all_licences = entitled.licences(
            self.store, self.customer, self.product, self.first_day, self.kinds
        )
        return tuple(_licence(row, self.product_row[1] if self.product_row else "") for row in rows)

    def periods(
        self, licences: Iterable[LicenceFacts], released: ReleaseFacts | None = None
    ) -> tuple[PeriodFacts, ...]:
        if not self._both("package", "quotation", "updates"):
            return ()
        tied = sorted({one.package for one in licences if one.package})
        packages = tied if self.all_licences else None
        out = released.released_on.isoformat() if released and released.released_on else ""
        rows = entitled.periods(self.store, self.customer, self.product, packages, self.first_day, out)
        return tuple(_period(row) for row in rows)

    def _released(self, licences: Iterable[LicenceFacts]) -> ReleaseFacts | None:
        if not (self.product and self.thing.release and self.kinds & {"superseded", "updates"}):
            return None
        names = _spellings(_words(self.thing.release), str(self.product_row[1]) if self.product_row else "")
        rows = entitled.releases(self.store, self.product, names)
        return _release(rows, {one.edition.casefold() for one in licences}) if rows else None

    def _os(self) -> tuple[bool, date | None]:
        os, release = _words(self.thing.os), _words(self.thing.os_release)
        if not (os and release and "os-release" in self.kinds):
            return False, None
        rows = entitled.os_access(self.store, os, release)
        return bool(rows), min((day for row in rows if (day := _day(row[0]))), default=None)

    def _modifications(self) -> tuple[ModificationFacts, ...]:
        if not self._both("modification"):
            return ()
        return tuple(
            ModificationFacts(
                what=row[0], noted_on=_day(row[1]), authorised=bool(row[2]), last=_day(row[3]), host=row[4]
            )
            for row in entitled.modifications(self.store, self.customer, self.product)
        )

    def _quotations(self) -> tuple[QuotationFacts, ...]:
        if not (self.customer and "quotation" in self.kinds):
            return ()
        return tuple(
            QuotationFacts(number=row[0], first=_day(row[1]), last=_day(row[2]), grants=row[3])
            for row in entitled.quotations(self.store, self.customer, self.product)
        )

    def _installed(self) -> tuple[InstalledFacts, ...]:
        if not (self.customer and "conflict" in self.kinds):
            return ()
        product = str(self.product_row[1]).casefold() if self.product_row else ""
        names = {
            name
            for rule in self.rules
            if rule.kind == "conflict" and product in ("", *(word.casefold() for word in rule.products))
            for name in rule.products
        }
        if not names or (self.thing.product and not product):
            return ()
        rows = entitled.installed(self.store, self.customer, sorted(names), self.day)
        return tuple(InstalledFacts(host=row[0], product=row[1], tcp_ip=bool(row[2])) for row in rows)


# -- from rows to facts ---------------------------------------------------------------------------


def _words(text: str) -> str:
    return " ".join(text.split())


def _day(text: str) -> date | None:
    """A day as it is stored; one that can't be read isn't known, and opens no hole in the ticket."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _money(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _licence(row: tuple[Any, ...], product: str) -> LicenceFacts:
    return LicenceFacts(
        id=row[0], number=row[1], product=product, edition=row[2], purchased_on=_day(row[3]),
        shipped_on=_day(row[4]), ended_on=_day(row[5]), monthly_charge=_money(row[6]),
        charge_paid_to=_day(row[7]), package=row[8],
    )  # fmt: skip


def _period(row: tuple[Any, ...]) -> PeriodFacts:
    last, ended = _day(row[4]), _day(row[5])
    if ended is not None and (last is None or ended < last):
        last = ended
    return PeriodFacts(
        id=row[0], number=row[1], plan=row[2], first=_day(row[3]), last=last, package=row[6] or row[0]
    )


def _spellings(text: str, product: str) -> list[str]:
    """A release as people write it: "7.2", "v7.2", "HyperIP 7.2"."""
    found = [text]
    if product and text.casefold().startswith(product.casefold() + " "):
        found.append(text[len(product) + 1 :])
    found += [bare for one in tuple(found) if (bare := _VERSION_WORDS.sub("", one)) != one]
    return found


def _release(rows: list[tuple[Any, ...]], editions: set[str]) -> ReleaseFacts:
    """The release, of the edition that was bought where there are several, with its first follower."""
    best = min(rows, key=lambda row: (row[1].casefold() not in editions, row[1] != "", row[1], row[0]))
    mine = [row for row in rows if (row[0], row[1]) == (best[0], best[1])]
    followers = sorted((row[6] or "9999-12-31", f"{row[5]} {row[4]}", row[6]) for row in mine if row[4])
    return ReleaseFacts(
        name=best[0],
        edition=best[1],
        released_on=_day(best[2]),
        support_ends_on=_day(best[3]),
        follower=followers[0][1] if followers else "",
        followed_on=_day(followers[0][2]) if followers else None,
        newer=best[7],
    )
