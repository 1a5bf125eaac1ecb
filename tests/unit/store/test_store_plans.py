"""The queries of every second read an index; none of them walks a table.

Plans are those of SQLite's own statistics-free planner, on a desk large enough to matter.
"""

from datetime import UTC, datetime

import pytest

from supporttui.store import deadlines, journal, open_store, tickets
from supporttui.store.criteria import AllOf, AnyOf, Compare, Flag, Sort
from supporttui.store.pages import _compiled

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPEN = Flag("open")


@pytest.fixture(scope="module")
def desk():
    with open_store(":memory:") as store:
        yield store


class Recorder:
    """Notes every statement that a store runs."""

    def __init__(self, store, monkeypatch):
        self.seen = []
        run = store._engine.run

        def noting(sql, parameters=()):
            self.seen.append((sql, parameters))
            return run(sql, parameters)

        monkeypatch.setattr(store._engine, "run", noting)
        monkeypatch.setattr(store._engine, "run_compiled", noting)


def plan(store, sql, parameters):
    return [row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]


def plan_of_page(store, where, sort=Sort(), sides=(False, False)):  # noqa: B008 - a frozen default
    sql, parameters = _compiled(store, where, sort, sides)
    anchors = (0,) * ((1 if sort.key == "number" else 2) * sum(sides))
    return plan(store, sql, (*parameters, *anchors, 50, 0))


def walks(steps):
    """Steps that read a whole table."""
    return [step for step in steps if step.startswith("SCAN") and "USING" not in step]


@pytest.mark.parametrize("sides", [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_of_the_queue_reads_its_index_in_order(desk, sides, descending):
    steps = plan_of_page(desk, OPEN, Sort("due", descending), sides)
    assert len(steps) == 1 and "ticket_queue" in steps[0]
    if any(sides):
        assert "(urgent,number)" in steps[0].replace(" ", "") or "urgent" in steps[0]


@pytest.mark.parametrize(
    "where",
    [
        Compare("severity", "=", 1),
        Compare("customer", "contains", "acme"),
        Compare("due", "<=", NOW),
        AnyOf((Compare("status", "=", "new"), Compare("owner", "=", ""))),
    ],
    ids=str,
)
def test_filters_of_the_queue_stay_in_its_index(desk, where):
    steps = plan_of_page(desk, AllOf((OPEN, where)))
    assert not walks(steps) and "TEMP B-TREE" not in " ".join(steps)
    assert steps[0].split("USING ")[1].startswith(("INDEX ticket_queue", "INDEX ticket_mine"))


def test_my_tickets(desk):
    (step,) = plan_of_page(desk, AllOf((OPEN, Compare("owner", "=", "ana"))))
    assert "ticket_mine (owner_key=?)" in step


@pytest.mark.parametrize("key", ["number", "reported", "updated"])
def test_all_tickets_in_an_indexed_order(desk, key):
    steps = plan_of_page(desk, AllOf(), Sort(key, True), (True, False))
    assert len(steps) == 1 and steps[0].startswith("SEARCH")


def test_the_tickets_of_a_customer(desk):
    steps = plan_of_page(desk, Compare("customer", "=", "Acme"))
    assert "ticket_customer" in steps[0]


def test_the_count_of_open_tickets(desk, monkeypatch):
    recorder = Recorder(desk, monkeypatch)
    tickets.count(desk, OPEN)
    (step,) = plan(desk, *recorder.seen[0])
    assert "INDEX ticket_mine" in step or "INDEX ticket_queue" in step  # either holds the open ones only


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda store: deadlines.due(store, NOW), "deadline_due (due_at<?)"),
        (lambda store: deadlines.due(store, NOW, limit=5), "deadline_due (due_at<?)"),
        (deadlines.next_due, "COVERING INDEX deadline_due"),
        (lambda store: deadlines.upcoming(store, limit=50), "deadline_shown"),
        (lambda store: deadlines.of_ticket(store, 1), "(ticket=?)"),
        (lambda store: deadlines.fire(store, 1, "a", NOW, "h"), "(ticket=? AND key=?)"),
        (lambda store: journal.of_ticket(store, 1, newest_first=True, limit=9), "journal_ticket (ticket=?"),
        (lambda store: journal.recent(store, actor="ana", limit=9), "journal_actor (actor=?"),
        (lambda store: journal.of_batch(store, "b"), "journal_batch (batch=?"),
        (lambda store: journal.touched_since(store, 5), "INTEGER PRIMARY KEY (rowid>?)"),
        (lambda store: tickets.get(store, 1), "INTEGER PRIMARY KEY (rowid=?)"),
        (lambda store: tickets.find_external(store, "x"), "ticket_external (external_id=?)"),
        (lambda store: tickets.suggest(store, "owner", "a"), "ticket_owner (owner_key>? AND owner_key<?)"),
        (lambda store: tickets.suggest(store, "tag", "a"), "tag_ticket (tag_key>? AND tag_key<?)"),
    ],
)  # fmt: skip
def test_what_is_asked_often_reads_an_index(desk, monkeypatch, ask, index):
    recorder = Recorder(desk, monkeypatch)
    ask(desk)
    asked = [one for one in recorder.seen if one[0].startswith(("SELECT", "UPDATE", "WITH"))]
    steps = [step for sql, parameters in asked for step in plan(desk, sql, parameters)]
    assert not walks(steps) and any(index in step for step in steps), steps
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps[:1]), steps
