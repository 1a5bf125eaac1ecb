"""The headless watcher: looks at the clock, sends what is owed, says that it is alive; again and again.

It asks "due by now?" every few seconds and never sleeps towards an instant, so a
suspended machine or a clock that jumps can't make it miss one.  A jump is told
from the time that passed since the machine started, which no clock setting moves.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from supporttui.desk.session import Desk
from supporttui.errors import StoreBusy
from supporttui.store import events, notices

from . import pulse
from .sender import Delivery, Sender
from .tick import Tick, tick

JUMP = timedelta(seconds=5)  # what clocks drift and schedulers delay is less
FAR = timedelta(minutes=15)  # a forward jump beyond this is taken for a mistake at first
HOLD = timedelta(minutes=2)  # for so long: time to put the clock right before anybody is told
WITHIN = 2.0  # seconds between two looks at the clock while a delivery is under way
WATCHER = "watch"


def boot_seconds() -> float:
    """Seconds since the machine started, suspended time included."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one round did.  jumped: by how much the clock had been set, None for not at all.

    held: nothing fired, since the clock had jumped far ahead.
    """

    at: datetime
    tick: Tick | None
    deliveries: tuple[Delivery, ...] = ()
    jumped: timedelta | None = None
    held: bool = False
    trouble: str = ""


@dataclass
class Watch:
    """One watcher.  passed: a clock that nothing sets, in seconds."""

    desk: Desk
    sender: Sender
    passed: Callable[[], float] = boot_seconds
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    _seen: tuple[datetime, float] | None = None
    _held_until: float | None = None
    _beats: int = 0
    _rests: bool = False
    _started: datetime | None = None

    def turn(self, stop: Callable[[], bool] = lambda: False) -> Turn:
        """One round: fire what is due, send what is owed, beat.  A busy store is left for the next round."""
        turn = self._look()
        if not turn.held and not turn.trouble:
            try:
                turn = replace(turn, deliveries=tuple(self.sender.send(stop=stop)))
                self._beat()
            except StoreBusy as error:
                turn = replace(turn, trouble=str(error))
        self._rests = turn.held or bool(turn.trouble)
        return turn

    def meanwhile(self) -> Turn | None:
        """A round without sending, for while a delivery takes its time; None when the last was just now."""
        if self._seen is not None and self.passed() - self._seen[1] < WITHIN:
            return None
        return self._look()

    def _look(self) -> Turn:
        now = self.desk.now()
        self._started = self._started or now
        jumped = self._jump(now)
        try:
            if jumped is not None:
                self._note_jump(now, jumped)
            if self._holding():
                self._beat()
                return Turn(now, None, jumped=jumped, held=True)
            done = tick(self.desk, summary=self._held_until is not None)
            self._held_until = None
            self._beat()
        except StoreBusy as error:
            return Turn(now, None, jumped=jumped, trouble=str(error))
        return Turn(now, done, jumped=jumped)

    def _jump(self, now: datetime) -> timedelta | None:
        """By how much the wall clock moved beyond the time that passed since the last round."""
        before, self._seen = self._seen, (now, self.passed())
        if before is None:
            return None
        moved = (now - before[0]) - timedelta(seconds=self._seen[1] - before[1])
        return moved if abs(moved) > JUMP else None

    def _note_jump(self, now: datetime, moved: timedelta) -> None:
        if moved > FAR:
            self._held_until = self.passed() + HOLD.total_seconds()
        elif moved < timedelta(0):
            self._held_until = None  # put back: what had been ahead is not due
        seconds = round(moved.total_seconds())
        way = "ahead" if seconds > 0 else "back"
        held = "; nothing fires for two minutes" if self._held_until is not None else ""
        events.append(
            self.desk.store, at=now, actor=WATCHER, kind="clock",
            text=f"the clock was set {abs(seconds)} seconds {way}{held}", data={"seconds": seconds},
        )  # fmt: skip

    def _holding(self) -> bool:
        return self._held_until is not None and self.passed() < self._held_until

    def _beat(self) -> None:
        self._beats += 1
        pulse.beat(self.desk, self.name, self._started or self.desk.now(), self._beats)

    def takes(self, desk: Desk) -> None:
        """Go on with another policy or roster, on the same store."""
        self.desk = desk
        self.sender.takes(desk)

    def wait_seconds(self) -> float:
        """How long until there may be something to do: at most a beat."""
        longest = pulse.BEAT.total_seconds()
        if self._rests or not self.sender.lead.leading:
            return longest
        try:
            at = notices.next_try(self.desk.store)
        except StoreBusy:
            return longest
        return longest if at is None else min(longest, max(0.0, (at - self.desk.now()).total_seconds()))

    def end(self) -> None:
        """An orderly end: the heartbeat goes, so that nobody waits for it."""
        self.sender.lead.give_up()
        pulse.stop(self.desk, self.name)


class Signals:
    """SIGTERM and SIGINT ask for the end, SIGHUP for another look at the files; all wake a wait at once."""

    def __init__(self) -> None:
        self.ending = False
        self.reloading = False
        self._hear, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def __call__(self, number: int, _frame: object) -> None:
        if number == signal.SIGHUP:
            self.reloading = True
        else:
            self.ending = True

    @property
    def handle(self) -> int:
        """What becomes readable when a signal comes."""
        return self._hear

    def wait(self, seconds: float) -> None:
        """Until a signal comes, or the time is over."""
        if self.ending or self.reloading:
            return
        ready, _, _ = select.select([self._hear], [], [], seconds)
        if ready:
            os.read(self._hear, 4096)

    @contextmanager
    def heard(self) -> Iterator[Signals]:
        """Hear them inside; as they were afterwards."""
        heard = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = {number: signal.signal(number, self) for number in heard}
        wakeup = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        try:
            yield self
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._hear)
            os.close(self._wake)


def notify(state: str, path: str) -> None:
    """Tell a service manager (systemd's notify protocol); path: its $NOTIFY_SOCKET, "" for none."""
    if not path:
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        try:
            out.sendto(state.encode(), address)
        except OSError:
            return  # nobody listens; the watch goes on
