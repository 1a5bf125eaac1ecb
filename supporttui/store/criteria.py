"""What may be asked of the store: a small tree with resolved values.

The query language (desk/query) turns text into this; `store.query` turns it
into Peewee expressions from a fixed map of fields.  Instants are aware UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from supporttui.store.frozen import frozen

# "contains" and "starts" are for text fields only and look for the value as it is written (no wildcards).
Operator = Literal["=", "<", "<=", ">", ">=", "contains", "starts"]
Value = str | int | datetime | None

# Fields that a Compare may name.  Text fields compare without regard to case.
TEXT_FIELDS = frozenset(
    "status owner customer contact subject product release os os_release channel category "
    "environment plan site external_id tag".split()
)
NUMBER_FIELDS = frozenset("number severity version minutes_logged merged_into".split())
# "due": the urgent instant (earliest of overdue_since and next_due_at); "overdue_since" alone is also asked.
INSTANT_FIELDS = frozenset(
    "due reported_at updated_at resolved_at closed_at acknowledged_until snoozed_until overdue_since".split()
)
FLAG_FIELDS = frozenset("open paused merged".split())


@frozen
class Compare:
    """One comparison.  An empty text value with "=" asks for "unknown"; None for "not set"."""

    field: str
    operator: Operator
    value: Value


@frozen
class Flag:
    """A yes/no field that must be true.  "open" is: neither resolved, closed nor merged."""

    field: str


@frozen
class Words:
    """Full text: every word must occur in subject, description or journal; quoted = as a phrase."""

    text: str
    phrase: bool = False


@frozen
class AllOf:
    """All must hold; without parts: everything."""

    parts: tuple[Criterion, ...] = ()


@frozen
class AnyOf:
    """At least one must hold; without parts: nothing."""

    parts: tuple[Criterion, ...] = ()


@frozen
class Not:
    part: Criterion


Criterion = Compare | Flag | Words | AllOf | AnyOf | Not

SortKey = Literal[
    "due", "number", "severity", "reported", "updated", "status", "owner", "customer", "subject"
]


@frozen
class Sort:
    """Order of a list; the ticket number is always the last key, so that order is total."""

    key: SortKey = "due"
    descending: bool = False
