"""A mail as the desk sees it: read, decoded, bounded, and not believed yet.

`intake.mail` makes one from the bytes; `desk.receiving` decides what becomes of it.  Everything in
it comes from outside: text is decoded and cleaned of what a store can't keep, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file that came with a mail; it lies in the store's blobs under its hash.

    name: a label and never a path.  type: as the mail calls it, such as "image/png".  inline: shown
    within the text.  cid: its Content-ID.
    """

    hash: str
    size: int
    name: str = ""
    type: str = ""
    inline: bool = False
    cid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One mail.

    raw_hash, size: of its bytes, which lie in the blobs.  message_id, in_reply_to, references: with their
    angle brackets.  sender: the address of From in small letters; envelope: of the envelope, when known.
    to, cc: addresses.  sent_at: as the mail says, None for nothing readable.  arrived_at: when we took it, None for
    now: a mail that lay in the spool was reported when it came.  text: the body as plain text,
    quoted lines and all; written: the same without what it quotes, as far as that can be told.
    automatic: "" for a person's mail, else "reply" (out of office and its like), "bounce", "list" or "ours"
    (we sent it).  results: the values of Authentication-Results headers, the outermost first.
    doubtful: From does not name exactly one sender; `sender` is the first that was found.
    about: for a bounce the Message-ID of the mail that came back.  fault: why it could not be read; then
    it becomes a fallback ticket with the raw mail attached.
    """

    raw_hash: str
    size: int
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    envelope: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    arrived_at: datetime | None = None
    text: str = ""
    written: str = ""
    parts: tuple[Part, ...] = ()
    automatic: str = ""
    results: tuple[str, ...] = ()
    doubtful: bool = False
    about: str = ""
    fault: str = ""
    notes: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a mail.

    outcome: "new", "reply", "held", "bounce", "automatic", "status", "acknowledge", "storm", "fallback",
    "waiting" (no ticket before somebody takes it in), "blocked", "ours", "duplicate".  ticket: the number
    that it belongs to, 0 for none.  mail: id of its row.  line: what people are told beside the outcome.
    """

    outcome: str
    ticket: int = 0
    mail: int = 0
    line: str = ""
