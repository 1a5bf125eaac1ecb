"""Criteria mean in SQL what they say in Python, whatever the data and however hostile the words."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.errors import Stopped, UsageError
from supporttui.store import journal, open_store, tickets
from supporttui.store.columns import fold
from supporttui.store.criteria import AllOf, AnyOf, Compare, Flag, Not, Sort, Words

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = ("", "open", "Open", "Émile", "émile", "100%", "a_b", "x\\y", "straße", "İ", "'", '"')
INSTANTS = (None, NOW, NOW + timedelta(seconds=1), NOW - timedelta(days=2))
FIELDS = ("status", "owner", "customer", "subject")
MOMENTS = ("resolved_at", "closed_at", "acknowledged_until", "snoozed_until", "overdue_since")


def _ticket(index):
    """Tickets that between them have every combination worth having."""
    return {
        "subject": TEXTS[index % 12] or "none",
        "severity": index % 4 + 1,
        "status": TEXTS[(index * 5) % 12],
        "owner": TEXTS[(index * 7) % 12],
        "customer": TEXTS[(index * 11 + 3) % 12],
        "reported_at": NOW - timedelta(hours=index),
        "minutes_logged": index % 3,
        "next_due_at": INSTANTS[index % 4],
        **{name: INSTANTS[(index // (place + 1)) % 4] for place, name in enumerate(MOMENTS)},
        "tags": tuple(sorted({TEXTS[(index * 3) % 12], TEXTS[(index * 13 + 1) % 12]} - {""}))[: index % 3],
        "merged_into": 1 if index % 9 == 8 else 0,
        "paused": index % 5 == 0,
    }


@pytest.fixture(scope="module")
def desk():
    with open_store(":memory:") as store:
        numbers = [tickets.insert(store, _ticket(index)) for index in range(40)]
        yield store, [tickets.get(store, number) for number in numbers]


def holds(where, ticket):
    """The reference: what a criterion says of a ticket."""
    match where:
        case AllOf(parts):
            return all(holds(part, ticket) for part in parts)
        case AnyOf(parts):
            return any(holds(part, ticket) for part in parts)
        case Not(part):
            return not holds(part, ticket)
        case Flag("open"):
            return not (ticket.resolved_at or ticket.closed_at or ticket.merged_into)
        case Flag("merged"):
            return ticket.merged_into != 0
        case Flag("paused"):
            return ticket.paused
        case Compare("tag", "=", ""):
            return not ticket.tags
        case Compare("tag", operator, value):
            return any(compared(fold(tag), operator, fold(value)) for tag in ticket.tags)
        case Compare("due", operator, value):
            times = [at for at in (ticket.next_due_at, ticket.overdue_since) if at]
            return of_instants(min(times, default=None), operator, value)
        case Compare(name, operator, value) if name in (*MOMENTS, "reported_at"):
            return of_instants(getattr(ticket, name), operator, value)
        case Compare(name, operator, str(value)):
            return compared(fold(getattr(ticket, name)), operator, fold(value))
        case Compare(name, operator, value):
            return compared(getattr(ticket, name), operator, value)
    raise AssertionError(where)


def of_instants(have, operator, value):
    if value is None:
        return operator == "=" and have is None
    return have is not None and compared(have, operator, value)


def compared(have, operator, value):
    match operator:
        case "=":
            return have == value
        case "<":
            return have < value
        case "<=":
            return have <= value
        case ">":
            return have > value
        case ">=":
            return have >= value
        case "contains":
            return value in have
        case "starts":
            return have.startswith(value)
    raise AssertionError(operator)


comparisons = st.sampled_from(("=", "<", "<=", ">", ">="))
leaves = st.one_of(
    st.builds(Flag, st.sampled_from(("open", "paused", "merged"))),
    st.builds(
        Compare,
        st.sampled_from((*FIELDS, "tag")),
        st.sampled_from(("=", "<", ">=", "contains", "starts")),
        st.sampled_from((*TEXTS, "É", "%", "_", "\\", "E", "ss")),
    ),
    st.builds(
        Compare,
        st.sampled_from(("severity", "number", "minutes_logged", "merged_into", "version")),
        comparisons,
        st.sampled_from((0, 1, 2, 3, -1, 10**40, -(10**40))),
    ),
    st.builds(
        Compare,
        st.sampled_from((*MOMENTS, "reported_at", "due")),
        comparisons,
        st.sampled_from((*INSTANTS, datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC))),
    ),
)
criteria = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=4).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(where=criteria)
def test_sql_and_python_agree(desk, where):
    store, all_tickets = desk
    wanted = [ticket.number for ticket in all_tickets if holds(where, ticket)]
    found = [line.number for line in tickets.page(store, where, Sort("number"), limit=1000)]
    assert found == wanted
    assert tickets.count(store, where) == len(wanted)


@pytest.mark.parametrize("field", [*MOMENTS, "due", "reported_at", "severity", *FIELDS, "tag"])
def test_every_comparison_of_every_field(desk, field):
    """Each alone and negated, which random trees may never try on the one ticket that matters."""
    store, all_tickets = desk
    values, operators = TEXTS, ("=", "<", "<=", ">", ">=", "contains", "starts")
    if field in (*MOMENTS, "due", "reported_at"):
        values, operators = INSTANTS, operators[:5]
    elif field == "severity":
        values, operators = (0, 1, 2, 5), operators[:5]
    for operator in operators:
        for value in values:
            for where in (Compare(field, operator, value), Not(Compare(field, operator, value))):
                wanted = [ticket.number for ticket in all_tickets if holds(where, ticket)]
                assert numbers(store, where) == wanted, where


def numbers(store, where):
    return [line.number for line in tickets.page(store, where, Sort("number"), limit=100)]


def test_case_is_ignored_in_every_script(store, report):
    one = report(store, owner="ÉMILE Ŵ")
    assert numbers(store, Compare("owner", "=", "émile ŵ")) == [one]
    assert numbers(store, Compare("owner", "contains", unicodedata.normalize("NFD", "Émile"))) == [one]
    assert numbers(store, Compare("owner", "=", "emile ŵ")) == []


def test_words_are_found_wherever_they_were_written(store, report, note):
    one = report(store, "Résumé lost", description="covid-19 on node7.example.com")
    two = report(store, "other")
    note(store, two, "please RESTART the gateway")
    note(store, two, "")
    assert numbers(store, Words("resume")) == numbers(store, Words("RÉSUMÉ")) == [one]
    assert numbers(store, Words("lost covid-19")) == [one]
    assert numbers(store, Words("node7 example")) == [one]
    assert numbers(store, Words("restart the", phrase=True)) == [two]
    assert numbers(store, Words("the restart", phrase=True)) == []
    assert numbers(store, Words("other gateway")) == [two]
    assert numbers(store, Words("lost gateway")) == []
    assert numbers(store, Words("gate")) == [] and numbers(store, Words("gate*")) == [two]
    assert numbers(store, Not(Words("gateway"))) == [one]
    assert numbers(store, Words("")) == numbers(store, Words("  -- ")) == [one, two]


def test_words_follow_a_change_of_the_text(store, report):
    number = report(store, "router")
    tickets.update(store, number, 1, {"subject": "switch", "description": "copper"})
    assert numbers(store, Words("router")) == []
    assert numbers(store, Words("switch copper")) == [number]


hostile = st.one_of(
    st.sampled_from(
        (
            '"', '""', "'", "it's", "foo AND", "NOT", "a OR", "NEAR(a b)", "subject:x", "*", "a*b", "^a", "(", ")", "-",
            "+", "{a}", "\\", "%", "?", ":1", "covid-19", 'x" OR "1', "a\x00b", "\ud800", "a;DROP TABLE ticket", "\u202e",
            "ticket_words MATCH 'x'", "a" * 5000, "é" * 300, "\U0001f600",
        )
    ),
    st.text(max_size=30),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(text=hostile, phrase=st.booleans(), field=st.sampled_from(("subject", "tag", "customer")))
def test_no_words_are_syntax(desk, text, phrase, field):
    store, all_tickets = desk
    before = tickets.count(store, AllOf())
    numbers(store, Words(text, phrase=phrase))
    numbers(store, Not(Words(text, phrase=phrase)))
    numbers(store, Compare(field, "contains", text))
    numbers(store, Compare(field, "starts", text))
    assert tickets.count(store, AllOf()) == before == len(all_tickets)


@pytest.mark.parametrize(
    "where",
    [
        Compare("password", "=", "x"),
        Compare("severity", "=", "high"),
        Compare("severity", "contains", 1),
        Compare("owner", "=", 3),
        Compare("due", "<", "soon"),
        Compare("due", "contains", NOW),
        Compare("owner", "; DROP", "x"),
        Flag("sqlite_master"),
    ],
    ids=str,
)
def test_what_can_not_be_asked_is_said_in_one_line(store, where):
    with pytest.raises(UsageError) as caught:
        tickets.page(store, where, Sort(), limit=1)
    assert "\n" not in str(caught.value)


def test_a_long_list_of_alternatives(store, report):
    number = report(store, owner="n500")
    where = AnyOf(tuple(Compare("owner", "=", f"n{i}") for i in range(900)))
    assert numbers(store, where) == [number]


def test_a_search_may_take_so_long_and_no_longer(store, report, note):
    number = report(store)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    with pytest.raises(Stopped, match="took over 30 ms"), store.limited(30):
        store.execute(endless)
    assert len(tickets.page(store, AllOf(), Sort(), limit=5, deadline_ms=2000)) == 1
    assert [entry.ticket for entry in journal.recent(store, limit=1)] == []
    assert tickets.get(store, number) is not None


def test_a_search_can_be_interrupted_from_another_thread(store):
    import threading

    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    timer = threading.Timer(0.05, store.interrupt)
    timer.start()
    with pytest.raises(Stopped, match="stopped"):
        store.execute(endless)
    timer.join()
    assert tickets.count(store, AllOf()) == 0
