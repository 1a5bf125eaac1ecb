"""Reporting: a problem becomes a ticket with a number and running deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from supporttui.errors import UsageError
from supporttui.policy.timeline import Facts
from supporttui.quickclass import dataclass
from supporttui.store import journal, tickets
from supporttui.store.records import Ticket

from . import check
from .act import new_batch, replan, transaction
from .session import Desk

# A report may be written down late, but a clock that is wrong by more than
# this is a typing error and would start the ladder in the future.
FUTURE_ALLOWED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A problem as reported.

    severity: number, None for the policy's default.  reported_at: aware instant of
    the initial report, None for now; the ladder counts from it.  reachable: whether
    the customer can be reached round the clock, None when nobody asked.  callback: the
    telephone at which the caller is to be called back, kept in the journal where it is not the contact's.
    """

    subject: str
    severity: int | None = None
    description: str = ""
    customer: str = ""
    contact: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    site: str = ""
    product: str = ""
    release: str = ""
    os: str = ""
    os_release: str = ""
    channel: str = ""
    category: str = ""
    environment: str = ""
    plan: str = ""
    owner: str = ""
    external_id: str = ""
    tags: tuple[str, ...] = ()
    reported_at: datetime | None = None
    reachable: bool | None = None
    callback: str = ""


SHORT_FIELDS = (
    "customer", "contact", "contact_email", "contact_phone", "site", "product", "release",
    "os", "os_release", "channel", "category", "environment", "plan", "owner", "external_id",
)  # fmt: skip


def report(desk: Desk, new: NewTicket) -> Ticket:
    """Enter a problem: give it a number and start its deadlines.

    The severity is the one asked for, as far as the policy allows it (caps by
    environment, conditions); why it differs is kept in the journal.
    Errors: UsageError for a field, Refused, StoreError.
    """
    from supporttui.policy import classify

    values = _checked(desk, new)
    with transaction(desk):
        plan = values["plan"] or _plan_of(desk, new, values["reported_at"])
        facts = Facts(
            severity=new.severity or 0,
            plan=plan,
            channel=values["channel"],
            category=values["category"],
            environment=values["environment"],
            product=values["product"],
            customer=values["customer"],
        )
        given = classify(new.severity, facts, desk.policy, reachable=new.reachable)
        number = _insert(desk, {**values, "plan": plan, "severity": given.severity}, new.tags)
        _first_entry(desk, number, values, given.severity, new.severity, given.reasons, missing(desk, new))
        return replan(desk, number)


def missing(desk: Desk, facts: NewTicket | Ticket) -> tuple[str, ...]:
    """The fields that the policy asks for with every report and that are still empty."""
    names = {one.name for one in fields(facts)}
    return tuple(name for name in desk.policy.required if name in names and not getattr(facts, name))


def unlisted(desk: Desk, ticket: Ticket) -> tuple[str, ...]:
    """What the policy's lists don't have, one line for each: rules that name it can't match."""
    lists = (("channel", desk.policy.channels), ("category", desk.policy.categories))
    return tuple(
        f"{desk.policy.name} has no {name} '{getattr(ticket, name)}'{check.nearest(getattr(ticket, name), valid)}"
        for name, valid in lists
        if valid and getattr(ticket, name) not in ("", *valid)
    )


def _checked(desk: Desk, new: NewTicket) -> dict[str, Any]:
    policy, now = desk.policy, desk.now()
    if new.severity is not None:
        check.severity(policy, new.severity)
    values: dict[str, Any] = {name: check.field(name, getattr(new, name)) for name in SHORT_FIELDS}
    values["channel"] = check.spelled(values["channel"], policy.channels)
    values["category"] = check.spelled(values["category"], policy.categories)
    values["environment"] = check.one_of("environment", values["environment"], policy.environments)
    values["plan"] = check.one_of("plan", values["plan"], policy.plans)
    values["subject"] = check.subject(new.subject)
    values["description"] = check.long_text("the description", new.description)
    values["reported_at"] = check.instant("the time of the report", new.reported_at or now)
    if values["reported_at"] > now + FUTURE_ALLOWED:
        raise UsageError(f"the report can't lie in the future ({values['reported_at']:%Y-%m-%d %H:%M} UTC)")
    values["tags"] = check.tags(new.tags)
    values["callback"] = check.field("callback", new.callback)
    values["contact_phone"] = values["contact_phone"] or values["callback"]
    return values


def _plan_of(desk: Desk, new: NewTicket, at: datetime) -> str:
    """The plan of the customer's package on the day of the report, else the customer's own."""
    if not new.customer:
        return ""
    from .entitlement import plan_of

    return plan_of(desk, new, at)


def _insert(desk: Desk, values: Mapping[str, Any], tags: tuple[str, ...]) -> int:
    now = desk.now()
    if values["external_id"]:
        known = tickets.find_external(desk.store, values["external_id"])
        if known:
            raise UsageError(f"external id '{values['external_id']}' is already ticket {known}")
    row = {name: value for name, value in values.items() if name not in ("tags", "callback")}
    number = tickets.insert(desk.store, {**row, "status": "new", "created_at": now, "updated_at": now})
    if values["tags"]:
        tickets.set_tags(desk.store, number, values["tags"])
    return number


def _first_entry(
    desk: Desk,
    number: int,
    values: Mapping[str, Any],
    severity: int,
    asked: int | None,
    reasons: tuple[str, ...],
    lacking: tuple[str, ...],
) -> None:
    """lacking: what the policy asks for and nobody said; it stops no report, and is on record."""
    data: dict[str, Any] = {"status": "new", "severity": severity}
    if asked is not None and asked != severity:
        data["asked"] = asked
    if reasons:
        data["reasons"] = list(reasons)
    if lacking:
        data["missing"] = list(lacking)
    if values["channel"]:
        data["channel"] = values["channel"]
    if values["callback"] not in ("", values["contact_phone"]):
        data["callback"] = values["callback"]
    journal.append(
        desk.store,
        ticket=number,
        version=1,
        at=values["reported_at"],
        recorded_at=desk.now(),
        actor=desk.actor,
        kind="reported",
        public=True,
        text=values["description"],
        data=data,
        batch=new_batch(),
    )
