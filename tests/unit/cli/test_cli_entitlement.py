"""`explain` and `show` say what the customer is owed; `policy show` and `policy check` how that is decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from supporttui.store import book, open_store


@pytest.fixture
def number(cli):
    """A ticket about an old release, in a desk that keeps a book."""
    number = cli.report(severity=3, customer="Acme", product="HyperIP", release="7.2")
    with open_store(cli.environ["SUPPORTTUI_STORE"]) as store, store.write():
        acme = book.insert(store, "customer", {"name": "Acme"})
        product = book.insert(store, "product", {"name": "HyperIP"})
        old = book.insert(store, "release", {"product": product, "name": "7.2"})
        book.insert(
            store,
            "release",
            {"product": product, "name": "7.3", "replaces": old, "released_on": date(2026, 6, 1)},
        )
        charge = {"monthly_charge": Decimal(9), "charge_paid_to": date(2026, 12, 31)}
        book.insert(store, "licence", {"customer": acme, "product": product, "number": "L-1", **charge})
    return number


def test_show_has_one_line(cli, number):
    line = next(line for line in cli.good("show", number).lines if line.startswith("entitlement"))
    assert line.split(maxsplit=1)[1] == (
        "Covered: the monthly charge of licence L-1 includes support, paid to 2026-12-31; to 2026-11-28"
    )
    assert cli.json("show", number)["entitlement"]["changes_on"] == "2026-11-29"


def test_a_desk_without_a_book_shows_no_line(cli):
    number = cli.report(severity=3, customer="Acme")
    assert "entitlement" not in cli.good("show", number).out
    assert cli.json("show", number)["entitlement"] is None


def test_explain_tells_all_of_it(cli, number):
    out = cli.good("explain", number).out
    assert "Director of Customer Services" in out
    part = out[out.index("entitlement: Covered") :]
    for words in (
        "decided by: rule 'monthly licence charge': covered: the monthly charge of licence L-1",
        "clause: Licence: The monthly licence charge includes",
        "facts: licence L-1, monthly charge 9, paid to 2026-12-31",
        "to: Thu 2026-12-31, that day included; then uncovered",
        "decided for: Fri 2026-11-20 in America/Chicago",
        "changes: on Sun 2026-11-29 to discretion",
        "also: rule 'previous version': covered: HyperIP 7.3 followed HyperIP 7.2 on 2026-06-01",
        "not on file: when licence L-1 was shipped",
    ):
        assert words in part, words


def test_explain_entitlement_alone_and_at_a_time(cli, number):
    assert cli.good("explain", number, "--entitlement").out.startswith("entitlement: Covered\n")
    later = cli.json("explain", number, "--entitlement", "--at", "2026-11-29 12:00")
    assert (later["coverage"], later["billed"], later["day"]) == (
        "discretion",
        "time and materials",
        "2026-11-29",
    )
    assert later["ground"]["rule"] == "previous version" and later["grounds"][0] == later["ground"]
    assert later["changes_on"] == "2027-01-01" and later["becomes"] == "uncovered"
    text = cli.good("explain", number, "--entitlement", "--at", "2026-11-29 12:00").lines
    assert text[0] == "entitlement: At NetEx's discretion (time and materials)"
    rows = cli.good("explain", number, "--entitlement", "--tsv").lines
    assert rows[0].split("\t")[:2] == ["rule", "coverage"] and len(rows) == 3
    assert "belongs to --entitlement" in cli.bad(64, "explain", number, "--at", "2026-11-29 12:00")
    assert [one["role"] for one in cli.json("explain", number)] == ["director", "president"]  # as before


def test_hostile_words_of_the_book_are_inert(cli, number):
    with open_store(cli.environ["SUPPORTTUI_STORE"]) as store, store.write():
        hostile = {"customer": 1, "what": "a\x1b[2Jb\r\nc\u202e\x9b", "noted_on": date(2026, 1, 1)}
        book.insert(store, "modification", {**hostile, "product": 1})
    for words in (["show", number], ["explain", number], ["explain", number, "--entitlement", "--json"], ["explain", number, "--entitlement", "--tsv"]):  # fmt: skip
        out = cli.good(*words).out
        assert "patched" in out or "modif" in out
        assert not any(mark in out for mark in "\x1b\x07\u202e\x9b\r")


def test_policy_show_and_check_tell_how_it_is_decided(cli):
    out = cli.good("policy", "show", "netex").out
    assert (
        "previous version: superseded 180 days: covered, then discretion (time and materials) [Old product versions]"
        in out
    )
    assert cli.json("policy", "show", "xnet")["file"]["entitlement"]["days_in"] == "vendor"
    out = cli.good("policy", "check", "netex").out
    assert "note: entitlement.days_in: " in out and "the 180 days after it, the last one included" in out
