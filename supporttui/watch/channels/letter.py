"""A letter to a customer as bytes: the same at every attempt.

Invariant: what a customer, a ticket or a template says ends no header and begins none.  An automatic letter
says that it is one (RFC 3834), and every letter carries what shows that it is ours when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from email import quoprimime
from email.header import Header
from email.utils import format_datetime, quote
from typing import Any

from supporttui.store.records import Notice

from .message import Message

_PARTS = frozenset(
    {"from", "name", "to", "subject", "text", "message_id", "in_reply_to", "references", "automatic", "loop"}
)
LONGEST_WORD = 60  # characters that fit into one line beside a header's name
_NO_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")


def is_letter(notice: Notice) -> bool:
    """Whether a notice is a letter, whole as `desk.letters` queues it."""
    letter = notice.data.get("letter")
    return notice.address.startswith("letter:") and isinstance(letter, Mapping) and letter.keys() >= _PARTS


def of_notice(notice: Notice) -> Message:
    """The message of one notice that is a letter; all that it says was written down when it was queued."""
    letter = dict(notice.data["letter"]) | {"date": format_datetime(notice.made_at)}
    return Message(
        notice.key, notice.address, letter["subject"], letter["text"], {}, notice.doubtful, letter=letter
    )


def envelope_sender(letter: Mapping[str, Any]) -> str:
    """Whom the mail system tells when a letter can't be delivered: nobody of an automatic one (RFC 3834, 3.3)."""
    return "" if letter["automatic"] else str(letter["from"])


def envelope(to: str, *, utf8: bool) -> tuple[str, list[str]]:
    """An address as a server takes it, and the options of that (RFC 6531).  Errors: ValueError.

    utf8: whether the server takes addresses with letters beyond ASCII.
    """
    mailbox, _, domain = to.rpartition("@")
    try:
        address = f"{mailbox}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        raise ValueError(f"'{domain}' is no name of a host") from None
    if address.isascii():
        return address, []
    if not utf8:
        raise ValueError("the mail server takes no address with letters beyond ASCII")
    return address, ["SMTPUTF8"]


def built(letter: Mapping[str, Any], to: str) -> bytes:
    """The letter for an address, its lines ended as on the wire.  to: as the envelope has it."""
    lines = [f"{name}: {value}" for name, value in _headers(letter, to) if value]
    text = str(letter["text"]).replace("\r\n", "\n").replace("\r", "\n")
    body = quoprimime.body_encode(text.encode("utf-8", "replace").decode("latin-1"), eol="\r\n")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace") + body.encode("ascii")


def _headers(letter: Mapping[str, Any], to: str) -> list[tuple[str, str]]:
    automatic = bool(letter["automatic"])
    return [
        ("From", f"{_name(letter['name'])} <{_flat(letter['from'])}>".strip()),
        ("To", _flat(to)),
        ("Subject", _words("Subject", letter["subject"])),
        ("Date", _flat(letter["date"])),
        ("Message-ID", _flat(letter["message_id"])),
        ("In-Reply-To", _flat(letter["in_reply_to"])),
        ("References", "\r\n ".join(_flat(one) for one in letter["references"])),
        ("Auto-Submitted", "auto-replied" if automatic else ""),
        ("X-Auto-Response-Suppress", "All" if automatic else ""),
        ("X-Loop", _flat(letter["loop"])),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]


def _flat(value: object) -> str:
    """One line without anything that could end it."""
    return " ".join(str(value).translate(_NO_CONTROLS).split())


def _words(name: str, value: object) -> str:
    """Any text as a header's value, folded; what isn't ASCII as encoded words (RFC 2047)."""
    flat = _flat(value)
    charset = "us-ascii" if _is_plain(flat) else "utf-8"
    text = flat.encode("utf-8", "replace").decode()
    return Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")


def _name(value: object) -> str:
    flat = _flat(value)
    return f'"{quote(flat)}"' if flat and _is_plain(flat) else _words("From", flat) if flat else ""


def _is_plain(flat: str) -> bool:
    """Whether a value can stand as it is: ASCII, no encoded word, and blanks to fold it at."""
    return flat.isascii() and "=?" not in flat and all(len(word) <= LONGEST_WORD for word in flat.split())
