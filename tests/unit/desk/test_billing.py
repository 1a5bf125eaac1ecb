"""A month's bill: borders in the vendor's zone, rounding, freezing, late entries, credits."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supporttui.clock import ManualClock
from supporttui.desk import billing
from supporttui.desk.act import Change, Entry, change
from supporttui.desk.bill import add_up, as_json, from_json, sums_by
from supporttui.desk.effort import log_time
from supporttui.desk.relate import merge
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.desk.worked import Said, spend
from supporttui.errors import NotFound, Refused, UsageError
from supporttui.policy import read_policy
from supporttui.policy.loading import preset_text
from supporttui.store import open_store
from supporttui.store import worked as rows

CHICAGO = ZoneInfo("America/Chicago")
YES = Said(billable=True, reason="agreed")
RATES = """
[billing]
unit = "15 min"
currency = "USD"
[[rate]]
name = "night"
when = { severity = 1 }
hourly = "100.00"
after_hours_percent = "50"
[[rate]]
name = "daily"
when = { product = "HyperIP" }
hourly = "80.00"
per = "day"
minimum = "30 min"
[[rate]]
name = "standard"
hourly = "99.99"
"""


def policy(rates: str = RATES):
    text = preset_text("netex")
    return read_policy(text[: text.index("[billing]")] + rates, "priced.toml")


@pytest.fixture
def desk(store, clock):
    clock.set(datetime(2026, 12, 2, 15, tzinfo=UTC))
    return Desk(store, policy(), clock, "ana")


def new(desk, customer="Acme", **fields):
    return report(desk, NewTicket(subject="it drops", customer=customer, **{"severity": 3, **fields})).number


def at(text: str) -> datetime:
    """An instant by the vendor's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def worked(desk, number, minutes, when, said=YES, **more):
    return log_time(desk, number, minutes, started=at(when), said=said, **more)


class TestMonths:
    @pytest.mark.parametrize(
        ("month", "start", "end"),
        [
            ("2026-11", "2026-11-01T05:00", "2026-12-01T06:00"),  # summer time ends on 1 November at 2:00
            ("2026-03", "2026-03-01T06:00", "2026-04-01T05:00"),  # and begins on 8 March
            ("2026-12", "2026-12-01T06:00", "2027-01-01T06:00"),
            ("2028-02", "2028-02-01T06:00", "2028-03-01T06:00"),
        ],
    )
    def test_they_run_in_the_vendors_zone(self, month, start, end):
        assert [f"{one:%Y-%m-%dT%H:%M}" for one in billing.span(month, CHICAGO)] == [start, end]

    def test_a_month_that_begins_in_a_gap(self):
        # Asuncion's 1 October 2017 had no midnight.
        start, _ = billing.span("2017-10", ZoneInfo("America/Asuncion"))
        assert start.astimezone(ZoneInfo("America/Asuncion")).isoformat() == "2017-10-01T01:00:00-03:00"

    @pytest.mark.parametrize(
        ("text", "month"), [("", "2026-11"), ("this", "2026-11"), ("last", "2026-10"), ("2025-01", "2025-01")]
    )
    def test_by_name(self, text, month):
        # 1 December, 05:30 in London, is still November in Chicago.
        now = datetime(2026, 12, 1, 5, 30, tzinfo=UTC)
        assert billing.read_month(text, now, CHICAGO) == month

    @pytest.mark.parametrize(
        "text", ["2026", "2026-1", "2026-00", "2026-13", "11/2026", "٢٠٢٦-11", "9999-01"]
    )
    def test_what_is_none(self, text):
        with pytest.raises(UsageError, match="is no month"):
            billing.read_month(text, datetime(2026, 12, 1, tzinfo=UTC), CHICAGO)

    def test_work_belongs_to_the_month_in_which_it_began(self, desk):
        number = new(desk)
        worked(desk, number, 60, "2026-10-31 23:59")
        worked(desk, number, 10, "2026-11-01 00:00")
        worked(desk, number, 20, "2026-11-01 01:30", said=YES)  # the first of the two
        worked(desk, number, 40, "2026-11-30 23:59")
        worked(desk, number, 50, "2026-12-01 00:00")
        found = {
            month: [one.worked for one in billing.bill(desk, month).lines]
            for month in ("2026-10", "2026-11", "2026-12")
        }
        assert found == {"2026-10": [60], "2026-11": [10, 20, 40], "2026-12": [50]}
        assert [f"{one.day}" for one in billing.bill(desk, "2026-11").lines] == [
            "2026-11-01", "2026-11-01", "2026-11-30",
        ]  # fmt: skip


class TestLines:
    def test_each_entry_by_itself_or_a_day_together(self, desk, clock):
        entry, day = new(desk), new(desk, product="HyperIP")
        raj = Desk(desk.store, desk.policy, clock, "raj")
        for number in (entry, day):
            worked(desk, number, 5, "2026-11-10 09:00")
            worked(raj, number, 5, "2026-11-10 23:30")
            worked(desk, number, 5, "2026-11-11 00:10")
        lines = billing.bill(desk, "2026-11").lines
        assert [(one.worked, one.billed, one.actor) for one in lines if one.ticket == entry] == [
            (5, 15, "ana"), (5, 15, "raj"), (5, 15, "ana"),
        ]  # fmt: skip
        assert [(one.worked, one.billed, one.actor) for one in lines if one.ticket == day] == [
            (10, 30, "ana, raj"), (5, 30, "ana"),
        ]  # fmt: skip
        assert [one.number for one in lines] == [1, 2, 3, 4, 5]

    def test_after_hours_by_the_support_calendar(self, desk):
        number = new(desk, severity=1)
        worked(desk, number, 60, "2026-11-10 16:30")
        (line,) = billing.bill(desk, "2026-11").lines
        assert (line.billed, line.after_hours, line.amount, line.currency) == (
            60,
            30,
            Decimal("125.00"),
            "USD",
        )

    def test_what_is_not_billable_is_told_and_costs_nothing(self, desk):
        number = new(desk)
        log_time(desk, number, 20, started=at("2026-11-10 09:00"))
        (line,) = billing.bill(desk, "2026-11").lines
        assert (line.worked, line.billed, line.amount, line.billable, line.verdict) == (
            20,
            0,
            None,
            False,
            "unclear",
        )
        sums = billing.bill(desk, "2026-11").sums
        assert (sums.worked, sums.not_billable, sums.unclear, sums.money) == (20, 20, 20, {})

    def test_a_rate_without_an_amount_bills_hours_and_says_so(self, store, clock):
        clock.set(datetime(2026, 12, 2, 15, tzinfo=UTC))
        desk = Desk(store, "netex", clock, "ana")
        worked(desk, new(desk), 20, "2026-11-10 09:00")
        (line,) = billing.bill(desk, "2026-11").lines
        assert (line.billed, line.amount, line.note) == (
            30,
            None,
            "the rate 'time and materials' has no amount",
        )
        assert billing.bill(desk, "2026-11").sums.unpriced == 30

    def test_a_rate_that_the_policy_no_longer_has(self, desk, store, clock):
        worked(desk, new(desk), 20, "2026-11-10 09:00")
        later = Desk(
            store,
            policy('[billing]\ncurrency = "USD"\n[[rate]]\nname = "other"\nhourly = "1"\n'),
            clock,
            "ana",
        )
        (line,) = billing.bill(later, "2026-11").lines
        assert (line.billed, line.amount, line.note) == (20, None, "the policy has no rate 'standard'")

    def test_a_named_rate(self, desk):
        number = new(desk)
        worked(desk, number, 15, "2026-11-10 09:00", said=Said(billable=True, reason="agreed", rate="NIGHT"))
        (line,) = billing.bill(desk, "2026-11").lines
        assert (line.rate, line.amount) == ("night", Decimal("25.00"))

    def test_expenses_by_currency(self, desk):
        number = new(desk)
        spend(desk, number, "travel", Decimal("80.10"), "USD", spent_at=at("2026-11-10 09:00"), said=YES)
        spend(desk, number, "travel", Decimal(1500), "JPY", spent_at=at("2026-11-10 09:00"), said=YES)
        spend(desk, number, "travel", Decimal(9), "USD", spent_at=at("2026-11-10 09:00"))
        found = billing.bill(desk, "2026-11")
        assert found.sums.money == found.sums.expenses == {"JPY": Decimal(1500), "USD": Decimal("80.10")}
        assert found.lines[2].note == "9 USD is not charged"

    def test_of_one_customer_or_ticket(self, desk):
        first, second = new(desk), new(desk, customer="Bolt")
        worked(desk, first, 20, "2026-11-10 09:00")
        worked(desk, second, 30, "2026-11-10 09:00")
        assert [one.ticket for one in billing.bill(desk, "2026-11", customer="bolt").lines] == [second]
        assert [one.ticket for one in billing.bill(desk, "2026-11", ticket=first).lines] == [first]
        assert billing.bill(desk, "2026-11", customer="nobody").lines == ()

    def test_time_that_was_logged_before_there_were_bills(self, desk):
        number = new(desk)
        old(desk, number, 25, "2026-11-10 09:00")
        (line,) = billing.bill(desk, "2026-11").lines
        assert (line.worked, line.billed, line.billable, line.verdict) == (25, 0, False, "")
        undo(desk)
        assert billing.bill(desk, "2026-11").lines == ()
        redo(desk)
        assert [one.worked for one in billing.bill(desk, "2026-11").lines] == [25]


def old(desk, number, minutes, when):
    """Time as it was logged before this: a journal entry alone."""
    entry = Entry("effort", "", {"minutes": minutes}, {"minutes": minutes}, at=at(when))
    change(desk, number, lambda ticket: Change(fields={"minutes_logged": minutes}, entries=(entry,)))


class TestFreezing:
    def test_a_month_is_frozen_when_it_is_over(self, desk, clock):
        clock.set(datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC))
        with pytest.raises(Refused, match="2026-11 is not over before 2026-12-01 00:00 CST"):
            billing.freeze(desk, "2026-11")
        clock.advance(seconds=1)
        assert billing.freeze(desk, "2026-11").frozen_by == "ana"

    def test_it_stays_as_it_was(self, desk, store, clock):
        number = new(desk)
        worked(desk, number, 20, "2026-11-10 09:00")
        frozen = billing.freeze(desk, "2026-11")
        assert frozen.intact and len(frozen.digest) == 64
        dearer = Desk(store, policy(RATES.replace("99.99", "500")), clock, "ana")
        assert billing.bill(dearer, "2026-11").lines == frozen.lines
        with pytest.raises(Refused, match="frozen by ana on 2026-12-02 already"):
            billing.freeze(desk, "2026-11")

    def test_its_entries_cannot_be_undone(self, desk):
        number = new(desk)
        worked(desk, number, 20, "2026-11-10 09:00")
        billing.freeze(desk, "2026-11")
        with pytest.raises(Refused, match="billed with 2026-11, which is frozen"):
            undo(desk)
        assert [row.minutes for row in rows.of_ticket(desk.store, number)] == [20]

    def test_old_time_is_billed_once_and_stays(self, desk):
        number = new(desk)
        old(desk, number, 25, "2026-11-10 09:00")
        assert [one.worked for one in billing.freeze(desk, "2026-11").lines] == [25]
        assert billing.bill(desk, "2026-12").lines == ()
        with pytest.raises(Refused, match="frozen"):
            undo(desk)

    def test_late_entries_go_to_the_next_open_month(self, desk, clock):
        number = new(desk)
        clock.set(datetime(2027, 1, 20, 15, tzinfo=UTC))
        billing.freeze(desk, "2026-11")
        billing.freeze(desk, "2026-12")
        worked(desk, number, 20, "2026-11-10 09:00")
        worked(desk, number, 30, "2026-10-10 09:00")
        november = billing.bill(desk, "2026-11")
        assert (november.lines, november.later, november.goes_to) == ((), 1, "2027-01")
        (line,) = billing.bill(desk, "2027-01").lines
        assert (line.late, line.worked, str(line.day)) == ("2026-11", 20, "2026-11-10")
        # October is open: what belongs there is billed there and nowhere else.
        assert [one.worked for one in billing.bill(desk, "2026-10").lines] == [30]
        clock.set(datetime(2027, 2, 2, 15, tzinfo=UTC))
        billing.freeze(desk, "2027-01")
        assert billing.bill(desk, "2026-11").later == 0
        assert billing.bill(desk, "2027-02").lines == ()

    def test_an_entry_undone_before_the_freeze_and_redone_after_it_is_late(self, desk):
        number = new(desk)
        worked(desk, number, 20, "2026-11-10 09:00")
        undo(desk)
        assert billing.freeze(desk, "2026-11").lines == ()
        redo(desk)
        assert [one.late for one in billing.bill(desk, "2026-12").lines] == ["2026-11"]

    def test_kept_lines_that_were_tampered_with_are_told(self, desk, store):
        worked(desk, new(desk), 20, "2026-11-10 09:00")
        billing.freeze(desk, "2026-11")
        with store.write():
            store.execute("UPDATE billed_month SET lines = replace(lines, '50.00', '0.50')")
        assert not billing.bill(desk, "2026-11").intact

    def test_two_consoles_freeze_once(self, tmp_path, desk):
        tmp_path.chmod(0o700)
        url = str(tmp_path / "desk.sqlite3")
        clock = ManualClock(datetime(2026, 12, 2, 15, tzinfo=UTC))
        with open_store(url) as store:
            first = Desk(store, desk.policy, clock, "ana")
            worked(first, new(first), 20, "2026-11-10 09:00")
        said: list[str] = []

        def freeze(actor: str) -> None:
            with open_store(url) as store:
                try:
                    said.append(billing.freeze(Desk(store, desk.policy, clock, actor), "2026-11").frozen_by)
                except Refused as refused:
                    said.append(str(refused))

        threads = [threading.Thread(target=freeze, args=(name,)) for name in ("ana", "raj")]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted("already" in line for line in said) == [False, True]


class TestCredits:
    def test_a_credit_takes_a_line_back_on_the_next_bill(self, desk):
        number = new(desk)
        worked(desk, number, 20, "2026-11-10 09:00")
        billing.freeze(desk, "2026-11")
        line = billing.credit(desk, "2026-11", 1, "wrong ticket")
        (credit,) = billing.bill(desk, "2026-12").lines
        assert (credit.kind, credit.worked, credit.billed, credit.amount) == ("credit", 0, -30, -line.amount)
        assert (credit.what, credit.reason) == ("2026-11#1", "wrong ticket")
        assert billing.bill(desk, "2026-11").sums.money == {"USD": Decimal("50.00")}
        with pytest.raises(Refused, match="taken back by ana already"):
            billing.credit(desk, "2026-11", 1, "again")
        undo(desk)
        assert billing.bill(desk, "2026-12").lines == ()
        billing.credit(desk, "2026-11", 1, "once more")

    def test_of_a_ticket_that_was_merged_since(self, desk):
        number, into = new(desk), new(desk)
        worked(desk, number, 20, "2026-11-10 09:00")
        billing.freeze(desk, "2026-11")
        merge(desk, number, into)
        billing.credit(desk, "2026-11", 1, "wrong ticket")
        assert [one.ticket for one in billing.bill(desk, "2026-12").lines] == [number]

    def test_what_cannot_be_credited(self, desk):
        number = new(desk)
        log_time(desk, number, 20, started=at("2026-11-10 09:00"))
        with pytest.raises(Refused, match="isn't frozen"):
            billing.credit(desk, "2026-11", 1, "why")
        billing.freeze(desk, "2026-11")
        with pytest.raises(Refused, match="was not charged"):
            billing.credit(desk, "2026-11", 1, "why")
        with pytest.raises(NotFound, match="has no line 2"):
            billing.credit(desk, "2026-11", 2, "why")
        with pytest.raises(UsageError, match="say why"):
            billing.credit(desk, "2026-11", 1, " ")


entries = st.lists(
    st.tuples(
        st.integers(0, 2),  # whose ticket
        st.integers(1, 200),  # minutes
        st.integers(0, 60 * 24 * 29),  # minutes into November
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries)
def test_the_sum_of_the_lines_is_the_total(entries):
    with open_store(":memory:") as store:
        desk = Desk(store, policy(), ManualClock(datetime(2026, 12, 5, tzinfo=UTC)), "ana")
        numbers = [new(desk, severity=1), new(desk, product="HyperIP"), new(desk, customer="Bolt")]
        for which, minutes, into, billable in entries:
            said = YES if billable else Said()
            begun = at("2026-11-01 00:00").astimezone(UTC) + timedelta(minutes=into)
            log_time(desk, numbers[which], minutes, started=begun, said=said)
        found = billing.bill(desk, "2026-11")
        sums = found.sums
        assert sums.worked == sum(one[1] for one in entries) == sums.billable + sums.not_billable
        assert all(one.billed >= one.worked for one in found.lines if one.billable)
        assert sums.money.get("USD", 0) == sum(one.amount for one in found.lines if one.amount)
        for by in ("customer", "ticket", "actor"):
            parts = [part for _, part in sums_by(found.lines, lambda line, by=by: getattr(line, by))]
            assert sum(part.worked for part in parts) == sums.worked
            assert sum(part.money.get("USD", 0) for part in parts) == sums.money.get("USD", 0)
        frozen = billing.freeze(desk, "2026-11")
        assert frozen.lines == found.lines
        assert add_up(frozen.lines) == sums
        assert [from_json(json.loads(json.dumps(as_json(one)))) for one in frozen.lines] == list(frozen.lines)
