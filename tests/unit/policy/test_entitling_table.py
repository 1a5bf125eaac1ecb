"""Every fact of the two vendors' pages, by a name of our own: what is decided by it, or where it is told.

`FACTS` lists them all; a fact without a row in DECIDED or TOLD, or a row without a
fact, is a failure.  Limits to the day stand in test_entitling_days.py, prices in
test_packages.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from supporttui.policy import Facts, Timeline, load, plan
from supporttui.policy.packages import state_on, window_of
from supporttui.policy.verdict import InstalledFacts

from .entitled_cases import (
    CURRENT,
    LICENCE,
    PERIOD,
    both_on,
    case,
    followed,
    licence,
    modified,
    quoted,
    verdict,
)

FACTS = {
    # NetEx
    "netex: desk hours are weekdays, eight to five, central time",
    "netex: with a system down analysts work round the clock",
    "netex: telephone numbers of two regions, e-mail, a web form",
    "netex: a number for emergencies after hours",
    "netex: files go to the vendor's server",
    "netex: what every report must say",
    "netex: a number gives the status",
    "netex: severity 1 is a system that is down",
    "netex: severity 2 is severely impacted",
    "netex: severity 3 has limited impact",
    "netex: severity 4 is minor",
    "netex: severity 1 escalates after 8 and 24 hours",
    "netex: severity 2 escalates after 3 and 7 days",
    "netex: severity 3 escalates after 10 and 14 days",
    "netex: severity 4 escalates after 45 and 60 days",
    "netex: a new system's release gets best efforts for 180 days",
    "netex: the previous version is supported for 180 days",
    "netex: a replacement product counts as a new version",
    "netex: older versions are at discretion, time and materials",
    "netex: a warranty of 90 days from shipment",
    "netex: work from an unauthorized modification is billed",
    "netex: a modification may end coverage at once",
    "netex: the monthly charge includes standard support",
    "netex: professional services are time and expenses",
    "netex: two products on TCP/IP on one CPU must not run together",
    "netex: two products on one CPU are advised against",
    # X NET
    "xnet: a year costs 15 percent, two cost 10 a year",
    "xnet: the package is optional",
    "xnet: the last two weeks before expiry",
    "xnet: added users change the price",
    "xnet: renewal up to 90 days ahead, before expiry",
    "xnet: any number of renewals",
    "xnet: the period begins with the purchase",
    "xnet: releases made in the period are included",
    "xnet: only for the edition that was bought",
    "xnet: by telephone or e-mail",
    "xnet: the response is that of the plan",
    "xnet: priority incidents are answered at once",
    "xnet: installation help is covered",
    "xnet: registration is covered",
    "xnet: licensing is covered",
    "xnet: key codes are covered",
    "xnet: feature requests are covered",
    "xnet: bug reports are covered",
    "xnet: questions from operating the software are covered",
    "xnet: product consulting is charged apart",
    "xnet: file creation is consulting",
    "xnet: pre-sales advice is consulting",
    "xnet: other questions are not covered",
    "xnet: material errors get a workaround or a correction",
    "xnet: without a package the quotation decides",
}

LAPSED = replace(PERIOD, first=date(2024, 1, 1), last=date(2024, 12, 31))

# fact, policy, what is otherwise than in order, coverage, how it is billed, clause, words of the reason
DECIDED: list[tuple[str, str, dict[str, object], str, str, str, str]] = [
    ("netex: the monthly charge includes standard support", "netex", {}, "covered", "", "Licence", "L-1 includes support"),
    ("netex: the monthly charge includes standard support", "netex", {"licences": licence(charge_paid_to=date(2026, 2, 28))}, "uncovered", "", "Licence", "was paid to 2026-02-28"),
    ("netex: the monthly charge includes standard support", "netex", {"licences": licence(ended_on=date(2026, 3, 3))}, "uncovered", "", "Licence", "ended on 2026-03-03"),
    ("netex: the monthly charge includes standard support", "netex", {"licences": licence(monthly_charge=None)}, "unclear", "", "Licence", "monthly charge of licence L-1"),
    ("netex: the monthly charge includes standard support", "netex", {"licences": licence(monthly_charge=Decimal(0))}, "unclear", "", "Licence", "a monthly charge for HyperIP"),
    ("netex: the monthly charge includes standard support", "netex", {"licences": ()}, "unclear", "", "Licence", "a licence of Acme for HyperIP"),
    ("netex: a new system's release gets best efforts for 180 days", "netex", {"os_accessed_on": date(2026, 2, 1)}, "covered", "", "New operating-system releases", "z/OS 3.1 is new: access since 2026-02-01, best effort to 2026-07-31"),
    ("netex: a new system's release gets best efforts for 180 days", "netex", {"os_accessed_on": date(2026, 3, 5)}, "discretion", "time and materials", "New operating-system releases", "gets access to z/OS 3.1 on 2026-03-05"),
    ("netex: the previous version is supported for 180 days", "netex", {"released": followed(date(2026, 1, 1))}, "covered", "", "Licence", "L-1"),
    ("netex: older versions are at discretion, time and materials", "netex", {"released": followed(date(2025, 1, 1))}, "discretion", "time and materials", "Old product versions", "ended on 2025-06-30"),
    ("netex: a replacement product counts as a new version", "netex", {"released": replace(CURRENT, followed_on=date(2025, 1, 1), follower="eFT 1.0")}, "discretion", "time and materials", "Old product versions", "eFT 1.0 followed"),
    ("netex: a warranty of 90 days from shipment", "netex", {"licences": licence(charge_paid_to=date(2026, 1, 1), shipped_on=date(2026, 2, 1))}, "covered", "", "Warranty", "under warranty to 2026-05-02"),
    ("netex: a warranty of 90 days from shipment", "netex", {"licences": licence(shipped_on=date(2026, 2, 1)), "released": followed(date(2025, 1, 1))}, "covered", "", "Licence", "L-1"),
    ("netex: a warranty of 90 days from shipment", "netex", {"category": "question", "licences": licence(charge_paid_to=date(2026, 1, 1), shipped_on=date(2026, 2, 1))}, "uncovered", "", "Licence", "paid to 2026-01-01"),
    ("netex: work from an unauthorized modification is billed", "netex", {"modifications": modified()}, "billable", "current support rates", "Modifications", "on MVS1: exit 7 patched"),
    ("netex: work from an unauthorized modification is billed", "netex", {"modifications": modified(authorised=True)}, "covered", "", "Licence", "L-1"),
    ("netex: work from an unauthorized modification is billed", "netex", {"modifications": modified(last=date(2026, 3, 3))}, "covered", "", "Licence", "L-1"),
    ("netex: professional services are time and expenses", "netex", {"category": "services", "licences": licence(ended_on=date(2026, 3, 3))}, "billable", "time and expenses", "Professional services", "Professional services is not part"),
    ("netex: professional services are time and expenses", "netex", {"category": "services"}, "billable", "time and expenses", "Professional services", "Professional services is not part"),
    ("xnet: the period begins with the purchase", "xnet", {}, "covered", "", "Support period", "from 2026-01-01 to 2026-12-31"),
    ("xnet: the period begins with the purchase", "xnet", {"periods": (replace(PERIOD, first=date(2026, 3, 5)),)}, "uncovered", "", "Support period", "not before 2026-03-05"),
    ("xnet: the package is optional", "xnet", {"periods": (), "quotations": quoted(grants="all")}, "covered", "", "No package", "Q-5 grants free support"),
    ("xnet: without a package the quotation decides", "xnet", {"periods": (), "quotations": quoted()}, "unclear", "", "No package", "what support is free by quotation Q-5"),
    ("xnet: without a package the quotation decides", "xnet", {"periods": (LAPSED,), "quotations": quoted()}, "uncovered", "", "Support period", "C-9 (smp-1y) ended"),
    ("xnet: without a package the quotation decides", "xnet", {"periods": (), "quotations": quoted(last=date(2026, 6, 30), grants="installation")}, "covered", "", "No package", "grants free support: installation, to 2026-06-30"),
    ("xnet: without a package the quotation decides", "xnet", {"periods": (), "quotations": quoted(last=date(2026, 3, 3))}, "uncovered", "", "No package", "Q-5 ended on 2026-03-03"),
    ("xnet: without a package the quotation decides", "xnet", {"periods": ()}, "unclear", "", "No package", "the quotation of Acme"),
    ("xnet: without a package the quotation decides", "xnet", {"periods": (LAPSED,), "quotations": quoted(grants="all")}, "covered", "", "No package", "Q-5"),
    ("xnet: renewal up to 90 days ahead, before expiry", "xnet", {"periods": (LAPSED,)}, "uncovered", "", "Support period", "C-9 (smp-1y) ended on 2024-12-31"),
    *((f"xnet: {words} covered", "xnet", {"category": name}, "covered", "", "Support period", "C-9") for words, name in (
        ("installation help is", "installation"), ("registration is", "registration"), ("licensing is", "licensing"),
        ("key codes are", "key-code"), ("feature requests are", "feature-request"), ("bug reports are", "bug"),
        ("questions from operating the software are", "operation"),
    )),
    ("xnet: product consulting is charged apart", "xnet", {"category": "consulting"}, "consulting", "product consulting", "Not covered", "Product Consulting is not part"),
    ("xnet: product consulting is charged apart", "xnet", {"category": "consulting", "periods": (LAPSED,)}, "consulting", "product consulting", "Not covered", "Product Consulting is not part"),
    ("xnet: file creation is consulting", "xnet", {"category": "file-creation"}, "consulting", "product consulting", "Not covered", "File creation"),
    ("xnet: pre-sales advice is consulting", "xnet", {"category": "pre-sales"}, "consulting", "product consulting", "Not covered", "Pre-sales"),
    ("xnet: other questions are not covered", "xnet", {"category": "other"}, "uncovered", "", "Not covered", "does not come from operating"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "policy", "facts", "coverage", "billed", "clause", "words"), DECIDED)
def test_decided(fact, policy, facts, coverage, billed, clause, words) -> None:
    found = verdict(policy, **facts)
    assert (found.coverage, found.billed) == (coverage, billed), found.ground
    assert found.ground.clause.startswith(f"{clause}: ")
    assert words in found.ground.text
    assert found.ground is found.grounds[0] and found.ground.coverage == coverage


# -- told besides the verdict ---------------------------------------------------------------------

SATURDAY = datetime(2026, 3, 7, 18, tzinfo=UTC)

# fact, policy, facts, rule, loud, words; "" words: that rule tells nothing
ADVISED: list[tuple[str, str, dict[str, object], str, bool, str]] = [
    ("netex: desk hours are weekdays, eight to five, central time", "netex", {}, "support hours", False, ""),
    ("netex: desk hours are weekdays, eight to five, central time", "netex", {"at": SATURDAY}, "support hours", False, "closed for severity 2 until Mon 2026-03-09 08:00 CDT"),
    ("netex: a number for emergencies after hours", "netex", {"at": SATURDAY, "severity": 3}, "support hours", False, "+1.651.229.5665"),
    ("netex: with a system down analysts work round the clock", "netex", {"at": SATURDAY, "severity": 1}, "support hours", False, "worked round the clock"),
    ("netex: a modification may end coverage at once", "netex", {"modifications": modified()}, "unauthorized modification", True, "may end at once"),
    ("netex: two products on TCP/IP on one CPU must not run together", "netex", {"product": "CAM", "installed": both_on("MVS1", cam=True, user_access=True)}, "CAM and USER-Access on one CPU", True, "MVS1: CAM and USER-Access are both set up for TCP/IP: they MUST NOT run"),
    ("netex: two products on one CPU are advised against", "netex", {"product": "", "installed": both_on("MVS1", cam=True, user_access=False)}, "CAM and USER-Access on one CPU", False, "advised against"),
    ("netex: two products on one CPU are advised against", "netex", {"product": "CAM", "installed": (InstalledFacts(host="A", product="CAM", tcp_ip=True), InstalledFacts(host="B", product="USER-Access", tcp_ip=True))}, "CAM and USER-Access on one CPU", False, ""),
    ("xnet: releases made in the period are included", "xnet", {"released": replace(CURRENT, released_on=date(2026, 2, 1))}, "releases of the support period", False, "in the support period 2026-01-01 to 2026-12-31: included"),
    ("xnet: releases made in the period are included", "xnet", {"released": replace(CURRENT, released_on=date(2019, 2, 1))}, "releases of the support period", False, "when licence L-1 was bought on 2020-01-15: included"),
    ("xnet: releases made in the period are included", "xnet", {}, "releases of the support period", False, "in no support period: it is not included"),
    ("xnet: only for the edition that was bought", "xnet", {"released": replace(CURRENT, released_on=date(2026, 2, 1), edition="Lite")}, "releases of the support period", False, "another edition"),
    ("xnet: only for the edition that was bought", "xnet", {"released": replace(CURRENT, released_on=date(2026, 2, 1), edition="PRO")}, "releases of the support period", False, "included"),
    ("xnet: material errors get a workaround or a correction", "xnet", {}, "maintenance", False, "workaround"),
    ("xnet: material errors get a workaround or a correction", "xnet", {"category": "licensing"}, "maintenance", False, ""),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "policy", "facts", "rule", "loud", "words"), ADVISED)
def test_advised(fact, policy, facts, rule, loud, words) -> None:
    told = [one for one in verdict(policy, **facts).advice if one.rule == rule]
    assert len(told) == bool(words)
    for one in told:
        assert words in one.text and one.advice and one.loud is loud and ": " in one.clause


# -- told by the policy itself --------------------------------------------------------------------


def rungs(severity: int) -> list[tuple[int, str]]:
    """(hours, role) of NetEx's ladder for a severity."""
    start = datetime(2026, 3, 4, tzinfo=UTC)
    found = plan(Timeline(reported_at=start, facts=Facts(severity=severity)), load("netex"))
    return [(int((one.due_at - start).total_seconds()) // 3600, one.role) for one in found]


def ladder(severity: int, first: int, second: int) -> bool:
    return rungs(severity) == [(first, "director"), (second, "president")]


def netex_severity(number: int, *words: str) -> bool:
    return all(word in load("netex").severity(number).definition for word in words)


def netex_vendor() -> bool:
    vendor = load("netex").vendor
    numbers = {phone.region: phone.number for phone in vendor.phones}
    return (
        numbers == {"US": "+1.763.694.4350", "UK": "+44.3300.271862"} and vendor.form == "Problem Report Form"
    )


def netex_required() -> bool:
    return set(load("netex").required) == {
        "customer", "contact", "contact_phone", "contact_email", "product", "release", "os", "os_release",
        "description", "severity",
    }  # fmt: skip


def response(severity: int, plan_name: str) -> str:
    chosen = load("xnet").select(Facts(severity=severity, plan=plan_name)).targets["response"]
    return str(chosen.measure.duration)


def renewal_states() -> list[str]:
    table = load("xnet").package
    window = window_of(date(2026, 12, 31), table)
    return [
        state_on(date(2026, month, day), window)
        for month, day in ((10, 1), (10, 2), (12, 16), (12, 17), (12, 31))
    ]


TOLD = {
    "netex: telephone numbers of two regions, e-mail, a web form": netex_vendor,
    "netex: files go to the vendor's server": lambda: "FTP" in load("netex").vendor.files,
    "netex: what every report must say": netex_required,
    "netex: a number gives the status": lambda: any(term.name == "Status of a report" for term in load("netex").terms),
    "netex: severity 1 is a system that is down": lambda: netex_severity(1, "inoperative") and load("netex").severity(1).round_the_clock,
    "netex: severity 2 is severely impacted": lambda: netex_severity(2, "Not completely down", "severely"),
    "netex: severity 3 has limited impact": lambda: netex_severity(3, "Limited"),
    "netex: severity 4 is minor": lambda: netex_severity(4, "question", "cosmetic", "enhancement"),
    "netex: severity 1 escalates after 8 and 24 hours": lambda: ladder(1, 8, 24),
    "netex: severity 2 escalates after 3 and 7 days": lambda: ladder(2, 3 * 24, 7 * 24),
    "netex: severity 3 escalates after 10 and 14 days": lambda: ladder(3, 10 * 24, 14 * 24),
    "netex: severity 4 escalates after 45 and 60 days": lambda: ladder(4, 45 * 24, 60 * 24),
    "xnet: a year costs 15 percent, two cost 10 a year": lambda: [(one.years, one.rate_percent) for one in load("xnet").file.plans] == [(1, "15"), (2, "10"), (0, "")],
    "xnet: added users change the price": lambda: any("added users change the price" in term.text for term in load("xnet").terms),
    "xnet: the last two weeks before expiry": lambda: renewal_states() == ["early", "open", "open", "last-call", "last-call"],
    "xnet: renewal up to 90 days ahead, before expiry": lambda: state_on(date(2027, 1, 1), window_of(date(2026, 12, 31), load("xnet").package)) == "lapsed",
    "xnet: by telephone or e-mail": lambda: load("xnet").channels == ("phone", "email"),
    "xnet: the response is that of the plan": lambda: [response(2, one) for one in ("smp-1y", "smp-2y", "none")] == ["1 business day", "4 business hours", "3 business days"],
    "xnet: priority incidents are answered at once": lambda: response(1, "smp-1y") == "30 business minutes",
    "xnet: any number of renewals": lambda: chained(10).coverage == "covered" and chained(10).changes_on == date(2036, 1, 1),
}  # fmt: skip


def chained(years: int):
    """A package renewed year after year, each period on the day after the last."""
    periods = tuple(
        replace(PERIOD, id=n, first=date(2026 + n, 1, 1), last=date(2026 + n, 12, 31)) for n in range(years)
    )
    return verdict("xnet", periods=periods)


@pytest.mark.parametrize("fact", sorted(TOLD))
def test_told(fact) -> None:
    assert TOLD[fact]()


def test_every_fact_has_its_row() -> None:
    rows = [row[0] for row in DECIDED] + [row[0] for row in ADVISED] + list(TOLD)
    assert set(rows) == FACTS


def test_every_coverage_can_be_reached_and_has_a_title() -> None:
    found = {(row[3], verdict(row[1], **row[2]).title) for row in DECIDED}
    assert found == {
        ("covered", "Covered"), ("covered", "Covered, best effort"), ("discretion", "At NetEx's discretion"),
        ("billable", "Billable"), ("consulting", "Product consulting"), ("uncovered", "Not covered"),
        ("unclear", "Unclear"),
    }  # fmt: skip


def test_every_ground_has_the_words_of_its_clause() -> None:
    for _, policy, facts, *_ in DECIDED:
        found = verdict(policy, **facts)
        terms = {f"{term.name}: {term.text}" for term in load(policy).terms}
        assert {one.clause for one in (*found.grounds, *found.advice)} <= terms


def test_a_grave_rule_names_those_that_would_have_covered() -> None:
    found = verdict("netex", category="services", released=followed(date(2025, 1, 1)))
    assert [one.rule for one in found.grounds] == ["professional services", "previous version", "monthly licence charge", "new operating-system release"]  # fmt: skip
    assert found.grounds[2].coverage == "covered"


def test_the_plan_is_that_of_the_package_in_force_then_the_customers_then_none() -> None:
    assert verdict("xnet", plan="smp-2y").plan == "smp-1y"
    assert verdict("xnet", plan="smp-2y", periods=(LAPSED,)).plan == "smp-2y"
    assert verdict("xnet", periods=(LAPSED,)).plan == "none"
    assert verdict("xnet", periods=(), licences=()).plan == ""  # nobody knows
    assert verdict("xnet", periods=(replace(PERIOD, plan="gold"),)).plan == "none"  # no plan of this policy
    assert verdict("netex").plan == ""


def test_what_is_missing_is_named_and_never_refuses() -> None:
    found = verdict("netex", release="", released=None, os_release="", category="", licences=(replace(LICENCE, shipped_on=None),))  # fmt: skip
    assert found.coverage == "covered"
    assert found.missing == ("when licence L-1 was shipped", "the release", "the release of the operating system", "the category")  # fmt: skip
    bare = replace(case("netex"), customer="", listed=False, licences=())
    from supporttui.policy.entitling import decide

    assert decide(bare, load("netex")).missing[0] == "the customer"
    assert (
        decide(replace(bare, customer="Nobody"), load("netex")).ground.text
        == "not on file: Nobody in the book"
    )
