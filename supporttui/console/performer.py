"""Runs verbs, one at a time; one that comes while another is being saved waits, and what is typed after it too.

So does one that is about rows while a list that was asked for is still being read: it was meant for that list.
A waiting verb and the keys behind it are kept in their order, so that a
reply typed ahead lands in the reply.  Esc forgets them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from supporttui.verbs.registry import Verb

from .actions.move import MOVES, escape
from .actions.table import ACTIONS, action

if TYPE_CHECKING:
    from .app import ConsoleApp

REMEMBERED = 20
OF_ROWS = frozenset(
    {"down", "up", "page-down", "page-up", "first", "last"}
)  # beside those whose context says so


class Performer:
    """The verb that is under way in one console, and the one that waits for it."""

    def __init__(self, app: ConsoleApp) -> None:
        self._app = app
        self.acting: Verb | None = None
        self.recent: deque[str] = deque(maxlen=REMEMBERED)  # ids, for the crash file
        self._next: tuple[Verb, str | None] | None = None
        self._task: asyncio.Task[object] | None = None
        self._deeds: set[asyncio.Task[object]] = set()

    @property
    def goes_on_here(self) -> bool:
        """Whether what runs now is the verb that is under way or a deed, not the console itself."""
        task = asyncio.current_task()
        return task is not None and (task is self._task or task in self._deeds)

    @contextmanager
    def deed(self) -> Iterator[None]:
        """What a page or a form does by itself: keys wait for all that comes of it, as they do behind a verb."""
        task = asyncio.current_task()
        assert task is not None
        self._deeds.add(task)
        self._app.opening(True)
        try:
            yield
        finally:
            self._deeds.discard(task)
            self._app.opening(False)

    def perform(self, verb: Verb, argument: str | None = None) -> None:
        """Run a verb, with the answer to its question or without, or say why it can't run."""
        app = self._app
        self.recent.append(verb.id)
        if self._must_wait(verb):
            self._wait(verb, argument)
            return
        why = verb.why_disabled(app.triage.situation())
        if why:
            app.say(f"{verb.title}: {why}", "warning")
        elif verb.id in MOVES:
            MOVES[verb.id](app)
        else:
            self.acting = verb
            app.opening(True)
            app.run_worker(self._act(verb, argument), group="verb")

    def _must_wait(self, verb: Verb) -> bool:
        if self.acting is not None and verb.id not in MOVES:
            return True
        return self._app.reader.awaited and (verb.context != "anywhere" or verb.id in OF_ROWS)

    async def _act(self, verb: Verb, argument: str | None) -> None:
        work, self._task = self._app.work, asyncio.current_task()
        try:
            if argument is not None:
                await work.apply(verb.id, work.targets(), argument)
            elif verb.id in ACTIONS:
                await action(verb.id)(work)
            else:
                from .actions import own

                await own.run(work, verb.id)
        finally:
            self.acting = self._task = None
            self._app.opening(False)
            if self._next is not None:
                self._app.call_later(self._resume)

    def _wait(self, verb: Verb, argument: str | None) -> None:
        """Keep it until the one that is being saved is done; behind an open dialog nothing waits."""
        app, acting = self._app, self.acting
        if app.screen is not app.triage or self._next is not None:
            app.say(f"{verb.title}: {acting.title if acting else 'reading'} is still under way", "warning")
            return
        self._next = (verb, argument)
        app.holding(True)
        app.triage.paint_bars("footer")

    @property
    def waiting(self) -> Verb | None:
        """The verb that waits for the one that is under way."""
        return self._next[0] if self._next else None

    def _resume(self) -> None:
        waiting, self._next = self._next, None
        if waiting is not None:
            self.perform(*waiting)
        if self._next is None:
            self._app.holding(False)

    def listed(self) -> None:
        """The list that was asked for is there, or can't be: what waited for it goes on."""
        if self._next is not None and self.acting is None:
            self._app.call_later(self._resume)

    def back(self) -> None:
        """Esc on the main screen: what waits is forgotten, what runs is stopped, else one step back."""
        app = self._app
        if self._next is not None:
            self._next = None
            app.holding(False)
        if app.shift.running is not None:
            app.shift.running.stop()
        elif self.acting is None:
            escape(app)
