"""Keys reach what they were meant for, one by one, however fast they come.

Over a slow line several keys arrive in one packet.  Handed on at once they
would all go to what has the focus now, although the first of them moves the
focus or opens a dialog: the words of a note would act as verbs on the queue.
So a key is handed on only when the one before it has been dealt with, and keys
that come while a dialog is being opened wait for that dialog.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump

# A widget may be gone before it says that it dealt with its key.
PATIENCE = 1.0
MOST_HELD = 1000  # keys that wait; more than anybody types ahead


class TypeAhead(App[int]):
    """An app that holds keys back until they can be dealt with."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key | events.Paste] = deque()
        self._since = 0.0  # when the key that is under way was handed on; 0: none is
        self._opening = False
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
        """A dialog is being opened: keys wait for it; or it is open: they are its."""
        self._opening = is_opening
        if not is_opening:
            self.call_later(self._hand_on)

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

    def _follow(self, nodes: Sequence[DOMNode | MessagePump]) -> None:
        """Go the way that the key goes, from the focus up to the screen, behind it in every queue."""
        for place, node in enumerate(nodes):
            if node.call_later(self._follow, nodes[place + 1 :]):
                return
        self.call_later(self._dealt_with)

    async def _dealt_with(self) -> None:
        self._since = 0.0
        await self._hand_on()
