"""What is known already when somebody begins to write a field: candidates, and facts of a customer or contact."""

from __future__ import annotations

from supporttui.quickclass import dataclass
from supporttui.store import book, customers, known, tickets
from supporttui.store.book_criteria import begins, of_named

from .look import snapshot
from .session import Desk

MOST = 50
LISTS = {
    "channel": "channels",
    "category": "categories",
    "environment": "environments",
    "plan": "plans",
}


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer that the desk knows, or has had tickets of.

    plan, site, zone: "" when unknown; zone is an IANA name.  open: open tickets.
    """

    name: str
    plan: str = ""
    site: str = ""
    zone: str = ""
    open: int = 0


@dataclass(frozen=True, slots=True)
class ContactFacts:
    name: str
    email: str = ""
    phone: str = ""


def candidates(
    desk: Desk, field: str, prefix: str, *, customer: str = "", product: str = "", limit: int = MOST
) -> list[str]:
    """Values that begin like `prefix`, case ignored; of this customer or product where they are given."""
    with snapshot(desk):
        found = _candidates(desk, field, prefix.strip(), customer.strip(), product.strip(), limit)
    seen: dict[str, str] = {}
    for value in found:
        seen.setdefault(value.casefold(), value)
    return sorted(seen.values(), key=str.casefold)[:limit]


def _candidates(desk: Desk, field: str, prefix: str, customer: str, product: str, limit: int) -> list[str]:
    if field in LISTS and (listed := getattr(desk.policy, LISTS[field])):
        return _beginning(listed, prefix)
    if field == "customer":
        named = [one.name for one in customers.find(desk.store, prefix, limit)]
        return [*named, *tickets.suggest(desk.store, "customer", prefix, limit)]
    if field == "product":
        listed = _beginning(desk.policy.vendor.products, prefix)
        listed += _of_book(desk, "product", "name", prefix, limit)
        return [*listed, *tickets.suggest(desk.store, "product", prefix, limit)]
    if field == "contact" and customer:
        names = _beginning([one.name for one in customers.contacts(desk.store, customer)], prefix)
        return [*names, *known.values(desk.store, field, prefix, of="customer", named=customer, limit=limit)]
    if field == "site" and customer:
        codes = _of_book(desk, "site", "code", prefix, limit, "customer", customer)
        return [*codes, *known.values(desk.store, field, prefix, of="customer", named=customer, limit=limit)]
    if field == "release" and product:
        levels = _of_book(desk, "release", "name", prefix, limit, "product", product)
        return [*levels, *known.values(desk.store, field, prefix, of="product", named=product, limit=limit)]
    if field in ("contact", "site", "release", "contact_email", "contact_phone"):
        return []  # of everybody's, they would be no help
    if field in ("owner", "tags"):
        return tickets.suggest(desk.store, "tag" if field == "tags" else field, prefix, limit)
    return known.values(desk.store, field, prefix, limit=limit)


def _of_book(
    desk: Desk, kind: str, column: str, prefix: str, limit: int, owner: str = "", named: str = ""
) -> list[str]:
    """What the book calls its records that begin so: of the customer or product of this name, if one is given."""
    whose = [of_named(owner, named)] if owner else []
    found = book.select(desk.store, kind, begins(column, prefix), *whose, order=(column,), limit=limit)
    return [getattr(one, column) for one in found]


def _beginning(words: object, prefix: str) -> list[str]:
    low = prefix.casefold()
    return [word for word in words if word.casefold().startswith(low)]  # type: ignore[attr-defined]


def about_customer(desk: Desk, name: str) -> CustomerFacts | None:
    """What is known of a customer by the whole name, case ignored; None for one that is new."""
    name = " ".join(name.split())
    if not name:
        return None
    with snapshot(desk):
        kept = customers.get(desk.store, name)
        seen = known.latest(desk.store, ("site",), customer=name)
        spelled = [one for one in tickets.suggest(desk.store, "customer", name, 20) if _same(one, name)]
        if kept is None and not spelled:
            return None
        count = known.open_tickets(desk.store, name)
    plan, zone = (kept.plan, kept.zone) if kept else ("", "")
    return CustomerFacts(kept.name if kept else spelled[0], plan, seen["site"], zone, count)


def about_contact(desk: Desk, customer: str, name: str) -> ContactFacts | None:
    """E-mail and telephone of a customer's contact, kept or as on the newest tickets; None for one that is new."""
    if not customer.strip() or not name.strip():
        return None
    with snapshot(desk):
        kept = [one for one in customers.contacts(desk.store, customer.strip()) if _same(one.name, name)]
        seen = known.latest(
            desk.store, ("contact_email", "contact_phone", "contact"), customer=customer.strip(), contact=name.strip()
        )  # fmt: skip
    if not kept and not seen["contact"]:
        return None
    email = (kept[0].email if kept else "") or seen["contact_email"]
    phone = (kept[0].phone if kept else "") or seen["contact_phone"]
    return ContactFacts(kept[0].name if kept else seen["contact"], email, phone)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
