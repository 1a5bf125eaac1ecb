"""Known errors are suggested by rare words, product and release, or not at all."""

from __future__ import annotations

import pytest

from supporttui.desk import book, known_errors, known_hints
from supporttui.desk.report import NewTicket, report
from supporttui.desk.suggesting import Levels, level, stem, suggest, words_of


@pytest.fixture
def shelf(desk):
    for product in ("NETEX", "BFX"):
        book.add(desk, "product", {"name": product})
    for name, day in (("7.1", "2025-03-01"), ("7.2", "2026-05-01"), ("7.3", "")):
        book.add(desk, "release", {"product": "NETEX", "name": name, "released_on": day})
    return desk


def add(desk, title, **values):
    return known_errors.add(desk, {"product": "NETEX", "title": title, **values})


def found(desk, subject, **more):
    return [one.known.title for one in suggest(desk, **{"product": "NETEX", "subject": subject, **more})]


def test_words_in_common_are_found_whatever_their_endings(shelf):
    add(shelf, "NETEX abends at start")
    assert found(shelf, "NETEX abended when starting on MVS") == ["NETEX abends at start"]
    assert found(shelf, "printer is out of paper") == []


def test_one_common_word_is_not_enough_but_one_code_is(shelf):
    add(shelf, "Transfer hangs with code NTX1021E after failover")
    assert found(shelf, "transfer is slow") == []
    assert found(shelf, "what does NTX1021E mean?") == ["Transfer hangs with code NTX1021E after failover"]


def test_the_product_must_be_the_same(shelf):
    add(shelf, "NETEX abends at start")
    assert found(shelf, "abends at start", product="BFX") == []
    assert found(shelf, "abends at start", product="") == []
    assert found(shelf, "abends at start", product="netex") == ["NETEX abends at start"]


def test_what_the_tickets_release_has_corrected_is_left_out(shelf):
    add(shelf, "NETEX abends at start", fixed_in="7.2")
    assert found(shelf, "abends at start", release="7.1") == ["NETEX abends at start"]
    for release in ("7.2", "7.3", "8.0"):
        assert found(shelf, "abends at start", release=release) == [], release
    assert found(shelf, "abends at start") == ["NETEX abends at start"], (
        "an unknown release leaves nothing out"
    )


def test_a_release_that_shows_it_comes_before_one_that_may_not(shelf):
    add(shelf, "Tunnel drops with jumbo frames", found_in="7.2")
    add(shelf, "Tunnel drops with short frames", found_in="7.1, 7.0")
    assert found(shelf, "tunnel drops, frames", release="7.1")[0] == "Tunnel drops with short frames"
    assert found(shelf, "tunnel drops, frames", release="7.2")[0] == "Tunnel drops with jumbo frames"


def test_rare_words_count_more(shelf):
    for place in ("Rome", "Oslo", "Bonn", "Lima"):
        add(shelf, f"Transfer from {place} stalls")
    add(shelf, "Transfer stalls on checkpoint")
    assert found(shelf, "transfer stalls at the checkpoint")[0] == "Transfer stalls on checkpoint"


def test_what_is_added_changed_or_removed_is_known_at_once(shelf):
    one = add(shelf, "NETEX abends at start")
    assert found(shelf, "abends at start")
    known_errors.set_values(shelf, one.id, {"title": "Wrong byte count"})
    assert found(shelf, "abends at start") == []
    assert found(shelf, "byte count is wrong") == ["Wrong byte count"]
    book.remove(shelf, "known-error", one.id)
    assert found(shelf, "byte count is wrong") == []


def test_the_line_of_a_ticket_prefers_what_it_was_linked_to(shelf):
    likely, other = add(shelf, "NETEX abends at start"), add(shelf, "Wrong byte count", fixed_in="7.3")
    ticket = report(shelf, NewTicket(subject="abend at start", product="NETEX"))
    shown = known_hints.line_of(shelf, ticket)
    assert (shown.number, shown.linked, shown.state) == (likely.id, False, "reported")
    known_errors.link(shelf, ticket.number, other.id)
    shown = known_hints.line_of(shelf, ticket)
    assert (shown.number, shown.linked, shown.state, shown.fixed_in) == (other.id, True, "planned", "7.3")
    hints = known_hints.of_ticket(shelf, ticket.number)
    assert [(one.known.record.id, one.linked) for one in hints] == [(other.id, True), (likely.id, False)]


def test_releases_are_ordered_by_day_then_by_name(shelf):
    assert level("7.10") > level("7.9") > level("7")
    with shelf.store.read():
        from supporttui.store import book as rows

        releases = rows.select(shelf.store, "release")
    levels = Levels(releases)
    by_name = {one.name: one for one in releases}
    assert levels.corrects(by_name["7.2"], "7.2")
    assert not levels.corrects(by_name["7.2"], "7.1")
    assert levels.corrects(by_name["7.1"], "7.10"), "a release that isn't on file is ordered by its name"


@pytest.mark.parametrize(
    ("word", "same"), [("crashes", "crash"), ("crashed", "crash"), ("crashing", "crash"), ("retries", "retry"),
                       ("address", "address"), ("status", "status"), ("s0c4", "s0c4"), ("drops", "drop")],
)  # fmt: skip
def test_endings(word, same):
    assert stem(word) == same


def test_hostile_text_is_only_words():
    assert words_of("\x1b[31m(((((*** [a] " + "x" * 500) == ["31m"]


def test_a_look_reads_no_more_than_it_may_and_the_next_one_goes_on(shelf, monkeypatch):
    from supporttui.desk import suggesting

    monkeypatch.setattr(suggesting, "MOST_READ", 2)
    for place in ("Rome", "Oslo", "Bonn"):
        add(shelf, f"Spool of {place} fills overnight")
    assert len(found(shelf, "spool fills overnight")) == 2, "the newest are read first"
    assert len(found(shelf, "spool fills overnight")) == 3
