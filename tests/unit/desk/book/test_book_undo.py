"""Undo and redo of the book, in one order with the tickets."""

from __future__ import annotations

import random

import pytest

from supporttui.desk import book, change, look
from supporttui.desk.act import new_batch, transaction
from supporttui.desk.report import NewTicket, report
from supporttui.desk.undo import redo, undo
from supporttui.errors import Refused
from supporttui.store import book as kept
from supporttui.store import customers


@pytest.fixture
def acme(desk):
    return book.add(desk, "customer", {"name": "Acme Corp"})


def now(desk, kind, record):
    return kept.get(desk.store, kind, record.id)


def test_an_added_record_goes_and_comes_back(desk, acme):
    assert undo(desk).description == "undone: adding customer Acme Corp"
    assert now(desk, "customer", acme).removed
    assert redo(desk).records == (("customer", acme.id),)
    assert not now(desk, "customer", acme).removed


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("product", {"name": "HyperIP"}, {"family": "WAN"}),
        (
            "os-release",
            {"os": "z/OS", "name": "3.1", "accessed_on": "2026-01-02"},
            {"accessed_on": "2026-01-05"},
        ),
        (
            "contract",
            {"customer": "Acme Corp", "plan": "x", "price": "EUR 10.00"},
            {"price": "11.50", "plan": "y"},
        ),
        ("modification", {"customer": "Acme Corp", "what": "exit 7"}, {"authorised": "yes"}),
    ],
)
def test_a_change_is_taken_back_exactly_and_done_again(desk, acme, kind, first, second):
    record = book.add(desk, kind, first)
    changed = book.change(desk, kind, record.id, second)
    undo(desk)
    back = now(desk, kind, record)
    assert {**book.texts(desk, kind, back)} == book.texts(desk, kind, record)
    assert back.version == 3
    redo(desk)
    assert book.texts(desk, kind, now(desk, kind, record)) == book.texts(desk, kind, changed)


def test_a_removal_with_its_parts_is_one_undo(desk, acme):
    book.add(desk, "host", {"customer": "Acme Corp", "name": "mvs1"})
    book.add(desk, "product", {"name": "HyperIP"})
    book.add(desk, "installation", {"host": "mvs1", "product": "HyperIP"})
    book.remove(desk, "customer", acme.id, parts=True)
    assert not book.listed(desk, "installation") and not book.listed(desk, "host")
    assert undo(desk).description == "undone: 3 changes in the book"
    assert len(book.listed(desk, "installation")) == len(book.listed(desk, "host")) == 1
    redo(desk)
    assert not book.listed(desk, "customer")


def test_tickets_and_book_are_one_order(desk, acme):
    number = report(desk, NewTicket(subject="Transfers restart", severity=3)).number
    book.change(desk, "customer", acme.id, {"key": "1"})
    change.set_severity(desk, number, 2)
    book.change(desk, "customer", acme.id, {"key": "2"})
    change.set_owner(desk, number, "raj")
    told = [undo(desk).description for _ in range(4)]
    assert told == [
        f"undone: owner on ticket {number}", "undone: a change of customer Acme Corp",
        f"undone: severity on ticket {number}", "undone: a change of customer Acme Corp",
    ]  # fmt: skip
    assert now(desk, "customer", acme).key == ""
    for _ in range(4):
        redo(desk)
    assert now(desk, "customer", acme).key == "2"
    assert look.ticket(desk, number).ticket.owner == "raj"
    with pytest.raises(Refused, match="nothing to redo"):
        redo(desk)


def test_a_batch_that_spans_both_is_taken_back_whole(desk, acme):
    number = report(desk, NewTicket(subject="Transfers restart", customer="Acme Corp")).number
    batch = new_batch()
    with transaction(desk):
        book.change(desk, "customer", acme.id, {"name": "Acme Ltd"}, batch=batch)
        change.set_fields(desk, number, {"customer": "Acme Ltd"}, batch=batch)
    undone = undo(desk)
    assert undone.numbers == (number,) and undone.records == (("customer", acme.id),)
    assert now(desk, "customer", acme).name == look.ticket(desk, number).ticket.customer == "Acme Corp"
    redo(desk)
    assert now(desk, "customer", acme).name == look.ticket(desk, number).ticket.customer == "Acme Ltd"


def test_an_undo_of_one_ticket_leaves_the_book_alone(desk, acme):
    number = report(desk, NewTicket(subject="Transfers restart")).number
    change.set_owner(desk, number, "raj")
    book.change(desk, "customer", acme.id, {"key": "1"})
    assert undo(desk, number).description == f"undone: owner on ticket {number}"
    assert now(desk, "customer", acme).key == "1"


def test_a_redo_is_refused_once_something_else_was_done(desk, acme):
    number = report(desk, NewTicket(subject="Transfers restart")).number
    book.change(desk, "customer", acme.id, {"key": "1"})
    undo(desk)
    change.set_owner(desk, number, "raj")
    with pytest.raises(Refused, match="nothing to redo"):
        redo(desk)


def test_nobody_elses_work_is_overwritten(desk, raj, acme):
    book.change(desk, "customer", acme.id, {"key": "1", "notes": "calls at night"})
    book.change(raj, "customer", acme.id, {"key": "2"})
    with pytest.raises(Refused, match=r"was changed since \(raj set customer number to 2\)"):
        undo(desk)
    book.change(raj, "customer", acme.id, {"key": "1"})
    with pytest.raises(Refused, match="changed since"):
        undo(desk)
    assert now(desk, "customer", acme).notes == "calls at night"


def test_another_field_that_somebody_changed_stays(desk, raj, acme):
    book.change(desk, "customer", acme.id, {"key": "1"})
    book.change(raj, "customer", acme.id, {"notes": "calls at night"})
    undo(desk)
    after = now(desk, "customer", acme)
    assert (after.key, after.notes) == ("", "calls at night")


def test_what_others_built_on_a_record_keeps_it(desk, raj, acme):
    book.add(raj, "site", {"customer": "Acme Corp", "code": "MSP-1"})
    with pytest.raises(Refused, match="1 site still refers to it"):
        undo(desk)
    assert not now(desk, "customer", acme).removed


def test_what_came_along_with_an_import_of_tickets_is_no_action_of_its_own(desk):
    customers.ensure(desk.store, "Gamma", actor="ana", at=desk.now())
    with pytest.raises(Refused, match="nothing of yours"):
        undo(desk)


def test_a_name_whose_adding_was_undone_is_free_again(desk, acme):
    book.change(desk, "customer", acme.id, {"notes": "old"})
    undo(desk)
    undo(desk)
    again = book.add(desk, "customer", {"name": "ACME corp", "key": "7"})
    assert (again.id, again.name, again.key, again.notes, again.removed) == (
        acme.id,
        "ACME corp",
        "7",
        "",
        False,
    )
    undo(desk)
    assert book.listed(desk, "customer") == []


def test_what_somebody_else_did_is_not_mine_to_undo(desk, raj, acme):
    with pytest.raises(Refused, match="nothing of yours"):
        undo(raj)


@pytest.mark.parametrize("seed", range(6))
def test_any_interleaving_comes_back_step_by_step(desk, seed):
    """Whatever was done to tickets and book: n undos give the state before, n redos the state after."""
    rng = random.Random(seed)
    number = report(desk, NewTicket(subject="Transfers restart", severity=3)).number
    one = book.add(desk, "customer", {"name": "Acme Corp"})
    other = book.add(desk, "product", {"name": "HyperIP"})

    def state():
        ticket = look.ticket(desk, number).ticket
        fields = [
            (kind, *(getattr(now(desk, kind, record), name) for name in ("name", "notes", "removed")))
            for kind, record in (("customer", one), ("product", other))
        ]
        return (ticket.severity, ticket.owner, ticket.tags, fields)

    deeds = (
        lambda at: change.set_severity(desk, number, 1 + at % 4),
        lambda at: change.set_owner(desk, number, f"name{at}"),
        lambda at: change.tag(desk, number, [f"t{at}"], []),
        lambda at: book.change(desk, "customer", one.id, {"notes": f"note {at}"}) if not now(desk, "customer", one).removed
        else book.restore(desk, "customer", one.id),
        lambda at: book.change(desk, "product", other.id, {"name": f"Name {at}"}),
        lambda at: book.remove(desk, "customer", one.id),
    )  # fmt: skip
    states = [state()]
    for at in range(14):
        rng.choice(deeds)(at)
        if state() != states[-1]:
            states.append(state())
    for expected in reversed(states[:-1]):
        undo(desk)
        assert state() == expected
    for expected in states[1:]:
        redo(desk)
        assert state() == expected
