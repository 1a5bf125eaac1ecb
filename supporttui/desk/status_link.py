"""The secret link that shows how a ticket stands: made for one address, read back by the web desk.

Only who got a letter at that address has it, so it shows the status at once; it shows nothing else
and changes nothing.
"""

from __future__ import annotations

import re

from supporttui.store import book, tickets
from supporttui.store.book_criteria import equal

from .reference import link_fits, link_token
from .session import Desk

PATH = "/status/"
_TOKEN = re.compile(r"([1-9][0-9]{0,14})-[a-z2-7]{32}")


def status_url(desk: Desk, url: str, number: int, address: str) -> str:
    """The link for one address; "" without the web desk's URL or an address."""
    return f"{url.rstrip('/')}{PATH}{link_token(desk, number, address)}" if url and address.strip() else ""


def shown_by(desk: Desk, token: str) -> int:
    """The ticket whose status a link's token shows: it was made for its contact or a participant.

    0 for any other text.  What it was made for is looked up now, so that a link of somebody who no longer takes
    part shows nothing.
    """
    found = _TOKEN.fullmatch(token.strip().lower())
    if not found:
        return 0
    number = int(found[1])
    ticket = tickets.get(desk.store, number)
    others = [one.email for one in book.select(desk.store, "participant", equal(ticket=number))]
    addresses = [ticket.contact_email if ticket else "", *others]
    fits = [link_fits(desk, found[0], number, one) for one in addresses]
    return number if any(one and fit for one, fit in zip(addresses, fits, strict=True)) else 0
