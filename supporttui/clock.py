"""Where "now" comes from: a clock that is passed in, so that tests move it by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the instant, aware and in UTC, cut to whole seconds (the product's resolution)."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._at = at.astimezone(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Jump to an instant, forward or back."""
        self._at = at.astimezone(UTC).replace(microsecond=0)

    def advance(self, **parts: float) -> None:
        """Move forward by a `timedelta(**parts)`."""
        self._at += timedelta(**parts)
