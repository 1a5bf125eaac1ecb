"""The watcher's round: fires, sends, beats; a clock that jumps is noticed, held and never fires twice."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import events, notices
from supporttui.watch import pulse
from supporttui.watch.channels.helper import Result
from supporttui.watch.sender import Sender
from supporttui.watch.service import Watch


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
