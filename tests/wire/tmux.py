"""A program inside a tmux of its own, for what only tmux shows: titles, buffers, passed-on sequences."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.wire.driver import PATIENCE, ROOT, TimedOut, base_environment


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
        """Whether tmux is installed here; in CI it must be, and the tests fail without it."""
        return shutil.which("tmux") is not None or bool(os.environ.get("CI"))

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
            if self.run("display-message", "-p", "#{pane_dead}").strip() == "1":
                return
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
