"""What is known already: candidates of fields, facts of customers and contacts, at little cost."""

from __future__ import annotations

import pytest

from supporttui.desk import known
from supporttui.desk.known import CustomerFacts, about_contact, about_customer, candidates
from supporttui.desk.report import NewTicket, report
from supporttui.store import customers


@pytest.fixture
def seen(desk):
    for more in (
        {"customer": "Acme Corp", "contact": "J. Ortiz", "contact_phone": "1", "site": "0417", "product": "HyperIP",
         "release": "7.1", "os": "z/OS", "tags": ("urgent",)},
        {"customer": "ACME corp", "contact": "J. ORTIZ", "contact_email": "jo@acme.example", "site": ""},
        {"customer": "Acme Corp", "contact": "Zoe", "product": "NETEX", "release": "9", "os": "Linux"},
        {"customer": "Globex", "contact": "Hank", "product": "HyperIP", "release": "7.2", "owner": "raj"},
    ):  # fmt: skip
        report(desk, NewTicket(subject="s", **more))
    return desk


def test_customers_of_tickets_and_of_the_desk_are_one_list(seen):
    customers.ensure(seen.store, "Acmetal", plan="gold")
    customers.ensure(seen.store, "Acme Corp", plan="silver")
    assert candidates(seen, "customer", "ac") == ["Acme Corp", "Acmetal"]
    assert candidates(seen, "customer", "x") == []


def test_contacts_and_sites_are_the_customer_s_and_releases_the_product_s(seen):
    customers.ensure(seen.store, "Acme Corp")
    customers.add_contact(seen.store, "Acme Corp", "Yan")
    assert [name.casefold() for name in candidates(seen, "contact", "", customer="acme CORP")] == [
        "j. ortiz", "yan", "zoe",
    ]  # fmt: skip
    assert candidates(seen, "contact", "") == []
    assert candidates(seen, "site", "", customer="Acme Corp") == ["0417"]
    assert candidates(seen, "release", "7", product="hyperip") == ["7.1", "7.2"]
    assert candidates(seen, "release", "", product="NETEX") == ["9"]


def test_lists_of_the_policy_and_words_in_use(seen):
    assert "HyperIP" in candidates(seen, "product", "hyp")
    assert candidates(seen, "os", "z") == ["z/OS"]
    assert candidates(seen, "tags", "u") == ["urgent"]
    assert candidates(seen, "owner", "") == ["raj"]
    assert candidates(seen, "channel", "ph") == ["phone"]


def test_a_customer_is_known_by_its_tickets_or_by_the_desk(seen):
    assert about_customer(seen, " acme corp ") == CustomerFacts("Acme Corp", site="0417", open=3)
    customers.ensure(seen.store, "Acme Corp", plan="gold", zone="Europe/London")
    assert about_customer(seen, "acme corp") == CustomerFacts("Acme Corp", "gold", "0417", "Europe/London", 3)
    assert about_customer(seen, "acme") is None and about_customer(seen, " ") is None


def test_a_contact_has_the_newest_address_that_isnt_empty(seen):
    found = about_contact(seen, "acme corp", "j. ortiz")
    assert (found.email, found.phone) == ("jo@acme.example", "1")
    customers.ensure(seen.store, "Acme Corp")
    customers.add_contact(seen.store, "Acme Corp", "J. Ortiz", email="new@acme.example")
    assert about_contact(seen, "acme corp", "J. Ortiz").email == "new@acme.example"
    assert about_contact(seen, "acme corp", "Nobody") is None
    assert about_contact(seen, "", "J. Ortiz") is None


def test_a_prefix_is_text_and_no_pattern(seen):
    for prefix in ("%", "_", "'", "\x00", "a" * 600, "\U0010ffff"):
        assert known.candidates(seen, "customer", prefix) == []
        assert known.candidates(seen, "contact", prefix, customer="Acme Corp") == []


def test_the_book_offers_products_releases_and_sites(desk):
    from supporttui.desk import book

    for product in ("Zeta", "Zonk"):
        book.add(desk, "product", {"name": product})
        book.add(desk, "release", {"product": product, "name": f"{len(product)}.{product[1]}"})
    for customer in ("Acme Corp", "Beta"):
        book.add(desk, "customer", {"name": customer})
        book.add(desk, "site", {"customer": customer, "code": f"{customer[0]}-1"})
    assert known.candidates(desk, "product", "z") == ["Zeta", "Zonk"]
    assert known.candidates(desk, "release", "", product="zeta") == ["4.e"]
    assert known.candidates(desk, "site", "a", customer="ACME corp") == ["A-1"]
    assert known.candidates(desk, "site", "", customer="Beta") == ["B-1"]
    book.remove(desk, "site", 1)
    assert known.candidates(desk, "site", "", customer="Acme Corp") == []
