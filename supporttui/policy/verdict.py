"""What entitlement is decided on, and what is decided: plain records, nothing else.

A `Case` is everything that is known of a ticket, its customer and what that
customer bought, at one instant.  A `Verdict` is what is owed, by which clause,
from which facts, and on which day it would be otherwise.  All days are civil
dates; every limit is told as the last day on which something still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from supporttui.quickclass import dataclass

Coverage = Literal["covered", "discretion", "billable", "consulting", "uncovered", "unclear"]
"""covered; at the vendor's discretion (and billed); billable as time and materials; product
consulting; not covered; unclear: a fact that decides isn't on file (never a refusal)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceFacts:
    """One licence of the customer for the ticket's product.  package: the chain of contracts, 0 for none."""

    id: int = 0
    number: str = ""
    product: str = ""
    edition: str = ""
    purchased_on: date | None = None
    shipped_on: date | None = None
    ended_on: date | None = None
    monthly_charge: Decimal | None = None
    charge_paid_to: date | None = None
    package: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFacts:
    """One period of a support contract, first and last day included."""

    id: int = 0
    number: str = ""
    plan: str = ""
    first: date | None = None
    last: date | None = None
    package: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """The ticket's release.  followed_on: when its successor was released; follower: which that is.

    edition: which it is for, "" every one.  newer: a later release of which isn't on file what it follows.
    """

    name: str
    edition: str = ""
    released_on: date | None = None
    followed_on: date | None = None
    follower: str = ""
    newer: str = ""
    support_ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationFacts:
    """A change of the host software that was noted.  last: the last day on which it was in place."""

    what: str
    noted_on: date | None = None
    authorised: bool = False
    last: date | None = None
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledFacts:
    """A product on a host of the customer."""

    host: str
    product: str
    tcp_ip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationFacts:
    """Free support that a quotation grants, both days included; without days and words it grants none."""

    number: str
    first: date | None = None
    last: date | None = None
    grants: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """at: the instant decided for, aware UTC.  Empty text and empty tuples: nothing is on file.

    listed: whether the book has the customer; known_product, whether it has the product.
    whole: whether all of the customer's licences for the product are here, not only those that decide.
    os_accessed_on: when the team got access to the ticket's release of the operating system;
    known_os: whether the book has that release.
    """

    at: datetime
    severity: int = 0
    category: str = ""
    channel: str = ""
    environment: str = ""
    plan: str = ""
    customer: str = ""
    customer_zone: str = ""
    product: str = ""
    release: str = ""
    os: str = ""
    os_release: str = ""
    listed: bool = False
    known_product: bool = False
    whole: bool = True
    licences: Sequence[LicenceFacts] = ()
    periods: Sequence[PeriodFacts] = ()
    released: ReleaseFacts | None = None
    known_os: bool = False
    os_accessed_on: date | None = None
    modifications: Sequence[ModificationFacts] = ()
    installed: Sequence[InstalledFacts] = ()
    quotations: Sequence[QuotationFacts] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One rule's say.

    rule: its name in the policy.  coverage: what follows from it alone.  clause: the policy's own words
    for it.  text: in one line, why.  facts: (name, value) pairs that it used.  until: the last
    day on which it says this; None: nothing on file ends it.  then: what it says afterwards.
    advice: it decides nothing, but is to be told; loud: at the top, whatever the verdict.
    """

    rule: str
    coverage: Coverage
    clause: str
    text: str
    facts: Sequence[tuple[str, str]] = ()
    until: date | None = None
    then: Coverage | Literal[""] = ""
    advice: bool = False
    loud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the customer is owed at an instant.

    ground: the rule that decided; grounds: all that had a say, that one first; advice: what is
    to be told besides.  billed: how work is charged, "" for not at all ("time and materials",
    "product consulting").  effort: a word for what is covered less than in full ("best effort"), "" in full.
    plan: whose targets apply, "" none.  day, zone: the civil day that was decided on.
    changes_on: the first day on which the verdict would be another, and what it would become.
    missing: facts that aren't on file and would make it surer.
    """

    coverage: Coverage
    title: str
    billed: str = ""
    effort: str = ""
    ground: Ground
    grounds: Sequence[Ground] = ()
    advice: Sequence[Ground] = ()
    plan: str = ""
    day: date
    zone: str
    changes_on: date | None = None
    becomes: Coverage | Literal[""] = ""
    missing: Sequence[str] = ()
