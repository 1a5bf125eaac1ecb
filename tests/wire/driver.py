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
import shutil
import signal
import struct
import subprocess
import sys
import sys
import tempfile
import termios
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

    def settle(self, quiet_ms: int = 150, timeout: float = PATIENCE) -> int:
        """Read until nothing came for `quiet_ms`; returns the bytes read meanwhile."""
        start = len(self.raw)
        limit = time.monotonic() + timeout
        while self._read(quiet_ms / 1000):
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


# ── what was written by data and not by us ───────────────────────────────

_ESCAPE = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC
    rb"|\x1b[P_X^](?:[^\x1b]|\x1b[^\\])*(?:\x1b\\)?"  # DCS, APC, SOS, PM
    rb"|\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI
    rb"|\x1b[ -/]*[0-~]?"  # all others
)
_OWN_NUMBERS = rb"(?:(?:0|[1-9][0-9]*)?[;:])*(?:0|[1-9][0-9]*)?"  # we never write a leading zero
_OWN_CSI = re.compile(
    rb"\x1b\[(?:" + _OWN_NUMBERS + rb"[mHABCDJKX]"  # colours, moving and erasing
    rb"|\?(?:1|25|7|47|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    rb"|\?(?:2026|2048)\$p"
    rb"|[<>]?(?:0|[1-9][0-9]*)?u"  # kitty keys, and restoring the cursor
    rb"|2[23];[0-2]t"  # keeping and restoring the title
    rb"|[0-6] q"  # the cursor's shape
    rb")\Z"
)
_OWN_OTHERS = re.compile(rb"\x1b(?:\]22;[a-z-]*|[78=>]|\(B)(?:\x07|\x1b\\)?\Z")


def foreign_bytes(raw: bytes, allowed: Iterable[bytes | re.Pattern[bytes]] = ()) -> list[bytes]:
    """The sequences in `raw` that our own program never writes, so that data must have written them.

    Reported: every OSC but the pointer's shape, DCS, APC, PM, SOS, reports and queries (CSI n, c,
    x), resets, charsets, raw C1 characters, bidi and tag characters, and C0 controls other than
    newline, return, tab and backspace.  allowed: exact sequences, or patterns that must match one
    fully, which the test knows to be ours (our title, our clipboard write).
    """
    patterns = [re.compile(re.escape(item)) if isinstance(item, bytes) else item for item in allowed]
    foreign = [
        match[0]
        for match in _ESCAPE.finditer(raw)
        if not (_OWN_CSI.match(match[0]) or _OWN_OTHERS.match(match[0]) or _any(patterns, match[0]))
    ]
    rest = _ESCAPE.sub(b"", raw)
    foreign += [match[0] for match in re.finditer(rb"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", rest)]
    text = rest.decode("utf-8", "surrogateescape")
    foreign += [char.encode("utf-8", "surrogateescape") for char in _OBEYED_TEXT.findall(text)]
    if b"\a" in rest and not _any(patterns, b"\a"):
        foreign.append(b"\a")
    return foreign


_OBEYED_TEXT = re.compile(
    "[\x80-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\udc80-\udcff\U000e0000-\U000e007f]"
)


def _any(patterns: Sequence[re.Pattern[bytes]], sequence: bytes) -> bool:
    return any(pattern.fullmatch(sequence) for pattern in patterns)


# ── tmux ─────────────────────────────────────────────────────────────────


class Tmux:
    """A program in a tmux of its own: private socket, no configuration; `capture()` reads the pane."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        columns: int = 80,
        lines: int = 24,
        cwd: Path | str = ROOT,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="wire-"))
        self._environment = dict(base_environment() if env is None else env)
        self._environment.pop("TMUX", None)
        self._environment.setdefault("TERM", "xterm-256color")
        inner = {name: value for name, value in self._environment.items() if name not in ("TERM", "TMUX")}
        assignments = [f"{name}={value}" for name, value in inner.items()]
        size = ["-x", str(columns), "-y", str(lines)]
        program = ["env", *assignments, *argv]
        self.run(
            "new-session",
            "-d",
            *size,
            "-c",
            str(cwd),
            *program,
            ";",
            "set-option",
            "-g",
            "remain-on-exit",
            "on",
        )

    @staticmethod
    def available() -> bool:
        """Whether tmux is installed here."""
        return shutil.which("tmux") is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, *arguments: str) -> str:
        """Run one tmux command on the private socket; returns what it printed."""
        command = ["tmux", "-u", "-S", str(self._folder / "socket"), "-f", os.devnull, *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def send(self, *keys: str) -> None:
        """Press keys by tmux's names (Enter, Escape, C-d, Down) or literally."""
        for key in keys:
            self.run("send-keys", key)

    def type(self, text: str) -> None:
        """Type `text` letter by letter."""
        self.run("send-keys", "-l", text)

    def capture(self, *, escapes: bool = False) -> str:
        """The pane's text, with the colour codes when `escapes`."""
        return self.run("capture-pane", "-p", *(["-e"] if escapes else []))

    def title(self) -> str:
        """The pane's title."""
        return self.run("display-message", "-p", "#{pane_title}").strip()

    def buffer(self) -> str:
        """tmux's newest paste buffer; "" when there is none."""
        try:
            return self.run("show-buffer")
        except RuntimeError:
            return ""

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size."""
        self.run("resize-window", "-x", str(columns), "-y", str(lines))

    def wait_for(self, wanted: str | Callable[[str], bool], timeout: float = PATIENCE) -> str:
        """Poll until the text is on the pane or the condition holds; returns the pane's text."""
        limit = time.monotonic() + timeout
        while True:
            shown = self.capture()
            if wanted in shown if isinstance(wanted, str) else wanted(shown):
                return shown
            if time.monotonic() > limit:
                raise TimedOut(f"waited {timeout:g} s for {wanted!r}; the pane shows:\n{shown}")
            select.select([], [], [], 0.05)

    def wait_dead(self, timeout: float = PATIENCE) -> None:
        """Poll until the program ended (tmux doesn't always know with which status)."""
        limit = time.monotonic() + timeout
        while True:
            dead, _, status = self.run("display-message", "-p", "#{pane_dead} #{pane_dead_status}").partition(
                " "
            )
            if dead == "1":
                return int(status)
            if time.monotonic() > limit:
                raise TimedOut(f"still running after {timeout:g} s; the pane shows:\n{self.capture()}")
            select.select([], [], [], 0.05)

    def settle(self, quiet_ms: int = 300, timeout: float = PATIENCE) -> str:
        """Poll until the pane did not change for `quiet_ms`; returns its text."""
        limit = time.monotonic() + timeout
        shown, since = self.capture(escapes=True), time.monotonic()
        while time.monotonic() - since < quiet_ms / 1000:
            if time.monotonic() > limit:
                raise TimedOut(f"never quiet for {quiet_ms} ms\n{shown}")
            select.select([], [], [], 0.03)
            if (now := self.capture(escapes=True)) != shown:
                shown, since = now, time.monotonic()
        return shown

    def close(self) -> None:
        """Kill this tmux and remove its socket."""
        with contextlib.suppress(RuntimeError):
            self.run("kill-server")
        shutil.rmtree(self._folder, ignore_errors=True)
