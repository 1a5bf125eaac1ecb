"""Another program, started so that it can never hold the console up: no shell, no terminal, a time limit.

It runs in a session of its own with HUP and TERM unblocked (the console's
threads have them blocked), its input and output are ours, and when its time is
up its whole process group is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "USER", "TZ", "TMUX", "DISPLAY",
             "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK")  # fmt: skip
_OURS = (signal.SIGHUP, signal.SIGTERM)


class Child:
    """One program, run by `run()` in a thread of the caller's; `kill()` may come from another."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str], *, seconds: float) -> None:
        self._argv = list(argv)
        self._environ = dict(environ)
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = threading.Event()

    def run(self, text: bytes = b"") -> str:
        """Run it to its end with `text` as its input; returns "" or one line saying what went wrong."""
        name = os.path.basename(self._argv[0])
        try:
            process = self._process = self._start()
        except (OSError, ValueError) as error:
            return f"{name}: {getattr(error, 'strerror', None) or 'it can not be started'}"
        if self._killed.is_set():
            self.kill()
        try:
            process.communicate(text, timeout=self._seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            process.communicate()
            return f"{name}: took longer than {self._seconds:g} s and was ended"
        status = process.returncode
        if status == 0 or self._killed.is_set():
            return ""
        return f"{name}: ended with status {status}" if status > 0 else f"{name}: ended by signal {-status}"

    def kill(self) -> None:
        """End it and what it started."""
        self._killed.set()
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _start(self) -> subprocess.Popen[bytes]:
        before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
        try:
            return subprocess.Popen(
                self._argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environ,
                cwd="/",
                start_new_session=True,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def environment(environ: Mapping[str, str], **fields: str) -> dict[str, str]:
    """A small environment: what a program needs of ours, and fields of its own."""
    return {name: environ[name] for name in PASSED_ON if name in environ} | fields


def arguments(text: str) -> list[str]:
    """The argument list that a setting writes in one line, quoted as in a shell; [] for an empty one.

    Nothing in it is expanded.  Errors: ValueError says what is wrong.
    """
    import shlex

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"{text!r}: {str(error).lower()}") from None
    if words and not words[0]:
        raise ValueError(f"{text!r} names no program")
    return words
