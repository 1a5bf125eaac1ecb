"""Where files of a form wait until it is complete: beside the kept files, and gone after a day.

A stranger's file becomes one of the store's only with the report that it belongs to, so a form that nobody
finishes leaves nothing behind.  All of them together have a limit, and each visitor has a small part of it: nobody
who leaves forms unfinished keeps the files of others out.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from supporttui.store.blobs import Blob, Blobs

OLD = 24 * 3600  # seconds
EVERY = 600
REPORTS = 20  # as many reports with all the files that they may have
OF_ONE = 4  # of these may be one visitor's
SENT_AGAIN = 600  # seconds that the files of a report that was taken lie here, as a form may be sent twice
PRESSED = 3600  # seconds after which an unfinished form makes room when there is none
MOST_KNOWN = 10_000  # visitors that are remembered


class Staging:
    """most: bytes of one report's files."""

    def __init__(self, blobs: Blobs, most: int) -> None:
        self.blobs = Blobs(blobs.folder / "aside" / "web")
        self.most = most * REPORTS
        self.most_of_one = most * OF_ONE
        self._swept = -float(EVERY)
        self._left: OrderedDict[str, deque[tuple[float, int]]] = OrderedDict()

    def has_room(self, by: str = "") -> bool:
        """Whether another file of a visitor may come; sweeps out what is old now and then, or is in the way."""
        if time.monotonic() - self._swept >= EVERY:
            self._swept = time.monotonic()
            self.sweep(time.time() - OLD)
        if self._left_by(by) >= self.most_of_one:
            return False
        return self._is_free() or (self.sweep(time.time() - PRESSED) > 0 and self._is_free())

    def count(self, by: str, size: int) -> None:
        """A visitor has left so many bytes here; fewer than none: they have become a report's."""
        if size:
            self._left.setdefault(by, deque()).append((time.monotonic(), size))
            self._left.move_to_end(by)
        while len(self._left) > MOST_KNOWN:
            self._left.popitem(last=False)

    def finish(self, by: str, files: Iterable[Blob]) -> None:
        """A report has these files now: they go from here soon."""
        goes = time.time() - OLD + SENT_AGAIN
        for one in files:
            self.count(by, -one.size)
            with suppress(OSError):
                os.utime(self.blobs.path(one.hash), (goes, goes))

    def _left_by(self, by: str) -> int:
        left = self._left.get(by, deque())
        while left and time.monotonic() - left[0][0] >= OLD:
            left.popleft()
        return sum(size for _, size in left)

    def _is_free(self) -> bool:
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
