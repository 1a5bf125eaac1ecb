"""The list of renewals: which packages end soon, what state each is in, and what the next term would cost.

Made to go through a hundred thousand contracts at once: what depends only on a last day is
worked out once for each such day, and prices are those of `policy.packages.price_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from supporttui.errors import Refused
from supporttui.policy import packages
from supporttui.policy.packages import Plan, State
from supporttui.quickclass import dataclass
from supporttui.store import renewals as stored

from .contracts import days_for, rules_of
from .look import snapshot
from .session import Desk

if TYPE_CHECKING:
    from supporttui.policy.records import PackageTable

LISTED: frozenset[str] = frozenset({"early", "open", "last-call", "closed"})
MOST, MOST_LAPSED = 400, 100  # rows of a console's list
_FIRST, _LAST = "0001-01-01", "9999-12-31"


class Renewal(NamedTuple):
    """A package whose running period ends.

    prices: one for each plan that is sold, in the policy's order; None where it isn't known.  final:
    whether they stand without sales.  trouble: why a price isn't known, or isn't final, "" otherwise.
    opens, closes: first and last day on which it may be renewed.
    """

    contract: int
    number: str
    version: int
    package: int
    customer: int
    customer_name: str
    plan: str
    first: str
    last: date
    opens: date
    closes: date
    state: State
    products: tuple[str, ...]
    currency: str
    prices: tuple[Decimal | None, ...]
    trouble: str

    @property
    def called(self) -> str:
        """Its number, or #id."""
        return self.number or f"#{self.contract}"

    @property
    def final(self) -> bool:
        return not self.trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Renewals as a console shows them: those that end soon, and those that lapsed lately.

    day: the vendor's civil day.  ahead: how many days it looks both ways.  more: those that end later than
    the last of `rows`.  trouble: why there are none at all ("" there may be).
    """

    at: datetime
    day: date
    ahead: int
    rows: tuple[Renewal, ...] = ()
    plans: tuple[Plan, ...] = ()
    more: int = 0
    trouble: str = ""


def board(desk: Desk) -> Board:
    """The list for a console: at most MOST that end soon, then the MOST_LAPSED that lapsed last, the latest first."""
    day = max(days_for(desk, ""))
    try:
        table = rules_of(desk)
    except Refused as refused:
        return Board(at=desk.now(), day=day, ahead=0, trouble=str(refused))
    ahead = table.renewal_days
    # Where the customers' days count, theirs may be another one than the vendor's.
    slack = 0 if desk.policy.file.entitlement.days_in == "vendor" else 1
    soon = (_iso(_moved(day, -slack)), _iso(_moved(day, ahead)))
    past = (_iso(_moved(day, -ahead)), _iso(_moved(day, slack - 1)))
    with snapshot(desk):
        ending = stored.standing(desk.store, *soon, MOST)
        lapsed = stored.standing(desk.store, *past, MOST_LAPSED, latest=True)
        count = stored.count_standing(desk.store, *soon)
    rows = list(_rows(desk, ending, table))
    here = [row for row in rows if row.state in LISTED]
    gone = [row for row in _rows(desk, lapsed, table) if row.state == "lapsed"]
    return Board(
        at=desk.now(),
        day=day,
        ahead=ahead,
        rows=(*here, *reversed(gone)),
        plans=plans(desk),
        more=count - len(rows),
    )


def plans(desk: Desk) -> tuple[Plan, ...]:
    """The plans that `Renewal.prices` has prices of, in that order."""
    return packages.plans_of(desk.policy.file.plans)


def renewals(
    desk: Desk,
    *,
    within: timedelta | int | None = None,
    lapsed: timedelta | int = 0,
    everything: bool = False,
) -> list[Renewal]:
    """A row for each package, the one that ends first at the top.

    within: those whose last day lies at most so many days ahead; None: as many as the policy lets people
    renew in advance.  lapsed: those that lapsed at most so many days ago as well.  everything: every period,
    whatever its last day, renewed and ended ones too.  Errors: Refused for a policy without packages.
    """
    table = rules_of(desk)
    ahead = table.renewal_days if within is None else _days(within)
    today = max(days_for(desk, ""))
    first, last = _moved(today, -_days(lapsed)), _moved(today, ahead)
    bounds = (_FIRST, _LAST) if everything else (_iso(_moved(first, -1)), _iso(_moved(last, 1)))
    with snapshot(desk):
        found = stored.periods(desk.store, *bounds)
    rows = _rows(desk, found, table)
    if everything:
        return list(rows)
    return [row for row in rows if row.last <= last and _listed(row, first if lapsed else None)]


def _listed(row: Renewal, lapsed_since: date | None) -> bool:
    if row.state == "lapsed":
        return lapsed_since is not None and row.last >= lapsed_since
    return row.state in LISTED


def _days(length: timedelta | int) -> int:
    return length.days if isinstance(length, timedelta) else length


def _moved(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _iso(day: date) -> str:
    return day.isoformat()


def _rows(desk: Desk, found: Iterable[tuple[Any, ...]], table: PackageTable) -> Iterator[Renewal]:
    standing = _Standing(desk, table)
    pricing = _Pricing(plans(desk), table)
    for _, group in groupby(found, itemgetter(0)):
        lines = list(group)
        (contract, number, package, customer, name, zone, plan, first, end, ended, version, later, *_) = (
            lines[0]
        )
        last, opens, closes, state = standing(end, zone, later > 0, bool(ended) and ended < end)
        currency, prices, trouble = pricing(lines)
        products = tuple(line[12] for line in lines if line[12])
        yield Renewal(
            contract, number, version, package, customer, name, plan, first, last, opens, closes, state, products,
            currency, prices, trouble,
        )  # fmt: skip


class _Standing:
    """Last day, window and state, remembered for each last day."""

    def __init__(self, desk: Desk, table: PackageTable) -> None:
        self._desk, self._table = desk, table
        self._days: dict[str, tuple[date, ...]] = {}
        self._known: dict[tuple[str, str, bool, bool], tuple[date, date, date, State]] = {}

    def __call__(self, end: str, zone: str, renewed: bool, ended: bool) -> tuple[date, date, date, State]:
        key = (end, zone, renewed, ended)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._work_out(*key)
        return known

    def _work_out(self, end: str, zone: str, renewed: bool, ended: bool) -> tuple[date, date, date, State]:
        days = self._days.get(zone)
        if days is None:
            days = self._days[zone] = days_for(self._desk, zone)
        window = packages.window_of(date.fromisoformat(end), self._table)
        state: State = "ended" if ended else packages.best_state(days, window, renewed=renewed)
        return window.ends, window.opens, window.closes, state


class _Pricing:
    """Currency, prices and what is wrong with them, of the licences of one package."""

    def __init__(self, sold: Sequence[Plan], table: PackageTable) -> None:
        self._table = table
        self._factors = [plan.factor for plan in sold]
        self._none: tuple[Decimal | None, ...] = (None,) * len(sold)

    def __call__(self, lines: Sequence[tuple[Any, ...]]) -> tuple[str, tuple[Decimal | None, ...], str]:
        table, amounts, currencies, added = self._table, [], set(), 0
        for line in lines:
            price, currency = line[14], line[15] or table.currency
            if not price or not currency:
                return currency or "", self._none, _lack(lines, table)
            amounts.append(Decimal(price))
            currencies.add(currency)
            added += line[16]
        if len(currencies) > 1:
            return "", self._none, f"priced in {' and '.join(sorted(currencies))}"
        if len(amounts) > 1 and table.rounded == "total":
            amounts = [packages.total_of(amounts)]
        prices = tuple([packages.price_of(amounts, factor, currency, table) for factor in self._factors])
        trouble = f"{added} user{'' if added == 1 else 's'} added" if added else ""
        return currency, prices, trouble


def _lack(lines: Sequence[tuple[Any, ...]], table: PackageTable) -> str:
    if lines[0][12] is None and lines[0][13] is None:
        return "no licence on file"
    lacking = sum(not line[14] for line in lines)
    if lacking:
        return "no purchase price" if lacking == len(lines) == 1 else f"{lacking} without a purchase price"
    return "no currency"
