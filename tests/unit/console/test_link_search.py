"""A search keeps nobody waiting: it has a thread of its own, is broken off, and stands aside for a key."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supporttui.clock import SystemClock
from supporttui.console import reading
from supporttui.console.link import ASIDE, NICER, Link
from supporttui.console.question import Question
from supporttui.desk import look
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import Stopped, StoreBusy, StoreUnfit
from supporttui.store import open_store
from supporttui.store.criteria import AllOf

# A million steps a second or so: for ever, as far as a test goes.
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10000000000) SELECT max(x) FROM n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(open_store(tmp_path / "desk.sqlite3"), "netex", SystemClock(), "ana")
    report(desk, NewTicket(subject="system down", severity=2))
    yield desk
    desk.store.close()


def endless(desk: Desk) -> object:
    return desk.store.execute(ENDLESS)


def count(desk: Desk) -> int:
    return look.count(desk, AllOf())


async def until(true: object) -> None:
    assert callable(true)
    limit = time.monotonic() + 10
    while not true():
        assert time.monotonic() < limit, "it never came true"
        await asyncio.sleep(0.002)


def test_tickets_and_writes_go_on_during_a_search(desk: Desk) -> None:
    async def shift() -> None:
        link = Link(desk)
        began = threading.Event()

        def search(beside: Desk) -> object:
            began.set()
            return endless(beside)

        searching = asyncio.create_task(link.search(search))
        await until(began.is_set)
        found = await link.run(lambda desk: look.ticket(desk, 1))
        assert found.ticket.subject == "system down"
        await link.run(lambda desk: report(desk, NewTicket(subject="second", severity=3)))
        assert await link.run(count) == 2
        assert not searching.done()
        link.supersede()
        with pytest.raises(Stopped):
            await asyncio.wait_for(searching, 5)
        assert await link.search(count) == 2, "the second connection sees what the first has written"
        link.finish()

    asyncio.run(shift())


def test_searches_that_nobody_waits_for_end_and_the_newest_runs(desk: Desk) -> None:
    async def shift() -> None:
        link = Link(desk)
        assert await link.search(count) == 1
        old = [asyncio.create_task(link.search(endless)) for _ in range(3)]
        await asyncio.sleep(0)
        link.supersede()
        newest = await asyncio.wait_for(link.search(count), 5)
        assert newest == 1
        outcomes = await asyncio.gather(*old, return_exceptions=True)
        assert [type(one) for one in outcomes] == [Stopped] * 3
        link.finish()

    asyncio.run(shift())


def test_a_count_outlives_the_question_that_was_asked_meanwhile(desk: Desk) -> None:
    async def shift() -> None:
        link = Link(desk)
        began, go_on = threading.Event(), threading.Event()

        def slowly(beside: Desk) -> int:
            began.set()
            assert go_on.wait(10)
            return count(beside)

        counting = asyncio.create_task(link.count(slowly))
        await until(began.is_set)
        link.supersede()
        go_on.set()
        assert await counting == 1
        link.finish()

    asyncio.run(shift())


def test_a_search_can_write_nothing(desk: Desk) -> None:
    async def shift() -> None:
        link = Link(desk)
        with pytest.raises(StoreUnfit):
            await link.search(lambda beside: report(beside, NewTicket(subject="x", severity=3)))
        link.finish()

    asyncio.run(shift())


def test_a_search_stands_still_while_a_key_is_answered(desk: Desk) -> None:
    async def shift() -> None:
        link = Link(desk)
        await link.search(count)
        link.stand_aside()
        began = time.monotonic()
        await link.search(count)
        assert time.monotonic() - began >= ASIDE * 0.9
        began = time.monotonic()
        await link.run(count)  # nothing of it for the first thread
        assert time.monotonic() - began < ASIDE or os.getloadavg()[0] > 2
        link.finish()

    asyncio.run(shift())


def test_a_store_in_memory_has_one_thread(desk: Desk) -> None:
    async def shift() -> None:
        store = open_store(":memory:")
        link = Link(Desk(store, "netex", SystemClock(), "ana"))
        await link.run(lambda desk: report(desk, NewTicket(subject="x", severity=3)))
        assert await link.search(count) == 1 and await link.count(count) == 1
        names = [
            await work(lambda _desk: threading.current_thread().name) for work in (link.run, link.search)
        ]
        assert names[0] == names[1]
        link.supersede()
        link.stand_aside()
        link.finish(lambda desk: desk.store.close())

    asyncio.run(shift())


def test_where_no_second_connection_is_let_in_the_first_does_it_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise StoreBusy("too many connections")

    monkeypatch.setattr(desk.store, "beside", refuse)

    async def shift() -> None:
        link = Link(desk)
        assert await link.search(count) == 1
        link.finish()

    asyncio.run(shift())


def test_the_end_breaks_a_search_off_and_lets_go_of_the_store(desk: Desk, tmp_path: Path) -> None:
    async def shift() -> None:
        link = Link(desk)
        began = threading.Event()

        def search(beside: Desk) -> object:
            began.set()
            return endless(beside)

        searching = asyncio.create_task(link.search(search))
        await until(began.is_set)
        start = time.monotonic()
        link.finish(count)
        assert time.monotonic() - start < 1
        with pytest.raises(Stopped):
            await asyncio.wait_for(searching, 5)

    asyncio.run(shift())
    desk.store.close()
    assert not (tmp_path / "desk.sqlite3-wal").exists(), "another connection still has the store open"


@pytest.mark.parametrize(
    ("query", "narrow", "searches"),
    [
        ("status:open sort:due", "", False),
        ("sev:1,2 -owner:@me", "", False),
        ("window production", "", True),
        ("sev:1 -window", "", True),
        ("sev:1 (owner:@me or window)", "", True),
        ("status:open", "netex", True),
    ],
)
def test_what_looks_into_text_is_a_search(desk: Desk, query: str, narrow: str, searches: bool) -> None:
    assert reading.searches(desk, Question("", query, narrow), ZoneInfo("UTC")) is searches


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness for each thread")
def test_the_searching_thread_alone_is_nicer(desk: Desk) -> None:
    async def shift() -> None:
        link = Link(desk)

        def niceness(_desk: Desk) -> int:
            return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

        own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        assert await link.run(niceness) == own
        assert await link.search(niceness) == min(19, own + NICER)
        assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own
        link.finish()

    asyncio.run(shift())
