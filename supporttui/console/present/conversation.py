"""What was said on a ticket, newest first: what an analyst must have before them while they answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from supporttui.desk.call_words import called
from supporttui.desk.mail_words import author
from supporttui.store.records import JournalEntry, Ticket
from supporttui.terminal.safe import clean_line

from .setting import Setting, clock_text
from .spans import EMPTY, Line, Span, fit_line, line
from .wrap import wrap

PUBLIC = ("reply", "customer", "reported")
LONGEST = 200  # lines of one entry that are laid out


def conversation(
    ticket: Ticket,
    entries: Sequence[JournalEntry],
    cells: int,
    setting: Setting,
    now: datetime,
    *,
    internal: bool = False,
    undone: frozenset[int] = frozenset(),
) -> list[Line]:
    """The public entries and the calls, each under a line that says who and when; with `internal`, the notes too.

    entries: newest first.
    """
    kinds = (*PUBLIC, "call", "note") if internal else (*PUBLIC, "call")
    out: list[Line] = []
    for entry in entries:
        if entry.kind in kinds and entry.id not in undone:
            out += _entry(ticket, entry, cells, setting, now)
    return out or [line(Span("nothing was said yet", "muted"))]


def _author(ticket: Ticket, entry: JournalEntry) -> str:
    """Who wrote a message, where that is known to be somebody else than the contact."""
    return clean_line(author(entry.data, ticket.contact, ticket.contact_email))


def _entry(
    ticket: Ticket, entry: JournalEntry, cells: int, setting: Setting, now: datetime
) -> Iterator[Line]:
    glyphs = setting.glyphs
    at = clock_text(entry.at, setting.zone, now)
    customer = clean_line(ticket.contact or ticket.customer) or "the customer"
    words = {
        "reply": (f"{clean_line(entry.actor)} {glyphs.to} customer", "public"),
        "note": (f"{clean_line(entry.actor)} {glyphs.note} note (internal)", "internal"),
        "call": (
            f"{clean_line(entry.actor)} {glyphs.note} {clean_line(called(entry.data))} (internal)",
            "internal",
        ),
        "customer": (f"{_author(ticket, entry) or customer} {glyphs.by} wrote", "public"),
        "reported": (f"{customer} {glyphs.by} reported", "public"),
    }[entry.kind]
    yield fit_line(line(Span(f"{at} ", "muted"), Span(*words)), cells, glyphs.ellipsis)
    text = entry.text or (ticket.description if entry.kind == "reported" else "")
    text = text or ("" if entry.kind == "call" else ticket.subject)
    wrapped = wrap(text.strip(), cells - 2)
    for place, one in enumerate(wrapped):
        if place >= LONGEST:
            yield line(Span(f"  {glyphs.ellipsis} the ticket shows the rest", "muted"))
            break
        yield line("  ", one)
    yield EMPTY
