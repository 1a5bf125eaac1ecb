"""Customers and their contacts, found without regard to case."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, IntegerField, Model, TextField

from supporttui.errors import NotFound
from supporttui.store.columns import fold, storable
from supporttui.store.models import text_column
from supporttui.store.records import Contact, Customer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store


class CustomerRow(Model):
    id = BigAutoField()
    name = TextField()
    name_key = TextField()
    key = text_column()
    plan = text_column()
    zone = text_column()
    notes = text_column()
    version = BigIntegerField(default=1)
    removed = IntegerField(default=0)

    class Meta:
        table_name = "customer"


class ContactRow(Model):
    id = BigAutoField()
    customer = BigIntegerField()
    name = TextField()
    name_key = TextField()
    email = text_column()
    phone = text_column()
    version = BigIntegerField(default=1)

    class Meta:
        table_name = "contact"


_READ = (
    CustomerRow.id,
    CustomerRow.name,
    CustomerRow.key,
    CustomerRow.plan,
    CustomerRow.zone,
    CustomerRow.notes,
)


def ensure(
    store: Store,
    name: str,
    *,
    key: str = "",
    plan: str = "",
    zone: str = "",
    notes: str = "",
    actor: str = "",
    at: datetime | None = None,
) -> int:
    """The id of the customer with this name, written if it is new.

    What is given and not "" replaces what was known; the name stays as first written, and one that was
    removed from the book stays removed.  at, actor: when and by whom, for the book's journal; such a line has
    no inverse, since it came along with something else.
    """
    given = {"key": key, "plan": plan, "zone": zone, "notes": notes}
    facts = {field: storable(value) for field, value in given.items() if value}
    with store.writing():
        found = store.rows(
            CustomerRow.select(*_READ, CustomerRow.version).where(CustomerRow.name_key == fold(name))
        )
        if not found:
            row = {"name": storable(name), "name_key": fold(name), **facts}
            query = CustomerRow.insert(row)
            id = int(store.rows(query.returning(CustomerRow.id))[0][0])
            news = {field: [None, value] for field, value in {"name": row["name"], **facts}.items()}
            _note(store, id, 1, "added", row["name"], news, actor, at)
            return id
        known, version = _customer(found[0]), int(found[0][-1])
        news = {
            field: [getattr(known, field), value]
            for field, value in facts.items()
            if getattr(known, field) != value
        }
        if news:
            update = {field: pair[1] for field, pair in news.items()}
            store.changed(CustomerRow.update(version=version + 1, **update).where(CustomerRow.id == known.id))
            _note(store, known.id, version + 1, "changed", known.name, news, actor, at)
        return known.id


def _note(
    store: Store,
    id: int,
    version: int,
    what: str,
    name: str,
    news: dict[str, Any],
    actor: str,
    at: datetime | None,
) -> None:
    if at is None:
        return
    from supporttui.store.book import append_event

    append_event(
        store, at=at, actor=actor, kind="customer", record=id, version=version, what=what, text=f"customer {name}",
        data={"set": news},
    )  # fmt: skip


def get(store: Store, name: str) -> Customer | None:
    """The customer with this name, or None; one that was removed from the book is none."""
    query = CustomerRow.select(*_READ).where(CustomerRow.name_key == fold(name), CustomerRow.removed == 0)
    found = store.rows(query)
    return _customer(found[0]) if found else None


def find(store: Store, prefix: str = "", limit: int = 20) -> list[Customer]:
    """Customers whose names begin like `prefix`, by name."""
    low = fold(prefix)
    query = CustomerRow.select(*_READ).where(
        CustomerRow.name_key >= low, CustomerRow.name_key < low + "\U0010ffff", CustomerRow.removed == 0
    )
    return [_customer(row) for row in store.rows(query.order_by(CustomerRow.name_key).limit(limit))]


def _customer(row: tuple[Any, ...]) -> Customer:
    return Customer(id=row[0], name=row[1], key=row[2], plan=row[3], zone=row[4], notes=row[5])


def add_contact(store: Store, customer: str, name: str, *, email: str = "", phone: str = "") -> int:
    """The id of a customer's contact, written if it is new; given facts replace known ones.

    Raises NotFound when there is no such customer.
    """
    owner = get(store, customer)
    if owner is None:
        raise NotFound(f"no customer {customer}; add the customer first")
    facts = {field: storable(value) for field, value in (("email", email), ("phone", phone)) if value}
    row = {"customer": owner.id, "name": storable(name), "name_key": fold(name), **facts}
    with store.writing():
        query = ContactRow.insert(row).on_conflict(
            conflict_target=[ContactRow.customer, ContactRow.name_key],
            update={**facts, "version": ContactRow.version + 1} if facts else {"name_key": fold(name)},
        )
        return int(store.rows(query.returning(ContactRow.id))[0][0])


def contacts(store: Store, customer: str) -> list[Contact]:
    """A customer's contacts by name; [] for a customer that isn't known."""
    found = store.execute(
        "SELECT p.id, c.name, p.name, p.email, p.phone FROM contact p JOIN customer c ON c.id = p.customer "
        "WHERE c.name_key = ? AND c.removed = 0 AND p.removed = 0 ORDER BY p.name_key",
        (fold(customer),),
    )
    return [Contact(id=row[0], customer=row[1], name=row[2], email=row[3], phone=row[4]) for row in found]
