"""A mail while it is decided on: who receives it, what was found out about it, and how it is written down.

The functions here only write; which of them is called is decided in `receiving`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from supporttui.quickclass import dataclass
from supporttui.store import journal, mail

from . import check, kept
from .act import Change, Entry, change
from .attachments import label_of
from .incoming import Incoming, Part, Received
from .session import Desk

if TYPE_CHECKING:
    from supporttui.store.blobs import Blobs
    from supporttui.store.records import Ticket

ACTOR = "mail"  # in whose name the desk writes down what came by itself
MOST_TEXT = 200_000  # characters of a mail that go into the journal; the whole of it is kept as a file
CUT = "\n[… shortened; the whole mail is attached]"
MOST_FILES = 200
WHOLE_MAIL = Part(hash="", size=0, name="mail.eml", type="message/rfc822")


class MailSettings(Protocol):
    """What `intake.toml` says of mails: our own addresses, and whose Authentication-Results are believed."""

    @property
    def addresses(self) -> Sequence[str]: ...

    @property
    def authserv_id(self) -> str: ...


class Settings(Protocol):
    """What receiving needs of the settings of the intake."""

    @property
    def mail(self) -> MailSettings: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mail on its way.  desk: that of ACTOR.  id: of its row.  auth: what our own server says: "pass", "fail",
    "none".
    """

    desk: Desk
    incoming: Incoming
    id: int
    auth: str
    blobs: Blobs
    settings: Settings

    def done(self, outcome: str, ticket: int = 0, entry: int = 0, line: str = "") -> Received:
        """Write down what became of the mail."""
        mail.place(self.desk.store, self.id, ticket=ticket, entry=entry, kind=outcome)
        said = ", ".join(one for one in (f"ticket {ticket}" if ticket else "", line) if one)
        return Received(outcome=outcome, ticket=ticket, mail=self.id, line=said)

    def whence(self) -> dict[str, Any]:
        """Who wrote, for an entry of the journal."""
        facts = {
            "mail": self.id, "from": self.incoming.sender, "name": self.incoming.sender_name,
            "attachments": [
                {"name": label_of(one.name), "size": one.size} for one in self.incoming.parts[:MOST_FILES]
            ],
        }  # fmt: skip
        return {name: value for name, value in facts.items() if value}


def written(case: Case) -> str:
    """What the sender wrote, without what is quoted: the whole text where nothing else is left; never empty."""
    incoming = case.incoming
    text = incoming.written if incoming.written.strip() else incoming.text
    return shortened(text) if text.strip() else _wordless(incoming)


def shortened(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - len(CUT)] + CUT


def _wordless(incoming: Incoming) -> str:
    files = len(incoming.parts)
    return f"[no text; {files} file{'s' if files != 1 else ''}]" if files else "[no text]"


def note(case: Case, ticket: Ticket, text: str, **data: Any) -> int:
    """An entry of kind "mail", which the customer never sees and which moves nothing; its id."""
    entry = Entry("mail", text[: check.MAX_TEXT], {**case.whence(), **data})
    change(case.desk, ticket.number, lambda _ticket: Change(entries=(entry,)), merged_too=True)
    return newest_entry(case.desk, ticket.number, "mail")


def newest_entry(desk: Desk, number: int, kind: str) -> int:
    """The id of the newest entry of a kind; the caller has just written it and holds the transaction."""
    return journal.of_ticket(desk.store, number, kinds=(kind,), newest_first=True, limit=1)[0].id


def attach(case: Case, ticket: int, entry: int, *, state: str = "stored", whole: bool = False) -> None:
    """The mail's files become the ticket's; with them the mail itself, if asked for or if its text was shortened.

    state: "quarantined" for those of a mail that is held: whoever lets it in lets them in too.
    """
    incoming = case.incoming
    parts = list(incoming.parts)
    if whole or len(incoming.text) > MOST_TEXT:
        parts.append(
            Part(hash=incoming.raw_hash, size=incoming.size, name=WHOLE_MAIL.name, type=WHOLE_MAIL.type)
        )
    for part in parts[: MOST_FILES + 1]:
        values = {
            "ticket": ticket, "entry": entry, "message": case.id, "hash": part.hash, "name": label_of(part.name),
            "type": part.type[:200], "size": part.size, "source": "mail", "added_at": case.desk.now(),
            "added_by": incoming.sender, "state": state,
        }  # fmt: skip
        kept.insert(case.desk, "attachment", values)


def ask(case: Case, kind: str, text: str, *, ticket: int = 0, about: int = 0) -> None:
    """Put the mail before somebody: an item of the inbox.  text: why, in one line."""
    incoming = case.incoming
    values = {
        "kind": kind, "at": case.desk.now(), "ticket": ticket, "about": about, "message": case.id,
        "sender": incoming.sender, "subject": incoming.subject[: check.MAX_SUBJECT], "text": text,
    }  # fmt: skip
    kept.insert(case.desk, "intake-item", values)
