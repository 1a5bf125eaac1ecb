"""Renewing support packages: what may be renewed when, at what price, and the renewal itself.

Invariant: the periods of a chain neither overlap nor, when renewed in time, leave a hole.
A renewal is written under the store's lock after the chain was read again there, so that
two consoles can't renew the same period twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from supporttui.errors import Conflict, NotFound, PolicyError, Refused, UsageError
from supporttui.policy import packages
from supporttui.policy.civil import find_zone
from supporttui.policy.packages import RENEWABLE, Item, Plan, Quote, State, Window
from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store import renewals as stored
from supporttui.terminal.safe import clean_line

from .act import transaction
from .look import snapshot
from .session import Desk

if TYPE_CHECKING:
    from supporttui.policy.records import PackageTable
    from supporttui.store.book_records import Contract, CustomerRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Everything that somebody needs to know before a period is renewed.

    days: the civil day, or days where the policy takes the better one.  renewed_by: the period that follows.
    first: the first day that a renewal would buy.  quotes: one for each plan that is sold; empty, and
    `trouble` says why, where the licences are priced in several currencies.
    """

    contract: Contract
    customer: CustomerRecord
    days: tuple[date, ...]
    state: State
    window: Window | None
    renewed_by: Contract | None
    first: date | None
    quotes: tuple[Quote, ...]
    trouble: str = ""

    @property
    def called(self) -> str:
        return called(self.contract)

    @property
    def renewable(self) -> bool:
        return self.state in RENEWABLE


@dataclass(frozen=True, slots=True)
class Renewed:
    """The period that a renewal bought.  text: what was done, in one line.  open: what sales must still settle."""

    contract: Contract
    quote: Quote
    text: str
    open: tuple[str, ...] = ()


# -- finding --------------------------------------------------------------------------------------


def called(contract: Contract) -> str:
    """How a contract is spoken of: its number, or #id."""
    return clean_line(contract.number) or f"#{contract.id}"


def find_contract(desk: Desk, reference: str) -> Contract:
    """The contract of a number (the latest period of its chain), or of #id.  Errors: NotFound, UsageError."""
    from .book import find

    contract: Contract = find(desk, "contract", reference)
    return contract


def rules_of(desk: Desk) -> PackageTable:
    """The policy's [package].  Errors: Refused for a policy that sells none."""
    if desk.policy.package is None:
        raise Refused(f"the policy '{desk.policy.name}' sells no support packages: it has no [package]")
    return desk.policy.package


def plan_of(desk: Desk, name: str) -> Plan:
    """The plan of this name or title; a number of years names the only plan of that length.  Errors: UsageError."""
    plans = packages.plans_of(desk.policy.file.plans)
    wanted = name.strip().casefold()
    for plan in plans:
        if wanted in (plan.name.casefold(), plan.title.casefold()):
            return plan
    long = [plan for plan in plans if wanted in (str(plan.years), f"{plan.years}y")]
    if len(long) == 1:
        return long[0]
    known = " or ".join(plan.name for plan in plans) or "none"
    raise UsageError(f"'{clean_line(name)}' is no plan that is sold; it may be {known}")


# -- days -----------------------------------------------------------------------------------------


def days_for(desk: Desk, zone: str) -> tuple[date, ...]:
    """Today as the policy's days_in counts it: the vendor's day, the customer's, or both for "either"."""
    policy, now = desk.policy, desk.now()
    vendors = now.astimezone(policy.zone).date()
    reading = policy.file.entitlement.days_in
    if reading == "vendor" or not zone:
        return (vendors,)
    try:
        theirs = now.astimezone(find_zone(zone)).date()
    except PolicyError:
        return (vendors,)
    return (theirs,) if reading == "customer" else tuple(dict.fromkeys((vendors, theirs)))


# -- offers ---------------------------------------------------------------------------------------


def offer(desk: Desk, contract: int, *, ordered_on: date | None = None) -> Offer:
    """What a renewal of this period would be, today or for an order of that day.

    Errors: NotFound; Refused for a policy without packages.
    """
    table = rules_of(desk)
    with snapshot(desk):
        period: Contract = book.get(desk.store, "contract", contract)
        customer: CustomerRecord = book.get(desk.store, "customer", period.customer)
        if period.removed or customer.removed:
            gone = f"contract {called(period)}" if period.removed else clean_line(customer.name)
            raise NotFound(f"{gone} was removed; undo brings it back")
        chain = stored.chain(desk.store, period.package or period.id)
        items = _items(desk, period)
    later = next((one for one in chain if _follows(one, period)), None)
    days = (ordered_on,) if ordered_on else days_for(desk, customer.zone)
    window = packages.window_of(period.end_on, table) if period.end_on else None
    state = _state(period, window, days, later is not None)
    first = _first_day(period, state, days, table)
    quotes, trouble = _quotes(desk, items, first, table)
    return Offer(
        contract=period, customer=customer, days=days, state=state, window=window, renewed_by=later, first=first,
        quotes=quotes, trouble=trouble,
    )  # fmt: skip


def quote(desk: Desk, contract: int, plan: str, *, ordered_on: date | None = None) -> Quote:
    """The price of renewing a period by a plan.  Errors: NotFound, UsageError, Refused."""
    return _of_plan(offer(desk, contract, ordered_on=ordered_on), plan_of(desk, plan))


def _of_plan(found: Offer, plan: Plan) -> Quote:
    for one in found.quotes:
        if one.plan == plan:
            return one
    raise Refused(f"contract {found.called}: {found.trouble}")


def _follows(one: Contract, period: Contract) -> bool:
    return one.id != period.id and (one.start_on or date.min) > (period.start_on or date.min)


def _state(period: Contract, window: Window | None, days: Iterable[date], renewed: bool) -> State:
    if window is None:
        return "unknown"
    if period.ended_on and period.ended_on < window.ends:
        return "ended"
    return packages.best_state(days, window, renewed=renewed)


def _first_day(period: Contract, state: State, days: tuple[date, ...], table: PackageTable) -> date | None:
    """A renewal begins when the old period ends; a package bought anew after a lapse, on the day of its order."""
    if state == "lapsed" and table.after_lapse == "new":
        return max(days)
    return packages.next_first(period.end_on) if period.end_on else None


def _items(desk: Desk, period: Contract) -> list[Item]:
    last = period.end_on.isoformat() if period.end_on else ""
    return [
        Item(
            product=clean_line(product), number=clean_line(number), edition=clean_line(edition), users=users,
            users_added=added, price=Decimal(price) if price else None, currency=currency,
        )
        for product, number, edition, users, added, price, currency in stored.covered(
            desk.store, period.package or period.id, last
        )
    ]  # fmt: skip


def _quotes(
    desk: Desk, items: list[Item], first: date | None, table: PackageTable
) -> tuple[tuple[Quote, ...], str]:
    if first is None:
        return (), "its last day isn't on file, so nothing can follow it"
    try:
        plans = packages.plans_of(desk.policy.file.plans)
        return tuple(packages.quote(items, plan, first, table) for plan in plans), ""
    except Refused as error:
        return (), str(error)


# -- renewing -------------------------------------------------------------------------------------


def renew(
    desk: Desk,
    contract: int,
    plan: str,
    *,
    ordered_on: date | None = None,
    price: Decimal | None = None,
    currency: str = "",
    number: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Renewed:
    """Write the period that follows this one.

    ordered_on: the civil day of the order, None for today.  price: as agreed; None takes the quote's, which
    stays open where it isn't final.  reason: renews outside the window, where the policy allows that.
    number: "" keeps the old one's, which then means the latest period.  seen: the version that the caller's
    screen showed.  Errors: NotFound, UsageError, Refused, Conflict.
    """
    from .book import add

    table, wanted = rules_of(desk), plan_of(desk, plan)
    with transaction(desk):
        found = offer(desk, contract, ordered_on=ordered_on)
        _check_seen(found.contract, seen)
        _check_order(desk, found, ordered_on)
        forced = _check_state(found, table, reason)
        quoted = _of_plan(found, wanted)
        values = _period(found, quoted, number, reason if forced else "") | _paid(
            found, quoted, price, currency
        )
        text = f"renewed {found.called} by {wanted.title}: {quoted.first} to {quoted.last}"
        text += f" (outside the window: {clean_line(reason)})" if forced else ""
        written: Contract = add(desk, "contract", values)
    left_open = () if values["price"] is not None else (*quoted.missing, *quoted.open)
    return Renewed(written, quoted, text, left_open)


def _check_seen(contract: Contract, seen: int | None) -> None:
    if seen is not None and seen != contract.version:
        raise Conflict(
            f"contract {called(contract)} changed while you looked: look again, then repeat",
            number=contract.id, seen=seen, current=contract.version,
        )  # fmt: skip


def _check_order(desk: Desk, found: Offer, ordered_on: date | None) -> None:
    today = max(days_for(desk, found.customer.zone))
    if ordered_on and ordered_on > today:
        raise Refused(f"an order of {ordered_on} lies ahead: today is {today}")
    begun = found.contract.start_on
    if ordered_on and begun and ordered_on < begun:
        raise Refused(
            f"contract {found.called} began on {begun}: it can't be renewed by an order of {ordered_on}"
        )


def _check_state(found: Offer, table: PackageTable, reason: str) -> bool:
    """Whether it is renewed outside the window, for a reason.  Errors: Refused."""
    if found.renewable or _anew(found, table):
        return False
    said = refusal(found, table)
    if found.state in ("early", "closed", "lapsed") and table.forced_with_reason:
        if reason.strip():
            return True
        raise Refused(f"{said}; a reason allows it all the same: --force --reason TEXT")
    raise Refused(said)


def _anew(found: Offer, table: PackageTable) -> bool:
    """Whether a package that lapsed may be bought anew."""
    return found.state == "lapsed" and table.after_lapse == "new"


def refusal(found: Offer, table: PackageTable) -> str:
    """Why a period can't be renewed, with its dates and the key of the policy that says so; "" when it can.

    What matters comes first: a line of the console may end before the dates of the period.
    """
    if _anew(found, table):
        return ""
    window, name = found.window, f"contract {found.called}"
    name += f" ({found.contract.start_on or '?'} to {found.contract.end_on or '?'})"
    if found.state == "renewed" and found.renewed_by:
        after = found.renewed_by
        return f"{name} is renewed already: {called(after)} runs from {after.start_on} to {after.end_on}"
    if found.state == "ended":
        return f"{name} was ended on {found.contract.ended_on}, before its time: it can't be renewed"
    if window is None:
        return f"{name} can't be renewed: its last day isn't on file"
    day = max(found.days)
    days, opens = (
        (table.purchase_days, "purchase_reading")
        if table.purchase_reading == "opens" and table.purchase_days < table.renewal_days
        else (table.renewal_days, "renewal_days")
    )
    if found.state == "early":
        span = f"from {window.opens} until {window.closes}"
        return (
            f"{found.called} can be renewed {span}, not on {day}: {days} days before its last day;"
            f" {name} (package.{opens})"
        )
    if found.state == "closed":
        return (
            f"{name} could be renewed until {window.closes}, not on {day}: at the latest {table.purchase_days} days "
            f"before its last day, {window.ends} (package.purchase_reading)"
        )
    if found.state == "lapsed":
        return (
            f"{found.called} lapsed: a renewal had to be ordered by {window.closes}, before the package expired, "
            f"and today is {day}; {name} (package.after_lapse)"
        )
    return ""


def _period(found: Offer, quoted: Quote, number: str, reason: str) -> dict[str, Any]:
    """The record of the next period, without its price."""
    old = found.contract
    return {
        "customer": old.customer,
        "plan": quoted.plan.name,
        "number": number.strip() or old.number,
        "ordered_on": _ordered(found),
        "start_on": quoted.first,
        "end_on": quoted.last,
        "package": old.package or old.id,
        "notes": f"renewed outside the window: {reason.strip()}" if reason else "",
    }


def _paid(found: Offer, quoted: Quote, price: Decimal | None, currency: str) -> dict[str, Any]:
    """Price and currency: as agreed, else the quote's where it is final, else open."""
    if price is not None and (not price.is_finite() or price < 0):
        raise UsageError(f"{price} is no price")
    known = quoted.currency or found.contract.currency
    if currency and known and currency != known:
        raise UsageError(f"the price is in {currency}, but contract {found.called} is in {known}")
    agreed = price if price is not None else quoted.price if quoted.final else None
    return {"price": agreed, "currency": known or currency}


def _ordered(found: Offer) -> date:
    """Of two days that the policy counts, the one on which the renewal is allowed."""
    window = found.window
    good = [day for day in found.days if window and packages.state_on(day, window) in RENEWABLE]
    return (good or list(found.days))[0]
