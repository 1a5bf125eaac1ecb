"""Logging the time that was worked on a ticket."""

from __future__ import annotations

import re
from datetime import datetime

from supporttui.errors import UsageError
from supporttui.store.records import Ticket

from .session import Desk
from .worked import AS_DECIDED, MOST_MINUTES, Said, log

EXAMPLES = "45, 45m, 1h30 or 1:30"

_HOURS = r"(?P<hours>[0-9]{1,3}(?:\.[0-9]{1,2})?)\s*h(?:ours?|rs?)?(?:\s*(?P<over>[0-9]{1,2})(?:\s*m(?:in(?:utes?)?)?)?)?"
_WORKED = rf"(?:(?P<clock>[0-9]{{1,3}}):(?P<past>[0-5][0-9])|{_HOURS}|(?P<minutes>[0-9]{{1,4}})(?:\s*m(?:in(?:utes?)?)?)?)"


def read_effort(text: str) -> tuple[int, str]:
    """Minutes and what was done, from "45m reading the dump", "1h30" or "1:30 call".

    A bare number is minutes.  Errors: UsageError.
    """
    found = re.match(rf"\s*{_WORKED}(?![\w.]|:[0-9])[:\s,;–-]*", text, re.IGNORECASE)
    if found is None:
        raise UsageError(f"begin with the time that was worked: {EXAMPLES}")
    minutes = _minutes(found)
    if not 1 <= minutes <= MOST_MINUTES:
        raise UsageError(f"{minutes} minutes can't be logged at once; 1 to {MOST_MINUTES} can")
    return minutes, text[found.end() :].strip()


def minutes_in(word: str) -> int | None:
    """The minutes, where all of a word is such a time."""
    found = re.fullmatch(_WORKED, word.strip(), re.IGNORECASE)
    return None if found is None else _minutes(found)


def _minutes(found: re.Match[str]) -> int:
    if found["clock"]:
        return int(found["clock"]) * 60 + int(found["past"])
    if found["hours"]:
        return round(float(found["hours"]) * 60) + int(found["over"] or 0)
    return int(found["minutes"])


def log_time(
    desk: Desk,
    number: int,
    minutes: int,
    text: str = "",
    *,
    started: datetime | None = None,
    ended: datetime | None = None,
    said: Said = AS_DECIDED,
    ends_watch: bool = False,
    seen: int | None = None,
    batch: str = "",
) -> Ticket:
    """Add whole minutes of work (1 to 1,440) to a ticket, billable as the verdict says; see `worked.log`."""
    return log(
        desk, number, minutes, text, started=started, ended=ended, said=said, ends_watch=ends_watch, seen=seen, batch=batch
    )  # fmt: skip
