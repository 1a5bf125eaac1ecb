"""Why a customer is owed what they are owed, with what follows from it: one reading for who wants the whole of it.

The verdict itself is `entitlement`'s.  Here it is put beside the plan whose
targets apply, the ladder, and whether anybody at the vendor works on it now.
Everything here only reads.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.quickclass import dataclass
from supporttui.store import book, customers
from supporttui.store.records import Ticket

from . import look
from .session import Desk

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.policy.verdict import Verdict

    from .report import NewTicket

# What the book holds that a verdict may rest on; without any of it the desk keeps no book.
BOOK = ("licence", "contract", "release", "os-release", "quotation", "modification", "installation")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of the policy.  what: "response", or the role that is told.  within: how long, in words."""

    what: str
    within: str
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Whether the vendor works on a severity at an instant.

    until: when the desk opens again while it is closed, None when it doesn't.  phone, note: for after hours.
    """

    is_open: bool
    until: datetime | None = None
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """A ticket's verdict and what follows from it.

    at: the instant it was asked at.  plan: whose targets apply, as the policy calls it; plan_now: what a new ticket
    would get.  vendor_zone,
    customer_zone: IANA names, customer_zone "" when nobody knows it.
    """

    at: datetime
    ticket: Ticket
    verdict: Verdict
    hours: Hours
    plan: str = ""
    plan_now: str = ""
    targets: tuple[Promise, ...] = ()
    ladder: str = ""
    rungs: tuple[Promise, ...] = ()
    vendor: str = ""
    vendor_zone: str = "UTC"
    customer_zone: str = ""


def of_ticket(desk: Desk, number: int) -> Reasoning:
    """The whole of it for one ticket, from one snapshot.  Errors: NotFound."""
    from .entitlement import of_ticket as decide
    from .entitlement import plan_of
    from .timeline import facts_of

    with look.snapshot(desk):
        ticket = look.ticket(desk, number, journal_limit=1).ticket
        verdict = decide(desk, ticket)
        now = plan_of(desk, replace(ticket, plan=""), desk.now())
        known = customers.get(desk.store, ticket.customer) if ticket.customer else None
    policy, selected = desk.policy, desk.policy.select(facts_of(ticket))
    ladder = selected.ladder
    return Reasoning(
        at=desk.now(),
        ticket=ticket,
        verdict=verdict,
        hours=hours_of(policy, ticket.severity, desk.now()),
        plan=plan_title(policy, ticket.plan or verdict.plan),
        plan_now=plan_title(policy, now),
        targets=tuple(
            Promise(one.kind, str(one.measure.duration), one.name) for one in selected.targets.values()
        ),
        ladder=ladder.name if ladder else "",
        rungs=tuple(Promise(rung.title, str(rung.measure.duration)) for rung in ladder.rungs)
        if ladder
        else (),
        vendor=policy.vendor.name,
        vendor_zone=policy.vendor.zone,
        customer_zone=known.zone if known else "",
    )


def keeps_a_book(desk: Desk) -> bool:
    """Whether anything is on file that a verdict may rest on."""
    return any(book.select(desk.store, kind, limit=1) for kind in BOOK)


def shown_of(desk: Desk, ticket: Ticket) -> Verdict | None:
    """The verdict on a ticket for who shows it in a line; None where the desk keeps no book and so can't tell."""
    from .entitlement import of_ticket as decide

    return _worth_showing(desk, decide(desk, ticket))


def shown_for(desk: Desk, new: NewTicket) -> Verdict | None:
    """The same for a problem that is being reported."""
    from .entitlement import of_report as decide

    return _worth_showing(desk, decide(desk, new))


def _worth_showing(desk: Desk, found: Verdict) -> Verdict | None:
    return found if found.coverage != "unclear" or keeps_a_book(desk) else None


def hours_of(policy: Policy, severity: int, at: datetime) -> Hours:
    """Whether anybody at the vendor works on this severity at an instant, and whom to call if not."""
    is_open = policy.is_desk_open(at, severity)
    vendor = policy.vendor
    until = None
    if not is_open:
        try:
            until = policy.support_calendar.next_open(at)
        except (ValueError, OverflowError):
            until = None  # a calendar that never opens
    return Hours(is_open=is_open, until=until, phone=vendor.after_hours_phone, note=vendor.after_hours_note)


def plan_title(policy: Policy, name: str) -> str:
    """A plan as the policy calls it."""
    return next((one.title or one.name for one in policy.file.plans if one.name == name), name)
