"""The files of tickets: added, listed, moved to another ticket, taken away and brought back.

The file itself lies in the blobs under its hash and stays there; what changes is a record and a
line in the journal of its ticket, both in one transaction and both taken back by one undo.
Its name is a label and never a path.
"""

from __future__ import annotations

from typing import Any

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.store import book, journal
from supporttui.store.blobs import Blob, Blobs
from supporttui.store.book_criteria import differs, equal
from supporttui.store.mail_records import Attachment

from . import kept
from .act import Change, Entry, change, fetch, new_batch, transaction
from .excerpts import first_lines
from .file_words import size_text as size_text
from .session import Desk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from supporttui.store.records import Ticket

KIND = "attachment"
ENTRY = "file"  # the kind of the journal's line
CONSOLE = "console"
STORED, QUARANTINED, REJECTED = "stored", "quarantined", "rejected"
MOST_NAME = 255
UNNAMED = "unnamed"


def add(
    desk: Desk,
    number: int,
    blob: Blob,
    name: str,
    *,
    blobs: Blobs,
    type: str = "",
    source: str = CONSOLE,
    place: str = "",
    entry: int = 0,
    message: int = 0,
    seen: int | None = None,
    batch: str = "",
) -> Attachment:
    """Add a file that lies in the blobs (`Blobs.put`) to a ticket; 0: to none, so that it waits for one.

    source: "console" is somebody's action, which an undo takes back; what came by itself ("mail", "web",
    "upload") is nobody's.  place: the folder that it was uploaded to.  entry: the journal's line that came
    with it (a customer's message); without one it gets a line of its own, with its first lines.
    Joins the open transaction.  Errors: NotFound, Refused (merged ticket; attached already), Conflict.
    """
    label, batch = label_of(name), batch or new_batch()
    values: dict[str, Any] = {
        "ticket": number, "hash": blob.hash, "name": label, "type": type[:MOST_NAME], "size": blob.size,
        "source": source, "place": place, "message": message, "added_at": desk.now(), "added_by": desk.actor,
        "state": STORED if number else QUARANTINED, "entry": entry,
    }  # fmt: skip
    words = first_lines(blobs, blob.hash) if number and not entry else ""
    with transaction(desk):
        if number and not entry:
            by_hand = source == CONSOLE
            if by_hand:
                _check_new(desk, number, blob.hash, label)
            values["entry"] = _tell(desk, number, values, words, batch, undoable=by_hand, seen=seen)
        if source != CONSOLE:
            made: Attachment = kept.insert(desk, KIND, values)
        else:
            made = kept.add(desk, KIND, values, text=label, batch=batch)
        return made


def listed(desk: Desk, number: int) -> list[Attachment]:
    """The files of a ticket, the oldest first; without those that were taken away."""
    found: list[Attachment] = book.select(desk.store, KIND, equal(ticket=number), differs(ticket=0))
    return found


def get(desk: Desk, id: int) -> Attachment:
    """The file of this id.  Errors: NotFound, for one that was taken away too."""
    found: Attachment = book.get(desk.store, KIND, id) if 0 < id < 2**63 else _none(id)
    return _none(id) if found.removed else found


def of_ticket(desk: Desk, number: int, which: int) -> Attachment:
    """The file of a ticket by its id.  Errors: NotFound."""
    fetch(desk, number)
    found = next((one for one in listed(desk, number) if one.id == which), None)
    if found is None:
        raise NotFound(f"ticket {number} has no file {which}; `attachments {number}` lists them")
    return found


def move(
    desk: Desk, file: Attachment, number: int, *, blobs: Blobs | None = None, batch: str = ""
) -> Attachment:
    """Give a file to another ticket, or one that waits (or was rejected) to its first.

    blobs: where it lies, for its first lines in the journal.  Errors: NotFound, Refused, Conflict.
    """
    if number == file.ticket:
        raise Refused(f"{file.name} is a file of ticket {number} already")
    batch = batch or new_batch()
    words = first_lines(blobs, file.hash) if blobs is not None and blobs.has(file.hash) else ""
    with transaction(desk):
        values = {**_facts(file), "from": file.ticket}
        entry = _tell(desk, number, values, words, batch)
        if file.ticket:
            said = {**_facts(file), "moved": number}
            _tell(desk, file.ticket, said, "", batch)
        new = {"ticket": number, "state": STORED, "entry": entry}
        moved: Attachment = kept.change(desk, KIND, file, new, text=file.name, batch=batch)
        return moved


def remove(desk: Desk, file: Attachment, *, batch: str = "") -> Attachment:
    """Take a file away from its ticket; the content stays, and an undo brings it back.  Errors: Conflict."""
    batch = batch or new_batch()
    with transaction(desk):
        if file.ticket:
            _tell(desk, file.ticket, {**_facts(file), "removed": True}, "", batch)
        gone: Attachment = kept.remove(desk, KIND, file, text=file.name, batch=batch)
        return gone


def reject(desk: Desk, file: Attachment, *, batch: str = "") -> Attachment:
    """Say of a file that waits that no ticket gets it; an undo has it wait again.  Errors: Refused, Conflict."""
    if file.state != QUARANTINED:
        raise Refused(f"{file.name} does not wait for a ticket")
    rejected: Attachment = kept.change(desk, KIND, file, {"state": REJECTED}, text=file.name, batch=batch)
    return rejected


def label_of(name: str) -> str:
    """A sender's name of a file as a label: its last part, one line, not too long.  Never a path."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    words = " ".join("".join(one if one.isprintable() else " " for one in last).split())
    if len(words) > MOST_NAME:
        stem, dot, end = words.rpartition(".")
        end = dot + end if dot and len(end) <= 16 else ""
        words = (stem if end else words)[: MOST_NAME - len(end)] + end
    return words if words.strip(". ") else UNNAMED


def file_name(file: Attachment) -> str:
    """What a copy of a file is called: its label, which leads nowhere, whatever stands in the store."""
    name = label_of(file.name).replace(":", "-")
    return f"_{name[1:]}" if name[0] in "~-." else name


def _check_new(desk: Desk, number: int, hash: str, label: str) -> None:
    for one in listed(desk, number):
        if one.hash == hash:
            as_what = "" if one.name == label else f" as {one.name}"
            raise Refused(f"{label} is attached to ticket {number} already{as_what} (file {one.id})")


def _facts(file: Attachment) -> dict[str, Any]:
    return {name: getattr(file, name) for name in ("name", "hash", "size", "source", "place")}


def _tell(
    desk: Desk, number: int, values: dict[str, Any], words: str, batch: str, *, undoable: bool = True,
    seen: int | None = None,
) -> int:  # fmt: skip
    """Write the line of the ticket's journal; its id.  The caller holds the transaction."""
    data = {name: value for name, value in values.items() if name in _TOLD and value not in ("", 0)}
    inverse = {"retract": True} if undoable else {}
    told = Entry(ENTRY, words, data, inverse)
    changed = change(desk, number, lambda _ticket: Change(entries=(told,)), seen=seen, batch=batch)
    return _newest(desk, changed)


_TOLD = ("name", "hash", "size", "source", "place", "from", "moved", "removed")


def _newest(desk: Desk, ticket: Ticket) -> int:
    entries: Sequence[Any] = journal.after_version(desk.store, ticket.number, ticket.version - 1)
    return int(next((one.id for one in entries if one.kind == ENTRY), 0))


def _none(id: int) -> Attachment:
    raise NotFound(f"there is no file {id}")


def wanted(words: str) -> int:
    """The id of a file as somebody wrote it: "7" or "#7".  Errors: UsageError."""
    digits = words.strip().lstrip("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise UsageError(f"'{words[:40]}' is no number of a file; `attachments NUMBER` lists them")
    return int(digits)
