"""Known errors on a real PostgreSQL server: counts, suggestions, what is owed, and a release that is out and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from supporttui.clock import ManualClock
from supporttui.desk import book, known_errors, known_hints, releasing, way_out, write
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.store import notices
from supporttui.store.session import Store
from tests.real.test_postgres import server as server
from tests.real.test_postgres import store as store


def test_from_a_suggestion_to_the_release_that_corrects_it(store: Store) -> None:
    store.execute("TRUNCATE known_error, known_error_ticket, product, product_release RESTART IDENTITY")
    desk = Desk(store, "xnet", ManualClock(datetime(2026, 11, 16, 4, tzinfo=UTC)), "ana")
    book.add(desk, "product", {"name": "Exporter"})
    book.add(desk, "release", {"product": "Exporter", "name": "7.3"})
    one = known_errors.add(
        desk,
        {"product": "Exporter", "title": "Exporter abends at start", "reproducible": True, "material": True},
    )
    ticket = report(
        desk, NewTicket(subject="abended at start", product="exporter", customer="Acme", owner="ana")
    )
    line = known_hints.line_of(desk, ticket)
    assert line is not None and (line.number, line.linked) == (one.id, False)
    known_errors.link(desk, ticket.number, one.id)
    assert known_errors.show(desk, one.id).tally == (1, 1, 1)
    assert [owing.tickets for owing in way_out.owed(desk)] == [(ticket.number,)]
    write.reply(desk, ticket.number, "Start it twice.", workaround=True)
    assert way_out.owed(desk) == []
    known_errors.set_values(desk, one.id, {"fixed_in": "7.3"})
    release = book.find(desk, "release", "Exporter 7.3")
    book.change(desk, "release", release.id, {"released_on": "today"})
    assert known_errors.find(desk, "K1").state == "fixed"
    (notice,) = [each for each in notices.of_ticket(store, ticket.number) if each.address == "console:ana"]
    undo(desk)
    assert known_errors.find(desk, "K1").state == "planned"
    assert notices.of_ids(store, [notice.id])[0].state == "withdrawn"
    redo(desk)
    assert notices.of_ids(store, [notice.id])[0].state == "queued"
    assert not releasing.come_out(desk), "all of it is settled"
