"""The guided tour: ten things to do on the sample desk, each done with the real key, which does the real thing.

A lesson is over when what it asks for has happened, not when some key was
pressed: what the analyst has written is read from the journal, the rest from
what is on the screen.  The tour is not modal; whatever else one does meanwhile
works, and the tour waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events

from supporttui.desk.session import Desk
from supporttui.quickclass import dataclass
from supporttui.store import journal
from supporttui.verbs.keymap import key_name
from supporttui.verbs.registry import BY_ID, Verb

from .present.guide import box
from .present.spans import Line

if TYPE_CHECKING:
    from .guided import GuidedApp
    from .work import Work

SKIP = "ctrl+n"
ROUNDS, BETWEEN = 4, 0.05  # looks after a key, and the seconds between them
REACH = 50  # entries of the journal that are looked through for what the analyst wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the tour looks at.

    kinds: of journal entries that the analyst has written since the lesson began.
    tried: ids of verbs that were pressed since.  dialog: the kind of screen on top.
    """

    cursor: int = 0
    zoomed: str = ""
    narrow: str = ""
    asking: bool = False
    dialog: str = ""
    mine: bool = False
    kinds: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()


Done = Callable[[Seen, Seen], bool]  # from what was seen at its beginning and is seen now


@dataclass(frozen=True, slots=True)
class Lesson:
    """title: what to do.  keys: how, with verb ids in braces.  why: what it is good for."""

    title: str
    keys: str
    why: str
    done: Done


def _wrote(*kinds: str) -> Done:
    return lambda _before, now: bool(now.kinds & set(kinds))


LESSONS = (
    Lesson(
        "Move to another ticket",
        "{down} and {up} move, the arrows too; {first} and {last} go to the ends.",
        "The queue is sorted by what is due next. The cursor holds a ticket, not a row.",
        lambda before, now: now.cursor not in (0, before.cursor),
    ),
    Lesson(
        "Open the ticket",
        "{open} shows it over the whole screen.",
        "Facts, deadlines, journal. Looking is not acknowledging.",
        lambda _before, now: now.zoomed == "detail",
    ),
    Lesson(
        "See who pays",
        "{why} tells what the customer is owed, by which clause, until when.",
        "The short answer stands in the ticket, below its deadline.",
        lambda _before, now: now.dialog == "ReasoningPage",
    ),
    Lesson(
        "Go back",
        "{quit}, or Esc.",
        "It goes one step back, wherever you are.",
        lambda _before, now: not now.zoomed and not now.dialog,
    ),
    Lesson(
        "Acknowledge it: by when does the customer hear from you?",
        "{acknowledge}, then Enter.",
        "It stops the alarm; the promise is a deadline of its own.",
        _wrote("acknowledged"),
    ),
    Lesson(
        "Take it",
        "{take} makes it yours; {assign} gives it to somebody else.",
        "Everybody sees whose it is.",
        lambda before, now: "owner" in now.kinds or (now.mine and "take" in now.tried),
    ),
    Lesson(
        "Write an internal note",
        "{note}, some words, Tab, Enter.",
        "A note is internal; {reply} writes to the customer. Esc keeps a draft.",
        _wrote("note"),
    ),
    Lesson(
        "Change the severity",
        "{severity}, then another number.",
        "Every deadline is derived anew, from the initial report.",
        _wrote("severity"),
    ),
    Lesson(
        "Take that back",
        "{undo}; {redo} does it again.",
        "Almost everything can be undone. What a customer has read can't.",
        _wrote("undone"),
    ),
    Lesson(
        "Find tickets by words",
        "{find}, a word such as tunnel, Enter. Esc shows all again.",
        "For more there are queries: {query}, such as sev:1,2 owner:none.",
        lambda _before, now: bool(now.narrow) and not now.asking,
    ),
    Lesson(
        "See all keys",
        "{help}, then type to filter; Enter runs, Esc leaves.",
        "It is never further away than this.",
        lambda _before, now: now.dialog == "Keys",
    ),
)


class Tour:
    """One walk through the lessons, from the first."""

    height = 4

    def __init__(self, app: GuidedApp) -> None:
        self._app = app
        self.place = 0
        self._tried: set[str] = set()
        self._since = 0  # id of the last journal entry before the lesson
        self._before: Seen | None = None
        self._rounds = 0
        self._asking = False
        self.looks()

    @property
    def over(self) -> bool:
        return self.place >= len(LESSONS)

    # -- what it says ---------------------------------------------------------------------------

    def lines(self, width: int) -> Sequence[Line]:
        ascii, rule = self._app.ink.ascii, self._app.shift.setting.glyphs.rule
        if self.over:
            return box("The tour is over", self._farewell(), ("Esc closes this",), width, rule)
        lesson, skip = LESSONS[self.place], f"{key_name(SKIP, ascii=ascii)} skips"
        return box(
            f"{self.place + 1} of {len(LESSONS)}  {lesson.title}",
            (self.with_keys(lesson.keys), self.with_keys(lesson.why)),
            (f"{skip}, {self.with_keys('{quit}')} ends the tour", skip),
            width,
            rule,
        )

    def with_keys(self, words: str) -> str:
        """The words with the keys that are in force in place of the verbs' ids."""
        keymap, ascii = self._app.shift.keymap, self._app.ink.ascii
        for verb_id in BY_ID:
            if "{" + verb_id + "}" in words:
                shown = keymap.shown(BY_ID[verb_id], ascii=ascii) or f":{verb_id}"
                words = words.replace("{" + verb_id + "}", shown)
        return words

    def _farewell(self) -> Sequence[str]:
        words = (
            "{help} shows every key, {command} takes a verb by its name; the README goes on.",
            "This desk is yours to try things on; {quit} leaves and deletes it.",
        )
        return [self.with_keys(one) for one in words]

    # -- what it is told ------------------------------------------------------------------------

    def takes(self, event: events.Key) -> bool:
        """Only the key that skips; all others are the console's."""
        if event.key != SKIP or self.over:
            return False
        self._go_on()
        return True

    def tried(self, verb: Verb) -> None:
        self._tried.add(verb.id)

    def leaves(self) -> bool:
        """Out is asked about while the tour lasts; afterwards Esc closes the box and the quit key leaves."""
        if self._asking:
            return True
        if self.over:
            self._app.guide_by(None)
            return False
        self._asking = True
        self._app.opening(True)  # keys wait for the question
        self._app.run_worker(self._ask(), group="tour")
        return True

    async def _ask(self) -> None:
        from .dialogs.choose import Choose
        from .widgets.menu import Option

        options = (
            Option("on", "Go on with the tour", key="g"),
            Option("stay", "End the tour, stay on the sample desk", key="s"),
            Option("leave", "Leave", key="l"),
        )
        try:
            chosen = await self._app.work.ask(self._app.dialog(Choose).prepare("End the tour?", options))
        finally:
            self._asking = False
        if chosen in ("stay", "leave"):
            self._app.guide_by(None)
        if chosen == "leave":
            self._app.leave()

    def looks(self) -> None:
        """Something may have been done: look now, and again when what the key began has had time to end."""
        begins = not self._rounds
        self._rounds = 0 if self.over else ROUNDS
        if begins and self._rounds:
            self._app.run_worker(self._look(), group="tour-look")

    @property
    def resting(self) -> bool:
        """It has looked often enough since anything happened."""
        return not self._rounds

    async def _look(self) -> None:
        try:
            while self._rounds > 0 and not self.over:
                self._rounds -= 1
                await self._see()
                await asyncio.sleep(BETWEEN if self._rounds else 0)
        finally:
            self._rounds = 0

    async def _see(self) -> None:
        place = self.place
        newest, kinds = await self._app.link.run(self._written)
        if place != self.place:
            return
        if self._before is None:
            self._since = newest
            self._before = self._seen(frozenset())
        elif LESSONS[place].done(self._before, self._seen(kinds)):
            self._go_on()

    def _written(self, desk: Desk) -> tuple[int, frozenset[str]]:
        """On the database thread: the newest entry of the analyst's, and the kinds of those of this lesson."""
        with desk.store.read():
            found = journal.recent(desk.store, actor=desk.actor, limit=REACH)
        newest = max((entry.id for entry in found), default=0)
        return newest, frozenset(entry.kind for entry in found if entry.id > self._since)

    def _seen(self, kinds: frozenset[str]) -> Seen:
        screen = self._app.triage
        top = self._app.screen_stack[-1] if self._app.screen_stack else screen  # none at the very end
        row = screen.row_of(screen.number)
        return Seen(
            cursor=screen.number,
            zoomed=screen.zoomed,
            narrow=screen.question.narrow,
            asking=screen.prompt.asking,
            dialog="" if top is screen else type(top).__name__,
            mine=row is not None and row.owner == self._app.shift.setting.actor,
            kinds=kinds,
            tried=frozenset(self._tried),
        )

    def _go_on(self) -> None:
        self.place += 1
        self._tried.clear()
        self._before = None
        self._app.paint_guide()
        self.looks()


async def begin(work: Work) -> None:
    """The verb: only a desk that may be played with has a tour."""
    start = getattr(work.app, "begin_tour", None)
    if start is None:
        work.app.say("the tour runs on the sample desk: supporttui tour", "warning")
    else:
        start()
