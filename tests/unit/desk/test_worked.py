"""Time and expenses on a ticket: billable by verdict or with a reason, taken back by an undo."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import ModuleType

import pytest

from supporttui.desk import stopwatch, worked
from supporttui.desk.effort import log_time
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.desk.worked import Said, spend
from supporttui.errors import NotFound, Refused, UsageError
from supporttui.policy.verdict import Ground, Verdict
from supporttui.store import book, journal
from supporttui.store import worked as rows


@pytest.fixture
def number(desk):
    return report(desk, NewTicket(subject="the tunnel drops", customer="Acme", severity=3)).number


@pytest.fixture
def says(monkeypatch):
    """What the verdict is from now on."""

    asked: list[datetime] = []

    def say(coverage: str, billed: str = "", clause: str = "3.2") -> None:
        ground = Ground(rule="rule", coverage=coverage, clause=clause, text="because")
        found = Verdict(
            coverage=coverage,
            title=coverage,
            billed=billed,
            ground=ground,
            day=date(2026, 11, 16),
            zone="UTC",
        )
        entitlement = ModuleType("supporttui.desk.entitlement")
        entitlement.of_ticket = lambda desk, ticket, at=None: asked.append(at) or found
        monkeypatch.setitem(sys.modules, entitlement.__name__, entitlement)

    say("covered")
    say.asked = asked
    return say


def test_time_is_kept_as_it_was_beside_its_entry(desk, number, says, clock):
    says("billable", "time and materials")
    ticket = log_time(desk, number, 20, "the dump")
    (row,) = rows.of_ticket(desk.store, number)
    (entry,) = journal.of_ticket(desk.store, number, kinds=("effort",))
    assert ticket.minutes_logged == 20
    assert (row.minutes, row.billable, row.verdict, row.clause, row.rate, row.actor) == (
        20, True, "billable", "3.2", "time and materials", "ana",
    )  # fmt: skip
    assert row.entry == entry.id
    assert row.started_at == clock.now() - timedelta(minutes=20)
    assert entry.data["billable"] is True and entry.data["clause"] == "3.2"


def test_covered_work_is_not_billable(desk, number, says):
    log_time(desk, number, 20)
    (row,) = rows.of_ticket(desk.store, number)
    assert (row.billable, row.rate, row.verdict) == (False, "", "covered")


@pytest.mark.parametrize(
    ("coverage", "billed", "billable"),
    [
        ("covered", "", False), ("covered", "time and materials", False), ("unclear", "", False),
        ("discretion", "time and materials", True), ("billable", "", True), ("consulting", "product consulting", True),
        ("uncovered", "", False), ("uncovered", "time and materials", True),
    ],
)  # fmt: skip
def test_each_verdict(desk, number, says, coverage, billed, billable):
    says(coverage, billed)
    log_time(desk, number, 20)
    assert [row.billable for row in rows.of_ticket(desk.store, number)] == [billable]


def test_unclear_is_not_billable_but_told(desk, number, says):
    says("unclear", "time and materials")
    log_time(desk, number, 20)
    (row,) = rows.of_ticket(desk.store, number)
    assert (row.billable, row.verdict) == (False, "unclear")


def test_against_the_verdict_needs_a_reason(desk, number, says):
    with pytest.raises(UsageError, match=r"why it is billable; the verdict is covered, 3\.2"):
        log_time(desk, number, 20, said=Said(billable=True))
    assert rows.of_ticket(desk.store, number) == []
    assert journal.of_ticket(desk.store, number, kinds=("effort",)) == []
    log_time(desk, number, 20, said=Said(billable=True, reason="agreed by telephone"))
    (row,) = rows.of_ticket(desk.store, number)
    assert (row.billable, row.reason, row.verdict, row.rate) == (
        True, "agreed by telephone", "covered", "time and materials",
    )  # fmt: skip


def test_a_reason_for_nothing_is_refused(desk, number, says):
    with pytest.raises(UsageError, match="no reason is needed"):
        log_time(desk, number, 20, said=Said(billable=False, reason="why not"))


def test_the_verdict_is_that_of_the_beginning(desk, number, clock, says):
    log_time(desk, number, 60, ended=clock.now() - timedelta(hours=3))
    assert says.asked[-1] == clock.now() - timedelta(hours=4)


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(days=40)])
def test_work_that_would_end_in_the_future(desk, number, clock, ahead, says):
    with pytest.raises(UsageError, match="in the future"):
        log_time(desk, number, 30, started=clock.now() - timedelta(minutes=30) + ahead)


def test_an_undo_takes_both_off_and_a_redo_puts_both_back(desk, number, says):
    log_time(desk, number, 20)
    undo(desk)
    assert rows.of_ticket(desk.store, number) == []
    redo(desk)
    assert [row.minutes for row in rows.of_ticket(desk.store, number)] == [20]
    undo(desk)
    assert rows.of_ticket(desk.store, number) == []


def test_an_expense(desk, number, says):
    says("billable", "time and materials")
    spend(desk, number, "Travel", Decimal("120.50"), "USD", "train", receipt="R-17")
    (row,) = rows.of_ticket(desk.store, number)
    assert (row.kind, row.what, row.amount, row.currency, row.receipt, row.billable, row.rate) == (
        "expense", "travel", Decimal("120.50"), "USD", "R-17", True, "",
    )  # fmt: skip
    (entry,) = journal.of_ticket(desk.store, number, kinds=("expense",))
    assert entry.data["amount"] == "120.50" and entry.text == "train"
    undo(desk)
    assert rows.of_ticket(desk.store, number) == []
    redo(desk)
    assert len(rows.of_ticket(desk.store, number)) == 1


def test_an_expense_of_no_kind_of_the_policy(desk, number, says):
    with pytest.raises(UsageError, match="no kind of expense 'yacht'; it may be travel, "):
        spend(desk, number, "yacht", Decimal(1), "USD")


def test_work_of_a_wrong_year_is_no_line_of_a_bill_that_nobody_makes(desk, number, says):
    with pytest.raises(UsageError, match="long before 1 was reported"):
        log_time(desk, number, 45, started=desk.now() - timedelta(days=365))
    log_time(desk, number, 45, started=desk.now() - timedelta(days=30))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("120.50", (Decimal("120.50"), "USD")),
        ("eur 7", (Decimal("7"), "EUR")),
        ("1500 JPY", (Decimal("1500"), "JPY")),
        ("1.250KWD", (Decimal("1.250"), "KWD")),
    ],
)
def test_amounts(desk, text, read):
    assert worked.read_money(desk, text) == read


@pytest.mark.parametrize(
    "text", ["", "ten", "-5", "0", "1,250.00", "1.005 USD", "1.5 JPY", "USD 1 EUR", "nan", "1e9"]
)
def test_what_is_no_amount(desk, text):
    with pytest.raises(UsageError):
        worked.read_money(desk, text)


def test_the_book_decides_and_the_day_counts(desk, clock):
    """The same ticket: covered by the monthly charge, until a modification was noted."""
    customer = book.insert(desk.store, "customer", {"name": "Acme"})
    product = book.insert(desk.store, "product", {"name": "HyperIP"})
    licence = {
        "customer": customer,
        "product": product,
        "purchased_on": date(2026, 1, 5),
        "monthly_charge": Decimal(90),
    }
    book.insert(desk.store, "licence", licence)
    noted = {"customer": customer, "product": product, "what": "patched SVC", "noted_on": date(2026, 11, 16)}
    book.insert(desk.store, "modification", noted)
    number = report(
        desk, NewTicket(subject="it drops", customer="Acme", product="HyperIP", category="problem")
    ).number
    log_time(desk, number, 30, ended=clock.now() - timedelta(days=3))
    log_time(desk, number, 30)
    before, after = rows.of_ticket(desk.store, number)
    assert (before.verdict, before.billable) == ("covered", False)
    assert (after.verdict, after.billable, after.rate) == ("billable", True, "time and materials")
    assert after.clause.startswith("Modifications: ")


class TestStopwatch:
    def test_it_counts_while_it_runs(self, desk, number, clock):
        stopwatch.start(desk, number)
        clock.advance(minutes=12)
        watch = stopwatch.pause(desk)
        clock.advance(hours=1)
        assert watch.seconds(clock.now()) == 720
        stopwatch.start(desk, number)
        clock.advance(minutes=3)
        watch = stopwatch.on(desk, number)
        assert stopwatch.shown_minutes(watch, clock.now()) == 15
        assert watch.begun_at == clock.now() - timedelta(hours=1, minutes=15)

    def test_a_second_start_rests_the_first(self, desk, number, clock):
        other = report(desk, NewTicket(subject="another")).number
        stopwatch.start(desk, number)
        clock.advance(minutes=5)
        stopwatch.start(desk, other)
        clock.advance(minutes=7)
        running, resting = stopwatch.watches(desk)
        assert (running.ticket, resting.ticket, resting.running) == (other, number, False)
        assert resting.seconds(clock.now()) == 300 and running.seconds(clock.now()) == 420

    def test_each_analyst_has_their_own(self, desk, raj, number, clock):
        stopwatch.start(desk, number)
        assert stopwatch.watches(raj) == []
        with pytest.raises(NotFound, match="no stopwatch"):
            stopwatch.pause(raj)
        stopwatch.start(raj, number)
        stopwatch.discard(desk)
        assert [one.ticket for one in stopwatch.watches(raj)] == [number]

    def test_logging_ends_it_and_a_refused_log_does_not(self, desk, number, clock, says):
        stopwatch.start(desk, number)
        clock.advance(minutes=12)
        with pytest.raises(UsageError):
            log_time(desk, number, 12, said=Said(billable=True), ends_watch=True)
        assert stopwatch.on(desk, number)
        log_time(desk, number, 12, ends_watch=True)
        assert stopwatch.watches(desk) == []

    def test_two_consoles_of_one_analyst_log_it_once(self, desk, number, clock, says):
        stopwatch.start(desk, number)
        clock.advance(minutes=12)
        elsewhere = Desk(desk.store, desk.policy, desk.clock, "ana")
        log_time(elsewhere, number, 12, ends_watch=True)
        with pytest.raises(Refused, match="ended elsewhere"):
            log_time(desk, number, 12, ends_watch=True)
        assert [row.minutes for row in rows.of_ticket(desk.store, number)] == [12]

    def test_its_work_began_when_it_was_first_started(self, desk, number, clock):
        stopwatch.start(desk, number)
        clock.advance(minutes=30)
        watch = stopwatch.pause(desk)
        assert stopwatch.began(watch, 30, clock.now()) == watch.begun_at
        assert stopwatch.began(watch, 31, clock.now()) is None  # more than has passed since

    def test_several_that_rest_need_a_number(self, desk, number):
        other = report(desk, NewTicket(subject="another")).number
        stopwatch.start(desk, number)
        stopwatch.start(desk, other)
        stopwatch.pause(desk)
        with pytest.raises(Refused, match="say which"):
            stopwatch.discard(desk)

    def test_one_that_ran_over_night_is_forgotten(self, desk, number, clock):
        watch = stopwatch.start(desk, number)
        clock.advance(hours=8)
        assert not stopwatch.forgotten(watch, clock.now())
        clock.advance(seconds=1)
        assert stopwatch.forgotten(watch, clock.now())

    def test_a_clock_that_was_put_back_takes_nothing_away(self, desk, number, clock):
        watch = stopwatch.start(desk, number)
        assert watch.seconds(clock.now() - timedelta(hours=2)) == 0

    def test_no_watch_on_what_is_not_there(self, desk):
        with pytest.raises(NotFound):
            stopwatch.start(desk, 999)
