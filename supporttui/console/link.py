"""The threads that talk to the store: one for what an analyst waits for, one for what takes its time.

The screen never waits for a database: work is handed over as a function of
the desk, its result comes back as frozen records.  Writes, tickets and all
else that is quick go to the first thread, which owns the store's connection
from the first call to the last.  Searches and counts go to a second one
with a connection of its own that can't write, so that the ticket under the
cursor never queues behind a search; `supersede` breaks off what nobody
waits for any more, and the search stands aside while a key is answered.  A
store in memory is seen by one connection only, so it has one thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock, get_native_id
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from supporttui.desk.session import Desk
from supporttui.errors import Stopped, StoreError

if TYPE_CHECKING:
    from supporttui.store import Store

T = TypeVar("T")
ASIDE = 0.02  # seconds that a search stands still after a key, so that its frame is not slowed
NAP = 0.002
NICER = 10  # how much lower the second thread's claim to a processor is
CLOSING = 0.3  # seconds that the end waits for the second connection


class Link:
    """Hands work to the database threads, to each in the order in which it was given."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self.waiting = 0
        self._ending = Lock()
        self._ended = False
        self._last: Future[object] | None = None
        self._asked = False  # whether the store was asked for a second connection
        self._second: Second | None = None

    async def run(self, work: Callable[[Desk], T]) -> T:
        """The result of `work(desk)`; what it raises is raised here."""
        return await self._wait(self._pool, work, self._desk)

    async def search(self, work: Callable[[Desk], T]) -> T:
        """The result of reads that may take long, beside `run`.  Errors: Stopped when superseded."""
        second = await self._beside()
        if second is None:
            return await self.run(work)
        return await self._wait(second.pool, second.search, work, second.edition)

    async def count(self, work: Callable[[Desk], T]) -> T:
        """As `search`, for what stays wanted whatever the analyst asks next."""
        second = await self._beside()
        if second is None:
            return await self.run(work)
        while True:
            try:
                return await self._wait(second.pool, second.read, work)
            except Stopped:  # an interrupt that was meant for the search before it
                if self._ended:
                    raise

    async def _beside(self) -> Second | None:
        """The second thread; None where there can be one connection only."""
        if not self._asked:
            await self._wait(self._pool, self._open_second)
        return self._second

    def _open_second(self) -> None:
        """On the first thread, when the second is first needed."""
        if self._asked:
            return
        try:
            store = self._desk.store.beside()
        except StoreError:
            store = None  # a server that lets nobody more in; the first connection does it all
        with self._ending:
            self._asked = True
            if store is not None and self._ended:
                store.close()
            elif store is not None:
                self._second = Second(_desk_on(store, self._desk), store)

    async def _wait(self, pool: ThreadPoolExecutor, call: Callable[..., T], *arguments: object) -> T:
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, call, *arguments)
        finally:
            self.waiting -= 1

    def supersede(self) -> None:
        """Nobody waits any more for the searches that were handed over until now: they end, with Stopped."""
        if self._second is not None and self._second.supersede() and not self._ended:
            self._pool.submit(self._second.interrupt)  # not here: it may mean to talk to a server

    def stand_aside(self) -> None:
        """A key came: for a moment the processor is the screen's.  May be called from any thread."""
        if self._second is not None:
            self._second.aside_until = monotonic() + ASIDE

    def finish(self, work: Callable[[Desk], object] | None = None, *, patience: float = 1.0) -> None:
        """The last work, then the threads end.  A search that still runs is broken off.

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
                if self._second is not None:
                    self._second.finish()
        if self._last is not None:
            self._last.result(timeout=patience)


def _desk_on(store: Store, desk: Desk) -> Desk:
    return Desk(store, desk.policy, desk.clock, desk.actor)


def _be_nice() -> None:
    """Have the other threads go before this one wherever a processor is short.

    Linux alone gives each thread a niceness of its own; elsewhere the whole console would become slower.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            own = get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + NICER)


class Second:
    """The second thread and its connection."""

    def __init__(self, desk: Desk, store: Store) -> None:
        self._desk, self._store = desk, store
        self._searching = False
        self._ended = False
        self.edition = 0  # of what the analyst asks: a search of an older one is broken off
        self.aside_until = 0.0
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="search", initializer=_be_nice)

    def search(self, work: Callable[[Desk], T], edition: int) -> T:
        """On the second thread: reads that are broken off once `edition` is no longer the one."""

        def superseded() -> bool:
            self._stand_aside()
            return self._ended or edition != self.edition

        if superseded():
            raise Stopped("stopped")
        self._searching = True
        try:
            with self._store.watched(superseded):
                return work(self._desk)
        finally:
            self._searching = False

    def read(self, work: Callable[[Desk], T]) -> T:
        """On the second thread: reads that only the end breaks off."""

        def ended() -> bool:
            self._stand_aside()
            return self._ended

        with self._store.watched(ended):
            return work(self._desk)

    def _stand_aside(self) -> None:
        while (left := self.aside_until - monotonic()) > 0 and not self._ended:
            sleep(min(left, NAP))

    def supersede(self) -> bool:
        """Whether a search is under way, which has to be interrupted where nothing can watch it."""
        self.edition += 1
        return self._searching

    def interrupt(self) -> None:
        if self._searching:
            self._store.interrupt()

    def finish(self) -> None:
        """Break off what runs, close the connection, end the thread."""
        self._ended = True
        self._store.interrupt()
        closed = self.pool.submit(self._store.close)
        self.pool.shutdown(wait=False)
        with contextlib.suppress(Exception):
            closed.result(timeout=CLOSING)
