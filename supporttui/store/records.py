"""Frozen records that leave the store.  Instants are aware UTC; money is Decimal; "" is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from supporttui.quickclass import dataclass
from supporttui.store.line import TicketLine as TicketLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket with everything that its own row knows.

    severity: 1 is the most severe.  version: grows by one with every change.
    next_due_at: earliest armed deadline.  overdue_since: since when the
    earliest fired deadline that nobody has acknowledged is owed: its due instant, or, escalated
    by hand, the moment of that.
    """

    number: int
    subject: str
    description: str = ""
    severity: int
    status: str
    owner: str = ""
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
    tags: tuple[str, ...] = ()
    external_id: str = ""
    reported_at: datetime
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    acknowledged_until: datetime | None = None
    snoozed_until: datetime | None = None
    merged_into: int = 0
    minutes_logged: int = 0
    next_due_at: datetime | None = None
    next_due_role: str = ""
    overdue_since: datetime | None = None
    paused: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One line of a ticket's history; never changed once written.

    at: when it happened (UTC).  recorded_at: when it was written down.
    version: the ticket's version after it.  public: the customer may read it.
    data: what the kind needs (for a change {"field": [old, new]} under "set").
    inverse: what an undo writes back ({"field": old}); empty when it can't be undone.
    undoes: id of the entry that this one takes back, or 0.  batch: joins entries of one action.
    """

    id: int
    ticket: int
    version: int
    at: datetime
    recorded_at: datetime
    actor: str
    kind: str
    public: bool = False
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    inverse: Mapping[str, Any] = field(default_factory=dict)
    undoes: int = 0
    batch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineLine:
    """A deadline as stored, with enough of its ticket to show it in the timers pane."""

    ticket: int
    key: str
    kind: str
    role: str
    level: int
    label: str
    severity: int
    due_at: datetime
    state: str
    fired_at: datetime | None = None
    remaining: int | None = None
    clause: str = ""
    reason: str = ""
    policy_hash: str = ""
    subject: str = ""
    owner: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    id: int
    name: str
    key: str = ""
    plan: str = ""
    zone: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    id: int
    customer: str
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Unsent text: one per actor, ticket and kind.  ticket 0: a new ticket."""

    actor: str
    ticket: int
    kind: str
    body: str
    data: Mapping[str, Any] = field(default_factory=dict)
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Somebody accepted the watch at an instant, or took back the record `undoes` (0: accepted)."""

    id: int
    at: datetime
    actor: str
    note: str = ""
    undoes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved query.  owner "": shared by the desk."""

    name: str
    query: str
    owner: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that somebody is owed to be told, and how far it got.

    key: the same for every attempt, for receivers that drop repeats.  address: "mail:a@b.example",
    "webhook:ops", "command:sms/+1555…", "desk".  role, kind, label, due_at: the deadline that it is about.
    state: "queued", "sent", "dead" (no further attempt) or "withdrawn".  doubtful: a sender died
    over it, so it may have gone out already.  sent_with: the notice that told this one as well, or 0.
    together: joins notices of several tickets that are told in one message.
    acknowledged_at: when somebody answered it with its token.
    """

    id: int = 0
    key: str
    ticket: int
    severity: int
    address: str
    person: str = ""
    role: str = ""
    kind: str = ""
    label: str = ""
    due_at: datetime
    made_at: datetime
    state: str = "queued"
    attempts: int = 0
    next_at: datetime | None = None
    claimed_by: str = ""
    doubtful: bool = False
    sent_at: datetime | None = None
    sent_with: int = 0
    acknowledged_at: datetime | None = None
    error: str = ""
    together: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallOverride:
    """Somebody takes a rotation from `start` until before `end` (UTC), whoever's turn it is."""

    id: int = 0
    rotation: str
    person: str
    start: datetime
    end: datetime
    reason: str = ""
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Notices wait while it holds: for one customer, one product, or all.

    scope: "customer", "product" or "all"; name: which, "" for all.  ended_at: when it was ended early.
    """

    id: int = 0
    scope: str
    name: str = ""
    start: datetime
    end: datetime
    reason: str = ""
    entered_by: str
    entered_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent:
    """Something that happened to the desk as a whole.  at: UTC."""

    id: int
    at: datetime
    actor: str
    kind: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
