"""Logging the time that was worked on a ticket."""

from __future__ import annotations

from supporttui.errors import UsageError
from supporttui.store.records import Ticket

from . import check
from .act import HARMLESS, Change, Entry, change
from .session import Desk

MOST_MINUTES = 24 * 60


def log_time(
    desk: Desk, number: int, minutes: int, text: str = "", *, seen: int | None = None, batch: str = ""
) -> Ticket:
    """Add whole minutes of work (1 to 1,440) to a ticket.  An undo takes them off again."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise UsageError(f"{minutes} minutes can't be logged at once; 1 to {MOST_MINUTES} can")
    remark = check.long_text("the remark", text)

    def decide(ticket: Ticket) -> Change:
        entry = Entry("effort", remark, {"minutes": minutes}, {"minutes": minutes})
        return Change(fields={"minutes_logged": ticket.minutes_logged + minutes}, entries=(entry,))

    return change(desk, number, decide, seen=seen, harmless=HARMLESS | {"reply", "customer"}, batch=batch)
