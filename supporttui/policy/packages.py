"""Support packages: for how long a period runs, when it may be renewed, and what the next one costs.

All days are civil dates, first and last day included.  Invariants: the next
period begins on the day after the last one, whenever it was ordered, so that
periods renewed in time neither overlap nor leave a hole; a price is never
guessed: what isn't on file is named, and then there is no price.

Source: X NET's page about its Support and Maintenance Package; which of its
sentences are read how is in the policy's [package] table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from supporttui.errors import Refused
from supporttui.policy.currencies import EXACT, minor_digits, money, rounded
from supporttui.quickclass import dataclass

if TYPE_CHECKING:
    from supporttui.policy.records import Choice, PackageTable

State = Literal["early", "open", "last-call", "closed", "renewed", "lapsed", "ended", "unknown"]
"""early: not to be renewed yet; open; last-call: open, and the console urges; closed: too late to buy,
not expired yet (reading "latest"); renewed already; lapsed; ended before its time; unknown: no last day on file."""

Level = Literal["error", "warning", "note"]
RENEWABLE: frozenset[str] = frozenset({"open", "last-call"})
_DAY = timedelta(days=1)


# -- periods --------------------------------------------------------------------------------------


def term_end(first: date, years: int) -> date:
    """The last day of a period: the day before the same date some years later.

    From 29 February, where that year has none, the next term begins on 1 March.
    Errors: Refused beyond the year 9999.
    """
    if first.year + years > date.max.year:
        raise Refused(f"a period of {years} years from {first} would end after the year {date.max.year}")
    try:
        following = first.replace(year=first.year + years)
    except ValueError:
        following = date(first.year + years, 3, 1)
    return following - _DAY


def next_first(last: date) -> date:
    """The first day of the period that follows one whose last day this is.  Errors: Refused at the end of time."""
    if last == date.max:
        raise Refused(f"nothing follows {last}")
    return last + _DAY


# -- windows --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """When a period may be renewed, both days included; closes < opens: never.

    ends: the period's last day.  urged_from: the first day on which the console urges; None: it doesn't.
    """

    opens: date
    closes: date
    ends: date
    urged_from: date | None = None


def window_of(last: date, table: PackageTable) -> Window:
    """The window of a period with this last day.

    renewal_days: X NET's sentence about renewals, which may be early by 90 days.  purchase_days: its sentence
    about buying, two weeks before the end, as purchase_reading says: "last-call", "opens" or "latest".
    """
    opens, two_weeks = _before(last, table.renewal_days), _before(last, table.purchase_days)
    if table.purchase_reading == "opens":
        return Window(max(opens, two_weeks), last, last)
    if table.purchase_reading == "latest":
        return Window(opens, two_weeks, last)
    return Window(opens, last, last, two_weeks)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days) if day.toordinal() > days else date.min


def state_on(day: date, window: Window, *, renewed: bool = False) -> State:
    """Where a period stands on a civil day.  renewed: a later period of its chain is on file."""
    if renewed:
        return "renewed"
    if day > window.ends:
        return "lapsed"
    if day > window.closes:
        return "closed"
    if day < window.opens:
        return "early"
    return "last-call" if window.urged_from is not None and day >= window.urged_from else "open"


def best_state(days: Iterable[date], window: Window, *, renewed: bool = False) -> State:
    """The state on the best of several civil days for the customer: one on which it may be renewed, if any."""
    states = [state_on(day, window, renewed=renewed) for day in days]
    for better in ("open", "last-call", "renewed", "closed", "early"):
        if better in states:
            return better
    return states[0]


# -- plans and prices -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that can be bought.  percent: of the total purchase price, for each of its years."""

    name: str
    title: str
    years: int
    percent: Decimal

    @property
    def factor(self) -> Decimal:
        """What the total purchase price is multiplied by: 0.15 for a year at 15 %, 0.2 for two at 10 %."""
        return self.percent * self.years / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A licence that a package covers.  price: what the product cost, None unknown.  users_added: since then."""

    product: str
    number: str = ""
    edition: str = ""
    users: int = 0
    users_added: int = 0
    price: Decimal | None = None
    currency: str = ""

    @property
    def called(self) -> str:
        return f"{self.product} ({self.number})" if self.number else self.product or "a licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a plan costs for a list of licences.

    first, last: the days that it buys.  base: total purchase price of those that have one.  shares: for each
    licence what it adds to the price, rounded where the policy rounds lines, exact where it rounds the
    total; None without a price.  price: None while something is missing.  missing: what isn't
    on file, one line each.  open: what sales must settle, so that the price isn't final.
    """

    plan: Plan
    first: date
    last: date
    items: tuple[Item, ...]
    shares: tuple[Decimal | None, ...]
    currency: str
    base: Decimal
    price: Decimal | None
    rule: str
    missing: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def final(self) -> bool:
        """Whether the price stands as it is, without sales."""
        return self.price is not None and not self.open

    @property
    def priced(self) -> str:
        """The price in words: "MYR 1,250.00", "MYR 1,250.00, not final" or "not known"."""
        if self.price is None:
            return "not known"
        return money(self.price, self.currency) + ("" if self.final else ", not final")


def plans_of(choices: Sequence[Choice]) -> tuple[Plan, ...]:
    """The plans of a policy that are sold: those with years and a percentage."""
    return tuple(
        Plan(each.name, each.title or each.name, each.years, Decimal(each.rate_percent))
        for each in choices
        if each.years > 0 and each.rate_percent
    )


def quote(items: Sequence[Item], plan: Plan, first: date, table: PackageTable) -> Quote:
    """The price of a plan from `first` on: percent x years x total purchase price, rounded as the policy says.

    Errors: Refused for licences in several currencies: their prices can't be added up.
    """
    currency = currency_of(items, table)
    known = [None if _lack(item, table) else item.price for item in items]
    shares = tuple(
        None if price is None else share_of(price, plan.factor, currency, table) for price in known
    )
    missing = tuple(_missing(items, table))
    prices = [price for price in known if price is not None]
    total = None if missing else price_of(prices, plan.factor, currency, table)
    return Quote(
        plan=plan, first=first, last=term_end(first, plan.years), items=tuple(items), shares=shares,
        currency=currency, base=total_of(prices), price=total, rule=in_words(plan, currency, table), missing=missing,
        open=tuple(_open(items)),
    )  # fmt: skip


def currency_of(items: Sequence[Item], table: PackageTable) -> str:
    """The one currency of all licences that have a price, "" unknown.  Errors: Refused when they have several."""
    found = sorted({item.currency or table.currency for item in items if item.price is not None} - {""})
    if len(found) > 1:
        raise Refused(
            f"the licences of this package are priced in {' and '.join(found)}, which can't be added up: ask sales"
        )
    return found[0] if found else table.currency


def _lack(item: Item, table: PackageTable) -> str:
    """What a licence lacks to be priced, "" for nothing."""
    if item.price is None or not item.price.is_finite():
        return "purchase price"
    return "" if item.currency or table.currency else "currency"


def _missing(items: Sequence[Item], table: PackageTable) -> Iterator[str]:
    if not items:
        yield "no licence is on file for this package, so there is nothing to take a percentage of"
    for item in items:
        if lack := _lack(item, table):
            yield f"the {lack} of {item.called} isn't on file"


def _open(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if item.users_added:
            users = "1 user was" if item.users_added == 1 else f"{item.users_added} users were"
            yield f"{users} added to {item.called} since the purchase: the price isn't final, ask sales"


def share_of(price: Decimal, factor: Decimal, currency: str, table: PackageTable) -> Decimal:
    """What one licence adds to a price: rounded where the policy rounds lines, exact where it rounds the total."""
    exact = EXACT.multiply(price, factor)
    return rounded(exact, currency, table.rounding) if table.rounded == "lines" else exact


def price_of(prices: Sequence[Decimal], factor: Decimal, currency: str, table: PackageTable) -> Decimal:
    """The price of a plan with this `Plan.factor` for licences that cost so much, all in one currency."""
    if table.rounded == "lines":
        exact = total_of(share_of(price, factor, currency, table) for price in prices)
    else:
        exact = EXACT.multiply(prices[0] if len(prices) == 1 else total_of(prices), factor)
    return rounded(exact, currency, table.rounding)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts in one currency, exact."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


# -- in words -------------------------------------------------------------------------------------


def in_words(plan: Plan, currency: str, table: PackageTable) -> str:
    """ "15 % of the total purchase price for 1 year; the total is rounded half up to whole 0.01 MYR"."""
    whole = f"whole {Decimal(1).scaleb(-minor_digits(currency)):f} {currency}"
    unit = whole if currency else "the currency's smallest unit"
    years = "for 1 year" if plan.years == 1 else f"a year for {plan.years} years"
    what = "each product's share" if table.rounded == "lines" else "the total"
    how = {"half-up": "half up", "half-even": "half to even", "up": "up", "down": "down"}[table.rounding]
    return f"{plan.percent:f} % of the total purchase price {years}; {what} is rounded {how} to {unit}"


def readings(table: PackageTable) -> Iterator[tuple[str, str]]:
    """(key, how it is read): for `policy check`, because the vendor's two sentences differ."""
    renewal, purchase = table.renewal_days, table.purchase_days
    yield (
        "package.renewal_days",
        f"a renewal can be ordered from {renewal} days before the last day of the running package until that "
        "day, both included; the new period begins on the day after it, whenever it was ordered",
    )
    said = {
        "last-call": f'"{_weeks(purchase)} before the last one expires" is read as the last call: from {purchase} days '
        "before the last day on the console urges, and nothing is refused for it",
        "opens": f'"{_weeks(purchase)} before the last one expires" is read as the opening: no package can be bought '
        f"earlier than {min(purchase, renewal)} days before the last day, in spite of renewal_days = {renewal}",
        "latest": f'"{_weeks(purchase)} before the last one expires" is read as the latest day: a package must be bought at '
        f"least {purchase} days before the last day, so renewals run from {renewal} to {purchase} days before it",
    }
    yield "package.purchase_reading", said[table.purchase_reading]
    lapsed = {
        "none": "a package that has lapsed can't be bought again",
        "new": "after a lapse a package can be bought anew; it begins on the day it is ordered, and the days "
        "between stay uncovered",
    }
    yield "package.after_lapse", lapsed[table.after_lapse]


def _weeks(days: int) -> str:
    if days % 7:
        return f"{days} days"
    return "1 week" if days == 7 else f"{days // 7} weeks"


def faults(table: PackageTable, plans: Sequence[Choice]) -> Iterator[tuple[Level, str, str]]:
    """(level, key, message) of what means something that nobody wants, for `policy check`."""
    if not plans_of(plans):
        yield "error", "package", "no [[plan]] has years and rate_percent: there is nothing to sell or renew"
    for n, plan in enumerate(plans):
        if bool(plan.years) != bool(plan.rate_percent):
            lacks = "rate_percent" if plan.years else "years"
            yield "warning", f"plan[{n}].{lacks}", f"'{plan.name}' has none, so it can't be sold"
    if table.purchase_reading == "latest" and table.purchase_days > table.renewal_days:
        said = f"renewals would close {table.purchase_days} days before the last day and open {table.renewal_days} days before"
        yield "error", "package.purchase_days", f"{said}: nobody can ever renew"
    elif table.purchase_days > table.renewal_days:
        said = f"longer than renewal_days = {table.renewal_days}, so it changes nothing"
        yield "note", "package.purchase_days", said
