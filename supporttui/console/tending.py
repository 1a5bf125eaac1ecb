"""The console's part in the watch: how it is, what is for consoles, and sending when no watcher does.

Invariants: the screen waits for no delivery, which has a thread and a store
connection of its own; a console sends only while no watcher is alive, and a
restricted or read-only one never does.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from supporttui.store.records import Notice
from supporttui.verbs.registry import BY_ID

from .present.bars import DeskState

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.desk.session import Desk
    from supporttui.store.worked import Stopwatch
    from supporttui.watch.pulse import Health

EVERY = timedelta(seconds=5)
AT_ONCE = 10  # messages between two looks at whether to go on
SHOWN = 3


class Found(NamedTuple):
    """One look: how the watch is, what was for this console, who is on call until when, what is
    silenced, the stopwatches of who sits here, how much waits in the inbox and how much of that to call."""

    health: Health
    told: tuple[Notice, ...]
    on_call: tuple[tuple[str, datetime], ...]
    silenced: tuple[tuple[str, datetime], ...]
    stopwatches: tuple[Stopwatch, ...]
    inbox: tuple[int, int]


class Tending:
    """What one console does for the watch.  postman: sends, None where this console may not."""

    def __init__(self, app: ConsoleApp, postman: Postman | None = None) -> None:
        self.app = app
        self.postman = postman
        self._looked_at: datetime | None = None

    async def beat(self) -> None:
        """Look every few seconds, show what became different, wake the postman."""
        now = self.app.shift.now()
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < EVERY:
            return
        first, self._looked_at = self._looked_at is None, now
        readonly = self.app.shift.desk.readonly
        found = await self.app.link.run(lambda desk: look(desk, readonly=readonly))
        self._show(found, now, first=first)
        if self.postman is not None and found.health.queued and not found.health.sends(now):
            self.postman.wake()

    def _show(self, found: Found, now: datetime, *, first: bool = False) -> None:
        health, shift = found.health, self.app.shift
        silent = health.beat_at if health.beat_at is not None and not health.alive(now) else None
        from supporttui.watch import pulse

        late = health.late if health.late is not None and now - health.late > pulse.STALE else None
        changes = {
            "watcher": health.alive(now), "silent_since": silent, "late_since": late,
            "undelivered": health.dead + (health.queued if _waits(health, now) else 0),
            "on_call": found.on_call, "silenced": found.silenced,
            "stopwatches": found.stopwatches, "inbox": found.inbox[0], "calls": found.inbox[1],
        }  # fmt: skip
        before = shift.desk
        shift.sets(**changes)
        if shift.desk != before:
            self.app.triage.paint_bars("header")
        self._tell(found.told)
        self._tell_inbox(before, found.inbox, first=first)

    def _tell_inbox(self, before: DeskState, waiting: tuple[int, int], *, first: bool) -> None:
        """Say it once when something more came in that somebody must decide on.

        first: nothing was seen before; what waited when the console began is told by the top line, a call aloud.
        """
        more, calls = waiting[0] - before.inbox, waiting[1] - before.calls
        if more <= 0 or (first and calls <= 0):
            return
        key = self.app.shift.keymap.shown(BY_ID["inbox"], ascii=self.app.ink.ascii) or ":inbox"
        if calls > 0:
            self.app.alarm.wants_call(self.app.shift.now())
            self.app.tell(f"{key} shows whom: a report came in, and somebody must call", "error")
        else:
            self.app.tell(f"{more} more in the inbox: {waiting[0]} wait for a decision ({key})", "warning")

    def _tell(self, told: tuple[Notice, ...]) -> None:
        """Say what the watch had for this console, unless this console fired it itself and said so then."""
        news = [one for one in told if not self.app.keeper.told & _keys(one)]
        for notice in news[:SHOWN]:
            for note in notice.data.get("notes", ()):
                self.app.tell(f"{notice.ticket}: {note}", "warning")
            how = "" if notice.kind in ("undelivered", "released") else "escalated: "
            urgency = "good" if notice.kind == "released" else "error"
            self.app.tell(f"{notice.ticket} {how}{notice.label or notice.role}", urgency)
        if len(news) > SHOWN:
            self.app.tell(f"{len(news)} deadlines fired; the timers show them", "error")


def _keys(notice: Notice) -> set[tuple[int, str]]:
    return {(notice.ticket, str(key)) for key in notice.data.get("keys", ())}


def _waits(health: Health, now: datetime) -> bool:
    """Whether what waits has waited for longer than a delivery takes."""
    return health.waiting_since is not None and now - health.waiting_since > timedelta(minutes=1)


def look(desk: Desk, *, readonly: bool) -> Found:
    """On the database thread."""
    from supporttui.desk import maintenance
    from supporttui.store import mail, notices, worked
    from supporttui.watch import pulse

    told = () if readonly else tuple(notices.take_for_console(desk.store, desk.actor, desk.now()))
    held = tuple((one.name or "everything", one.end) for one in maintenance.now_held(desk))
    return Found(
        pulse.health(desk), told, _on_call(desk), held, tuple(worked.stopwatches(desk.store, desk.actor)),
        mail.waiting(desk.store),
    )  # fmt: skip


def _on_call(desk: Desk) -> tuple[tuple[str, datetime], ...]:
    """(person, until) of every rotation that has somebody now; nothing without a roster that can be read."""
    from supporttui.desk import oncall
    from supporttui.errors import SupportError

    try:
        if desk.roster is None:
            return ()
        return tuple((turn.person, turn.end) for turn in oncall.turns(desk, desk.now()) if turn.person)
    except SupportError:
        return ()


class Postman:
    """Sends from a thread of its own while nobody else does.

    open_desk: opens a desk on a store connection of its own.  channels: the text of the channels file.
    """

    def __init__(self, open_desk: Callable[[], Desk], channels: str, zone: tzinfo) -> None:
        self._open_desk, self._channels, self._zone = open_desk, channels, zone
        self._wake = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There may be something to send."""
        if self._thread is None and not self._ending:
            self._thread = threading.Thread(target=self._run, name="postman", daemon=True)
            self._thread.start()
        self._wake.set()

    def end(self) -> None:
        """Stop; what is under way is left to whoever sends next."""
        self._ending = True
        self._wake.set()

    def _run(self) -> None:
        # Whatever goes wrong here shows as notices that wait; the console itself goes on.
        with contextlib.suppress(Exception):
            self._serve()
        self._thread = None

    def _serve(self) -> None:
        from supporttui.desk import tokens
        from supporttui.watch.channels.helper import Helper
        from supporttui.watch.sender import Sender

        desk, helper = self._open_desk(), Helper(self._channels)
        helper.ending = lambda: self._ending
        sender = Sender(desk, helper, self._zone, token=lambda notice: tokens.token_of(desk, notice))
        try:
            while not self._ending:
                self._wake.wait()
                self._wake.clear()
                while not self._ending and not self._watched(desk):
                    if not sender.send(most=AT_ONCE, stop=lambda: self._ending):
                        break
                sender.lead.give_up()
        finally:
            helper.close()
            desk.store.close()

    def _watched(self, desk: Desk) -> bool:
        """Whether a watcher lives, who sends by itself."""
        from supporttui.watch import pulse

        return pulse.health(desk).sends(desk.now())
