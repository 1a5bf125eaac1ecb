"""Whether a mail may be answered by itself, and how often (RFC 3834, and the caps that end every loop).

Invariant: nothing that a program sent is answered by a program; and whatever the headers say, one
address gets at most one acknowledgement an hour and ten a day, and all together a number that is set.
"""

from __future__ import annotations

import re
from datetime import timedelta

from supporttui.errors import PolicyError
from supporttui.store import mail
from supporttui.store.records import Ticket

from .session import Desk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .incoming import Incoming
    from .letterhead import Letterhead

# What one address may get of a kind: (in an hour, in a day).
CAPS: Mapping[str, tuple[int, int]] = {"acknowledgement": (1, 10), "status": (6, 30)}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRETCH = 60  # seconds: so finely are answers counted
NOT_SET_UP = "mail out is not set up"
UNVERIFIED = "unverified"  # the tag of a ticket whose sender could not be verified

LONGEST_ADDRESS = 254  # RFC 5321
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LABEL = r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\u0080-\U0010ffff-]{0,61}[A-Za-z0-9\u0080-\U0010ffff])?"
_ADDRESS = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})*")
# Mailboxes that no person reads (RFC 3834, section 2, and what is usual).
_NOBODY = re.compile(
    r"(mailer-daemon|postmaster|majordomo|listserv|mailman|daemon|nobody|root"
    r"|no-?reply|do-?not-?reply|bounces?)([+=-].*)?|owner-.*|.*-(owner|request|bounces?|noreply)([+=-].*)?",
    re.IGNORECASE,
)  # fmt: skip
_SUPPRESSED = re.compile(r"\b(all|autoreply|oof)\b", re.IGNORECASE)
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe", "mailing-list")


def is_address(text: str) -> bool:
    """Whether a text is one plain address (RFC 5321, without quoted mailboxes), fit for an envelope."""
    fits = len(text) <= LONGEST_ADDRESS and len(text.rpartition("@")[0]) <= 64
    return fits and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def is_ours(letterhead: Letterhead, address: str) -> bool:
    """Whether an address, with whatever stands after a "+", is one of the desk's own."""
    plain = without_tag(address)
    return plain == without_tag(letterhead.sender) or plain in {without_tag(one) for one in letterhead.own}


def without_tag(address: str) -> str:
    """An address in small letters without what stands after a "+": one mailbox, whatever it calls itself."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain if domain.isascii() else _host(domain)}"


def _host(domain: str) -> str:
    """A domain as mail finds it: wide letters and other dots lead to the same host (RFC 3490)."""
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        return domain


def usable(desk: Desk) -> Letterhead | None:
    """What automatic letters are written with; None too where the files that say it have a fault.

    What comes in is taken all the same: a fault in the way out loses nothing and holds nothing up.
    """
    try:
        return desk.letterhead
    except PolicyError:
        return None


def why_not(desk: Desk, to: str, heard: Incoming | None) -> str:
    """Why nothing may be answered to an address by itself, "" when it may.

    heard: the mail that asks for it; None where none did (a web form).
    """
    try:
        letterhead = desk.letterhead
    except PolicyError as error:
        return f"mail out can't be used: {error}"
    if letterhead is None:
        return NOT_SET_UP
    if not is_address(to):
        return "there is no address to answer to" if not to else "the address can't be written to"
    if is_ours(letterhead, to):
        return "the address is our own"
    if _NOBODY.fullmatch(to.rpartition("@")[0]):
        return "nobody reads mail at that address"
    return _sent_by_a_program(heard, letterhead) if heard is not None else ""


def _sent_by_a_program(heard: Incoming, letterhead: Letterhead) -> str:
    if heard.automatic:
        return {"list": "a mailing list sent it", "bounce": "it came back", "ours": "we sent it"}.get(
            heard.automatic, "a program sent it"
        )
    if heard.envelope == "<>" or _NOBODY.fullmatch(heard.envelope.rpartition("@")[0]):
        return "it came back"
    headers = {name.lower(): value.strip() for name, value in heard.headers.items()}
    word = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    if word not in ("", "no"):
        return "a program sent it"
    if headers.get("precedence", "").lower() in ("bulk", "junk", "list", "auto_reply"):
        return "it was sent to many"
    if any(name in headers for name in _LIST_HEADERS):
        return "a mailing list sent it"
    if _SUPPRESSED.search(headers.get("x-auto-response-suppress", "")):
        return "its sender wants no automatic answer"
    if any(is_ours(letterhead, one) for one in headers.get("x-loop", "").split()):
        return "we sent it"
    return ""


def count(desk: Desk, letterhead: Letterhead, kind: str, to: str) -> str:
    """Count one more automatic letter; why it is one too many, "" when it is not.

    Nothing is counted of what is not sent.  Joins the open transaction.
    """
    now, one = desk.now(), f"letter {kind} {without_tag(to)}"
    in_hour, in_day = CAPS[kind]
    if _since(desk, one, now - HOUR) >= in_hour:
        return f"the address had {in_hour} in the last hour"
    if _since(desk, one, now - DAY) >= in_day:
        return f"the address had {in_day} in the last day"
    if _since(desk, "letter all", now - HOUR) >= letterhead.most:
        return f"{letterhead.most} automatic letters have left in the last hour"
    mail.forget_tallies(desk.store, now - 2 * DAY)
    for key in (one, "letter all"):
        mail.tally(desk.store, key, now, STRETCH)
    return ""


def _since(desk: Desk, key: str, since: datetime) -> int:
    """How many since an instant, and in the rest of its minute before it: never one too many."""
    return mail.tallied(desk.store, key, since - timedelta(seconds=STRETCH))


def is_verified(ticket: Ticket) -> bool:
    """Whether what a ticket says may be told to the address that it has: its sender was not doubted."""
    return UNVERIFIED not in ticket.tags
