"""A program of the user's, run beside the console: no shell, no terminal, a time limit, and Esc ends it.

It has a session of its own, so that ending it ends what it started.  Its
output is bytes until it is shown, and no more of them than anybody reads.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST_OUTPUT = 1_000_000  # bytes that are kept; the rest is read and let go
GRACE = 1.0  # seconds between asking it to end and ending it
LINGER = 0.2  # seconds of silence after which a program that has ended has nothing more to say
_HEARD = (signal.SIGHUP, signal.SIGTERM)


class Ended(NamedTuple):
    """How it went.  status: of the exit, negative for a signal.  why: why it was ended or never began, "" for by itself."""

    output: bytes
    status: int = 0
    why: str = ""
    cut: bool = False

    @property
    def wrong(self) -> str:
        """What went wrong in a few words, "" for nothing."""
        if self.why:
            return self.why
        if self.status < 0:
            return f"ended by signal {-self.status}"
        return f"ended with status {self.status}" if self.status else ""


class Program:
    """One run of a program.  `run` blocks and belongs on a thread of its own; `stop` comes from any other."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str], *, seconds: float) -> None:
        self._argv, self._environ, self._seconds = list(argv), dict(environ), seconds
        self._stop = threading.Event()
        self._kill = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Ask it to end, and end it if it doesn't."""
        self._stop.set()

    def kill(self) -> None:
        """End it at once, from here: the console is leaving, and the thread of `run` may not come to it."""
        self._kill.set()
        self._stop.set()
        if self._process is not None and self._process.returncode is None:
            _signal(self._process, signal.SIGKILL)

    def run(self) -> Ended:
        """Run it to its end."""
        try:
            process = self._process = self._start()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "its arguments can't be handed over"
            return Ended(b"", why=f"can't be started: {reason}")
        with process:
            output, why = self._read(process)
            if why:
                self._end(process)
            status = process.wait()
        return Ended(bytes(output[:MOST_OUTPUT]), status, why, len(output) > MOST_OUTPUT)

    def _start(self) -> subprocess.Popen[bytes]:
        """With the signals open that the console's threads have blocked: a child inherits that."""
        before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        try:
            return subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._environ,
                start_new_session=True,
                bufsize=0,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _read(self, process: subprocess.Popen[bytes]) -> tuple[bytearray, str]:
        """Its output, and why it has to be ended."""
        output, over = bytearray(), time.monotonic() + self._seconds
        pipe, quiet_since = process.stdout, 0.0
        assert pipe is not None
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while not self._stop.is_set():
                now = time.monotonic()
                if now >= over:
                    return output, f"took longer than {self._seconds:g} s and was ended"
                if selector.select(min(0.1, over - now)):
                    data = os.read(pipe.fileno(), 65536)
                    if not data:
                        return output, ""
                    if len(output) <= MOST_OUTPUT:
                        output += data
                    quiet_since = 0.0
                elif process.poll() is not None:
                    # What it left running may hold the pipe for ever.
                    quiet_since = quiet_since or now
                    if now - quiet_since >= LINGER:
                        return output, ""
        return output, "was stopped"

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask its group to end, then end it.  Nobody has waited for the leader yet, so the group is still its."""
        until = time.monotonic() + GRACE
        if not self._kill.is_set():
            _signal(process, signal.SIGTERM)
            while time.monotonic() < until and not self._kill.is_set() and not _has_ended(process):
                time.sleep(0.02)
        _signal(process, signal.SIGKILL)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended; it is left to be waited for."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To the whole group, which the process leads; it is ours until it is waited for."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
