"""One text for every way in which the status is asked for: command line, console, mail and web."""

from __future__ import annotations

from supporttui.desk import change, letters, write
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.status_answer import answer
from tests.unit.desk.mails import HEAD, letters_to

JOE = "joe@acme.example"


def test_a_letter_has_it_word_for_word(store, clock):
    desk = Desk(store, "netex", clock, "ana", letterhead=HEAD)
    number = report(desk, NewTicket(subject="tunnel drops", severity=2, contact_email=JOE)).number
    write.note(desk, number, "INTERNALzq")
    write.reply(
        desk, number, "We can repeat it.\n\n  indented\nNext: nothing\n-- \nana", status="waiting-customer"
    )
    change.set_owner(desk, number, "INTERNALzq")
    told = answer(desk, number)
    assert letters.status(desk, number, told.lines(), to=JOE)
    (letter,) = [one for one in letters_to(desk, JOE) if one["kind"] == "status"]
    assert told.text() in str(letter["text"])
    assert "INTERNALzq" not in str(letter)


def test_a_letter_goes_to_nobody_but_an_address_on_file(store, clock):
    desk = Desk(store, "netex", clock, "ana", letterhead=HEAD)
    number = report(desk, NewTicket(subject="tunnel drops", contact_email=JOE)).number
    assert not letters.status(desk, number, answer(desk, number).lines(), to="eve@evil.example")
    assert not [one for one in letters_to(desk) if one["kind"] == "status"]
