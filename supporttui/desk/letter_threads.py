"""Which mails a letter continues, so that mail programs show it in its place (RFC 5322, 3.6.4).

Only mails that both sides have seen are named: what was held back, what came back and what a program
wrote is nobody's conversation.
"""

from __future__ import annotations

import re

from supporttui.store import mail
from supporttui.store.records import Ticket

from .session import Desk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .incoming import Incoming

MOST, LONGEST = 20, 250
_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_SEEN = {
    "in": ("new", "reply", "status", "acknowledge"), "out": ("reply", "acknowledgement", "status"),
}  # fmt: skip


def before(desk: Desk, ticket: Ticket, heard: Incoming | None = None) -> tuple[str, ...]:
    """The Message-IDs that go before a new letter, the oldest first; the last is the one that it answers.

    heard: the mail that is answered, where there is one; then only what that names itself.
    """
    if heard is not None:
        found = [*heard.references, heard.message_id]
    else:
        sent = mail.of_ticket(desk.store, ticket.number, 5)
        sent += mail.newest_of_ticket(desk.store, ticket.number, 5 * MOST)
        found = [one.message_id for one in sent if one.kind in _SEEN.get(one.direction, ())]
    known = [one for one in dict.fromkeys(found) if is_message_id(one)]
    return tuple(known if len(known) <= MOST else [known[0], *known[1 - MOST :]])


def is_message_id(text: str) -> bool:
    """Whether a text is one Message-ID with its angle brackets, fit for a header."""
    return len(text) <= LONGEST and _ID.fullmatch(text) is not None
