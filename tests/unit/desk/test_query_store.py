"""Queries against a real store: what comes back is what the words mean, and nothing else gets through."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk.query import parse, resolve
from supporttui.errors import QueryError
from supporttui.policy.timeline import Deadline
from supporttui.store import deadlines, open_store, tickets
from supporttui.store.criteria import AllOf, AnyOf, Compare, Criterion, Flag, Not, Sort, Words

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
CUSTOMERS = ("", "Acme Corp", "acme east", "Globex", "Éclair SA")
PRODUCTS = ("", "HyperIP", "NETEX", "100%_x")
TAGS = ((), ("spam",), ("dump", "spam"), ("Dump",))
STATUSES = ("new", "open", "waiting-customer", "waiting-vendor", "resolved", "closed")


def some_ticket(chance: random.Random) -> dict:
    status = chance.choice(STATUSES)
    ended = NOW - timedelta(hours=chance.randint(1, 90))
    return {
        "subject": chance.choice(("NETEX stops", "tape is full", "Wrong byte count")),
        "severity": chance.randint(1, 4),
        "status": status,
        "owner": chance.choice(("", "ana", "raj", "Ana")),
        "customer": chance.choice(CUSTOMERS),
        "product": chance.choice(PRODUCTS),
        "tags": chance.choice(TAGS),
        "reported_at": NOW - timedelta(minutes=chance.randint(0, 9000)),
        "resolved_at": ended if status in ("resolved", "closed") else None,
        "closed_at": ended if status == "closed" else None,
        "acknowledged_until": chance.choice((None, NOW + timedelta(hours=1), NOW - timedelta(hours=1))),
        "snoozed_until": chance.choice((None, NOW + timedelta(days=1))),
        "minutes_logged": chance.choice((0, 30, 200)),
    }


def some_deadline(chance: random.Random) -> Deadline:
    due = NOW + timedelta(minutes=chance.randint(-600, 3000))
    state = chance.choice(("armed", "paused", "fired"))
    return Deadline(
        key="k", kind="escalation", role="director", level=1, label="Director", due_at=due, state=state,
        severity=1, fired_at=due if state == "fired" else None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk_of_sixty():
    """A store, and its tickets as records."""
    chance = random.Random(7)
    store = open_store(":memory:")
    for _ in range(60):
        number = tickets.insert(store, some_ticket(chance))
        if chance.random() < 0.8:
            deadlines.replace(store, number, [some_deadline(chance)], "hash")
    tickets.update(store, 5, 1, {"merged_into": 6})
    yield store, [tickets.get(store, number) for number in range(1, 61)]
    store.close()


def found(store, text: str) -> list[int]:
    criterion, _ = resolve(parse(text), now=NOW, me="ana")
    numbers = [line.number for line in tickets.page(store, criterion, Sort("number"), limit=100)]
    assert tickets.count(store, criterion) == len(numbers)
    return numbers


def value_of(ticket, field: str):
    match field:
        case "due":
            times = [at for at in (ticket.overdue_since, ticket.next_due_at) if at is not None]
            return min(times, default=None)
        case "tag":
            return [tag.lower() for tag in ticket.tags] or [""]
        case _:
            return getattr(ticket, field)


def meets(ticket, asked: Criterion) -> bool:
    """What a criterion means, said as plainly as Python can."""
    match asked:
        case AllOf(parts):
            return all(meets(ticket, part) for part in parts)
        case AnyOf(parts):
            return any(meets(ticket, part) for part in parts)
        case Not(part):
            return not meets(ticket, part)
        case Flag("open"):
            return ticket.resolved_at is None and ticket.closed_at is None and not ticket.merged_into
        case Flag("merged"):
            return bool(ticket.merged_into)
        case Flag(field):
            return getattr(ticket, field)
        case Words(text):
            return text.lower() in ticket.subject.lower().split()
        case Compare(field, operator, value):
            values = value_of(ticket, field)
            return any(
                compares(one, operator, value) for one in (values if isinstance(values, list) else [values])
            )


def compares(value, operator: str, wanted) -> bool:
    if isinstance(value, str):
        value, wanted = value.lower(), wanted.lower()
    if wanted is None or value is None:
        return operator == "=" and value is wanted
    match operator:
        case "=":
            return value == wanted
        case "<":
            return value < wanted
        case "<=":
            return value <= wanted
        case ">":
            return value > wanted
        case ">=":
            return value >= wanted
        case "starts":
            return value.startswith(wanted)
        case _:
            return wanted in value


TERMS = (
    "sev:1,2 sev:>=3 sev:2..3 status:open status:waiting* owner:@me owner:none -owner:any customer:none "
    'customer:"ACME CORP" customer:acme* customer:*corp* customer:éclair* product:hyper* product:"100%_x" product:10* '
    "tag:spam tag:none tag:any tag:du* due:<30m due:>1d due:none due:any due:today due:<=16:00 overdue:<2h overdue:any "
    "reported:>2d reported:<1h reported:1d..3d reported:2026-11-19 reported:2026-11 updated:<1d resolved:<1d "
    "resolved:none closed:any closed:>2d ack:>now ack:none snoozed:any into:any into:none logged:>2h logged:none "
    "#7 number:10..20 subject:byte open closed resolved overdue paused waiting mine unassigned merged snoozed "
    "acknowledged all stops tape"
)
TERMS = [term.replace("|", " ") for term in TERMS.replace('"ACME CORP"', '"ACME|CORP"').split()]

queries = st.recursive(
    st.sampled_from(TERMS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})"),
        inner.map(lambda part: f"-{part}"),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("text", TERMS)
def test_every_term_finds_what_it_says_and_its_opposite_the_rest(desk_of_sixty, text):
    store, records = desk_of_sixty
    criterion, _ = resolve(parse(text), now=NOW, me="ana")
    expected = [ticket.number for ticket in records if meets(ticket, criterion)]
    assert found(store, text) == expected
    assert sorted(found(store, f"-{text}") + expected) == list(range(1, 61))


@settings(max_examples=250, deadline=None)
@given(queries)
def test_any_combination_finds_what_it_says(desk_of_sixty, text):
    store, records = desk_of_sixty
    criterion, _ = resolve(parse(text), now=NOW, me="ana")
    assert found(store, text) == [ticket.number for ticket in records if meets(ticket, criterion)]


def test_the_terms_are_met_by_some_and_not_by_all(desk_of_sixty):
    """Else the tests above would compare empty lists."""
    store, _ = desk_of_sixty
    sizes = {text: len(found(store, text)) for text in TERMS}
    assert sum(0 < size < 60 for size in sizes.values()) > len(TERMS) * 0.8, sizes


HOSTILE = (
    "' or 1=1 --",
    '"; DROP TABLE ticket; --"',
    "x' UNION SELECT sql FROM sqlite_master --",
    "customer:\"' OR ''='\"",
    "owner:%",
    "owner:_na",
    "subject:*%*",
    '"AND OR NOT NEAR(a b)"',
    "NEAR(a,b)",
    "subject^2",
    "a*b*",
    "*",
    '"***"',
    "🙂",
    "\u202e",
    "{subject} : x",
    '"col:umn"',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_sql_or_fts_syntax_is_only_words(desk_of_sixty, text):
    store, _ = desk_of_sixty
    try:
        assert len(found(store, text)) in (0, 60)
    except QueryError as error:
        assert "\n" not in str(error)
    assert tickets.count(store, AllOf()) == 60


def test_random_queries_run_or_say_why_not(desk_of_sixty):
    """Whatever is accepted also runs: no text becomes a statement that the store chokes on."""
    store, _ = desk_of_sixty
    chance = random.Random(1)
    pieces = [
        *TERMS,
        *"( ) - \" * ^ : , .. < > or not and AND NEAR % _ \\ ' ; -- { } [ ] \0 \ud800 é 日本 a b".split(" "),
    ]
    ran = 0
    for _ in range(1500):
        text = chance.choice((" ", "")).join(chance.choices(pieces, k=chance.randint(0, 9)))
        try:
            found(store, text)
            ran += 1
        except QueryError as error:
            assert "\n" not in str(error)
    assert ran > 150


def test_the_largest_query_that_is_accepted_runs(desk_of_sixty):
    store, _ = desk_of_sixty
    assert len(found(store, " or ".join(["sev:1", "sev:2", "sev:3", "sev:4"] * 50))) == 60
    assert found(store, " ".join(["stops"] * 200)) == found(store, "stops")
    assert found(store, "-(" * 25 + "open" + ")" * 25) == found(store, "-open")
