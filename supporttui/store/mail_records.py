"""Frozen records of what comes in and goes out.  Instants are aware UTC; "" is unknown, 0 is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail that came in or went out.

    direction: "in" or "out".  kind: what it was: in: "new", "reply", "held" (kept for a decision),
    "bounce", "automatic", "status", "acknowledge", "storm", "fallback", "waiting", "blocked", "ours"; out: "reply", "acknowledgement",
    "status".  ticket: the one that it belongs to.  entry: its line in that ticket's journal.
    sender, recipients: addresses in small letters.  raw_hash: SHA-256 of the message as it came, hexadecimal;
    it lies under it in `store.blobs`.  size: bytes.  auth: what our own MTA found: "pass", "fail", "none".
    token: "ok", "bad", "none".
    """

    id: int = 0
    direction: str
    ticket: int = 0
    entry: int = 0
    kind: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    raw_hash: str = ""
    size: int = 0
    at: datetime
    auth: str = ""
    token: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a ticket, or one that waits for its ticket.

    hash: SHA-256, hexadecimal.  name: a label and never a path.  type: as its sender called it.
    size: bytes.  source: "mail", "web", "upload", "console".  place: the folder that it was uploaded to.
    entry, message: the journal line and the mail that brought it.  state: "stored", "quarantined", "rejected".
    """

    id: int = 0
    ticket: int = 0
    entry: int = 0
    message: int = 0
    hash: str
    name: str = ""
    type: str = ""
    size: int = 0
    source: str = ""
    place: str = ""
    added_at: datetime
    added_by: str = ""
    state: str = "stored"
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody beside the contact who takes part in a ticket and may read what is public of it."""

    id: int = 0
    ticket: int
    email: str
    name: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRule:
    """What becomes of a sender's mail.  address: whole, or "@domain".  rule: "block"."""

    id: int = 0
    address: str
    rule: str = "block"
    reason: str = ""
    version: int = 1
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeItem:
    """Something that came in and needs a person's decision.

    kind: "unverified" (claims a ticket without proof), "held" (a message with a ticket's token from somebody
    who takes no part in it), "unknown" (a sender nobody knows), "file" (quarantined), "fallback" (could not
    be read), "storm", "call" (a severity that needs a telephone call came without one).
    ticket: the one it made or belongs to.  about: the one that it claims, or 0.
    state: "waiting", "accepted", "attached", "merged", "rejected", "blocked".
    """

    id: int = 0
    kind: str
    at: datetime
    ticket: int = 0
    about: int = 0
    message: int = 0
    attachment: int = 0
    sender: str = ""
    subject: str = ""
    text: str = ""
    state: str = "waiting"
    decided_by: str = ""
    version: int = 1
    removed: bool = False
