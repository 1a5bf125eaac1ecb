"""What a notice says: one message for all that one address is owed about one ticket.

Invariant: everything that came from a ticket is one inert line, capped; a message
says how late it is, whether it may be a repetition, and how the ticket stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from typing import Any

from supporttui.store.records import Notice, Ticket
from supporttui.terminal.safe import clean_line
from supporttui.when import duration_text, local_text

LONGEST_LINE = 200
MOST_LISTED = 100
NEWS = ("released",)  # kinds that tell of something and are owed by no clock
LATE = 120  # seconds from which a message says that it is late


@dataclass(frozen=True, slots=True)
class Message:
    """A notice for one address.

    key: the same at every attempt.  subject: one line.  text: the whole, lines joined by newlines.
    fields: name → text, for programs and webhooks.  letter: what a letter to a customer is made of.
    """

    key: str
    address: str
    subject: str
    text: str
    fields: dict[str, str]
    doubtful: bool = False
    letter: dict[str, Any] | None = None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def compose(
    notices: Sequence[Notice], ticket: Ticket | None, *, desk: str, titles: dict[str, str], zone: tzinfo,
    now: datetime, token: str = "",
) -> Message:  # fmt: skip
    """The message of notices that go to one address about one ticket, the most urgent first.

    desk: the vendor's name.  titles: role → what it is called.  zone: for times in the text.
    token: what acknowledges it by reply, "" for none.
    """
    if len({notice.ticket for notice in notices}) > 1:
        return _summary(notices, desk, titles, zone)
    first = notices[0]
    subject = _line(ticket.subject if ticket else first.data.get("subject", ""))
    what = _what(first, titles)
    late = int((now - first.due_at).total_seconds())
    lines = [f"Ticket {first.ticket}, Severity {first.severity}: {subject}", ""]
    for notice in notices:
        due = "" if notice.kind in NEWS else f", due {local_text(notice.due_at, zone)}"
        lines.append(f"{_what(notice, titles)}{due}")
    if late >= LATE and first.kind not in NEWS:
        lines.append(f"This is {duration_text(late)} after it was due.")
    doubtful = any(notice.doubtful for notice in notices)
    if doubtful:
        lines.append("Possibly a repetition: it was not known whether this had gone out before.")
    lines += [*_stands(ticket, zone, now), "", *_facts(ticket, zone)]
    lines += [*dict.fromkeys(_line(note) for notice in notices for note in notice.data.get("notes", ()))]
    if token:
        lines += ["", f"To acknowledge, reply with this line: ack {token}"]
    fields = {
        "number": str(first.ticket), "severity": str(first.severity), "subject": subject, "what": what,
        "role": first.role, "person": _line(first.person), "due": first.due_at.isoformat(),
        "late_seconds": str(max(0, late)), "key": first.key, "doubtful": "1" if doubtful else "0",
        "customer": _line(ticket.customer if ticket else ""), "owner": _line(ticket.owner if ticket else ""),
        "status": _line(ticket.status if ticket else ""), "desk": _line(desk), "token": token,
    }  # fmt: skip
    more = f" and {len(notices) - 1} more" if len(notices) > 1 else ""
    return Message(
        first.key, first.address, _line(f"[{desk} {first.ticket}] S{first.severity} {what}{more}: {subject}"),
        "\n".join(lines).rstrip() + "\n", fields, doubtful,
    )  # fmt: skip


def _summary(
    notices: Sequence[Notice], desk: str, titles: dict[str, str], zone: tzinfo
) -> Message:  # fmt: skip
    """One message about many tickets that fired together, the most urgent first."""
    first, tickets = notices[0], len({notice.ticket for notice in notices})
    doubtful = any(notice.doubtful for notice in notices)
    lines = [f"{tickets} tickets had deadlines that fired together:", ""]
    for notice in notices[:MOST_LISTED]:
        due = local_text(notice.due_at, zone)
        lines.append(
            f"Ticket {notice.ticket}, Severity {notice.severity}: {_what(notice, titles)}, due {due}"
        )
    if len(notices) > MOST_LISTED:
        lines.append(f"and {len(notices) - MOST_LISTED} more; the console shows them all")
    fields = {
        "number": str(first.ticket), "severity": str(first.severity), "key": first.key,
        "tickets": ",".join(dict.fromkeys(str(notice.ticket) for notice in notices)),
        "what": f"{tickets} tickets", "desk": _line(desk), "doubtful": "1" if doubtful else "0",
    }  # fmt: skip
    subject = _line(f"[{desk}] S{first.severity} {tickets} tickets had deadlines that fired together")
    return Message(first.key, first.address, subject, "\n".join(lines) + "\n", fields, doubtful)


def _what(notice: Notice, titles: dict[str, str]) -> str:
    role = titles.get(notice.role, notice.role)
    return _line(notice.label or (f"{notice.kind} for {role}" if role else notice.kind))


def _stands(ticket: Ticket | None, zone: tzinfo, now: datetime) -> list[str]:
    """What became of the ticket: a notice is owed all the same, but nobody gets up for what is done."""
    if ticket is None:
        return []
    if ticket.merged_into:
        return [f"It was merged into ticket {ticket.merged_into} since."]
    if ticket.resolved_at is not None:
        return [f"It has been resolved since: {local_text(ticket.resolved_at, zone)}."]
    until = ticket.acknowledged_until
    if until is not None and until > now:
        return [f"It is acknowledged; the next update is promised by {local_text(until, zone)}."]
    return []


def _facts(ticket: Ticket | None, zone: tzinfo) -> list[str]:
    if ticket is None:
        return []
    facts = [
        ("Customer", ticket.customer), ("Contact", ticket.contact), ("Telephone", ticket.contact_phone),
        ("Product", f"{ticket.product} {ticket.release}".strip()), ("Status", ticket.status),
        ("Owner", ticket.owner or "nobody has it"), ("Reported", local_text(ticket.reported_at, zone)),
    ]  # fmt: skip
    return [f"{name}: {_line(value)}" for name, value in facts if value]


def _line(text: object) -> str:
    cleaned = clean_line(str(text))
    return cleaned if len(cleaned) <= LONGEST_LINE else cleaned[: LONGEST_LINE - 1] + "…"
