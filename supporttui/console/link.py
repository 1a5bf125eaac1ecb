"""The one thread that talks to the store.

The screen never waits for a database: work is handed over as a function of
the desk, its result comes back as frozen records.  The store's connection
belongs to this thread from the first call to the last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from supporttui.desk.session import Desk

T = TypeVar("T")


class Link:
    """Hands work to the database thread, in the order in which it was given."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self.waiting = 0
        self._ending = Lock()
        self._ended = False
        self._last: Future[object] | None = None

    async def run(self, work: Callable[[Desk], T]) -> T:
        """The result of `work(desk)`; what it raises is raised here."""
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, self._desk)
        finally:
            self.waiting -= 1

    def finish(self, work: Callable[[Desk], object] | None = None, *, patience: float = 1.0) -> None:
        """The last work, then the thread ends.  A search that still runs is broken off.

        patience: seconds to wait for a write that is under way.
        The guard of a dropped line may call this while the console's own end does: whoever comes second
        waits for the work of the first, and breaks nothing off.
        """
        with self._ending:
            if not self._ended:
                self._ended = True
                self._desk.store.interrupt()
                self._last = self._pool.submit(work, self._desk) if work else None
                self._pool.shutdown(wait=False, cancel_futures=self._last is None)
        if self._last is not None:
            self._last.result(timeout=patience)
