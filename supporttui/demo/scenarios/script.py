"""What a scenario is: a desk at an instant, and steps of which each says what is done and what must then be true.

Nothing here runs anything.  The same steps are played by a test that checks
them, by a console that shows them at a human's pace, and by the recorder; so
they are data: verbs by their ids (whatever keys are in force), keys of
dialogs, text, time that passes, and what other people do meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from supporttui.clock import ManualClock
from supporttui.desk import look
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk

ANALYST = "ana"  # who sits at the console in every scenario

Fact = Callable[[Desk], str]  # from a desk to what is wrong with it, "" when the fact holds


class Verb(NamedTuple):
    """A verb by its id: its key is pressed; one without a key is written on the `:` line."""

    id: str


class Keys(NamedTuple):
    """Keys by their names ("enter", "tab", "y"), as dialogs and prompts take them."""

    names: tuple[str, ...]


class Typed(NamedTuple):
    """Text written at the keyboard."""

    text: str


class Passes(NamedTuple):
    """Time that goes by."""

    by: timedelta


class Others(NamedTuple):
    """Something that somebody else does at the same store."""

    actor: str
    act: Callable[[Desk], object]


class Drops(NamedTuple):
    """The line drops, and the analyst comes back to a new console."""


Act = Verb | Keys | Typed | Passes | Others | Drops


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a viewer can follow.

    caption: what happens and why, one line.  sees, misses: words that are, or are not, on
    the screen afterwards.  rows: words of rows of the queue, in this order.  said: words of
    the last notice.  cursor: the ticket under the cursor, 0 for whichever.  facts: what then
    holds in the store.
    """

    caption: str
    acts: tuple[Act, ...] = ()
    sees: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    cursor: int = 0
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """name: its word on the command line.  story: one line.  start: aware instant at which the console opens.

    set_up: fills an empty store; the desk's clock stands at `start`.
    """

    name: str
    story: str
    start: datetime
    set_up: Callable[[Desk], None]
    steps: tuple[Step, ...] = field(default=())

    def verbs(self) -> frozenset[str]:
        """The ids of all verbs that its steps press."""
        return frozenset(act.id for step in self.steps for act in step.acts if isinstance(act, Verb))


# -- words to write scenarios with ------------------------------------------------------------------


def step(caption: str, *acts: Act, **expected: Any) -> Step:
    """A step; a single word may stand for a tuple of one."""
    named: dict[str, Any] = {
        name: value if isinstance(value, tuple) or name == "cursor" else (value,)
        for name, value in expected.items()
    }
    return Step(caption=caption, acts=acts, **named)


def press(*ids: str) -> Iterator[Verb]:
    """Verbs one after the other: `*press("down", "down", "open")`."""
    return (Verb(verb_id) for verb_id in ids)


def keys(*names: str) -> Keys:
    return Keys(names)


def passes(**parts: float) -> Passes:
    return Passes(timedelta(**parts))


def arrives(new: NewTicket, channel: str = "email") -> Others:
    """A ticket that comes in by itself."""
    return Others(channel, lambda desk: report(desk, new))


def before(desk: Desk, actor: str = "mail", **ago: float) -> Desk:
    """The same store as somebody had it some time ago: for the history that a scenario begins with."""
    return Desk(desk.store, desk.policy, ManualClock(desk.now() - timedelta(**ago)), actor)


def holds(number: int, **fields: Any) -> Fact:
    """These fields of a ticket have these values."""

    def fact(desk: Desk) -> str:
        ticket = look.ticket(desk, number, journal_limit=1).ticket
        found = {name: getattr(ticket, name) for name in fields}
        return "" if found == fields else f"ticket {number} has {found}, not {fields}"

    return fact


def journal(
    number: int, kind: str, text: str = "", *, actor: str = ANALYST, public: bool | None = None
) -> Fact:
    """The ticket's journal has an entry of this kind by this actor, with these words in it."""

    def fact(desk: Desk) -> str:
        entries = look.ticket(desk, number).journal
        fits = any(
            entry.kind == kind
            and entry.actor == actor
            and text in entry.text
            and public in (None, entry.public)
            for entry in entries
        )
        kinds = [(entry.kind, entry.actor, entry.text[:30]) for entry in entries]
        return "" if fits else f"no {kind} by {actor} with “{text}” on {number}: {kinds}"

    return fact


def journal_lacks(number: int, kind: str) -> Fact:
    """The ticket's journal has no entry of this kind."""

    def fact(desk: Desk) -> str:
        kinds = [entry.kind for entry in look.ticket(desk, number).journal]
        return f"there is a {kind} on {number}: {kinds}" if kind in kinds else ""

    return fact
