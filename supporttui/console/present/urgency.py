"""What a ticket's clock says in a few cells: glyph, words, colour, and when that text changes.

Overdue, paused and soon are told apart by the glyph and by the word as well
as by the colour, so that the row can be read aloud.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from supporttui.store.records import DeadlineLine, TicketLine
from supporttui.when import COUNTDOWN_WIDTH, countdown, next_change

from .setting import Glyphs, seconds_between

DUE_WIDTH = COUNTDOWN_WIDTH
SOON = 3600  # seconds before a deadline from which it is marked


class Urgency(NamedTuple):
    """glyph: two cells.  text: at most DUE_WIDTH cells.  changes_in: seconds until the text differs, 0 never."""

    glyph: str
    text: str
    role: str
    changes_in: int


def of_ticket(row: TicketLine, now: datetime, glyphs: Glyphs) -> Urgency:
    """The clock of a queue row."""
    if row.merged_into:
        return Urgency("  ", f"{glyphs.to} {row.merged_into}", "muted", 0)
    if row.status in ("resolved", "closed"):
        return Urgency("  ", row.status, "muted", 0)
    if row.overdue_since is not None:
        return _counting(seconds_between(now, row.overdue_since), glyphs)
    if row.snoozed_until is not None and row.snoozed_until > now:
        return Urgency(glyphs.snoozed, "snoozed", "muted", seconds_between(now, row.snoozed_until))
    if row.next_due_at is not None:
        found = _counting(seconds_between(now, row.next_due_at), glyphs)
        if found.glyph == "  " and row.acknowledged_until is not None and row.acknowledged_until > now:
            return found._replace(glyph=glyphs.acknowledged)
        return found
    if row.paused:
        return Urgency(glyphs.paused, "paused", "muted", 0)
    return Urgency("  ", "no deadline", "muted", 0)


def of_deadline(line: DeadlineLine, now: datetime, glyphs: Glyphs) -> Urgency:
    """The clock of one timer."""
    if line.state == "paused":
        return Urgency(glyphs.paused, "paused", "muted", 0)
    if line.state in ("acknowledged", "void"):
        return Urgency(glyphs.acknowledged if line.state == "acknowledged" else "  ", line.state, "muted", 0)
    return _counting(seconds_between(now, line.due_at), glyphs)


def _counting(left: int, glyphs: Glyphs) -> Urgency:
    if left <= 0:
        return Urgency(glyphs.overdue, countdown(left), "overdue", next_change(left))
    soon = left <= SOON
    changes = min(next_change(left), left - SOON) if left > SOON else next_change(left)
    return Urgency(glyphs.soon if soon else "  ", countdown(left), "warning" if soon else "", max(1, changes))
