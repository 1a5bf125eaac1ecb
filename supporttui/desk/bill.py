"""A bill as records: its lines, what they add up to, and the JSON in which a frozen one is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a bill: an entry, a day's work on a ticket, an expense or a credit.

    number: its place, from 1.  kind: "time", "expense" or "credit".  day: in the vendor's zone.
    worked, billed, after_hours: minutes; billed is 0 for what isn't billable, and below 0 in a credit.
    amount: in `currency`; None where no money is due or no price is known, which `note` tells.
    late: the frozen month that the work belongs to, "" for this bill's own.  rows: ids in `worked`.
    """

    number: int = 0
    kind: str = "time"
    day: date
    ticket: int
    customer: str = ""
    actor: str = ""
    worked: int = 0
    billed: int = 0
    after_hours: int = 0
    billable: bool = False
    verdict: str = ""
    clause: str = ""
    reason: str = ""
    what: str = ""
    rate: str = ""
    hourly: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    text: str = ""
    receipt: str = ""
    late: str = ""
    note: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What some lines add up to.  Minutes; money by currency, and of which expenses and credits.

    unpriced: billed minutes for which no price is known.  unclear: worked minutes on which no verdict
    could be given and nobody decided.
    """

    worked: int = 0
    billable: int = 0
    not_billable: int = 0
    unclear: int = 0
    billed: int = 0
    after_hours: int = 0
    unpriced: int = 0
    money: Mapping[str, Decimal] = field(default_factory=dict)
    expenses: Mapping[str, Decimal] = field(default_factory=dict)
    credits: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A month's bill.

    zone: the vendor's.  frozen_at: None while the month is open.  intact: the kept lines are those that
    the digest was made of.  later: entries of this month that came after it was frozen;
    goes_to: the open month that they are billed with.
    """

    month: str
    zone: str
    policy: str
    lines: tuple[Line, ...]
    frozen_at: datetime | None = None
    frozen_by: str = ""
    digest: str = ""
    intact: bool = True
    later: int = 0
    goes_to: str = ""

    @property
    def sums(self) -> Sums:
        return add_up(self.lines)


# -- sums -----------------------------------------------------------------------------------------


def add_up(lines: Iterable[Line]) -> Sums:
    """What lines add up to: each amount is rounded already, so a total is exactly their sum."""
    held = tuple(lines)
    charged = [one for one in held if one.amount is not None]
    return Sums(
        worked=sum(one.worked for one in held),
        billable=sum(one.worked for one in held if one.billable),
        not_billable=sum(one.worked for one in held if not one.billable),
        unclear=sum(one.worked for one in held if one.verdict == "unclear" and not one.reason),
        billed=sum(one.billed for one in held),
        after_hours=sum(one.after_hours for one in held),
        unpriced=sum(one.billed for one in held if one.amount is None),
        money=_by_currency(charged),
        expenses=_by_currency(one for one in charged if one.kind == "expense"),
        credits=_by_currency(one for one in charged if one.kind == "credit"),
    )


def _by_currency(lines: Iterable[Line]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in lines:
        found[line.currency] = found.get(line.currency, Decimal(0)) + (line.amount or 0)
    return dict(sorted(found.items()))


def sums_by(lines: Sequence[Line], key: Callable[[Line], Any]) -> list[tuple[Any, Sums]]:
    """Sums for each customer, ticket or actor, in the order of their names."""
    groups: dict[Any, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return [(name, add_up(groups[name])) for name in sorted(groups)]


def as_json(line: Line) -> dict[str, Any]:
    """A line as JSON keeps it: days and money as text."""
    values = {name: getattr(line, name) for name in Line.__dataclass_fields__}
    return {
        **values,
        "day": line.day.isoformat(),
        "hourly": None if line.hourly is None else f"{line.hourly:f}",
        "amount": None if line.amount is None else f"{line.amount:f}",
        "rows": list(line.rows),
    }


def from_json(values: Mapping[str, Any]) -> Line:
    """The line of `as_json`; keys that this version doesn't know are left out."""
    known = {name: value for name, value in values.items() if name in Line.__dataclass_fields__}
    known["day"] = date.fromisoformat(known["day"])
    known["rows"] = tuple(known["rows"])
    for name in ("hourly", "amount"):
        known[name] = None if known[name] is None else Decimal(known[name])
    return Line(**known)
