"""Naming what was meant: the nearest valid word, for one-line messages about policy files."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 40


def show(value: object) -> str:
    """A value as a message quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def nearest(word: str, choices: Iterable[str]) -> str:
    """The valid word that was most likely meant, or ""; upper and lower case count as equal."""
    by_fold = {choice.casefold(): choice for choice in sorted(choices)}
    close = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.5)
    return by_fold[close[0]] if close else ""


def hint(word: str, choices: Iterable[str]) -> str:
    """The end of a message: `; did you mean 'mon'?`, or "" when nothing is near."""
    close = nearest(word, choices)
    return f"; did you mean {close!r}?" if close else ""
