"""The watcher's round: fires, sends, beats; a clock that jumps is noticed, held and never fires twice."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import StoreBusy
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import events, notices
from supporttui.watch import pulse
from supporttui.watch.channels.helper import Result
from supporttui.watch.sender import Sender
from supporttui.watch.service import Watch
from supporttui.watch.tick import tick


class World:
    """Wall clock and the time that passes, moved together or apart."""

    def __init__(self, clock):
        self.clock, self.seconds = clock, 1000.0

    def passes(self, seconds):
        self.clock.advance(seconds=seconds)
        self.seconds += seconds

    def jumps(self, seconds):
        self.clock.advance(seconds=seconds)


class Sink(list):
    def deliver(self, message, limit):
        self.append(message)
        return Result(True, False, "taken")


@pytest.fixture
def world(clock):
    return World(clock)


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def desk(store, clock):
    text = preset_text("netex").replace(
        'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["d@example.com"]'
    )
    return Desk(store, read_policy(text, "t.toml"), clock, "watch")


@pytest.fixture
def watch(desk, sink, world):
    return Watch(desk, Sender(desk, sink, ZoneInfo("UTC")), lambda: world.seconds, name="host:1")


def new(desk, severity=1):
    return report(desk, NewTicket(subject="down", severity=severity)).number


def test_a_round_fires_sends_and_beats(desk, watch, world, sink):
    number = new(desk)
    assert watch.turn().tick.fired == ()
    world.passes(8 * 3600)
    turn = watch.turn()
    assert [rung.ticket for rung in turn.tick.fired] == [number]
    assert (turn.jumped, turn.held) == (None, False)
    assert [message.fields["number"] for message in sink] == [str(number)]
    assert pulse.health(desk).alive(desk.now())
    world.passes(5)
    assert watch.turn().deliveries == ()


def test_a_silent_watcher_is_trouble_and_an_ended_one_is_none(desk, watch, world):
    watch.turn()
    assert pulse.health(desk).trouble(desk.now()) == ""
    world.passes(21)
    assert "silent since" in pulse.health(desk).trouble(desk.now())
    watch.turn()
    watch.end()
    assert pulse.health(desk).trouble(desk.now()) == "no watcher runs"


def test_a_deadline_that_did_not_fire_is_trouble(desk, watch, world):
    new(desk)
    watch.turn()
    world.passes(8 * 3600)
    pulse.beat(desk, "host:1", desk.now(), 99)
    assert pulse.health(desk).trouble(desk.now()) == ""
    world.passes(21)
    pulse.beat(desk, "host:1", desk.now(), 100)
    assert "has not fired" in pulse.health(desk).trouble(desk.now())


def test_a_dead_letter_and_a_long_wait_are_trouble(desk, watch, world):
    new(desk)
    world.passes(8 * 3600)
    watch.sender._deliverer = type("Down", (), {"deliver": lambda *_: Result(False, True, "down")})()
    watch.turn()
    world.passes(301)
    pulse.beat(desk, "host:1", desk.now(), 99)
    assert "1 notices wait" in pulse.health(desk).trouble(desk.now())
    notices.failed(desk.store, [1], "no such user", next_at=None)
    assert "could not be delivered" in pulse.health(desk).trouble(desk.now())


def test_a_suspended_machine_is_late_but_no_jump(desk, watch, world, sink):
    new(desk)
    watch.turn()
    world.passes(30 * 3600)
    turn = watch.turn()
    assert (turn.jumped, turn.held, len(turn.tick.fired)) == (None, False, 2)
    assert events.since(desk.store, desk.now() - timedelta(days=3)) == []


def test_a_small_jump_is_journalled_and_holds_nothing(desk, watch, world):
    watch.turn()
    world.passes(5)
    world.jumps(60)
    turn = watch.turn()
    assert (turn.jumped, turn.held) == (timedelta(seconds=60), False)
    (event,) = events.since(desk.store, desk.now() - timedelta(hours=1))
    assert event.text == "the clock was set 60 seconds ahead"
    world.passes(5)
    assert watch.turn().jumped is None


def test_a_far_jump_fires_nothing_for_two_minutes_and_then_tells_it_in_one_message(desk, watch, world, sink):
    for _ in range(5):
        new(desk)
    watch.turn()
    world.jumps(9 * 3600)
    assert watch.turn().held
    world.passes(119)
    assert watch.turn().held and sink == []
    world.passes(2)
    turn = watch.turn()
    assert len(turn.tick.fired) == 5
    (message,) = sink
    assert message.fields["tickets"] == "1,2,3,4,5"
    assert "5 tickets had deadlines that fired together" in message.subject
    assert notices.counts(desk.store)["queued"] == 0


def test_a_far_jump_that_is_put_right_in_time_fires_nothing(desk, watch, world, sink):
    new(desk)
    watch.turn()
    world.jumps(9 * 3600)
    assert watch.turn().held
    world.passes(30)
    world.jumps(-9 * 3600)
    turn = watch.turn()
    assert (turn.held, turn.tick.fired, sink) == (False, (), [])
    assert len(events.since(desk.store, desk.now() - timedelta(days=1))) == 2


def test_a_clock_put_back_fires_nothing_twice(desk, watch, world, sink):
    new(desk)
    watch.turn()
    world.passes(8 * 3600)
    watch.turn()
    world.jumps(-3600)
    watch.turn()
    world.passes(3600)
    watch.turn()
    assert len(sink) == 1


def test_the_next_round_comes_within_a_beat(desk, watch, world):
    assert watch.wait_seconds() == 5.0


def test_while_the_clock_is_held_the_watch_rests(desk, watch, world, sink):
    new(desk)
    watch.turn()
    world.passes(8 * 3600)
    watch.sender._deliverer = type("Down", (), {"deliver": lambda *_: Result(False, True, "down")})()
    watch.turn()
    assert watch.sender.lead.leading
    world.jumps(3600)
    assert watch.turn().held
    assert watch.wait_seconds() == 5.0, "a notice is due, and nothing may be sent: no round after round"


def test_the_clock_is_looked_at_while_a_delivery_takes_its_time(desk, watch, world, sink):
    number = new(desk)
    watch.turn()
    world.passes(8 * 3600)
    looks = []

    class Slow(Sink):
        def deliver(self, message, limit):
            world.passes(1)
            looks.append(watch.meanwhile())
            world.passes(16 * 3600)
            looks.append(watch.meanwhile())
            return super().deliver(message, limit)

    watch.sender._deliverer = Slow()
    turn = watch.turn()
    assert [rung.ticket for rung in turn.tick.fired] == [number]
    assert looks[0] is None, "just now is soon enough"
    assert [rung.ticket for rung in looks[1].tick.fired] == [number]
    assert pulse.health(desk).alive(desk.now())


def test_a_store_that_is_busy_is_left_for_the_next_round(desk, watch, world, sink, monkeypatch):
    new(desk)
    watch.turn()
    world.passes(8 * 3600)

    def busy(*_, **__):
        raise StoreBusy("the store is locked")

    monkeypatch.setattr(notices, "claim", busy)
    turn = watch.turn()
    assert turn.trouble == "the store is locked" and len(turn.tick.fired) == 1
    assert watch.wait_seconds() == 5.0
    monkeypatch.undo()
    assert len(watch.turn().deliveries) == 1


def test_what_quiet_hours_hold_back_is_no_trouble(desk, watch, world):
    new(desk)
    world.passes(8 * 3600)
    tick(desk)
    (notice,) = notices.waiting(desk.store)
    morning = desk.now() + timedelta(hours=8)
    notices.move(desk.store, notice.id, severity=3, next_at=morning)
    watch.turn()
    world.passes(3600)
    watch.turn()
    assert pulse.health(desk).trouble(desk.now()) == ""
    world.clock.set(morning + timedelta(seconds=301))
    pulse.beat(desk, "host:1", desk.now(), 99)
    assert "1 notices wait" in pulse.health(desk).trouble(desk.now())


def test_a_round_of_cron_lives_for_more_than_a_minute_and_leaves_sending_to_consoles(desk, world):
    pulse.beat(desk, "once:host", desk.now(), 1)
    world.passes(100)
    health = pulse.health(desk)
    assert health.alive(desk.now()) and not health.sends(desk.now())
    pulse.beat(desk, "host:1", desk.now(), 1)
    world.passes(10)
    pulse.beat(desk, "once:host", desk.now(), 2)
    assert pulse.health(desk).name == "host:1" and pulse.health(desk).sends(desk.now())
    world.passes(151)
    assert "silent since" in pulse.health(desk).trouble(desk.now())


def test_of_many_events_the_newest_are_shown(desk, clock):
    for number in range(10):
        events.append(desk.store, at=clock.now(), actor="a", kind="clock", text=str(number))
    assert [one.text for one in events.since(desk.store, clock.now(), 3)] == ["7", "8", "9"]
