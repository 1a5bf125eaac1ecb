"""What the letters to customers say: of the ticket, of the policy, and of what happens next.

Everything comes from what the customer may know; nothing internal (owner, notes, ladder) is here.
"""

from __future__ import annotations

import re

from supporttui.errors import PolicyError
from supporttui.store import deadlines
from supporttui.store.records import Ticket
from supporttui.terminal.safe import clean_line
from supporttui.when import local_text, zone_of

from .reference import reference_of, references_in
from .session import Desk
from .status_link import status_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

LONGEST = 300
_AGAIN = re.compile(r"(?:re|aw|sv|antw|tr|automatic answer)(?:\[\d{1,3}\])? ?: ?", re.IGNORECASE)
# How the fields that a policy asks for are called in a letter.
TITLES = {
    "customer": "your company", "contact": "your name", "contact_email": "your e-mail address",
    "contact_phone": "your telephone number", "site": "your site", "product": "the product",
    "release": "the release of the product", "os": "the operating system",
    "os_release": "the release of the operating system", "description": "what happens",
    "severity": "how severe it is", "environment": "which system it is",
}  # fmt: skip


def facts_of(desk: Desk, ticket: Ticket, to: str, *, verified: bool) -> dict[str, str]:
    """What the placeholders stand for with this ticket, each of one line.

    to: whose letter it is.  verified: whether what the ticket says may be told to that address.
    """
    zone = zone_of(desk.policy.vendor.zone)
    found = {
        "number": str(ticket.number), "reference": reference_of(desk, ticket.number),
        "severity": _severity(desk, ticket), "reported": local_text(ticket.reported_at, zone),
        "desk": desk.policy.vendor.name, "link": status_url(desk, desk.letterhead.url if desk.letterhead else "", ticket.number, to),
        "subject": bare(ticket.subject) if verified else "", "contact": ticket.contact if verified else "",
    }  # fmt: skip
    return {name: line(value) for name, value in found.items()}


def acknowledging(desk: Desk, ticket: Ticket, *, call: int) -> dict[str, str]:
    """What an acknowledgement says beyond that: what happens next, and whom to call.

    call: the severity that has to be told by telephone, 0 for none.
    """
    zone = zone_of(desk.policy.vendor.zone)
    return {
        name: line(value)
        for name, value in {
            "call": _call(desk, call) if call else "", "next": _next(desk, ticket), "by": _by(ticket, desk, zone),
            "closed": _closed(desk, ticket, zone), "after_hours": after_hours(desk), "missing": _missing(desk, ticket),
        }.items()
    }  # fmt: skip


def after_hours(desk: Desk) -> str:
    """The telephone number outside of the desk's hours, with what the policy says of it."""
    vendor = desk.policy.vendor
    if not vendor.after_hours_phone:
        return ""
    note = f" {vendor.after_hours_note}" if vendor.after_hours_note else ""
    return f"Outside of our hours: {vendor.after_hours_phone}.{note}"


def bare(subject: str) -> str:
    """A subject without what mail programs and this desk put before and into it: it doesn't grow with every round."""
    for reference in references_in(subject.lower()):
        subject = re.sub(rf"\[?{re.escape(reference)}\]?", " ", subject, flags=re.IGNORECASE)
    words = " ".join(subject.split())
    while found := _AGAIN.match(words):
        words = words[found.end() :]
    return words


def line(text: str) -> str:
    """One inert line."""
    cleaned = " ".join(clean_line(text).split())
    return cleaned if len(cleaned) <= LONGEST else cleaned[: LONGEST - 1] + "…"


def _severity(desk: Desk, ticket: Ticket) -> str:
    """Number and name; of one that the policy in force doesn't have, the number."""
    names = [one.name for one in desk.policy.severities if one.number == ticket.severity]
    return f"{ticket.severity} {names[0]}" if names else str(ticket.severity)


def _call(desk: Desk, severity: int) -> str:
    """The number for this hour goes first."""
    vendor = desk.policy.vendor
    numbers = [f"{one.number} ({one.region})" if one.region else one.number for one in vendor.phones]
    if vendor.after_hours_phone and not desk.policy.is_desk_open(desk.now()):
        numbers.insert(0, f"{vendor.after_hours_phone} (outside of our hours)")
    told = f": {', '.join(numbers)}" if numbers else ""
    return f"Severity {severity} needs a telephone call. Please call us now{told}."


def _next(desk: Desk, ticket: Ticket) -> str:
    if any(one.number == ticket.severity and one.round_the_clock for one in desk.policy.severities):
        return f"Severity {ticket.severity} is worked on 24 hours a day, 7 days a week. An analyst takes it up now."
    if desk.policy.is_desk_open(desk.now()):
        return "An analyst takes it up in our hours; the desk is open now."
    return "An analyst takes it up when the desk opens."


def _by(ticket: Ticket, desk: Desk, zone: tzinfo) -> str:
    due = [
        one.due_at
        for one in deadlines.of_ticket(desk.store, ticket.number)
        if one.kind == "response" and one.state == "armed"
    ]
    return f"You have an answer by {local_text(min(due), zone)} at the latest." if due else ""


def _closed(desk: Desk, ticket: Ticket, zone: tzinfo) -> str:
    now = desk.now()
    if desk.policy.is_desk_open(now, ticket.severity):
        return ""
    try:
        opens = desk.policy.support_calendar.next_open(now)
    except PolicyError:  # a calendar that ends: a customer is told all the same
        return "The desk is closed."
    return f"The desk is closed. It opens {local_text(opens, zone)}."


def _missing(desk: Desk, ticket: Ticket) -> str:
    from .report import missing

    names = [TITLES.get(name, name.replace("_", " ")) for name in missing(desk, ticket)]
    return f"Please tell us as well: {', '.join(names)}." if names else ""
