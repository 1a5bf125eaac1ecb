"""The first frame's reading by a second process: the same as our own, or nothing when anything goes wrong."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from supporttui.clock import ManualClock
from supporttui.console import ahead
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import StoreError
from supporttui.store import deadlines, open_store

WISH = ahead.Wish(UTC, "Overdue", None, frozenset({1}))
NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "d"
    folder.mkdir(mode=0o700)
    with open_store(folder / "desk.sqlite3") as store:
        desk = Desk(store, "netex", ManualClock(NOW), "mail")
        for hours in (1, 9, 2):
            new = NewTicket(
                subject=f"down for {hours} h", severity=1, reported_at=NOW - timedelta(hours=hours)
            )
            report(desk, new)
    return folder / "desk.sqlite3"


def at_desk(path):
    return lambda: Desk(open_store(path), "netex", ManualClock(NOW), "ana")


def test_what_comes_back_is_what_one_would_have_read_oneself(path):
    found = ahead.begin(at_desk(path), WISH).kept()
    assert [rung.ticket for rung in found.fired] == [2]
    assert found.views[found.view].name == "Overdue"
    assert [key for key, _ in found.reading.queue.rows] == [2]
    assert {tab.name: tab.count for tab in found.tabs}["Open"] == 3
    again = ahead.read(at_desk(path)(), WISH)
    assert again == found._replace(fired=(), reading=again.reading)
    assert (again.reading.queue, again.reading.timers) == (found.reading.queue, found.reading.timers)


def test_the_look_at_the_clock_is_in_the_store_and_the_store_is_free(path):
    ahead.begin(at_desk(path), WISH).kept()
    with open_store(path) as store, store.write():
        states = {line.state for line in deadlines.of_ticket(store, 2) if line.role == "director"}
    assert states == {"fired"}


def test_a_store_or_a_policy_that_can_not_be_used_is_nothing_found(path):
    def refuse():
        raise StoreError("no store")

    assert ahead.begin(refuse, WISH).kept() is None
    assert ahead.begin(lambda: Desk(open_store(path), "nosuch", ManualClock(NOW), "ana"), WISH).kept() is None


def test_a_second_process_that_is_killed_is_nothing_found(path):
    def dies():
        os.kill(os.getpid(), signal.SIGKILL)

    assert ahead.begin(dies, WISH).kept() is None


def test_an_answer_that_is_none_is_nothing_found(path, monkeypatch):
    monkeypatch.setattr(ahead, "read", lambda desk, wish: "something else")
    assert ahead.begin(at_desk(path), WISH).kept() is None


def test_a_desk_that_is_only_read_is_not_looked_at_by_the_clock(path):
    found = ahead.begin(
        lambda: Desk(open_store(path, readonly=True), "netex", ManualClock(NOW), "ana"), WISH
    ).kept()
    assert (found.readonly, found.fired, found.next_due_at) == (True, (), None)


def test_without_a_second_process_one_reads_oneself(path, monkeypatch):
    def refuse():
        raise OSError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    assert ahead.begin(at_desk(path), WISH) is None


def test_a_second_process_that_is_late_is_not_waited_for(path):
    hear, say = os.pipe()  # never answered

    def late():
        os.read(hear, 1)

    promise = ahead.begin(late, WISH)
    assert promise.kept(0.2) is None
    os.close(say)
    os.close(hear)
    os.kill(promise._process, signal.SIGKILL)
    os.waitpid(promise._process, 0)
