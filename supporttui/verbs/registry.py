"""Every verb of the console once: keys, footer, the `?` page and the `:` line derive from it.

A verb is data; what it does is found by its id where it is run.  Plain letters
act on a ticket, a capital is the wider or riskier form, and nothing on Ctrl
writes.  A verb that can't run says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from .situation import Situation

Context = Literal["anywhere", "list", "ticket"]
Why = Callable[[Situation], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing that can be done.

    id: its word on the `:` line.  title: short, for the footer.  help: one line.
    keys: default keys, the first is the one that is shown; none for a verb of the
    `:` line and the palette alone.  context: where it works; "ticket" needs one under the cursor.  group: heading on the `?` page.
    writes: changes the store.  dangerous: asks before it acts.
    footer: place in the footer, 0 for not there.  why: "" or why it can't run.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: str
    context: Context = "anywhere"
    writes: bool = False
    dangerous: bool = False
    footer: int = 0
    why: Why | None = None

    def why_disabled(self, now: Situation) -> str:
        """Why it can't run in this situation, in words for the analyst; "" when it can."""
        if self.context == "ticket" and not now.ticket:
            return "no ticket is under the cursor"
        if self.context == "list" and not now.rows:
            return "the list is empty"
        if self.writes and now.readonly:
            return "the desk is read-only"
        if self.writes and now.busy:
            return f"still saving: {now.busy}"
        return self.why(now) if self.why else ""


def _not_merged(now: Situation) -> str:
    return f"{now.ticket} was merged into {now.merged_into}" if now.merged_into else ""


def _needs_open(now: Situation) -> str:
    return _not_merged(now) or ("" if now.open else f"{now.ticket} is {now.status}")


def _needs_move(now: Situation) -> str:
    if now.merged_into or now.moves:
        return _not_merged(now)
    return f"the workflow has no move from {now.status}"


def _needs_other_owner(now: Situation) -> str:
    if now.merged_into:
        return _not_merged(now)
    return f"{now.ticket} is yours already" if now.owner == now.actor and not now.marked else ""


MOVE, LOOK, ACT, DESK = "Move", "Look", "Act on a ticket", "Desk"

VERBS: tuple[Verb, ...] = (
    Verb(id="down", title="down", help="one row down", keys=("j", "down"), group=MOVE),
    Verb(id="up", title="up", help="one row up", keys=("k", "up"), group=MOVE),
    Verb(id="page-down", title="page down", help="one screen down", keys=("pagedown",), group=MOVE),
    Verb(id="page-up", title="page up", help="one screen up", keys=("pageup",), group=MOVE),
    Verb(id="first", title="first", help="to the first row", keys=("g", "home"), group=MOVE),
    Verb(id="last", title="last", help="to the last row", keys=("G", "end"), group=MOVE),
    Verb(id="next-pane", title="next pane", help="to the next pane", keys=("tab",), group=MOVE),
    Verb(id="previous-pane", title="previous pane", help="to the pane before", keys=("shift+tab",), group=MOVE),
    Verb(id="queue", title="queue", help="to the queue", keys=("1",), group=MOVE),
    Verb(id="timers", title="timers", help="to the escalation timers", keys=("2",), group=MOVE),
    Verb(id="detail", title="ticket", help="to the ticket", keys=("3",), group=MOVE),
    Verb(id="go", title="go to", help="go to a ticket by its number", keys=("#",), group=MOVE),
    Verb(id="open", title="open", help="open the ticket over the whole screen", keys=("enter",), group=LOOK, context="ticket", footer=1),
    Verb(id="zoom", title="zoom", help="the pane over the whole screen, and back", keys=("z",), group=LOOK),
    Verb(id="next-view", title="next view", help="the view to the right", keys=("]",), group=LOOK),
    Verb(id="previous-view", title="previous view", help="the view to the left", keys=("[",), group=LOOK),
    Verb(id="find", title="find", help="narrow what is shown by words", keys=("/",), group=LOOK, footer=11),
    Verb(id="query", title="query", help="show what a query finds, such as sev:1,2 owner:none due:<2h", keys=("f",), group=LOOK, footer=12),
    Verb(id="refresh", title="refresh", help="read anew; rows that you changed take their place", keys=("R",), group=LOOK),
    Verb(id="messages", title="messages", help="what this console has said", keys=("m",), group=LOOK),
    Verb(id="help", title="keys", help="all keys; type to filter, Enter runs", keys=("?",), group=LOOK, footer=13),
    Verb(id="report", title="new", help="report a problem", keys=("n",), group=ACT, writes=True, footer=10),
    Verb(id="acknowledge", title="acknowledge", help="say that you have it, and by when the next update comes", keys=("a",), group=ACT, context="ticket", writes=True, footer=2, why=_needs_open),
    Verb(id="reply", title="reply", help="write to the customer", keys=("r",), group=ACT, context="ticket", writes=True, footer=3, why=_not_merged),
    Verb(id="note", title="note", help="write an internal note", keys=("i",), group=ACT, context="ticket", writes=True, footer=4, why=_not_merged),
    Verb(id="severity", title="severity", help="set the severity", keys=("x",), group=ACT, context="ticket", writes=True, footer=5, why=_not_merged),
    Verb(id="status", title="status", help="set the status", keys=("s",), group=ACT, context="ticket", writes=True, footer=6, why=_needs_move),
    Verb(id="take", title="take", help="assign the ticket to yourself", keys=("o",), group=ACT, context="ticket", writes=True, footer=7, why=_needs_other_owner),
    Verb(id="assign", title="assign", help="assign the ticket to somebody", keys=("O",), group=ACT, context="ticket", writes=True, why=_not_merged),
    Verb(id="tag", title="tag", help="add or remove tags: urgent -spam", keys=("t",), group=ACT, context="ticket", writes=True, why=_not_merged),
    Verb(id="escalate", title="escalate", help="tell the next role of the ladder now", keys=("E",), group=ACT, context="ticket", writes=True, dangerous=True, footer=8, why=_needs_open),
    Verb(id="close", title="close", help="resolve, close or reopen", keys=("c",), group=ACT, context="ticket", writes=True, dangerous=True, why=_not_merged),
    Verb(id="mark", title="mark", help="mark the ticket, or take the mark away", keys=("space",), group=ACT, context="ticket"),
    Verb(id="range", title="range", help="mark all rows from here to the next press", keys=("v",), group=ACT, context="ticket"),
    Verb(id="unmark", title="unmark", help="take all marks away", keys=("V",), group=ACT),
    Verb(id="undo", title="undo", help="take back your last change", keys=("u",), group=DESK, writes=True, footer=9),
    Verb(id="redo", title="redo", help="do again what you took back", keys=("U",), group=DESK, writes=True),
    Verb(id="command", title="command", help="a verb by its name", keys=(":",), group=DESK),
    Verb(id="quit", title="quit", help="back, or leave the console", keys=("q",), group=DESK),
)  # fmt: skip

BY_ID = {verb.id: verb for verb in VERBS}

# Keys that never arrive, or mean something else to a terminal, a multiplexer or flow control.
UNRELIABLE = frozenset({*(f"ctrl+{letter}" for letter in "abchijkmqsz"), "alt+b", "alt+f"})


def groups(verbs: Iterable[Verb] = VERBS) -> dict[str, list[Verb]]:
    """The verbs under their headings, in the order of the registry."""
    out: dict[str, list[Verb]] = {}
    for verb in verbs:
        out.setdefault(verb.group, []).append(verb)
    return out


def matching(words: str) -> list[Verb]:
    """Verbs whose name, title or help holds every word; those that begin with it come first."""
    wanted = words.casefold().split()
    found = [
        verb
        for verb in VERBS
        if all(
            word in f"{verb.id} {verb.title} {verb.help} {' '.join(verb.keys)}".casefold() for word in wanted
        )
    ]
    start = wanted[0] if wanted else ""
    return sorted(found, key=lambda verb: not (verb.id.startswith(start) or verb.title.startswith(start)))


def footer() -> list[Verb]:
    """The verbs of the footer, in their order."""
    return sorted((verb for verb in VERBS if verb.footer), key=lambda verb: verb.footer)
