from datetime import timedelta

import pytest

from supporttui.errors import StoreError
from supporttui.store import journal


def test_an_entry_comes_back_as_it_went_in(store, report, now):
    number = report(store)
    data = {"set": {"owner": ["", "ana"]}, "odd": "\x00\ud800", "list": [1, None, True]}
    wrote = journal.append(
        store,
        ticket=number,
        version=2,
        at=now,
        recorded_at=now + timedelta(seconds=9),
        actor="ana",
        kind="owner",
        public=True,
        text="taken \x00 over",
        data=data,
        inverse={"owner": ""},
        undoes=0,
        batch="b1",
    )
    (entry,) = journal.of_ticket(store, number)
    assert entry.id == wrote and entry.public and entry.text == "taken \ufffd over"
    assert entry.data == data and entry.inverse == {"owner": ""}
    assert (entry.at, entry.recorded_at) == (now, now + timedelta(seconds=9))
    assert journal.get(store, wrote) == entry and journal.get(store, wrote + 1) is None
    assert journal.of_batch(store, "b1") == [entry] and journal.of_batch(store, "") == []


def test_an_entry_needs_its_ticket(store, note):
    with pytest.raises(StoreError, match="refuses"):
        note(store, 77)
    assert journal.latest_id(store) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET text = 'changed'",
        "UPDATE journal SET id = 99",
        "DELETE FROM journal",
        "REPLACE INTO journal (id, ticket, version, at, recorded_at, actor, kind) VALUES (1, 1, 1, 1, 1, 'x', 'y')",
        "INSERT INTO journal (id, ticket, version, at, recorded_at, actor, kind) VALUES (1, 1, 1, 1, 1, 'x', 'y') "
        "ON CONFLICT (id) DO UPDATE SET text = 'changed'",
    ],
)
@pytest.mark.parametrize("recursive_triggers", [0, 1])
def test_the_database_refuses_to_change_history(store, report, note, sql, recursive_triggers):
    note(store, report(store), "as it was")
    store.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    with pytest.raises(StoreError, match="append-only"), store.write():
        store.execute(sql)
    assert [entry.text for entry in journal.recent(store, limit=9)] == ["as it was"]


def test_orders_limits_and_kinds(store, report, note):
    one, two = report(store), report(store)
    ids = [note(store, one, str(i), kind="reply" if i % 2 else "note", version=i + 1) for i in range(6)]
    note(store, two, "other", actor="raj")

    def texts(entries):
        return "".join(entry.text for entry in entries)

    assert texts(journal.of_ticket(store, one)) == "012345"
    assert texts(journal.of_ticket(store, one, newest_first=True, limit=2)) == "54"
    assert texts(journal.of_ticket(store, one, kinds=("reply",))) == "135"
    assert texts(journal.of_ticket(store, one, kinds=())) == ""
    assert texts(journal.of_ticket(store, one, newest_first=True, before_id=ids[2])) == "10"
    assert texts(journal.after_version(store, one, 4)) == "45"
    assert texts(journal.recent(store, limit=2)) == "other5"
    assert texts(journal.recent(store, actor="ana", limit=2)) == "54"
    assert texts(journal.recent(store, limit=1, before_id=ids[1])) == "0"


def test_what_was_touched_since(store, report, note):
    one, two, three = report(store), report(store), report(store)
    mark = note(store, one)
    assert journal.touched_since(store, mark) == []
    note(store, three)
    note(store, two)
    note(store, three)
    assert journal.touched_since(store, mark) == [two, three]
    assert journal.latest_id(store) == mark + 3
