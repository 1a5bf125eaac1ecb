"""The sample desk's book: what the customers of the stories bought, run and were promised.

Written kind by kind straight into the empty store, because hundreds of verbs
would make a newcomer wait; what each record means is the same.  Days are told
from the desk's clock in the vendor's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from supporttui.desk.session import Desk
from supporttui.store import book

from . import holdings, stories
from .holdings import Package

if TYPE_CHECKING:
    from supporttui.policy.records import Choice

CENT = Decimal("0.01")


def write_book(desk: Desk) -> None:
    """Fill the book of an empty store as of the desk's clock."""
    _Book(desk).write()


def tie_known(desk: Desk, tickets: Iterable[tuple[int, str, str]]) -> None:
    """Link tickets, (number, product, subject), to the known errors that they are about, but for the newest of each:
    there the desk says what it is likely about."""
    known = {one.title: one for one in book.select(desk.store, "known-error")}
    of_product = {one.title: one.product for one in known.values()}
    names = {one.id: one.name for one in book.select(desk.store, "product")}
    about: dict[int, list[int]] = {}
    for number, product, subject in tickets:
        for title, words in stories.ABOUT.items():
            if names.get(of_product.get(title, 0)) == product and words in subject:
                about.setdefault(known[title].id, []).append(number)
    for error, numbers in about.items():
        for number in sorted(numbers)[: max(1, len(numbers) - 1)]:
            book.tie(desk.store, error, number)


class _Book:
    """Numbers every record as it is written, so that the next can point at it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.today: date = desk.now().astimezone(desk.policy.zone).date()
        self.plans: Mapping[int, Choice] = {one.years: one for one in desk.policy.file.plans if one.years}
        self.ids: dict[tuple[str, str], int] = {}

    def write(self) -> None:
        self._customers()
        self._products()
        bought = self._contracts()
        self._licences(bought)
        self._hosts()
        self._agreed()
        self._known_errors()
        self._history()

    def ago(self, days: int | None) -> date | None:
        """So many days before today; None stays unknown."""
        return None if days is None else self.today - timedelta(days)

    def put(self, kind: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Write rows, each under the name by which others find it."""
        numbered = []
        for number, (name, values) in enumerate(rows, 1):
            self.ids[kind, name] = number
            numbered.append({"id": number, **values})
        book.insert_many(self.desk.store, kind, numbered)

    def of(self, kind: str, name: str) -> int:
        return self.ids.get((kind, name), 0)

    # -- who ------------------------------------------------------------------------------------

    def _customers(self) -> None:
        amended = {name for kind, name, *_ in holdings.AMENDED if kind == "customer"}
        self.put("customer", [
            (one.name, {"name": one.name, "key": one.key, "zone": one.zone, "notes": holdings.NOTES.get(one.name, ""),
                        "version": 1 + (one.name in amended)})
            for one in holdings.HOUSES
        ])  # fmt: skip
        self.put("site", [
            (f"{one.name} {code}", {"customer": self.of("customer", one.name), "code": code, "name": name, "zone": zone})
            for one in holdings.HOUSES for code, name, zone in one.sites
        ])  # fmt: skip
        people = [(one.name, one.contact, one.email, one.phone, one.site) for one in stories.CUSTOMERS]
        self.put("contact", [
            (f"{customer} {name}", {
                "customer": self.of("customer", customer), "name": name, "email": email, "phone": phone,
                "site": self.of("site", f"{customer} {site}"),
            })
            for customer, name, email, phone, site in (*people, *holdings.MORE_PEOPLE)
            if self.of("customer", customer)
        ])  # fmt: skip

    # -- what -----------------------------------------------------------------------------------

    def _products(self) -> None:
        self.put(
            "product",
            [(name, {"name": name, "family": family}) for name, family in holdings.FAMILIES.items()],
        )
        rows: list[tuple[str, Mapping[str, Any]]] = []
        for product, releases in holdings.RELEASED.items():
            before = 0
            planned = [(name, None) for owner, name in holdings.PLANNED if owner == product]
            for name, days in (*releases, *planned):
                rows.append((f"{product} {name}", {
                    "product": self.of("product", product), "name": name, "released_on": self.ago(days), "replaces": before if days else 0,
                    "kind": "major" if name.endswith(".0") else "minor",
                }))  # fmt: skip
                before = len(rows)
        self.put("release", rows)
        self.put("os-release", [
            (f"{system} {name}", {"os": system, "name": name, "accessed_on": self.ago(days)})
            for system, name, days in holdings.SYSTEMS
        ])  # fmt: skip

    # -- what was sold --------------------------------------------------------------------------

    def _contracts(self) -> dict[str, tuple[int, date]]:
        """The packages, where the policy sells some; of each customer its first contract and first day."""
        rows: list[tuple[str, Mapping[str, Any]]] = []
        bought: dict[str, tuple[int, date]] = {}
        for package in holdings.PACKAGES if self.plans else ():
            first = len(rows) + 1
            terms = self._terms(package)
            bought[package.customer] = (first, terms[0][0])
            for start, end, ordered in terms:
                number = f"SMP-{3000 + len(rows) + 1}"
                rows.append((number, self._contract(package, number, first, start, end, ordered)))
        self.put("contract", rows)
        return bought

    def _terms(self, package: Package) -> list[tuple[date, date, date]]:
        """(first day, last day, ordered on) of each period, the oldest first."""
        last = self.today + timedelta(package.ends)
        terms: list[tuple[date, date, date]] = []
        end = last
        for _ in range(package.terms):
            start = _years_on(end + timedelta(1), -package.years)
            terms.insert(0, (start, end, start - timedelta(20)))
            end = start - timedelta(1)
        terms[0] = (*terms[0][:2], terms[0][0])
        if package.next:
            start = last + timedelta(1)
            terms.append((start, _years_on(start, package.years) - timedelta(1), self.today - timedelta(10)))
        return terms

    def _contract(
        self, package: Package, number: str, first: int, start: date, end: date, ordered: date
    ) -> Mapping[str, Any]:
        plan = self.plans.get(package.years) or next(iter(self.plans.values()))
        sold = [one for one in holdings.BOUGHT if one.customer == package.customer]
        total = sum((Decimal(one.price) for one in sold), Decimal())
        price = total * Decimal(plan.rate_percent or "0") / 100 * package.years
        return {
            "number": number, "customer": self.of("customer", package.customer), "plan": plan.name, "package": first,
            "ordered_on": ordered, "start_on": start, "end_on": end,
            "price": price.quantize(CENT, ROUND_HALF_UP), "currency": sold[0].currency if sold else "",
        }  # fmt: skip

    def _licences(self, bought: Mapping[str, tuple[int, date]]) -> None:
        """Where packages are sold a licence has no monthly charge, and the package begins with its purchase."""
        rows: list[tuple[str, Mapping[str, Any]]] = []
        for place, one in enumerate(holdings.BOUGHT, 1):
            package, first = bought.get(one.customer, (0, None))
            purchased = first or self.today - timedelta(one.purchased)
            number = f"L-{5000 + place}"
            rows.append((f"{one.customer} {one.product}", {
                "number": number, "customer": self.of("customer", one.customer), "product": self.of("product", one.product),
                "edition": one.edition, "users": one.users, "users_added": one.added, "purchased_on": purchased,
                "shipped_on": purchased + timedelta(one.purchased - one.shipped), "price": Decimal(one.price),
                "currency": one.currency, "monthly_charge": Decimal(one.monthly) if one.monthly and not self.plans else None,
                "charge_paid_to": None if self.plans else self.ago(one.paid), "package": package,
            }))  # fmt: skip
        self.put("licence", rows)

    # -- what runs where, and what was agreed ---------------------------------------------------

    def _hosts(self) -> None:
        sites = {one.name: one.sites[0][0] for one in holdings.HOUSES}
        self.put("host", [
            (f"{one.customer} {one.name}", {
                "customer": self.of("customer", one.customer), "name": one.name, "os": one.os, "os_release": one.os_release,
                "site": self.of("site", f"{one.customer} {sites[one.customer]}"),
            })
            for one in holdings.HOSTS
        ])  # fmt: skip
        self.put("installation", [
            (f"{one.customer} {one.name} {product}", {
                "host": self.of("host", f"{one.customer} {one.name}"), "product": self.of("product", product),
                "release": self.of("release", f"{product} {release}"), "tcp_ip": tcp_ip, "installed_on": self.ago(50),
            })
            for one in holdings.HOSTS for product, release, tcp_ip in one.runs
        ])  # fmt: skip

    def _agreed(self) -> None:
        self.put("modification", [
            (what, {
                "customer": self.of("customer", customer), "what": what, "product": self.of("product", product),
                "host": self.of("host", f"{customer} {host}"), "noted_on": self.ago(days), "authorised": bool(by),
                "authorised_by": by,
            })
            for customer, what, product, host, days, by in holdings.MODIFIED
        ])  # fmt: skip
        self.put("quotation", [
            (number, {
                "customer": self.of("customer", customer), "number": number, "product": self.of("product", product),
                "quoted_on": self.ago(days), "support_from": self.ago(days), "support_to": self.ago(-until), "grants": grants,
            })
            for customer, number, product, days, until, grants in holdings.QUOTED
        ])  # fmt: skip

    def _known_errors(self) -> None:
        self.put("known-error", [
            (title, {
                "title": title, "product": self.of("product", product), "symptom": symptom, "workaround": workaround,
                "found_in": found_in, "state": state, "fixed_in": self.of("release", f"{product} {fixed_in}"),
                "reproducible": True, "material": state in ("planned", "workaround"),
            })
            for title, product, symptom, workaround, found_in, state, fixed_in in holdings.KNOWN
        ])  # fmt: skip

    def _history(self) -> None:
        """Who entered the customers, and what a colleague changed since."""
        for one in holdings.HOUSES:
            days = max((sold.purchased for sold in holdings.BOUGHT if sold.customer == one.name), default=100)
            self._event(
                "customer", one.name, "mei", days, 1, "added", {"name": ["", one.name], "key": ["", one.key]}
            )
        for kind, name, actor, days, field, before in holdings.AMENDED:
            record = book.get(self.desk.store, kind, self.of(kind, name))
            self._event(kind, name, actor, days, 2, "changed", {field: [before, getattr(record, field)]})

    def _event(
        self,
        kind: str,
        name: str,
        actor: str,
        days: int,
        version: int,
        what: str,
        fields: Mapping[str, Sequence[str]],
    ) -> None:
        book.append_event(
            self.desk.store, at=self.desk.now() - timedelta(days), actor=actor, kind=kind, record=self.of(kind, name),
            version=version, what=what, data={"set": fields}, inverse={field: old for field, (old, _new) in fields.items()},
        )  # fmt: skip


def _years_on(day: date, years: int) -> date:
    """The same date so many years on; 29 February is 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
