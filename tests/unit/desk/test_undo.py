"""Undo and redo: exact, refused where something left the house or was changed again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import attention, change, close, effort, look, relate, write
from supporttui.desk.act import new_batch
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import Refused
from supporttui.policy import load, preset_text
from supporttui.watch.tick import tick


@pytest.fixture
def number(desk):
    return report(desk, NewTicket(subject="Transfers restart", severity=3, tags=("a",))).number


def state(desk, number):
    view = look.ticket(desk, number)
    t = view.ticket
    fields = (t.severity, t.status, t.owner, t.subject, t.product, t.tags, t.minutes_logged, t.snoozed_until)
    due = {(d.key, d.due_at, d.state) for d in view.deadlines if d.state != "void"}
    return (*fields, t.merged_into, t.acknowledged_until, t.resolved_at, due, view.links)


VERBS = {
    "severity": lambda d, n: change.set_severity(d, n, 1),
    "status": lambda d, n: change.set_status(d, n, "open"),
    "owner": lambda d, n: change.set_owner(d, n, "raj"),
    "subject": lambda d, n: change.set_subject(d, n, "Another"),
    "fields": lambda d, n: change.set_fields(d, n, {"product": "BFX", "release": "5.5"}),
    "tags": lambda d, n: change.tag(d, n, ["b"], ["a"]),
    "acknowledge": lambda d, n: attention.acknowledge(d, n, d.now() + timedelta(hours=1)),
    "snooze": lambda d, n: attention.snooze(d, n, d.now() + timedelta(hours=1)),
    "resolve": lambda d, n: close.resolve(d, n),
    "effort": lambda d, n: effort.log_time(d, n, 25),
    "link": lambda d, n: relate.link(d, n, 2),
    "merge": lambda d, n: relate.merge(d, n, 2),
}


@pytest.mark.parametrize("verb", VERBS)
def test_undo_restores_and_redo_repeats(desk, number, clock, verb):
    report(desk, NewTicket(subject="The other"))
    before = state(desk, number)
    VERBS[verb](desk, number)
    after = state(desk, number)
    assert after != before
    clock.advance(seconds=40)
    undone = undo(desk)
    assert undone.numbers == (number,)
    assert state(desk, number) == before
    redo(desk)
    redone = state(desk, number)
    assert redone == after
    undo(desk)
    assert state(desk, number) == before


def test_an_undone_resolution_leaves_no_gap_in_the_clock(desk, number, clock):
    due = look.ticket(desk, number).ticket.next_due_at
    close.resolve(desk, number)
    clock.advance(hours=5)
    undo(desk)
    assert look.ticket(desk, number).ticket.next_due_at == due


def test_several_undos_go_back_step_by_step(desk, number):
    change.set_owner(desk, number, "raj")
    change.set_owner(desk, number, "mei")
    undo(desk)
    assert look.ticket(desk, number).ticket.owner == "raj"
    undo(desk)
    assert look.ticket(desk, number).ticket.owner == ""


def test_a_batch_is_taken_back_as_a_whole(desk, number):
    second = report(desk, NewTicket(subject="Second")).number
    batch = new_batch()
    for one in (number, second):
        change.set_owner(desk, one, "mei", batch=batch)
    assert set(undo(desk).numbers) == {number, second}
    assert [look.ticket(desk, one).ticket.owner for one in (number, second)] == ["", ""]


def test_a_note_is_retracted_not_erased(desk, number):
    write.note(desk, number, "Wrong ticket")
    undo(desk)
    view = look.ticket(desk, number)
    note = next(entry for entry in view.journal if entry.kind == "note")
    assert note.id in view.undone and note.text == "Wrong ticket"


def test_a_reply_has_left_the_house(desk, number):
    write.reply(desk, number, "We are on it.")
    with pytest.raises(Refused, match="left the house"):
        undo(desk)


def test_others_work_is_not_overwritten(desk, raj, number):
    change.set_owner(desk, number, "ana")
    change.set_owner(raj, number, "raj")
    with pytest.raises(Refused, match="changed again"):
        undo(desk)
    assert look.ticket(desk, number).ticket.owner == "raj"


def test_undo_is_ones_own(desk, raj, number):
    change.set_owner(raj, number, "raj")
    with pytest.raises(Refused):
        undo(desk)
    assert look.ticket(desk, number).ticket.owner == "raj"


def test_redo_needs_an_undo_as_the_last_action(desk, number):
    change.set_owner(desk, number, "ana")
    with pytest.raises(Refused, match="nothing to redo"):
        redo(desk)


def test_a_status_that_came_back_is_not_the_one_that_was_set(desk, raj, number):
    """ana waits, raj opens and waits again: the last word is raj's, whatever the value."""
    change.set_status(desk, number, "open")
    change.set_status(desk, number, "waiting-customer")
    change.set_status(raj, number, "open")
    change.set_status(raj, number, "waiting-customer")
    with pytest.raises(Refused, match="changed again"):
        undo(desk)
    assert look.ticket(desk, number).ticket.status == "waiting-customer"


def test_an_acknowledgement_whose_promise_was_missed_stays(desk, number, clock):
    attention.acknowledge(desk, number, clock.now() + timedelta(hours=1))
    clock.advance(hours=1)
    assert [rung.kind for rung in tick(desk).fired] == ["promise"]
    with pytest.raises(Refused, match="owner has been told since"):
        undo(desk)
    attention.acknowledge(desk, number, clock.now() + timedelta(hours=1))
    clock.advance(hours=1)
    assert [rung.kind for rung in tick(desk).fired] == ["promise"]


def test_a_reopening_after_which_somebody_was_told_stays_when_it_began_a_new_ladder(desk, clock, tmp_path):
    path = tmp_path / "again.toml"
    path.write_text(preset_text("netex").replace('on_reopen = "elapsed"', 'on_reopen = "restart"'))
    again = Desk(desk.store, load(path), clock, "ana")
    number = report(again, NewTicket(subject="Down", severity=1)).number
    close.resolve(again, number)
    close.reopen(again, number)
    clock.advance(hours=8)
    tick(again)
    with pytest.raises(Refused, match="director has been told since"):
        undo(again)


def test_each_of_two_equal_acknowledgements_can_be_undone(desk, number, clock):
    until = clock.now() + timedelta(hours=1)
    attention.acknowledge(desk, number, until)
    attention.acknowledge(desk, number, until)
    undo(desk)
    assert look.ticket(desk, number).ticket.acknowledged_until == until
    undo(desk)
    assert look.ticket(desk, number).ticket.acknowledged_until is None


def test_two_tickets_never_end_in_each_other(desk, raj, number):
    other = report(raj, NewTicket(subject="The other")).number
    relate.merge(desk, number, other)
    undo(desk)
    relate.merge(raj, other, number)
    with pytest.raises(Refused, match="itself merged"):
        redo(desk)
    assert look.ticket(desk, number).ticket.merged_into == 0


def test_a_merged_ticket_is_not_opened_by_undoing_its_closing(desk, raj, number):
    other = report(raj, NewTicket(subject="The other")).number
    close.close(desk, number)
    relate.merge(raj, number, other)
    with pytest.raises(Refused, match="was merged into"):
        undo(desk)
    undo(raj)
    undo(desk)
    assert look.ticket(desk, number).ticket.status == "new"


def test_a_merge_is_not_redone_on_a_ticket_that_was_opened_meanwhile(desk, raj, number):
    other = report(raj, NewTicket(subject="The other")).number
    close.close(desk, number)
    relate.merge(raj, number, other)
    undo(raj)
    undo(desk)
    with pytest.raises(Refused, match="changed again"):
        redo(raj)
    assert look.ticket(desk, number).ticket.merged_into == 0


def test_tags_added_beside_others_can_be_taken_back(desk):
    number = report(desk, NewTicket(subject="s", tags=("urgent",))).number
    change.tag(desk, number, ["night"])
    undo(desk)
    assert look.ticket(desk, number).ticket.tags == ("urgent",)
    redo(desk)
    assert set(look.ticket(desk, number).ticket.tags) == {"urgent", "night"}


def test_a_batch_is_taken_back_whole_however_large_it_is(desk, number, monkeypatch):
    monkeypatch.setattr("supporttui.desk.undoable.REACH", 5)
    change.set_owner(desk, number, "ana")
    numbers = [report(desk, NewTicket(subject=f"problem {at}", severity=3)).number for at in range(12)]
    batch = new_batch()
    for one in numbers:
        change.set_severity(desk, one, 1, batch=batch)
    for _ in range(2):
        assert sorted(undo(desk).numbers) == numbers
        assert {look.ticket(desk, one).ticket.severity for one in numbers} == {3}
        assert sorted(redo(desk).numbers) == numbers
        assert {look.ticket(desk, one).ticket.severity for one in numbers} == {1}
    assert sorted(undo(desk, numbers[0]).numbers) == [numbers[0]]
