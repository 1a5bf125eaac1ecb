"""Keeps the screen true: reads when the store changed, evaluates the deadlines, lets the seconds pass.

One reading is under way at a time; whatever asks for another one meanwhile is
served by the next.  Nothing here runs on the path of a key.  A refresh from
here never moves the cursor to another ticket and never scrolls.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from supporttui.console import drafts, reading
from supporttui.console.reading import Ask, Place, Reading
from supporttui.console.widgets.keyed_rows import Merged
from supporttui.desk import look
from supporttui.errors import QueryError, SupportError
from supporttui.store.records import DeadlineLine, Draft, TicketLine, View
from supporttui.watch.tick import Tick, tick

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.console.present.bars import Tab
    from supporttui.console.screens.triage import Triage
    from supporttui.desk.session import Desk

BEAT = 0.5  # seconds between looks at the clock and at the store's version
TICK_EVERY = timedelta(seconds=60)
SLOW_REPAINT = 10  # seconds between repaints of the countdowns on a slow line
AUTOSAVE_EVERY = timedelta(seconds=5)
DETAIL_DELAY = 0.04  # seconds that the cursor must rest before the ticket is read
REPEAT_TROUBLE = timedelta(minutes=1)


class Keeper:
    """Background work of one console."""

    def __init__(self, app: ConsoleApp) -> None:
        self.app = app
        self._stale = asyncio.Event()
        self._counting = asyncio.Event()
        self._counts = False
        self._saved_at: datetime | None = None
        self._anew = True
        self._reading = False
        self._newest = 0
        self._version: int | None = None
        self._detail_wanted = False
        self._paint_at: datetime | None = None
        self._minute: datetime | None = None
        self._tick_at: datetime | None = None
        self._trouble_said: datetime | None = None
        self._own_reports: set[int] = set()
        self._jobs: set[asyncio.Task[Any]] = set()

    @property
    def screen(self) -> Triage:
        return self.app.triage

    # -- the loop -------------------------------------------------------------------------------

    async def first_reading(self) -> None:
        """Everything that the first frame shows."""
        await self._look_at_desk()
        await self._read()

    async def beat_for_ever(self) -> None:
        """Beat in step with the wall clock's seconds, so that countdowns change on them."""
        while True:
            await asyncio.sleep(BEAT - time.time() % BEAT + 0.004)
            await self.beat()

    async def read_when_stale(self) -> None:
        """Serve requests for a reading, one at a time."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            await self._guard(self._read)

    async def beat(self) -> None:
        """One look at the clock and at the store's version."""
        shift, now = self.app.shift, self.app.shift.now()
        if shift.hush():
            self.screen.paint_footer()
        if self._minute != (minute := now.replace(second=0)):
            self._minute = minute
            await self._guard(self._look_at_desk)
        if self._paint_at is not None and now >= self._paint_at:
            self.paint_clocks()
        if self._tick_at is None or now >= self._tick_at or now < self._tick_at - TICK_EVERY - TICK_EVERY:
            await self._guard(self._tick)
        if not self.app.link.waiting:
            await self._guard(self._poll)
        if self._saved_at is None or abs(now - self._saved_at) >= AUTOSAVE_EVERY:
            self._saved_at = now
            await self._guard(self._autosave)

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

    async def _guard(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it; what goes wrong is said once a minute and shown in the top line until it is over."""
        try:
            await work()
        except SupportError as error:
            now = self.app.shift.now()
            if self._trouble_said is None or now - self._trouble_said >= REPEAT_TROUBLE:
                self._trouble_said = now
                self.app.say(str(error), "error")
            self.app.shift.sets(trouble="the store can't be read")
            self.screen.paint_header()

    # -- the clock ------------------------------------------------------------------------------

    async def _look_at_desk(self) -> None:
        now = self.app.shift.now()
        is_open, until = await self.app.link.run(lambda desk: reading.opening_hours(desk, now))
        self.app.shift.sets(open=is_open, until=until)
        if self.screen.is_mounted:
            self.screen.paint_header()
            self.screen.detail.view.relayout()
            self.paint_clocks()

    async def _tick(self) -> None:
        now = self.app.shift.now()
        if self.app.shift.desk.readonly:
            self._tick_at = now + TICK_EVERY
            return
        done = await self.app.link.run(tick)
        self._tick_at = _next_tick(now, done)
        self.app.shift.sets(ticked_at=now, trouble="")
        self.screen.paint_header()
        if done.fired:
            self._tell_fired(done.fired)
            self.stale()

    def _tell_fired(self, fired: Sequence[DeadlineLine]) -> None:
        """Say what the clock did; a Severity 1 rings."""
        for rung in fired[:5]:
            self.app.say(f"{rung.ticket} escalated: {rung.label or rung.role}", "error")
        if len(fired) > 5:
            self.app.say(f"{len(fired)} deadlines fired; the timers show them", "error")
        if any(rung.severity == 1 for rung in fired):
            self.app.bell()

    async def _poll(self) -> None:
        version = await self.app.link.run(lambda desk: desk.store.data_version())
        if version != self._version:
            self._version = version
            self.stale()
        if self.app.shift.desk.trouble:
            self.app.shift.sets(trouble="")
            self.screen.paint_header()

    # -- readings -------------------------------------------------------------------------------

    def stale(self, *, anew: bool = False) -> None:
        """Something may have changed; anew: another list, begin at its top."""
        self._anew |= anew
        self._stale.set()

    def reported(self, number: int) -> None:
        """A ticket that this analyst entered is no news to them."""
        self._own_reports.add(number)

    async def _read(self) -> None:
        screen, anew = self.screen, self._anew
        self._anew, self._reading = False, True
        ask = self._ask(anew)
        try:
            found = await self.app.link.run(lambda desk: reading.read_all(desk, ask))
        except QueryError as error:
            self.app.say(f"{ask.question.title}: {error}", "error")
            return
        finally:
            self._reading = False
        if ask.question != screen.question:
            self.stale(anew=True)
            return
        with self.app.batch_update():
            merged = screen.show_reading(found, anew=anew)
        self._version = found.version
        self._announce(found)
        self._newest = max(self._newest, found.newest)
        self._widen_numbers()
        self.paint_clocks()
        if merged is not None and merged.lost is not None:
            self._soon(self._tell_lost(merged))
        if screen.wished != screen.detail.number:
            self.want_detail()
        self._counting.set()

    async def count_when_read(self) -> None:
        """Count the tabs after a reading, when nobody waits for anything else."""
        while True:
            await self._counting.wait()
            self._counting.clear()
            await self._guard(self._count)

    async def _count(self) -> None:
        """One view at a time, so that a key's work never waits behind all of them."""
        self._counts = True
        try:
            tabs = [await self.app.link.run(partial(_tab, view, self.app.zone)) for view in self.screen.views]
        finally:
            self._counts = False
        self.screen.show_tabs(tabs)

    def _ask(self, anew: bool) -> Ask:
        screen, rows = self.screen, self.screen.queue.list
        height = max(rows.position.height, 40)
        if anew:
            place = Place(cursor=(screen.asked_for,), top=(screen.asked_for,), height=height)
            place = place if screen.asked_for else Place(height=height)
        else:
            place = Place(
                cursor=rows.candidates(), top=rows.on_screen(), first=rows.position.top, height=height
            )
        return Ask(
            question=screen.question,
            zone=self.app.zone,
            queue=place,
            detail=None if anew and not screen.asked_for else screen.wished,
            newest=self._newest,
        )

    def _announce(self, found: Reading) -> None:
        """New tickets are told, never scrolled to; a new Severity 1 rings as well."""
        fresh = [row for row in found.arrived if row.number not in self._own_reports]
        if not fresh:
            return
        severe = sum(row.severity == 1 for row in fresh)
        words = f"{len(fresh)} new" + (f", {severe} Sev 1" if severe else "")
        shown = ", ".join(str(row.number) for row in fresh[:4])
        self.app.say(f"{words}: {shown}{' …' if len(fresh) > 4 else ''}", "error" if severe else "warning")
        if severe:
            self.app.bell()

    async def _tell_lost(self, merged: Merged[Any]) -> None:
        """Say why the cursor had to leave its ticket."""
        number = merged.lost
        rows: list[TicketLine] = await self.app.link.run(lambda desk: look.lines(desk, [int(number or 0)]))
        self.app.say(f"{number} left this list: {_whereabouts(rows[0]) if rows else 'it is gone'}", "warning")

    def _widen_numbers(self) -> None:
        width = max(5, len(str(self._newest)))
        if width != self.app.shift.setting.number_width:
            self.app.change_setting(number_width=width)

    # -- pages and tickets ----------------------------------------------------------------------

    def want_page(self, first: int, count: int) -> None:
        """The list lacks rows."""
        self._soon(self._page(first, count))

    async def _page(self, first: int, count: int) -> None:
        rows, question, zone = self.screen.queue.list, self.screen.question, self.app.zone
        total = rows.total
        page = await self.app.link.run(lambda desk: reading.page(desk, question, zone, first, count, total))
        if question == self.screen.question:
            rows.put(page)

    def want_detail(self) -> None:
        """The cursor moved: read its ticket once it rests."""
        if not self._detail_wanted:
            self._detail_wanted = True
            self.screen.set_timer(DETAIL_DELAY, lambda: self._soon(self._detail()))

    async def _detail(self) -> None:
        self._detail_wanted = False
        number = self.screen.wished
        if number == self.screen.detail.number:
            return
        subject = await self.app.link.run(lambda desk: reading.detail(desk, number)) if number else None
        if number == self.screen.wished:
            self.screen.detail.show(subject)
            self.screen.paint_footer()

    def _soon(self, work: Any) -> None:
        """Run beside everything else; kept until it ends."""

        async def guarded() -> None:
            async def run() -> None:
                await work

            await self._guard(run)

        job = asyncio.get_running_loop().create_task(guarded())
        self._jobs.add(job)
        job.add_done_callback(self._ended)

    def _ended(self, job: asyncio.Task[Any]) -> None:
        self._jobs.discard(job)
        fault = None if job.cancelled() else job.exception()
        if isinstance(fault, Exception):
            self.app._handle_exception(fault)

    @property
    def idle(self) -> bool:
        """Nothing is being read and nothing is waiting to be."""
        busy = (
            self._jobs
            or self._stale.is_set()
            or self._counting.is_set()
            or self._counts
            or self._reading
            or self._detail_wanted
        )
        return not busy and not self.app.link.waiting


def _save(draft: Draft, desk: Desk) -> None:
    drafts.save(desk, draft)


def _tab(view: View, zone: tzinfo, desk: Desk) -> Tab:
    return reading.tab(desk, view, zone)


def _next_tick(now: datetime, done: Tick) -> datetime:
    """At the next due instant, or in a minute, whichever is earlier."""
    soonest = now + TICK_EVERY
    if done.next_due_at is not None and done.next_due_at < soonest:
        return max(done.next_due_at, now + timedelta(seconds=1))
    return soonest


def _whereabouts(row: TicketLine) -> str:
    if row.merged_into:
        return f"merged into {row.merged_into}"
    owner = f", {row.owner} has it" if row.owner else ""
    return f"{row.status}, severity {row.severity}{owner}"
