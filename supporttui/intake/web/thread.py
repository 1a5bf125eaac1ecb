"""The one thread that talks to the store: requests hand it work and wait without holding each other up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from supporttui.desk.session import Desk

T = TypeVar("T")


class DeskThread:
    """A desk, used in one thread from its first call to its last.  make: called there, opens the store."""

    def __init__(self, make: Callable[[], Desk]) -> None:
        self._make = make
        self._desk: Desk | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="web desk")

    async def run(self, work: Callable[[Desk], T]) -> T:
        """The result of `work(desk)`; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._do, work)

    def call(self, work: Callable[[Desk], T]) -> T:
        """The same for who may wait."""
        return self._pool.submit(self._do, work).result()

    def close(self) -> None:
        """Finish what was begun and let go of the store."""
        self._pool.submit(self._leave).result()
        self._pool.shutdown()

    def _do(self, work: Callable[[Desk], T]) -> T:
        if self._desk is None:
            self._desk = self._make()
        return work(self._desk)

    def _leave(self) -> None:
        if self._desk is not None:
            self._desk.store.close()
            self._desk = None
