"""Verbs that set fields: severity, status, owner, subject, customer and product fields, tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from supporttui.errors import Refused, UsageError
from supporttui.store.records import Ticket

from . import check
from .act import NOTHING, Change, Entry, change, set_entry
from .session import Desk
from .timeline import facts_of

# Fields that `set_fields` writes; which of them the policy restricts to a list.
FIELDS = (
    "customer", "contact", "contact_email", "contact_phone", "site", "product", "release",
    "os", "os_release", "channel", "category", "environment", "plan", "description",
)  # fmt: skip
LISTED: Mapping[str, str] = {
    "channel": "channels",
    "category": "categories",
    "environment": "environments",
    "plan": "plans",
}


def set_severity(
    desk: Desk,
    number: int,
    severity: int | str,
    *,
    seen: int | None = None,
    reason: str = "",
    batch: str = "",
) -> Ticket:
    """Give the ticket another severity; every deadline is derived anew from the report.

    severity: number or name.  The policy may cap it (then the journal says why).
    """
    from supporttui.policy import classify

    asked = check.severity(desk.policy, severity)

    def decide(ticket: Ticket) -> Change:
        given = classify(asked, facts_of(ticket), desk.policy)
        if given.severity != asked and given.severity == ticket.severity:
            raise Refused(f"ticket {number} stays at severity {ticket.severity}: {'; '.join(given.reasons)}")
        notes = [reason] if reason else []
        notes += [why for why in given.reasons if given.severity != asked]
        return set_entry(ticket, {"severity": given.severity}, "severity", text="; ".join(notes))

    return change(desk, number, decide, seen=seen, batch=batch)


def set_status(
    desk: Desk, number: int, status: str, *, seen: int | None = None, text: str = "", batch: str = ""
) -> Ticket:
    """Move the ticket to another status, as far as the policy's workflow has that move."""
    wanted = check.one_of("status", status, [one.name for one in desk.policy.statuses]) or _no_status()
    return change(desk, number, lambda ticket: move(desk, ticket, wanted, text=text), seen=seen, batch=batch)


def _no_status() -> str:
    raise UsageError("a status is needed, such as open")


def move(desk: Desk, ticket: Ticket, status: str, *, text: str = "", kind: str = "") -> Change:
    """The change that moves a ticket to a status: refused unless the workflow has the move."""
    if status == ticket.status:
        return NOTHING
    if not desk.policy.may_move(ticket.status, status):
        moves = ", ".join(desk.policy.moves(ticket.status)) or "nowhere"
        raise Refused(
            f"ticket {ticket.number} can't go from {ticket.status} to {status}; from there it goes to {moves}"
        )
    kind = kind or {"resolved": "resolved", "closed": "closed"}.get(status, "")
    if not kind:
        kind = "reopened" if ticket.status in ("resolved", "closed") else "status"
    return set_entry(ticket, {"status": status, **_end_times(desk, ticket, status)}, kind, text=text)


def _end_times(desk: Desk, ticket: Ticket, status: str) -> dict[str, Any]:
    """When a ticket was resolved and closed: set on the way there, cleared on the way back."""
    now = desk.now()
    if status == "resolved":
        return {"resolved_at": now, "closed_at": None}
    if status == "closed":
        return {"resolved_at": ticket.resolved_at or now, "closed_at": now}
    return {"resolved_at": None, "closed_at": None}


def set_owner(desk: Desk, number: int, owner: str, *, seen: int | None = None, batch: str = "") -> Ticket:
    """Give the ticket to somebody; "" takes it from everybody; "@me" is the actor."""
    who = desk.actor if owner == "@me" else check.field("owner", owner)
    return change(
        desk, number, lambda ticket: set_entry(ticket, {"owner": who}, "owner"), seen=seen, batch=batch
    )


def set_subject(desk: Desk, number: int, subject: str, *, seen: int | None = None, batch: str = "") -> Ticket:
    """Word the subject anew."""
    line = check.subject(subject)
    return change(
        desk, number, lambda ticket: set_entry(ticket, {"subject": line}, "subject"), seen=seen, batch=batch
    )


def set_fields(
    desk: Desk, number: int, values: Mapping[str, str], *, seen: int | None = None, batch: str = ""
) -> Ticket:
    """Set customer, contact, product and the other plain fields in one change.

    What rules match on (plan, channel, category, environment, product, customer)
    may select other ladders and cap the severity; the journal says so.
    """
    wanted = {name: _value(desk, name, value) for name, value in values.items()}

    def decide(ticket: Ticket) -> Change:
        return _with_cap(desk, ticket, _with_plan(desk, ticket, wanted))

    return change(desk, number, decide, seen=seen, batch=batch)


def _value(desk: Desk, name: str, value: str) -> str:
    if name not in FIELDS:
        raise UsageError(f"no field '{name}'{check.nearest(name, FIELDS)}")
    if name == "description":
        return check.long_text("the description", value)
    line = check.field(name, value)
    if name not in LISTED:
        return line
    valid = getattr(desk.policy, LISTED[name])
    return check.spelled(line, valid) if name in ("channel", "category") else check.one_of(name, line, valid)


def _with_plan(desk: Desk, ticket: Ticket, wanted: Mapping[str, str]) -> dict[str, Any]:
    """A ticket that gets another customer or product takes the plan that goes with it, unless one is given.

    That of the package in force on the day of the report, else the customer's.  Another product keeps a
    plan that was given by hand, and so does a customer of whom no plan is known.
    """
    from dataclasses import replace

    moved = replace(
        ticket,
        customer=wanted.get("customer", ticket.customer),
        product=wanted.get("product", ticket.product),
        plan="",
    )
    same_customer = moved.customer == ticket.customer
    if "plan" in wanted or not moved.customer or (same_customer and moved.product == ticket.product):
        return dict(wanted)
    from .entitlement import plan_of

    at = ticket.reported_at
    by_hand = ticket.plan != plan_of(desk, replace(ticket, plan=""), at)
    if same_customer and by_hand:
        return dict(wanted)
    plan = plan_of(desk, moved, at)
    return {**wanted, "plan": plan} if plan or not by_hand else dict(wanted)


def _with_cap(desk: Desk, ticket: Ticket, wanted: Mapping[str, Any]) -> Change:
    from dataclasses import replace

    from supporttui.policy import classify

    facts = facts_of(replace(ticket, **wanted))
    if facts == facts_of(ticket):  # no rule looks at what changed: a new telephone number lowers nothing
        return set_entry(ticket, wanted, "fields")
    given = classify(ticket.severity, facts, desk.policy)
    if given.severity == ticket.severity:
        return set_entry(ticket, wanted, "fields")
    values = {**wanted, "severity": given.severity}
    return set_entry(ticket, values, "fields", text="; ".join(given.reasons))


def tag(
    desk: Desk,
    number: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    *,
    seen: int | None = None,
    batch: str = "",
) -> Ticket:
    """Add and remove tags."""
    plus, minus = check.tags(add), check.tags(remove)

    def decide(ticket: Ticket) -> Change:
        kept = tuple(one for one in ticket.tags if one not in minus)
        tags = kept + tuple(one for one in plus if one not in kept)
        if set(tags) == set(ticket.tags):
            return NOTHING
        data = {"set": {"tags": [list(ticket.tags), list(tags)]}}
        return Change(entries=(Entry("tags", data=data, inverse={"tags": list(ticket.tags)}),), tags=tags)

    return change(desk, number, decide, seen=seen, batch=batch)
