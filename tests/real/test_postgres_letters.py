"""Letters on a PostgreSQL server: one acknowledgement whoever asks at once, each letter alone, one that comes back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from supporttui.clock import ManualClock
from supporttui.desk import letters, write
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import notices, open_store
from supporttui.store.session import Store
from supporttui.watch.channels.helper import Result
from supporttui.watch.sender import Sender
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures

HEAD = Letterhead(sender="support@vendor.example")
NEW = NewTicket(subject="NETEX abends", severity=2, contact_email="joe@acme.example")


class Sink(list):  # type: ignore[type-arg]
    def deliver(self, message, limit):  # type: ignore[no-untyped-def]
        self.append(message)
        return Result(True, False, "taken")


def desk(opened: Store) -> Desk:
    return Desk(
        opened, "netex", ManualClock(datetime(2026, 11, 16, 15, tzinfo=UTC)), "intake", letterhead=HEAD
    )


def test_letters_leave_one_by_one_and_may_come_back(store: Store) -> None:
    ours, sink = desk(store), Sink()
    number = report(ours, NEW).number
    letters.acknowledge(ours, number, verified=True)
    write.reply(ours, number, "Please send the dump.\n\nÜ")
    Sender(ours, sink, ZoneInfo("UTC")).send()
    assert [one.letter["kind"] for one in sink] == ["acknowledgement", "answer"]
    assert [one.letter["to"] for one in sink] == ["joe@acme.example"] * 2
    assert letters.came_back(ours, sink[1].letter["message_id"], "550 no such user")
    assert [one.kind for one in notices.dead(store)] == ["letter"]
    assert [one.kind for one in notices.take_for_console(store, "raj", ours.now())] == ["undelivered"]


def test_two_gateways_at_once_acknowledge_once(store: Store, server: str) -> None:
    numbers, sent = [report(desk(store), NEW).number for _ in range(8)], []

    def one(number: int) -> None:
        with open_store(server) as own:
            sent.append(bool(letters.acknowledge(desk(own), number)))

    threads = [threading.Thread(target=one, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sent), sum(sent)) == (8, 1)
