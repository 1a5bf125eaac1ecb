"""What worked time costs: rounding up, minimum, surcharge, and what a rate table may say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.errors import PolicyError
from supporttui.policy import check, read_policy, template
from supporttui.policy.calendar import BusinessCalendar
from supporttui.policy.rates import Rate, price, round_up
from supporttui.policy.timeline import Facts

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = BusinessCalendar.from_mapping(
    {"tz": "America/Chicago", "hours": {day: [["08:00", "17:00"]] for day in WEEK}}
)
MONDAY = datetime(2026, 11, 16, 22, 0, tzinfo=UTC)  # 16:00 in Chicago


@pytest.mark.parametrize(
    ("minutes", "unit", "minimum", "billed"),
    [
        (0, 15, 60, 0), (1, 15, 0, 15), (15, 15, 0, 15), (16, 15, 0, 30), (30, 15, 0, 30), (1, 1, 0, 1),
        (1, 60, 0, 60), (60, 60, 0, 60), (61, 60, 0, 120), (1, 6, 0, 6), (7, 6, 0, 12),
        (5, 15, 60, 60), (60, 15, 60, 60), (61, 15, 60, 75), (5, 15, 20, 30), (1440, 15, 0, 1440),
    ],
)  # fmt: skip
def test_time_is_rounded_up_to_whole_units(minutes, unit, minimum, billed):
    assert round_up(minutes, unit, minimum) == billed


@pytest.mark.parametrize(
    ("hourly", "currency", "minutes", "amount"),
    [
        ("120", "USD", 20, "60.00"),
        ("100", "USD", 1, "25.00"),
        ("99.99", "USD", 15, "25.00"),  # 24.9975
        ("100.01", "USD", 30, "50.01"),  # 50.005, half up
        ("100.02", "USD", 15, "25.01"),  # 25.005, half up
        ("33333", "JPY", 15, "8333"),  # 8333.25
        ("33334", "JPY", 15, "8334"),  # 8333.5, half up
        ("10.001", "KWD", 15, "2.500"),  # 2.50025
    ],
)
def test_an_amount_is_rounded_half_up_to_the_smallest_unit(hourly, currency, minutes, amount):
    rate = Rate(name="r", unit=15, per="entry", hourly=Decimal(hourly), currency=currency)
    assert price(rate, [(MONDAY, minutes)]).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("begins", "minutes", "billed", "after", "amount"),
    [
        (0, 60, 60, 0, "100.00"),  # until 17:00 sharp
        (0, 61, 75, 15, "137.50"),  # a minute after hours counts as a unit
        (30, 60, 60, 30, "125.00"),
        (60, 10, 15, 15, "37.50"),  # all of it: the surcharge on all that is billed
        (-510, 45, 45, 30, "100.00"),  # 07:30 to 08:15, 30 minutes of it before opening
    ],
)
def test_the_surcharge_is_for_time_outside_of_the_calendar(begins, minutes, billed, after, amount):
    rate = Rate(
        name="r", unit=15, per="entry", hourly=Decimal(100), currency="USD", percent=Decimal(50), calendar=OFFICE
    )  # fmt: skip
    found = price(rate, [(MONDAY + timedelta(minutes=begins), minutes)])
    assert (found.billed, found.after_hours, found.amount) == (billed, after, Decimal(amount))


rates = st.builds(
    Rate,
    name=st.just("r"),
    unit=st.sampled_from((1, 5, 6, 10, 15, 30, 60)),
    per=st.just("entry"),
    minimum=st.sampled_from((0, 10, 15, 45, 60)),
    hourly=st.decimals("0.01", "999.99", places=2),
    currency=st.sampled_from(("USD", "JPY", "KWD")),
    percent=st.sampled_from((Decimal(0), Decimal(50), Decimal("33.3"))),
    calendar=st.just(OFFICE),
)
starts = st.integers(0, 14 * 1440).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@settings(max_examples=60, deadline=None)
@given(rates, starts, st.integers(1, 600))
def test_never_less_than_was_worked_and_never_a_unit_too_much(rate, start, minutes):
    found = price(rate, [(start, minutes)])
    assert found.worked == minutes
    assert found.billed >= max(minutes, rate.minimum) and found.billed % rate.unit == 0
    assert found.billed < max(minutes, rate.minimum) + rate.unit
    assert 0 <= found.after_hours <= found.billed


@settings(max_examples=80, deadline=None)
@given(rates, starts, st.integers(1, 300), st.integers(1, 300))
def test_cutting_an_entry_in_two_is_never_cheaper(rate, start, first, second):
    whole = price(rate, [(start, first + second)])
    parts = [price(rate, [(start, first)]), price(rate, [(start + timedelta(minutes=first), second)])]
    assert sum(one.billed for one in parts) >= whole.billed
    assert sum(one.after_hours for one in parts) >= whole.after_hours
    # Each amount is rounded by itself, so two may be short of one by one smallest unit.
    least = Decimal(1).scaleb(whole.amount.as_tuple().exponent)
    assert sum(one.amount for one in parts) >= whole.amount - least


@settings(max_examples=40, deadline=None)
@given(rates, starts, st.lists(st.integers(1, 200), min_size=2, max_size=4))
def test_together_is_never_dearer_than_apart(rate, start, lengths):
    pieces, at = [], start
    for minutes in lengths:
        pieces.append((at, minutes))
        at += timedelta(minutes=minutes + 7)
    assert price(rate, pieces).billed <= sum(price(rate, [one]).billed for one in pieces)


# -- the tables -----------------------------------------------------------------------------------


def policy(billing: str):
    text = template()
    return read_policy(text[: text.index("[billing]")] + billing, "desk.toml")


def test_the_first_rate_that_matches_is_the_one():
    found = policy(
        '[billing]\nunit = "30 min"\ncurrency = "EUR"\nminimum = "1 hour"\n'
        '[[rate]]\nname = "urgent"\nwhen = { severity = 1 }\nhourly = "200"\nper = "day"\nunit = "6 min"\n'
        '[[rate]]\nname = "consulting"\ncoverage = "consulting"\nhourly = "150"\ncurrency = "USD"\n'
        '[[rate]]\nname = "rest"\ncoverage = ["billable", "discretion"]\n'
    ).billing
    assert found.rate_for(Facts(severity=1), "consulting").name == "urgent"
    consulting = found.rate_for(Facts(severity=2), "consulting")
    assert (consulting.name, consulting.unit, consulting.per, consulting.minimum, consulting.currency) == (
        "consulting", 30, "entry", 60, "USD",
    )  # fmt: skip
    assert found.rate_for(Facts(severity=2), "billable").name == "rest"
    assert found.rate_for(Facts(severity=2), "uncovered") is None
    # Billed although the verdict says otherwise: whatever the ticket's facts select.
    assert found.rate_for(Facts(severity=2), "covered").name == "consulting"
    urgent = found.named("URGENT")
    assert (urgent.unit, urgent.per, urgent.currency) == (6, "day", "EUR")


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ('[billing]\nunit = "90 sec"', "billing.unit"),
        ('[billing]\nunit = "0 min"', "billing.unit"),
        ('[billing]\nunit = "2 business hours"', "billing.unit: '2 business hours' must be whole minutes"),
        ('[billing]\ncurrency = "euro"', "billing.currency: 'euro' is no currency"),
        ('[billing]\nper = "week"', "billing.per"),
        ('[billing]\ntax = "20"', "billing.tax: no such key"),
        ('[billing]\nexpenses = ["travel", "Travel"]', r"billing.expenses\[1\]"),
        ('[[rate]]\nname = "a"\nhourly = 120', r"rate\[0\].hourly: expected text"),
        ('[[rate]]\nname = "a"\nhourly = "12,50"', r"rate\[0\].hourly: '12,50' is no amount"),
        ('[[rate]]\nname = "a"\nhourly = "-5"', r"rate\[0\].hourly"),
        ('[[rate]]\nname = "a"\nafter_hours_percent = "half"', r"rate\[0\].after_hours_percent"),
        ('[[rate]]\nname = "a"\ncalendar = "offce"', r"rate\[0\].calendar: no calendar 'offce'; did you mean 'office'"),
        ('[[rate]]\nname = "a"\ncoverage = "billed"', r"rate\[0\].coverage: no verdict.*'billed'"),
        ('[[rate]]\nname = "a"\nwhen = { severity = 9 }', r"rate\[0\].when.severity: no severity '9'"),
        ('[[rate]]\nname = "a"\n[[rate]]\nname = "A"', r"rate\[1\].name: 'a' is already"),
    ],
)  # fmt: skip
def test_what_a_table_may_not_say(tables, said):
    with pytest.raises(PolicyError, match=said):
        policy(tables)


def test_what_check_finds():
    found = {finding.key: finding for finding in check(policy(
        '[[rate]]\nname = "a"\nhourly = "100.005"\nunit = "15 min"\nminimum = "20 min"\ncurrency = "USD"\n'
        '[[rate]]\nname = "b"\nhourly = "100"\n'
    ))}  # fmt: skip
    assert found["rate[0].hourly"].level == "note" and "finer than USD" in found["rate[0].hourly"].message
    assert "the least that is billed is 30 min" in found["rate[0].minimum"].message
    assert found["rate[1].currency"].level == "error"


def test_rates_count_for_the_hash():
    assert (
        policy('[[rate]]\nname = "a"\nhourly = "1"').hash != policy('[[rate]]\nname = "a"\nhourly = "2"').hash
    )


@pytest.mark.parametrize("name", ["netex", "xnet"])
def test_the_presets_invent_no_amount(name):
    from supporttui.policy import load
    from supporttui.policy.loading import preset_text

    assert all(rate.hourly is None for rate in load(name).billing.rates)
    text = preset_text(name)
    part = text[text.index("[billing]") :]
    assert part.count("CONFIRM") >= 5
