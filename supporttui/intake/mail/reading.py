"""A mail's bytes read: what the desk wants to know of it, and the files in it.

This runs in the limited child.  Invariant: for any bytes there is a result; what goes beyond a limit, or
can't be read, is a result with a `fault`, with as much of the headers as could be had.
"""

from __future__ import annotations

from supporttui.quickclass import dataclass

from . import recognising
from .addresses import addresses, instant, message_ids
from .body import File, body_of
from .charsets import header_text, one_line, text_of
from .mime import MOST_HEADER_BYTES, Entity, TooMuch, headers_of, take_apart
from .quoting import written
from .transfer import ascii_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

MOST_SUBJECT, MOST_ID = 1_000, 900
MOST_RESULTS, MOST_RESULT = 20, MOST_HEADER_BYTES  # a verdict that comes late in a header counts too
MOST_RECIPIENTS = 50
DOUBTFUL = "its From names not exactly one sender"
# Headers that somebody who decides about a mail may want to see.
_SHOWN = (
    "date", "return-path", "auto-submitted", "precedence", "list-id", "x-loop", "x-mailer", "user-agent", "importance",
    "x-priority", "x-failed-recipients", "delivered-to", "x-original-to", "content-language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """values: fields of `desk.incoming.Incoming` but for hashes and parts.  files: what came with it."""

    values: dict[str, Any]
    files: Sequence[File] = ()


def read(raw: bytes, *, envelope: str = "", ours: Sequence[str] = (), most: int = 10_000_000) -> Reading:
    """Read a mail.  envelope: its sender, when known.  ours: our own addresses.  most: bytes of a mail."""
    if len(raw) > most:
        return read_headers(raw, f"larger than {most / 1_000_000:g} MB", envelope=envelope, ours=ours)
    try:
        mail = take_apart(raw)
        if not mail.headers and b"\x00" in raw[:4096]:
            raise TooMuch("it is a file and no mail")
        body = body_of(mail)
    except TooMuch as error:
        return read_headers(raw, str(error), envelope=envelope, ours=ours)
    values = _values(mail, envelope, ours)
    gives_back = values["automatic"] == "bounce" or recognising.is_any_report(mail)
    about = recognising.returned(mail) if gives_back else ""
    return Reading(
        {**values, "about": about[:MOST_ID], "text": body.text, "written": written(body.text),
         "notes": [*values["notes"], *body.notes]},
        body.files,
    )  # fmt: skip


def read_headers(raw: bytes, fault: str, *, envelope: str = "", ours: Sequence[str] = ()) -> Reading:
    """Only the headers of a mail that can't be read.  fault: why."""
    return Reading({**_values(headers_of(raw), envelope, ours), "fault": fault})


def _values(mail: Entity, envelope: str, ours: Sequence[str]) -> dict[str, Any]:
    senders = _senders(mail)
    name, sender = senders[0] if senders else ("", "")
    sure = len({address for _name, address in senders}) == 1 and bool(mail.first("from"))
    answered = message_ids(mail.first("in-reply-to"))
    return {
        "message_id": _id(mail),
        "in_reply_to": answered[0][:MOST_ID] if answered else "",
        "references": [one[:MOST_ID] for one in message_ids(mail.first("references"))],
        "sender": sender,
        "sender_name": name,
        "envelope": envelope or _return_path(mail),
        "to": _recipients(mail, "to"),
        "cc": _recipients(mail, "cc"),
        "reply_to": next(iter(_recipients(mail, "reply-to")), ""),
        "subject": header_text(mail.first("subject"))[:MOST_SUBJECT],
        "sent_at": _seconds(instant(mail.first("date"))),
        "automatic": recognising.automatic(mail, sender, envelope, ours),
        "doubtful": bool(senders) and not sure,
        "results": _results(mail),
        "headers": {one: header_text(mail.first(one))[:500] for one in _SHOWN if mail.first(one)},
        "notes": [DOUBTFUL] if senders and not sure else [],
    }


def _senders(mail: Entity) -> list[tuple[str, str]]:
    """Who it says that it is from; a Sender header counts when there is no From at all (RFC 5322, 3.6.2)."""
    found = [one for value in mail.all("from") for one in addresses(value)]
    return found if mail.first("from") else addresses(mail.first("sender"))


def _recipients(mail: Entity, name: str) -> list[str]:
    found = [address for value in mail.all(name) for _name, address in addresses(value)]
    return list(dict.fromkeys(found))[:MOST_RECIPIENTS]


def _id(mail: Entity) -> str:
    value = mail.first("message-id")
    found = message_ids(value)
    bare = ascii_of(value[:MOST_ID]) if not found and len(value.split()) == 1 else ""
    return found[0][:MOST_ID] if found else f"<{bare.strip('<>')}>" if bare else ""


def _return_path(mail: Entity) -> str:
    value = mail.first("return-path")
    if value.replace(b" ", b"") == b"<>":
        return "<>"
    found = addresses(value)
    return found[0][1] if found else ""


def _results(mail: Entity) -> list[str]:
    """The values of Authentication-Results headers, the outermost first."""
    found = (one_line(text_of(value[:MOST_RESULT])) for value in mail.all("authentication-results"))
    return [one for one, _ in zip(found, range(MOST_RESULTS), strict=False)]


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
