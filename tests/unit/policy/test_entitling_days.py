"""Limits to the day: the day before, of and after each, over leap years, month ends, zones and clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from supporttui.policy import load, preset_text, read_policy
from supporttui.policy.entitling import decide
from supporttui.policy.packages import term_end

from .entitled_cases import CURRENT, PERIOD, case, followed, licence, modified, period, quoted, verdict

DAY = timedelta(days=1)


# fact, policy, facts, clause, last day on which it holds, (coverage, effort) to that day and after it
LIMITS = [
    ("180 days after the next release", "netex", {"released": followed(date(2026, 1, 1))}, "Old product versions", date(2026, 6, 30), "covered", "discretion"),
    ("over a leap day", "netex", {"released": followed(date(2028, 1, 1))}, "Old product versions", date(2028, 6, 29), "covered", "discretion"),
    ("from a leap day", "netex", {"released": followed(date(2028, 2, 29))}, "Old product versions", date(2028, 8, 27), "covered", "discretion"),
    ("from a month's end", "netex", {"released": followed(date(2026, 8, 31))}, "Old product versions", date(2027, 2, 27), "covered", "discretion"),
    ("over the end of a year", "netex", {"released": followed(date(2026, 12, 31))}, "Old product versions", date(2027, 6, 29), "covered", "discretion"),
    ("an announced end goes before", "netex", {"released": followed(date(2026, 1, 1), support_ends_on=date(2027, 1, 31))}, "Old product versions", date(2027, 1, 31), "covered", "discretion"),
    ("an announced end without a follower", "netex", {"released": replace(CURRENT, support_ends_on=date(2026, 2, 28))}, "Old product versions", date(2026, 2, 28), "covered", "discretion"),
    ("best efforts for 180 days from access", "netex", {"os_accessed_on": date(2026, 1, 1)}, "New operating-system releases", date(2026, 6, 30), "covered, best effort", "covered"),
    ("best efforts begin with access", "netex", {"os_accessed_on": date(2026, 3, 1)}, "New operating-system releases", date(2026, 2, 28), "discretion", "covered, best effort"),
    ("best efforts from a leap day", "netex", {"os_accessed_on": date(2028, 2, 29)}, "New operating-system releases", date(2028, 8, 27), "covered, best effort", "covered"),
    ("90 days of warranty", "netex", {"licences": licence(charge_paid_to=date(2020, 1, 1), shipped_on=date(2026, 1, 1))}, "Warranty", date(2026, 4, 1), "covered", "uncovered"),
    ("90 days over a leap day", "netex", {"licences": licence(charge_paid_to=date(2020, 1, 1), shipped_on=date(2028, 1, 1))}, "Warranty", date(2028, 3, 31), "covered", "uncovered"),
    ("90 days from a month's end", "netex", {"licences": licence(charge_paid_to=date(2020, 1, 1), shipped_on=date(2026, 11, 30))}, "Warranty", date(2027, 2, 28), "covered", "uncovered"),
    ("warranty begins with shipment", "netex", {"licences": licence(charge_paid_to=date(2020, 1, 1), shipped_on=date(2026, 3, 1))}, "Warranty", date(2026, 2, 28), "uncovered", "covered"),
    ("the charge is paid to a day", "netex", {"licences": licence(charge_paid_to=date(2026, 1, 31))}, "Licence", date(2026, 1, 31), "covered", "uncovered"),
    ("the licence's last day", "netex", {"licences": licence(charge_paid_to=date(2026, 12, 31), ended_on=date(2026, 2, 28))}, "Licence", date(2026, 2, 28), "covered", "uncovered"),
    ("the licence's first day", "netex", {"licences": licence(purchased_on=date(2026, 3, 1))}, "Licence", date(2026, 2, 28), "uncovered", "covered"),
    ("a modification from the day it was noted", "netex", {"modifications": modified(noted_on=date(2026, 3, 1))}, "Modifications", date(2026, 2, 28), "covered", "billable"),
    ("a modification to its last day", "netex", {"modifications": modified(last=date(2028, 2, 29))}, "Modifications", date(2028, 2, 29), "billable", "covered"),
    ("one year", "xnet", {"periods": (period(date(2026, 3, 1), term_end(date(2026, 3, 1), 1)),)}, "Support period", date(2027, 2, 28), "covered", "uncovered"),
    ("one year to a leap day", "xnet", {"periods": (period(date(2027, 3, 1), term_end(date(2027, 3, 1), 1)),)}, "Support period", date(2028, 2, 29), "covered", "uncovered"),
    ("one year from a leap day", "xnet", {"periods": (period(date(2028, 2, 29), term_end(date(2028, 2, 29), 1)),)}, "Support period", date(2029, 2, 28), "covered", "uncovered"),
    ("two years from a month's end", "xnet", {"periods": (period(date(2026, 1, 31), term_end(date(2026, 1, 31), 2)),)}, "Support period", date(2028, 1, 30), "covered", "uncovered"),
    ("the first day of the package", "xnet", {"periods": (period(date(2026, 3, 1), date(2027, 2, 28)),)}, "Support period", date(2026, 2, 28), "uncovered", "covered"),
    ("a renewal joins without a hole", "xnet", {"periods": (period(date(2026, 1, 1), date(2026, 12, 31)), period(date(2027, 1, 1), date(2028, 12, 31), id=10, plan="smp-2y"))}, "Support period", date(2028, 12, 31), "covered", "uncovered"),
    ("the licence of the package ended", "xnet", {"licences": licence(ended_on=date(2026, 6, 30))}, "Support period", date(2026, 6, 30), "covered", "uncovered"),
    ("a quotation's last day", "xnet", {"periods": (), "quotations": quoted(date(2026, 1, 1), date(2026, 3, 31))}, "No package", date(2026, 3, 31), "covered", "uncovered"),
    ("a quotation's first day", "xnet", {"periods": (), "quotations": quoted(date(2026, 1, 1), date(2026, 3, 31))}, "No package", date(2025, 12, 31), "uncovered", "covered"),
]  # fmt: skip


def said(found) -> str:
    return f"{found.coverage}, {found.effort}" if found.effort else found.coverage


@pytest.mark.parametrize(("name", "policy", "facts", "clause", "last", "held", "then"), LIMITS)
def test_the_day_before_of_and_after(name, policy, facts, clause, last, held, then) -> None:
    before, on_it, after = (verdict(policy, day, **facts) for day in (last - DAY, last, last + DAY))
    assert [said(one) for one in (before, on_it, after)] == [held, held, then]
    for one in (before, on_it):
        assert one.changes_on == last + DAY and one.becomes == then.partition(",")[0]
    names = [
        ground for one in (on_it, after) for ground in one.grounds if ground.clause.startswith(f"{clause}: ")
    ]
    assert names
    assert {ground.until for ground in on_it.grounds if ground in names} <= {last}


def test_the_text_says_the_last_day() -> None:
    found = verdict("netex", date(2026, 6, 1), released=followed(date(2026, 1, 1)))
    old = next(one for one in found.grounds if one.rule == "previous version")
    assert old.text == "HyperIP 7.3 followed HyperIP 7.2 on 2026-01-01: supported for 180 days, to 2026-06-30"
    assert (old.until, old.then) == (date(2026, 6, 30), "discretion")
    assert ("supported to", "2026-06-30") in old.facts


@pytest.mark.parametrize(
    ("released", "included"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_release_of_the_first_and_of_the_last_day_of_the_period_is_included(released, included) -> None:
    found = verdict("xnet", released=replace(CURRENT, released_on=released))
    told = next(one for one in found.advice if one.rule == "releases of the support period")
    assert (told.coverage == "covered") is included is told.text.endswith(": included")


@pytest.mark.parametrize(("days", "included"), [(-1, False), (0, True), (1, True)])
def test_a_release_that_was_out_on_the_day_of_purchase_is_included(days, included) -> None:
    bought = licence(purchased_on=date(2025, 6, 1) + timedelta(days=days), monthly_charge=None)
    found = verdict("xnet", released=CURRENT, licences=bought)
    told = next(one for one in found.advice if one.rule == "releases of the support period")
    assert (told.coverage == "covered") is included


# -- renewal windows: 90 days and 14 days ----------------------------------------------------------

WINDOWS = [
    # reading, days before the last day, state
    ("last-call", 91, "early"), ("last-call", 90, "open"), ("last-call", 89, "open"), ("last-call", 15, "open"),
    ("last-call", 14, "last-call"), ("last-call", 13, "last-call"), ("last-call", 0, "last-call"),
    ("last-call", -1, "lapsed"), ("opens", 15, "early"), ("opens", 14, "open"), ("opens", 13, "open"),
    ("opens", 0, "open"), ("opens", -1, "lapsed"), ("latest", 91, "early"), ("latest", 90, "open"),
    ("latest", 15, "open"), ("latest", 14, "open"), ("latest", 13, "closed"), ("latest", -1, "lapsed"),
]  # fmt: skip


@pytest.mark.parametrize(
    "last", [date(2026, 12, 31), date(2028, 2, 29), date(2027, 2, 28), date(2026, 3, 31)]
)
@pytest.mark.parametrize(("reading", "days", "state"), WINDOWS)
def test_renewal_windows(reading, days, state, last) -> None:
    from msgspec.structs import replace as changed

    from supporttui.policy.packages import state_on, window_of

    table = changed(load("xnet").package, purchase_reading=reading)
    day = last - timedelta(days=days)
    assert state_on(day, window_of(last, table)) == state
    assert (verdict("xnet", day, periods=(period(date(2026, 1, 1), last),)).coverage == "covered") is (
        date(2026, 1, 1) <= day <= last
    )


# -- whose day it is ------------------------------------------------------------------------------


@cache
def in_days_of(policy: str, whose: str):
    text = preset_text(policy).replace('days_in = "vendor"', f'days_in = "{whose}"')
    return read_policy(text, "changed.toml")


PAID = licence(charge_paid_to=date(2026, 3, 7))
# at, the customer's zone, whose days, coverage, the civil day, in the zone
ZONES = [
    # 7 March is over in Tokyo, not in Chicago
    ("2026-03-07T20:00Z", "Asia/Tokyo", "vendor", "covered", "2026-03-07", "America/Chicago"),
    ("2026-03-07T20:00Z", "Asia/Tokyo", "customer", "uncovered", "2026-03-08", "Asia/Tokyo"),
    ("2026-03-07T20:00Z", "Asia/Tokyo", "either", "covered", "2026-03-07", "America/Chicago"),
    # the last second of Chicago's day, and the first of the next
    ("2026-03-08T05:59:59Z", "Asia/Tokyo", "vendor", "covered", "2026-03-07", "America/Chicago"),
    ("2026-03-08T06:00:00Z", "Asia/Tokyo", "vendor", "uncovered", "2026-03-08", "America/Chicago"),
    # over in Chicago, not in Honolulu
    ("2026-03-08T08:00Z", "Pacific/Honolulu", "vendor", "uncovered", "2026-03-08", "America/Chicago"),
    ("2026-03-08T08:00Z", "Pacific/Honolulu", "customer", "covered", "2026-03-07", "Pacific/Honolulu"),
    ("2026-03-08T08:00Z", "Pacific/Honolulu", "either", "covered", "2026-03-07", "Pacific/Honolulu"),
    ("2026-03-08T09:59:59Z", "Pacific/Honolulu", "either", "covered", "2026-03-07", "Pacific/Honolulu"),
    ("2026-03-08T10:00:00Z", "Pacific/Honolulu", "either", "uncovered", "2026-03-08", "Pacific/Honolulu"),
    # 8 March has 23 hours in Chicago: clocks go forward at 08:00Z
    ("2026-03-08T07:59:59Z", "", "customer", "uncovered", "2026-03-08", "America/Chicago"),
    ("2026-03-09T04:59:59Z", "", "vendor", "uncovered", "2026-03-08", "America/Chicago"),
    ("2026-03-09T05:00:00Z", "", "vendor", "uncovered", "2026-03-09", "America/Chicago"),
    ("2026-03-07T20:00Z", "no such/zone", "customer", "covered", "2026-03-07", "America/Chicago"),
]


@pytest.mark.parametrize(("at", "zone", "whose", "coverage", "day", "decided_in"), ZONES)
def test_in_whose_zone_a_day_ends(at, zone, whose, coverage, day, decided_in) -> None:
    asked = case("netex", at=datetime.fromisoformat(at), customer_zone=zone, licences=PAID)
    found = decide(asked, in_days_of("netex", whose))
    assert (found.coverage, str(found.day), found.zone) == (coverage, day, decided_in)


@pytest.mark.parametrize(
    ("last", "inside", "outside"),
    [
        # the day on which clocks go back has 25 hours, the day on which they go forward 23
        (date(2026, 11, 1), "2026-11-02T05:59:59Z", "2026-11-02T06:00:00Z"),
        (date(2026, 3, 8), "2026-03-09T04:59:59Z", "2026-03-09T05:00:00Z"),
        (date(2026, 7, 1), "2026-07-02T04:59:59Z", "2026-07-02T05:00:00Z"),
    ],
)
def test_a_limit_on_a_day_of_a_clock_change(last, inside, outside) -> None:
    for at, coverage in ((inside, "covered"), (outside, "uncovered")):
        asked = case("netex", at=datetime.fromisoformat(at), licences=licence(charge_paid_to=last))
        assert decide(asked, load("netex")).coverage == coverage


def test_a_package_begins_at_midnight_where_the_vendor_is() -> None:
    facts = {"periods": (replace(PERIOD, first=date(2026, 3, 5)),), "customer_zone": "America/Chicago"}
    for at, coverage in (("2026-03-04T15:59:59Z", "uncovered"), ("2026-03-04T16:00:00Z", "covered")):
        asked = case("xnet", at=datetime.fromisoformat(at), **facts)
        assert decide(asked, load("xnet")).coverage == coverage
        assert decide(asked, in_days_of("xnet", "customer")).coverage == "uncovered"
        assert decide(asked, in_days_of("xnet", "either")).coverage == coverage


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-06T22:59:59Z", ""),  # Friday, a second before five
        ("2026-03-06T23:00:00Z", "until Mon 2026-03-09 08:00 CDT"),
        ("2026-03-09T12:59:59Z", "until Mon 2026-03-09 08:00 CDT"),  # an hour earlier than last week
        ("2026-03-09T13:00:00Z", ""),
        ("2026-11-02T13:59:59Z", "until Mon 2026-11-02 08:00 CST"),
    ],
)
def test_the_desk_opens_and_closes_to_the_second(at, said) -> None:
    told = [one.text for one in verdict("netex", at=datetime.fromisoformat(at)).advice]
    assert bool(told) is bool(said) and all(said in text for text in told)


def test_at_either_end_of_time() -> None:
    for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        for zone in ("", "Pacific/Kiritimati"):
            for whose in ("vendor", "customer", "either"):
                asked = case(
                    "netex", at=at, customer_zone=zone, released=followed(date.max), os_accessed_on=date.max
                )
                assert decide(asked, in_days_of("netex", whose)).zone
