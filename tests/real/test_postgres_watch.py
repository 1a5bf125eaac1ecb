"""The watch on a server: one firing, one sender, the same outbox."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from supporttui.clock import ManualClock
from supporttui.desk import maintenance, oncall, tokens
from supporttui.desk.report import NewTicket
from supporttui.desk.report import report as reporting
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.roster import read_roster
from supporttui.store import events, notices, open_store
from supporttui.store.leader import Lead
from supporttui.store.session import Store
from supporttui.watch import pulse
from supporttui.watch.channels.helper import Result
from supporttui.watch.sender import Sender
from supporttui.watch.service import Watch
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures

START = datetime(2026, 11, 16, 15, tzinfo=UTC)
POLICY = read_policy(
    preset_text("netex").replace('reaches = ["desk"]', 'reaches = ["oncall:first"]'), "p.toml"
)
ROSTER = read_roster(
    'zone = "UTC"\n[[person]]\nname = "lee"\nemail = "lee@v.example"\n[[person]]\nname = "kim"\n'
    'email = "kim@v.example"\n[[rotation]]\nname = "first"\npeople = ["lee"]\nhandover = "09:00"\n'
    "starts = 2026-01-01\n",
    "r.toml",
)


class Sink(list):  # type: ignore[type-arg]
    def deliver(self, message, limit):  # type: ignore[no-untyped-def]
        self.append(message)
        return Result(True, False, "taken")


def desk(opened: Store, clock: ManualClock, actor: str = "watch") -> Desk:
    return Desk(opened, POLICY, clock, actor, ROSTER)


def test_two_watchers_on_a_server_fire_and_tell_once(store: Store, server: str) -> None:
    clock, sink = ManualClock(START), Sink()
    with open_store(server) as other:
        ours, theirs = desk(store, clock), desk(other, clock)
        number = reporting(ours, NewTicket(subject="down", severity=1)).number
        watches = [
            Watch(one, Sender(one, sink, ZoneInfo("UTC")), lambda: clock.now().timestamp(), name=name)
            for one, name in ((ours, "a"), (theirs, "b"))
        ]
        for hours in (0, 8, 0, 16, 0):
            clock.advance(hours=hours)
            for watch in watches:
                watch.turn()
        assert [(message.fields["number"], message.address) for message in sink] == [
            (str(number), "mail:lee@v.example"),
        ] * 2
        assert [watch.sender.lead.leading for watch in watches].count(True) == 1
        assert pulse.health(ours).alive(clock.now())
        leader = next(watch for watch in watches if watch.sender.lead.leading)
        follower = next(watch for watch in watches if watch is not leader)
        leader.end()
        assert follower.sender.lead.take()
        follower.end()


def test_overrides_maintenance_tokens_and_events(store: Store) -> None:
    clock, sink = ManualClock(START), Sink()
    ana = desk(store, clock, "ana")
    number = reporting(ana, NewTicket(subject="down", severity=1, customer="Acme")).number
    oncall.override(ana, "first", "kim", clock.now(), clock.now() + timedelta(hours=12), "swap")
    clock.advance(hours=7)
    window = maintenance.begin(ana, "customer", "ACME", clock.now() + timedelta(hours=3), "IPL")
    sender = Sender(ana, sink, ZoneInfo("UTC"), token=lambda notice: tokens.token_of(ana, notice))
    clock.advance(hours=1)
    from supporttui.watch.tick import tick

    tick(ana)
    assert sender.send() == []
    assert maintenance.end(ana, window) == 1
    assert len(sender.send()) == 1
    assert sink[0].address == "mail:kim@v.example"
    tokens.acknowledge(ana, sink[0].fields["token"])
    assert notices.of_ticket(store, number)[0].acknowledged_at == clock.now()
    assert [event.kind for event in events.since(store, START)] == ["oncall", "maintenance", "maintenance"]
    sender.lead.give_up()


def test_a_leader_whose_connection_was_lost_leads_only_if_nobody_else_does(store: Store, server: str) -> None:
    with open_store(server) as other:
        ours, theirs = Lead(store), Lead(other)
        assert ours.take() and not theirs.take()
        (pid,) = store.execute("SELECT pg_backend_pid()")[0]
        other.execute("SELECT pg_terminate_backend(?)", (pid,))
        limit = time.monotonic() + 10
        while not theirs.take():
            assert time.monotonic() < limit
        assert not ours.take(), "its connection is made anew, and the lock is somebody else's"
        ours.give_up()
        assert theirs.take(), "giving up what one doesn't hold takes nothing from others"
        theirs.give_up()
        assert ours.take()
        ours.give_up()
