"""Reading and logging the time that was worked on a ticket; what is kept of it is `worked`'s."""

from __future__ import annotations

import re

from supporttui.errors import UsageError

from .worked import MOST_MINUTES, log

__all__ = ["EXAMPLES", "MOST_MINUTES", "log_time", "read_effort"]

log_time = log
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
