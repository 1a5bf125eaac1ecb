"""The status of a number and calls on record, on a real PostgreSQL server as on SQLite."""

from __future__ import annotations

from datetime import UTC, datetime

from supporttui.clock import ManualClock
from supporttui.desk import undo, write
from supporttui.desk.calls import call, call_back
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.status_answer import answer, number_asked, owed_to
from supporttui.store.session import Store
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures


def test_the_status_of_a_number_and_a_call(store: Store) -> None:
    desk = Desk(store, "netex", ManualClock(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)), "ana")
    new = NewTicket(
        subject="down", severity=2, contact="Joe", contact_email="Joe@acme.example", callback="+1 612 1"
    )
    number = report(desk, new).number
    write.reply(desk, number, "Which release?", status="waiting-customer")
    reference = reference_of(desk, number)
    assert owed_to(desk, reference, "joe@ACME.example") == number_asked(desk, reference.upper()) == number
    assert (
        owed_to(desk, reference, "ann@acme.example")
        == owed_to(desk, str(number + 1), "joe@acme.example")
        == 0
    )
    told = answer(desk, number)
    assert (told.state, told.update) == ("waiting-customer", "Which release?")
    assert call(desk, number, "It is 8.1.", way="in", phone="+1 612 2").status == "open"
    assert call_back(desk, number) == ("+1 612 2", "")
    assert "8.1" not in answer(desk, number).text()
    undo.undo(desk)
    assert answer(desk, number).state == "waiting-customer"
    assert call_back(desk, number) == ("+1 612 1", "Joe")
