"""Keys reach what they were meant for, one by one, however fast they come.

Over a slow line several keys arrive in one packet.  Handed on at once they
would all go to what has the focus now, although the first of them moves the
focus or opens a dialog: the words of a note would act as verbs on the queue.
So a key is handed on only when the one before it has been dealt with, and keys
that come while a dialog is being opened, or while what its answer leads to is
not known yet, wait for that.

Invariant: what keys do does not depend on how fast they came.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump

# A widget may be gone before it says that it dealt with its key.
PATIENCE = 1.0
MOST_HELD = 1000  # keys that wait; more than anybody types ahead
# What a handler posts goes behind the first round, what the handler of that posts behind the second.
ROUNDS = 3


class TypeAhead(App[int]):
    """An app that holds keys back until they can be dealt with."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key | events.Paste] = deque()
        self._since = 0.0  # when the key that is under way was handed on; 0: none is
        self._opening = False
        self._edition = 0  # of what was last said about it
        self._holding = False

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if self._holding and isinstance(event, events.Key) and event.key == "escape":
                self._held.clear()
                self.back()
            elif len(self._held) < MOST_HELD:
                self._held.append(event)
                await self._hand_on()
        else:
            await super().on_event(event)

    def opening(self, is_opening: bool) -> None:
        """A dialog is being opened: keys wait for it; or it is open: they are its.

        That it is open counts when all that was asked of the app before is done.
        """
        self._edition += 1
        if is_opening:
            self._opening = True
        else:
            self.call_later(self._opened, self._edition)

    async def _opened(self, edition: int) -> None:
        if edition == self._edition:  # else another one is being opened meanwhile
            self._opening = False
            await self._hand_on()

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Keys wait for what comes of this, a moment at least: Esc must reach a dialog whose store is slow."""
        self.opening(True)
        patience = self.set_timer(PATIENCE, partial(self.opening, False))
        try:
            yield
        finally:
            patience.stop()
            self.opening(False)

    def holding(self, is_holding: bool) -> None:
        """A verb waits until another is saved, and what is typed after it waits behind it."""
        self._holding = is_holding
        if not is_holding:
            self.call_later(self._hand_on)

    def drop_held(self) -> int:
        """Forget the keys that wait; returns how many there were."""
        count = len(self._held)
        self._held.clear()
        return count

    def back(self) -> None:
        """Esc while keys are held: forget what they were to do."""

    async def _hand_on(self) -> None:
        while self._held and not self._opening and not self._holding and not self._is_under_way():
            self._since = time.monotonic()
            target = self.focused or self.screen
            await super().on_event(self._held.popleft())
            self._follow([node for node in target.ancestors_with_self if node is not self])

    def _is_under_way(self) -> bool:
        return self._since > 0 and time.monotonic() - self._since < PATIENCE

    def _follow(self, way: Sequence[DOMNode | MessagePump], place: int = 0, rounds: int = ROUNDS) -> None:
        """Go the way that the key goes, from the focus up to the screen, behind it in every queue; then again."""
        for at in range(place, len(way)):
            if way[at].call_later(self._follow, way, at + 1, rounds):
                return
        if rounds > 1:
            self.call_later(self._follow, way, 0, rounds - 1)
        else:
            self.call_later(self._dealt_with)

    async def _dealt_with(self) -> None:
        self._since = 0.0
        await self._hand_on()
