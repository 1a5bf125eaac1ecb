"""How often a page is read anew: at every change while that is cheap, else after a rest.

On a large desk something changes all the time; a page whose reading takes the
database thread long must not take it again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

DEAR, REST = 0.1, 10  # seconds that a reading may take, and that pass after one that took longer


class Pace:
    """Of one page."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._dear = False

    @contextmanager
    def reading(self, now: datetime) -> Iterator[None]:
        """Measure one reading."""
        began, self._at = monotonic(), now
        yield
        self._dear = monotonic() - began > DEAR

    def rests(self, now: datetime) -> bool:
        """Whether the last reading was dear, and not long ago."""
        return self._dear and self._at is not None and abs((now - self._at).total_seconds()) < REST
