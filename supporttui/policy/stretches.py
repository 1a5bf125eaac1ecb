"""What a rule says over time: one stretch of days after the other, without holes.

A rule's whole say is known at once, so that the day on which a verdict changes
is read off and not searched for.  Invariant: the first stretch of a timeline
begins on `date.min`, and each next one on a later day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from supporttui.policy.records import EntitlementRule

EVER, NEVER = date.min, date.max
_DAY = timedelta(days=1)
_UNKNOWN = {"charge": "unclear", "package": "unclear"}
_FREE = ("", "covered", "unclear", "uncovered")


class Stretch(NamedTuple):
    """What a rule says from a day on.  owed: "" it has no say.  missing: what isn't on file."""

    first: date
    owed: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    billed: str = ""
    effort: str = ""
    missing: tuple[str, ...] = ()

    @property
    def outcome(self) -> tuple[str, str, str]:
        """What must change for the say to be another."""
        return self.owed, self.billed, self.effort


Timeline = tuple[Stretch, ...]


class Span(NamedTuple):
    """Days in which something holds, both included.  text: why; over: what is said when it is past."""

    first: date
    last: date
    text: str
    over: str
    facts: tuple[tuple[str, str], ...] = ()


def later(day: date, days: int) -> date:
    """So many days later, at most the end of time (before its beginning for negative ones)."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return NEVER if days > 0 else EVER


def said(
    rule: EntitlementRule, first: date, owed: str, text: str, facts: Sequence[tuple[str, str]] = ()
) -> Stretch:
    """A stretch in which the rule says this; billed as the rule has it, unless it is covered or refused."""
    return Stretch(first, owed, text, tuple(facts), "" if owed in _FREE else rule.billed)


def held(rule: EntitlementRule, first: date, text: str, facts: Sequence[tuple[str, str]] = ()) -> Stretch:
    """A stretch in which what the rule asks for holds."""
    effort = rule.effort if rule.within == "covered" else ""
    return said(rule, first, rule.within, text, facts)._replace(effort=effort)


def lacking(rule: EntitlementRule, missing: str, first: date = EVER) -> Stretch:
    """A stretch in which a fact that decides isn't on file."""
    owed = rule.unknown or _UNKNOWN.get(rule.kind, "")
    owed = "" if owed == "pass" else owed
    return Stretch(first, owed, f"not on file: {missing}" if owed else "", missing=(missing,))


def after(rule: EntitlementRule, span: Span) -> Stretch:
    return said(rule, later(span.last, 1), rule.after, span.over, span.facts)


def ahead(rule: EntitlementRule, span: Span) -> Stretch:
    """Before the first span begins."""
    return said(rule, EVER, rule.after, f"not before {span.first}: {span.text}", span.facts)


def covering(
    rule: EntitlementRule, spans: Iterable[Span], between: Callable[[date], Stretch] | None = None
) -> Timeline:
    """The say of a rule that holds in these spans, which may overlap and touch, in any order.

    between: what it says from a day on which none holds, instead of the rule's `after`.
    """
    found: list[Stretch] = []
    reached = EVER
    previous: Span | None = None
    known = sorted(spans, key=lambda one: (one.first, -one.last.toordinal(), *one[2:]))
    for span in known:
        if span.last < span.first or (previous is not None and span.last <= previous.last):
            continue
        begins = max(span.first, reached)
        if begins > reached or (previous is None and begins > EVER):
            gap = ahead(rule, span) if previous is None else after(rule, previous)
            found.append(between(reached) if between else gap)
        found.append(held(rule, begins, span.text, span.facts))
        previous = span
        if span.last == NEVER:
            return tuple(found)
        reached = span.last + _DAY
    if previous is not None:
        found.append(between(reached) if between else after(rule, previous))
    elif known:  # none of them has a day to run
        found.append(between(EVER) if between else after(rule, known[-1])._replace(first=EVER))
    return tuple(found)


def on(timeline: Timeline, day: date) -> int:
    """The place of the stretch that a day is in."""
    place = 0
    while place + 1 < len(timeline) and timeline[place + 1].first <= day:
        place += 1
    return place


def lasts(timeline: Timeline, place: int) -> tuple[date | None, str]:
    """(last day, what is said then) of a stretch and those after it that say the same; None: for good."""
    outcome = timeline[place].outcome
    for following in timeline[place + 1 :]:
        if following.outcome != outcome:
            return following.first - _DAY, following.owed
    return None, ""
