"""The clock of a scenario: it begins at the scenario's instant, runs as ours does, and can be moved on."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class RunningClock:
    """Now is the start, what has gone by since, and what was skipped; aware UTC, whole seconds."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        return (self._start + timedelta(seconds=time.monotonic() - self._began)).replace(microsecond=0)

    def advance(self, by: timedelta) -> None:
        """Let this much time pass at once."""
        self._start += by
