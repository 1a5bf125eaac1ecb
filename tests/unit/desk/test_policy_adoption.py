"""A desk whose policy changed derives every open deadline anew, once."""

from __future__ import annotations

from datetime import timedelta

from supporttui.desk import change, look
from supporttui.desk.adopt import adopt
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy import load, preset_text
from supporttui.watch.tick import tick


def test_open_deadlines_follow_the_new_policy(desk, clock, tmp_path):
    number = report(desk, NewTicket(subject="Down", severity=1)).number
    assert adopt(desk) == 0
    text = preset_text("netex").replace('after = "8 hours"', 'after = "4 hours"')
    changed = tmp_path / "quick.toml"
    changed.write_text(text, encoding="utf-8")
    other = Desk(desk.store, load(changed), clock, "ana")
    assert adopt(other) == 1
    due = {d.role: d.due_at for d in look.ticket(other, number).deadlines}
    assert due["director"] == clock.now() + timedelta(hours=4)
    assert adopt(other) == 0


def test_an_early_warning_makes_nothing_overdue(desk, clock, tmp_path):
    text = preset_text("netex").replace('after = "8 hours"', 'after = "8 hours"\nwarn = ["75%"]')
    early = tmp_path / "early.toml"
    early.write_text(text, encoding="utf-8")
    warned = Desk(desk.store, load(early), clock, "ana")
    number = report(warned, NewTicket(subject="Down", severity=1)).number
    clock.advance(hours=6)
    assert [rung.kind for rung in tick(warned).fired] == ["warning"]
    ticket = look.ticket(warned, number).ticket
    assert ticket.overdue_since is None
    assert ticket.next_due_at == clock.now() + timedelta(hours=2)


def changed_desk(desk, tmp_path, name="quick", after="4 hours"):
    path = tmp_path / f"{name}.toml"
    text = preset_text("netex").replace('after = "8 hours"', f'after = "{after}"')
    path.write_text(text, encoding="utf-8")
    return Desk(desk.store, load(path), desk.clock, "raj")


def director(desk, number):
    return next(d for d in look.ticket(desk, number).deadlines if d.role == "director")


def test_a_policy_changed_before_the_first_tick_is_taken_over_too(desk, clock, tmp_path):
    number = report(desk, NewTicket(subject="Down", severity=1)).number
    other = changed_desk(desk, tmp_path)
    clock.advance(hours=4)
    assert [rung.role for rung in tick(other).fired] == ["director"]
    assert director(other, number).policy_hash == other.policy.hash


def test_what_a_desk_under_another_policy_planned_is_planned_anew(desk, clock, tmp_path):
    tick(desk)
    other = changed_desk(desk, tmp_path)
    number = report(other, NewTicket(subject="Down", severity=1)).number
    tick(desk)
    assert director(desk, number).due_at == clock.now() + timedelta(hours=8)
    assert adopt(desk) == 0


def test_a_change_under_another_policy_while_one_is_taken_over_is_not_lost(desk, clock, tmp_path):
    number = report(desk, NewTicket(subject="Down", severity=1)).number
    other = changed_desk(desk, tmp_path)

    def meanwhile(_done):
        change.set_owner(desk, number, "raj")

    assert adopt(other, meanwhile) == 1
    assert director(desk, number).due_at == clock.now() + timedelta(hours=8)
    assert adopt(other) == 1
    assert director(desk, number).due_at == clock.now() + timedelta(hours=4)
    assert adopt(other) == 0


def test_a_field_that_no_rule_looks_at_leaves_the_severity(desk, clock, tmp_path):
    """The ticket was severity 1 before the policy demanded a telephone call for that."""
    number = report(desk, NewTicket(subject="Down", severity=1, channel="email")).number
    demand = '[[demand]]\nname = "by telephone"\nseverity = 1\nchannel = "phone"\notherwise = 2\n'
    (tmp_path / "phone.toml").write_text(preset_text("netex") + demand, encoding="utf-8")
    strict = Desk(desk.store, load(tmp_path / "phone.toml"), clock, "ana")
    assert change.set_fields(strict, number, {"contact": "Lena Park"}).severity == 1
    assert change.set_fields(strict, number, {"environment": "production"}).severity == 2


def test_two_desks_under_different_policies_do_not_undo_each_other_for_ever(desk, clock):
    number = report(desk, NewTicket(subject="Down", severity=1)).number
    tick(desk)
    other = Desk(desk.store, "xnet", clock, "mei")
    tick(other)
    theirs = look.ticket(desk, number).deadlines
    assert (adopt(desk), adopt(other)) == (0, 0)
    tick(desk)
    assert look.ticket(desk, number).deadlines == theirs
