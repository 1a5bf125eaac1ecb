"""A ticket as Markdown, for pasting into a mail, a wiki or another tracker.

Everything in it that strangers wrote is inert and stands in block quotes, so
that it can't pass for the headings around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from supporttui.store.records import JournalEntry, Ticket
from supporttui.terminal.safe import clean, clean_line
from supporttui.when import local_text

from .detail import PUBLIC, Subject
from .setting import Setting

FACTS = (
    ("Customer", "customer"), ("Site", "site"), ("Contact", "contact"), ("Phone", "contact_phone"),
    ("E-mail", "contact_email"), ("Product", "product"), ("Release", "release"), ("System", "os"),
    ("System release", "os_release"), ("Environment", "environment"), ("Plan", "plan"), ("Owner", "owner"),
)  # fmt: skip


def summary(ticket: Ticket, setting: Setting) -> str:
    """One line: "1042 · 1 System down · open · Acme Corp · NETEX crashes…"."""
    parts = [
        str(ticket.number),
        setting.severity(ticket.severity),
        ticket.status,
        ticket.customer,
        ticket.subject,
    ]
    return f" {setting.glyphs.dot} ".join(clean_line(part) for part in parts if part)


def markdown(subject: Subject, setting: Setting) -> str:
    """The whole ticket; its journal newest first, each entry named as public or internal."""
    return "\n".join(_lines(subject, setting)).rstrip() + "\n"


def _lines(subject: Subject, setting: Setting) -> Iterator[str]:
    ticket = subject.ticket
    yield f"# {ticket.number} {clean_line(ticket.subject)}"
    yield ""
    yield f"- Severity: {clean_line(setting.severity(ticket.severity))}"
    yield f"- Status: {clean_line(ticket.status)}"
    for title, name in FACTS:
        if value := clean_line(getattr(ticket, name)):
            yield f"- {title}: {value}"
    if ticket.tags:
        yield f"- Tags: {' '.join(clean_line(tag) for tag in ticket.tags)}"
    yield f"- Reported: {_time(ticket.reported_at, setting)}"
    if ticket.description:
        yield ""
        yield from _quoted(ticket.description)
    for entry in subject.journal:
        yield ""
        yield from _entry(entry, setting, undone=entry.id in subject.undone)


def _entry(entry: JournalEntry, setting: Setting, *, undone: bool) -> Iterator[str]:
    seen = "public" if entry.public or entry.kind in PUBLIC else "internal"
    taken = ", taken back" if undone else ""
    yield f"## {_time(entry.at, setting)} {clean_line(entry.actor)}: {clean_line(entry.kind)} ({seen}{taken})"
    changes = entry.data.get("set", {}) if isinstance(entry.data, dict) else {}
    for name, pair in changes.items() if isinstance(changes, dict) else ():
        if isinstance(pair, list) and len(pair) == 2:
            yield f"- {clean_line(str(name))}: {_value(pair[0])} -> {_value(pair[1])}"
    if entry.text:
        yield ""
        yield from _quoted(entry.text)


def _quoted(text: str) -> Iterator[str]:
    for row in clean(text, newlines=True).split("\n"):
        yield f"> {row}".rstrip()


def _value(value: object) -> str:
    return clean_line(str(value)) if value not in ("", None) else "nothing"


def _time(at: datetime, setting: Setting) -> str:
    return local_text(at, setting.zone)
