"""What came in and waits for somebody's decision: read for the console and the command line.

What each decision would do is said here, in one place, for the item at hand; `desk.deciding` does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.errors import NotFound
from supporttui.quickclass import dataclass
from supporttui.store import book, journal, mail, tickets
from supporttui.store.book_criteria import among_alike, differs, equal
from supporttui.store.mail_records import Attachment, IntakeItem, Mail

from .attachments import STORED
from .look import snapshot
from .session import Desk

if TYPE_CHECKING:
    from supporttui.store.records import Ticket

KIND = "intake-item"
WAITING = "waiting"
WEB = "web:"  # how the Message-ID of a report by the web form begins
# What can't wait first, then what was written in a ticket's name, then the rest.
KINDS = ("call", "held", "unverified", "fallback", "unknown", "file", "storm")
MAKES_A_TICKET = frozenset(
    {"unverified", "unknown", "fallback", "storm"}
)  # kinds whose `ticket` came about by them
MOST = 500
MOST_DECIDED = 20
FIRST_CHARACTERS = 300  # of a message, for a list

TITLES = {
    "call": "Severity 1 without a telephone call",
    "held": "Held: in a ticket's name, from somebody who takes no part in it or is not who they say",
    "unverified": "Unverified: names a ticket without proof",
    "fallback": "Could not be read",
    "unknown": "From somebody nobody knows, or about nothing of ours",
    "file": "Files without a ticket",
    "storm": "Storms: too much from one sender",
}
DECIDED = {
    "accepted": "accepted",
    "attached": "attached",
    "merged": "merged",
    "rejected": "rejected",
    "blocked": "sender blocked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One item with what it is about.

    mail: the message that brought it, None for a file.  files: what came with it, or the file itself.
    own: the ticket that it made; home: the one that it belongs to or claims, as far as there is one.
    text: what was written; why it waits is the item's.  contact: somebody of the book who has the sender's address, "" for nobody.
    """

    item: IntakeItem
    mail: Mail | None = None
    files: tuple[Attachment, ...] = ()
    own: Ticket | None = None
    home: Ticket | None = None
    text: str = ""
    contact: str = ""

    @property
    def sender(self) -> str:
        """Who wrote, as the mail says; "" for nobody, as with a file, which has a folder and no sender."""
        if self.item.kind == "file":
            return ""
        return self.item.sender or (self.mail.sender if self.mail is not None else "")

    @property
    def why(self) -> str:
        """Why it waits, one line."""
        return self.item.text.partition("\n")[0]

    @property
    def settled(self) -> bool:
        """Whether a file is its ticket's already, and waits for somebody to look at that ticket."""
        home = home_of(self.item)
        return bool(home and self.files) and all(
            file.ticket == home and file.state == STORED for file in self.files
        )

    @property
    def called(self) -> str:
        """What it is called in the journal and in a line to people."""
        said = called(self.item)
        by_web = self.mail is not None and self.mail.message_id.startswith(WEB)
        return said.replace("the mail of", "the web report of", 1) if by_web else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that waits, in the order of KINDS and the oldest first; what was decided lately, the newest first."""

    at: datetime
    rows: tuple[Waiting, ...] = ()
    decided: tuple[Waiting, ...] = ()
    more: int = 0
    blocked: int = 0


def called(item: IntakeItem) -> str:
    """ "the mail of mara@globex.example", "the file dump.bin", "the call for ticket 1042"."""
    if item.kind == "file":
        return f"the file {item.subject or f'#{item.attachment}'}"
    if item.kind == "call":
        return f"the call for ticket {home_of(item)}"
    return f"the mail of {item.sender or 'nobody'}"


def count(desk: Desk) -> tuple[int, int]:
    """How many items wait, and how many of them ask for a telephone call."""
    return mail.waiting(desk.store)


def board(desk: Desk) -> Board:
    """The whole inbox, from one snapshot."""
    with snapshot(desk):
        total, _calls = mail.waiting(desk.store)
        calls: list[IntakeItem] = book.select(desk.store, KIND, equal(state=WAITING, kind="call"), limit=MOST)
        rest: list[IntakeItem] = book.select(
            desk.store, KIND, equal(state=WAITING), differs(kind="call"), limit=max(1, MOST - len(calls))
        )
        old: list[IntakeItem] = book.select(
            desk.store, KIND, differs(state=WAITING), order=("-id",), limit=MOST_DECIDED
        )
        rows = _with_all(desk, sorted([*calls, *rest], key=_order))
        return Board(
            at=desk.now(), rows=rows, decided=_with_all(desk, old), more=total - len(rows),
            blocked=len(book.select(desk.store, "sender-rule", equal(rule="block"))),
        )  # fmt: skip


def fetch(desk: Desk, id: int) -> IntakeItem:
    """The item, decided ones too.  Errors: NotFound."""
    found = book.select(desk.store, KIND, equal(id=id)) if 0 < id < 2**63 else []
    if not found:
        raise NotFound(f"nothing in the inbox has the id {id}")
    item: IntakeItem = found[0]
    return item


def one(desk: Desk, id: int) -> Waiting:
    """An item with all of its text.  Errors: NotFound."""
    with snapshot(desk):
        return _with_all(desk, [fetch(desk, id)], whole=True)[0]


def home_of(item: IntakeItem) -> int:
    """The ticket that an item belongs to or claims, beside one that it made itself; 0 for none."""
    if item.kind in MAKES_A_TICKET:
        return item.about
    return item.ticket or item.about


def own_of(item: IntakeItem) -> int:
    """The ticket that an item made; 0 for none.  Never one that others take part in."""
    return item.ticket if item.kind in MAKES_A_TICKET else 0


def _order(item: IntakeItem) -> tuple[int, int]:
    return (KINDS.index(item.kind) if item.kind in KINDS else len(KINDS), item.id)


def _with_all(desk: Desk, items: Sequence[IntakeItem], *, whole: bool = False) -> tuple[Waiting, ...]:
    mails = {
        one.id: one for one in mail.of_ids(desk.store, list({item.message for item in items if item.message}))
    }
    files = _files(desk, items)
    people = _contacts(desk, {item.sender for item in items if item.sender})
    out = []
    for item in items:
        own = tickets.get(desk.store, own_of(item)) if own_of(item) else None
        home = tickets.get(desk.store, home_of(item)) if home_of(item) else None
        message = mails.get(item.message)
        text = written(desk, item, message, own)
        out.append(
            Waiting(
                item=item, mail=message, files=files.get(item.id, ()), own=own, home=home,
                text=text if whole else text[:FIRST_CHARACTERS], contact=people.get(item.sender.casefold(), ""),
            )
        )  # fmt: skip
    return tuple(out)


def written(desk: Desk, item: IntakeItem, message: Mail | None, own: Ticket | None) -> str:
    """What the sender wrote: the report that it made, or the line of the journal that holds it."""
    if own is not None and item.kind != "storm":
        return own.description
    entry = journal.get(desk.store, message.entry) if message is not None and message.entry else None
    if entry is not None and entry.text:
        return entry.text
    kept = str(message.data.get("text", "")) if message is not None else ""
    return kept or item.text


def _files(desk: Desk, items: Sequence[IntakeItem]) -> dict[int, tuple[Attachment, ...]]:
    """What came with each item."""
    messages = [item.message for item in items if item.message]
    single = [item.attachment for item in items if item.attachment]
    found: list[Attachment] = []
    if messages:
        found += book.of_ids(desk.store, "attachment", messages, field="message")
    if single:
        found += book.of_ids(desk.store, "attachment", single)
    return {
        item.id: tuple(
            {
                file.id: file
                for file in found
                if file.id == item.attachment or (item.message and file.message == item.message)
            }.values()
        )
        for item in items
    }


def _contacts(desk: Desk, senders: set[str]) -> dict[str, str]:
    """The contacts of the book that have these addresses, by address."""
    if not senders:
        return {}
    wanted = sorted({one.lower() for one in senders})
    found = [
        person
        for at in range(0, len(wanted), book.AT_ONCE)
        for person in book.select(desk.store, "contact", among_alike("email", wanted[at : at + book.AT_ONCE]))
    ]
    return {person.email.casefold(): person.name or person.email for person in found}
