"""Who takes part in a ticket is said by an analyst and taken back by one undo."""

from __future__ import annotations

import pytest

from supporttui.desk import participants
from supporttui.desk.act import fetch, new_batch
from supporttui.desk.report import NewTicket, report
from supporttui.desk.undo import redo, undo
from supporttui.desk.write import note
from supporttui.errors import NotFound, Refused, UsageError


@pytest.fixture
def number(desk):
    return report(desk, NewTicket(subject="x", severity=3, contact_email="Joe@Acme.example")).number


def of(desk, number):
    return [(one.email, one.name) for one in participants.of(desk, number)]


def test_who_is_added_takes_part_whatever_the_case(desk, number):
    participants.add(desk, number, " <Ann@Acme.example>", "Ann  Lee")
    participants.add(desk, number, "ann@acme.example")
    assert of(desk, number) == [("ann@acme.example", "Ann Lee")]
    ticket = fetch(desk, number)
    assert all(
        participants.takes_part(desk, ticket, one) for one in ("ANN@acme.example", "joe@ACME.example ")
    )
    assert not any(
        participants.takes_part(desk, ticket, one) for one in ("", "eve@acme.example", "acme.example")
    )


def test_adding_and_removing_are_undone_in_one_order_with_notes(desk, number):
    batch = new_batch()
    participants.add(desk, number, "ann@acme.example", batch=batch)
    note(desk, number, "Ann is the one to ask.", batch=batch)
    undo(desk)
    assert of(desk, number) == []
    redo(desk)
    assert of(desk, number) == [("ann@acme.example", "")]
    participants.remove(desk, number, "Ann@acme.example")
    assert of(desk, number) == []
    undo(desk)
    assert of(desk, number) == [("ann@acme.example", "")]


@pytest.mark.parametrize(
    "email", ["", "ann", "a b@x.example", "a@x.example, b@x.example", "a@b\x00", f"{'a' * 250}@x.example"]
)
def test_what_is_no_address_is_refused(desk, number, email):
    with pytest.raises(UsageError):
        participants.add(desk, number, email)


def test_the_contact_and_too_many_are_refused(desk, number, monkeypatch):
    with pytest.raises(Refused, match="the contact"):
        participants.add(desk, number, "joe@acme.example")
    monkeypatch.setattr(participants, "MOST", 1)
    participants.add(desk, number, "ann@acme.example")
    with pytest.raises(Refused, match="the most"):
        participants.add(desk, number, "kim@acme.example")
    with pytest.raises(NotFound):
        participants.remove(desk, number, "kim@acme.example")
    with pytest.raises(NotFound):
        participants.add(desk, 99, "kim@acme.example")
