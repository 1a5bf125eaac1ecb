"""A desk whose policy changed derives every open deadline anew, once."""

from __future__ import annotations

from datetime import timedelta

from supporttui.desk import look
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
