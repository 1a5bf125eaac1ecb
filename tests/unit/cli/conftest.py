"""A command line that runs in this process, with a clock moved by hand and a store of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from supporttui.cli.entry import run
from supporttui.cli.session import World
from supporttui.clock import ManualClock

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


class Stream(io.StringIO):
    """A stream that may claim to be a terminal."""

    encoding = "utf-8"

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@dataclass(frozen=True)
class Result:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass
class Cli:
    """Runs command lines against one store.  `good` insists on success, `bad` on one clear line."""

    home: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    environ: dict[str, str] = field(default_factory=dict)
    terminal: bool = False

    def __call__(self, *words: str, stdin: str = "") -> Result:
        out, err = Stream(terminal=self.terminal), Stream()
        world = World(Stream(stdin), out, err, self.environ, self.clock)
        code = run([*map(str, words)], world)
        return Result(code, out.getvalue(), err.getvalue())

    def good(self, *words: str, stdin: str = "") -> Result:
        result = self(*words, stdin=stdin)
        assert result.code == 0, result.err or result.out
        return result

    def json(self, *words: str, stdin: str = "") -> Any:
        return self.good(*words, "--json", stdin=stdin).json

    def bad(self, code: int, *words: str, stdin: str = "") -> str:
        """The error line of a command that must fail with this exit code, printing nothing else."""
        result = self(*words, stdin=stdin)
        assert result.code == code, (result.code, result.err, result.out)
        assert result.out == ""
        assert result.err.startswith("supporttui: ") and result.err.count("\n") == 1, result.err
        assert "Traceback" not in result.err
        return result.err.removeprefix("supporttui: ").rstrip("\n")

    def report(self, subject: str = "HyperIP tunnel drops", **fields: Any) -> int:
        words = [f"--{name.replace('_', '-')}={value}" for name, value in fields.items()]
        return int(self.json("report", "--subject", subject, *words)["number"])


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    tmp_path.chmod(0o700)
    environ = {
        "HOME": str(tmp_path),
        "SUPPORTTUI_STORE": str(tmp_path / "desk.sqlite3"),
        "SUPPORTTUI_USER": "ana",
        "SUPPORTTUI_ZONE": "UTC",
        "SUPPORTTUI_DEBUG": "1",
        "TERM": "xterm",
    }
    yield Cli(tmp_path, environ=environ)
