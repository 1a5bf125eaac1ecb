from datetime import timedelta

import pytest

from supporttui.errors import StoreError
from supporttui.store import bulk, deadlines, journal, tickets
from supporttui.store.criteria import AllOf, Flag, Sort, Words


def rows(now, count):
    for index in range(count):
        yield {
            "subject": f"Tïcket {index}",
            "description": "two\x00words",
            "severity": index % 3 + 1,
            "status": "new",
            "owner": "Zoë",
            "external_id": f"X{index}",
            "reported_at": now,
            "next_due_at": now + timedelta(hours=index),
            "minutes_logged": 5,
        }


def test_bulk_rows_are_like_those_of_insert(store, report, now):
    one = report(store, **{**next(rows(now, 1)), "external_id": "other"})
    with bulk.loading(store):
        numbers = bulk.tickets(store, rows(now, 3))
    assert list(numbers) == [one + 1, one + 2, one + 3]
    columns = "* FROM ticket WHERE number = ?"
    names = [row[1] for row in store.execute("PRAGMA table_xinfo(ticket)") if row[1] not in ("number", "external_id", "external_id_key")]  # fmt: skip
    wanted = store.execute(f"SELECT {', '.join(names)} FROM ticket WHERE number = ?", (one,))
    assert store.execute(f"SELECT {', '.join(names)} FROM ticket WHERE number = ?", (one + 1,)) == wanted
    assert store.execute(f"SELECT {columns}", (one + 3,))
    assert report(store) == numbers[-1] + 1


def test_everything_in_one_transaction(store, report, rung, now):
    report(store)
    with pytest.raises(StoreError), bulk.loading(store):
        numbers = bulk.tickets(store, rows(now, 10))
        bulk.deadlines(store, [(number, rung("a", now)) for number in numbers], "h")
        bulk.journal(store, [{"ticket": 99_999, "version": 1, "at": now, "actor": "x", "kind": "note"}])
    assert tickets.count(store, AllOf()) == 1 and deadlines.due(store, now) == []
    report(store, "found later")
    assert tickets.count(store, Words("later")) == 1


def test_what_was_loaded_is_found_and_due(store, report, note, rung, now):
    before = report(store, "earlier")
    with bulk.loading(store):
        numbers = bulk.tickets(store, rows(now, 20))
        bulk.deadlines(store, [(number, rung("a", now)) for number in numbers], "h")
        entries = ({"ticket": n, "version": 1, "at": now, "actor": "x", "kind": "note", "text": "gateway"} for n in numbers)  # fmt: skip
        bulk.journal(store, entries)
    note(store, before, "gateway")
    assert tickets.count(store, Words("ticket words gateway")) == 20
    assert tickets.count(store, Words("gateway")) == 21
    assert len(deadlines.due(store, now)) == 20
    assert tickets.page(store, Flag("open"), Sort(), limit=1)[0].number == numbers[0]
    assert journal.of_ticket(store, numbers[5])[0].recorded_at == now
    store.execute("INSERT INTO ticket_words (ticket_words, rank) VALUES ('integrity-check', 1)")


def test_the_journal_stays_append_only_while_loading(store, report, note):
    note(store, report(store))
    with pytest.raises(StoreError, match="append-only"), bulk.loading(store):
        store.execute("DELETE FROM journal")


def test_nothing_to_load(store):
    with bulk.loading(store):
        assert len(bulk.tickets(store, [])) == 0
