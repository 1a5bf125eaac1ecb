"""From a ticket's journal to the timeline that the clock rules read.

An entry that was undone is left out as if it had never been written, so that
a mistaken "resolved" of ten seconds moves no deadline; a redo puts it back.
A fired rung can't be undone: whoever was told was told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from supporttui.policy.timeline import Event, Facts, Timeline
from supporttui.store.records import JournalEntry, Ticket

# How the journal names what the clock fired: a rung of a ladder, the early
# warning of something, a target or a promise that was missed.
FIRED_KINDS = ("escalated", "warned", "missed")

# Kinds that can carry something for a clock.  Everything else (notes, owners,
# tags, links, time) is not read when deadlines are derived.
CLOCK_KINDS = (
    "reported", "severity", "status", "fields", "reply", "customer", "acknowledged",
    *FIRED_KINDS, "resolved", "closed", "reopened", "merged", "undone", "redone",
)  # fmt: skip


def standing(entries: Sequence[JournalEntry]) -> tuple[JournalEntry, ...]:
    """The entries that count: what was undone is left out, what was redone is back.

    entries: of one ticket, oldest first.
    """
    cancelled: set[int] = set()
    kept = []
    for entry in reversed(entries):
        if entry.id in cancelled:
            continue
        if entry.undoes:
            cancelled.add(entry.undoes)
            continue
        kept.append(entry)
    kept.reverse()
    return tuple(kept)


def timeline_of(ticket: Ticket, entries: Sequence[JournalEntry]) -> Timeline:
    """The timeline of a ticket.

    entries: its journal, in the order written; kinds outside CLOCK_KINDS are ignored.
    That order is the one in which things happened, whatever the machine's clock said
    then: sorted by time, a clock that was put back would have a ticket resolved after
    it was reopened.
    """
    kept = standing(entries)
    return Timeline(
        reported_at=ticket.reported_at,
        facts=facts_of(ticket),
        status=_first_status(kept),
        events=tuple(event for entry in kept for event in _events(entry)),
    )


def facts_of(ticket: Ticket) -> Facts:
    """What the policy's rules match on, from the ticket as it is now."""
    return Facts(
        severity=ticket.severity,
        plan=ticket.plan,
        channel=ticket.channel,
        category=ticket.category,
        environment=ticket.environment,
        product=ticket.product,
        customer=ticket.customer,
    )


def _first_status(entries: Sequence[JournalEntry]) -> str:
    for entry in entries:
        if entry.kind == "reported":
            return str(entry.data.get("status", "new"))
    return "new"


def _events(entry: JournalEntry) -> Iterator[Event]:
    changed = entry.data.get("set", {})
    if "severity" in changed:
        yield Event(at=entry.at, kind="severity", severity=int(changed["severity"][1]))
    if entry.kind == "merged":
        yield Event(at=entry.at, kind="merged")
    if "status" in changed:
        yield Event(at=entry.at, kind="status", status=str(changed["status"][1]))
    if entry.kind == "reply":
        yield Event(at=entry.at, kind="reply")
    if entry.data.get("workaround"):
        yield Event(at=entry.at, kind="workaround")
    if entry.kind == "customer":
        yield Event(at=entry.at, kind="customer")
    if entry.kind == "acknowledged":
        yield Event(at=entry.at, kind="acknowledged", until=_instant(entry.data.get("until")))
    if entry.kind in FIRED_KINDS:
        yield Event(
            at=entry.at,
            kind="fired",
            key=str(entry.data.get("key", "")),
            role=str(entry.data.get("role", "")),
            level=int(entry.data.get("level", 0)),
            due_at=_instant(entry.data.get("due_at")),
            deadline_kind=str(entry.data.get("kind", "escalation")),
        )


def _instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None
