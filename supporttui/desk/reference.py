"""A ticket's public reference, and the link that shows its status: signed, so that nobody guesses one.

The reference names the ticket and carries a signature over its number, made with a secret of the
store: to check one, nothing has to be looked up, and one that was made up is as quickly refused
whether there is such a ticket or not.  It is what customers quote, and the token that joins
their mails to the ticket (subject tag, Message-ID).
"""

from __future__ import annotations

import base64
import hmac
import re

from supporttui.errors import DataError
from supporttui.store import meta, tickets
from supporttui.store.criteria import AllOf

from .act import transaction
from .session import Desk
from .tokens import secret_of

SECRET = "reference-secret"  # not that of the tokens in notices: this one moves with the tickets

BYTES = 10  # 80 bits: 16 letters that can be read out on a telephone
LINK_BYTES = 20  # 160 bits: nobody types it
_REFERENCE = re.compile(r"(?<![0-9A-Za-z-])([1-9][0-9]{0,14})-([A-Za-z2-7]{16})(?![0-9A-Za-z])")
_SECRET = re.compile("[0-9a-f]{64}")
MOST = 100_000  # characters of a text that are looked at
MOST_FOUND = 20


def reference_of(desk: Desk, number: int) -> str:
    """The public reference of a ticket, such as "1042-k7rq2m5x4wz3v6ta"."""
    return f"{number}-{_signature(desk, f'reference {number}', BYTES)}"


def number_of(desk: Desk, reference: str) -> int:
    """The number that a reference is of; 0 for what is none of this desk.  Looks nothing up."""
    found = _REFERENCE.fullmatch(reference.strip())
    if not found:
        return 0
    signature = _signature(desk, f"reference {int(found[1])}", BYTES)
    return int(found[1]) if hmac.compare_digest(found[2].lower(), signature) else 0


def references_in(text: str) -> tuple[str, ...]:
    """What looks like references in a text (a subject, a list of Message-IDs), in order, each once."""
    found = (f"{one[1]}-{one[2].lower()}" for one in _REFERENCE.finditer(text[:MOST]))
    return tuple(dict.fromkeys(found))[:MOST_FOUND]


def link_token(desk: Desk, number: int, address: str) -> str:
    """What the secret link to a ticket's status carries, for one address."""
    return f"{number}-{_signature(desk, f'link {number} {address.strip().lower()}', LINK_BYTES)}"


def link_fits(desk: Desk, token: str, number: int, address: str) -> bool:
    """Whether a link's token is the one of this ticket and address."""
    return hmac.compare_digest(token.strip().lower().encode(), link_token(desk, number, address).encode())


def secret_that_moves(desk: Desk) -> str:
    """What an export of everything has to carry for the references to hold elsewhere; "" while none was made."""
    return meta.get(desk.store, SECRET)


def take_over(desk: Desk, secret: str) -> bool:
    """Sign as the desk that moves here did, so that customers' references, letters and links still fit.

    False: that is how it is signed here already.  Errors: DataError for what is no secret, and where
    tickets are here before, which have references of their own.
    """
    if not _SECRET.fullmatch(secret):
        raise DataError("secret.value: expected 64 hexadecimal digits")
    with transaction(desk):
        if secret == meta.get(desk.store, SECRET):
            return False
        if tickets.count(desk.store, AllOf(())):
            raise DataError(
                "the tickets here have references of their own: those of the other desk will not be known"
            )
        meta.put(desk.store, SECRET, secret)
        return True


def _signature(desk: Desk, what: str, size: int) -> str:
    digest = hmac.digest(secret_of(desk, SECRET), what.encode(), "sha256")
    return base64.b32encode(digest[:size]).decode().lower().rstrip("=")
