"""From the book to the verdict: which records a ticket's text finds, and what is read of very many."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from supporttui.desk import book as records
from supporttui.desk import entitlement, reasoning
from supporttui.desk.change import set_fields
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import UsageError
from supporttui.policy import preset_text, read_policy
from supporttui.store import book

TODAY = date(2026, 11, 16)


def add(desk, kind, **values) -> int:
    return book.insert(desk.store, kind, values)


@pytest.fixture
def acme(desk):
    """A customer with HyperIP 7.2 under a monthly charge; ids of what was entered."""
    ids = {"customer": add(desk, "customer", name="Acme Corp", key="AC-1", zone="Asia/Tokyo", plan="smp-2y")}
    ids["product"] = add(desk, "product", name="HyperIP")
    ids["release"] = add(desk, "release", product=ids["product"], name="7.2", released_on=date(2025, 1, 1))
    ids["licence"] = add(
        desk, "licence", customer=ids["customer"], product=ids["product"], number="L-1", edition="Pro",
        monthly_charge=Decimal("250.00"), purchased_on=date(2020, 1, 1), shipped_on=date(2020, 1, 1),
    )  # fmt: skip
    return ids


def new(**facts) -> NewTicket:
    given = {"subject": "x", "customer": "acme corp", "product": "hyperip", "release": "7.2", "severity": 3}
    return NewTicket(**{**given, **facts})


def found(desk, **facts):
    return entitlement.of_report(desk, new(**facts))


@pytest.fixture
def xnet(desk):
    return Desk(desk.store, "xnet", desk.clock, "ana")


def package(desk, acme, first: date, last: date, plan: str = "smp-1y", **values) -> int:
    number = add(
        desk, "contract", customer=acme["customer"], plan=plan, start_on=first, end_on=last, **values
    )
    if "package" not in values:
        book.update(desk.store, "contract", number, 1, {"package": number})
        book.update(desk.store, "licence", acme["licence"], 1, {"package": number})
    return number


@pytest.mark.parametrize("customer", ["acme corp", "ACME CORP", "  Acme   Corp ", "AC-1", "ac-1"])
def test_the_customer_by_name_or_key(desk, acme, customer):
    assert found(desk, customer=customer).coverage == "covered"


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\x1b[2J", "%", "' OR 1=1 --", "x" * 5000, "ß", "İ"])
def test_hostile_words_find_nothing_and_break_nothing(desk, xnet, acme, text):
    words = dict.fromkeys(("customer", "product", "release", "os", "os_release", "site", "category"), text)
    for one in (desk, xnet):
        assert found(one, **words).coverage == "unclear"
        assert found(one, **{**words, "customer": "Acme Corp"}).coverage == "unclear"
        assert found(one, **{**words, "customer": "Acme Corp", "product": "HyperIP"}).coverage in (
            "covered",
            "unclear",
        )


@pytest.mark.parametrize("release", ["7.2", "v7.2", "Version 7.2", "HyperIP 7.2", "hyperip v7.2", " 7.2 "])
def test_a_release_as_people_write_it(desk, acme, release):
    add(
        desk,
        "release",
        product=acme["product"],
        name="7.3",
        released_on=date(2026, 1, 1),
        replaces=acme["release"],
    )
    assert found(desk, release=release).coverage == "discretion"


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"customer": ""}, "the customer"),
        ({"customer": "Nobody"}, "Nobody in the book"),
        ({"product": ""}, "the product"),
        ({"product": "TPS"}, "TPS in the book"),
    ],
)
def test_what_is_not_in_the_book_is_missing_and_refuses_nothing(desk, acme, facts, missing):
    verdict = found(desk, **facts)
    assert verdict.coverage == "unclear" and missing in verdict.missing


def test_a_product_without_a_licence_is_unclear(desk, acme):
    add(desk, "product", name="TPS")
    assert found(desk, product="tps").ground.text == "not on file: a licence of Acme Corp for TPS"


@pytest.mark.parametrize("kind", ["customer", "product", "licence", "release"])
def test_a_removed_record_is_no_longer_read(desk, acme, kind):
    add(
        desk,
        "release",
        product=acme["product"],
        name="7.3",
        released_on=date(2026, 1, 1),
        replaces=acme["release"],
    )
    assert found(desk).coverage == "discretion"
    version = book.get(desk.store, kind, acme[kind]).version
    assert book.update(desk.store, kind, acme[kind], version, {"removed": True})
    # a release is old for anybody; without the release, or the product, nobody can tell
    after = {"release": "covered", "product": "unclear"}.get(kind, "discretion")
    assert found(desk).coverage == after
    assert found(desk).missing


def test_the_first_of_several_followers_counts_and_one_without_a_date_is_missing(desk, acme):
    unknown = add(desk, "release", product=acme["product"], name="8.0", replaces=acme["release"])
    assert "when HyperIP 8.0, which follows HyperIP 7.2, was released" in found(desk).missing
    eft = add(desk, "product", name="eFT")
    add(desk, "release", product=eft, name="1.0", released_on=date(2026, 2, 1), replaces=acme["release"])
    add(
        desk,
        "release",
        product=acme["product"],
        name="7.3",
        released_on=date(2026, 5, 20),
        replaces=acme["release"],
    )
    verdict = found(desk)
    assert (
        verdict.coverage == "discretion"
        and "eFT 1.0 followed HyperIP 7.2 on 2026-02-01" in verdict.ground.text
    )
    book.update(desk.store, "release", unknown, 1, {"released_on": date(2026, 1, 31)})
    assert "HyperIP 8.0 followed" in found(desk).ground.text


def test_a_newer_release_that_follows_none_is_asked_for(desk, acme):
    newer = add(desk, "release", product=acme["product"], name="7.3", released_on=date(2025, 2, 1))
    asked = "which release follows HyperIP 7.2 (there is a newer one, 7.3)"
    assert asked in found(desk).missing and found(desk).coverage == "covered"
    assert asked not in found(desk, release="7.3").missing
    book.update(desk.store, "release", newer, 1, {"replaces": acme["release"]})
    assert found(desk).coverage == "discretion"


def test_a_day_that_cannot_be_read_is_not_known(desk, acme):
    desk.store.execute("UPDATE licence SET shipped_on = '1.1.2026'")
    assert "when licence L-1 was shipped" in found(desk).missing


def test_of_two_editions_the_one_bought_counts(desk, acme):
    lite = add(
        desk, "release", product=acme["product"], name="7.4", edition="Lite", released_on=date(2025, 1, 1)
    )
    pro = add(
        desk, "release", product=acme["product"], name="7.4", edition="PRO", released_on=date(2025, 1, 1)
    )
    add(desk, "release", product=acme["product"], name="7.5", released_on=date(2025, 2, 1), replaces=lite)
    assert found(desk, release="7.4").coverage == "covered"
    add(desk, "release", product=acme["product"], name="7.6", released_on=date(2025, 2, 1), replaces=pro)
    assert "HyperIP 7.6 followed" in found(desk, release="7.4").ground.text


def test_an_operating_systems_release(desk, acme):
    add(desk, "os-release", os="Red Hat Enterprise Linux", name="10.1", accessed_on=TODAY)
    verdict = found(desk, os="red hat enterprise linux", os_release="10.1")
    assert (verdict.title, verdict.changes_on) == ("Covered, best effort", TODAY + timedelta(days=181))


def test_modifications_of_the_product_or_of_a_host_that_has_it(desk, acme):
    tps = add(desk, "product", name="TPS")
    host = add(desk, "host", customer=acme["customer"], name="MVS1")
    add(desk, "installation", host=host, product=tps)
    mine = add(desk, "modification", customer=acme["customer"], what="patched", host=host)
    assert found(desk).coverage == "covered"  # only TPS runs there
    add(desk, "installation", host=host, product=acme["product"])
    verdict = found(desk)
    assert verdict.coverage == "billable" and "on MVS1: patched" in verdict.ground.text
    book.update(desk.store, "modification", mine, 1, {"product": tps})
    assert found(desk).coverage == "covered"
    book.update(desk.store, "modification", mine, 2, {"product": acme["product"]})
    assert found(desk).coverage == "billable"
    assert found(desk).advice[0].loud is True


def test_products_that_must_not_run_together(desk, acme):
    host = add(desk, "host", customer=acme["customer"], name="MVS1")
    cam, user_access = (add(desk, "product", name=name) for name in ("CAM", "USER-Access"))
    add(desk, "installation", host=host, product=cam, tcp_ip=True)
    second = add(desk, "installation", host=host, product=user_access, tcp_ip=True)

    def told(**facts) -> list[bool]:
        advice = found(desk, **facts).advice
        return [one.loud for one in advice if one.rule == "CAM and USER-Access on one CPU"]

    assert told(product="cam") == told(product="") == [True]
    assert told() == []
    book.update(desk.store, "installation", second, 1, {"tcp_ip": False})
    assert told(product="USER-Access") == [False]
    book.update(desk.store, "installation", second, 2, {"removed_on": TODAY - timedelta(days=1)})
    assert told(product="USER-Access") == []


def test_packages_of_the_licence_and_those_tied_to_none(desk, xnet, acme):
    assert found(xnet).coverage == "unclear"  # no package, no quotation
    loose = add(
        desk, "contract", customer=acme["customer"], plan="smp-1y", number="C-0", start_on=TODAY, end_on=TODAY
    )
    assert (found(xnet).coverage, found(xnet).plan) == ("covered", "smp-1y")
    package(desk, acme, TODAY - timedelta(days=800), TODAY - timedelta(days=1), number="C-1")
    verdict = found(xnet)
    assert verdict.coverage == "uncovered" and "C-1" in verdict.ground.text
    tps = add(desk, "product", name="TPS")
    add(desk, "licence", customer=acme["customer"], product=tps, package=loose)
    assert found(xnet, product="tps").coverage == "unclear"  # the loose one names no package of its own
    book.update(desk.store, "contract", loose, 1, {"package": loose})
    assert found(xnet, product="tps").coverage == "covered"


def test_a_package_that_was_ended_early(desk, xnet, acme):
    package(desk, acme, date(2026, 1, 1), date(2026, 12, 31), ended_on=date(2026, 11, 15))
    assert found(xnet).coverage == "uncovered"
    assert entitlement.of_report(xnet, new(), datetime(2026, 11, 15, 4, tzinfo=UTC)).coverage == "covered"


def test_a_package_tied_to_no_licence_that_was_ended_early(desk, xnet, acme):
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    add(
        desk,
        "contract",
        customer=acme["customer"],
        plan="smp-1y",
        start_on=first,
        end_on=last,
        ended_on=TODAY,
    )
    assert found(xnet).coverage == "covered"
    tomorrow = datetime(2026, 11, 17, 4, tzinfo=UTC)
    assert entitlement.of_report(xnet, new(), tomorrow).coverage == "uncovered"


@pytest.mark.parametrize("days_in", ["customer", "either"])
@pytest.mark.parametrize("tied", [True, False])
def test_the_last_day_of_a_package_where_the_customer_is(desk, acme, days_in, tied):
    book.update(desk.store, "customer", acme["customer"], 1, {"zone": "Pacific/Honolulu", "plan": ""})
    text = preset_text("xnet").replace('days_in = "vendor"', f'days_in = "{days_in}"')
    theirs = Desk(desk.store, read_policy(text, "mine.toml"), desk.clock, "ana")
    if tied:
        package(desk, acme, date(2025, 11, 17), TODAY)
    else:
        add(
            desk,
            "contract",
            customer=acme["customer"],
            plan="smp-1y",
            start_on=date(2025, 1, 1),
            end_on=TODAY,
        )
        later = {"start_on": date(2027, 1, 1), "end_on": date(2027, 12, 31)}
        add(desk, "contract", customer=acme["customer"], plan="smp-1y", **later)
    last = datetime(2026, 11, 17, 9, 59, 59, tzinfo=UTC)  # of the 16th in Honolulu
    desk.clock.set(last + timedelta(seconds=1))
    for at, coverage, plan in ((last, "covered", "smp-1y"), (desk.clock.now(), "uncovered", "none")):
        verdict = entitlement.of_report(theirs, new(), at)
        assert (verdict.coverage, verdict.plan) == (coverage, plan)
        assert report(theirs, new(reported_at=at)).plan == plan


def test_quotations_for_the_product_or_for_all(desk, xnet, acme):
    tps = add(desk, "product", name="TPS")
    add(desk, "quotation", customer=acme["customer"], number="Q-1", product=tps, support_to=date(2027, 1, 1))
    assert found(xnet).coverage == "unclear"
    add(
        desk,
        "quotation",
        customer=acme["customer"],
        number="Q-2",
        support_from=date(2026, 1, 1),
        support_to=TODAY,
    )
    verdict = found(xnet)
    assert (verdict.coverage, verdict.changes_on) == ("covered", TODAY + timedelta(days=1))


# -- the plan of a new ticket ---------------------------------------------------------------------


def test_a_new_ticket_takes_the_plan_of_the_package_in_force(desk, xnet, acme):
    assert report(xnet, new()).plan == "smp-2y"  # the customer's: no package is on file
    package(desk, acme, date(2026, 1, 1), date(2026, 12, 31))
    assert report(xnet, new()).plan == "smp-1y"
    assert report(xnet, new(plan="none")).plan == "none"
    late = datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)  # a second before 2026 in Kuala Lumpur
    assert report(xnet, new(reported_at=late)).plan == "smp-2y"
    assert report(xnet, new(reported_at=late + timedelta(seconds=1))).plan == "smp-1y"


def test_a_customer_known_to_have_no_package_is_reported_under_that_plan(desk, xnet, acme):
    book.update(desk.store, "customer", acme["customer"], 1, {"plan": ""})
    assert report(xnet, new()).plan == "none"
    assert report(xnet, new(customer="Nobody")).plan == ""
    assert report(xnet, new(customer="")).plan == ""


def test_under_a_policy_without_packages_the_plan_is_the_customers(desk, acme):
    package(desk, acme, date(2026, 1, 1), date(2026, 12, 31))
    assert report(desk, new()).plan == "smp-2y"


def test_another_product_takes_its_own_package_unless_the_plan_was_given_by_hand(desk, xnet, acme):
    package(desk, acme, date(2026, 1, 1), date(2026, 12, 31))
    tps = add(desk, "product", name="TPS")
    two = add(
        desk, "contract", customer=acme["customer"], plan="smp-2y", start_on=date(2026, 1, 1), end_on=TODAY
    )
    book.update(desk.store, "contract", two, 1, {"package": two})
    add(desk, "licence", customer=acme["customer"], product=tps, package=two)
    mine, given = report(xnet, new()), report(xnet, new(plan="none"))
    assert set_fields(xnet, mine.number, {"product": "TPS"}).plan == "smp-2y"
    assert set_fields(xnet, mine.number, {"product": "TPS", "release": "1"}).plan == "smp-2y"
    assert set_fields(xnet, given.number, {"product": "TPS"}).plan == "none"
    unknown = report(xnet, new(customer=""))
    assert unknown.plan == ""
    assert set_fields(xnet, unknown.number, {"customer": "Acme Corp"}).plan == "smp-1y"


def test_a_ticket_keeps_its_plan_over_the_end_and_the_renewal_of_a_package(desk, xnet, acme):
    book.update(desk.store, "customer", acme["customer"], 1, {"plan": ""})
    first = package(desk, acme, date(2025, 11, 17), TODAY)
    ticket = report(xnet, new())
    xnet.clock.set(datetime(2026, 11, 16, 16, tzinfo=UTC))  # the first second after it in Kuala Lumpur
    verdict, told = entitlement.of_ticket(xnet, ticket), reasoning.of_ticket(xnet, ticket.number)
    assert (verdict.coverage, verdict.plan) == ("uncovered", "smp-1y")
    assert (told.plan, told.plan_now) == ("SMP, one year", "No package")
    package(desk, acme, TODAY + timedelta(days=1), date(2028, 11, 16), "smp-2y", package=first)
    verdict, told = entitlement.of_ticket(xnet, ticket), reasoning.of_ticket(xnet, ticket.number)
    assert (verdict.coverage, verdict.plan) == ("covered", "smp-1y")
    assert (told.plan, told.plan_now) == ("SMP, one year", "SMP, two years")


def test_the_plan_of_one_customer_does_not_stay_with_another(desk, xnet, acme):
    package(desk, acme, date(2026, 1, 1), date(2026, 12, 31))
    mine, given = report(xnet, new()), report(xnet, new(customer="Acme", plan="smp-1y"))
    assert set_fields(xnet, mine.number, {"customer": "Nobody"}).plan == ""
    assert set_fields(xnet, mine.number, {"customer": "Acme Corp"}).plan == "smp-1y"
    assert set_fields(xnet, given.number, {"customer": "Acme Inc"}).plan == "smp-1y"  # given by hand


# -- a ticket, its site and its day ---------------------------------------------------------------


def test_of_a_ticket_at_an_instant(desk, acme):
    add(
        desk,
        "release",
        product=acme["product"],
        name="7.3",
        released_on=date(2026, 11, 16),
        replaces=acme["release"],
    )
    ticket = report(desk, new())
    now = entitlement.of_ticket(desk, ticket)
    assert (now.coverage, now.changes_on, now.becomes) == ("covered", date(2027, 5, 16), "discretion")
    later = entitlement.of_ticket(desk, ticket, datetime(2027, 5, 16, 6, tzinfo=UTC))
    assert (later.coverage, later.day) == ("discretion", date(2027, 5, 16))


def test_the_sites_zone_goes_before_the_customers(desk, acme):
    from supporttui.policy import preset_text, read_policy

    text = preset_text("netex").replace('days_in = "vendor"', 'days_in = "customer"')
    theirs = Desk(desk.store, read_policy(text, "own.toml"), desk.clock, "ana")
    add(desk, "site", customer=acme["customer"], code="HNL", zone="Pacific/Honolulu")
    add(desk, "site", customer=acme["customer"], code="KIX")
    zones = [found(theirs, site=site).zone for site in ("hnl", "KIX", "", "no such")]
    assert zones == ["Pacific/Honolulu", "Asia/Tokyo", "Asia/Tokyo", "Asia/Tokyo"]


# -- very many ------------------------------------------------------------------------------------


def many(desk, acme, count: int, **values) -> None:
    rows = [
        {
            "customer": acme["customer"],
            "product": acme["product"],
            "number": f"M-{n}",
            **{name: make(n) for name, make in values.items()},
        }
        for n in range(count)
    ]
    book.insert_many(desk.store, "licence", rows)


OLD = date(2020, 1, 1)


@pytest.mark.parametrize("place", [0, 150, 299])
def test_of_many_licences_the_one_that_is_paid_decides(desk, acme, place):
    book.update(desk.store, "licence", acme["licence"], 1, {"removed": True})
    paid = lambda n: TODAY if n == place else OLD + timedelta(days=n)  # noqa: E731
    many(
        desk, acme, 300, monthly_charge=lambda n: Decimal(9), purchased_on=lambda n: OLD, charge_paid_to=paid
    )
    verdict = found(desk)
    assert (verdict.coverage, verdict.changes_on) == ("covered", TODAY + timedelta(days=1))
    assert f"M-{place}" in verdict.ground.text
    assert entitlement.of_report(desk, new(), desk.now() + timedelta(days=1)).coverage == "uncovered"


def test_of_many_licences_one_without_a_charge_on_file_keeps_it_unclear(desk, acme):
    book.update(desk.store, "licence", acme["licence"], 1, {"removed": True})
    charge = lambda n: None if n == 200 else Decimal(9)  # noqa: E731
    many(desk, acme, 300, monthly_charge=charge, charge_paid_to=lambda n: OLD)
    assert found(desk).coverage == "unclear"


def test_of_many_licences_the_last_one_shipped_is_under_warranty(desk, acme):
    book.update(desk.store, "licence", acme["licence"], 1, {"removed": True})
    shipped = lambda n: TODAY if n == 77 else OLD  # noqa: E731
    many(
        desk, acme, 300, monthly_charge=lambda n: Decimal(9), charge_paid_to=lambda n: OLD, shipped_on=shipped
    )
    assert found(desk).ground.text == "licence M-77 was shipped on 2026-11-16: under warranty to 2027-02-14"


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("licences", [1, 60, 260])
def test_of_many_contracts_the_one_that_runs_decides(desk, xnet, acme, licences, tied):
    rows = [
        {"customer": acme["customer"], "plan": "smp-1y", "number": f"C-{n}", "package": n + 1, "start_on": OLD,
         "end_on": TODAY if n == 41 else OLD + timedelta(days=n)}
        for n in range(max(60, licences))
    ]  # fmt: skip
    book.insert_many(desk.store, "contract", rows)
    if tied:
        book.update(desk.store, "licence", acme["licence"], 1, {"package": 42})
        many(desk, acme, licences - 1, package=lambda n: n + 1)
    verdict = found(xnet)
    assert (verdict.coverage, verdict.changes_on) == ("covered", TODAY + timedelta(days=1))
    assert "C-41" in verdict.ground.text


@pytest.mark.parametrize("tied", [True, False])
def test_of_many_contracts_that_were_ended_early_the_last_one_is_told(desk, xnet, acme, tied):
    last = TODAY + timedelta(days=300)
    rows = [
        {"customer": acme["customer"], "plan": "smp-1y", "number": f"C-{n}", "package": 1, "start_on": OLD,
         "end_on": last, "ended_on": TODAY - timedelta(days=100 - n)}
        for n in range(60)
    ]  # fmt: skip
    book.insert_many(desk.store, "contract", rows)
    if tied:
        book.update(desk.store, "licence", acme["licence"], 1, {"package": 1})
    verdict = found(xnet)
    assert verdict.coverage == "uncovered" and "C-59" in verdict.ground.text


@pytest.mark.parametrize("licences", [1, 40, 100])
def test_of_many_contracts_that_run_the_last_to_end_counts_with_what_joins_it(desk, xnet, acme, licences):
    """C-n runs for n more days; one of two years follows on the last of them, though it was entered first."""
    joins = {"start_on": TODAY + timedelta(days=100), "end_on": TODAY + timedelta(days=800)}
    runs = [{"start_on": OLD, "end_on": TODAY + timedelta(days=n)} for n in range(100)]
    rows = [
        {"customer": acme["customer"], "plan": "smp-1y", "number": f"C-{n}", "package": n + 1, **days}
        for n, days in enumerate((joins, *runs))
    ]
    book.insert_many(desk.store, "contract", rows)
    if licences > 1:
        many(desk, acme, licences, package=lambda n: 1 if n == 7 else 101 - n)
    assert found(xnet).changes_on == TODAY + timedelta(days=801)


def test_a_renewal_of_one_of_many_is_read_too(desk, xnet, acme):
    rows = [
        {"customer": acme["customer"], "plan": "smp-1y", "number": f"C-{n}", "package": 1,
         "start_on": date(1990 + n, 1, 1), "end_on": date(1990 + n, 12, 31)}
        for n in range(40)
    ]  # fmt: skip
    book.insert_many(desk.store, "contract", rows)
    book.update(desk.store, "licence", acme["licence"], 1, {"package": 1})
    assert found(xnet).changes_on == date(2030, 1, 1)


def test_a_desk_without_a_book_asks_next_to_nothing(desk, monkeypatch):
    asked = []
    execute = desk.store.execute
    monkeypatch.setattr(desk.store, "execute", lambda sql, *rest: asked.append(sql) or execute(sql, *rest))
    assert found(desk).coverage == "unclear"
    assert len(asked) <= 3


@pytest.mark.parametrize("licences", [1, 40, 100])
@pytest.mark.parametrize("policy", ["netex", "xnet"])
def test_every_read_of_the_book_goes_by_an_index(store, clock, desk, acme, monkeypatch, policy, licences):
    many(desk, acme, licences, package=lambda n: n + 1, monthly_charge=lambda n: Decimal(9))
    rows = [{"customer": acme["customer"], "plan": "smp-1y", "package": n + 1, "start_on": OLD, "end_on": TODAY} for n in range(100)]  # fmt: skip
    book.insert_many(store, "contract", rows)
    asked = []
    execute = store.execute
    monkeypatch.setattr(store, "execute", lambda sql, p=(): asked.append((sql, p)) or execute(sql, p))
    entitlement.of_report(Desk(store, policy, clock, "ana"), new(os="z/OS", os_release="3.1", site="x"))
    monkeypatch.undo()
    assert len(asked) >= 6
    for sql, parameters in asked:
        steps = [row[3] for row in execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
        assert not [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step], (
            sql,
            steps,
        )


@pytest.mark.parametrize("key", ["Acme-7", "ÄB-Nord", "Ö1"])
def test_a_customer_is_found_by_its_number_whatever_its_case_and_script(desk, key: str):
    made = records.add(desk, "customer", {"name": "Acme Corp", "key": key, "plan": "gold"})
    for written in {key, key.swapcase() if key.isascii() else key, key[:2] + key[2:].upper()}:
        assert records.find(desk, "customer", written).id == made.id
        assert entitlement.case_of(desk, NewTicket(subject="x", customer=written), desk.now()).listed
    with pytest.raises(UsageError, match="is Acme Corp's already"):
        records.add(desk, "customer", {"name": "Other", "key": key})
