"""What came in is journalled and undone together with tickets."""

from __future__ import annotations

import pytest

from supporttui.desk import kept
from supporttui.desk.act import new_batch
from supporttui.desk.report import NewTicket, report
from supporttui.desk.undo import redo, undo
from supporttui.desk.write import note
from supporttui.errors import Conflict, Refused
from supporttui.store import book


@pytest.fixture
def item(desk):
    return kept.insert(desk, "intake-item", {"kind": "file", "at": desk.now(), "subject": "dump.bin"})


def test_what_came_in_by_itself_is_nobodys_to_undo(desk, item):
    assert (item.state, item.at) == ("waiting", desk.now())
    with pytest.raises(Refused):
        undo(desk)


def test_a_decision_and_what_it_did_to_a_ticket_are_undone_as_one(desk, item):
    number = report(desk, NewTicket(subject="x", severity=3)).number
    batch = new_batch()
    note(desk, number, "attached", batch=batch)
    done = kept.change(
        desk, "intake-item", item, {"state": "attached", "ticket": number}, text="dump.bin", batch=batch
    )
    assert undo(desk).records == (("intake-item", item.id),)
    assert book.get(desk.store, "intake-item", item.id).state == "waiting"
    redo(desk)
    again = book.get(desk.store, "intake-item", item.id)
    assert (again.state, again.ticket, again.version) == ("attached", number, done.version + 2)


def test_an_addition_is_taken_away_and_put_back(desk):
    rule = kept.add(desk, "sender-rule", {"address": "@spam.example"}, text="a rule")
    undo(desk)
    assert book.get(desk.store, "sender-rule", rule.id).removed
    redo(desk)
    assert not book.get(desk.store, "sender-rule", rule.id).removed


def test_nobodys_work_is_overwritten(desk, raj, item):
    kept.change(desk, "intake-item", item, {"state": "rejected"}, text="dump.bin")
    with pytest.raises(Conflict):
        kept.change(raj, "intake-item", item, {"state": "accepted"}, text="dump.bin")
    now = book.get(desk.store, "intake-item", item.id)
    kept.change(raj, "intake-item", now, {"state": "accepted"}, text="dump.bin")
    with pytest.raises(Refused):
        undo(desk)
