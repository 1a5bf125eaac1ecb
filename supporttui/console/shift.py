"""The analyst's shift: what the console knows beside what is on the screen.

No widgets and no store: names, settings, what was said, what is being
written.  Panes and dialogs read it, the app and its keeper write it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime

from supporttui.clock import Clock
from supporttui.quickclass import dataclass
from supporttui.store.records import Ticket
from supporttui.verbs.keymap import Keymap

from .present.bars import DeskState, Notice
from .present.company import Company
from .present.setting import Setting
from .present.verdict import Closed

KEPT_NOTICES = 500
NOTICE_SECONDS = 8  # how long a plain notice stays; an error stays until the next key


@dataclass(frozen=True, slots=True)
class Running:
    """Something long that is under way.  text: what the bottom line tells of it; stop: what Esc does."""

    text: str
    stop: Callable[[], None]


@dataclass
class Shift:
    """State of one console from start to end.

    busy: what is being written right now, "" for nothing.
    running: what Esc would end, shown instead of the keys.
    """

    clock: Clock
    setting: Setting
    keymap: Keymap = field(default_factory=Keymap)
    restricted: bool = False
    slow: bool = False
    desk: DeskState = field(default_factory=DeskState)
    busy: str = ""
    running: Running | None = None
    said: deque[Notice] = field(default_factory=lambda: deque(maxlen=KEPT_NOTICES))
    showing: Notice | None = None
    answer: Notice | None = None  # what was last said to a key and still stands there
    company: Company = field(default_factory=Company)
    touched_at: datetime | None = None  # when a key was last pressed on the main screen

    def now(self) -> datetime:
        return self.clock.now()

    def say(self, text: str, tone: str = "", more: Sequence[str] = ()) -> Notice:
        """Keep a notice for the messages page and show it in place of the keys.

        more: lines that only the messages page shows below it.
        """
        notice = Notice(text, tone, self.now(), tuple(more))
        self.said.append(notice)
        self.showing = self.answer = notice
        return notice

    def tell(self, text: str, tone: str = "") -> None:
        """`say` what happened by itself; the answer to a key that has just been given stays beside it."""
        answer = self.answer
        told = self.say(text, tone)
        self.answer = None
        if answer is not None and answer.text and not self._is_old(answer):
            self.answer = answer
            self.showing = replace(told, text=f"{text}; before that: {answer.text}")

    def _is_old(self, notice: Notice) -> bool:
        return notice.at is None or (self.now() - notice.at).total_seconds() >= NOTICE_SECONDS

    def hush(self, *, key: bool = False) -> bool:
        """Drop a notice that has been there long enough, or at a key; True when one went."""
        if key:
            self.touched_at = self.now()
        if self.showing is None:
            return False
        if key or (self._is_old(self.showing) and self.showing.tone != "error"):
            self.showing = self.answer = None
            return True
        return False

    def closed(self, severity: int) -> Closed | None:
        """What to say where nobody at the vendor works on this severity now; None while somebody does."""
        if self.desk.open or severity in self.setting.awake:
            return None
        return Closed(self.desk.until, self.setting.after_hours)

    def closed_for(self, ticket: Ticket) -> Closed | None:
        """The same for a ticket; one that is over needs nobody."""
        over = ticket.merged_into or ticket.status in ("resolved", "closed")
        return None if over else self.closed(ticket.severity)

    def sets(self, **changes: object) -> None:
        """Change what the top line tells."""
        self.desk = replace(self.desk, **changes)  # type: ignore[arg-type]
