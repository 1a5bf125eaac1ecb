"""Times in a query: what `due:<30m`, `reported:>2d` and `closed:2026-11-01` ask of an instant.

A day, a month or a minute stands for all of it, as a half-open span; a length of
time is an age where the field lies in the past and time left where it lies ahead.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from supporttui.desk.query.lexer import fault, shown
from supporttui.desk.query.tree import Relation, Value
from supporttui.desk.query.words import Field
from supporttui.errors import UsageError
from supporttui.store.criteria import AllOf, Compare, Criterion, Not
from supporttui.store.frozen import frozen
from supporttui.when import YEARS, day_start, instant_of, parse_duration, parse_instant

EXAMPLES = "2026-11-20, 2026-11, today, 16:00, <30m or >2d"


@frozen
class Now:
    """Where a relative time is measured from, and the zone that days belong to."""

    now: datetime
    zone: tzinfo


@frozen
class _Span:
    """A half-open span of time [start, end)."""

    start: datetime
    end: datetime


_MONTH = r"([0-9]{4})-(0[1-9]|1[0-2])"
_SECONDS = r":[0-9]{2}:"
_CLOCK = r":|[0-9]\s*[ap]m\b|[0-9]t[0-9]"
_LENGTH = r"[0-9]+(\.[0-9]+)?\s*[a-z].*"
_TURNED: dict[Relation, Relation] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def instant_criterion(field: Field, value: Value, at: Now) -> Criterion:
    """What one value asks of an instant field.  QueryError with the value's column."""
    if value.relation == "..":
        return _range(field, value, at)
    word = value.text.strip().lower()
    if word in ("none", "any", "*") and not value.relation and not value.quoted:
        unset = Compare(field.column, "=", None)
        return unset if word == "none" else Not(unset)
    if re.fullmatch(_LENGTH, word) and not re.search(_CLOCK, word) and not word.endswith(" ago"):
        return _by_length(field, value, word, at)
    span = _span(value.text, value.column, at)
    match value.relation:
        case "<":
            return Compare(field.column, "<", span.start)
        case "<=":
            return Compare(field.column, "<", span.end)
        case ">":
            return Compare(field.column, ">=", span.end)
        case ">=":
            return Compare(field.column, ">=", span.start)
        case _:
            return _within(field, span.start, span.end)


def _by_length(field: Field, value: Value, word: str, at: Now) -> Criterion:
    """A comparison with an age or with the time left."""
    if not value.relation:
        raise fault(value.column, f"write <{word} or >{word}: {field.name} never is exactly that far away")
    instant = _at_length(field, value.text, value.column, at)
    relation = _TURNED[value.relation] if field.kind == "past" else value.relation
    match relation:
        case "<" | "<=" | ">" | ">=":
            return Compare(field.column, relation, instant)
        case _:
            raise fault(value.column, f"{shown(word)} needs < or >")


def _at_length(field: Field, text: str, column: int, at: Now) -> datetime:
    try:
        length = parse_duration(text)
    except UsageError as error:
        raise fault(column, str(error)) from None
    return at.now - length if field.kind == "past" else at.now + length


def _range(field: Field, value: Value, at: Now) -> Criterion:
    """`a..b`, both ends included; an age turns the ends round."""
    low, high = (_end(field, text, value.column, at) for text in (value.text, value.upto))
    ages = any(
        re.fullmatch(_LENGTH, text.strip().lower()) and not re.search(_CLOCK, text.lower())
        for text in (value.text, value.upto)
    )
    if ages and field.kind == "past":
        low, high = high, low
    if low and high and low.start > high.start:
        if not ages:
            raise fault(value.column, "the range begins after its end")
        low, high = high, low
    return _within(field, low.start if low else None, high.end if high else None)


def _end(field: Field, text: str, column: int, at: Now) -> _Span | None:
    """One end of a range; None when it is open."""
    word = text.strip().lower()
    if not word:
        return None
    if re.fullmatch(_LENGTH, word) and not re.search(_CLOCK, word):
        instant = _at_length(field, text, column, at)
        return _Span(instant, instant + timedelta(seconds=1))
    return _span(text, column, at)


def _within(field: Field, start: datetime | None, end: datetime | None) -> Criterion:
    parts: list[Criterion] = []
    if start is not None:
        parts.append(Compare(field.column, ">=", start))
    if end is not None:
        parts.append(Compare(field.column, "<", end))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _span(text: str, column: int, at: Now) -> _Span:
    """The span that a written time stands for: a month, a day, a minute or a second."""
    word = " ".join(text.lower().split())
    month = re.fullmatch(_MONTH, word)
    if month and int(month[1]) in YEARS:
        return _month(int(month[1]), int(month[2]), at.zone)
    try:
        start = parse_instant(text, now=at.now, zone=at.zone)
    except UsageError:
        raise fault(column, f"{shown(text)} is not a time; write for example {EXAMPLES}") from None
    if _relative(word) or re.search(_SECONDS, word):
        return _Span(start, start + timedelta(seconds=1))
    if re.search(_CLOCK, word):
        return _Span(start, start + timedelta(minutes=1))
    tomorrow = start.astimezone(at.zone).replace(tzinfo=None) + timedelta(days=1)
    return _Span(start, day_start(tomorrow, at.zone))


def _relative(word: str) -> bool:
    return word == "now" or word.startswith(("in ", "+", "-")) or word.endswith(" ago")


def _month(year: int, month: int, zone: tzinfo) -> _Span:
    first = datetime(year, month, 1, tzinfo=UTC).replace(tzinfo=None)
    following = (first + timedelta(days=31)).replace(day=1)
    return _Span(instant_of(first, zone), instant_of(following, zone))
