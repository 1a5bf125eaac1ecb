"""Drivers of real terminals: a pty read by pyte, and tmux on a socket of its own.

    with Terminal([sys.executable, "-m", "supporttui"], columns=80, lines=24) as term:
        term.wait_for("Queue")
        mark = term.mark()
        term.send("j")
        term.settle()
        assert term.bytes_since(mark) < 400

Nothing here sleeps for a fixed time: every wait is for a condition, with a
time limit that fails the test and shows the screen.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from wcwidth import wcwidth

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0  # seconds until a wait fails; the machine may be busy

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "backspace": "\x7f", "space": " ",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "escape at once": "\x1b\x1b[?2026;0$y",  # with a report behind it that tells nothing: nobody waits for what may follow
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}  # fmt: skip


class Screen(pyte.Screen):
    """A screen that ignores what pyte can't take: private forms of sequences, signs without width."""

    def draw(self, data: str) -> None:
        # pyte drops the rest of a run at a sign that has no width and isn't an accent.
        if not data.isascii():
            data = "".join(char for char in data if unicodedata.combining(char) or wcwidth(char) > 0)
        super().draw(data)

    def report_device_status(self, mode: int = 0, **private: bool) -> None:
        if not private:
            super().report_device_status(mode)

    def select_graphic_rendition(self, *attributes: int, **private: bool) -> None:
        if not private:
            super().select_graphic_rendition(*_dim_as_blink(attributes))

    def report_device_attributes(self, mode: int = 0, **private: bool) -> None:
        if not private.get("private"):
            super().report_device_attributes(mode)


def _dim_as_blink(attributes: tuple[int, ...]) -> Iterator[int]:
    """pyte forgets "dim" and nothing here blinks: a dim sign has its `blink` flag set."""
    rest = iter(attributes)
    for number in rest:
        if number in (38, 48):
            kind = next(rest, 5)
            yield from (number, kind, *(next(rest, 0) for _ in range(3 if kind == 2 else 1)))
        else:
            yield from {2: (5,), 5: (), 22: (22, 25)}.get(number, (number,))


# Not known to pyte, which would print their ends: kitty key modes and DECRQM.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?\Z")


class TimedOut(AssertionError):
    """A condition did not come true in time; the message holds the screen."""


def base_environment(**changes: str | None) -> dict[str, str]:
    """A small environment for a program under test; None removes a name."""
    environment = {
        # "python" is the one that runs the tests, whether or not its environment is activated
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


class Terminal:
    """A program in a pty; `raw` holds every byte that it wrote, `screen` what it shows now."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        columns: int = 80,
        lines: int = 24,
        cwd: Path | str = ROOT,
    ) -> None:
        self.raw = bytearray()
        self.screen = Screen(columns, lines)
        self.screen.write_process_input = lambda data: self._answer(data)  # type: ignore[method-assign]
        self._stream = pyte.ByteStream(self.screen)
        self._tail = b""
        self._closed = False
        self.status: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _set_size(0, columns, lines)
            _become(argv, base_environment() if env is None else env, cwd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── what it shows ────────────────────────────────────────────────────

    @property
    def text(self) -> str:
        """The screen's lines, right ends cut."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def line(self, number: int) -> str:
        """One line of the screen, counted from 0, right end cut."""
        return self.screen.display[number].rstrip()

    def mark(self) -> int:
        """The number of bytes read until now."""
        return len(self.raw)

    def bytes_since(self, mark: int) -> int:
        """How many bytes were read since `mark()`."""
        return len(self.raw) - mark

    def raw_since(self, mark: int) -> bytes:
        """The bytes read since `mark()`."""
        return bytes(self.raw[mark:])

    # ── what it is told ──────────────────────────────────────────────────

    def send(self, *keys: str) -> None:
        """Press keys: a name of `KEYS` ("enter", "ctrl+d"), else the text itself."""
        for key in keys:
            self.type(KEYS.get(key, key))

    def type(self, text: str) -> None:
        """Write `text` as it is."""
        self._write(text.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Change the size, as the window would."""
        _set_size(self._fd, columns, lines)
        self.screen.resize(lines, columns)

    def hang_up(self) -> None:
        """Drop the line: the kernel sends SIGHUP, and reads and writes fail from now on."""
        if not self._closed:
            self._closed = True
            os.close(self._fd)

    # ── waiting ──────────────────────────────────────────────────────────

    def wait_for(
        self, wanted: str | re.Pattern[str] | Callable[[Terminal], bool], timeout: float = PATIENCE
    ) -> None:
        """Read until the text, the pattern or the condition is on the screen."""
        if isinstance(wanted, str):
            self._until(lambda: wanted in self.text, timeout, repr(wanted))
        elif isinstance(wanted, re.Pattern):
            self._until(lambda: wanted.search(self.text) is not None, timeout, wanted.pattern)
        else:
            self._until(lambda: wanted(self), timeout, "the condition")

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> None:
        """Read until `text` is no longer on the screen."""
        self._until(lambda: text not in self.text, timeout, f"{text!r} to vanish")

    def wait_bytes(self, wanted: bytes, since: int = 0, timeout: float = PATIENCE) -> None:
        """Read until `wanted` was written after `since`."""
        self._until(lambda: wanted in self.raw[since:], timeout, repr(wanted))

    def settle(self, quiet_ms: int = 150, timeout: float = PATIENCE, *, working: bool = False) -> int:
        """Read until nothing came for `quiet_ms`; returns the bytes read meanwhile.

        A program that has something to do and is kept waiting for a processor isn't quiet; working: it may be
        at work all the time, on a search say.
        """
        start = len(self.raw)
        limit = time.monotonic() + timeout
        while self._read(quiet_ms / 1000) or (not working and self._busy()):
            if time.monotonic() > limit:
                raise TimedOut(f"never quiet for {quiet_ms} ms\n{self.text}")
        return len(self.raw) - start

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Wait until the program ended; returns its status (128 + signal when killed)."""
        limit = time.monotonic() + timeout
        while self.status is None:
            if not self._closed:
                self._read(0.02)
            self._reap(block=False)
            if self.status is None and time.monotonic() > limit:
                raise TimedOut(f"still running\n{self.text}")
            if self._closed and self.status is None:
                select.select([], [], [], 0.01)
        if not self._closed:
            while self._read(0.02):
                pass
        return self.status

    def close(self) -> None:
        """End the program if it still runs, and close the pty."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._reap(block=True)
        self.hang_up()

    # ── inside ───────────────────────────────────────────────────────────

    def _until(self, true: Callable[[], bool], timeout: float, what: str) -> None:
        limit = time.monotonic() + timeout
        while not true():
            left = limit - time.monotonic()
            if left <= 0:
                raise TimedOut(f"waited {timeout:g} s for {what}; the screen shows:\n{self.text}")
            if not self._read(min(left, 0.25)) and self._ended():
                while self._read(0.02):
                    pass
                if true():
                    return
                raise TimedOut(f"ended with {self.status} before {what}; the screen shows:\n{self.text}")

    def _busy(self) -> bool:
        """Whether a thread of the program runs or would run if it could."""
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{self.pid}/task").iterdir():
                if (thread / "stat").read_text().rpartition(")")[2].split()[0] in "RD":
                    return True
        return False

    def _ended(self) -> bool:
        self._reap(block=False)
        return self.status is not None

    def _read(self, seconds: float) -> bool:
        """Feed one read to the screen; False when nothing came in time or the line is closed."""
        if self._closed or not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        if data:
            self.raw += data
            self._feed(data)
        return bool(data)

    def _feed(self, data: bytes) -> None:
        data = self._tail + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished and len(data) - unfinished.start() < 4096 else len(data)
        self._tail = data[cut:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[:cut]))

    def _answer(self, data: str) -> None:
        if not self._closed:
            self._write(data.encode())

    def _write(self, data: bytes) -> None:
        while data:
            ready = select.select([self._fd], [self._fd], [], PATIENCE)
            if ready[0]:
                self._read(0)
            if ready[1]:
                data = data[os.write(self._fd, data) :]
            elif not ready[0]:
                raise TimedOut("the program reads no keys")

    def _reap(self, *, block: bool) -> None:
        if self.status is not None:
            return
        pid, status = os.waitpid(self.pid, 0 if block else os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            self.status = code if code >= 0 else 128 - code


def _set_size(fd: int, columns: int, lines: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _become(argv: Sequence[str], env: Mapping[str, str], cwd: Path | str) -> None:
    try:
        os.chdir(cwd)
        os.execvpe(argv[0], list(argv), dict(env))
    except OSError as error:
        os.write(2, f"{argv[0]}: {error}\n".encode())
    finally:
        os._exit(127)
