"""A console on a throw-away desk, with somebody beside the analyst: the tour, or a player of scenarios.

The guide sees the keys first and may take one; everything else does what it
always does.  What it says stands in a box at the top of every screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from textual import events
from textual.screen import Screen

from supporttui.demo.opening import Opening
from supporttui.verbs.registry import Verb

from .app import ConsoleApp
from .present.spans import Line
from .widgets.guide_box import GuideBox


class Guide(Protocol):
    """Who stands beside.

    height: lines of its box.  resting: it has nothing left to look at.  takes: whether it takes a key for itself.  looks: something may have
    happened.  tried: a verb was pressed.  leaves: the analyst wants out; True when the guide asks first.
    """

    height: int

    @property
    def resting(self) -> bool: ...
    def lines(self, width: int) -> Sequence[Line]: ...
    def takes(self, event: events.Key) -> bool: ...
    def looks(self) -> None: ...
    def tried(self, verb: Verb) -> None: ...
    def leaves(self) -> bool: ...


class GuidedApp(ConsoleApp, inherit_bindings=False):
    """The console of the sample desk and of scenarios."""

    guide: Guide | None = None

    def __init__(self, *given: Any, opening: Opening | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self.opening_with = opening

    async def _begin(self) -> None:
        await super()._begin()
        if self.opening_with is not None:
            self._open_with(self.opening_with)

    def _open_with(self, opening: Opening) -> None:
        if opening.tour:
            self.begin_tour()
        elif opening.scenario is not None:
            from .play import Player, Story

            if opening.speed and opening.clock is not None:
                player = Player(self, opening.scenario, opening.clock.advance, opening.speed)
                self.guide_by(player)
                self.run_worker(player.play(), name="player")
            else:
                self.guide_by(Story(self, opening.scenario))

    def begin_tour(self) -> None:
        """Begin the tour, or begin it again."""
        from .tour import Tour

        self.guide_by(Tour(self))

    def guide_by(self, guide: Guide | None) -> None:
        """Have somebody beside the analyst, or nobody any more."""
        self.guide = guide
        with self.batch_update():
            for screen in self._every_screen():
                for box in screen.query(GuideBox):
                    box.remove()
                self._add_box(screen)

    def _every_screen(self) -> list[Screen[Any]]:
        made = [screen for screen in self._installed_screens.values() if isinstance(screen, Screen)]
        return list({id(one): one for one in (*self.screen_stack, *made) if one.is_attached}.values())

    def _add_box(self, screen: Screen[Any]) -> None:
        if self.guide is not None and screen.is_attached:
            screen.mount(GuideBox(self._lines, self.guide.height))

    def _lines(self, width: int) -> Sequence[Line]:
        return self.guide.lines(width) if self.guide is not None else ()

    def paint_guide(self) -> None:
        """What the guide says has changed."""
        for screen in self._every_screen():
            for box in screen.query(GuideBox):
                box.paint()

    # -- what the guide is told -----------------------------------------------------------------

    def push_screen(self, screen: Any, *args: Any, **named: Any) -> Any:
        pushed = super().push_screen(screen, *args, **named)
        with suppress(Exception):  # a screen that can't have a box is as good without
            shown = self.get_screen(screen) if isinstance(screen, str) else screen
            if not shown.query(GuideBox):
                self._add_box(shown)
        if self.guide is not None:
            self.call_later(self._looks)
        return pushed

    async def on_event(self, event: events.Event) -> None:
        guide = self.guide
        if isinstance(event, events.Key) and not event.is_forwarded and guide is not None:
            if guide.takes(event):
                return
            await super().on_event(event)
            self.call_later(self._looks)
            return
        await super().on_event(event)

    def _looks(self) -> None:
        if self.guide is not None:
            self.guide.looks()

    def say(self, text: str, *args: Any, **named: Any) -> None:
        super().say(text, *args, **named)
        if self.guide is not None:
            self.call_later(self._looks)

    def perform(self, verb: Verb, *args: Any, **named: Any) -> None:
        if self.guide is not None:
            self.guide.tried(verb)
        super().perform(verb, *args, **named)

    def leave(self) -> None:
        """Out; a guide may ask whether that was meant."""
        if self.guide is None or not self.guide.leaves():
            super().leave()

    def back(self) -> None:
        """Esc where there is nothing to go back from ends the guide, if it wishes to be asked."""
        screen = self.triage
        narrowed = (
            screen.zoomed or screen.question.narrow or screen.view < 0 or screen.queue.list.held.marks.keys
        )
        if narrowed or self.acting or self.guide is None or not self.guide.leaves():
            super().back()
