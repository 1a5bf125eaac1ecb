"""A desk that gets mail: incoming mails made by hand, and what the desk did with them."""

from __future__ import annotations

import hashlib
from itertools import count
from pathlib import Path

from supporttui.desk.incoming import Incoming, Part, Received
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.receiving import receive
from supporttui.desk.session import Desk
from supporttui.intake.settings import read_intake
from supporttui.store import book, journal, notices
from supporttui.store.blobs import Blobs

OURS = "support@vendor.example"
SERVER = "mx.vendor.example"
SETTINGS = read_intake(f'[mail]\naddresses = ["{OURS}"]\nauthserv_id = "{SERVER}"\n', "intake.toml")
HEAD = Letterhead(sender=OURS, own=frozenset({OURS}))
BLOBS = Blobs(Path("/nowhere"))
_serial = count(1)


def said(verdict: str, domain: str = "acme.example", server: str = SERVER) -> str:
    """An Authentication-Results header of our own server."""
    return f"{server}; dmarc={verdict} (p=none dis=none) header.from={domain}"


def a_mail(**fields: object) -> Incoming:
    """A person's mail from Joe of Acme; each is another one."""
    serial = next(_serial)
    text = str(fields.get("text", "It stops."))
    given: dict[str, object] = {
        "raw_hash": hashlib.sha256(f"{serial}".encode()).hexdigest(), "size": 100, "message_id": f"<m{serial}@acme.example>",
        "sender": "joe@acme.example", "sender_name": "Joe Miller", "subject": "NETEX stops", "text": text, "written": text,
        "to": (OURS,),
    }  # fmt: skip
    return Incoming(**(given | fields))  # type: ignore[arg-type]


def a_file(name: str = "core.dump", size: int = 9) -> Part:
    return Part(
        hash=hashlib.sha256(name.encode()).hexdigest(), size=size, name=name, type="application/octet-stream"
    )


def take(desk: Desk, mail: Incoming | None = None, **fields: object) -> Received:
    """What becomes of a mail."""
    return receive(desk, mail or a_mail(**fields), SETTINGS, BLOBS)


def waiting(desk: Desk, ticket: int | None = None) -> list[str]:
    """The kinds of items that wait, of one ticket or all."""
    found = book.select(desk.store, "intake-item")
    return [one.kind for one in found if one.state == "waiting" and ticket in (None, one.ticket)]


def entries(desk: Desk, number: int, *kinds: str) -> list[tuple[str, str]]:
    """(kind, text) of a ticket's journal."""
    return [
        (one.kind, one.text)
        for one in journal.of_ticket(desk.store, number)
        if not kinds or one.kind in kinds
    ]


def letters_to(desk: Desk, address: str = "") -> list[dict[str, object]]:
    """The letters in the outbox, to one address or all."""
    found = sorted(
        (one for one in notices.waiting(desk.store) if one.kind == "letter"), key=lambda one: one.id
    )
    return [one.data["letter"] for one in found if not address or one.data["letter"]["to"].lower() == address]
