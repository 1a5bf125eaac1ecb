"""`known`: known errors from the command line."""

from __future__ import annotations

import pytest

from tests.unit.cli.test_cli_reference import documented


@pytest.fixture
def shelf(cli):
    """NETEX with a release to come, and an owned ticket that abends."""
    cli.good("product", "add", "NETEX")
    cli.good("release", "add", "7.3", "--product", "NETEX")
    cli.good(
        "report",
        "NETEX abended at start on MVS1",
        "--product",
        "NETEX",
        "--release",
        "7.1",
        "--customer",
        "Acme",
    )
    cli.good("set", "1", "--owner", "ana")
    return cli


def add(cli, *more):
    return cli.json("known", "add", "NETEX abends at start", "--product", "netex", *more)


def test_one_is_added_shown_listed_and_set(shelf):
    one = add(shelf, "--found-in", "7.1,7.2", "--symptom", "S0C4")
    assert (one["known"], one["product"], one["state"], one["found_in"]) == (
        "K1",
        "NETEX",
        "reported",
        "7.1, 7.2",
    )
    assert "S0C4" in shelf.good("known", "show", "K1").out
    shelf.good("known", "set", "K1", "--state", "confirmed")
    assert shelf.good("known", "set", "K1", "--fixed-in", "7.3").out == "K1 changed: confirmed → planned\n"
    assert [row["known"] for row in shelf.json("known", "list", "--state", "open", "s0c4")] == ["K1"]
    assert shelf.json("known", "list", "--state", "fixed") == []
    assert (
        shelf.good("known", "list", "--tsv").lines[1].startswith("K1\tNETEX\tNETEX abends at start\tplanned")
    )


def test_what_is_refused_is_one_line_with_the_reason(shelf):
    add(shelf)
    assert "only reported: confirm it first" in shelf.bad(77, "known", "set", "K1", "--state", "fixed")
    assert "no product" in shelf.bad(66, "known", "add", "x", "--product", "BFX")
    assert "K9" in shelf.bad(66, "known", "show", "K9")
    assert "promises no workaround" in shelf.bad(77, "known", "owed")
    assert "say what to set" in shelf.bad(64, "known", "set", "K1")
    assert "state" in shelf.bad(64, "known", "list", "--state", "broken")


def test_a_ticket_is_told_what_it_may_be_about_and_linked(shelf):
    add(shelf)
    found = shelf.json("known", "suggest", "1")
    assert [(one["known"], one["linked"], one["words"]) for one in found] == [
        ("K1", False, ["abend", "start"])
    ]
    assert "about known error K1 (NETEX abends at start)" in shelf.good("known", "link", "1", "K1").out
    assert shelf.json("known", "suggest", "1")[0]["linked"] is True
    assert shelf.json("known", "show", "K1")["linked"] == [1]
    linked = [{"known": "K1", "title": "NETEX abends at start", "state": "reported", "fixed_in": ""}]
    assert shelf.json("show", "1")["known_errors"] == linked
    assert "about known error K1 (NETEX abends at start)" in shelf.good("show", "1").out
    shelf.good("undo")
    assert shelf.json("known", "show", "K1")["linked"] == []
    shelf.good("known", "link", "1", "K1")
    shelf.good("known", "unlink", "1", "K1")
    assert shelf.json("known", "show", "K1")["linked"] == []


def test_one_is_made_from_a_ticket(shelf):
    one = shelf.json("known", "add", "--ticket", "1")
    assert (one["title"], one["found_in"], one["linked"]) == ("NETEX abended at start on MVS1", "7.1", [1])


def test_what_is_owed_under_the_vendor_that_promises_it(shelf):
    add(shelf, "--reproducible", "yes", "--material", "yes", "--workaround", "Start it twice.")
    shelf.good("known", "link", "1", "K1")
    found = shelf.json("known", "owed", "--policy", "xnet")
    assert [(one["known"], one["waiting"]) for one in found] == [("K1", [1])]
    shelf.good("reply", "1", "Start it twice.", "--workaround")
    assert shelf.json("known", "owed", "--policy", "xnet") == []


def test_a_release_that_is_out_tells_and_an_undo_says_what_it_took_back(shelf):
    add(shelf, "--fixed-in", "7.3")
    shelf.good("known", "link", "1", "K1")
    out = shelf.good("release", "set", "NETEX 7.3", "--released-on", "today")
    assert "NETEX 7.3 is out: corrects K1; told about open ticket 1: ana" in out.err
    assert shelf.json("known", "show", "K1")["state"] == "fixed"
    assert "NETEX 7.3 is out: corrects K1" in shelf.good("show", "1").out
    assert "withdrawn in time" in shelf.good("undo").out
    assert shelf.json("known", "show", "K1")["state"] == "planned"


def test_a_report_names_the_known_error_that_it_is_likely_about(shelf):
    add(shelf)
    said = shelf.good("report", "abends at each start", "--product", "NETEX").err
    assert "known error? K1 NETEX abends at start (reported); supporttui known link 2 K1" in said
    assert "known error" not in shelf.good("report", "printer out of paper", "--product", "NETEX").err


def test_the_documented_shape_is_the_printed_one(shelf):
    add(shelf)
    assert documented("Known error") == set(shelf.json("known", "list")[0])


def test_what_a_stranger_wrote_is_inert(shelf):
    hostile = "\x1b]0;owned\x07 abends \u202eat start"
    shelf.good("known", "add", hostile, "--product", "NETEX")
    for words in (("list",), ("show", "K1"), ("list", "--tsv"), ("suggest", "1"), ("history", "K1")):
        out = shelf.good("known", *words).out
        assert "\x1b" not in out and "\x07" not in out and "\u202e" not in out, words
