"""Which ticket a mail belongs to, and whether that is proven.

Invariant: only a signed reference proves that somebody was written to by us.  A number that
anybody can type, and a Message-ID that anybody can read, only claim; what follows from a claim is
decided by `receiving`, together with who wrote and what our own server says of it.
"""

from __future__ import annotations

import re

from supporttui.quickclass import dataclass
from supporttui.store import mail, tickets
from supporttui.store.records import Ticket

from .incoming import Incoming
from .reference import number_of, references_in
from .session import Desk

MOST_SUBJECT = 1000  # characters that are looked at
MOST_IDS = 50
MOST_MERGES = 20
_NUMBER = re.compile(
    r"(?:\[|#|\b(?:ticket|case|incident|problem|call|issue|number|no|nr|support)[ .:]{0,3}#?)"
    r"([1-9][0-9]{0,14})(?![0-9A-Za-z])",
    re.I,
)
_LONE = re.compile(r"\s*(?:(?:re|aw|sv|fw|fwd|wg)\s*:\s*)*([1-9][0-9]{0,14})\s*", re.I)
_TAG = re.compile(r"\[\s*[1-9][0-9]{0,14}-[A-Za-z2-7]{16}\s*\]")
_ANSWER = re.compile(r"\s*(?:re|aw|sv|antw|fw|fwd|wg)\s*:", re.I)


@dataclass(frozen=True, slots=True)
class Thread:
    """ticket: that a mail names, None for none.  token: "ok" (proven), "bad" (made up or mangled) or "none".

    names: whether it names any, be there such a ticket or not.
    """

    ticket: Ticket | None
    token: str
    names: bool = False


def thread_of(desk: Desk, incoming: Incoming) -> Thread:
    """The ticket that a mail names: by a signed reference, else by a number or by a Message-ID that we know."""
    where = (
        incoming.subject[:MOST_SUBJECT],
        incoming.in_reply_to,
        " ".join(reversed(incoming.references[-MOST_IDS:])),
    )
    found = [one for text in where for one in references_in(text)]
    for reference in found:
        ticket = ticket_at_end(desk, number_of(desk, reference))
        if ticket is not None:
            return Thread(ticket, "ok", names=True)
    token = "bad" if found else "none"
    claims = [*numbers_in(incoming.subject), *(int(one.partition("-")[0]) for one in found)]
    for number in claims:
        ticket = ticket_at_end(desk, number)
        if ticket is not None:
            return Thread(ticket, token, names=True)
    names = bool(claims or incoming.in_reply_to or incoming.references)
    return Thread(_by_message(desk, incoming), token, names)


def numbers_in(subject: str) -> list[int]:
    """What a subject calls a ticket's number: "#1042", "ticket 1042", "[1042]", or 1042 and nothing else.

    Other numbers mean something else: "error 500 on 12 hosts" names no ticket.
    """
    text = subject[:MOST_SUBJECT]
    lone = _LONE.fullmatch(text)
    found = [lone[1]] if lone else [one[1] for one in _NUMBER.finditer(text)]
    return [int(one) for one in dict.fromkeys(found)][:MOST_MERGES]


def plain_subject(subject: str) -> str:
    """A subject without our tags and the marks of an answer, for a ticket that begins with it."""
    text = " ".join(_TAG.sub(" ", subject[: MOST_SUBJECT * 4]).split())
    while found := _ANSWER.match(text):
        text = text[found.end() :].strip()
    return text


def ticket_at_end(desk: Desk, number: int) -> Ticket | None:
    """The ticket of a number, or the one that it was merged into in the end; None for none."""
    ticket = tickets.get(desk.store, number) if number else None
    for _ in range(MOST_MERGES):
        if ticket is None or not ticket.merged_into:
            break
        ticket = tickets.get(desk.store, ticket.merged_into)
    return None if ticket is not None and ticket.merged_into else ticket


def _by_message(desk: Desk, incoming: Incoming) -> Ticket | None:
    wanted = [one for one in (incoming.in_reply_to, *reversed(incoming.references[-MOST_IDS:])) if one]
    known = {
        one.message_id: one.ticket for one in reversed(mail.of_message_ids(desk.store, wanted)) if one.ticket
    }
    for one in wanted:
        ticket = ticket_at_end(desk, known.get(mail.indexed(one), 0))
        if ticket is not None:
            return ticket
    return None
