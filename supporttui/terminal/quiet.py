"""Hours in which some severities ring no bell, as an analyst writes them.

    22:00-07:00 sev 2-4; 12:00-13:00 sev 3,4

Without severities a span is for all but Severity 1.  Which severities may be
quiet at all is the caller's business: a desk that works one round the clock
can't have it sleep.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LOUDEST = 1
LEAST_SEVERE = 9
DAY = 24 * 60

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*(?:sev\w*\s*:?\s*(.*))?\Z", re.ASCII)
EXAMPLE = "22:00-07:00 sev 2-4"


class Quiet(NamedTuple):
    """Minutes of the local day from `start` up to, not including, `end`; an end before the start is the next day's."""

    start: int
    end: int
    severities: frozenset[int]

    def covers(self, severity: int, minute: int) -> bool:
        """Whether this severity is quiet at a minute of the local day (0 to 1439)."""
        if severity not in self.severities:
            return False
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def quiet_hours(text: str) -> tuple[Quiet, ...]:
    """The spans that `text` names, none for an empty one.  Errors: ValueError says what is wrong."""
    return tuple(_span(part.strip()) for part in text.split(";") if part.strip())


def severities(text: str) -> frozenset[int]:
    """ "1", "1-2" or "2,4", as numbers from 1 to 9; "off" and "" are none.  Errors: ValueError."""
    found: set[int] = set()
    words = text.strip().casefold()
    if words in ("", "off"):
        return frozenset()
    for part in words.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        ends = (first, last if dash else first)
        if not all(len(end) == 1 and "1" <= end <= "9" for end in ends) or ends[0] > ends[1]:
            raise ValueError(f"{part.strip() or text!r} is no severity; write them as 1, 1-2 or 2,4")
        found.update(range(int(ends[0]), int(ends[1]) + 1))
    return frozenset(found)


def _span(part: str) -> Quiet:
    found = _SPAN.match(part)
    if found is None:
        raise ValueError(f"{part!r} is no span of quiet hours; write it as {EXAMPLE}")
    start, end = (_minute(found[at], found[at + 1], part) for at in (1, 3))
    if start == end % DAY:
        raise ValueError(f"{part!r} begins when it ends; write it as {EXAMPLE}")
    named = severities(found[5]) if found[5] else frozenset(range(LOUDEST + 1, LEAST_SEVERE + 1))
    return Quiet(start, end, named)


def _minute(hours: str, minutes: str, part: str) -> int:
    at = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or at > DAY:
        raise ValueError(f"{part!r}: {hours}:{minutes} is no time of day")
    return at
