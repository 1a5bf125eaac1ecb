"""Who else is there and what is new, as records: apart from what reads them, since a screen needs no store for them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from supporttui.quickclass import dataclass


class Here(NamedTuple):
    """Somebody on a ticket.  doing: id of the verb that they write, "" for reading.  seconds: for how long."""

    actor: str
    ticket: int
    doing: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is new on one ticket.  after: the last entry that was seen; at: when (None: before marks began)."""

    count: int
    after: int
    at: datetime | None
