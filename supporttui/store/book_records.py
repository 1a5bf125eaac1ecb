"""The records of the book, frozen: what was sold to whom, what runs where, what was agreed.

Dates are civil dates (None: unknown); in whose zone a day begins is the policy's to say.
Money is Decimal in the currency beside it (None: unknown).  A reference is the id of another
record, 0 for none.  version grows by one with every change.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """A customer.  key: the customer's number or short name.  plan: the policy's.  zone: IANA, "" unknown."""

    id: int = 0
    name: str
    key: str = ""
    plan: str = ""
    zone: str = ""
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """Somebody at a customer."""

    id: int = 0
    customer: int
    name: str
    email: str = ""
    phone: str = ""
    site: int = 0
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place of a customer.  code: the site ID.  zone: "" is the customer's."""

    id: int = 0
    customer: int
    code: str
    name: str = ""
    zone: str = ""
    address: str = ""
    phone: str = ""
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product; family joins those that belong together."""

    id: int = 0
    name: str
    family: str = ""
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of a product.

    name: its level ("7.2").  kind: "major", "minor", "service" or "".  replaces: the release that it
    follows, of this product or, for a replacement product, of another.  support_ends_on: the last day of
    support where the vendor announced one of its own; it goes before the policy's days.
    """

    id: int = 0
    product: int
    name: str
    edition: str = ""
    kind: str = ""
    released_on: date | None = None
    replaces: int = 0
    support_ends_on: date | None = None
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OsRelease:
    """A release of an operating system.  accessed_on: when the team got access to it."""

    id: int = 0
    os: str
    name: str
    accessed_on: date | None = None
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A product that a customer bought or rents.

    price: what was paid for it once.  monthly_charge: with charge_paid_to the last day that is paid for
    (None: nobody keeps it, taken as paid).  users_added: since the purchase, not in the price.
    ended_on: its last day, if it ended.  package: the first contract of the chain that covers it.
    """

    id: int = 0
    customer: int
    product: int
    number: str = ""
    site: int = 0
    edition: str = ""
    users: int = 0
    users_added: int = 0
    purchased_on: date | None = None
    shipped_on: date | None = None
    ended_on: date | None = None
    price: Decimal | None = None
    currency: str = ""
    monthly_charge: Decimal | None = None
    charge_paid_to: date | None = None
    package: int = 0
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One period of a support package.

    start_on, end_on: first and last day.  ordered_on: when it was bought.  package: the first contract of
    its chain of renewals, its own id for the first.  ended_on: its last day, if it was ended early.
    """

    id: int = 0
    customer: int
    plan: str
    number: str = ""
    ordered_on: date | None = None
    start_on: date | None = None
    end_on: date | None = None
    ended_on: date | None = None
    price: Decimal | None = None
    currency: str = ""
    package: int = 0
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A CPU of a customer on which products are installed."""

    id: int = 0
    customer: int
    name: str
    site: int = 0
    os: str = ""
    os_release: str = ""
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A product on a host.  tcp_ip: it is set up to use TCP/IP.  release: 0 unknown."""

    id: int = 0
    host: int
    product: int
    release: int = 0
    tcp_ip: bool = False
    installed_on: date | None = None
    removed_on: date | None = None
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    """A change of the host software that was noted.  product, host: 0 is all of the customer's.

    ended_on: the last day on which it was in place.
    """

    id: int = 0
    customer: int
    what: str
    product: int = 0
    host: int = 0
    noted_on: date | None = None
    authorised: bool = False
    authorised_by: str = ""
    ended_on: date | None = None
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A quotation that grants free support from support_from to support_to, both included.

    product: 0 is every product.  grants: in the quotation's words, what is free.  Without both days and
    these words it grants none; with one of them, a day that is missing is no limit.
    """

    id: int = 0
    customer: int
    number: str
    product: int = 0
    quoted_on: date | None = None
    support_from: date | None = None
    support_to: date | None = None
    grants: str = ""
    notes: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """An error that is known.

    found_in: the releases that show it, by name, with commas ("" is all).  state: "reported",
    "confirmed", "workaround" (one was given), "planned" (a correction, for fixed_in) or "fixed".
    fixed_in: a release.
    """

    id: int = 0
    product: int
    title: str
    symptom: str = ""
    workaround: str = ""
    found_in: str = ""
    state: str = "reported"
    fixed_in: int = 0
    reproducible: bool = False
    material: bool = False
    notes: str = ""
    version: int = 1
    removed: bool = False


Record = (
    CustomerRecord
    | ContactRecord
    | Site
    | Product
    | Release
    | OsRelease
    | Licence
    | Contract
    | Host
    | Installation
    | Modification
    | Quotation
    | KnownError
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEvent:
    """One line of the book's journal; never changed once written.

    kind, record: which record.  version: the record's after it.  what: "added", "changed", "removed",
    "restored".  data: {"set": {field: [old, new]}}.  inverse: {field: old}, what an undo writes back.
    undoes: id of the event that this one takes back, or 0.  batch: joins events of one action.
    after: the newest entry of the tickets' journal when it was written, so that both are one order.
    """

    id: int
    at: datetime
    actor: str
    kind: str
    record: int
    version: int
    what: str
    text: str = ""
    data: dict[str, object]
    inverse: dict[str, object]
    undoes: int = 0
    batch: str = ""
    after: int = 0
