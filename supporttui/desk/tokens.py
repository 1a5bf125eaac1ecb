"""Acknowledging from a notice: a token that is good for one notice, once, and can't be guessed.

The token names the notice and is signed with a secret of the store, so nothing has
to be looked up before it is believed, and a token of another desk is worth nothing.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import meta, notices
from supporttui.store.records import Notice, Ticket

from . import attention
from .act import fetch, transaction
from .session import Desk
from .timeline import facts_of

SECRET = "token-secret"
BYTES = 10  # 80 bits of signature: 16 letters that a person can type
USUAL = timedelta(hours=1)  # the promise where the policy names none
GOOD_FOR = timedelta(days=7)


def token_of(desk: Desk, notice: Notice) -> str:
    """The token that acknowledges the ticket of a notice, such as "214-k7rq2m5x4wz3v6ta"."""
    return f"{notice.id}-{_signature(desk, notice.id)}"


def acknowledge(desk: Desk, token: str, until: datetime | None = None) -> Ticket:
    """Acknowledge the ticket of a token's notice, in the name of whom it was sent to.

    until: by when the next update comes; None: what the policy calls usual.  Errors: UsageError for
    something that is no token, NotFound for one that isn't ours, Refused for a used or an old one.
    """
    number = _number(token)
    if not hmac.compare_digest(token.strip().lower(), f"{number}-{_signature(desk, number)}"):
        raise NotFound("this token is not of this desk: copy it whole, as the notice has it")
    found = notices.of_ids(desk.store, [number])
    if not found:
        raise NotFound("the notice of this token is gone")
    notice, now = found[0], desk.now()
    if now - notice.made_at > GOOD_FOR:
        raise Refused(f"this token was good for {GOOD_FOR.days} days: acknowledge at a console")
    with transaction(desk):
        if not notices.acknowledge(desk.store, notice.id, now):
            raise Refused("this token has been used: it acknowledges once")
        who = Desk(desk.store, desk.policy, desk.clock, notice.person or notice.address)
        text = f"by the token of notice {notice.id}"
        return attention.acknowledge(who, notice.ticket, until or _usual(desk, notice.ticket), text=text)


def _usual(desk: Desk, number: int) -> datetime:
    usual, _ = desk.policy.acknowledgement_limits(facts_of(fetch(desk, number)), desk.now())
    return usual or desk.now() + USUAL


def _number(token: str) -> int:
    digits, dash, signature = token.strip().partition("-")
    if not (
        dash
        and digits.isascii()
        and digits.isdigit()
        and len(digits) < 16
        and signature.isascii()
        and signature.isalnum()
    ):
        raise UsageError("that is no token; it reads like 214-k7rq2m5x4wz3v6ta")
    return int(digits)


def _signature(desk: Desk, number: int) -> str:
    digest = hmac.digest(secret_of(desk), f"ack {number}".encode(), "sha256")
    return base64.b32encode(digest[:BYTES]).decode().lower()


def secret_of(desk: Desk, name: str = SECRET) -> bytes:
    """A secret of the store, made at first use."""
    known = meta.get(desk.store, name)
    if not known:
        with transaction(desk):
            known = meta.get(desk.store, name) or secrets.token_hex(32)
            meta.put(desk.store, name, known)
    return bytes.fromhex(known)
