"""The book on a real PostgreSQL server: the same records, checks, undo, import and export as on SQLite."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import book, change, export
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import StoreError, UsageError
from supporttui.intake import importer
from supporttui.intake.book import run
from supporttui.store import book as kept
from supporttui.store import customers
from tests.real.test_postgres import _empty, server, store

__all__ = ["server", "store"]  # fixtures

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(store):
    return Desk(store, "xnet", ManualClock(NOW), "ana")


def write(desk):
    for name in ("Acme Corp", "Bêta"):
        book.add(desk, "customer", {"name": name, "key": f"K{name[0]}"})
    book.add(desk, "site", {"customer": "Acme Corp", "code": "A-1", "zone": "America/Chicago"})
    book.add(desk, "product", {"name": "HyperIP"})
    book.add(desk, "release", {"product": "HyperIP", "name": "7.1", "released_on": "2026-01-01"})
    book.add(
        desk, "release", {"product": "HyperIP", "name": "7.2", "released_on": "2026-02-01", "replaces": "7.1"}
    )
    book.add(desk, "contract", {"customer": "KA", "plan": "smp-1y", "number": "C-1", "start_on": "2026-01-01", "end_on": "2026-12-31", "price": "USD 1,800.00"})  # fmt: skip
    book.add(
        desk,
        "licence",
        {"customer": "KA", "product": "HyperIP", "number": "L-1", "package": "C-1", "site": "A-1"},
    )
    book.add(desk, "host", {"customer": "KA", "name": "mvs1"})
    book.add(desk, "installation", {"host": "mvs1", "product": "HyperIP", "release": "7.2", "tcp_ip": "yes"})
    book.add(desk, "modification", {"customer": "KA", "what": "exit 7", "host": "mvs1"})
    book.add(desk, "quotation", {"customer": "KA", "number": "Q-1", "support_to": "2026-05-01"})
    book.add(desk, "os-release", {"os": "z/OS", "name": "3.1", "accessed_on": "2026-01-01"})


def test_records_checks_and_names(desk):
    write(desk)
    assert book.find(desk, "customer", "BÊTA").id == book.find(desk, "customer", "kb").id
    assert book.find(desk, "release", "hyperip 7.2").replaces == book.find(desk, "release", "HyperIP 7.1").id
    assert [one.number for one in book.listed(desk, "licence", words="l-1")] == ["L-1"]
    assert len(book.listed(desk, "installation", {"customer": 1})) == 1
    for kind in book.SHEETS:
        for one in book.listed(desk, kind):
            assert kept.get(desk.store, kind, one.id) == one
            assert book.page(desk, kind, one)
    with pytest.raises(UsageError, match="overlaps"):
        book.add(desk, "contract", {"customer": "KA", "plan": "smp-1y", "package": "C-1", "start_on": "2026-06-01", "end_on": "2027-05-31"})  # fmt: skip
    for sql in ("UPDATE book_event SET actor = 'x'", "DELETE FROM book_event", "TRUNCATE book_event"):
        with pytest.raises(StoreError, match="append-only"), desk.store.write():
            desk.store.execute(sql)


def test_undo_and_redo_with_tickets(desk):
    write(desk)
    number = report(desk, NewTicket(subject="down", severity=2, customer="Acme Corp")).number
    book.change(desk, "customer", 1, {"notes": "calls at night"})
    change.set_owner(desk, number, "raj")
    book.remove(desk, "customer", 1, parts=True)
    assert customers.get(desk.store, "Acme Corp") is None
    told = [undo(desk).description for _ in range(3)]
    assert told[1:] == [f"undone: owner on ticket {number}", "undone: a change of customer Acme Corp"]
    for _ in range(3):
        redo(desk)
    assert book.find(desk, "customer", "#1", removed=True).removed


def test_an_import_and_the_way_to_another_desk(desk, server, tmp_path):
    write(desk)
    file = tmp_path / "in.csv"
    file.write_text(
        "number,customer,product,purchased on\nL-1,KA,HyperIP,2026-01-01\nL-2,Nobody,HyperIP,\nL-3,KB,HyperIP,today\n"
    )
    tried = run(desk, "licence", file, dry_run=True)
    done = run(desk, "licence", file)
    assert (
        (tried.added, tried.changed, len(tried.rejected))
        == (done.added, done.changed, len(done.rejected))
        == (1, 1, 1)
    )
    report(desk, NewTicket(subject="down", severity=2, customer="Acme Corp"))
    stream = io.StringIO(newline="")
    export.write_everything(desk, stream)
    target = tmp_path / "desk.jsonl"
    target.write_text(stream.getvalue())
    assert importer.run(desk, target, "native").records == 0
    before = {kind: book.listed(desk, kind, removed=True) for kind in book.SHEETS}
    _empty(server)
    assert importer.run(desk, target, "native").rejected == 0
    assert {kind: book.listed(desk, kind, removed=True) for kind in book.SHEETS} == before
    assert book.add(desk, "customer", {"name": "Delta"}).id > max(one.id for one in before["customer"])
