"""What comes in by itself on a sample desk: mails and an uploaded file, through the same doors as real ones."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from supporttui.clock import ManualClock
from supporttui.desk import attachments, kept
from supporttui.desk.files import blobs_of
from supporttui.desk.incoming import Incoming
from supporttui.desk.receiving import receive
from supporttui.desk.reference import reference_of
from supporttui.desk.session import Desk
from supporttui.intake.settings import Intake, MailTable

if TYPE_CHECKING:
    from supporttui.desk.incoming import Received

OUR_MTA = "mx.vendor.example"
SETTINGS = Intake(mail=MailTable(addresses=("support@vendor.example",), authserv_id=OUR_MTA))
PASSED = f"{OUR_MTA}; dmarc=pass"


def mail_comes(
    desk: Desk, sender: str, subject: str, text: str, *, name: str = "", about: int = 0, vouched: bool = False
) -> Received:
    """A mail as the gateway hands it on.

    about: the ticket whose reference its subject bears, 0 for none.  vouched: our own mail server passed its sender.
    """
    subject = f"Re: {subject} [{reference_of(desk, about)}]" if about else subject
    raw = f"From: {sender}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    digest = hashlib.sha256(raw).hexdigest()
    incoming = Incoming(
        raw_hash=digest, size=len(raw), message_id=f"<{digest[:20]}@{sender.rpartition('@')[2]}>", sender=sender,
        sender_name=name, to=SETTINGS.mail.addresses, subject=subject, sent_at=desk.now(), text=text, written=text,
        results=(f"{PASSED} header.from={sender.rpartition('@')[2]}",) if vouched else (),
    )  # fmt: skip
    return receive(desk, incoming, SETTINGS, blobs_of(desk))


def sample(desk: Desk, number: int) -> None:
    """What waits in the inbox of the sample desk: a mail in a ticket's name and a dump that fits none.

    number: the ticket; its contact writes from an address that nobody knows.
    """
    from supporttui.desk.act import fetch

    def ago(minutes: int, actor: str) -> Desk:
        return Desk(desk.store, desk.policy, ManualClock(desk.now() - timedelta(minutes=minutes)), actor)

    ticket = fetch(desk, number)
    name = ticket.contact or "Somebody"
    text = (
        "Hello,\n\nI write from home, the office mail is down as well. It happened again at six this morning, "
        f"twice. Could you call me on the mobile?\n\n{name}"
    )
    private = f"{name.split()[-1].lower()}@freemail.example"
    mail_comes(ago(11, "mail"), private, ticket.subject, text, name=name, about=number)
    place = (ticket.customer.split() or ["customer"])[0].lower()
    file_comes(ago(26, "uploads"), "SVCDUMP.REGION2.bin", b"SVC DUMP, REGION 2\n" * 4000, place=place)


def file_comes(desk: Desk, name: str, content: bytes, *, place: str = "", about: int = 0) -> None:
    """A file from the upload folder that fits no ticket by itself.  place: the folder; about: what it may belong to."""
    blobs = blobs_of(desk)
    blob = blobs.put_bytes(content)
    file = attachments.add(desk, 0, blob, name, blobs=blobs, source="upload", place=place)
    values = {
        "kind": "file", "at": desk.now(), "about": about, "attachment": file.id, "subject": file.name,
        "text": "its name holds no number of a ticket",
    }  # fmt: skip
    kept.insert(desk, "intake-item", values)
