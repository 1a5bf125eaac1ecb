"""The sample desk's book: every verdict, every state of a package, and days that are true whenever one looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from supporttui.clock import ManualClock
from supporttui.demo import book as demo_book
from supporttui.demo import build_demo, stories
from supporttui.desk import customers, dossier, entitlement, kept, renewals
from supporttui.desk.book.deeds import change
from supporttui.desk.book.looking import texts
from supporttui.desk.book.references import Names
from supporttui.desk.session import Desk
from supporttui.policy.verdict import Coverage, Verdict
from supporttui.store import book, open_store, tickets, worked
from supporttui.store.book import KINDS
from supporttui.store.records import Ticket

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FEW = len(stories.SHOWING) + 7  # the tickets that are there by name


def built(policy: str, now: datetime = NOW, tickets: int = FEW) -> Desk:
    desk = Desk(open_store(":memory:"), policy, ManualClock(now), "ana")
    build_demo(desk, tickets=tickets)
    return desk


@pytest.fixture(scope="module")
def netex() -> Desk:
    return built("netex")


@pytest.fixture(scope="module")
def xnet() -> Desk:
    return built("xnet")


def seen(desk: Desk) -> list[tuple[Ticket, Verdict]]:
    """Every open ticket with what is owed on it."""
    found = [tickets.get(desk.store, number) for number in range(1, FEW + 1)]
    return [(one, entitlement.of_ticket(desk, one)) for one in found if one.status not in desk.policy.ended]


def of(desk: Desk, customer: str, product: str) -> Verdict:
    """What is owed on the showing ticket of a customer."""
    return next(verdict for one, verdict in seen(desk) if (one.customer, one.product) == (customer, product))


def test_each_verdict_is_shown_by_an_open_ticket(netex: Desk, xnet: Desk) -> None:
    by_netex = {verdict.coverage for _, verdict in seen(netex)}
    by_xnet = {verdict.coverage for _, verdict in seen(xnet)}
    assert by_netex == {"covered", "discretion", "billable", "uncovered", "unclear"}
    assert by_xnet == {"covered", "consulting", "uncovered", "unclear"}
    assert by_netex | by_xnet == set(get_args(Coverage))


@pytest.mark.parametrize(
    ("customer", "product", "coverage", "rule"),
    [
        ("Acme Corp", "NETEX", "covered", "monthly licence charge"),
        ("Tyrell Biosciences", "HyperIP", "covered", "warranty"),
        ("Umbrella Insurance", "BFX", "covered", "monthly licence charge"),
        ("Banco del Río", "NETEX", "discretion", "previous version"),
        ("Hooli", "USER-Access", "billable", "unauthorized modification"),
        ("Northwind Freight", "PFX", "billable", "professional services"),
        ("Stark County Clerk", "TPS", "uncovered", "monthly licence charge"),
        ("Weyland Ferries", "NETEX", "unclear", "monthly licence charge"),
    ],
)
def test_netex_says_why(netex: Desk, customer: str, product: str, coverage: str, rule: str) -> None:
    verdict = of(netex, customer, product)
    assert (verdict.coverage, verdict.ground.rule) == (coverage, rule)


def test_netex_limits_and_advice_are_shown(netex: Desk) -> None:
    """The release before the newest has its last day ahead; a new system is best effort; CAM is told loudly."""
    last = {ground.rule: ground.until for ground in of(netex, "Umbrella Insurance", "BFX").grounds}
    assert last["previous version"] == (NOW - timedelta(days=60) + timedelta(days=180)).date()
    os_release = {ground.rule: ground for ground in of(netex, "Osaka Gakuin Hospital", "TPS").grounds}
    assert any(ground.until == (NOW + timedelta(days=140)).date() for ground in os_release.values())
    loud = [ground.text for ground in of(netex, "Wayne Logistics", "USER-Access").advice if ground.loud]
    assert any("CAM" in text for text in loud)


@pytest.mark.parametrize(
    ("customer", "product", "coverage", "rule"),
    [
        ("Tyrell Biosciences", "HyperIP", "covered", "support package"),
        ("Initech", "Ledger", "covered", "free support by quotation"),
        ("Northwind Freight", "PFX", "consulting", "product consulting"),
        ("Kopitiam Group", "Stock Control", "uncovered", "support package"),
        ("Hooli", "USER-Access", "uncovered", "support package"),
        ("Stark County Clerk", "Payroll", "uncovered", "free support by quotation"),
        ("Weyland Ferries", "NETEX", "unclear", "support package"),
    ],
)
def test_xnet_says_why(xnet: Desk, customer: str, product: str, coverage: str, rule: str) -> None:
    verdict = of(xnet, customer, product)
    assert (verdict.coverage, verdict.ground.rule) == (coverage, rule)


def test_packages_stand_in_every_state(xnet: Desk) -> None:
    """Renewals shows what may be renewed, what opens, what was renewed, what lapsed and what ends today."""
    today = (NOW + timedelta(hours=8)).date()
    ends = {one.end_on for one in book.select(xnet.store, "contract")}
    assert {today + timedelta(days=days) for days in (-20, -1, 0, 12, 25, 30, 90, 91, 200, 400)} <= ends
    every = {one.state for one in renewals.renewals(xnet, everything=True)}
    assert {"early", "open", "last-call", "lapsed", "renewed"} <= every, every
    added = [one for one in renewals.renewals(xnet, within=90) if one.customer_name == "Perak Rubber Works"]
    assert added and not added[0].final, "users were added: sales has to say the price"


def test_what_the_book_says_fits_together(xnet: Desk, netex: Desk) -> None:
    """Each record could have been entered by hand: written again as it is read, nothing is refused or changed."""
    for desk in (xnet, netex):
        for kind in (one for one in KINDS if one not in kept.KINDS):
            for record in book.select(desk.store, kind):
                written = texts(desk, kind, record)
                assert change(desk, kind, record.id, written, seen=record.version) == record, written


def test_customers_have_sites_zones_contacts_and_a_history(netex: Desk) -> None:
    for known in stories.CUSTOMERS:
        page = customers.page(netex, known.name)
        has = dossier.of_customer(netex, page.customer.id)
        assert page.customer.zone and has.of("site") and has.of("contact") and has.of("licence"), known.name
        assert has.history[-1].event.what == "added"
    latest = dossier.of_customer(netex, customers.page(netex, "Acme Corp").customer.id).history[0]
    assert latest.event.actor == "raj" and latest.changes == (
        ("Time zone", "America/New_York", "America/Chicago"),
    )


def test_known_errors_have_their_tickets(netex: Desk) -> None:
    tied = {
        one.title: book.tickets_of(netex.store, one.id) for one in book.select(netex.store, "known-error")
    }
    assert sum(map(bool, tied.values())) >= 3
    names = Names(netex)
    for known in book.select(netex.store, "known-error"):
        for number in tied[known.title]:
            assert tickets.get(netex.store, number).product == names.text("product", known.product)


def test_time_and_money_were_logged_as_the_verdicts_say(netex: Desk, xnet: Desk) -> None:
    """Billable work, work that support includes, and an expense, each with its reason."""
    for desk in (netex, xnet):
        rows = [row for number in range(1, FEW + 1) for row in worked.of_ticket(desk.store, number)]
        assert {row.billable for row in rows} == {True, False} and any(row.amount for row in rows)
        assert all(row.verdict for row in rows)


@pytest.mark.parametrize(
    "now", [datetime(2028, 2, 29, 3, tzinfo=UTC), datetime(2027, 12, 31, 23, 30, tzinfo=UTC)]
)
def test_days_are_told_from_the_clock(now: datetime) -> None:
    for policy in ("netex", "xnet"):
        desk = Desk(open_store(":memory:"), policy, ManualClock(now), "ana")
        demo_book.write_book(desk)
        today = now.astimezone(desk.policy.zone).date()
        shipped = {one.shipped_on for one in book.select(desk.store, "licence")}
        assert policy == "xnet" or today - timedelta(days=30) in shipped
        ends = {one.end_on for one in book.select(desk.store, "contract")}
        assert policy == "netex" or today in ends
