"""Plays a scenario before the analyst's eyes, at a human's pace; any key takes the desk over.

The player presses the same keys as a person would, through the same door, and
waits after each until the console has nothing left to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import events
from textual.keys import _character_to_key

from supporttui.demo.scenarios.script import (
    Act,
    Drops,
    Keys,
    Others,
    Passes,
    Scenario,
    Step,
    Typed,
)
from supporttui.demo.scenarios.script import Verb as Press
from supporttui.desk.session import Desk
from supporttui.verbs.keymap import key_name
from supporttui.verbs.registry import BY_ID, Verb

from . import drafts
from .dialogs.dialog import Dialog
from .present.guide import box
from .present.spans import Line

if TYPE_CHECKING:
    from .guided import GuidedApp

READING = 0.055  # seconds to read a sign of a caption
LEAST = 1.6  # seconds for the shortest caption
KEY = 0.7  # seconds between two keys
LETTER = 0.05  # seconds between two letters of a text
QUIET = 0.004  # seconds between two looks whether the console is at rest
PAUSE = "space"


def pace(caption: str) -> float:
    """Seconds that a caption stands before its keys are pressed."""
    return max(LEAST, READING * len(caption))


def keys_of(press: Press, app: GuidedApp) -> tuple[str, ...]:
    """The keys that run a verb: its own, or its name on the `:` line."""
    keymap = app.shift.keymap
    found = keymap.keys(BY_ID[press.id])
    return found[:1] if found else (keymap.keys(BY_ID["command"])[0], *press.id, "enter")


def event_of(key: str) -> events.Key:
    """The event of a key by its name, or of a letter."""
    if len(key) == 1:
        return events.Key(_character_to_key(key), key)
    return events.Key(key, {"enter": "\r", "tab": "\t", "escape": "\x1b", "space": " "}.get(key))


class Story:
    """Tells what the desk was set up for, until the first key."""

    height = 4
    resting = True

    def __init__(self, app: GuidedApp, scenario: Scenario) -> None:
        self._app, self._scenario = app, scenario

    def lines(self, width: int) -> Sequence[Line]:
        hints = (f"supporttui --scenario {self._scenario.name} --play shows it", "")
        rule = self._app.shift.setting.glyphs.rule
        return box(self._scenario.name, (self._scenario.story,), hints, width, rule)

    def takes(self, event: events.Key) -> bool:
        self._app.guide_by(None)
        return False

    def looks(self) -> None:
        """It only tells."""

    def tried(self, verb: Verb) -> None:
        """It only tells."""

    def leaves(self) -> bool:
        return False


class Player:
    """Plays one scenario once.

    skips: lets time pass on the clock that the desk goes by.  speed: 2 is twice as fast as a person.
    """

    height = 4
    resting = True  # it waits by itself

    def __init__(
        self, app: GuidedApp, scenario: Scenario, skips: Callable[[timedelta], None], speed: float = 1.0
    ) -> None:
        self._app, self._scenario, self._skips, self._speed = app, scenario, skips, speed
        self._own: list[events.Key] = []  # keys that the player has pressed and the app not yet seen
        self._going = asyncio.Event()
        self._going.set()
        self._over = asyncio.Event()  # somebody took over
        self._place = 0
        self._pressed = ""
        self.ended = ""  # why it plays no more

    # -- what it shows --------------------------------------------------------------------------

    def lines(self, width: int) -> Sequence[Line]:
        steps = self._scenario.steps
        heading = f"{self._scenario.name}  {self._place + 1}/{len(steps)}"
        keys, words = ("Space pauses, any other key takes over", ""), steps[self._place].caption
        if self.ended:
            keys, words = ("any key closes this", ""), self.ended
        elif not self._going.is_set():
            keys = ("paused; Space goes on, any other key takes over", "paused")
        elif self._pressed:
            keys = (f"{self._pressed}   {keys[0]}", self._pressed)
        return box(heading, (words,), keys, width, self._app.shift.setting.glyphs.rule)

    # -- what it is told ------------------------------------------------------------------------

    def takes(self, event: events.Key) -> bool:
        if any(event is one for one in self._own):
            self._own = [one for one in self._own if one is not event]
            return False
        if event.key == PAUSE and not self.ended:
            (self._going.clear if self._going.is_set() else self._going.set)()
            self._app.paint_guide()
            return True
        first = not self.ended
        self.ended = self.ended or "taken over"
        self._going.set()
        self._over.set()
        self._app.guide_by(None)
        if first:
            self._app.say("the desk is yours now")
        return first

    def looks(self) -> None:
        """It waits by itself until the console is at rest."""

    def tried(self, verb: Verb) -> None:
        """It knows what it has pressed."""

    def leaves(self) -> bool:
        return False

    # -- the play -------------------------------------------------------------------------------

    async def play(self) -> None:
        """Every step: its caption, then its keys."""
        for place, step in enumerate(self._scenario.steps):
            self._place, self._pressed = place, ""
            self._app.paint_guide()
            await self._waits(pace(step.caption))
            await self._step(step)
            if self.ended:
                return
        await self._waits(LEAST)
        if not self.ended:
            self.ended = "That was it. The desk is yours; the quit key leaves and deletes it."
            self._app.paint_guide()

    async def _step(self, step: Step) -> None:
        for act in step.acts:
            if not self.ended:
                await self._act(act)
                await self.rests()

    async def _act(self, act: Act) -> None:
        match act:
            case Press():
                for key in keys_of(act, self._app):
                    await self._press(key, KEY)
            case Keys(names):
                for name in names:
                    await self._press(name, KEY)
            case Typed(text):
                for letter in text:
                    await self._press(letter, LETTER)
            case Passes(by):
                self._skips(by)
                await self._app.keeper.beat()
            case Others(actor, change):
                await self._others(actor, change)
            case Drops():
                await self._drops()

    async def _press(self, key: str, seconds: float) -> None:
        await self._waits(seconds)
        if self.ended:
            return
        event = event_of(key)
        self._own.append(event)
        if seconds == KEY:
            self._pressed = f"[{key_name(key, ascii=self._app.ink.ascii)}]"
            self._app.paint_guide()
        self._app.post_message(event)
        if seconds == KEY:
            await self.rests()

    async def _others(self, actor: str, act: Callable[[Desk], object]) -> None:
        """Somebody else's work, on our store's thread; the console finds out as if by itself."""
        await self._app.link.run(lambda desk: act(Desk(desk.store, desk.policy, desk.clock, actor)))
        self._app.reader.stale()
        await self._app.keeper.beat()

    async def _drops(self) -> None:
        """What a dropped line comes to: the unsent text is kept, and a new console tells of it."""
        app = self._app
        unsent = app.unsent()
        await app.link.run(lambda desk: drafts.save_all(desk, unsent))
        while isinstance(app.screen, Dialog) and len(app.screen_stack) > 1:
            app.screen.answer(None)
            await self.rests()
        app.drafts = await app.link.run(drafts.load)
        app._tell_drafts()

    async def _waits(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds / self._speed)
        await self._going.wait()

    async def rests(self) -> None:
        """Until the console has dealt with everything that was asked of it."""
        quiet = 0
        while quiet < 3 and not self.ended:
            await asyncio.sleep(QUIET)
            quiet = quiet + 1 if self._is_at_rest() else 0

    def _is_at_rest(self) -> bool:
        app = self._app
        return not self._own and app.reader.idle and not app.shift.busy
