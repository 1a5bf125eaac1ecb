"""What a query asks of the store: values, instants, names, and where a wrong value points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk.query import parse, resolve
from supporttui.desk.query.words import FIELDS, FLAGS
from supporttui.errors import QueryError
from supporttui.store.criteria import (
    FLAG_FIELDS,
    INSTANT_FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Compare,
    Criterion,
    Flag,
    Not,
    Sort,
    Words,
)

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)  # Friday 14:46 in Chicago
NAMES = {"system down": 1, "minor": 4}


def asked(text: str, *, me: str = "ana", policy=NAMES) -> Criterion:
    return resolve(parse(text), now=NOW, me=me, policy=policy, zone=CHICAGO)[0]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def both(field: str, start: datetime, end: datetime) -> AllOf:
    return AllOf((Compare(field, ">=", start), Compare(field, "<", end)))


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("", AllOf()),
        ("all", AllOf()),
        ("sev:1", Compare("severity", "=", 1)),
        ("sev:1,2", AnyOf((Compare("severity", "=", 1), Compare("severity", "=", 2)))),
        ('sev:"System down"', Compare("severity", "=", 1)),
        ("sev:<=minor", Compare("severity", "<=", 4)),
        ("sev:2..3", AllOf((Compare("severity", ">=", 2), Compare("severity", "<=", 3)))),
        ("#1042", Compare("number", "=", 1042)),
        ("into:any", Not(Compare("merged_into", "=", 0))),
        ("logged:>2h", Compare("minutes_logged", ">", 120)),
        ("logged:>90", Compare("minutes_logged", ">", 90)),
        ("status:open", Compare("status", "=", "open")),
        ("open", Flag("open")),
        ("-open", Not(Flag("open"))),
        ("--open", Flag("open")),
        ("-tag:spam", Not(Compare("tag", "=", "spam"))),
        ("owner:@me", Compare("owner", "=", "ana")),
        ("owner:@raj", Compare("owner", "=", "raj")),
        ("mine", Compare("owner", "=", "ana")),
        ("owner:none", Compare("owner", "=", "")),
        ("unassigned", Compare("owner", "=", "")),
        ('owner:"none"', Compare("owner", "=", "none")),
        ('owner:""', Compare("owner", "=", "")),
        ("owner:any", Not(Compare("owner", "=", ""))),
        ("-owner:any", Compare("owner", "=", "")),
        ("product:Hyper*", Compare("product", "starts", "Hyper")),
        ("product:*IP*", Compare("product", "contains", "IP")),
        ('product:"Hyper*"', Compare("product", "=", "Hyper*")),
        ("subject:crash", Compare("subject", "contains", "crash")),
        ("tape", Words("tape")),
        ('"wrong byte"', Words("wrong byte", phrase=True)),
        ("a or b", AnyOf((Words("a"), Words("b")))),
        ("paused", Flag("paused")),
        ("merged", Flag("merged")),
        ("waiting", Compare("status", "starts", "waiting")),
        ("resolved", Not(Compare("resolved_at", "=", None))),
        ("closed", Not(Compare("closed_at", "=", None))),
        ("overdue", AllOf((Flag("open"), Compare("due", "<=", NOW)))),
        ("snoozed", Compare("snoozed_until", ">", NOW)),
        ("acknowledged", Compare("acknowledged_until", ">", NOW)),
        # lengths of time: time left ahead, age behind
        ("due:<30m", Compare("due", "<", NOW + 30 * MINUTE)),
        ("due:>=1d", Compare("due", ">=", NOW + DAY)),
        ("reported:>2d", Compare("reported_at", "<", NOW - 2 * DAY)),
        ("reported:<=2d", Compare("reported_at", ">=", NOW - 2 * DAY)),
        ("reported:1d..2d", both("reported_at", NOW - 2 * DAY, NOW - DAY + timedelta(seconds=1))),
        ("reported:2d..", Compare("reported_at", "<", NOW - 2 * DAY + timedelta(seconds=1))),
        ("due:1d..2d", both("due", NOW + DAY, NOW + 2 * DAY + timedelta(seconds=1))),
        ("due:none", Compare("due", "=", None)),
        ("resolved:any", Not(Compare("resolved_at", "=", None))),
        # days and months of the zone, whole
        ("reported:2026-11-01", both("reported_at", utc(2026, 11, 1, 5), utc(2026, 11, 2, 6))),  # 25 hours
        ("reported:2026-11", both("reported_at", utc(2026, 11, 1, 5), utc(2026, 12, 1, 6))),
        ("reported:2026-11-01..2026-11-20", both("reported_at", utc(2026, 11, 1, 5), utc(2026, 11, 21, 6))),
        ("reported:<2026-11-02", Compare("reported_at", "<", utc(2026, 11, 2, 6))),
        ("reported:<=2026-11-02", Compare("reported_at", "<", utc(2026, 11, 3, 6))),
        ("reported:>2026-11-02", Compare("reported_at", ">=", utc(2026, 11, 3, 6))),
        ("reported:>=2026-11-02", Compare("reported_at", ">=", utc(2026, 11, 2, 6))),
        ("closed:yesterday", both("closed_at", utc(2026, 11, 19, 6), utc(2026, 11, 20, 6))),
        ("due:mon", both("due", utc(2026, 11, 23, 6), utc(2026, 11, 24, 6))),
        # points in time
        ("due:<17:00", Compare("due", "<", utc(2026, 11, 20, 23))),
        ("due:<5pm", Compare("due", "<", utc(2026, 11, 20, 23))),
        ('due:"tomorrow 9:00"', both("due", utc(2026, 11, 21, 15), utc(2026, 11, 21, 15, 1))),
        ("due:<2026-11-20T16:00Z", Compare("due", "<", utc(2026, 11, 20, 16))),
        ("due:<=2026-11-20T16:00:30Z", Compare("due", "<", utc(2026, 11, 20, 16, 0, 31))),
        ("updated:>now", Compare("updated_at", ">=", NOW + timedelta(seconds=1))),
        ('updated:<"2h ago"', Compare("updated_at", "<", NOW - timedelta(hours=2))),
        ("overdue:>1h", Compare("overdue_since", "<", NOW - timedelta(hours=1))),
    ],
)
def test_what_is_asked(text, criterion):
    assert asked(text) == criterion


def test_the_order_is_by_urgency_unless_the_query_says_otherwise():
    assert resolve(parse("open"), now=NOW, me="")[1] == Sort("due")
    assert resolve(parse("sort:-reported"), now=NOW, me="")[1] == Sort("reported", descending=True)


@dataclass(frozen=True)
class Named:
    name: str
    number: int = 0


@dataclass(frozen=True)
class SomePolicy:
    severities: tuple[Named, ...] = (Named("urgent", 1),)
    statuses: tuple[Named, ...] = (Named("new"), Named("waiting-vendor"))


def test_a_policy_lends_its_names():
    assert asked("sev:Urgent", policy=SomePolicy()) == Compare("severity", "=", 1)
    assert asked("status:NEW", policy=SomePolicy()) == Compare("status", "=", "NEW")
    assert asked("status:anything", policy=None) == Compare("status", "=", "anything")
    with pytest.raises(
        QueryError, match=r"no status 'waiting-vendr'.*did you mean 'waiting-vendor'"
    ) as caught:
        asked("open status:waiting-vendr", policy=SomePolicy())
    assert caught.value.column == 13


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("open sev:urgent", 10, "no severity"),
        ("sev:minr", 5, "did you mean 'minor'"),
        ("sev:-1", 5, "no severity"),
        ("sev:none", 5, "no severity"),
        ("sev:3..1", 5, "begins after its end"),
        ("number:abc", 8, "takes a number"),
        ("number:none", 8, "takes a number"),
        ("#99999999999999999999", 1, "too large"),
        ("number:٣", 8, "takes a number"),
        ("logged:>soon", 8, "neither minutes nor a length"),
        ("customer:<x", 10, "text and takes no '<'"),
        ("customer:a..b", 10, "text and takes no range"),
        ("product:*IP", 9, "asterisk"),
        ("product:H*P*", 9, "asterisk"),
        ("product:**", 9, "asterisk"),
        ("due:2h", 5, "<2h or >2h"),
        ("due:soon", 5, "not a time"),
        ("due:<2x", 5, "not a length of time"),
        ("due:<99999999d", 5, "century"),
        ("due:2026-02-30", 5, "not a time"),
        ("due:0000-01", 5, "not a time"),
        ("due:<none", 5, "not a time"),
        ("reported:2026-11-20..2026-11-01", 10, "begins after its end"),
    ],
)
def test_a_wrong_value_is_one_line_that_points_at_it(text, column, message):
    with pytest.raises(QueryError) as caught:
        asked(text)
    assert caught.value.column == column
    assert str(caught.value).startswith(f"column {column}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_me_must_be_known():
    for text in ("mine", "owner:@me"):
        with pytest.raises(QueryError, match="owner:NAME"):
            asked(text, me="")


VALUES = [
    "1",
    "2h",
    "<2h",
    ">1w",
    "1..2",
    "..3d",
    "2026-11",
    "2026-11-01",
    "2026-11-01..today",
    ">=16:00",
    '<"mon',
    '9:00"',
    "none",
    "any",
    "*",
    "a*",
    "*a*",
    '"x',
    'y"',
    "@me",
    "<none",
    "0",
    "-1",
    "99999999999",
    "1e9",
    "9999-12-31",
    "1900-01-01",
    "2999-12-31",
    "<2999-12",
    "24:00",
    "9999w",
    "<100y",
    "2026-W47",
    "now..",
    "..now",
    "+1h",
    "<+1h",
    "-2d",
    '<"2h',
    'ago"',
    "12am..12pm",
    "5s..1h",
    "2026-11-20T12:00..1h",
]


def compared(criterion: Criterion) -> list[Compare | Flag]:
    match criterion:
        case Compare() | Flag():
            return [criterion]
        case AllOf(parts) | AnyOf(parts):
            return [leaf for part in parts for leaf in compared(part)]
        case Not(part):
            return compared(part)
    return []


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from([f"{field.name}:" for field in FIELDS]), st.sampled_from(VALUES)).map(
                "".join
            ),
            st.sampled_from(sorted(FLAGS)),
        ),
        max_size=4,
    ).map(" ".join)
)
def test_whatever_the_values_the_store_is_only_asked_what_it_knows(text):
    try:
        criterion = asked(text)
    except QueryError as error:
        assert "\n" not in str(error)
        assert 1 <= error.column <= len(text) + 1
        return
    for leaf in compared(criterion):
        if isinstance(leaf, Flag):
            assert leaf.field in FLAG_FIELDS
        elif leaf.field in INSTANT_FIELDS:
            assert leaf.value is None or (isinstance(leaf.value, datetime) and leaf.value.tzinfo is UTC)
        elif leaf.field in NUMBER_FIELDS:
            assert isinstance(leaf.value, int) and abs(leaf.value) <= 2**53
        else:
            assert leaf.field in TEXT_FIELDS and isinstance(leaf.value, str)
