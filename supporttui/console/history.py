"""The lines that were run on the `:` line, kept for this user from one session to the next.

They hold verbs and their answers, never texts for people.  The file can't be
read by others, and one that can't be read or written costs the past lines and
nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

KEPT = 200
LONGEST = 500  # characters of a line that is kept
FILE = "lines.txt"
MOST_BYTES = 4 * KEPT * LONGEST


class History:
    """Lines, oldest first.  file: None keeps them for this session only."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lines: list[str] | None = None if file else []

    async def lines(self) -> Sequence[str]:
        """All lines, oldest first; the file is read once, beside the screen."""
        if self._lines is None:
            self._lines = await asyncio.to_thread(self._read)
        return tuple(self._lines)

    async def add(self, line: str) -> None:
        """Keep a line as the newest; it is there once."""
        line = line.strip()
        if not line or len(line) > LONGEST or not line.isprintable():
            return
        kept = [one for one in await self.lines() if one != line]
        self._lines = [*kept, line][-KEPT:]
        if self._file is not None:
            await asyncio.to_thread(self._write, tuple(self._lines))

    def _read(self) -> list[str]:
        try:
            with (self._file or Path()).open("rb") as file:
                raw = file.read(MOST_BYTES)
        except OSError:
            return []
        lines = raw.decode("utf-8", "replace").split("\n")
        return [line for line in lines if line and len(line) <= LONGEST and line.isprintable()][-KEPT:]

    def _write(self, lines: Sequence[str]) -> None:
        """Write a new file and put it in the old one's place, so that half a file is never read."""
        file = self._file or Path()
        new = file.with_name(f".{file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                os.fchmod(out.fileno(), 0o600)
                out.write("".join(f"{line}\n" for line in lines))
            new.replace(file)
