"""Renewing packages at the desk: windows, refusals, the chain, the list and its prices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.clock import ManualClock
from supporttui.desk import book, contracts
from supporttui.desk import renewals as listing
from supporttui.desk.quoting import lines
from supporttui.desk.renewals import board, plans, renewals
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import Conflict, NotFound, Refused, UsageError
from supporttui.policy import preset_text, read_policy
from supporttui.policy.packages import term_end
from supporttui.store import open_store

# 2026-12-31 is the last day; the vendor's zone is Asia/Kuala_Lumpur, UTC+8.
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
D = Decimal


def noon(day: date) -> datetime:
    """Noon of a civil day in Kuala Lumpur."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def policy(**keys: str):
    text = preset_text("xnet")
    for key, value in keys.items():
        old = next(line for line in text.splitlines() if line.startswith(f"{key} = "))
        text = text.replace(old, f"{key} = {value}", 1)
    return read_policy(text, "mine.toml")


@pytest.fixture
def clock():
    return ManualClock(noon(date(2026, 11, 16)))


@pytest.fixture
def desk(store, clock):
    return Desk(store, "xnet", clock, "ana")


@pytest.fixture
def raj(desk):
    return Desk(desk.store, desk.policy, desk.clock, "raj")


def under(desk, rules):
    return Desk(desk.store, rules, desk.clock, "ana")


def licence(desk, package, price="MYR 1,000.00", **facts):
    values = {"customer": "Acme Sdn Bhd", "product": "Exporter", "number": f"L-{price}", "price": price}
    return book.add(desk, "licence", values | {"package": package.id} | facts)


@pytest.fixture
def bought(desk):
    """A customer whose only licence has a package for 2026."""
    book.add(desk, "customer", {"name": "Acme Sdn Bhd"})
    book.add(desk, "product", {"name": "Exporter"})
    return contract(desk)


def contract(desk, first=FIRST, last=LAST, number="C-1", **facts):
    values = {
        "customer": "Acme Sdn Bhd",
        "plan": "smp-1y",
        "number": number,
        "start_on": first,
        "end_on": last,
    }
    return book.add(desk, "contract", values | facts)


# -- the window -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-10-01", "from 2026-10-02 until 2026-12-31, not on 2026-10-01: 90 days before its last day"),
        ("2026-10-02", ""),
        ("2026-12-31", ""),
        ("2027-01-01", "lapsed: a renewal had to be ordered by 2026-12-31"),
    ],
)
def test_a_package_is_renewed_from_90_days_before_until_its_last_day(desk, clock, bought, day, why) -> None:
    licence(desk, bought)
    clock.set(noon(date.fromisoformat(day)))
    if why:
        with pytest.raises(Refused) as refused:
            contracts.renew(desk, bought.id, "smp-1y")
        assert why in str(refused.value)
        assert "C-1 (2026-01-01 to 2026-12-31)" in str(refused.value)
        assert "(package." in str(refused.value)
        assert len(renewals(desk, everything=True)) == 1
        return
    done = contracts.renew(desk, bought.id, "smp-1y").contract
    assert (done.start_on, done.end_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (done.ordered_on, done.package) == (date.fromisoformat(day), bought.id)
    assert (done.price, done.currency, done.plan, done.number) == (D("150.00"), "MYR", "smp-1y", "C-1")


def test_the_day_is_the_vendors_until_the_policy_says_otherwise(desk, clock, bought) -> None:
    licence(desk, bought)
    book.change(desk, "customer", bought.customer, {"zone": "America/Chicago"})
    clock.set(datetime(2026, 12, 31, 18, tzinfo=UTC))  # 1 January in Kuala Lumpur, 31 December in Chicago
    with pytest.raises(Refused, match="lapsed"):
        contracts.renew(desk, bought.id, "1")
    for reading in ('"customer"', '"either"'):
        other = under(desk, policy(days_in=reading))
        assert contracts.offer(other, bought.id).state == "last-call"
        assert [row.state for row in renewals(other)] == ["last-call"]
    done = contracts.renew(under(desk, policy(days_in='"either"')), bought.id, "1").contract
    assert done.ordered_on == LAST


def test_either_day_may_open_the_window_too(desk, clock, bought) -> None:
    book.change(desk, "customer", bought.customer, {"zone": "America/Chicago"})
    clock.set(datetime(2026, 10, 1, 18, tzinfo=UTC))  # 2 October in Kuala Lumpur, 1 October in Chicago
    assert contracts.offer(desk, bought.id).state == "open"
    assert contracts.offer(under(desk, policy(days_in='"customer"')), bought.id).state == "early"
    assert contracts.offer(under(desk, policy(days_in='"either"')), bought.id).state == "open"


@pytest.mark.parametrize(
    ("reading", "day", "why"),
    [
        ('"opens"', "2026-12-16", "from 2026-12-17 until 2026-12-31"),
        ('"opens"', "2026-12-17", ""),
        ('"latest"', "2026-12-17", ""),
        ('"latest"', "2026-12-18", "could be renewed until 2026-12-17"),
        ('"last-call"', "2026-12-18", ""),
    ],
)
def test_the_two_weeks_as_the_policy_reads_them(desk, clock, bought, reading, day, why) -> None:
    licence(desk, bought)
    clock.set(noon(date.fromisoformat(day)))
    other = under(desk, policy(purchase_reading=reading))
    if not why:
        assert contracts.renew(other, bought.id, "2").contract.end_on == date(2028, 12, 31)
        return
    with pytest.raises(Refused, match=why):
        contracts.renew(other, bought.id, "2")


def test_an_order_is_recorded_after_the_day_on_which_it_came(desk, clock, bought) -> None:
    licence(desk, bought)
    clock.set(noon(date(2027, 1, 5)))
    with pytest.raises(Refused, match="lies ahead"):
        contracts.renew(desk, bought.id, "1", ordered_on=date(2027, 1, 6))
    with pytest.raises(Refused, match="began on 2026-01-01"):
        contracts.renew(desk, bought.id, "1", ordered_on=date(2025, 12, 31))
    assert contracts.renew(desk, bought.id, "1", ordered_on=LAST).contract.ordered_on == LAST


def test_a_reason_renews_outside_the_window_only_where_the_policy_says_so(desk, clock, bought) -> None:
    licence(desk, bought)
    clock.set(noon(date(2027, 1, 2)))
    with pytest.raises(Refused) as refused:
        contracts.renew(desk, bought.id, "1", reason="the manager said so")
    assert "--force" not in str(refused.value)
    lenient = under(desk, policy(forced_with_reason="true"))
    with pytest.raises(Refused, match="--force --reason TEXT"):
        contracts.renew(lenient, bought.id, "1")
    done = contracts.renew(lenient, bought.id, "1", reason="agreed with sales, order 77")
    assert done.contract.start_on == date(2027, 1, 1)
    assert done.contract.notes == "renewed outside the window: agreed with sales, order 77"


def test_after_a_lapse_a_package_begins_anew_where_the_policy_says_so(desk, clock, bought) -> None:
    licence(desk, bought)
    clock.set(noon(date(2027, 2, 10)))
    lenient = under(desk, policy(after_lapse='"new"'))
    found = contracts.offer(lenient, bought.id)
    said = [
        text for _, text in lines(found, found.quotes, contracts.refusal(found, contracts.rules_of(lenient)))
    ]
    assert said[2] == "lapsed on 2026-12-31; bought anew, it begins on the day of the order, 2027-02-10"
    done = contracts.renew(lenient, bought.id, "1").contract
    assert (done.start_on, done.end_on, done.package) == (date(2027, 2, 10), date(2028, 2, 9), bought.id)


# -- renewed once ---------------------------------------------------------------------------------


def test_two_consoles_renew_a_period_once(desk, raj, bought) -> None:
    licence(desk, bought)
    contracts.renew(desk, bought.id, "1", seen=bought.version)
    with pytest.raises(Refused, match=r"is renewed already: C-1 runs from 2027-01-01 to 2027-12-31"):
        contracts.renew(raj, bought.id, "2", seen=bought.version)
    assert len(renewals(desk, everything=True)) == 2


def test_a_contract_that_changed_meanwhile_is_looked_at_again(desk, raj, bought) -> None:
    book.change(raj, "contract", bought.id, {"end_on": "2026-12-30"})
    with pytest.raises(Conflict, match="look again"):
        contracts.renew(desk, bought.id, "1", seen=bought.version)


def test_undo_takes_a_renewal_back_and_redo_repeats_it(desk, bought) -> None:
    licence(desk, bought)
    done = contracts.renew(desk, bought.id, "1").contract
    assert [row.state for row in renewals(desk)] == []
    undo(desk)
    assert [(row.contract, row.state) for row in renewals(desk)] == [(bought.id, "open")]
    redo(desk)
    assert contracts.offer(desk, bought.id).renewed_by.id == done.id
    undo(desk)
    assert contracts.renew(desk, bought.id, "2").contract.end_on == date(2028, 12, 31)


def test_what_ended_early_or_has_no_last_day_is_not_renewed(desk, bought) -> None:
    unknown = contract(desk, first=None, last=None, number="C-2")
    with pytest.raises(Refused, match="its last day isn't on file"):
        contracts.renew(desk, unknown.id, "1")
    book.change(desk, "contract", bought.id, {"ended_on": "2026-06-30"})
    with pytest.raises(Refused, match="ended on 2026-06-30, before its time"):
        contracts.renew(desk, bought.id, "1")
    assert renewals(desk) == []
    assert [row.state for row in renewals(desk, everything=True)] == ["ended"]


def test_what_is_not_there_is_said_in_one_line(desk, bought) -> None:
    with pytest.raises(NotFound):
        contracts.renew(desk, 99, "1")
    with pytest.raises(UsageError, match="'gold' is no plan that is sold; it may be smp-1y or smp-2y"):
        contracts.renew(desk, bought.id, "gold")
    book.remove(desk, "contract", bought.id)
    with pytest.raises(NotFound, match="contract C-1 was removed"):
        contracts.offer(desk, bought.id)
    netex = Desk(desk.store, "netex", desk.clock, "ana")
    for verb in (lambda: renewals(netex), lambda: contracts.renew(netex, bought.id, "1")):
        with pytest.raises(Refused, match="sells no support packages"):
            verb()


# -- prices ---------------------------------------------------------------------------------------


def test_added_users_leave_the_price_to_sales(desk, bought) -> None:
    licence(desk, bought, users="5", users_added="2")
    done = contracts.renew(desk, bought.id, "1")
    assert done.contract.price is None
    assert "the price isn't final, ask sales" in done.open[0]


def test_a_price_that_was_agreed_is_kept(desk, bought) -> None:
    licence(desk, bought, users="5", users_added="2")
    with pytest.raises(UsageError, match="is in EUR, but contract C-1 is in MYR"):
        contracts.renew(desk, bought.id, "1", price=D(1), currency="EUR")
    done = contracts.renew(desk, bought.id, "1", price=D("180"))
    assert (done.contract.price, done.contract.currency, done.open) == (D("180"), "MYR", ())


def test_licences_in_two_currencies_are_not_added_up(desk, bought) -> None:
    licence(desk, bought)
    licence(desk, bought, "USD 100.00")
    with pytest.raises(Refused, match="MYR and USD, which can't be added up"):
        contracts.quote(desk, bought.id, "1")
    (row,) = renewals(desk)
    assert (row.prices, row.trouble) == ((None, None), "priced in MYR and USD")


def test_a_licence_that_ended_is_not_paid_for_again(desk, bought) -> None:
    licence(desk, bought)
    licence(desk, bought, "MYR 400.00", ended_on=LAST)
    licence(desk, bought, "MYR 40.00", ended_on=LAST + timedelta(days=1))
    assert contracts.quote(desk, bought.id, "1").price == D("156.00")
    assert renewals(desk)[0].prices == (D("156.00"), D("208.00"))


def test_the_list_and_the_quote_say_the_same(desk, clock, bought) -> None:
    """Every kind of package, against the quote of each plan."""
    licence(desk, bought, "MYR 333.33")
    licence(desk, bought, "MYR 0.05")
    for n, (price, facts) in enumerate(
        [
            ("MYR 999.99", {}),
            ("JPY 1003", {}),
            ("", {}),
            ("MYR 10.00", {"users_added": "1"}),
            ("KWD 123.457", {}),
        ]
    ):
        other = contract(desk, number=f"C-{n + 2}")
        licence(desk, other, price, number=f"M-{n}", **facts)
    rows = renewals(desk)
    assert len(rows) == 6
    for row in rows:
        found = contracts.offer(desk, row.contract)
        assert (row.state, row.opens, row.closes) == (found.state, found.window.opens, found.window.closes)
        assert row.prices == tuple(each.price for each in found.quotes)
        assert [row.final] * 2 == [each.final for each in found.quotes]
    assert [plan.name for plan in plans(desk)] == ["smp-1y", "smp-2y"]


def test_ten_years_of_renewals(desk, clock, bought) -> None:
    """From 29 February 2024, by turns for one year and for two: days and prices by hand."""
    first = contract(desk, date(2024, 2, 29), term_end(date(2024, 2, 29), 1), number="C-9")
    licence(desk, first, "MYR 5750.45")
    latest, got = first, []
    for plan in ("2", "1", "2", "1", "1", "2"):
        clock.set(noon(latest.end_on - timedelta(days=len(got) * 15)))
        latest = contracts.renew(desk, latest.id, plan).contract
        got.append((latest.start_on.isoformat(), latest.end_on.isoformat(), str(latest.price)))
    assert got == [
        ("2025-03-01", "2027-02-28", "1150.09"),
        ("2027-03-01", "2028-02-29", "862.57"),
        ("2028-03-01", "2030-02-28", "1150.09"),
        ("2030-03-01", "2031-02-28", "862.57"),
        ("2031-03-01", "2032-02-29", "862.57"),
        ("2032-03-01", "2034-02-28", "1150.09"),
    ]
    rows = [row for row in renewals(desk, everything=True) if row.package == first.id]
    assert [row.state for row in rows] == ["renewed"] * 6 + ["early"]


# -- the list -------------------------------------------------------------------------------------


def test_the_list_reaches_as_far_as_it_is_asked(desk, clock, bought) -> None:
    ends = {"C-2": 0, "C-3": 30, "C-4": 31, "C-5": 90, "C-6": 91, "C-7": -1, "C-8": -20}
    today = date(2026, 11, 16)
    for number, days in ends.items():
        contract(desk, today - timedelta(days=200), today + timedelta(days=days), number)
    book.remove(desk, "contract", bought.id)
    numbers = lambda **asked: [row.number for row in renewals(desk, **asked)]  # noqa: E731
    assert numbers() == ["C-2", "C-3", "C-4", "C-5"]
    assert numbers(within=30) == ["C-2", "C-3"]
    assert numbers(within=timedelta(days=91)) == ["C-2", "C-3", "C-4", "C-5", "C-6"]
    assert numbers(within=0, lapsed=1) == ["C-7", "C-2"]
    assert numbers(everything=True) == ["C-8", "C-7", "C-2", "C-3", "C-4", "C-5", "C-6"]
    assert [row.state for row in renewals(desk, within=91)] == ["last-call", "open", "open", "open", "early"]


def test_the_list_at_the_ends_of_the_calendar(desk, clock, bought) -> None:
    contract(desk, date(2900, 1, 1), date(2999, 12, 31), "C-2")
    assert [row.number for row in renewals(desk, within=10**7, lapsed=10**7)] == ["C-1", "C-2"]


def test_a_console_is_shown_what_ends_first_and_what_lapsed_last(desk, clock, bought, monkeypatch) -> None:
    today = date(2026, 11, 16)
    for days in (-95, -90, -2, -1, 0, 1, 89, 90, 91):
        contract(desk, today - timedelta(days=300), today + timedelta(days=days), f"D{days}")
    contracts.renew(desk, bought.id, "1")
    ended = contract(desk, today - timedelta(days=300), today + timedelta(days=5), "D5")
    book.change(desk, "contract", ended.id, {"ended_on": today - timedelta(days=100)})
    shown = lambda: [row.number for row in board(desk).rows]  # noqa: E731
    assert shown() == ["D0", "D1", "D89", "D90", "D-1", "D-2", "D-90"]
    assert sorted(shown()) == sorted(row.number for row in renewals(desk, lapsed=90))
    assert board(desk).more == 0
    monkeypatch.setattr(listing, "MOST", 3)
    monkeypatch.setattr(listing, "MOST_LAPSED", 3)
    assert (shown(), board(desk).more) == (["D0", "D1", "D89", "D-1", "D-2", "D-90"], 1)


@settings(max_examples=12, deadline=None)
@given(
    first=st.one_of(
        st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        st.sampled_from([date(2024, 2, 29), date(2025, 1, 31)]),
    ),
    orders=st.lists(st.tuples(st.sampled_from("12"), st.integers(0, 90)), min_size=1, max_size=8),
)
def test_whatever_is_ordered_in_time_leaves_no_hole_and_no_overlap(first, orders) -> None:
    with open_store(":memory:") as store:
        clock = ManualClock(noon(first))
        desk = Desk(store, "xnet", clock, "ana")
        book.add(desk, "customer", {"name": "Acme Sdn Bhd"})
        latest = contract(desk, first, term_end(first, 1))
        for plan, early in orders:
            clock.set(noon(latest.end_on - timedelta(days=early)))
            latest = contracts.renew(desk, latest.id, plan).contract
        chain = book.listed(desk, "contract")
        chain.sort(key=lambda one: one.start_on)
        assert len(chain) == len(orders) + 1
        for before, after in pairwise(chain):
            assert after.start_on - before.end_on == timedelta(days=1)
            assert after.package == chain[0].id
