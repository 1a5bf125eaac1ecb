"""Presence on a server: unlogged tables beside the store's, which no console's version notices."""

from __future__ import annotations

from datetime import UTC, datetime

from supporttui.clock import ManualClock
from supporttui.desk import presence
from supporttui.desk.session import Desk
from supporttui.store import journal, open_store
from supporttui.store.presence import Lease
from supporttui.store.session import Store
from tests.real.test_postgres import report, server, store, write

__all__ = ["server", "store"]  # fixtures

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)


def desk(opened: Store, actor: str) -> Desk:
    return Desk(opened, "netex", ManualClock(NOW), actor)


def test_leases_and_marks_without_touching_the_store(store: Store, server: str) -> None:
    number = report(store)
    with open_store(server) as other:
        before = store.data_version()
        assert presence.say(desk(other, "raj"), Lease("c2", "raj", number, "reply", NOW, NOW, 1))
        assert [one.actor for one in presence.now_here(desk(store, "ana"))] == ["raj"]
        assert presence.unseen(desk(store, "ana"), [number]) == frozenset()
        write(other, number, "news", actor="raj")
        assert store.data_version() != before
        before = store.data_version()
        assert presence.unseen(desk(store, "ana"), [number, 10**12]) == {number}
        assert presence.unseen_of(desk(store, "ana"), number).count == 1
        presence.saw(desk(store, "ana"), number, journal.latest_id(store))
        assert presence.unseen(desk(store, "ana"), [number]) == frozenset()
        presence.leave(desk(other, "raj"), "c2")
        assert presence.now_here(desk(store, "ana")) == ()
        assert store.data_version() == before


def test_tables_that_are_gone_or_forbidden_are_unknown_and_made_again(store: Store, server: str) -> None:
    import psycopg

    ana = desk(store, "ana")
    presence.say(ana, Lease("c1", "ana", 1, "", NOW, NOW, 1))
    with psycopg.connect(server, autocommit=True) as connection:
        kinds = connection.execute(
            "SELECT relpersistence FROM pg_class WHERE relname IN ('presence', 'seen')"
        )
        assert {kind for (kind,) in kinds} == {"u"}
        connection.execute("DROP TABLE presence, seen")
    assert store.presence.leases() is None
    assert presence.say(ana, Lease("c1", "ana", 1, "", NOW, NOW, 2))
    assert len(store.presence.leases() or ()) == 1
    with open_store(server, readonly=True) as reader:
        assert not reader.presence.say(Lease("c3", "eve", 1, "", NOW, NOW, 1))
        assert len(reader.presence.leases() or ()) == 1
