"""What is asked of the desk for the screen and what comes back, as records.

Apart from what reads them (`reading`): the screen is made of these, and loads
nothing of the store for them.
"""

from __future__ import annotations

from dataclasses import field
from datetime import tzinfo
from typing import Any

from supporttui.quickclass import dataclass
from supporttui.store.records import DeadlineLine, TicketLine

from .present.detail import Subject
from .question import Question
from .widgets.keyed_state import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the reader of a list stands.

    cursor, top: keys in order of preference.  first: row to fall back on.  height: of the screen.
    """

    cursor: tuple[Any, ...] = ()
    top: tuple[Any, ...] = ()
    first: int = 0
    height: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a refresh wants to know.

    detail: the ticket that is open beside the list, 0 for none, None for the
    first row's.  newest: the highest number that is known.  loud: severities that ring.
    """

    question: Question
    zone: tzinfo
    queue: Place = field(default_factory=Place)
    detail: int | None = 0
    newest: int = 0
    loud: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that the main screen shows, from one snapshot.

    arrived: tickets of this list that are newer than the `newest` asked with.  rings: see `alarm.unanswered`.
    version: the store's data version, not later than what was read.
    """

    queue: Page[TicketLine]
    timers: Page[DeadlineLine]
    subject: Subject | None
    arrived: tuple[TicketLine, ...] = ()
    rings: tuple[TicketLine, ...] = ()
    newest: int = 0
    version: int = 0
