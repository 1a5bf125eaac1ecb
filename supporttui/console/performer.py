"""Runs verbs, one at a time; one that comes while another is being saved waits, and what is typed after it too.

A waiting verb and the keys behind it are kept in their order, so that a
reply typed ahead lands in the reply.  Esc forgets them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from supporttui.verbs.registry import Verb

from .actions.move import MOVES, escape
from .actions.table import ACTIONS, action

if TYPE_CHECKING:
    from .app import ConsoleApp

REMEMBERED = 20


class Performer:
    """The verb that is under way in one console, and the one that waits for it."""

    def __init__(self, app: ConsoleApp) -> None:
        self._app = app
        self.acting: Verb | None = None
        self.recent: deque[str] = deque(maxlen=REMEMBERED)  # ids, for the crash file
        self._next: tuple[Verb, str | None] | None = None

    def perform(self, verb: Verb, argument: str | None = None) -> None:
        """Run a verb, with the answer to its question or without, or say why it can't run."""
        app = self._app
        self.recent.append(verb.id)
        if self.acting is not None and verb.id not in MOVES:
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

    async def _act(self, verb: Verb, argument: str | None) -> None:
        work = self._app.work
        try:
            if argument is not None:
                await work.apply(verb.id, work.targets(), argument)
            elif verb.id in ACTIONS:
                await action(verb.id)(work)
            else:
                from .actions import own

                await own.run(work, verb.id)
        finally:
            self.acting = None
            self._app.opening(False)
            if self._next is not None:
                self._app.call_later(self._resume)

    def _wait(self, verb: Verb, argument: str | None) -> None:
        """Keep it until the one that is being saved is done; behind an open dialog nothing waits."""
        app, acting = self._app, self.acting
        if app.screen is not app.triage or self._next is not None:
            app.say(f"{verb.title}: {acting.title if acting else ''} is still under way", "warning")
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
        self._app.holding(False)

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
