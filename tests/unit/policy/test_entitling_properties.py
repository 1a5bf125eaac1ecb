"""What holds of every verdict, whatever is or isn't on file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supporttui.policy import load, preset_text, read_policy
from supporttui.policy.entitling import TITLES, decide
from supporttui.policy.records import EntitlementRule
from supporttui.policy.stretches import Span, covering, on
from supporttui.policy.verdict import (
    Case,
    InstalledFacts,
    LicenceFacts,
    ModificationFacts,
    PeriodFacts,
    QuotationFacts,
    ReleaseFacts,
)

from .entitled_cases import noon

QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = date(2026, 3, 4)
near = st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days))
days = st.none() | near
any_day = st.none() | st.dates()
words = st.sampled_from(["", "a", "B", "7.2"]) | st.text(max_size=4)
REFUSALS = ("uncovered", "billable", "consulting")


def few(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


def cases(day: st.SearchStrategy, text: st.SearchStrategy = words) -> st.SearchStrategy[Case]:
    return st.builds(
        Case,
        at=st.datetimes(timezones=st.just(UTC)) if day is any_day else near.map(lambda one: datetime(one.year, one.month, one.day, 18, tzinfo=UTC)),
        severity=st.integers(0, 6),
        category=st.sampled_from(["", "problem", "services", "bug", "consulting", "other", "licensing", "no such"]),
        plan=st.sampled_from(["", "smp-1y", "gold"]),
        customer=text,
        customer_zone=st.sampled_from(["", "Asia/Tokyo", "Pacific/Honolulu", "nowhere"]),
        product=st.sampled_from(["", "HyperIP", "CAM"]),
        release=text,
        os=text,
        os_release=text,
        listed=st.booleans(),
        known_product=st.booleans(),
        licences=few(st.builds(
            LicenceFacts, id=st.integers(0, 3), number=text, edition=text, purchased_on=day, shipped_on=day,
            ended_on=day, monthly_charge=st.none() | st.sampled_from([Decimal(0), Decimal("9.50"), Decimal("NaN")]),
            charge_paid_to=day, package=st.integers(0, 2),
        )),
        periods=few(st.builds(
            PeriodFacts, id=st.integers(0, 3), number=text, plan=st.sampled_from(["", "smp-1y", "smp-2y"]),
            first=day, last=day, package=st.integers(0, 2),
        )),
        released=st.none() | st.builds(
            ReleaseFacts, name=text, edition=text, released_on=day, followed_on=day, follower=text, support_ends_on=day
        ),
        known_os=st.booleans(),
        os_accessed_on=day,
        modifications=few(st.builds(ModificationFacts, what=text, noted_on=day, authorised=st.booleans(), last=day, host=text)),
        installed=few(st.builds(InstalledFacts, host=st.sampled_from(["A", "B"]), product=st.sampled_from(["CAM", "USER-Access", "x"]), tcp_ip=st.booleans())),
        quotations=few(st.builds(QuotationFacts, number=text, first=day, last=day, grants=text)),
    )  # fmt: skip


@cache
def policy(name: str, whose: str):
    return read_policy(preset_text(name).replace('days_in = "vendor"', f'days_in = "{whose}"'), "x.toml")


policies = st.builds(
    policy, st.sampled_from(["netex", "xnet"]), st.sampled_from(["vendor", "customer", "either"])
)


@QUICK
@given(cases(any_day), policies)
def test_there_is_always_a_verdict_that_adds_up(asked, rules) -> None:
    found = decide(asked, rules)
    assert found.coverage in TITLES and found.title
    assert found.ground.coverage == found.coverage
    assert all(one.advice for one in found.advice) and not any(one.advice for one in found.grounds)
    if found.grounds:
        assert found.ground == found.grounds[0]
    if found.coverage in ("covered", "unclear", "uncovered"):
        assert found.billed == ""
    assert (found.changes_on is None) == (found.becomes == "")
    for one in found.grounds:
        assert one.text and one.clause
        assert one.until is None or one.until >= found.day


@QUICK
@given(cases(days), st.sampled_from(["netex", "xnet"]))
def test_it_changes_on_the_day_it_says_and_on_none_before(asked, name) -> None:
    rules = load(name)

    def outcome(day: date):
        found = decide(replace(asked, at=noon(day, rules.zone)), rules)
        return found.coverage, found.billed, found.effort

    found = decide(asked, rules)
    now = (found.coverage, found.billed, found.effort)
    ahead = 900 if found.changes_on is None else (found.changes_on - found.day).days
    for step in {1, 2, ahead // 3, ahead // 2, ahead - 1} - {0}:
        if 0 < step < ahead or found.changes_on is None:
            assert outcome(found.day + timedelta(days=step)) == now
    if found.changes_on is not None:
        then = outcome(found.changes_on)
        assert then != now and then[0] == found.becomes


@QUICK
@given(few(st.tuples(near, near), 5), near)
def test_spans_are_told_without_holes_or_overlaps(ends, day) -> None:
    rule = EntitlementRule(name="x", kind="package", within="covered", after="uncovered")
    told = covering(rule, [Span(first, last, "in", "out") for first, last in ends])
    assert bool(told) is bool(ends)
    if told:
        starts = [stretch.first for stretch in told]
        assert starts[0] == date.min and all(one < other for one, other in pairwise(starts))
        assert (told[on(told, day)].owed == "covered") is any(first <= day <= last for first, last in ends)


@QUICK
@given(cases(days), policies, st.randoms(use_true_random=False))
def test_the_order_of_what_is_on_file_never_matters(asked, rules, chance) -> None:
    lists = ("licences", "periods", "modifications", "installed", "quotations")
    shuffled = {name: tuple(chance.sample(getattr(asked, name), len(getattr(asked, name)))) for name in lists}
    assert decide(replace(asked, **shuffled), rules) == decide(asked, rules)


@QUICK
@given(cases(days), st.sampled_from(["netex", "xnet"]))
def test_what_is_not_on_file_never_refuses(asked, name) -> None:
    """Without a licence, a contract, a quotation or a limit on file there is nothing to refuse by."""
    bare = replace(asked, licences=(), periods=(), quotations=(), modifications=(), released=None, os_accessed_on=None, category="")  # fmt: skip
    found = decide(bare, load(name))
    assert found.coverage == "unclear" and found.missing and not found.billed


@QUICK
@given(cases(days), st.sampled_from(["netex", "xnet"]), st.data())
def test_a_fact_more_that_limits_nothing_never_turns_unclear_into_a_refusal(asked, name, data) -> None:
    rules = load(name)
    before = decide(asked, rules)
    if before.coverage != "unclear":
        return
    more = data.draw(st.sampled_from([
        {"listed": True}, {"known_product": True}, {"known_os": True}, {"customer": "Acme"}, {"plan": "smp-1y"},
        {"product": "HyperIP"}, {"severity": 1}, {"customer_zone": "Asia/Tokyo"},
        {"licences": (*asked.licences, LicenceFacts(id=9, number="L-9"))},
        {"licences": (*asked.licences, LicenceFacts(id=9, number="L-9", shipped_on=NOW))},
        {"periods": (*asked.periods, PeriodFacts(id=9, number="C-9"))},
        {"released": asked.released or ReleaseFacts(name="7.2")},
        {"modifications": (*asked.modifications, ModificationFacts(what="x", authorised=True))},
        {"quotations": (*asked.quotations, QuotationFacts(number="Q", grants="all"))},
        {"quotations": (*asked.quotations, QuotationFacts(number="Q"))},
    ]))  # fmt: skip
    assert decide(replace(asked, **more), rules).coverage not in REFUSALS


@QUICK
@given(cases(days), policies)
def test_one_that_covers_more_is_never_worse_off(asked, rules) -> None:
    """A further quotation without an end never makes a verdict graver."""
    weight = rules.entitlement.weight
    more = replace(asked, quotations=(*asked.quotations, QuotationFacts(number="Q-free", grants="all")))
    assert weight[decide(more, rules).coverage] >= weight[decide(asked, rules).coverage]
    charged = LicenceFacts(id=99, number="L-99", monthly_charge=Decimal(1), shipped_on=None)
    more = replace(asked, licences=(*asked.licences, charged))
    if rules.name == "netex":
        assert weight[decide(more, rules).coverage] >= weight[decide(asked, rules).coverage]


@QUICK
@given(cases(days), st.sampled_from(["netex", "xnet"]))
def test_either_is_the_better_of_both_zones(asked, name) -> None:
    vendor, customer, either = (
        decide(asked, policy(name, whose)) for whose in ("vendor", "customer", "either")
    )
    weight = load(name).entitlement.weight
    assert weight[either.coverage] == max(weight[vendor.coverage], weight[customer.coverage])
