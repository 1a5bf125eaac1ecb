"""What the book fills into a report: the only thing that can be meant, and nothing where there are two."""

from __future__ import annotations

import pytest

from supporttui.desk import book, caller
from supporttui.desk.caller import Dossier
from supporttui.desk.customers import Directory
from supporttui.store import customers, customers_seen

CHANNELS = ("phone", "email")


@pytest.fixture
def acme(desk) -> Dossier:
    """Two sites, two hosts, two products of which one runs on both; a package in force for HyperIP."""
    book.add(desk, "customer", {"name": "Acme Corp", "key": "A-117", "plan": "gold"})
    for code, name, phone in (("0417", "North", "+1 612 555 0100"), ("0418", "South", "+1 612 555 0200")):
        book.add(desk, "site", {"customer": "Acme Corp", "code": code, "name": name, "phone": phone})
    for name, phone, site in (("J. Ortiz", "+1 612 555 0142", "0417"), ("Kim Lund", "+1 612 555 0190", "")):
        mail = f"{name[-4:].strip()}@acme.example"
        book.add(
            desk,
            "contact",
            {"customer": "Acme Corp", "name": name, "phone": phone, "email": mail, "site": site},
        )
    for name in ("NETEX", "HyperIP"):
        book.add(desk, "product", {"name": name})
        book.add(desk, "release", {"product": name, "name": "7.1", "released_on": "2026-01-02"})
    book.add(desk, "release", {"product": "NETEX", "name": "8.0", "released_on": "2026-05-02"})
    for name, site, os in (("N1", "0417", "z/OS"), ("S1", "0418", "z/VM")):
        book.add(
            desk, "host", {"customer": "Acme Corp", "name": name, "site": site, "os": os, "os_release": "3.1"}
        )
    for host, release in (("N1", "NETEX 7.1"), ("S1", "NETEX 8.0"), ("S1", "HyperIP 7.1")):
        book.add(desk, "installation", {"host": host, "product": release.split()[0], "release": release})
    found = caller.read(desk, "acme corp")
    assert found is not None
    return found


def filled(acme: Dossier, found_by: str = "", **values: str) -> dict[str, str]:
    told = caller.filled(acme, {"customer": "Acme Corp", **values}, found_by, CHANNELS)
    return {name: text for name, text in told.items() if text}


def test_a_telephone_number_brings_person_site_and_all_that_runs_there(acme: Dossier):
    assert filled(acme, "(612) 555-0142") == {
        "contact": "J. Ortiz", "contact_email": "rtiz@acme.example", "contact_phone": "+1 612 555 0142",
        "site": "0417", "product": "NETEX", "release": "7.1", "os": "z/OS", "os_release": "3.1", "plan": "gold",
        "channel": "phone",
    }  # fmt: skip


def test_a_number_of_a_site_brings_the_site_and_nobody(acme: Dossier):
    told = filled(acme, "612 555 0200")
    assert told["site"] == "0418" and "contact" not in told and told["os"] == "z/VM"
    assert "product" not in told  # two run there


def test_with_two_sites_and_nobody_named_nothing_is_guessed(acme: Dossier):
    assert filled(acme) == {"os_release": "3.1", "plan": "gold"}


def test_what_is_settled_narrows_the_rest_and_is_never_another(acme: Dossier):
    assert filled(acme, product="hyperip")["os"] == "z/VM"
    assert filled(acme, site="0418", product="NETEX")["release"] == "8.0"
    assert caller.candidates(acme, "release", {"product": "NETEX"}) == ["7.1", "8.0"]
    assert caller.candidates(acme, "product", {"site": "0418"}) == ["NETEX", "HyperIP"]
    assert caller.candidates(acme, "os_release", {"os": "z/VM"}) == ["3.1"]


def test_a_named_contact_tells_of_their_site(acme: Dossier):
    assert filled(acme, contact="j. ortiz")["site"] == "0417"
    assert "site" not in filled(acme, contact="Kim Lund")


def test_a_package_in_force_is_the_plan_and_one_that_ended_is_not(desk, acme: Dossier):
    book.add(desk, "contract", {"customer": "Acme Corp", "plan": "silver", "start_on": "2024-01-01", "end_on": "2024-12-31", "number": "K1"})  # fmt: skip
    book.add(desk, "contract", {"customer": "Acme Corp", "plan": "brass", "start_on": "2026-01-01", "end_on": "2026-12-31", "number": "K2"})  # fmt: skip
    for number, contract in (("L1", "K1"), ("L2", "K2")):
        book.add(
            desk,
            "licence",
            {"customer": "Acme Corp", "product": "NETEX", "number": number, "package": contract},
        )
    again = caller.read(desk, "Acme Corp")
    assert again is not None and caller.candidates(again, "plan", {"product": "NETEX"}) == ["brass"]


def test_what_was_taken_off_a_host_or_removed_is_not_offered(desk, acme: Dossier):
    one = next(each for each in acme.installed if acme.products[each.product] == "HyperIP")
    book.change(desk, "installation", one.id, {"removed_on": "2026-11-01"}, seen=one.version)
    spare = book.add(desk, "site", {"customer": "Acme Corp", "code": "0419"})
    book.remove(desk, "site", spare.id)
    again = caller.read(desk, "Acme Corp")
    assert again is not None
    assert caller.candidates(again, "product", {}) == ["NETEX"] and len(again.sites) == 2


def test_a_customer_who_is_not_in_the_book_has_no_dossier(desk, acme: Dossier):
    assert caller.read(desk, "Hooli") is None and caller.read(desk, " ") is None


@pytest.mark.parametrize(
    "words", ["ortiz", "0142", "612 555-0190", "rtiz@acme", "0418", "south", "A-117", "acme"]
)
def test_a_caller_is_found_by_name_number_mail_and_site(desk, acme: Dossier, words: str):
    directory = Directory()
    directory.refresh(desk)
    assert [one.name for one in directory.search(desk, words)] == ["Acme Corp"]


@pytest.mark.parametrize(
    ("words", "is_one"), [("612 555 0142", True), ("0417", False), ("Suite 555 0142 9", False), ("", False)]
)
def test_what_counts_as_a_telephone_number(words: str, is_one: bool):
    assert caller.by_telephone(words) is is_one


def test_the_book_is_read_again_only_when_somebody_in_it_changed(desk, acme: Dossier, monkeypatch):
    read: list[int] = []
    of_book = customers_seen.of_book
    monkeypatch.setattr(customers_seen, "of_book", lambda store: read.append(1) or of_book(store))
    directory = Directory()
    for _ in range(3):
        directory.refresh(desk)
    book.change(desk, "product", book.find(desk, "product", "NETEX").id, {"notes": "moved"})
    directory.refresh(desk)
    assert len(read) == 1
    book.change(desk, "contact", acme.contacts[0].id, {"phone": "+1 999 777 1234"})
    directory.refresh(desk)
    assert len(read) == 2 and [one.name for one in directory.search(desk, "999 777 1234")] == ["Acme Corp"]
    customers.ensure(desk.store, "Quiet Ltd")  # without a line in the journal
    directory.refresh(desk)
    assert [one.name for one in directory.search(desk, "quiet")] == ["Quiet Ltd"]
