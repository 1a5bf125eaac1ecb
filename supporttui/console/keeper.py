"""Keeps the screen true: notices that the store changed, evaluates the deadlines, lets the seconds pass.

Nothing here runs on the path of a key.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from supporttui.console import drafts
from supporttui.console.dialogs.dialog import Dialog
from supporttui.store.records import DeadlineLine, Draft, Watch

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.console.presence import Beside
    from supporttui.console.screens.triage import Triage
    from supporttui.desk.session import Desk

    from .ahead import Ahead

BEAT = 0.5  # seconds between looks at the clock and at the store's version
TICK_EVERY = timedelta(seconds=60)
SLOW_REPAINT = 10  # seconds between repaints of the countdowns on a slow line
AUTOSAVE_EVERY = timedelta(seconds=5)


class Keeper:
    """Background work of one console."""

    def __init__(self, app: ConsoleApp) -> None:
        self.app = app
        self._saved_at: datetime | None = None
        self._paint_at: datetime | None = None
        self._in_sight: Hashable = None  # the rows for which that was worked out
        self._minute: datetime | None = None
        self._tick_at: datetime | None = None
        self.beside: Beside | None = None
        self.told: set[tuple[int, str]] = set()  # deadlines that fired here and were said

    @property
    def screen(self) -> Triage:
        return self.app.triage

    # -- the loop -------------------------------------------------------------------------------

    async def first_reading(self) -> None:
        """Everything that the first frame shows."""
        await self._look_at_desk()
        await self.app.reader.read()

    def starts(self, ahead: Ahead) -> None:
        """Everything that the first frame shows, as another process has read it."""
        self.app.shift.sets(open=ahead.open, until=ahead.until, watch=ahead.watch)
        self._minute = ahead.at.replace(second=0)
        if not ahead.readonly:
            self._ticked(ahead.fired, ahead.next_due_at, ahead.at)
        self.app.reader.starts(ahead.reading)
        self.screen.show_tabs(list(ahead.tabs))

    async def beat_for_ever(self) -> None:
        """Beat in step with the wall clock's seconds, so that countdowns change on them."""
        while True:
            await asyncio.sleep(BEAT - time.time() % BEAT + 0.004)
            await self.beat()

    async def beat(self) -> None:
        """One look at the clock and at the store's version."""
        shift, now = self.app.shift, self.app.shift.now()
        if shift.hush():
            self.screen.paint_bars("footer")
        if self._minute != (minute := now.replace(second=0)):
            self._minute = minute
            await self.app.trouble.guard(self._look_at_desk)
        self._alarm(now)
        for mistake in self.app.wardrobe.look():
            self.app.say(mistake, "warning")
        in_sight = self.screen.in_sight()
        if in_sight != self._in_sight or (self._paint_at is not None and now >= self._paint_at):
            self._in_sight = in_sight
            self.paint_clocks()
        if self._tick_at is None or now >= self._tick_at or now < self._tick_at - TICK_EVERY - TICK_EVERY:
            await self.app.trouble.guard(self._tick)
        if not self.app.link.waiting:
            await self.app.trouble.guard(self._poll)
        await self.app.trouble.guard(self._look_beside)
        if not self.app.link.waiting:
            await self.app.trouble.guard(self.app.tending.beat)
        await self.app.trouble.guard(self.app.viewing.look)
        if isinstance(top := self.app.screen, Dialog):
            await self.app.trouble.guard(top.beat)
        if self._saved_at is None or abs(now - self._saved_at) >= AUTOSAVE_EVERY:
            self._saved_at = now
            await self.app.trouble.guard(self._autosave)

    async def _look_beside(self) -> None:
        """Who else is where; the first time only when the first frame is on the screen."""
        if self.beside is None:
            from .presence import Beside

            self.beside = Beside(self.app)
        if not self.app.link.waiting:
            await self.beside.beat()

    def _alarm(self, now: datetime) -> None:
        """Ring again when it is time to, and tell for how long it is hushed."""
        self.app.alarm.beat(now)
        self.paint_alarm()

    def paint_alarm(self) -> None:
        """The top line tells of the alarm what is true now."""
        now = self.app.shift.now()
        if (note := self.app.alarm.note(now)) != self.app.shift.desk.alarm:
            self.app.shift.sets(alarm=note)
            self.screen.paint_bars("header")

    async def _autosave(self) -> None:
        """Keep what is being written as drafts, so that not even a stalled line loses more than seconds."""
        for draft in self.app.unsent():
            known = self.app.drafts.get((draft.ticket, draft.kind))
            if known is None or (known.body, known.data) != (draft.body, draft.data):
                self.app.drafts[draft.ticket, draft.kind] = draft
                await self.app.link.run(partial(_save, draft))

    def paint_clocks(self) -> None:
        """Repaint countdowns and remember when the next one will read otherwise."""
        wait = self.screen.paint_clocks()
        if self.app.shift.slow and wait:
            wait = max(wait, SLOW_REPAINT)
        self._paint_at = self.app.shift.now() + timedelta(seconds=wait) if wait else None

    # -- the clock ------------------------------------------------------------------------------

    async def _look_at_desk(self) -> None:
        now = self.app.shift.now()
        is_open, until, watch = await self.app.link.run(lambda desk: _desk_state(desk, now))
        self.app.shift.sets(open=is_open, until=until, watch=watch)
        if self.screen.is_mounted:
            self.screen.paint_bars("header")
            self.screen.detail.relayout()
            if self.screen.detail.outdated:
                self.app.reader.stale()  # midnight has passed where the days count: the verdict may be another
            self.paint_clocks()

    async def _tick(self) -> None:
        now = self.app.shift.now()
        if self.app.shift.desk.readonly:
            self._tick_at = now + TICK_EVERY
            return
        from supporttui.watch.tick import tick

        done = await self.app.link.run(tick)
        self._ticked(done.fired, done.next_due_at, now)
        self.screen.paint_bars("header")
        if done.fired:
            self.app.reader.stale()

    def _ticked(self, fired: Sequence[DeadlineLine], next_due_at: datetime | None, now: datetime) -> None:
        """The deadlines were looked at: say what fired, and know when to look again."""
        self._tick_at = _next_tick(now, next_due_at)
        self.app.shift.sets(ticked_at=now, trouble="")
        if fired:
            self._tell_fired(fired)

    def _tell_fired(self, fired: Sequence[DeadlineLine]) -> None:
        """Say what the clock did; the alarm rings once it is read."""
        self.told |= {(rung.ticket, rung.key) for rung in fired}
        for rung in fired[:5]:
            self.app.tell(f"{rung.ticket} escalated: {rung.label or rung.role}", "error")
        if len(fired) > 5:
            self.app.tell(f"{len(fired)} deadlines fired; the timers show them", "error")

    async def _poll(self) -> None:
        version = await self.app.link.run(lambda desk: desk.store.data_version())
        if version != self.app.reader.version:
            self.app.reader.version = version
            self.app.reader.stale()
        if self.app.shift.desk.trouble:
            self.app.reader.stale()
            self.app.shift.sets(trouble="")
            self.screen.paint_bars("header")


def _desk_state(desk: Desk, now: datetime) -> tuple[bool, datetime | None, Watch | None]:
    from supporttui.console import reading

    return reading.desk_state(desk, now)


def _save(draft: Draft, desk: Desk) -> None:
    drafts.save(desk, draft)


def _next_tick(now: datetime, next_due_at: datetime | None) -> datetime:
    """At the next due instant, or in a minute, whichever is earlier."""
    soonest = now + TICK_EVERY
    if next_due_at is not None and next_due_at < soonest:
        return max(next_due_at, now + timedelta(seconds=1))
    return soonest
