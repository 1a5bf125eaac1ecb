"""Telephone calls on record: what they say, what they end, and that an undo takes them back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import change, look, undo, write
from supporttui.desk.act import derive
from supporttui.desk.book import add
from supporttui.desk.call_words import called
from supporttui.desk.calls import call, call_back
from supporttui.desk.report import NewTicket, report
from supporttui.errors import Conflict, NotFound, Refused, UsageError


@pytest.fixture
def number(desk):
    facts = {"contact": "Joe Ortiz", "contact_phone": "+1 612 555 0142", "customer": "Acme Corp"}
    return report(desk, NewTicket(subject="tunnel drops", severity=2, **facts)).number


def newest(desk, number):
    return look.ticket(desk, number).journal[0]


def test_a_call_is_an_internal_entry_of_its_own_kind(desk, clock, number):
    at = clock.now() - timedelta(minutes=7)
    call(desk, number, "It is back.", way="in", phone="+1 612 555 0199", person="Ann", at=at)
    entry = newest(desk, number)
    assert (entry.kind, entry.public, entry.at, entry.text) == ("call", False, at, "It is back.")
    assert called(entry.data) == "called by Ann, +1 612 555 0199"


def test_who_calls_is_known_by_the_number_in_whatever_form(desk, number):
    add(desk, "customer", {"name": "Acme Corp"})
    add(desk, "contact", {"customer": "Acme Corp", "name": "Ann Lee", "phone": "+1 (612) 555-0177"})
    for phone, person in (
        ("612-555-0142", "Joe Ortiz"),
        ("00 1 612 555 0177", "Ann Lee"),
        ("0999", ""),
        ("0199 99", ""),
    ):
        call(desk, number, "x", way="in", phone=phone)
        assert newest(desk, number).data["person"] == person, phone


def test_a_call_that_comes_in_ends_waiting_for_the_customer_as_a_message_does(desk, number):
    change.set_status(desk, number, "waiting-customer")
    assert call(desk, number, "Tried again", way="out").status == "waiting-customer"
    assert call(desk, number, "They did it", way="in").status == "open"
    undo.undo(desk)
    view = look.ticket(desk, number)
    assert view.ticket.status == "waiting-customer"
    assert next(one for one in view.journal if one.text == "They did it").id in view.undone


def test_no_deadline_moves(desk, number):
    before = derive(desk, look.ticket(desk, number).ticket)
    after = call(desk, number, "x", way="in")
    call(desk, number, way="out", reached=False)
    assert derive(desk, after) == before


def test_nobody_answered_needs_no_words(desk, number):
    call(desk, number, way="out", phone="1", reached=False)
    assert called(newest(desk, number).data) == "called 1: nobody answered"
    with pytest.raises(UsageError, match="needs text"):
        call(desk, number, way="out")
    with pytest.raises(UsageError, match="came in"):
        call(desk, number, way="in", reached=False)


def test_what_is_refused_writes_nothing(desk, clock, number):
    size = len(look.ticket(desk, number).journal)
    with pytest.raises(UsageError, match="future"):
        call(desk, number, "x", way="in", at=clock.now() + timedelta(hours=1))
    with pytest.raises(UsageError, match="501"):
        call(desk, number, "x", way="in", phone="1" * 501)
    with pytest.raises(NotFound):
        call(desk, 77, "x", way="in")
    with pytest.raises(Conflict):
        seen = look.ticket(desk, number).ticket.version
        change.set_severity(desk, number, 1)
        call(desk, number, "x", way="in", seen=seen)
    assert len(look.ticket(desk, number).journal) == size + 1


def test_a_merged_ticket_takes_no_call(desk, number):
    from supporttui.desk import relate

    other = report(desk, NewTicket(subject="the same")).number
    relate.merge(desk, number, other)
    with pytest.raises(Refused, match="merged"):
        call(desk, number, "x", way="in")


def test_a_call_makes_nobodys_screen_stale(desk, raj, number):
    seen = look.ticket(desk, number).ticket.version
    call(raj, number, "x", way="out")
    assert write.reply(desk, number, "We work on it", seen=seen).status == "open"


class TestCallBack:
    def test_the_last_number_that_was_left_else_the_contacts(self, desk, number):
        assert call_back(desk, number) == ("+1 612 555 0142", "Joe Ortiz")
        call(desk, number, "mobile tonight", way="in", phone="+1 612 555 0199", person="Ann")
        call(desk, number, way="out", phone="+1 612 555 0000", reached=False)
        assert call_back(desk, number) == ("+1 612 555 0199", "Ann")
        undo.undo(desk)
        undo.undo(desk)
        assert call_back(desk, number) == ("+1 612 555 0142", "Joe Ortiz")

    def test_a_report_may_leave_another_one(self, desk):
        new = NewTicket(subject="down", contact="Joe", contact_phone="+1 612 1", callback="+1 612 2")
        number = report(desk, new).number
        assert call_back(desk, number) == ("+1 612 2", "Joe")
        assert look.ticket(desk, number).ticket.contact_phone == "+1 612 1"

    def test_of_a_caller_who_gave_only_that_it_is_the_contacts_telephone(self, desk):
        ticket = report(desk, NewTicket(subject="down", callback="+1 612 2"))
        assert ticket.contact_phone == "+1 612 2"
        assert "callback" not in newest(desk, ticket.number).data


def test_a_call_settles_what_waits_for_one_and_an_undo_has_it_wait_again(desk, clock, number):
    from supporttui.desk import inbox, kept

    values = {"kind": "call", "at": clock.now(), "ticket": number, "state": "waiting"}
    item = kept.insert(desk, "intake-item", values)
    call(desk, number, way="out", reached=False)
    assert inbox.count(desk) == (1, 1)
    call(desk, number, "They know.", way="out")
    assert inbox.count(desk) == (0, 0)
    undo.undo(desk)
    assert inbox.count(desk) == (1, 1)
    assert kept.book.get(desk.store, "intake-item", item.id).state == "waiting"
