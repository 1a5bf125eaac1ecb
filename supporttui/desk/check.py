"""What a field may hold, checked once for every way in: console, command line, import and mail."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from supporttui.errors import PolicyError, UsageError

if TYPE_CHECKING:
    from supporttui.policy import Policy

MAX_SUBJECT = 500
MAX_TEXT = 1_000_000
MAX_FIELD = 500
MAX_QUOTED = 24


def quoted(word: str) -> str:
    """A word in a message: in quotes, and cut so that what comes after it can still be read."""
    return f"'{word if len(word) <= MAX_QUOTED else word[: MAX_QUOTED - 1] + '…'}'"


def nearest(word: str, valid: Iterable[str]) -> str:
    """A hint "; did you mean 'x'?" for the closest valid word, else the list of them."""
    words = list(valid)
    close = difflib.get_close_matches(word, words, n=1)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; it may be {', '.join(words)}" if words else ""


def one_of(what: str, word: str, valid: Sequence[str]) -> str:
    """`word` if it is valid (without regard to case), or empty; else UsageError.

    An empty list of valid words means that the policy leaves the field free.
    """
    if not word or not valid:
        return word
    for one in valid:
        if one.casefold() == word.casefold():
            return one
    raise UsageError(f"no {what} {quoted(word)}{nearest(word, valid)}")


def spelled(word: str, valid: Sequence[str]) -> str:
    """`word` as the policy spells it, or as it was given where the policy has no such word.

    For what only sorts tickets (channel, category): a report is never turned away for it.
    """
    return next((one for one in valid if one.casefold() == word.casefold()), word)


def subject(text: str) -> str:
    """A subject of one line, not empty, at most MAX_SUBJECT characters."""
    line = " ".join(text.split())
    if not line:
        raise UsageError("a ticket needs a subject: say in a few words what is wrong")
    if len(line) > MAX_SUBJECT:
        raise UsageError(
            f"the subject has {len(line)} characters; {MAX_SUBJECT} are allowed: put the rest in the description"
        )
    return line


def body(what: str, text: str) -> str:
    """Text that somebody wrote: not empty, at most MAX_TEXT characters."""
    if not text.strip():
        raise UsageError(f"{what} needs text; nothing was written")
    return long_text(what, text)


def long_text(what: str, text: str) -> str:
    if len(text) > MAX_TEXT:
        raise UsageError(f"{what} has {len(text)} characters; {MAX_TEXT} are allowed: attach it as a file")
    return text


def field(name: str, value: str) -> str:
    """A short field: one line, at most MAX_FIELD characters."""
    line = " ".join(value.split())
    if len(line) > MAX_FIELD:
        raise UsageError(f"{name} has {len(line)} characters; {MAX_FIELD} are allowed")
    return line


def instant(what: str, at: datetime) -> datetime:
    """An aware instant, cut to whole seconds."""
    if at.tzinfo is None:
        raise UsageError(f"{what} needs a time zone")
    return at.replace(microsecond=0)


def later(what: str, at: datetime, now: datetime) -> datetime:
    """An instant that lies ahead."""
    at = instant(what, at)
    if at <= now:
        raise UsageError(f"{what} must lie ahead; {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC is over already")
    return at


def not_after(what: str, at: datetime, latest: datetime | None) -> None:
    """Refuse an instant beyond what the policy allows (None: no limit)."""
    if latest is not None and at > latest:
        raise UsageError(f"{what} may be at {latest:%Y-%m-%d %H:%M} UTC at the latest; the policy says so")


def severity(policy: Policy, word: int | str) -> int:
    """The number of a severity given by number or name."""
    try:
        return policy.severity(word).number
    except PolicyError as error:
        raise UsageError(str(error)) from None


def tags(words: Iterable[str]) -> tuple[str, ...]:
    """Tags in lower case, without blanks, each once, in order."""
    kept = []
    for word in words:
        tag = word.strip().casefold()
        if not tag or any(char.isspace() or char in ',:()"' for char in tag) or len(tag) > 60:
            raise UsageError(
                f"{quoted(word)} can't be a tag: one word, without , : ( ) or quotes, at most 60 characters"
            )
        if tag not in kept:
            kept.append(tag)
    return tuple(kept)
