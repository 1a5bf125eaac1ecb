"""Who asks for a status is answered by a letter to the address on file, and the page tells nothing.

The page is the same text, sent before anything is looked up; what is looked up happens later, after a
time that nobody outside knows, so that neither words nor time tell known from unknown.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from .thread import DeskThread

if TYPE_CHECKING:
    from supporttui.desk.session import Desk

MOST = 1000  # questions that wait; a flood beyond that is forgotten
LATEST = 5.0  # seconds


class Asking:
    """answer: looks the question up and queues the letter.  latest: seconds after which it has begun."""

    def __init__(
        self, thread: DeskThread, answer: Callable[[Desk, str, str], object], *, latest: float = LATEST
    ) -> None:
        self._thread, self._answer, self._latest = thread, answer, latest
        self._waiting: set[asyncio.Task[None]] = set()

    def ask(self, reference: str, address: str) -> None:
        """Take a question; returns at once."""
        if len(self._waiting) >= MOST:
            return
        task = asyncio.create_task(self._later(reference, address))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def finish(self) -> None:
        """Answer what still waits."""
        while self._waiting:
            await asyncio.gather(*self._waiting, return_exceptions=True)

    async def _later(self, reference: str, address: str) -> None:
        await asyncio.sleep(random.uniform(0, self._latest))
        await self._thread.run(lambda desk: self._answer(desk, reference, address))
