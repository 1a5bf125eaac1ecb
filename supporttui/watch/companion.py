"""A process beside the watch, for work that may take its time: started when needed, again when it ends, gone with it.

What waits for a server or a mail that hurts must not keep the watch from its clock.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from supporttui.errors import Refused

SOON, LATEST = 1.0, 60.0  # seconds between two starts of a process that doesn't stay
STAYED = 60.0  # seconds after which one is taken to have stayed
AT_THE_END = 10.0  # seconds that one has to end what it is doing


class Companion:
    """One process.  words: the command of supporttui that it runs; `--beside` and our process are added.

    passed: a clock in seconds that nothing sets.
    """

    def __init__(self, words: Sequence[str], passed: Callable[[], float] = time.monotonic) -> None:
        self._words = tuple(words)
        self._passed = passed
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._wait = 0.0

    def tend(self) -> str:
        """See to it that it runs; what is worth a line of the log, "" for nothing."""
        process, now = self._process, self._passed()
        if process is None:
            self._start(now)
            return ""
        code = process.poll()
        if code is None:
            if now - self._began >= STAYED:
                self._wait = 0.0
            return ""
        if code == Refused.exit_code:
            self._wait = LATEST  # another one does it: look again later
        if now < self._began + self._wait:
            return ""
        self._wait = min(LATEST, max(SOON, 2 * self._wait))
        self._start(now)
        if code == Refused.exit_code:
            return ""
        return f"{self._words[0]} {self._words[1]} ended with exit code {code} and was started again"

    def _start(self, now: float) -> None:
        command = [sys.executable, "-P", "-m", "supporttui", *self._words, "--beside", str(os.getpid())]
        # What the service manager is told is about the watch.
        environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
        )
        self._began = now

    def end(self) -> None:
        """Ask it to end, and make sure of it."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(AT_THE_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stay_beside(pid: int) -> None:
    """In the process itself: end as if asked to when the one that started it is gone.  pid: that one's, 0 for nobody."""
    if not pid:
        return
    import ctypes

    with suppress(OSError, AttributeError):  # where there is no such thing, `beside` must be looked at
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if not is_beside(pid):
        raise Refused("what started this is gone")


def is_beside(pid: int) -> bool:
    """Whether the process that started this one is still there; pid: 0 for nobody."""
    return not pid or os.getppid() == pid
