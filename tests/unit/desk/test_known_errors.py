"""Known errors: what their states refuse, which tickets they have, and what is still owed."""

from __future__ import annotations

import pytest

from supporttui.desk import book, known_errors, look, relate, undo, way_out, write
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import Conflict, NotFound, Refused, UsageError
from supporttui.store import book as rows
from supporttui.store import notices
from supporttui.store.book_criteria import equal
from supporttui.watch.tick import tick


@pytest.fixture
def xnet(store, clock):
    """The vendor whose policy has the maintenance clause."""
    return Desk(store, "xnet", clock, "ana")


@pytest.fixture
def shelf(desk):
    """NETEX with two releases: 7.2 is out, 7.3 isn't."""
    book.add(desk, "product", {"name": "NETEX"})
    for name, day in (("7.1", "2025-03-01"), ("7.2", "2026-05-01"), ("7.3", "")):
        book.add(desk, "release", {"product": "NETEX", "name": name, "released_on": day})
    return desk


def add(desk, **values):
    return known_errors.add(desk, {"product": "NETEX", "title": "NETEX abends at start", **values})


def put(desk, one, **values):
    return known_errors.set_values(desk, one.id, values)


def ticket(desk, subject="NETEX abends", **fields):
    return report(desk, NewTicket(subject=subject, product="NETEX", **fields)).number


def test_it_is_called_k_and_a_number_or_by_its_title(shelf):
    one = add(shelf)
    for name in (f"K{one.id}", f"k{one.id}", str(one.id), "netex ABENDS at start"):
        assert known_errors.find(shelf, name).id == one.id
    with pytest.raises(NotFound, match="K99"):
        known_errors.find(shelf, "K99")


def test_the_way_from_reported_to_fixed(shelf):
    one = add(shelf)
    assert one.state == "reported"
    assert put(shelf, one, state="confirmed").state == "confirmed"
    assert put(shelf, one, workaround="start it twice", state="workaround").state == "workaround"
    assert put(shelf, one, fixed_in="7.3").state == "planned", "a correction that is entered is planned"
    release = rows.select(shelf.store, "release", equal(name="7.3"))[0]
    book.change(shelf, "release", release.id, {"released_on": "today"})
    assert known_errors.find(shelf, f"K{one.id}").state == "fixed"


@pytest.mark.parametrize(
    ("before", "values", "why"),
    [
        ({}, {"state": "workaround", "workaround": "x"}, "only reported: confirm it first"),
        ({}, {"state": "planned", "fixed_in": "7.3"}, "only reported: confirm it first"),
        ({"state": "confirmed"}, {"state": "workaround"}, "has no workaround: write it first"),
        ({"state": "confirmed"}, {"state": "planned"}, "without a release"),
        ({"state": "confirmed"}, {"state": "fixed"}, "without a release"),
        ({"state": "confirmed"}, {"state": "fixed", "fixed_in": "7.3"}, "7.3 isn't out yet"),
        ({"state": "confirmed"}, {"state": "planned", "fixed_in": "7.2"}, "out already"),
        ({"fixed_in": "7.2"}, {"state": "reported"}, "if the error came back, set it to confirmed"),
        ({"fixed_in": "7.3"}, {"state": "reported"}, "can't go back to reported"),
        ({"workaround": "x", "state": "workaround"}, {"workaround": ""}, "has no workaround"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(shelf, before, values, why):
    one = add(shelf, **before)
    with pytest.raises(Refused, match=why):
        put(shelf, one, **values)
    assert known_errors.find(shelf, str(one.id)) == one


def test_a_correction_comes_in_a_release_of_the_same_product(shelf):
    book.add(shelf, "product", {"name": "BFX"})
    other = book.add(shelf, "release", {"product": "BFX", "name": "1.0"})
    one = add(shelf, state="confirmed")
    with pytest.raises(Refused, match=r"1\.0 is none of NETEX"):
        put(shelf, one, fixed_in=other.id)


def test_what_came_back_is_confirmed_and_forgets_the_release(shelf):
    one = add(shelf, fixed_in="7.2")
    assert one.state == "fixed"
    back = put(shelf, one, state="confirmed")
    assert (back.state, back.fixed_in) == ("confirmed", 0)


def test_a_plan_that_is_dropped_leaves_what_is_known(shelf):
    one = add(shelf, fixed_in="7.3", workaround="start it twice")
    assert put(shelf, one, fixed_in="").state == "workaround"


def test_one_that_was_changed_meanwhile_is_a_conflict(shelf, raj):
    one = add(shelf)
    known_errors.set_values(raj, one.id, {"title": "NETEX abends at IPL"})
    with pytest.raises(Conflict, match="raj set title"):
        known_errors.set_values(shelf, one.id, {"state": "confirmed"}, seen=one.version)


def test_marks_confirm_what_was_only_reported(shelf):
    one = add(shelf)
    assert put(shelf, one, reproducible=True).state == "reported"
    assert put(shelf, one, material=True).state == "confirmed"


# -- tickets ----------------------------------------------------------------------------------------


def test_a_link_is_journalled_counted_and_undone_both_ways(shelf):
    one, number = add(shelf), ticket(shelf, customer="Acme")
    known_errors.link(shelf, number, one.id)
    known_errors.link(shelf, number, one.id)
    entries = [each for each in look.ticket(shelf, number).journal if each.kind == "known-error"]
    assert [each.data["known"] for each in entries] == [one.id], "a second link says nothing"
    assert known_errors.show(shelf, one.id).tally == (1, 1, 1)
    undo.undo(shelf, number)
    assert known_errors.of_ticket(shelf, number) == []
    undo.redo(shelf, number)
    assert [each.name for each in known_errors.of_ticket(shelf, number)] == [f"K{one.id}"]
    known_errors.link(shelf, number, one.id, remove=True)
    assert known_errors.of_ticket(shelf, number) == []
    undo.undo(shelf, number)
    assert [each.record.id for each in known_errors.of_ticket(shelf, number)] == [one.id]


def test_tickets_and_customers_are_counted_apart(shelf):
    one = add(shelf)
    for customer in ("Acme", "ACME", "Hooli", ""):
        known_errors.link(shelf, ticket(shelf, customer=customer), one.id)
    assert known_errors.listed(shelf)[0].tally == (4, 4, 2)


def test_one_made_from_a_ticket_has_its_fault_and_is_linked(shelf):
    number = ticket(shelf, "Abend S0C4 after IPL", description="It abends.", release="7.1")
    product = known_errors.product_named(shelf, "netex").id
    found = look.ticket(shelf, number).ticket
    one = known_errors.add(shelf, known_errors.from_ticket(found, product), ticket=number)
    assert (one.title, one.symptom, one.found_in) == ("Abend S0C4 after IPL", "It abends.", "7.1")
    assert rows.known_of(shelf.store, number) == [one.id]


def test_lists_are_narrowed_by_product_state_release_and_words(shelf):
    first = add(shelf, found_in="7.1")
    second = add(
        shelf, title="Wrong byte count", symptom="negative above 2 GB", fixed_in="7.2", found_in="7.1, 7.0"
    )

    def shown(**narrow):
        return [one.record.id for one in known_errors.listed(shelf, **narrow)]

    assert shown() == [second.id, first.id]
    assert shown(state="open") == [first.id]
    assert shown(state="fixed") == [second.id]
    assert shown(release="7.0") == [second.id]
    assert shown(text="NEGATIVE byte") == [second.id]
    with pytest.raises(NotFound, match="BFX"):
        shown(product="BFX")
    with pytest.raises(UsageError, match="state"):
        shown(state="broken")


# -- what is owed -----------------------------------------------------------------------------------


@pytest.fixture
def material(shelf):
    return add(shelf, reproducible=True, material=True)


def owing(desk):
    return [(one.known.record.id, one.tickets) for one in way_out.owed(desk)]


def test_only_a_policy_with_the_clause_owes(shelf, material):
    with pytest.raises(Refused, match="netex promises no workaround"):
        way_out.owed(shelf)


def test_one_without_tickets_owes_until_there_is_a_workaround_or_a_plan(xnet, shelf, material):
    assert owing(xnet) == [(material.id, ())]
    put(xnet, material, workaround="start it twice", state="workaround")
    assert owing(xnet) == []


def test_a_workaround_counts_once_each_customer_was_given_it(xnet, shelf, material):
    first, second = ticket(xnet), ticket(xnet)
    for number in (first, second):
        known_errors.link(xnet, number, material.id)
    put(xnet, material, workaround="start it twice", state="workaround")
    assert owing(xnet) == [(material.id, (first, second))]
    write.reply(xnet, first, "Start it twice.", workaround=True)
    assert owing(xnet) == [(material.id, (second,))]
    assert way_out.owed(xnet)[0].why == f"its workaround is still to be given to {second}"
    write.reply(xnet, second, "We look into it.")
    assert owing(xnet) == [(material.id, (second,))], "an answer is no workaround"
    write.reply(xnet, second, "Start it twice.", workaround=True)
    assert owing(xnet) == []


def test_a_planned_correction_settles_it_for_all(xnet, shelf, material):
    known_errors.link(xnet, ticket(xnet), material.id)
    put(xnet, material, fixed_in="7.3")
    assert owing(xnet) == []


def test_a_merged_ticket_is_given_it_by_the_one_that_goes_on(xnet, shelf, material):
    first, second = ticket(xnet), ticket(xnet)
    known_errors.link(xnet, first, material.id)
    relate.merge(xnet, first, second)
    assert owing(xnet) == [(material.id, (second,))]
    write.reply(xnet, second, "Start it twice.", workaround=True)
    assert owing(xnet) == []


def test_the_clause_holds_in_the_support_period(xnet, shelf, material):
    """X NET's clause is for errors that are reported while a package runs."""
    book.add(xnet, "customer", {"name": "Acme"})
    period = {"customer": "Acme", "plan": "smp-1y", "number": "C-1"}
    one = book.add(xnet, "contract", {**period, "start_on": "2025-11-16", "end_on": "2026-11-15"})
    licence = {"customer": "Acme", "product": "NETEX", "purchased_on": "2025-11-16", "package": "C-1"}
    book.add(xnet, "licence", licence)
    lapsed = ticket(xnet, customer="Acme", category="bug")
    known_errors.link(xnet, lapsed, material.id)
    assert owing(xnet) == []
    book.change(xnet, "contract", one.id, {"end_on": "2026-11-17"})
    assert owing(xnet) == [(material.id, (lapsed,))]


def test_what_is_not_material_owes_nothing(xnet, shelf):
    add(shelf, reproducible=True)
    assert owing(xnet) == []


# -- a release that is out --------------------------------------------------------------------------


def test_whatever_it_was_it_is_fixed_once_the_release_is_out(shelf):
    """Records of an import may say anything; the day of a release can be entered all the same."""
    release = book.find(shelf, "release", "NETEX 7.3")
    product = rows.select(shelf.store, "product")[0].id
    odd = rows.insert(
        shelf.store,
        "known-error",
        {"product": product, "title": "odd", "state": "reported", "fixed_in": release.id},
    )
    book.change(shelf, "release", release.id, {"released_on": "today"})
    assert known_errors.find(shelf, str(odd)).state == "fixed"


def test_a_record_that_cannot_be_stops_no_clock(shelf):
    release = book.find(shelf, "release", "NETEX 7.2")
    other = book.add(shelf, "product", {"name": "BFX"})
    odd = rows.insert(
        shelf.store,
        "known-error",
        {"product": other.id, "title": "odd", "state": "planned", "fixed_in": release.id},
    )
    good = rows.insert(
        shelf.store,
        "known-error",
        {"product": release.product, "title": "good", "state": "planned", "fixed_in": release.id},
    )
    number = ticket(shelf)
    known_errors.link(shelf, number, good)
    tick(shelf)
    assert known_errors.find(shelf, str(odd)).state == "planned"
    assert known_errors.find(shelf, str(good)).state == "fixed", "a record that can't be holds up no other"
    assert any(each.kind == "released" for each in notices.of_ticket(shelf.store, number))


def test_a_link_to_a_ticket_that_is_nowhere_stops_no_clock(shelf, clock):
    one = add(shelf, fixed_in="7.3")
    rows.tie(shelf.store, one.id, 404)
    book.change(shelf, "release", one.fixed_in, {"released_on": "tomorrow"})
    clock.advance(days=2)
    tick(shelf)
    assert known_errors.find(shelf, "K1").state == "planned"


def test_one_that_is_removed_before_anybody_was_told_is_told_to_nobody(shelf):
    one, number = add(shelf, fixed_in="7.3"), ticket(shelf)
    known_errors.link(shelf, number, one.id)
    book.change(shelf, "release", one.fixed_in, {"released_on": "today"})
    book.remove(shelf, "known-error", one.id)
    assert {each.state for each in notices.of_ticket(shelf.store, number)} == {"withdrawn"}


def test_what_the_clock_did_is_nobodys_to_undo(shelf, clock):
    one = add(shelf, fixed_in="7.3")
    book.change(shelf, "release", one.fixed_in, {"released_on": "tomorrow"})
    clock.advance(days=2)
    tick(shelf)
    assert known_errors.find(shelf, "K1").state == "fixed"
    assert rows.events_of(shelf.store, "known-error", one.id)[0].actor == "clock"
    undo.undo(shelf)
    assert rows.get(shelf.store, "release", one.fixed_in).released_on is None
