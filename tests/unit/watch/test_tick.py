"""The tick: everything owed fires, once, in order, however late and whoever looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import attention, change, close, look
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import Conflict, Refused
from supporttui.policy import load, preset_text
from supporttui.watch.tick import tick

# NetEx support policy, escalation table: severity → (role, elapsed from the initial report).
NETEX = {
    1: (("director", timedelta(hours=8)), ("president", timedelta(hours=24))),
    2: (("director", timedelta(days=3)), ("president", timedelta(days=7))),
    3: (("director", timedelta(days=10)), ("president", timedelta(days=14))),
    4: (("director", timedelta(days=45)), ("president", timedelta(days=60))),
}


def new(desk, severity, **fields):
    return report(desk, NewTicket(subject=f"Severity {severity}", severity=severity, **fields)).number


def fired(desk, number):
    return [
        (entry.data["role"], entry.at)
        for entry in reversed(look.ticket(desk, number).journal)
        if entry.kind == "escalated"
    ]


@pytest.mark.parametrize("severity", NETEX)
def test_each_rung_fires_at_its_second_and_not_before(desk, clock, severity):
    number, start = new(desk, severity), clock.now()
    for role, after in NETEX[severity]:
        clock.set(start + after - timedelta(seconds=1))
        assert tick(desk).fired == ()
        clock.set(start + after)
        assert [(rung.ticket, rung.role) for rung in tick(desk).fired] == [(number, role)]
        assert tick(desk).fired == ()
    assert fired(desk, number) == [(role, start + after) for role, after in NETEX[severity]]
    assert tick(desk).next_due_at is None


def test_a_fired_rung_makes_the_ticket_overdue_until_it_is_acknowledged(desk, clock):
    number = new(desk, 1)
    due = clock.now() + timedelta(hours=8)
    clock.set(due + timedelta(minutes=3))
    tick(desk)
    assert look.ticket(desk, number).ticket.overdue_since == due
    attention.acknowledge(desk, number, clock.now() + timedelta(hours=1))
    assert look.ticket(desk, number).ticket.overdue_since is None


def test_a_promise_that_passes_raises_the_ticket_again(desk, clock):
    number = new(desk, 1)
    clock.advance(hours=8)
    tick(desk)
    attention.acknowledge(desk, number, clock.now() + timedelta(hours=1))
    clock.advance(hours=1)
    assert [rung.kind for rung in tick(desk).fired] == ["promise"]
    assert look.ticket(desk, number).ticket.overdue_since is not None


def test_late_start_fires_everything_owed_in_one_notice(desk, clock):
    number = new(desk, 1)
    clock.advance(days=2)
    assert [rung.role for rung in tick(desk).fired] == ["director", "president"]
    entries = [e for e in look.ticket(desk, number).journal if e.kind == "escalated"]
    assert len({entry.batch for entry in entries}) == 1
    assert entries[0].data["notice"] == ["president", "director"]
    assert {entry.data["late_seconds"] for entry in entries} == {40 * 3600, 24 * 3600}


def test_a_clock_that_jumps_back_fires_nothing_twice(desk, clock):
    number = new(desk, 1)
    clock.advance(hours=9)
    tick(desk)
    clock.advance(hours=-5)
    assert tick(desk).fired == ()
    clock.advance(hours=6)
    assert tick(desk).fired == ()
    assert len(fired(desk, number)) == 1


def test_a_severity_change_owes_the_newly_past_rungs_and_tells_nobody_twice(desk, clock):
    number = new(desk, 3)
    clock.advance(days=11)
    tick(desk)
    change.set_severity(desk, number, 1)
    assert [rung.role for rung in tick(desk).fired] == ["president"]
    assert [role for role, _ in fired(desk, number)] == ["director", "president"]


def test_what_was_escalated_by_hand_is_not_told_again(desk, clock):
    number = new(desk, 1)
    attention.escalate(desk, number)
    clock.advance(hours=9)
    assert tick(desk).fired == ()
    clock.advance(hours=16)
    assert [rung.role for rung in tick(desk).fired] == ["president"]


def test_resolved_tickets_do_not_fire(desk, clock):
    number = new(desk, 1)
    close.resolve(desk, number)
    clock.advance(days=3)
    assert tick(desk).fired == ()


def test_a_hundred_at_once(desk, clock):
    numbers = {new(desk, 1) for _ in range(100)}
    clock.advance(hours=8)
    assert {rung.ticket for rung in tick(desk).fired} == numbers
    assert all(len(fired(desk, number)) == 1 for number in numbers)


def test_a_clock_that_was_put_back_does_not_change_the_order_of_things(desk, clock):
    """Resolved at three by the wrong clock, reopened at two by the right one: it is open and escalates."""
    number, start = new(desk, 1), clock.now()
    clock.advance(hours=3)
    close.resolve(desk, number)
    clock.advance(hours=-1)
    close.reopen(desk, number)
    clock.set(start + timedelta(hours=8))
    assert [rung.role for rung in tick(desk).fired] == ["director"]
    clock.advance(hours=-5)
    attention.acknowledge(desk, number, clock.now() + timedelta(hours=1))
    assert look.ticket(desk, number).ticket.overdue_since is None


def test_a_role_owed_by_several_things_is_named_once(desk, clock, tmp_path):
    text = preset_text("netex").replace('after = "8 hours"', 'after = "8 hours"\nwarn = ["50%", "75%"]')
    (tmp_path / "warned.toml").write_text(text)
    warned = Desk(desk.store, load(tmp_path / "warned.toml"), clock, "ana")
    number = new(warned, 1)
    clock.advance(days=2)
    assert len(tick(warned).fired) == 4
    told = [e.data["notice"] for e in look.ticket(warned, number).journal if e.actor == "clock"]
    assert told == [["president", "director", "owner"]] * 4


def test_a_hand_made_alarm_is_refused_when_anything_fired_since_the_screen_was_drawn(desk, clock):
    number = new(desk, 1)
    seen = look.ticket(desk, number).ticket.version
    clock.advance(hours=8)
    tick(desk)
    with pytest.raises(Conflict, match="clock: escalated"):
        attention.escalate(desk, number, seen=seen)
    with pytest.raises(Conflict, match="clock: escalated"):
        attention.acknowledge(desk, number, clock.now() + timedelta(hours=1), seen=seen)
    assert change.set_owner(desk, number, "raj", seen=seen).owner == "raj"


def test_escalating_by_hand_goes_up_the_ladder_and_not_to_a_repetition(desk, clock, tmp_path):
    text = preset_text("netex").replace('after = "8 hours"', 'after = "8 hours"\nrepeat = "2 hours"')
    (tmp_path / "again.toml").write_text(text)
    again = Desk(desk.store, load(tmp_path / "again.toml"), clock, "ana")
    number = new(again, 1)
    clock.advance(hours=8)
    tick(again)
    attention.escalate(again, number)
    assert [role for role, _ in fired(again, number)] == ["director", "president"]
    clock.advance(hours=2)
    assert [rung.role for rung in tick(again).fired] == ["director"]
    with pytest.raises(Refused, match="every role"):
        attention.escalate(again, number)
    with pytest.raises(Refused, match="no rung of its ladder tells owner"):
        attention.escalate(again, number, "owner")
