"""Support packages: periods, windows and prices.

Sources: X NET's page about its package: 15 % of what the products cost for one year, 10 % a year for two; a
renewal is bought while the package still runs, at most 90 days early; elsewhere the page lets it be bought
two weeks before its end.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.errors import PolicyError, Refused
from supporttui.policy import check, load, preset_text, read_policy
from supporttui.policy.currencies import minor_digits, money
from supporttui.policy.packages import (
    Item,
    Plan,
    best_state,
    next_first,
    plans_of,
    price_of,
    quote,
    readings,
    state_on,
    term_end,
    window_of,
)
from supporttui.policy.records import PackageTable

D = Decimal
ONE, TWO = Plan("smp-1y", "SMP, one year", 1, D(15)), Plan("smp-2y", "SMP, two years", 2, D(10))
FIRST = date(2026, 3, 1)


def table(**keys) -> PackageTable:
    return PackageTable(**keys)


def item(price: str | None, currency: str = "MYR", **facts) -> Item:
    return Item(product=facts.pop("product", "Exporter"), price=None if price is None else D(price), currency=currency, **facts)  # fmt: skip


# -- periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "one", "two"),
    [
        ("2026-03-01", "2027-02-28", "2028-02-29"),
        ("2026-01-01", "2026-12-31", "2027-12-31"),
        ("2026-12-31", "2027-12-30", "2028-12-30"),
        ("2026-01-31", "2027-01-30", "2028-01-30"),
        ("2026-04-30", "2027-04-29", "2028-04-29"),
        ("2027-02-28", "2028-02-27", "2029-02-27"),
        ("2023-03-01", "2024-02-29", "2025-02-28"),
        ("2024-02-29", "2025-02-28", "2026-02-28"),
        ("2096-02-29", "2097-02-28", "2098-02-28"),
        ("1999-03-01", "2000-02-29", "2001-02-28"),
        ("2099-03-01", "2100-02-28", "2101-02-28"),
    ],
)
def test_a_period_ends_on_the_day_before_the_same_date(first, one, two) -> None:
    begun = date.fromisoformat(first)
    assert (term_end(begun, 1).isoformat(), term_end(begun, 2).isoformat()) == (one, two)


def test_a_period_that_begins_on_29_february_is_followed_by_one_from_1_march() -> None:
    assert next_first(term_end(date(2024, 2, 29), 1)) == date(2025, 3, 1)
    assert next_first(term_end(date(2024, 2, 29), 4)) == date(2028, 2, 29)


def test_periods_end_with_the_calendar() -> None:
    with pytest.raises(Refused, match="would end after the year 9999"):
        term_end(date(9999, 1, 2), 1)
    with pytest.raises(Refused, match="nothing follows"):
        next_first(date.max)


DAYS = st.one_of(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.sampled_from([date(2024, 2, 29), date(2000, 2, 29), date(2023, 12, 31), date(2025, 1, 31), date(2026, 2, 28), date(2027, 3, 1)]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(first=DAYS, mix=st.lists(st.sampled_from([1, 2]), min_size=1, max_size=12), early=st.integers(0, 90))
def test_periods_renewed_in_time_never_overlap_and_never_leave_a_hole(first, mix, early) -> None:
    periods = []
    begins = first
    for years in mix:
        ends = term_end(begins, years)
        window = window_of(ends, table())
        ordered = ends - timedelta(days=early)
        assert state_on(ordered, window) in ("open", "last-call")
        assert years * 365 <= (ends - begins).days + 1 <= years * 365 + 1
        periods.append((begins, ends))
        begins = next_first(ends)
    for (_, before), (after, _) in pairwise(periods):
        assert after - before == timedelta(days=1)
    # However the years are split, the whole is as long; a start on 29 February alone moves by a day.
    if (first.month, first.day) != (2, 29):
        assert periods[-1][1] == term_end(first, sum(mix))


# -- windows --------------------------------------------------------------------------------------

LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("reading", "day", "state"),
    [
        # 90 days before 31 December 2026 is 2 October.
        ("last-call", "2026-10-01", "early"),
        ("last-call", "2026-10-02", "open"),
        ("last-call", "2026-10-03", "open"),
        # 14 days before it is 17 December.
        ("last-call", "2026-12-16", "open"),
        ("last-call", "2026-12-17", "last-call"),
        ("last-call", "2026-12-18", "last-call"),
        ("last-call", "2026-12-30", "last-call"),
        ("last-call", "2026-12-31", "last-call"),
        ("last-call", "2027-01-01", "lapsed"),
        ("opens", "2026-10-02", "early"),
        ("opens", "2026-12-16", "early"),
        ("opens", "2026-12-17", "open"),
        ("opens", "2026-12-18", "open"),
        ("opens", "2026-12-31", "open"),
        ("opens", "2027-01-01", "lapsed"),
        ("latest", "2026-10-01", "early"),
        ("latest", "2026-10-02", "open"),
        ("latest", "2026-12-16", "open"),
        ("latest", "2026-12-17", "open"),
        ("latest", "2026-12-18", "closed"),
        ("latest", "2026-12-31", "closed"),
        ("latest", "2027-01-01", "lapsed"),
    ],
)
def test_the_day_before_of_and_after_each_limit(reading, day, state) -> None:
    window = window_of(LAST, table(purchase_reading=reading))
    assert state_on(date.fromisoformat(day), window) == state


def test_a_window_across_a_leap_day() -> None:
    assert window_of(date(2024, 3, 14), table()).urged_from == date(2024, 2, 29)
    assert window_of(date(2025, 3, 14), table()).urged_from == date(2025, 2, 28)
    assert window_of(date(2024, 5, 29), table()).opens == date(2024, 2, 29)
    assert window_of(date(1, 1, 20), table()).opens == date.min


def test_what_is_renewed_stays_so_whatever_the_day() -> None:
    window = window_of(LAST, table())
    assert {state_on(LAST + timedelta(days=n), window, renewed=True) for n in (-400, 0, 400)} == {"renewed"}


def test_of_two_days_the_better_one_for_the_customer_counts() -> None:
    window = window_of(LAST, table())
    assert best_state([LAST, LAST + timedelta(days=1)], window) == "last-call"
    assert best_state([window.opens - timedelta(days=1), window.opens], window) == "open"
    assert best_state([LAST + timedelta(days=1)], window) == "lapsed"
    latest = window_of(LAST, table(purchase_reading="latest"))
    assert best_state([LAST, LAST + timedelta(days=1)], latest) == "closed"


@settings(max_examples=60, deadline=None)
@given(last=DAYS, renewal=st.integers(0, 400), purchase=st.integers(0, 400), reading=st.sampled_from(["last-call", "opens", "latest"]))  # fmt: skip
def test_states_follow_one_another_and_never_go_back(last, renewal, purchase, reading) -> None:
    keys = table(renewal_days=renewal, purchase_days=purchase, purchase_reading=reading)
    window = window_of(last, keys)
    order = ["early", "open", "last-call", "closed", "lapsed"]
    seen = [order.index(state_on(last + timedelta(days=n), window)) for n in range(-420, 3)]
    assert seen == sorted(seen)
    assert order[seen[-3]] != "lapsed"
    assert [order[one] for one in seen[-2:]] == ["lapsed", "lapsed"]


# -- prices ---------------------------------------------------------------------------------------

# (purchase price, currency, one year, two years), each worked out by hand from the page's percentages.
PRICES = [
    ("1000.00", "MYR", "150.00", "200.00"),
    ("999.99", "MYR", "150.00", "200.00"),  # 149.9985, 199.998
    ("333.33", "MYR", "50.00", "66.67"),  # 49.9995, 66.666
    ("0.03", "MYR", "0.00", "0.01"),  # 0.0045, 0.006
    ("0.10", "MYR", "0.02", "0.02"),  # 0.015: half goes up; 0.02
    ("0.50", "USD", "0.08", "0.10"),  # 0.075
    ("12345.67", "USD", "1851.85", "2469.13"),  # 1851.8505, 2469.134
    ("87654.32", "EUR", "13148.15", "17530.86"),  # 13148.148, 17530.864
    ("150000", "JPY", "22500", "30000"),
    ("1003", "JPY", "150", "201"),  # 150.45, 200.6
    ("10", "JPY", "2", "2"),  # 1.5: half goes up
    ("99.999", "KWD", "15.000", "20.000"),  # 14.99985, 19.9998
    ("123.457", "KWD", "18.519", "24.691"),  # 18.51855, 24.6914
    ("0", "MYR", "0.00", "0.00"),
]


@pytest.mark.parametrize(("price", "currency", "one", "two"), PRICES)
def test_prices_to_the_smallest_unit(price, currency, one, two) -> None:
    found = [quote([item(price, currency)], plan, FIRST, table()) for plan in (ONE, TWO)]
    assert [str(each.price) for each in found] == [one, two]
    assert [each.final for each in found] == [True, True]
    assert [each.currency for each in found] == [currency, currency]


def test_the_total_is_rounded_once_or_each_line_as_the_policy_says() -> None:
    three = [item("0.10"), item("0.10"), item("0.10")]
    total, lines = (quote(three, ONE, FIRST, table(rounded=how)) for how in ("total", "lines"))
    assert (total.base, lines.base) == (D("0.30"), D("0.30"))
    assert total.shares == (D("0.0150"),) * 3
    assert str(total.price) == "0.05"  # 0.045
    assert lines.shares == (D("0.02"),) * 3
    assert str(lines.price) == "0.06"
    assert (
        total.rule
        == "15 % of the total purchase price for 1 year; the total is rounded half up to whole 0.01 MYR"
    )
    assert "each product's share is rounded" in lines.rule


@pytest.mark.parametrize(
    ("how", "price"), [("half-up", "0.15"), ("half-even", "0.14"), ("up", "0.15"), ("down", "0.14")]
)
def test_the_ways_of_rounding(how, price) -> None:
    plan = Plan("x", "X", 1, D("14.5"))
    assert str(quote([item("1.00")], plan, FIRST, table(rounding=how)).price) == price


AMOUNTS = st.decimals(0, 10**9, places=2)
TABLES = st.builds(
    PackageTable, rounding=st.sampled_from(["half-up", "half-even", "up", "down"]), rounded=st.sampled_from(["total", "lines"])
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(prices=st.lists(AMOUNTS, min_size=1, max_size=6), more=AMOUNTS, rules=TABLES, currency=st.sampled_from(["MYR", "JPY", "KWD"]))  # fmt: skip
def test_lines_add_up_to_the_total_and_dearer_is_never_cheaper(prices, more, rules, currency) -> None:
    items = [item(str(price), currency) for price in prices]
    for plan in (ONE, TWO):
        found = quote(items, plan, FIRST, rules)
        assert found.price is not None
        unit = Fraction(1, 10 ** minor_digits(currency))
        exact = sum(Fraction(share) for share in found.shares if share is not None)
        if rules.rounded == "lines":
            assert exact == Fraction(found.price)
            assert all(
                (Fraction(share) / unit).denominator == 1 for share in found.shares if share is not None
            )
        else:
            assert exact == sum(map(Fraction, prices)) * Fraction(plan.percent) * plan.years / 100
            assert abs(Fraction(found.price) - exact) < unit
        assert found.price == price_of(prices, plan.factor, currency, rules)
        dearer = quote([*items, item(str(more), currency)], plan, FIRST, rules)
        assert dearer.price is not None
        assert dearer.price >= found.price
    one, two = (quote(items, plan, FIRST, rules).price for plan in (ONE, TWO))
    assert one is not None
    assert two is not None
    assert two >= one


def test_ten_years_of_renewals_to_the_cent() -> None:
    """BFX for 4,999.95 and a viewer for 750.50 from 29 February 2024: renewed by one year, two years, and so on."""
    bought = [item("4999.95", product="BFX"), item("750.50", product="Viewer")]
    # 5,750.45 x 15 % = 862.5675; x 10 % x 2 = 1,150.09.
    expected = [
        (1, "2024-02-29", "2025-02-28", "862.57"),
        (2, "2025-03-01", "2027-02-28", "1150.09"),
        (1, "2027-03-01", "2028-02-29", "862.57"),
        (2, "2028-03-01", "2030-02-28", "1150.09"),
        (1, "2030-03-01", "2031-02-28", "862.57"),
        (1, "2031-03-01", "2032-02-29", "862.57"),
        (2, "2032-03-01", "2034-02-28", "1150.09"),
    ]
    begins, got = date(2024, 2, 29), []
    for years, *_ in expected:
        found = quote(bought, ONE if years == 1 else TWO, begins, table())
        got.append((years, found.first.isoformat(), found.last.isoformat(), str(found.price)))
        begins = next_first(found.last)
    assert got == expected
    assert sum(D(price) for *_, price in got) == D("6900.55")
    # The same by plain integers: sen, and thousandths of a percent.
    sen = 575045
    assert [price for *_, price in expected] == [
        f"{(sen * (15 if years == 1 else 20) + 50) // 100 / 100:.2f}" for years, *_ in expected
    ]


@settings(max_examples=60, deadline=None)
@given(price=AMOUNTS, mix=st.lists(st.sampled_from([ONE, TWO]), min_size=5, max_size=10))
def test_the_price_does_not_depend_on_the_term(price, mix) -> None:
    begins = date(2024, 2, 29)
    for plan in mix:
        found = quote([item(str(price))], plan, begins, table())
        exact = D(price) * (15 if plan is ONE else 20) / 100
        assert found.price == exact.quantize(D("0.01"), ROUND_HALF_UP)
        begins = next_first(found.last)


# -- what isn't on file ---------------------------------------------------------------------------


def test_a_licence_without_a_price_is_named_and_nothing_is_guessed() -> None:
    found = quote([item("100"), item(None, product="Viewer", number="L-2")], ONE, FIRST, table())
    assert (found.price, found.base, found.priced) == (None, D(100), "not known")
    assert found.missing == ("the purchase price of Viewer (L-2) isn't on file",)
    assert not found.final


def test_a_price_without_a_currency_is_not_taken_for_another_ones() -> None:
    found = quote([item("100"), item("100", "")], ONE, FIRST, table())
    assert found.price is None
    assert found.missing == ("the currency of Exporter isn't on file",)
    assert quote([item("100", "")], ONE, FIRST, table(currency="MYR")).priced == "MYR 15.00"


def test_a_package_without_licences_has_no_price() -> None:
    found = quote([], ONE, FIRST, table())
    assert found.price is None
    assert found.missing == (
        "no licence is on file for this package, so there is nothing to take a percentage of",
    )


def test_several_currencies_are_refused_in_one_line() -> None:
    with pytest.raises(Refused, match="priced in MYR and USD, which can't be added up: ask sales"):
        quote([item("100"), item("100", "USD")], ONE, FIRST, table())


def test_added_users_leave_the_price_open_for_sales() -> None:
    found = quote([item("100", users=5, users_added=3, number="L-1")], ONE, FIRST, table())
    assert (str(found.price), found.final, found.priced) == ("15.00", False, "MYR 15.00, not final")
    assert found.open == (
        "3 users were added to Exporter (L-1) since the purchase: the price isn't final, ask sales",
    )


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "sNaN"])
def test_a_price_that_is_no_number_is_missing(bad) -> None:
    assert quote([item(bad)], ONE, FIRST, table()).price is None


def test_money_in_words() -> None:
    assert money(D("1234567.5"), "MYR") == "MYR 1,234,567.50"
    assert money(D("1500"), "JPY") == "JPY 1,500"
    assert money(D("0.015"), "MYR") == "MYR 0.015"
    assert money(D("12"), "") == "12.00"
    assert [minor_digits(code) for code in ("JPY", "KWD", "CLF", "EUR", "myr")] == [0, 3, 4, 2, 2]


# -- the policy -----------------------------------------------------------------------------------


def test_the_presets_say_what_the_pages_say() -> None:
    xnet, netex = load("xnet"), load("netex")
    assert plans_of(xnet.file.plans) == (ONE, TWO)
    assert xnet.package is not None
    assert (xnet.package.renewal_days, xnet.package.purchase_days) == (90, 14)
    assert (xnet.package.purchase_reading, xnet.package.after_lapse) == ("last-call", "none")
    assert netex.package is None


@pytest.mark.parametrize("reading", ["last-call", "opens", "latest"])
def test_policy_check_explains_both_sentences(reading) -> None:
    said = dict(readings(table(purchase_reading=reading)))
    assert (
        "from 90 days before the last day of the running package until that day"
        in said["package.renewal_days"]
    )
    assert said["package.purchase_reading"].startswith('"2 weeks before the last one expires" is read as the')
    assert "14 days" in said["package.purchase_reading"]
    assert "package.after_lapse" in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("renewal_days = 90", "renewal_days = -1", "package.renewal_days: -1 is no number of days"),
        ("renewal_days = 90", "renewel_days = 90", "package.renewel_days: no such key"),
        ('purchase_reading = "last-call"', 'purchase_reading = "lastcall"', "did you mean 'last-call'"),
        ('rate_percent = "15"', 'rate_percent = "fifteen"', "'fifteen' is no percentage"),
        ("years = 2", "years = 400", "400 is no length of a plan"),
        ('currency = ""', 'currency = "ringgit"', "'ringgit' is no currency"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_key(old, new, message) -> None:
    text = preset_text("xnet")
    assert old in text
    with pytest.raises(PolicyError) as error:
        read_policy(text.replace(old, new, 1), "mine.toml")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("purchase_days = 14", "purchase_days = 120", ("note", "package.purchase_days")),
        ('rate_percent = "15"', "", ("warning", "plan[0].rate_percent")),
    ],
)
def test_policy_check_finds_what_nobody_wants(old, new, found) -> None:
    policy = read_policy(preset_text("xnet").replace(old, new, 1), "mine.toml")
    assert found in [(each.level, each.key) for each in check(policy)]


def test_policy_check_finds_a_window_that_never_opens() -> None:
    text = (
        preset_text("xnet")
        .replace('"last-call"', '"latest"')
        .replace("purchase_days = 14", "purchase_days = 91")
    )
    (found,) = [each for each in check(read_policy(text, "mine.toml")) if each.key == "package.purchase_days"]
    assert found.level == "error"
    assert "nobody can ever renew" in found.message


def test_the_hash_changes_with_how_packages_are_read() -> None:
    text = preset_text("xnet")
    other = text.replace('purchase_reading = "last-call"', 'purchase_reading = "opens"')
    assert other != text
    assert read_policy(text, "a.toml").hash != read_policy(other, "a.toml").hash
