"""A dropped line ends the program: soon, surely, and with its work saved.

When an SSH line drops, the kernel sends SIGHUP and the terminal's descriptor
reports a hang-up; a service manager sends SIGTERM.  Handlers on the event
loop were seen to hang for ever when the link had stalled first, because the
loop itself was stuck in a write.  So HUP and TERM are blocked, one thread
waits for them, another polls the descriptor, and whichever wakes first tells
the program and then counts: if it isn't gone within the grace, the process
ends without asking.  Whatever matters must therefore be in the store, or be
saved by `on_drop`, before anything is painted.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

GRACE = 1.0  # seconds between the drop and the hard end
HANG_UP = "the line dropped"
TERMINATED = "asked to end"

_WATCHED = (signal.SIGHUP, signal.SIGTERM)


class DropGuard:
    """Watches for a dropped line from `start()` until `stop()`; also a context manager.

    on_drop(reason): called once, from a thread of its own, with `HANG_UP` or `TERMINATED`. It should
    hand the work to the event loop (`loop.call_soon_threadsafe(app.exit)`) and return at once.
    last_words: called just before the hard end, still in that thread, to save what only memory
    holds; it must not touch the terminal.
    descriptor: the terminal's. grace: seconds until the hard end.

    `start()` must be called in the main thread before any other thread is started, since threads
    inherit which signals are blocked. Start children inside `children_hear()`.
    """

    def __init__(
        self,
        on_drop: Callable[[str], None],
        *,
        last_words: Callable[[], None] | None = None,
        descriptor: int = 0,
        grace: float = GRACE,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self.reason = ""
        self.exit_status = 0
        self._on_drop = on_drop
        self._last_words = last_words
        self._descriptor = descriptor
        self._grace = grace
        self._end = end
        self._once = threading.Lock()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._wake: tuple[int, int] | None = None
        self._mask: set[int] = set()
        self._handlers: dict[signal.Signals, object] = {}

    def start(self) -> None:
        """Block the signals and begin to watch."""
        self._mask = {int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)}
        # Should one arrive while a child is being started, it must not kill us with no clean-up.
        for number in _WATCHED:
            self._handlers[number] = signal.signal(number, self._handle)
        self._wake = os.pipe()
        for target in (self._wait_for_signal, self._wait_for_hang_up):
            thread = threading.Thread(target=target, name=f"drop guard: {target.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """The program ends by itself: call off the hard end, stop watching, restore the signals.

        After a drop HUP and TERM stay ignored, since the process is about to exit, and when the line
        is gone the standard streams lead nowhere.
        """
        if self._stopped.is_set() or self._wake is None:
            return
        self._stopped.set()
        os.write(self._wake[1], b"x")
        waiter = self._threads[0]
        if waiter.is_alive() and waiter.ident is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pthread_kill(waiter.ident, signal.SIGHUP)
        for thread in self._threads:
            thread.join(self._grace)
        for number, handler in self._handlers.items():
            # After a drop its second sign may still be on the way, and must not kill us at the exit.
            signal.signal(number, signal.SIG_IGN if self.reason else handler)  # type: ignore[arg-type]
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        for descriptor in self._wake:
            os.close(descriptor)
        if self.reason == HANG_UP:
            self._let_go()

    def _let_go(self) -> None:
        """Point the standard streams that were the lost line at nothing, or their last flush would fail."""
        with contextlib.suppress(OSError):
            line = os.fstat(self._descriptor)
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                if os.fstat(descriptor).st_rdev == line.st_rdev and stat.S_ISCHR(line.st_mode):
                    os.dup2(nothing, descriptor)
            os.close(nothing)

    @contextlib.contextmanager
    def children_hear(self) -> Iterator[None]:
        """While inside, children started by this thread get the signals as usual, as an editor needs."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # ── threads ──────────────────────────────────────────────────────────

    def _wait_for_signal(self) -> None:
        number = signal.sigwait(_WATCHED)
        if not self._stopped.is_set():
            self._drop(TERMINATED if number == signal.SIGTERM else HANG_UP, 128 + number)

    def _wait_for_hang_up(self) -> None:
        assert self._wake is not None
        poll = select.poll()
        poll.register(self._descriptor, 0)  # hang-up and error are always reported
        poll.register(self._wake[0], select.POLLIN)
        events = dict(poll.poll())
        if not self._stopped.is_set() and events.get(self._descriptor, 0) & (select.POLLHUP | select.POLLERR):
            self._drop(HANG_UP, 128 + signal.SIGHUP)

    def _handle(self, number: int, _frame: object) -> None:
        reason = TERMINATED if number == signal.SIGTERM else HANG_UP
        threading.Thread(target=self._drop, args=(reason, 128 + number), daemon=True).start()

    def _drop(self, reason: str, status: int) -> None:
        if not self._once.acquire(blocking=False):
            return
        self.reason, self.exit_status = reason, status
        with contextlib.suppress(Exception):  # whatever it raises, the end must come
            self._on_drop(reason)
        if self._stopped.wait(self._grace):
            return
        if self._last_words is not None:
            with contextlib.suppress(Exception):
                self._last_words()
        self._end(status)
