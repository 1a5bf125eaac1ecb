"""The narrow row that a queue shows: apart from the other records, because `list` needs no other."""

from __future__ import annotations

from supporttui.store.frozen import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


class TicketLine(NamedTuple):
    """The narrow row that a queue shows."""

    number: int
    severity: int
    status: str
    owner: str
    customer: str
    subject: str
    product: str
    reported_at: datetime
    updated_at: datetime
    next_due_at: datetime | None
    overdue_since: datetime | None
    paused: bool
    acknowledged_until: datetime | None
    snoozed_until: datetime | None
    merged_into: int
    version: int
