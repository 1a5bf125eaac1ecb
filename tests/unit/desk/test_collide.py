"""What two did to one ticket, field by field; looking at it writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import attention, change, close, collide, look
from supporttui.desk.collide import compare, write_some
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import Conflict
from supporttui.store import journal, open_store

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)


@pytest.fixture
def desks(tmp_path):
    clock = ManualClock(NOW)
    made = [Desk(open_store(tmp_path / "desk.sqlite3"), "netex", clock, name) for name in ("ana", "raj")]
    yield made
    for desk in made:
        desk.store.close()


@pytest.fixture
def number(desks):
    return report(desks[0], NewTicket(subject="down", severity=3, customer="Acme")).number


def fields(compared):
    return {one.field: (one.seen, one.now, one.mine, one.by) for one in compared.fields}


def test_three_values_of_a_field_and_who_changed_it(desks, number):
    ana, raj = desks
    seen = look.ticket(ana, number).ticket.version
    change.set_severity(raj, number, 1)
    change.set_severity(raj, number, 4)
    change.set_owner(raj, number, "mei")
    found = compare(ana, number, seen, lambda at: change.set_severity(ana, number, 2, seen=at))
    assert fields(found) == {"severity": (3, 4, 2, "raj")}
    assert [entry.kind for entry in found.since] == ["severity", "severity", "owner"]
    assert found.fields[0].theirs and found.acts and not found.refused


def test_comparing_leaves_no_trace(desks, number):
    ana, raj = desks
    before = (raj.store.data_version(), journal.latest_id(raj.store), look.ticket(raj, number).ticket)
    compare(ana, number, 1, lambda at: change.set_severity(ana, number, 1, seen=at))
    compare(ana, number, 1, lambda at: close.close(ana, number, seen=at))
    assert (raj.store.data_version(), journal.latest_id(raj.store), look.ticket(raj, number).ticket) == before


def test_tags_are_joined_and_not_overwritten(desks, number):
    ana, raj = desks
    change.tag(raj, number, ["theirs"])
    found = compare(ana, number, 1, lambda at: change.tag(ana, number, ["mine"], seen=at))
    assert fields(found)["tags"][:3] == ([], ["theirs"], ["mine", "theirs"])
    assert set(write_some(ana, found, {"tags"}, batch="b").tags) == {"theirs", "mine"}


def test_a_change_that_is_made_already_does_nothing(desks, number):
    ana, raj = desks
    change.set_severity(raj, number, 2)
    found = compare(ana, number, 1, lambda at: change.set_severity(ana, number, 2, seen=at))
    assert not found.acts and found.fields == ()


def test_a_change_that_is_refused_says_why(desks, number):
    ana, raj = desks
    close.close(raj, number)
    found = compare(ana, number, 1, lambda at: close.close(ana, number, seen=at))
    assert "closed already" in found.refused


def test_an_act_on_no_field_acts_all_the_same(desks, number):
    ana, raj = desks
    change.set_owner(raj, number, "mei")
    found = compare(ana, number, 1, lambda at: attention.escalate(ana, number, seen=at))
    assert found.acts and found.fields == ()


def test_every_kind_of_field_can_be_written_by_itself(desks, number):
    ana, _ = desks
    until, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    wanted = {
        "severity": lambda at: change.set_severity(ana, number, 2, seen=at),
        "status": lambda at: change.set_status(ana, number, "open", seen=at),
        "owner": lambda at: change.set_owner(ana, number, "bo", seen=at),
        "subject": lambda at: change.set_subject(ana, number, "up", seen=at),
        "tags": lambda at: change.tag(ana, number, ["t"], seen=at),
        "acknowledged_until": lambda at: attention.acknowledge(ana, number, until, seen=at),
        "snoozed_until": lambda at: attention.snooze(ana, number, later, seen=at),
        "site": lambda at: change.set_fields(ana, number, {"site": "0417"}, seen=at),
    }
    assert set(collide.SINGLE) <= set(wanted)
    for name, act in wanted.items():
        found = compare(ana, number, 1, act)
        mine = next(one.mine for one in found.fields if one.field == name)
        ticket = write_some(ana, found, {name}, batch="b")
        assert collide.plain(getattr(ticket, name)) == mine


def test_who_was_faster_once_more_is_told_again(desks, number):
    ana, raj = desks
    change.set_severity(raj, number, 1)
    found = compare(ana, number, 1, lambda at: change.set_severity(ana, number, 2, seen=at))
    change.set_severity(raj, number, 4)
    with pytest.raises(Conflict) as caught:
        write_some(ana, found, {"severity"}, batch="b")
    assert [entry.kind for entry in caught.value.since] == ["severity"]
    assert look.ticket(ana, number).ticket.severity == 4
