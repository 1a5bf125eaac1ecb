"""What a customer is owed, as commands print it: one line, the whole reasoning, or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from supporttui.policy.verdict import Ground, Verdict


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict with its grounds, the one that decided first; days as "YYYY-MM-DD"."""
    return {
        "coverage": verdict.coverage,
        "title": verdict.title,
        "billed": verdict.billed,
        "effort": verdict.effort,
        "plan": verdict.plan,
        "day": _day(verdict.day),
        "zone": verdict.zone,
        "changes_on": _day(verdict.changes_on),
        "becomes": verdict.becomes,
        "missing": list(verdict.missing),
        "ground": _ground(verdict.ground),
        "grounds": [_ground(one) for one in verdict.grounds],
        "advice": [_ground(one) for one in verdict.advice],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _ground(one: Ground) -> dict[str, Any]:
    return {
        "rule": one.rule, "coverage": one.coverage, "clause": one.clause, "text": one.text,
        "facts": [{"name": name, "value": value} for name, value in one.facts],
        "until": _day(one.until), "then": one.then, "loud": one.loud,
    }  # fmt: skip


def verdict_line(verdict: Verdict) -> str:
    """ "Covered: the monthly charge of licence L-1 includes support; to 2026-12-31"."""
    return f"{_called(verdict)}: {verdict.ground.text}{_until(verdict)}"


def _called(verdict: Verdict) -> str:
    billed = verdict.billed
    return f"{verdict.title} ({billed})" if billed and billed != verdict.title.casefold() else verdict.title


def _until(verdict: Verdict) -> str:
    """The last day on which the verdict holds, where the words before don't name it already."""
    if verdict.changes_on is None:
        return ""
    last = (verdict.changes_on - timedelta(days=1)).isoformat()
    return "" if last in verdict.ground.text else f"; to {last}"


def verdict_lines(verdict: Verdict) -> Iterator[str]:
    """The whole reasoning, one fact a line."""
    yield f"entitlement: {_called(verdict)}"
    for one in verdict.advice:
        if one.loud:
            yield f"  !! {one.text}"
    if verdict.grounds:
        yield from _reasons("decided by", verdict.ground)
    else:
        yield f"  {verdict.ground.text}"
    yield f"  decided for: {verdict.day:%a %Y-%m-%d} in {verdict.zone}"
    yield f"  changes: {_change(verdict)}"
    if verdict.plan:
        yield f"  plan: {verdict.plan}"
    for one in verdict.grounds[1:]:
        yield from _reasons("also", one)
    for one in verdict.advice:
        if not one.loud:
            yield f"  to be told: {one.text}"
    for missing in verdict.missing:
        yield f"  not on file: {missing}"


def _change(verdict: Verdict) -> str:
    if verdict.changes_on is None:
        return "nothing on file changes it"
    return f"on {verdict.changes_on:%a %Y-%m-%d} to {verdict.becomes}"


def _reasons(word: str, one: Ground) -> Iterator[str]:
    yield f"  {word}: rule '{one.rule}': {one.coverage}: {one.text}"
    yield f"    clause: {one.clause}"
    if one.facts:
        yield "    facts: " + ", ".join(f"{name} {value}" for name, value in one.facts)
    if one.until is not None:
        yield f"    to: {one.until:%a %Y-%m-%d}, that day included; then {one.then or 'it has no say'}"
