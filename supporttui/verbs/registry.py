"""Every verb of the console once: keys, footer, the `?` page and the `:` line derive from it.

A verb is data; what it does is found by its id where it is run.  Plain letters
act on a ticket, a capital is the wider or riskier form, and nothing on Ctrl
writes.  A verb that can't run says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from supporttui.quickclass import dataclass

from .situation import Situation

Context = Literal["anywhere", "list", "ticket"]
Why = Callable[[Situation], str]
Keys = Callable[["Verb"], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing that can be done.

    id: its word on the `:` line.  title: short, for the footer.  help: one line.
    keys: default keys, the first is the one that is shown; none for a verb of the
    `:` line and the palette alone.  context: where it works; "ticket" needs one
    under the cursor, or marks.  group: heading on the `?` page.
    writes: changes the store.  dangerous: asks before it acts, again when repeated.
    footer: place in the footer, 0 for not there.  why: "" or why it can't run;
    a rule about the one ticket goes through `_of_one`, unless the verb is `alone`.
    takes: what may follow it on the `:` line, one of `verbs.line.KINDS`; "" for nothing.
    alone: it is about one ticket, and says so while several are marked.
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
    takes: str = ""
    alone: bool = False

    def why_disabled(self, now: Situation) -> str:
        """Why it can't run in this situation, in words for the analyst; "" when it can."""
        if self.context == "ticket" and not (now.ticket or (now.marked and self.writes and not self.alone)):
            return "no ticket is under the cursor"
        if self.context == "list" and not now.rows:
            return "the list is empty"
        if self.writes and now.readonly:
            return "the desk is read-only"
        if self.writes and now.busy:
            return f"still saving: {now.busy}"
        if self.alone and now.marked > 1:
            return f"one ticket at a time, and {now.marked} are marked"
        return self.why(now) if self.why else ""


def _of_one(why: Why) -> Why:
    """A rule about the ticket under the cursor: with marks the verb is about others."""
    return lambda now: "" if now.marked else why(now)


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
    return f"{now.ticket} is yours already" if now.owner == now.actor else ""


def _needs_act(now: Situation) -> str:
    return "" if now.repeats else "nothing was done yet that can be done again"


def _needs_commands(now: Situation) -> str:
    return "" if now.commands else "none yet; docs/commands.md shows how to add some"


MOVE, LOOK, ACT, DESK, OWN = "Move", "Look", "Act on a ticket", "Desk", "Your commands"

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
    Verb(id="go", title="go to", help="go to a ticket by its number", keys=("#",), group=MOVE, takes="number"),
    Verb(id="next-entry", title="next entry", help="to the next entry of the ticket's journal", keys=("}",), group=MOVE, context="ticket"),
    Verb(id="previous-entry", title="previous entry", help="to the entry before", keys=("{",), group=MOVE, context="ticket"),
    Verb(id="fold-all", title="fold all", help="every entry of the journal as one line", keys=("-",), group=LOOK, context="ticket"),
    Verb(id="unfold-all", title="unfold all", help="every entry of the journal in full", keys=("+",), group=LOOK, context="ticket"),
    Verb(id="open", title="open", help="open the ticket over the whole screen; in it, fold or unfold the entry at the cursor", keys=("enter",), group=LOOK, context="ticket", footer=1),
    Verb(id="zoom", title="zoom", help="the pane over the whole screen, and back", keys=("z",), group=LOOK),
    Verb(id="next-view", title="next view", help="the view to the right", keys=("]",), group=LOOK),
    Verb(id="previous-view", title="previous view", help="the view to the left", keys=("[",), group=LOOK),
    Verb(id="view", title="view", help="show a view by its name", keys=(), group=LOOK, takes="view"),
    Verb(id="find", title="find", help="narrow what is shown by words", keys=("/",), group=LOOK, footer=11, takes="words"),
    Verb(id="query", title="query", help="show what a query finds, such as sev:1,2 owner:none due:<2h", keys=("f",), group=LOOK, footer=12, takes="query"),
    Verb(id="refresh", title="refresh", help="read anew; rows that you changed take their place", keys=("R",), group=LOOK),
    Verb(id="save-view", title="save view", help="save the query that is shown as a view, for yourself or for the desk", keys=("F",), group=LOOK),
    Verb(id="drop-view", title="drop view", help="delete the saved view that is shown, or hide a built-in one", keys=("X",), group=LOOK, dangerous=True),
    Verb(id="customers", title="customers", help="the customer of the ticket under the cursor, to read and to edit; C there looks another up, or enters a new one", keys=("C",), group=LOOK),
    Verb(id="why", title="who pays", help="what the customer is owed: the clause, its facts, until when, and what is promised", keys=("W",), group=LOOK, context="ticket"),
    Verb(id="products", title="products", help="products with their releases, and those of the operating systems, to read and to edit", keys=("P",), group=LOOK),
    Verb(id="known-errors", title="known error", help="the known errors of the ticket: read, link, send the workaround, or make one of it", keys=("K",), group=LOOK, context="ticket", alone=True),
    Verb(id="known", title="known errors", help="every known error, narrowed by typing; there one is read, added or corrected", keys=(), group=LOOK),
    Verb(id="renewals", title="renewals", help="support packages that end soon: who may renew, until when, at what price", keys=("$",), group=LOOK),
    Verb(id="handover", title="handover", help="what the next shift must know; accept the watch there", keys=("H",), group=LOOK),
    Verb(id="wall", title="wall", help="Severity 1 and overdue only, countdowns in large digits", keys=("w",), group=LOOK),
    Verb(id="inbox", title="inbox", help="what came in and waits for a decision: accept, attach, merge, reject, block its sender", keys=("I",), group=LOOK),
    Verb(id="notices", title="notices", help="who is told of what: what waits, what was lost, who is on call", keys=("N",), group=LOOK),
    Verb(id="drafts", title="drafts", help="your unsent texts: go on with one, or throw it away", keys=("D",), group=LOOK),
    Verb(id="messages", title="messages", help="what this console has said", keys=("m",), group=LOOK),
    Verb(id="theme", title="theme", help="choose the colours, with a preview", keys=(), group=LOOK, takes="theme"),
    Verb(id="alarm", title="alarm", help="test the alarm, or hush it for 10 minutes", keys=(), group=LOOK, takes="words"),
    Verb(id="tour", title="tour", help="eleven steps to learn the console by, on the sample desk", keys=(), group=LOOK),
    Verb(id="help", title="keys", help="all keys; type to filter, Enter runs", keys=("?",), group=LOOK, footer=13),
    Verb(id="report", title="new", help="report a problem", keys=("n",), group=ACT, writes=True, footer=10),
    Verb(id="acknowledge", title="acknowledge", help="say that you have it, and by when the next update comes", keys=("a",), group=ACT, context="ticket", writes=True, footer=2, why=_of_one(_needs_open), takes="instant"),
    Verb(id="reply", title="reply", help="write to the customer", keys=("r",), group=ACT, context="ticket", writes=True, footer=3, why=_not_merged, alone=True),
    Verb(id="note", title="note", help="write an internal note", keys=("i",), group=ACT, context="ticket", writes=True, footer=4, why=_not_merged, alone=True),
    Verb(id="call", title="call", help="put a telephone call on record: they called, you called, or nobody answered", keys=("l",), group=ACT, context="ticket", writes=True, why=_not_merged, alone=True),
    Verb(id="severity", title="severity", help="set the severity", keys=("x",), group=ACT, context="ticket", writes=True, footer=5, why=_of_one(_not_merged), takes="severity"),
    Verb(id="status", title="status", help="set the status", keys=("s",), group=ACT, context="ticket", writes=True, footer=6, why=_of_one(_needs_move), takes="status"),
    Verb(id="take", title="take", help="assign the ticket to yourself", keys=("o",), group=ACT, context="ticket", writes=True, footer=7, why=_of_one(_needs_other_owner)),
    Verb(id="assign", title="assign", help="assign the ticket to somebody", keys=("O",), group=ACT, context="ticket", writes=True, why=_of_one(_not_merged), takes="person"),
    Verb(id="tag", title="tag", help="add or remove tags: urgent -spam", keys=("t",), group=ACT, context="ticket", writes=True, why=_of_one(_not_merged), takes="tags"),
    Verb(id="escalate", title="escalate", help="tell the next role of the ladder now", keys=("E",), group=ACT, context="ticket", writes=True, dangerous=True, footer=8, why=_of_one(_needs_open)),
    Verb(id="close", title="close", help="resolve, close or reopen", keys=("c",), group=ACT, context="ticket", writes=True, dangerous=True, why=_of_one(_not_merged), takes="ending"),
    Verb(id="edit", title="edit", help="correct subject, customer, product and the other fields, in a form or in $EDITOR", keys=("e",), group=ACT, context="ticket", writes=True, why=_not_merged, alone=True),
    Verb(id="log-time", title="log time", help="log the time that you worked: 1h30 reading the dump", keys=("T",), group=ACT, context="ticket", writes=True, why=_not_merged, takes="duration", alone=True),
    Verb(id="timer", title="stopwatch", help="start the stopwatch on the ticket, let it rest, or go on; log time takes what it shows", keys=("S",), group=ACT, context="ticket", writes=True, takes="words", alone=True),
    Verb(id="snooze", title="put aside", help="out of the working views until a time, or back; its clocks go on", keys=("Z",), group=ACT, context="ticket", writes=True, why=_of_one(_needs_open), takes="instant"),
    Verb(id="merge", title="merge", help="merge into another ticket, by its number", keys=("M",), group=ACT, context="ticket", writes=True, dangerous=True, why=_of_one(_not_merged), takes="number"),
    Verb(id="link", title="link", help="link to another ticket, by its number", keys=("L",), group=ACT, context="ticket", writes=True, why=_of_one(_not_merged), takes="words"),
    Verb(id="copy", title="copy", help="number, subject, telephone, the whole ticket … to the terminal's clipboard", keys=("y",), group=LOOK, context="ticket", takes="words"),
    Verb(id="answer", title="answer", help="what the customer may know of the ticket, to read out on the telephone or to copy", keys=("Y",), group=LOOK, context="ticket", alone=True),
    Verb(id="files", title="files", help="the files of the ticket: read, save, attach, move, take away", keys=("A",), group=LOOK, context="ticket", alone=True),
    Verb(id="attach", title="attach", help="attach a file of yours to the ticket", keys=(), group=ACT, context="ticket", writes=True, why=_not_merged, takes="words", alone=True),
    Verb(id="people", title="people", help="who takes part beside the contact, writes to the ticket by mail and gets its replies", keys=(), group=ACT, context="ticket", writes=True, why=_not_merged, takes="words", alone=True),
    Verb(id="mark", title="mark", help="mark the ticket, or take the mark away", keys=("space",), group=ACT, context="ticket"),
    Verb(id="range", title="range", help="mark all rows from here to the next press", keys=("v",), group=ACT, context="ticket"),
    Verb(id="mark-all", title="mark all", help="mark all tickets that the view shows", keys=("*",), group=ACT, context="list"),
    Verb(id="unmark", title="unmark", help="take all marks away", keys=("V",), group=ACT),
    Verb(id="repeat", title="repeat", help="do the last change again, with the same choice, on the ticket under the cursor", keys=(".",), group=ACT, context="ticket", writes=True, why=_needs_act),
    Verb(id="undo", title="undo", help="take back your last change", keys=("u",), group=DESK, writes=True, footer=9),
    Verb(id="redo", title="redo", help="do again what you took back", keys=("U",), group=DESK, writes=True),
    Verb(id="command", title="command", help="a verb by its name: severity 2, assign raj, tag urgent -spam", keys=(":",), group=DESK),
    Verb(id="palette", title="palette", help="verbs, views, themes and tickets by a few letters", keys=("ctrl+p", "p"), group=DESK),
    Verb(id="commands", title="commands", help="your own commands, from commands.toml", keys=("!",), group=DESK, why=_needs_commands),
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


def matching(words: str, verbs: Iterable[Verb] = VERBS, keys: Keys = lambda verb: verb.keys) -> list[Verb]:
    """Verbs whose name, title, help or keys hold every word.

    keys: those in force, as people write them.  One that is on exactly this key
    comes first, then those whose name begins so.
    """
    wanted = words.casefold().split()
    found = [
        verb
        for verb in verbs
        if all(
            word in f"{verb.id} {verb.title} {verb.help} {' '.join(keys(verb))}".casefold() for word in wanted
        )
    ]
    start, typed = (wanted[0] if wanted else ""), words.strip()

    def rank(verb: Verb) -> tuple[bool, bool]:
        named = len(typed) > 1 and typed.casefold() in (key.casefold() for key in keys(verb))
        on_key = named or typed in keys(verb)
        return not on_key, not (verb.id.startswith(start) or verb.title.startswith(start))

    return sorted(found, key=rank)


def footer() -> list[Verb]:
    """The verbs of the footer, in their order."""
    return sorted((verb for verb in VERBS if verb.footer), key=lambda verb: verb.footer)
