"""Whose mail is not wanted: rules about senders, made and taken away by people.

Invariant: nobody shuts a customer out by a mail that only bears the customer's name: an address
that the book knows can't be blocked, nor a domain that one of its contacts is at.
"""

from __future__ import annotations

import re

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import book
from supporttui.store.book_criteria import alike, among, showing
from supporttui.store.mail_records import SenderRule

from . import kept
from .act import transaction
from .session import Desk

KIND = "sender-rule"
BLOCK = "block"
LONGEST = 254  # characters of an address (RFC 5321)
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+|@[^\s@<>,;]+\.[^\s@<>,;]+")


def address(text: str) -> str:
    """An address, or "@domain", as rules hold it.  Errors: UsageError."""
    found = text.strip().strip("<>").casefold()
    if len(found) > LONGEST or not _ADDRESS.fullmatch(found):
        raise UsageError(
            f"'{text[:80]}' is no address: write ann@host.example, or @host.example for all there"
        )
    return found


def domain(of: str) -> str:
    """The rule that all senders of an address's domain fall under, "" for what is no address."""
    _name, at, host = of.strip().casefold().rpartition("@")
    return f"@{host}" if at and "." in host else ""


def blocked_by(desk: Desk, sender: str) -> SenderRule | None:
    """The rule that a sender's mail falls under, None when it is welcome."""
    low = sender.strip().casefold()
    wanted = [one for one in (low, domain(low)) if one]
    found = book.select(desk.store, KIND, among("address", wanted)) if wanted else []
    rules: list[SenderRule] = [one for one in found if one.rule == BLOCK]
    return rules[0] if rules else None


def blocked(desk: Desk) -> list[SenderRule]:
    """All rules that block somebody, by address."""
    return list(book.select(desk.store, KIND, order=("address", "id")))


def block(desk: Desk, who: str, reason: str = "", *, batch: str = "") -> SenderRule:
    """No mail of this address, or of this "@domain", becomes a ticket from now on; one that is there stays so.

    Errors: UsageError, Refused for somebody whom the book knows.
    """
    rule = address(who)
    with transaction(desk):
        for one in book.select(desk.store, KIND, alike(address=rule)):
            if one.rule == BLOCK:
                found: SenderRule = one
                return found
        known = contact_at(desk, rule)
        if known:
            raise Refused(
                f"{rule} can't be blocked: {known} is a contact in the book, and mail under a false name would shut "
                "them out"
            )
        values = {"address": rule, "rule": BLOCK, "reason": " ".join(reason.split())[:500]}
        made: SenderRule = kept.add(desk, KIND, values, text=f"the block of {rule}", batch=batch)
        return made


def unblock(desk: Desk, who: str, *, batch: str = "") -> SenderRule:
    """Mail of this address is welcome again.  Errors: UsageError, NotFound."""
    rule = address(who)
    with transaction(desk):
        found = [one for one in book.select(desk.store, KIND, alike(address=rule)) if one.rule == BLOCK]
        if not found:
            wider = blocked_by(desk, rule)
            raise NotFound(f"{rule} is not blocked" + (f"; {wider.address} is" if wider is not None else ""))
        gone: SenderRule = kept.remove(desk, KIND, found[0], text=f"the block of {rule}", batch=batch)
        return gone


def contact_at(desk: Desk, rule: str) -> str:
    """A contact of the book whom a rule for an address or "@domain" would shut out; "" for none."""
    low = rule.casefold()
    if not low.startswith("@"):
        found = book.select(desk.store, "contact", alike(email=low), limit=1)
    else:
        like = book.select(desk.store, "contact", showing(("email",), low))
        found = [one for one in like if one.email.strip().casefold().endswith(low)]
    return str(found[0].name or found[0].email) if found else ""
