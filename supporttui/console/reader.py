"""Reads for the screen: what is shown, the pages that a list lacks, the ticket under the cursor.

One reading is under way at a time; whatever asks for another one meanwhile is
served by the next.  Nothing here runs on the path of a key.  A refresh never
moves the cursor to another ticket and never scrolls.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from supporttui.console.snapshot import Ask, Place, Reading
from supporttui.console.widgets.keyed_rows import Merged
from supporttui.errors import QueryError, Stopped, SupportError
from supporttui.store.records import TicketLine, View

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.console.journal_window import Which
    from supporttui.console.present.bars import Tab
    from supporttui.console.screens.triage import Triage
    from supporttui.desk.session import Desk

DETAIL_DELAY = 0.04  # seconds that the cursor must rest before the ticket is read


class Reader:
    """Readings of one console."""

    def __init__(self, app: ConsoleApp) -> None:
        self.app = app
        self.version: int | None = None  # of the store, at the last reading
        self.served = 0  # readings so far: other screens read anew when it grows
        self._stale = asyncio.Event()
        self._counting = asyncio.Event()
        self._counts = False
        self._anew = True
        self.awaited = False  # whether another list was asked for, and is not there yet
        self._reading = False
        self.newest = 0  # the highest number that a ticket has; 0: nothing was ever reported
        self._detail_wanted = False
        self._journal_wanted: set[Which] = set()
        self._own_reports: set[int] = set()
        self._jobs: set[asyncio.Task[Any]] = set()

    @property
    def screen(self) -> Triage:
        return self.app.triage

    async def read_when_stale(self) -> None:
        """Serve requests for a reading, one at a time."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            await self.app.trouble.guard(self.read)
            if not self._stale.is_set():
                self.awaited = False
                self.app.performer.listed()

    def stale(self, *, anew: bool = False) -> None:
        """Something may have changed; anew: another list, begin at its top."""
        self._anew |= anew
        self.awaited |= anew
        self._stale.set()
        if anew:
            self.app.link.supersede()

    def reported(self, number: int) -> None:
        """A ticket that this analyst entered is no news to them."""
        self._own_reports.add(number)

    async def read(self) -> None:
        """Read everything and show it."""
        screen, anew = self.screen, self._anew
        self._anew, self._reading = False, True
        ask = self._ask(anew)
        try:
            found = await self._read(ask)
        except QueryError as error:
            screen.show_fault(ask.question, error)
            self._counting.set()
            return
        except SupportError as error:
            self._anew |= anew
            if isinstance(error, Stopped) and self._stale.is_set():
                return  # another question was asked meanwhile
            raise
        finally:
            self._reading = False
        if ask.question != screen.question or not (anew or self._answers(ask, found)):
            self.stale(anew=anew)
            return
        self._take(found, anew=anew)
        self._counting.set()

    async def _read(self, ask: Ask) -> Reading:
        """A list at once; a search beside the first thread, which has tickets and writes to serve.

        The version is always the first connection's: another one counts otherwise.
        """
        link = self.app.link
        if not await link.run(lambda desk: _reading().searches(desk, ask.question, ask.zone)):
            return await link.run(lambda desk: _reading().read_all(desk, ask))
        version = await link.run(lambda desk: desk.store.data_version())
        found = replace(await link.search(lambda desk: _reading().read_shown(desk, ask)), version=version)
        return await link.run(lambda desk: _reading().with_news(desk, found))

    def starts(self, found: Reading) -> None:
        """The first reading, made by another process; the store is read once more when the screen stands."""
        self._anew = False
        self._take(found, anew=True)
        self.version = -1

    def _take(self, found: Reading, *, anew: bool) -> None:
        """Show a reading, and tell what is new in it."""
        screen = self.screen
        self.newest = max(self.newest, found.newest)
        with self.app.batch_update():
            merged = screen.show_reading(found, anew=anew)
        self.version = found.version
        self.served += 1
        self._announce(found)
        self._ring(found)
        self._widen_numbers()
        self.app.keeper.paint_clocks()
        if merged is not None and merged.lost is not None:
            self._soon(self._tell_lost(merged))
        if screen.wished != screen.detail.number:
            self.want_detail()

    def _answers(self, ask: Ask, found: Reading) -> bool:
        """Whether a reading is about where the reader is now: keys may have been pressed meanwhile."""
        cursor = self.screen.queue.list.cursor
        return (
            cursor is None
            or cursor in ask.queue.cursor[:1]
            or any(key == cursor for key, _ in found.queue.rows)
        )

    async def count_when_read(self) -> None:
        """Count the tabs after a reading, when nobody waits for anything else."""
        while True:
            await self._counting.wait()
            self._counting.clear()
            await self.app.trouble.guard(self._count)

    async def _count(self) -> None:
        """One view at a time, so that a key's work never waits behind all of them."""
        self._counts, edition = True, self.app.viewing.edition
        try:
            views = await self.app.link.run(self.app.viewing.gather)
            tabs = [await self.app.link.count(partial(_tab, view, self.app.zone)) for view in views]
        finally:
            self._counts = False
        if edition != self.app.viewing.edition:
            self._counting.set()
            return
        before = self.screen.tabs
        self.app.viewing.show(views)
        self.screen.show_tabs(tabs)
        self.app.viewing.ring(before, tabs)

    def count_soon(self) -> None:
        """The tabs are out of date."""
        self._counting.set()

    def _ask(self, anew: bool) -> Ask:
        screen, rows = self.screen, self.screen.queue.list
        height = max(rows.held.position.height, 40)
        if anew:
            stay = () if screen.stay_on is None else (screen.stay_on,)
            place = Place(cursor=stay, top=stay, height=height)
        else:
            place = Place(
                cursor=rows.held.candidates(),
                top=rows.held.on_screen(),
                first=rows.held.position.top,
                height=height,
            )
        return Ask(
            question=screen.question,
            zone=self.app.zone,
            queue=place,
            detail=None if anew and screen.stay_on is None else screen.wished,
            newest=self.newest,
            loud=self.app.alarm.plan.loud,
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

    def _ring(self, found: Reading) -> None:
        """Have the alarm see what stands, and name what the list doesn't show and the clock here didn't do."""
        heard = self.app.alarm.sees(
            found.rings, (row for _, row in found.timers.rows), self.app.shift.now(), own=self._own_reports
        )
        listed = {row.number for row in found.arrived} | {rung.ticket for rung in heard.fired}
        for severity, number in heard.new[:5]:
            if number not in listed:
                self.app.say(f"Severity {severity}: {number}, and nobody has acknowledged it", "error")
        for rung in heard.fired[:5]:
            if (rung.ticket, rung.key) not in self.app.keeper.told:
                self.app.say(f"{rung.ticket} escalated: {rung.label or rung.role}", "error")

    async def _tell_lost(self, merged: Merged[Any]) -> None:
        """Say why the cursor had to leave its ticket."""
        number = merged.lost
        rows: list[TicketLine] = await self.app.link.run(lambda desk: _lines(desk, int(number or 0)))
        self.app.say(f"{number} left this list: {_whereabouts(rows[0]) if rows else 'it is gone'}", "warning")

    def _widen_numbers(self) -> None:
        width = max(5, len(str(self.newest)))
        if width != self.app.shift.setting.number_width:
            self.app.change_setting(number_width=width)

    # -- pages and tickets ----------------------------------------------------------------------

    def want_page(self, first: int, count: int) -> None:
        """The list lacks rows."""
        self._soon(self._page(first, count))

    async def _page(self, first: int, count: int) -> None:
        rows, question, zone = self.screen.queue.list, self.screen.question, self.app.zone
        total, link = rows.total, self.app.link
        ask = (
            link.search
            if await link.run(lambda desk: _reading().searches(desk, question, zone))
            else link.run
        )
        try:
            page = await ask(lambda desk: _reading().page(desk, question, zone, first, count, total))
        except Stopped:
            return  # the list is about to be another one
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
        subject = await self.app.link.run(lambda desk: _reading().detail(desk, number)) if number else None
        if number == self.screen.wished:
            self.screen.detail.show(subject)
            self.screen.paint_bars("footer")

    def want_journal(self, which: Which, anchor: int) -> None:
        """The ticket's journal goes on where it is not held."""
        if which not in self._journal_wanted:
            self._journal_wanted.add(which)
            self._soon(self._journal(which, anchor))

    async def _journal(self, which: Which, anchor: int) -> None:
        number = self.screen.detail.number
        try:
            pages = await self.app.link.run(lambda desk: _reading().journal(desk, number, which, anchor))
        finally:
            self._journal_wanted.discard(which)
        self.screen.detail.take(pages)

    def _soon(self, work: Any) -> None:
        """Run beside everything else; kept until it ends."""

        async def guarded() -> None:
            async def run() -> None:
                await work

            await self.app.trouble.guard(run)

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


def _reading() -> Any:
    """What reads, loaded when it first does: on the database thread, behind the first frame."""
    from supporttui.console import reading

    return reading


def _tab(view: View, zone: tzinfo, desk: Desk) -> Tab:
    from supporttui.console import reading

    return reading.tab(desk, view, zone)


def _lines(desk: Desk, number: int) -> list[TicketLine]:
    from supporttui.desk import look

    return look.lines(desk, [number])


def _whereabouts(row: TicketLine) -> str:
    if row.merged_into:
        return f"merged into {row.merged_into}"
    owner = f", {row.owner} has it" if row.owner else ""
    return f"{row.status}, severity {row.severity}{owner}"
