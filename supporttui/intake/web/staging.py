"""Where files of a form wait until it is complete: beside the kept files, and gone after a day.

A stranger's file becomes one of the store's only with the report that it belongs to, so a form that nobody
finishes leaves nothing behind, and all of them together have a limit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from supporttui.store.blobs import Blobs

OLD = 24 * 3600  # seconds
EVERY = 600
REPORTS = 20  # as many reports with all the files that they may have


class Staging:
    """most: bytes of all that waits."""

    def __init__(self, blobs: Blobs, most: int) -> None:
        self.blobs = Blobs(blobs.folder / "aside" / "web")
        self.most = most * REPORTS
        self._swept = -float(EVERY)

    def has_room(self) -> bool:
        """Whether another file may come; sweeps out what is old now and then."""
        if time.monotonic() - self._swept >= EVERY:
            self._swept = time.monotonic()
            self.sweep(time.time() - OLD)
        return sum(_size(one) for one in self._files()) < self.most

    def sweep(self, before: float) -> int:
        """Remove what has waited since before an instant (seconds of the epoch); how many files that were."""
        gone = 0
        for one in self._files():
            with suppress(OSError):
                if one.stat().st_mtime < before:
                    os.unlink(one)
                    gone += 1
        return gone

    def touch(self, hash: str) -> bool:
        """Whether a file still waits; then it waits for another day."""
        try:
            os.utime(self.blobs.path(hash))
        except OSError:
            return False
        return True

    def _files(self) -> Iterator[Path]:
        return (one for one in self.blobs.folder.glob("*/*") if one.is_file())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # taken or swept away meanwhile
