"""What worked time costs: which rate, how it is rounded, what is added after hours.

Pure and exact: minutes are whole, money is Decimal.  Time is rounded up and never down: each
entry, or each day's work on a ticket, to whole units and to the minimum.  The surcharge counts on
the time outside of the calendar, rounded up to the unit by itself (all of what is billed when all
of it lay outside), so that cutting an entry in two never bills less time.  Only the amount of a
line is rounded, half up, to the currency's smallest unit; a total is the sum of its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from supporttui.policy.currencies import EXACT, minor_digits, rounded
from supporttui.policy.durations import Duration
from supporttui.quickclass import dataclass

if TYPE_CHECKING:
    from supporttui.policy.calendar import BusinessCalendar
    from supporttui.policy.records import BillingTable, RateTable
    from supporttui.policy.rules import Policy
    from supporttui.policy.timeline import Facts

# The verdicts after which work may be charged.
COVERAGES = ("discretion", "billable", "consulting", "uncovered")

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_LONGEST = 24 * 60

Per = Literal["entry", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What an hour costs.  unit, minimum: minutes.  hourly: None is not known.

    per: what is rounded together.  percent: added for time outside of the calendar (None: none).
    """

    name: str
    unit: int
    per: Per
    minimum: int = 0
    hourly: Decimal | None = None
    currency: str = ""
    percent: Decimal = Decimal(0)
    calendar: BusinessCalendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What some work comes to.

    worked: minutes as they were.  billed: after rounding up.  after_hours: how many of them
    carry the surcharge.  amount: in the rate's currency; None where no price is known.
    """

    worked: int
    billed: int
    after_hours: int
    amount: Decimal | None


class Billing:
    """The rates of a policy, ready to be asked."""

    def __init__(self, policy: Policy) -> None:
        table = policy.file.billing
        self.currency = table.currency
        self.expenses = table.expenses
        self.unrated = Rate(
            name="", unit=_minutes(table.unit), per=table.per, minimum=_minutes(table.minimum), currency=table.currency
        )  # fmt: skip
        self.rates = tuple(_rate(policy, one) for one in policy.file.rates)
        self._rules = tuple(
            (policy.matcher(one.when), (one.coverage,) if isinstance(one.coverage, str) else one.coverage)
            for one in policy.file.rates
        )

    def rate_for(self, facts: Facts, coverage: str) -> Rate | None:
        """The first rate for a ticket with these facts and this verdict.

        What is billed against the verdict ("covered", "unclear") takes the first whose `when` matches.
        """
        asked = coverage in COVERAGES
        for rate, (matcher, coverages) in zip(self.rates, self._rules, strict=True):
            if matcher.matches(facts) and (not coverages or not asked or coverage in coverages):
                return rate
        return None

    def named(self, name: str) -> Rate | None:
        """The rate of this name, case ignored."""
        return next((one for one in self.rates if one.name.casefold() == name.casefold()), None)


def _rate(policy: Policy, table: RateTable) -> Rate:
    whole = policy.file.billing
    calendar = policy.calendars[table.calendar] if table.calendar else policy.support_calendar
    return Rate(
        name=table.name,
        unit=_minutes(table.unit or whole.unit),
        per=table.per or whole.per,
        minimum=_minutes(table.minimum or whole.minimum),
        hourly=Decimal(table.hourly) if table.hourly else None,
        currency=table.currency or whole.currency,
        percent=Decimal(table.after_hours_percent or 0),
        calendar=calendar if table.after_hours_percent else None,
    )


def _minutes(duration: Duration | None) -> int:
    return duration.count // 60 if duration else 0


def round_up(minutes: int, unit: int, minimum: int = 0) -> int:
    """Whole units that hold the minutes, at least the minimum (itself in whole units); nothing stays nothing."""
    if minutes <= 0:
        return 0
    return -(-max(minutes, minimum) // unit) * unit


def price(rate: Rate, pieces: Sequence[tuple[datetime, int]]) -> Price:
    """What work comes to that is rounded together.  pieces: when each began (UTC), and its minutes."""
    worked = sum(minutes for _, minutes in pieces)
    billed = round_up(worked, rate.unit, rate.minimum)
    outside = _outside(rate, pieces)
    whole = outside >= worked * 60 > 0
    after = billed if whole else round_up(-(-outside // 60), rate.unit)
    if rate.hourly is None or not rate.currency:
        return Price(worked=worked, billed=billed, after_hours=after, amount=None)
    weighed = Decimal(billed) + Decimal(after) * rate.percent / 100
    exact = EXACT.divide(EXACT.multiply(rate.hourly, weighed), Decimal(60))
    return Price(worked=worked, billed=billed, after_hours=after, amount=rounded(exact, rate.currency))


def _outside(rate: Rate, pieces: Sequence[tuple[datetime, int]]) -> int:
    """Seconds outside of the rate's calendar; 0 where nothing is added for them."""
    if rate.calendar is None or not rate.percent:
        return 0
    seconds = 0
    for start, minutes in pieces:
        inside = rate.calendar.elapsed(start, start + timedelta(minutes=minutes))
        seconds += minutes * 60 - int(inside.total_seconds())
    return seconds


# -- what may be wrong with the tables ------------------------------------------------------------


def fault_of(table: BillingTable | RateTable) -> tuple[str, str] | None:
    """The key of what is wrong in a table, and what that is; None for nothing."""
    for key in ("unit", "minimum"):
        duration = getattr(table, key)
        if duration is not None and (wrong := _no_minutes(duration, least=0 if key == "minimum" else 1)):
            return key, wrong
    if table.currency and not _CURRENCY.fullmatch(table.currency):
        return "currency", f"'{table.currency}' is no currency; write its three letters, \"USD\""
    hourly, percent = getattr(table, "hourly", ""), getattr(table, "after_hours_percent", "")
    if hourly and not _AMOUNT.fullmatch(hourly):
        return "hourly", f'\'{hourly}\' is no amount; write "180" or "180.00"'
    if percent and not _PERCENT.fullmatch(percent):
        return "after_hours_percent", f"'{percent}' is no percentage; write \"50\""
    return None


def _no_minutes(duration: Duration, *, least: int) -> str:
    if duration.unit != "elapsed" or duration.count % 60:
        return f"'{duration}' must be whole minutes or hours, such as '15 min'"
    if not least <= duration.count // 60 <= _LONGEST:
        return f"'{duration}' is no part of a day; write 1 min to 24 hours"
    return ""


def findings(policy: Policy) -> Iterator[tuple[Literal["error", "warning", "note"], str, str]]:
    """For `policy check`: level, key and what may not be meant."""
    file = policy.file
    for n, (table, rate) in enumerate(zip(file.rates, policy.billing.rates, strict=True)):
        key = f"rate[{n}]"
        if table.hourly and not rate.currency:
            yield (
                "error",
                f"{key}.currency",
                f"'{table.name}' has an amount and no currency, so it bills no money",
            )
        elif table.hourly and -int(Decimal(table.hourly).as_tuple().exponent) > minor_digits(rate.currency):
            yield (
                "note", f"{key}.hourly",
                f"'{table.name}' is finer than {rate.currency} is; each line of a bill is rounded half up",
            )  # fmt: skip
        if rate.minimum % rate.unit:
            yield (
                "note", f"{key}.minimum",
                f"{rate.minimum} min is no whole number of units: the least that is billed is "
                f"{round_up(1, rate.unit, rate.minimum)} min",
            )  # fmt: skip
        if rate.percent and rate.calendar is not None and rate.calendar.always:
            yield (
                "warning",
                f"{key}.after_hours_percent",
                f"'{table.name}': its calendar never closes, so nothing is added",
            )
