"""Durations as people write them in a support policy.

Two families live side by side in one policy and must never be mixed up:
*elapsed* time ("8 hours", "3 days", "1 month": a day is 24 hours) and
*business* time ("4 business hours", "2 business days", "end of business day").
A third family measures by a target ("50% of response", "100% over resolution").
The invariant: a `Duration` keeps the words it was written with, but two
durations that mean the same are equal and hash the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from supporttui.policy.words import nearest as closest

DurationUnit = Literal["elapsed", "months", "business", "business-days", "end-of-day", "percent"]

TARGETS = ("response", "update", "workaround", "resolution")

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_WORDS = {
    "second": "s sec secs second seconds",
    "minute": "m min mins minute minutes",
    "hour": "h hr hrs hour hours",
    "day": "d day days",
    "week": "w wk wks week weeks",
    "month": "mo month months",
    "year": "y yr yrs year years",
}
_UNIT_OF = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_MONTHS = {"month": 1, "year": 12}
_LONGEST_SECONDS = 100 * 366 * 86400
_LONGEST_MONTHS = 1200
_LONGEST_DAYS = 36600

_PART = re.compile(r"(?P<count>[+-]?\d+(?:\.\d+)?)\s*(?P<kind>business\s+|working\s+)?(?P<unit>[a-z]+)\.?")
_PERCENT = re.compile(
    r"(?P<count>[+-]?\d+(?:\.\d{1,2})?)\s*%\s*(?P<how>of|over)\s+(?:the\s+)?(?P<target>[a-z]+)"
)
_END_OF_DAY = re.compile(r"(?:the\s+)?end of (?:the\s+)?(?P<next>next\s+)?(?:business|working) day")
_AT_ONCE = frozenset({"at once", "immediately"})
_EXAMPLES = "write it like '8 hours', '3 days', '1 month', '4 business hours' or '50% of response'"


class _Value:
    """A value that never changes and is equal to one of the same `meaning`.

    Not a dataclass: the decoder would read those from tables instead of from text.
    """

    __slots__ = ()

    @property
    def meaning(self) -> tuple[object, ...]:
        raise TypeError("a value says what it means")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Value) and other.meaning == self.meaning

    def __hash__(self) -> int:
        return hash(self.meaning)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.meaning!r}"


class Duration(_Value):
    """A length of time that a policy promises.

    unit, count: "elapsed" and "business" count seconds; "months" calendar months in the
        policy's zone; "business-days" working days; "end-of-day" the close of business
        of that day (count 0) or of the count-th working day after it; "percent"
        hundredths of a percent of the whole `target` ("50% over" is 15000).
    target: what a percentage is taken of, else "".
    written: the words in the file; it does not take part in comparison.
    """

    __slots__ = ("count", "target", "unit", "written")

    def __init__(self, unit: DurationUnit, count: int, target: str = "", written: str = "") -> None:
        self.unit: DurationUnit = unit
        self.count = count
        self.target = target
        self.written = written

    @property
    def meaning(self) -> tuple[object, ...]:
        return self.unit, self.count, self.target

    def __str__(self) -> str:
        return self.written or self.canonical

    @property
    def canonical(self) -> str:
        """The same text for every way of writing the same duration."""
        return f"{self.count} {self.unit} {self.target}".rstrip()

    @property
    def on_calendar(self) -> bool:
        """Whether only the open hours of a calendar count."""
        return self.unit in ("business", "business-days", "end-of-day")

    @property
    def fixed(self) -> bool:
        """Whether it is a plain number of seconds on its clock."""
        return self.unit in ("elapsed", "business")


def parse_duration(text: str) -> Duration:
    """Read a duration; ValueError with one plain sentence when it can't be read."""
    words = " ".join(text.split()).casefold()
    if not words:
        raise ValueError(f"an empty duration; {_EXAMPLES}")
    if words in _AT_ONCE:
        return Duration("elapsed", 0, written=text)
    if found := _END_OF_DAY.fullmatch(words):
        return Duration("end-of-day", 1 if found["next"] else 0, written=text)
    if "%" in words:
        return _percentage(words, text)
    return _sum_of_parts(words, text)


def _percentage(words: str, text: str) -> Duration:
    found = _PERCENT.fullmatch(words)
    if found is None:
        raise ValueError(
            f"can't read the percentage '{text}'; write '50% of response' or '100% over resolution'"
        )
    if found["target"] not in TARGETS:
        raise ValueError(f"no target '{found['target']}'{nearest(found['target'], TARGETS)}")
    hundredths = _scaled(found["count"], 100)[0]
    if found["how"] == "over":
        hundredths += 10000
    if hundredths <= 0:
        raise ValueError(f"'{text}' is not after the start; a percentage must be more than zero")
    if hundredths > 10_000_000:
        raise ValueError(f"'{text}' is too far away; at most 100000%")
    return Duration("percent", hundredths, found["target"], written=text)


def _sum_of_parts(words: str, text: str) -> Duration:
    """ "1 hour 30 min" is the sum of its parts, which must be of one family."""
    total: Duration | None = None
    at = 0
    while at < len(words):
        found = _PART.match(words, at)
        if found is None:
            raise ValueError(f"can't read the duration '{text}'; {_EXAMPLES}")
        part = _part(found, text)
        if total is not None and total.unit != part.unit:
            raise ValueError(f"'{text}' mixes kinds of time in one duration; {_EXAMPLES}")
        total = part if total is None else Duration(part.unit, total.count + part.count, written=text)
        at = _skip_joint(words, found.end())
    if total is None:
        raise ValueError(f"can't read the duration '{text}'; {_EXAMPLES}")
    return _within_reason(total, text)


def _skip_joint(words: str, at: int) -> int:
    joint = re.compile(r"\s*(?:,|\band\b)?\s*").match(words, at)
    return joint.end() if joint else at


def _part(found: re.Match[str], text: str) -> Duration:
    unit = _UNIT_OF.get(found["unit"])
    if unit is None:
        raise ValueError(f"no unit of time '{found['unit']}' in '{text}'{nearest(found['unit'], _UNIT_OF)}")
    count = found["count"]
    if count.startswith("-"):
        raise ValueError(f"'{text}' is negative; a duration counts forward")
    if found["kind"]:
        return _business(unit, count, text)
    if unit in _MONTHS:
        return Duration("months", _whole(count, _MONTHS[unit], text, "calendar months"), written=text)
    return Duration("elapsed", _whole(count, _SECONDS[unit], text, "seconds"), written=text)


def _business(unit: str, count: str, text: str) -> Duration:
    if unit == "day":
        return Duration("business-days", _whole(count, 1, text, "business days"), written=text)
    if unit in ("second", "minute", "hour"):
        return Duration("business", _whole(count, _SECONDS[unit], text, "seconds"), written=text)
    raise ValueError(f"a business {unit} in '{text}' is not defined; write it in business days or hours")


def _whole(count: str, size: int, text: str, what: str) -> int:
    scaled, rest = _scaled(count, size)
    if rest:
        raise ValueError(f"'{text}' is not a whole number of {what}")
    return scaled


def _scaled(count: str, size: int) -> tuple[int, int]:
    """A decimal number times a size, exactly: the whole part, and what is over (0 when nothing)."""
    whole, _, part = count.partition(".")
    scale = 10 ** len(part)
    number = int(whole + part) * size
    return number // scale, number % scale


def _within_reason(duration: Duration, text: str) -> Duration:
    longest = {"months": _LONGEST_MONTHS, "business-days": _LONGEST_DAYS}.get(duration.unit, _LONGEST_SECONDS)
    if duration.count > longest:
        raise ValueError(f"'{text}' is too long; at most 100 years")
    return duration


class Warn(_Value):
    """A warning: at a share of the way ("75%"), or a time before the end ("30 min before").

    hundredths: of a percent of the whole, or 0; before: the time before it, or None.
    slug: its identity within its deadline, the same however it was spaced.
    """

    __slots__ = ("before", "hundredths", "written")

    def __init__(self, hundredths: int = 0, before: Duration | None = None, written: str = "") -> None:
        self.hundredths = hundredths
        self.before = before
        self.written = written

    @property
    def meaning(self) -> tuple[object, ...]:
        return self.hundredths, self.before

    def __str__(self) -> str:
        return self.written or self.slug

    @property
    def slug(self) -> str:
        if self.before is None:
            return f"{self.hundredths / 100:g}%"
        business = "business-" if self.before.on_calendar else ""
        return f"{self.before.count}s-{business}before"


def parse_warn(text: str) -> Warn:
    """Read a warning; ValueError with one plain sentence when it can't be read."""
    words = " ".join(text.split()).casefold()
    if found := re.fullmatch(r"(\d+(?:\.\d{1,2})?)\s*%(?: of (?:it|the time))?", words):
        hundredths = _scaled(found[1], 100)[0]
        if not 0 < hundredths < 10000:
            raise ValueError(
                f"a warning at '{text}' is not before the end; write a share between 0% and 100%"
            )
        return Warn(hundredths=hundredths, written=text)
    if words.endswith(" before"):
        before = parse_duration(words.removesuffix(" before"))
        if not before.fixed or before.count == 0:
            raise ValueError(f"'{text}' must be minutes, hours, days or business hours before")
        return Warn(before=before, written=text)
    raise ValueError(f"can't read the warning '{text}'; write it like '75%' or '30 min before'")


def nearest(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" for the closest known word, else the words there are, else ""."""
    words = list(known)
    if close := closest(word, words):
        return f"; did you mean '{close}'?"
    return f"; one of {', '.join(words)}" if 0 < len(words) <= 12 else ""


def spoken(seconds: int, *, days: bool = True) -> str:
    """A number of seconds in words, largest unit first: 93784 → "1 d 2 h 3 min 4 s".

    days: False stops at hours, for open time, where a day is not 24 hours.
    """
    if seconds == 0:
        return "0 s"
    parts = []
    rest = abs(seconds)
    for size, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        if name == "d" and not days:
            continue
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}")
    return ("-" if seconds < 0 else "") + " ".join(parts)
