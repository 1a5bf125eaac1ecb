"""Adding, changing and removing records: what fits together is kept, what doesn't gets one line, and all is journalled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from supporttui.desk import book
from supporttui.desk.book.deeds import gone_with
from supporttui.desk.change import set_owner
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import Conflict, NotFound, Refused, SupportError, UsageError
from supporttui.store import book as kept
from supporttui.store import customers


@pytest.fixture
def desk(store, clock):
    return Desk(store, "xnet", clock, "ana")


@pytest.fixture
def stocked(desk):
    """Two customers, two products with releases, and what they have of them."""
    for name in ("Acme Corp", "Beta"):
        book.add(desk, "customer", {"name": name})
        book.add(desk, "site", {"customer": name, "code": f"{name[0]}-1"})
        book.add(desk, "host", {"customer": name, "name": "mvs1"})
    for name in ("HyperIP", "BFX"):
        book.add(desk, "product", {"name": name})
        book.add(desk, "release", {"product": name, "name": "7.1", "released_on": "2026-01-01"})
        book.add(
            desk, "release", {"product": name, "name": "7.2", "released_on": "2026-06-01", "replaces": "7.1"}
        )
    book.add(desk, "contract", {"customer": "Acme Corp", "plan": "smp-1y", "number": "C-1", "start_on": "2026-01-01", "end_on": "2026-12-31"})  # fmt: skip
    return desk


def test_a_record_is_what_was_entered(stocked):
    licence = book.add(stocked, "licence", {
        "Customer": "acme corp", "PRODUCT": "hyperip", "number": " L-1 ", "purchased on": "15 Jan 2026", "price": "USD 1,200.00",
        "package": "C-1", "site": "a-1",
    })  # fmt: skip
    assert (licence.customer, licence.product, licence.number, licence.site) == (1, 1, "L-1", 1)
    assert (licence.purchased_on, licence.price, licence.currency) == (
        date(2026, 1, 15),
        Decimal("1200.00"),
        "USD",
    )
    assert licence.package == 1
    assert kept.get(stocked.store, "licence", licence.id) == licence


def test_typed_values_are_taken_as_they_are(stocked):
    made = book.add(stocked, "contract", {"customer": 1, "plan": "smp-1y", "start_on": date(2027, 1, 1),
                                          "end_on": date(2027, 12, 31), "price": Decimal("10.00"), "currency": "EUR", "package": 1})  # fmt: skip
    assert kept.get(stocked.store, "contract", made.id) == made
    for wrong in ({"price": 1.5}, {"start_on": datetime(2027, 1, 1)}, {"customer": True}, {"customer": 99}):  # noqa: DTZ001
        with pytest.raises(SupportError):
            book.change(stocked, "contract", made.id, wrong)


def test_the_first_of_a_chain_is_its_own_package(stocked):
    first = book.find(stocked, "contract", "C-1")
    second = book.add(stocked, "contract", {"customer": "Acme Corp", "plan": "smp-1y", "start_on": "2027-01-01",
                                            "end_on": "2027-12-31", "package": "C-1", "number": "C-2"})  # fmt: skip
    third = book.add(stocked, "contract", {"customer": "Acme Corp", "plan": "smp-1y", "package": "C-2"})
    assert first.package == second.package == third.package == first.id


PRODUCTS = {"product": "HyperIP"}
WRONG = [
    ("contract", {"customer": "Acme Corp"}, "Plan is missing"),
    ("contract", {"customer": "Acme Corp", "plan": "smp"}, "no plan 'smp'; did you mean 'smp-"),
    ("contract", {"customer": "Acme Corp", "plan": "smp-1y", "start_on": "2027-02-01", "end_on": "2027-01-01"}, "Last day 2027-01-01 lies before first day"),
    ("contract", {"customer": "Acme Corp", "plan": "smp-1y", "package": "C-1", "start_on": "2026-12-31", "end_on": "2027-12-30"}, "overlaps contract C-1"),
    ("contract", {"customer": "Beta", "plan": "smp-1y", "number": "c-1"}, "taken by #1 of Acme Corp"),
    ("contract", {"customer": "Beta", "plan": "smp-1y", "package": "#1"}, "no contract '#1'"),
    ("licence", {"customer": "Beta", **PRODUCTS, "site": "A-1"}, "Site: there is no site 'A-1' of that customer: it is site A-1 of Acme Corp"),
    ("licence", {"customer": "Beta", **PRODUCTS, "package": 1}, "contract C-1 of Acme Corp is not Beta's"),
    ("licence", {"customer": "Beta", **PRODUCTS, "price": "12"}, "has no currency"),
    ("licence", {"customer": "Beta", **PRODUCTS, "price": "12.345 EUR"}, "EUR has 2 digits"),
    ("licence", {"customer": "Beta", **PRODUCTS, "price": "12.5 JPY"}, "JPY has nothing behind the point"),
    ("licence", {"customer": "Beta", **PRODUCTS, "price": "EUR 12", "monthly_charge": "USD 1"}, "it is in USD, but the currency is EUR"),
    ("licence", {"customer": "Beta", **PRODUCTS, "price": "EUR 12", "currency": "USD"}, "it is in EUR, but the currency is USD"),
    ("licence", {"customer": "Beta", **PRODUCTS, "users": "-1"}, "Users: '-1' is no whole number"),
    ("licence", {"customer": "Bet", **PRODUCTS}, "did you mean 'Beta'"),
    ("licence", {"customer": "Beta", **PRODUCTS, "purchased_on": "2026-05-01", "ended_on": "2026-04-30"}, "lies before purchased on"),
    ("release", {"product": "HyperIP", "name": "7.2"}, "there is release HyperIP 7.2 already"),
    ("release", {"product": "HyperIP", "name": "7.3", "released_on": "2026-05-01", "replaces": "7.2"}, "was released"),
    ("installation", {"host": "mvs1", "product": "HyperIP"}, "may be #1 (host mvs1 of Acme Corp), #2"),
    ("installation", {"customer": "Beta", "host": "mvs1", "product": "HyperIP", "release": "BFX 7.1"}, "is no release of HyperIP"),
    ("host", {"customer": "Beta", "name": "MVS1"}, "there is host mvs1 of Beta already"),
    ("customer", {"name": "ACME CORP"}, "there is customer Acme Corp already"),
    ("customer", {"name": "Gamma", "zone": "Berlin"}, "did you mean 'Europe/Berlin'"),
    ("customer", {}, "Name is missing: every customer needs it"),
    ("customer", {"name": "Gamma", "colour": "red"}, "a customer has no field 'colour'"),
    ("customer", {"name": "Gamma", "Name": "Delta"}, "Name is given twice"),
    ("contact", {"customer": "Beta", "name": "J", "email": "j(at)beta"}, "is no e-mail address"),
    ("quotation", {"customer": "Beta", "number": "Q", "support_from": "2026-02-02", "support_to": "2026-02-01"}, "lies before free support from"),
    ("known-error", {"product": "HyperIP", "title": "x", "state": "new"}, "no such word 'new'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "values", "told"), WRONG, ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_does_not_fit_is_refused_in_one_line(stocked, kind, values, told):
    before = len(book.listed(stocked, kind, removed=True))
    with pytest.raises(SupportError) as error:
        book.add(stocked, kind, values)
    assert told in str(error.value), str(error.value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 250
    assert len(book.listed(stocked, kind, removed=True)) == before


def test_a_release_never_replaces_itself_by_whatever_way_round(stocked):
    first, second = book.find(stocked, "release", "HyperIP 7.1"), book.find(stocked, "release", "HyperIP 7.2")
    for other in (first, second):
        with pytest.raises(UsageError, match="would replace itself"):
            book.change(stocked, "release", first.id, {"replaces": other.id})


def test_a_replacement_product_replaces_a_release_of_another(stocked):
    made = book.add(
        stocked,
        "release",
        {"product": "BFX", "name": "8.0", "released_on": "2026-07-01", "replaces": "HyperIP 7.2"},
    )
    assert made.replaces == book.find(stocked, "release", "HyperIP 7.2").id


def test_periods_that_end_early_make_room(stocked):
    book.change(stocked, "contract", 1, {"ended_on": "2026-06-30"})
    book.add(stocked, "contract", {"customer": "Acme Corp", "plan": "smp-1y", "package": "C-1", "start_on": "2026-07-01", "end_on": "2027-06-30"})  # fmt: skip
    with pytest.raises(UsageError, match="overlaps"):
        book.change(stocked, "contract", 1, {"ended_on": ""})


def test_a_stale_screen_is_told_who_changed_what(stocked, clock):
    raj = Desk(stocked.store, stocked.policy, clock, "raj")
    book.change(raj, "customer", 1, {"plan": "smp-2y", "notes": "calls at night"})
    with pytest.raises(Conflict, match="raj set plan to smp-2y, notes to calls at night") as told:
        book.change(stocked, "customer", 1, {"plan": "none"}, seen=1)
    assert (told.value.seen, told.value.current) == (1, 2)
    with pytest.raises(Conflict, match="is at version 2, not 7"):
        book.remove(stocked, "customer", 1, seen=7)
    assert kept.get(stocked.store, "customer", 1).plan == "smp-2y"


def test_what_stays_as_it_was_is_not_journalled(stocked):
    before = kept.events_of(stocked.store, "customer", 1)
    record = book.change(stocked, "customer", 1, {"name": "Acme Corp", "notes": ""}, seen=1)
    assert record.version == 1
    assert kept.events_of(stocked.store, "customer", 1) == before


def test_a_record_in_use_is_not_removed(stocked):
    with pytest.raises(Refused, match="1 site, 1 contract, 1 host still refer to it"):
        book.remove(stocked, "customer", 1)
    with pytest.raises(Refused, match="1 release still refers to it"):
        book.remove(stocked, "release", 1)
    book.remove(stocked, "customer", 1, parts=True)
    assert [one.customer for one in book.listed(stocked, "host")] == [2]
    with pytest.raises(Refused, match="customer Acme Corp was removed: restore that first"):
        book.restore(stocked, "host", 1)
    with pytest.raises(Refused, match="was removed: restore it first"):
        book.change(stocked, "customer", 1, {"notes": "x"})
    with pytest.raises(UsageError, match=r"customer restore '#1' brings it back"):
        book.add(stocked, "customer", {"name": "acme corp"})
    assert not book.restore(stocked, "customer", 1).removed


def test_what_went_along_comes_back_along_unless_somebody_touched_it_since(stocked):
    kinds = ("site", "contact", "licence", "contract", "host", "installation")
    before = {kind: book.listed(stocked, kind) for kind in kinds}
    host = next(one.id for one in before["host"] if one.customer == 1)
    book.remove(stocked, "customer", 1, parts=True)
    book.restore(stocked, "customer", 1)
    book.restore(stocked, "host", host)
    book.remove(stocked, "host", host)
    book.restore(stocked, "customer", 1, parts=True)
    for kind in kinds:
        gone = {one.id for one in before[kind]} - {one.id for one in book.listed(stocked, kind)}
        assert gone == ({host} if kind == "host" else set()), kind
    assert gone_with(stocked, "customer", 1) == []


def test_a_removed_customer_is_hidden_where_tickets_look(stocked):
    book.remove(stocked, "customer", 1, parts=True)
    assert customers.get(stocked.store, "Acme Corp") is None
    assert [one.name for one in customers.find(stocked.store)] == ["Beta"]
    assert customers.contacts(stocked.store, "Acme Corp") == []
    assert customers.ensure(stocked.store, "acme corp") == 1
    assert customers.get(stocked.store, "Acme Corp") is None


def test_what_an_import_of_tickets_writes_is_in_the_journal(stocked):
    id = customers.ensure(stocked.store, "Gamma", plan="smp-1y", actor="ana", at=stocked.now())
    customers.ensure(stocked.store, "Gamma", plan="smp-2y", actor="ana", at=stocked.now())
    customers.ensure(stocked.store, "Gamma", actor="ana", at=stocked.now())
    lines = book.history(stocked, "customer", id)
    assert [(one.what, one.version) for one in lines] == [("changed", 2), ("added", 1)]
    assert kept.get(stocked.store, "customer", id).version == 2


@pytest.mark.parametrize(
    ("kind", "reference", "id"),
    [
        ("customer", "ACME  corp", 1), ("customer", "#2", 2), ("release", "HyperIP 7.2", 2), ("release", "bfx 7.1", 3),
        ("host", "Beta/mvs1", 2), ("site", "B-1", 2), ("contract", "c-1", 1), ("contract", "1", 1), ("product", "bfx", 2),
    ],
)  # fmt: skip
def test_records_are_found_by_the_names_people_use(stocked, kind, reference, id):
    found = book.find(stocked, kind, reference)
    assert found.id == id
    assert book.find(stocked, kind, f"#{id}") == found


def test_the_text_of_a_reference_finds_its_record_again(stocked):
    book.add(stocked, "os-release", {"os": "Red Hat Linux", "name": "9"})
    book.add(stocked, "release", {"product": "BFX", "name": "9 beta", "edition": "Pro"})
    book.add(stocked, "modification", {"customer": "Beta", "what": "exit 7"})
    names = book.Names(stocked)
    for kind in book.SHEETS:
        for one in book.listed(stocked, kind):
            try:
                assert (
                    book.find(stocked, kind, names.reference(kind, one), customer=getattr(one, "customer", 0))
                    == one
                )
            except UsageError:
                raise AssertionError(f"{kind} {one}") from None


def test_one_that_is_not_there_names_the_nearest(stocked):
    for kind, text, near in (
        ("customer", "Acme Crop", "Acme Corp"),
        ("release", "HyperIP 7.3", "7.2"),
        ("host", "mvs2", "mvs1"),
    ):
        with pytest.raises(NotFound, match=f"did you mean '{near}'"):
            book.find(stocked, kind, text)
    with pytest.raises(UsageError, match=r"may be #1 .*, #2"):
        book.find(stocked, "host", "mvs1")
    assert book.find(stocked, "host", "mvs1", customer=2).id == 2


def test_lists_are_narrowed_by_fields_and_words(stocked):
    assert [one.id for one in book.listed(stocked, "host", {"customer": 2})] == [2]
    assert [one.name for one in book.listed(stocked, "release", {"product": 1}, words="7.")] == ["7.1", "7.2"]
    assert (
        book.listed(stocked, "customer", words="%")
        == []
        == book.listed(stocked, "customer", words="acme beta")
    )
    assert len(book.listed(stocked, "release", limit=3)) == 3
    with pytest.raises(UsageError):
        book.listed(stocked, "host", {"colour": 1})


def test_a_customers_number_finds_it_and_is_its_own(stocked):
    book.change(stocked, "customer", 1, {"key": "K-10042"})
    assert book.find(stocked, "customer", "k-10042").id == 1
    with pytest.raises(UsageError, match="is Acme Corp's already"):
        book.change(stocked, "customer", 2, {"key": "k-10042"})


def test_renaming_tells_of_tickets_and_rewrites_them_when_asked(stocked):
    from supporttui.desk.book.renaming import rename, tickets_named
    from supporttui.store import tickets

    number = report(stocked, NewTicket(subject="Tunnel drops", customer="Acme Corp", severity=3)).number
    renamed = book.change(stocked, "customer", 1, {"name": "Acme Ltd"})
    assert tickets_named(stocked, "customer", renamed) == 1
    assert rename(stocked, "customer", 1, {})[1] == 1
    assert tickets.get(stocked.store, number).customer == "Acme Ltd"
    undo(stocked)
    assert tickets.get(stocked.store, number).customer == "Acme Corp"
    set_owner(stocked, number, "raj")
    assert rename(stocked, "customer", 1, {"name": "Acme SE"}) == (
        book.find(stocked, "customer", "Acme SE"),
        1,
    )
    assert tickets_named(stocked, "customer", book.find(stocked, "customer", "Acme SE")) == 0


def test_the_journal_refuses_to_be_rewritten(stocked):
    for sql in ("UPDATE book_event SET actor = 'x'", "DELETE FROM book_event"):
        with pytest.raises(SupportError), stocked.store.write():
            stocked.store.execute(sql)


@pytest.mark.parametrize(
    ("plan", "first", "last"),
    [("smp-1y", "2024-02-29", "2025-02-28"), ("smp-2y", "2024-02-29", "2026-02-28"), ("smp-1y", "2027-03-01", "2028-02-29"),
     ("none", "2026-03-01", "")],
)  # fmt: skip
def test_the_plan_gives_the_last_day_that_is_left_out(stocked, plan, first, last):
    values = {"customer": "Acme Corp", "plan": plan, "number": "C-9"}
    assert str(book.add(stocked, "contract", {**values, "start_on": first}).end_on or "") == last
    later = book.add(stocked, "contract", {**values, "number": "C-10"})
    assert later.end_on is None
    assert str(book.change(stocked, "contract", later.id, {"start_on": first}).end_on or "") == last


def test_a_last_day_that_was_given_or_emptied_stays_so(stocked):
    values = {"customer": "Acme Corp", "plan": "smp-1y", "number": "C-9", "start_on": "2027-01-01"}
    made = book.add(stocked, "contract", {**values, "end_on": "2027-06-30"})
    assert made.end_on == date(2027, 6, 30)
    emptied = book.change(stocked, "contract", made.id, {"end_on": ""})
    assert emptied.end_on is None
    assert book.change(stocked, "contract", made.id, {"notes": "asked sales"}).end_on is None


def test_a_package_without_days_begins_with_the_purchase_of_its_licence(stocked):
    plain = {"customer": "Acme Corp", "plan": "smp-2y"}
    one = book.add(stocked, "contract", {**plain, "number": "C-2"})
    licence = {"customer": "Acme Corp", "product": "BFX", "package": "C-2"}
    first = book.add(stocked, "licence", {**licence, "number": "L-1"})
    assert kept.get(stocked.store, "contract", one.id).start_on is None  # the day isn't known yet
    book.change(stocked, "licence", first.id, {"purchased_on": "2024-02-29"})
    days = (date(2024, 2, 29), date(2026, 2, 28))
    found = kept.get(stocked.store, "contract", one.id)
    assert (found.start_on, found.end_on) == days
    book.add(stocked, "licence", {**licence, "number": "L-2", "purchased_on": "2025-05-05"})
    assert kept.get(stocked.store, "contract", one.id) == found  # a later licence moves nothing
    undo(stocked)
    undo(stocked)  # one step for the licence's day and what came of it
    assert kept.get(stocked.store, "contract", one.id).start_on is None
    assert kept.get(stocked.store, "licence", first.id).purchased_on is None
    redo(stocked)
    found = kept.get(stocked.store, "contract", one.id)
    assert (found.start_on, found.end_on) == days


def test_days_that_do_not_fit_the_purchase_are_left_alone(stocked):
    ended = book.add(stocked, "contract", {"customer": "Acme Corp", "plan": "smp-1y", "number": "C-2", "end_on": "2025-01-31"})  # fmt: skip
    values = {"customer": "Acme Corp", "product": "BFX", "package": "C-2", "purchased_on": "2025-02-01"}
    book.add(stocked, "licence", values)
    assert kept.get(stocked.store, "contract", ended.id) == ended
    book.add(stocked, "licence", {**values, "number": "L-2", "purchased_on": "2024-02-01"})
    found = kept.get(stocked.store, "contract", ended.id)
    assert (found.start_on, found.end_on) == (date(2024, 2, 1), date(2025, 1, 31))
