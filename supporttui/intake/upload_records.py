"""What is written down of uploaded files: the attachment, the line of the journal, what a person decides.

A file that names its ticket is attached to it; any other is quarantined with a place among
the decisions.  What can't be taken is told once and stays where it is.
"""

from __future__ import annotations

from functools import cached_property

from supporttui.desk import attachments, kept
from supporttui.desk.act import change, fetch, transaction
from supporttui.desk.change import move
from supporttui.desk.excerpts import first_lines
from supporttui.desk.file_words import size_text
from supporttui.desk.session import Desk
from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store.blobs import Blob, Blobs
from supporttui.store.book_criteria import equal
from supporttui.store.columns import storable
from supporttui.store.mail_records import Attachment

from .settings import UploadsTable
from .upload_matching import Customers, Match, match

MOST_WAITING = (
    20  # files of one folder that wait for a decision; more stay where they are until some are made
)
UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Left:
    """A file that stays where it is.  key: its folders below the uploads' and its name."""

    key: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken.  ticket: 0 when it waits for a decision.  again: it had been taken before."""

    key: tuple[str, ...]
    ticket: int
    why: str
    hash: str
    size: int
    attachment: int
    again: bool = False


class Matching:
    """Which ticket a file is for, at one look: the customers are read once, if at all."""

    def __init__(self, desk: Desk, table: UploadsTable) -> None:
        self._desk = desk
        self._table = table

    @cached_property
    def _customers(self) -> Customers:
        return Customers(self._desk, self._table.customers)

    def of(self, key: tuple[str, ...]) -> Match:
        names = [printable(one) for one in key]
        return match(self._desk, names[:-1], names[-1], self._customers, self._table.numbers)


def keep(desk: Desk, matching: Matching, blobs: Blobs, blob: Blob, key: tuple[str, ...]) -> Taken:
    """Write down a file that lies in the blobs, in one transaction.  Errors: SupportError."""
    place, label = place_of(key), attachments.label_of(key[-1])
    with transaction(desk):
        before = _taken_before(desk, blob, place, label)
        if before is not None:
            return Taken(key, before.ticket, "taken before", blob.hash, blob.size, before.id, again=True)
        found = matching.of(key)
        file = attachments.add(desk, found.ticket, blob, label, blobs=blobs, source=UPLOAD, place=place)
        if found.ticket:
            _notice(desk, found, file, place)
        else:
            _ask(desk, found, file, place, _described(blobs, file, found.why))
    return Taken(key, found.ticket, found.why, blob.hash, blob.size, file.id)


def too_many(desk: Desk, matching: Matching, key: tuple[str, ...]) -> str:
    """Why a file must wait in its folder: nobody decides on a flood one by one; "" when it needn't."""
    place = place_of(key)
    if matching.of(key).ticket or _waiting_of(desk, place) < MOST_WAITING:
        return ""
    return f"{MOST_WAITING} files of {place or 'this folder'} wait for a decision already"


def tell_left(desk: Desk, left: Left) -> None:
    """Say once that something lies there that is never taken: who looks after the folder decides."""
    place, name = place_of(left.key), attachments.label_of(left.key[-1])
    known = book.select(
        desk.store, "intake-item", equal(kind="file", sender=place, subject=name, attachment=0)
    )
    text = f"stays in the folder: {left.why}"
    if any(one.text == text for one in known) or _waiting_of(desk, place) >= MOST_WAITING:
        return
    kept.insert(
        desk, "intake-item",
        {"kind": "file", "at": desk.now(), "sender": place, "subject": name, "text": text},
    )  # fmt: skip


def place_of(key: tuple[str, ...]) -> str:
    """The folder of a file below the uploads', for people."""
    return "/".join(printable(one) for one in key[:-1])


def printable(name: str) -> str:
    return storable("".join(one if one.isprintable() else "\ufffd" for one in name))


def _taken_before(desk: Desk, blob: Blob, place: str, label: str) -> Attachment | None:
    """The same file under the same name in the same folder: it was written down, and then the unlinking failed."""
    found = book.select(
        desk.store, attachments.KIND, equal(hash=blob.hash, source=UPLOAD, place=place, name=label), limit=1
    )
    return found[0] if found else None


def _waiting_of(desk: Desk, place: str) -> int:
    found = book.select(
        desk.store, "intake-item", equal(kind="file", state="waiting", sender=place), limit=MOST_WAITING
    )
    return len(found)


def _notice(desk: Desk, found: Match, file: Attachment, place: str) -> None:
    """What the file does to its ticket: it ends a wait for the customer, and on an ended one a person looks."""
    ticket = fetch(desk, found.ticket)
    status = desk.policy.after_customer(ticket.status)
    if ticket.status in desk.policy.ended:
        _ask(desk, found, file, place, f"came for ticket {ticket.number}, which is {ticket.status}")
    elif found.sure and status != ticket.status:
        said = f"the customer sent {file.name}"
        change(desk, ticket.number, lambda now: move(desk, now, status, text=said))


def _ask(desk: Desk, found: Match, file: Attachment, place: str, text: str) -> None:
    kept.insert(
        desk, "intake-item",
        {
            "kind": "file", "at": desk.now(), "ticket": found.ticket, "about": found.claimed,
            "attachment": file.id, "sender": place, "subject": file.name, "text": text,
        },
    )  # fmt: skip


def _described(blobs: Blobs, file: Attachment, why: str) -> str:
    lines = first_lines(blobs, file.hash)
    return f"{why}\n{size_text(file.size)}, SHA-256 {file.hash}\n{lines}".rstrip()
