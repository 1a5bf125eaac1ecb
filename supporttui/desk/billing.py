"""The bill of a month: what was worked and spent in it, rounded and priced by the policy.

A month runs in the vendor's zone, and work belongs to the month and day in which it began.  Once a
month is frozen its lines are kept as they were, with a digest, and never change: what is logged for
it later is billed with the next month that is still open, and a line that was wrong is taken back
by a credit there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.policy.rates import Rate, price
from supporttui.store import tickets, worked
from supporttui.store.worked import BilledMonth, Worked
from supporttui.when import instant_of

from . import check
from .act import Change, Entry, transaction
from .bill import Bill, Line, as_json, from_json
from .timeline import facts_of
from .worked import record_credit

if TYPE_CHECKING:
    from supporttui.store.records import Ticket

    from .session import Desk

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


# -- months ---------------------------------------------------------------------------------------


def read_month(text: str, now: datetime, zone: ZoneInfo) -> str:
    """ "2026-11" from itself, "this" or "last".  Errors: UsageError."""
    here = now.astimezone(zone)
    if text in ("", "this"):
        return f"{here:%Y-%m}"
    if text == "last":
        return shifted(f"{here:%Y-%m}", -1)
    if not _MONTH.fullmatch(text) or not 1970 <= int(text[:4]) <= 2999:
        raise UsageError(f"{check.quoted(text)} is no month; write 2026-11, this or last")
    return text


def shifted(month: str, by: int) -> str:
    """The month so many before or after."""
    years, months = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{years:04}-{months + 1:02}"


def span(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a month in a zone, and that of the next (UTC)."""
    first, after = (datetime(int(one[:4]), int(one[5:]), 1) for one in (month, shifted(month, 1)))  # noqa: DTZ001
    return instant_of(first, zone), instant_of(after, zone)


# -- the bill -------------------------------------------------------------------------------------


def bill(desk: Desk, month: str, *, customer: str = "", ticket: int = 0) -> Bill:
    """The bill of a month: its kept lines when it is frozen, else as they are now.

    month: "2026-11".  customer, ticket: only theirs.  Errors: PolicyError, StoreError.
    """
    with desk.store.read():
        kept = worked.billed_month(desk.store, month)
        whole = _kept(desk, kept) if kept else _open(desk, month)
    wanted = customer.casefold()
    lines = tuple(
        one
        for one in whole.lines
        if (not wanted or one.customer.casefold() == wanted) and ticket in (0, one.ticket)
    )
    return replace(whole, lines=lines)


def _open(desk: Desk, month: str) -> Bill:
    lines = _numbered(_lines(desk, month, _entries(desk, month)))
    return Bill(month=month, zone=str(desk.policy.zone), policy=desk.policy.name, lines=lines)


def _entries(desk: Desk, month: str) -> list[Worked]:
    """What a month's bill is made of: its own, and what came late to the frozen months right before it."""
    first, frozen = month, set(worked.frozen_months(desk.store))
    while (before := shifted(first, -1)) in frozen:
        first = before
    start, end = span(first, desk.policy.zone)[0], span(month, desk.policy.zone)[1]
    found = [*worked.unbilled(desk.store, start, end), *worked.efforts_alone(desk.store, start, end)]
    return sorted(found, key=lambda row: (row.started_at, row.entry))


def _lines(desk: Desk, month: str, rows: Sequence[Worked]) -> list[Line]:
    named = worked.tickets_named(desk.store, {row.ticket for row in rows})
    rates = _Rates(desk)
    groups: dict[Any, list[Worked]] = {}
    for row in rows:
        groups.setdefault(_together(row, rates, desk.policy.zone), []).append(row)
    made = (_line(desk, month, group, rates, named) for group in groups.values())
    return sorted(made, key=lambda one: (one.day, one.ticket))


class _Rates:
    """The rate of each row; a ticket's facts are read once, and only for rows that name no rate."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tickets: dict[int, Ticket | None] = {}

    def of(self, row: Worked) -> tuple[Rate, str]:
        """The rate, and what is to be noted of it."""
        billing = self._desk.policy.billing
        if row.rate:
            found = billing.named(row.rate)
            missing = f"the policy has no rate '{row.rate}'"
        else:
            found = self._chosen(row)
            missing = "no rate of the policy is for it"
        if found is None:
            return billing.unrated, missing
        return found, "" if found.hourly is not None else f"the rate '{found.name}' has no amount"

    def _chosen(self, row: Worked) -> Rate | None:
        if row.ticket not in self._tickets:
            self._tickets[row.ticket] = tickets.get(self._desk.store, row.ticket)
        ticket = self._tickets[row.ticket]
        return self._desk.policy.billing.rate_for(facts_of(ticket), row.verdict) if ticket else None


def _together(row: Worked, rates: _Rates, zone: ZoneInfo) -> Any:
    """What is the same for rows that are rounded together."""
    if row.kind == "time" and row.billable:
        rate, _note = rates.of(row)
        if rate.per == "day":
            return row.ticket, row.started_at.astimezone(zone).date(), rate.name
    return row.kind, row.id, row.entry


def _line(
    desk: Desk, month: str, rows: Sequence[Worked], rates: _Rates, named: Mapping[int, tuple[str, str]]
) -> Line:
    first = rows[0]
    begun = first.started_at.astimezone(desk.policy.zone)
    line = Line(
        kind=first.kind,
        day=begun.date(),
        ticket=first.ticket,
        customer=named.get(first.ticket, ("", ""))[0],
        actor=_joined(row.actor for row in rows),
        worked=sum(row.minutes for row in rows if row.kind == "time"),
        billable=first.billable,
        verdict=_joined(row.verdict for row in rows),
        clause=_joined(row.clause for row in rows),
        reason=_joined(row.reason for row in rows),
        what=first.what,
        text=_joined((row.text for row in rows), "; "),
        receipt=first.receipt,
        late=own if (own := f"{begun:%Y-%m}") != month else "",
        rows=tuple(row.id for row in rows if row.id),
    )
    if first.kind == "credit":
        return replace(line, billed=first.minutes, amount=first.amount, currency=first.currency)
    if first.kind == "expense":
        due = first.amount if first.billable else None
        note = "" if first.billable else f"{first.amount:f} {first.currency} is not charged"
        return replace(line, amount=due, currency=first.currency if first.billable else "", note=note)
    return _priced(line, rows, *rates.of(first)) if first.billable else line


def _priced(line: Line, rows: Sequence[Worked], rate: Rate, note: str) -> Line:
    due = price(rate, [(row.started_at, row.minutes) for row in rows])
    return replace(
        line,
        billed=due.billed,
        after_hours=due.after_hours,
        rate=rate.name,
        hourly=rate.hourly,
        amount=due.amount,
        currency=rate.currency if due.amount is not None else "",
        note=note,
    )


def _joined(words: Iterable[str], between: str = ", ") -> str:
    return between.join(dict.fromkeys(word for word in words if word))


def _numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(replace(line, number=number) for number, line in enumerate(lines, 1))


# -- freezing -------------------------------------------------------------------------------------


def freeze(desk: Desk, month: str) -> Bill:
    """Keep a month's bill as it is now, for good.

    Errors: Refused when the month isn't over, or was frozen before.
    """
    end = span(month, desk.policy.zone)[1]
    now = desk.now()
    if now < end:
        here = end.astimezone(desk.policy.zone)
        raise Refused(f"{month} is not over before {here:%Y-%m-%d %H:%M} {here.tzname()}: freeze it then")
    with transaction(desk):
        kept = worked.billed_month(desk.store, month)
        if kept is not None:
            raise Refused(f"{month} was frozen by {kept.frozen_by} on {kept.frozen_at:%Y-%m-%d} already")
        rows = [row if row.id else _with_row(desk, row) for row in _entries(desk, month)]
        lines = _numbered(_lines(desk, month, rows))
        said = {"month": month, "zone": str(desk.policy.zone), "policy": desk.policy.name}
        text = json.dumps({**said, "lines": [as_json(line) for line in lines]}, sort_keys=True)
        made = BilledMonth(month=month, frozen_at=now, frozen_by=desk.actor, digest=_digest(text), lines=text)
        worked.freeze(desk.store, made, [row.id for row in rows])
        return _kept(desk, made)


def _with_row(desk: Desk, row: Worked) -> Worked:
    """Time that had no row gets one, so that it is billed once."""
    return replace(row, id=worked.insert(desk.store, row))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def late_for(desk: Desk, at: datetime) -> tuple[str, str]:
    """For work that began then: its month, when that is frozen, and the open month that it is billed with."""
    month = f"{at.astimezone(desk.policy.zone):%Y-%m}"
    frozen = set(worked.frozen_months(desk.store))
    return (month, _next_open(month, frozen)) if month in frozen else ("", "")


def _next_open(month: str, frozen: set[str]) -> str:
    while (month := shifted(month, 1)) in frozen:
        pass
    return month


def _kept(desk: Desk, month: BilledMonth) -> Bill:
    held = json.loads(month.lines)
    start, end = span(month.month, ZoneInfo(held["zone"]))
    late = (worked.unbilled(desk.store, start, end), worked.efforts_alone(desk.store, start, end))
    return Bill(
        month=month.month,
        zone=held["zone"],
        policy=held["policy"],
        lines=tuple(from_json(line) for line in held["lines"]),
        frozen_at=month.frozen_at,
        frozen_by=month.frozen_by,
        digest=month.digest,
        intact=_digest(month.lines) == month.digest,
        later=sum(map(len, late)),
        goes_to=_next_open(month.month, set(worked.frozen_months(desk.store))),
    )


# -- credits --------------------------------------------------------------------------------------


def credit(desk: Desk, month: str, number: int, reason: str) -> Line:
    """Take a line of a frozen bill back, on the bill of the month that it is now; returns that line.

    The frozen bill stays as it is; the right time can be logged anew.  An undo takes the credit
    off while its own month is open.  Errors: NotFound, Refused, UsageError.
    """
    if not (why := " ".join(reason.split())):
        raise UsageError("say why the line is taken back")
    with transaction(desk):
        kept = worked.billed_month(desk.store, month)
        if kept is None:
            raise Refused(f"{month} isn't frozen: undo the entry instead, or log it again")
        line = next((one for one in _kept(desk, kept).lines if one.number == number), None)
        if line is None:
            raise NotFound(f"the bill of {month} has no line {number}")
        name = f"{month}#{number}"
        _check_credit(desk, line, name)
        row = Worked(
            ticket=line.ticket, kind="credit", what=name, actor=desk.actor, started_at=desk.now(),
            minutes=-line.billed, amount=None if line.amount is None else -line.amount, currency=line.currency,
            billable=True, rate=line.rate, verdict=line.verdict, clause=line.clause, reason=why,
            text=f"credit for line {number} of {month}",
        )  # fmt: skip
        amount = "" if row.amount is None else f"{row.amount:f} {row.currency}"
        data = {"line": name, "minutes": row.minutes, "amount": amount, "reason": why}
        entry = Entry("credit", row.text, data, {"retract": True})
        record_credit(desk, row, Change(entries=(entry,)))
        return line


def _check_credit(desk: Desk, line: Line, name: str) -> None:
    if line.kind == "credit":
        raise Refused(f"line {line.number} is a credit itself: log the time or the expense again instead")
    if not line.billed and line.amount is None:
        raise Refused(f"line {line.number} was not charged, so there is nothing to take back")
    if given := worked.credits_of(desk.store, name):
        raise Refused(f"line {line.number} was taken back by {given[0].actor} already")
