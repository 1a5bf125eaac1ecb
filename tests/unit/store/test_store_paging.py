"""Pages one after the other are the whole list, in every order, with duplicates, as things move."""

import random
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from supporttui.store import open_store, tickets
from supporttui.store.columns import fold
from supporttui.store.criteria import AllOf, Compare, Flag, Not, Sort, SortKey

KEYS = get_args(SortKey)
NAMES = ("", "anna", "Zoë", "zoé", "ANNA", "Émile", "bob", "straße", "STRASSE")


@pytest.fixture(scope="module")
def desk():
    """Sixty tickets full of duplicates and ties."""
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    chance = random.Random(7)

    def some(choices):
        return chance.choice(choices)

    with open_store(":memory:") as store:
        for _ in range(60):
            moment = some([None, now, now + timedelta(hours=1), now - timedelta(days=1)])
            tickets.insert(
                store,
                {
                    "subject": some(("link", "Link", "écran", "Écran", "x")),
                    "severity": chance.randrange(1, 4),
                    "status": some(("new", "open")),
                    "owner": some(NAMES),
                    "customer": some(NAMES),
                    "reported_at": now - timedelta(minutes=chance.randrange(3)),
                    "updated_at": now + timedelta(minutes=chance.randrange(3)),
                    "next_due_at": moment,
                    "overdue_since": some([None, None, now - timedelta(hours=2)]),
                    "resolved_at": some([None, None, now]),
                },
            )
        yield store


def key_of(sort, line):
    late = datetime(9999, 1, 1, tzinfo=UTC)
    values = {
        "due": min(line.next_due_at or late, line.overdue_since or late),
        "number": line.number,
        "severity": line.severity,
        "reported": line.reported_at,
        "updated": line.updated_at,
        "status": fold(line.status),
        "owner": fold(line.owner),
        "customer": fold(line.customer),
        "subject": fold(line.subject),
    }
    return values[sort.key], line.number


SORTS = [Sort(key, descending) for key in KEYS for descending in (False, True)]


@pytest.mark.parametrize("sort", SORTS, ids=str)
@pytest.mark.parametrize("where", [AllOf(), Flag("open"), Compare("severity", "<=", 2)], ids=str)
def test_pages_in_a_row_are_the_whole_list(desk, sort, where):
    whole = tickets.page(desk, where, sort, limit=1000)
    assert whole == sorted(whole, key=lambda line: key_of(sort, line), reverse=sort.descending)
    assert len(whole) == tickets.count(desk, where) > 20
    for size in (1, 7):
        walked = tickets.page(desk, where, sort, limit=size)
        while page := tickets.page(desk, where, sort, limit=size, after=walked[-1]):
            walked += page
        assert walked == whole
        back = tickets.page(desk, where, sort, limit=size, before=whole[-1])
        while page := tickets.page(desk, where, sort, limit=size, before=back[0].number):
            back = page + back
        assert back == whole[:-1]


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_the_middle_of_a_list(desk, sort):
    whole = tickets.page(desk, Flag("open"), sort, limit=1000)
    page = tickets.page(desk, Flag("open"), sort, limit=100, after=whole[3].number, before=whole[9])
    assert page == whole[4:9]
    assert tickets.page(desk, Flag("open"), sort, limit=4, offset=5) == whole[5:9]
    assert tickets.page(desk, Flag("open"), sort, limit=4, offset=2, after=whole[3]) == whole[6:10]
    for place in (0, 11, len(whole) - 1):
        assert tickets.rank(desk, Flag("open"), sort, whole[place].number) == place
    closed = tickets.page(desk, Not(Flag("open")), sort, limit=1)
    assert tickets.rank(desk, Flag("open"), sort, closed[0].number) is None
    assert tickets.rank(desk, Flag("open"), sort, 12345) is None


def test_counting_stops_at_the_cap(desk):
    whole = tickets.count(desk, AllOf())
    assert tickets.count(desk, AllOf(), 10) == 10
    assert tickets.count(desk, AllOf(), 10_000) == whole == 60


def test_an_anchor_that_moved_away_still_divides_the_list(store, report, now):
    numbers = [report(store, next_due_at=now + timedelta(minutes=i)) for i in range(6)]
    first = tickets.page(store, AllOf(), Sort(), limit=3)
    tickets.update(store, numbers[2], 1, {"next_due_at": now + timedelta(hours=1)})
    rest = tickets.page(store, AllOf(), Sort(), limit=9, after=first[-1])
    assert [line.number for line in rest] == [*numbers[3:], numbers[2]]


def test_the_same_page_asked_again_sees_what_changed(store, report):
    one = report(store, owner="ana")
    where = Compare("owner", "=", "ana")
    assert len(tickets.page(store, where, Sort(), limit=5)) == 1
    two = report(store, owner="Ana")
    assert [line.number for line in tickets.page(store, where, Sort(), limit=5)] == [one, two]
    assert tickets.page(store, Compare("owner", "=", "raj"), Sort(), limit=5) == []
