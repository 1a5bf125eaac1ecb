"""Drives the console in the words of a shift: what arrives, what is pressed, what is on screen.

    async with at_console(tmp_path, size=(80, 24)) as desk:
        number = desk.arrives(sev1("system down"))
        await desk.refresh()
        desk.queue.shows("system down")
        await desk.press("a", "enter")

A scenario of the program (supporttui/demo/scenarios) is played with
`await desk.plays(scenario)`, each of its steps checked.

Nothing sleeps for a fixed time: `settled` waits until the console has nothing
left to do, with a limit that fails the test and shows the screen.  Time is a
manual clock that stands still until `passes`.
"""

from __future__ import annotations

import asyncio
import math
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import textual._wait
from textual import events
from textual.keys import REPLACED_KEYS, _get_unicode_name_from_key
from textual.pilot import Pilot

from supporttui.clock import ManualClock
from supporttui.console import drafts, reader, tour
from supporttui.console.app import ConsoleApp
from supporttui.console.dialogs import report as report_form
from supporttui.console.present.spans import plain
from supporttui.console.wardrobe import Wardrobe
from supporttui.console.widgets import completing_input
from supporttui.demo.scenarios.script import (
    Act,
    Drops,
    Fact,
    Keys,
    Others,
    Passes,
    Scenario,
    Step,
    Typed,
    Verb,
)
from supporttui.demo.scenarios.table import set_up
from supporttui.desk import report as reporting
from supporttui.desk.report import NewTicket
from supporttui.desk.session import Desk
from supporttui.policy import load
from supporttui.store import open_store
from supporttui.store.records import Ticket
from supporttui.verbs.registry import BY_ID
from tests.console import made_once

textual._wait.SLEEP_GRANULARITY = 0.004
reader.DETAIL_DELAY = 0.002
completing_input.REST = 0.002
report_form.REST = 0.002
tour.BETWEEN = 0.002
made_once.remember_styles()
_threads: set[object] = set()  # what was given to a thread of its own and isn't back
_to_thread = asyncio.to_thread


async def _noted(function: Callable[..., Any], /, *words: Any, **named: Any) -> Any:
    call = object()
    _threads.add(call)
    try:
        return await _to_thread(function, *words, **named)
    finally:
        _threads.discard(call)


asyncio.to_thread = _noted  # type: ignore[assignment]

START = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)  # Friday 14:46 at the desk
CHICAGO = ZoneInfo("America/Chicago")
PATIENCE = 30.0  # seconds until a wait fails; the machine may be busy
SOON = 0.003  # seconds: timers that end sooner are waited for
NAMES = {"space": "space", " ": "space"}
POLICY = load("netex")


def sev1(subject: str, **more: Any) -> NewTicket:
    return ticket(subject, severity=1, channel="phone", **more)


def ticket(
    subject: str, *, severity: int = 3, ago: timedelta = timedelta(minutes=5), **more: Any
) -> NewTicket:
    """A report made `ago` before the shift began."""
    more.setdefault("customer", "Acme Corp")
    more.setdefault("reported_at", START - ago)
    return NewTicket(subject=subject, severity=severity, **more)


class Console:
    """The console as the analyst sees it, and the desk as the rest of the world changes it."""

    app: ConsoleApp
    pilot: Pilot[Any]

    def __init__(self, clock: ManualClock, path: Path, reopen: Callable[[Console], Awaitable[None]]) -> None:
        self.clock, self.path, self._reopen = clock, path, reopen
        self.queue = Rows(self, "queue")
        self.timers = Rows(self, "timers")
        self._others: list[Desk] = []

    # -- the world ------------------------------------------------------------------------------

    def colleague(self, name: str = "raj") -> Desk:
        """Somebody at another console on the same store."""
        desk = Desk(open_store(self.path), POLICY, self.clock, name)
        self._others.append(desk)
        return desk

    def knows(self, *facts: Fact) -> None:
        """These facts hold in the store."""
        for fact in facts:
            wrong = fact(self.colleague("test"))
            assert not wrong, wrong

    def arrives(self, new: NewTicket) -> int:
        """A ticket that somebody else enters; the console learns of it by itself."""
        return reporting.report(self.colleague("mail"), new).number

    async def passes(self, **parts: float) -> None:
        """Time goes by and the console notices."""
        self.clock.advance(**parts)
        await self.beat()

    async def beat(self) -> None:
        await self.app.keeper.beat()
        await self.settled()

    # -- hands and eyes -------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        for key in keys:
            self._strike(NAMES.get(key, key))
            await self.settled()

    async def verb(self, *ids: str) -> None:
        """Press the keys in force of these verbs; one without a key is written on the `:` line."""
        for verb_id in ids:
            verb = BY_ID[verb_id]
            found = self.app.shift.keymap.keys(verb)
            if found:
                await self.press(_key(found[0]) if len(found[0]) == 1 else found[0])
            else:
                await self.press(_key(self.app.shift.keymap.keys(BY_ID["command"])[0]))
                await self.type(verb_id)
                await self.press("enter")

    async def type(self, text: str) -> None:
        for char in text:
            self._strike(_key(char))
            await self._taken()
        await self.settled()

    async def rushes(self, *keys: str) -> None:
        """All keys in one packet."""
        for key in keys:
            self._strike(NAMES.get(key, key))
        await self.settled()

    def _strike(self, key: str) -> None:
        """One key, as the terminal's driver reports it."""
        if len(key) == 1 and not key.isalnum():
            key = _key(key)
        try:
            char = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
        except KeyError:
            char = key if len(key) == 1 else None
        event = events.Key(key, char)
        event.set_sender(self.app)
        assert self.app._driver is not None
        self.app._driver.send_message(event)

    async def _taken(self) -> None:
        """Wait until nothing is left to run: every message dealt with, as far as no clock and no thread is needed."""
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        while ready:
            await asyncio.sleep(0)

    def _unrest(self) -> list[str]:
        """What is still under way."""
        app = self.app
        if app._exit:
            return []
        guide, screen = getattr(app, "guide", None), app.screen
        under_way = {
            "callbacks": screen._callbacks,
            "widgets to paint": screen._dirty_widgets,
            "layout": screen._layout_required,
            "scrolling": screen._scroll_required,
            "a resize": app._resize_event,
            "the guide": guide is not None and not guide.resting,
            "completion": getattr(screen.focused, "asking", False),
            "a verdict": getattr(screen, "judging", False),
            "reading": not app.reader.idle,
            "writing": app.shift.busy,
            "another thread": _threads,
        }
        return [name for name, it_is in under_way.items() if it_is]

    def _due(self) -> float:
        """Seconds until the next timer of those that end soon, 0 when there is none."""
        loop = asyncio.get_running_loop()
        timers = loop._scheduled  # type: ignore[attr-defined]
        soon = [timer.when() for timer in timers if not timer.cancelled()]
        left = min(soon, default=math.inf) - loop.time()
        return max(left, 0.0005) if left <= SOON else 0

    async def settled(self) -> None:
        """Wait until nothing is being read, written or painted."""
        limit = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 2:
            await self._taken()
            if due := self._due():
                await asyncio.sleep(due)
                await self._taken()
            unrest = self._unrest()
            quiet = quiet + 1 if not unrest and not due else 0
            if not self.app._exit:
                self.app.screen._on_timer_update()
            if time.monotonic() > limit:
                raise AssertionError(f"the console doesn't come to rest: {unrest}, {due}\n{self.screen}")
            if not quiet:
                await asyncio.sleep(0.0005)

    @property
    def screen(self) -> str:
        """Everything on screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def sees(self, *words: str) -> None:
        screen = self.screen
        for word in words:
            assert word in screen, f"“{word}” is not on screen:\n{screen}"

    def sees_not(self, *words: str) -> None:
        screen = self.screen
        for word in words:
            assert word not in screen, f"“{word}” is on screen:\n{screen}"

    def said(self, *words: str) -> None:
        """The last notice holds these words."""
        notices = [notice.text for notice in self.app.shift.said]
        last = notices[-1] if notices else ""
        for word in words:
            assert word in last, f"“{word}” was not said; said was: {notices[-3:]}"

    @property
    def header(self) -> str:
        return self.screen.split("\n")[0]

    @property
    def footer(self) -> str:
        return self.screen.split("\n")[-1]

    def ticket(self, number: int) -> Ticket:
        """The ticket as it is in the store."""
        from supporttui.desk import look

        return look.ticket(self.colleague("test"), number).ticket

    def numbers(self) -> list[int]:
        """Every ticket that there is."""
        return list(range(1, self.colleague("test").store.info()["tickets"] + 1))

    def journal(self, number: int) -> list[Any]:
        from supporttui.desk import look

        return list(look.ticket(self.colleague("test"), number).journal)

    def close(self) -> None:
        for desk in self._others:
            desk.store.close()

    # -- scenarios ------------------------------------------------------------------------------

    async def plays(self, scenario: Scenario) -> None:
        """Do every step of a scenario, and check after each that what it says is true."""
        for step in scenario.steps:
            try:
                for act in step.acts:
                    await self._act(act)
                self._check(step)
            except AssertionError as error:
                raise AssertionError(f"“{step.caption}”: {error}") from error

    async def _act(self, act: Act) -> None:
        match act:
            case Verb(verb_id):
                await self.verb(verb_id)
            case Keys(names):
                await self.press(*names)
            case Typed(text):
                await self.type(text)
            case Passes(by):
                await self.passes(seconds=by.total_seconds())
            case Others(actor, change):
                change(self.colleague(actor))
                await self.beat()
            case Drops():
                await self.drops()

    def _check(self, step: Step) -> None:
        self.sees(*step.sees)
        self.sees_not(*step.misses)
        self.queue.shows(*step.rows)
        self.said(*step.said)
        if step.cursor:
            self.queue.cursor_on(step.cursor)
        self.knows(*step.facts)

    async def drops(self) -> None:
        """The line drops: what was unsent is kept, and the analyst comes back to a new console."""
        await self._reopen(self)


class Rows:
    """The queue or the timers."""

    def __init__(self, console: Console, name: str) -> None:
        self._console, self._name = console, name

    @property
    def _list(self) -> Any:
        return self._console.app.triage.lists[self._name]

    @property
    def lines(self) -> list[str]:
        return [plain(line) for line in self._list.lines_shown]

    def shows(self, *words: str) -> None:
        """Rows on screen hold these words, in this order."""
        at = 0
        for word in words:
            found = [row for row in range(at, len(self.lines)) if word in self.lines[row]]
            assert found, f"“{word}” is not among the rows (in this order):\n" + "\n".join(self.lines)
            at = found[0] + 1

    def shows_not(self, *words: str) -> None:
        for word in words:
            assert not any(word in line for line in self.lines), "\n".join(self.lines)

    def line_of(self, word: str) -> str:
        self.shows(word)
        return next(line for line in self.lines if word in line)

    @property
    def cursor(self) -> Any:
        return self._list.cursor

    def cursor_on(self, number: int) -> None:
        """The cursor is on the ticket, and the screen marks its row."""
        key = self.cursor[0] if isinstance(self.cursor, tuple) else self.cursor
        assert key == number, f"the cursor is on {key}, not on {number}\n" + "\n".join(self.lines)

    def numbers(self) -> list[int]:
        return [int(key) for key in self._list.held.on_screen()]

    async def goes_to(self, number: int) -> None:
        """Move the cursor by keys."""
        await self._console.press("g")
        for _ in range(self._list.total):
            if self.cursor == number:
                return
            await self._console.press("j")
        self.cursor_on(number)


def _key(char: str) -> str:
    from textual.keys import _character_to_key

    return _character_to_key(char)


@asynccontextmanager
async def at_console(
    folder: Path,
    tickets: Sequence[NewTicket] = (),
    *,
    size: tuple[int, int] = (120, 40),
    actor: str = "ana",
    theme: str = "ansi-dark",
    scenario: Scenario | None = None,
    kind: type[ConsoleApp] = ConsoleApp,
    **options: Any,
) -> AsyncIterator[Console]:
    """A console on a store that holds these tickets, the clock at START; or on that of a scenario, at its start.

    Everything else goes to the console as it is.
    """
    path = folder / "desk.sqlite3"
    clock = ManualClock(scenario.start if scenario else START)

    def fill(file: Path) -> None:
        with closing(open_store(file)) as store:
            entering = Desk(store, POLICY, clock, "mail")
            for new in tickets:
                reporting.report(entering, new)
            if scenario:
                set_up(scenario, entering)

    made_once.store(path, (tuple(tickets), scenario and (scenario.set_up, scenario.start)), fill)

    async def open_one(console: Console) -> None:
        """A console anew on the same store: the first, or the next after a dropped line."""
        await leave(console)
        console.app = kind(
            Desk(open_store(path), POLICY, clock, actor),
            CHICAGO,
            **{"wardrobe": Wardrobe(theme), **options},
            beating=False,
        )
        console.pilot = await running.enter_async_context(console.app.run_test(size=size))
        await asyncio.wait_for(console.app.ready.wait(), PATIENCE)
        await console.beat()

    async def leave(console: Console) -> None:
        if hasattr(console, "app"):
            unsent = console.app.unsent()
            await running.aclose()
            console.app.link.finish(lambda desk: (drafts.save_all(desk, unsent), desk.store.close()))

    running = AsyncExitStack()
    console = Console(clock, path, open_one)
    try:
        await open_one(console)
        yield console
    finally:
        console.close()
        await running.aclose()
        if hasattr(console, "app"):
            console.app.link.finish(lambda desk: desk.store.close())
