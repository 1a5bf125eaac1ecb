"""Every verb: what it writes, what it refuses, what a conflict says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import attention, change, close, effort, look, relate, write
from supporttui.desk.report import NewTicket, missing, report, unlisted
from supporttui.errors import Conflict, NotFound, Refused, UsageError


def new(desk, **fields):
    return report(desk, NewTicket(**{"subject": "HyperIP tunnel drops", "severity": 2, **fields}))


def rungs(desk, number):
    return {d.role: d for d in look.ticket(desk, number).deadlines if d.kind == "escalation"}


def kinds(desk, number):
    return [entry.kind for entry in reversed(look.ticket(desk, number).journal)]


class TestReport:
    def test_gets_a_number_and_running_deadlines(self, desk, clock):
        ticket = new(desk, severity=1, customer="Acme Corp")
        assert (ticket.number, ticket.status, ticket.version) == (1, "new", 1)
        assert ticket.next_due_at == clock.now() + timedelta(hours=8)
        assert rungs(desk, 1)["president"].due_at == clock.now() + timedelta(hours=24)

    def test_counts_from_the_initial_report_not_from_the_writing_down(self, desk, clock):
        ticket = new(desk, severity=1, reported_at=clock.now() - timedelta(hours=3))
        assert ticket.next_due_at == clock.now() + timedelta(hours=5)

    def test_default_severity_is_the_policys(self, desk):
        assert new(desk, severity=None).severity == desk.policy.default_severity

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"subject": "  "}, "subject"),
            ({"subject": "x" * 501}, "501"),
            ({"severity": 9}, "no severity '9'"),
            ({"tags": ("two words",)}, "tag"),
        ],
    )
    def test_bad_input_is_one_line_and_writes_nothing(self, desk, fields, says):
        with pytest.raises(UsageError, match=says) as caught:
            new(desk, **fields)
        assert "\n" not in str(caught.value)
        with pytest.raises(NotFound):
            look.ticket(desk, 1)

    def test_a_report_can_not_lie_in_the_future(self, desk, clock):
        with pytest.raises(UsageError, match="future"):
            new(desk, reported_at=clock.now() + timedelta(hours=1))

    def test_an_external_id_is_given_once(self, desk):
        new(desk, external_id="INC1")
        with pytest.raises(UsageError, match="already ticket 1"):
            new(desk, external_id="INC1")

    def test_a_word_that_only_sorts_never_turns_a_report_away(self, desk):
        ticket = new(desk, category="defect", channel="PHONE")
        assert (ticket.category, ticket.channel) == ("defect", "phone")
        assert ["no category 'defect'" in line for line in unlisted(desk, ticket)] == [True]

    def test_a_word_that_changes_what_is_promised_must_be_the_policys(self, desk):
        with pytest.raises(UsageError, match="did you mean 'production'"):
            new(desk, environment="prodution")

    def test_missing_required_information_is_named(self, desk):
        ticket = new(desk, customer="Acme Corp")
        assert "customer" not in missing(desk, ticket)
        assert "contact" in missing(desk, ticket)


class TestSeverity:
    def test_recomputes_from_the_report(self, desk, clock):
        new(desk, severity=3)
        clock.advance(days=2)
        ticket = change.set_severity(desk, 1, 1)
        assert ticket.next_due_at == clock.now() - timedelta(days=2) + timedelta(hours=8)

    def test_same_severity_changes_nothing(self, desk):
        new(desk)
        assert change.set_severity(desk, 1, 2).version == 1

    def test_unknown_is_refused(self, desk):
        new(desk)
        with pytest.raises(UsageError, match="no severity"):
            change.set_severity(desk, 1, "urgentt")


class TestStatus:
    def test_moves_along_the_workflow(self, desk):
        new(desk)
        for status in ("open", "waiting-customer", "open", "waiting-vendor", "resolved", "closed"):
            assert change.set_status(desk, 1, status).status == status

    def test_other_moves_are_refused_with_the_valid_ones(self, desk):
        new(desk)
        change.set_status(desk, 1, "open")
        with pytest.raises(Refused, match="from open to new; from there it goes to"):
            change.set_status(desk, 1, "new")

    def test_unknown_names_the_nearest(self, desk):
        new(desk)
        with pytest.raises(UsageError, match="did you mean 'open'"):
            change.set_status(desk, 1, "opem")

    def test_resolving_ends_and_reopening_restores_the_ladder(self, desk, clock):
        new(desk, severity=1)
        close.resolve(desk, 1, "The new module is on its way.")
        assert look.ticket(desk, 1).ticket.next_due_at is None
        assert {d.state for d in rungs(desk, 1).values()} == {"void"}
        clock.advance(hours=1)
        ticket = close.reopen(desk, 1)
        assert (ticket.status, ticket.resolved_at) == ("open", None)
        assert ticket.next_due_at == clock.now() + timedelta(hours=7)
        assert "reopened" in kinds(desk, 1)

    def test_only_an_ended_one_can_be_reopened(self, desk):
        new(desk)
        with pytest.raises(Refused, match="only a resolved or closed one"):
            close.reopen(desk, 1)


class TestFields:
    def test_owner_subject_and_fields(self, desk):
        new(desk)
        assert change.set_owner(desk, 1, "@me").owner == "ana"
        assert change.set_subject(desk, 1, "  Tunnel   drops ").subject == "Tunnel drops"
        ticket = change.set_fields(desk, 1, {"product": "HyperIP", "release": "6.4", "customer": "Globex"})
        assert (ticket.product, ticket.release, ticket.customer) == ("HyperIP", "6.4", "Globex")

    def test_unknown_field_names_the_nearest(self, desk):
        new(desk)
        with pytest.raises(UsageError, match="did you mean 'product'"):
            change.set_fields(desk, 1, {"prodct": "x"})

    def test_tags(self, desk):
        new(desk, tags=("tunnel",))
        assert change.tag(desk, 1, ["MTU"], ["tunnel"]).tags == ("mtu",)


class TestWriting:
    def test_a_reply_is_public_and_opens_a_new_ticket(self, desk):
        new(desk)
        assert write.reply(desk, 1, "We are reading your dump.").status == "open"
        entry = next(e for e in look.ticket(desk, 1).journal if e.kind == "reply")
        assert entry.public and entry.actor == "ana"

    def test_a_note_is_internal(self, desk):
        new(desk)
        write.note(desk, 1, "Matches the case of last spring.")
        assert not look.ticket(desk, 1).journal[0].public

    def test_empty_text_is_refused(self, desk):
        new(desk)
        with pytest.raises(UsageError, match="needs text"):
            write.reply(desk, 1, " \n ")

    def test_the_customers_word_ends_waiting_for_the_customer(self, desk):
        new(desk)
        write.reply(desk, 1, "Please send the log.", status="waiting-customer")
        assert write.customer_message(desk, 1, "Here it is.").status == "open"


class TestAttention:
    def test_acknowledging_promises_the_next_update(self, desk, clock):
        new(desk, severity=1)
        until = clock.now() + timedelta(minutes=30)
        assert attention.acknowledge(desk, 1, until).acknowledged_until == until
        promise = next(d for d in look.ticket(desk, 1).deadlines if d.kind == "promise")
        assert (promise.due_at, promise.state) == (until, "armed")

    def test_an_acknowledgement_lies_ahead(self, desk, clock):
        new(desk)
        with pytest.raises(UsageError, match="ahead"):
            attention.acknowledge(desk, 1, clock.now())

    def test_a_resolved_ticket_has_nothing_to_acknowledge(self, desk, clock):
        new(desk)
        close.resolve(desk, 1)
        with pytest.raises(Refused, match="resolved"):
            attention.acknowledge(desk, 1, clock.now() + timedelta(hours=1))

    def test_snoozing_moves_no_deadline(self, desk, clock):
        due = new(desk).next_due_at
        ticket = attention.snooze(desk, 1, clock.now() + timedelta(hours=2))
        assert ticket.snoozed_until and ticket.next_due_at == due

    def test_escalating_by_hand_tells_the_next_rung_once(self, desk):
        new(desk, severity=2)
        attention.escalate(desk, 1, text="The customer's board is asking.")
        told = rungs(desk, 1)
        assert (told["director"].state, told["president"].state) == ("fired", "armed")
        attention.escalate(desk, 1)
        with pytest.raises(Refused, match="no rung left"):
            attention.escalate(desk, 1)

    def test_what_was_escalated_by_hand_is_owed_from_that_moment_not_from_one_ahead(self, desk, clock):
        new(desk, severity=2)
        ticket = attention.escalate(desk, 1)
        assert ticket.overdue_since == clock.now()
        assert attention.acknowledge(desk, 1, clock.now() + timedelta(hours=1)).overdue_since is None


class TestRelating:
    def test_a_merged_ticket_stops_escalating_and_points_to_its_target(self, desk):
        new(desk)
        new(desk, subject="The same")
        merged = relate.merge(desk, 2, 1)
        assert (merged.merged_into, merged.status, merged.next_due_at) == (1, "closed", None)
        assert {d.state for d in rungs(desk, 2).values()} == {"void"}
        with pytest.raises(Refused, match="act on 1"):
            write.reply(desk, 2, "Hello")

    def test_merging_into_itself_or_a_merged_one_is_refused(self, desk):
        for subject in "abc":
            new(desk, subject=subject)
        relate.merge(desk, 2, 1)
        with pytest.raises(UsageError, match="itself"):
            relate.merge(desk, 1, 1)
        with pytest.raises(Refused, match="merge into 1"):
            relate.merge(desk, 3, 2)

    def test_merging_into_an_ended_ticket_is_refused(self, desk):
        new(desk)
        new(desk)
        close.resolve(desk, 1)
        with pytest.raises(Refused, match="reopen it first"):
            relate.merge(desk, 2, 1)
        assert look.ticket(desk, 2).ticket.next_due_at is not None

    def test_links(self, desk):
        new(desk)
        new(desk)
        relate.link(desk, 1, 2, "duplicate")
        assert look.ticket(desk, 1).links == ((2, "duplicate"),)
        relate.link(desk, 1, 2, "duplicate", remove=True)
        assert look.ticket(desk, 1).links == ()

    def test_logged_time_adds_up(self, desk):
        new(desk)
        effort.log_time(desk, 1, 30)
        assert effort.log_time(desk, 1, 15).minutes_logged == 45
        with pytest.raises(UsageError, match="0 minutes"):
            effort.log_time(desk, 1, 0)


class TestConflict:
    def test_says_what_changed_and_by_whom(self, desk, raj):
        seen = new(desk).version
        change.set_owner(raj, 1, "raj")
        with pytest.raises(Conflict, match="raj set owner to raj") as caught:
            change.set_status(desk, 1, "open", seen=seen)
        assert (caught.value.seen, caught.value.current) == (1, 2)
        assert look.ticket(desk, 1).ticket.status == "new"

    def test_many_changes_are_counted_and_the_last_ones_named(self, desk, raj):
        seen = new(desk).version
        for word in "abcdefg":
            change.set_subject(raj, 1, word)
        with pytest.raises(
            Conflict, match=r"looked: 3 changes, then raj set subject to d; .* to g: look"
        ) as caught:
            change.set_owner(desk, 1, "ana", seen=seen)
        assert len(caught.value.changes) == 7

    def test_somebody_elses_note_makes_no_conflict(self, desk, raj):
        seen = new(desk).version
        write.note(raj, 1, "Seen before.")
        assert change.set_status(desk, 1, "open", seen=seen).status == "open"

    def test_no_such_ticket(self, desk):
        for number in (7, 0, -1, 2**70):
            with pytest.raises(NotFound, match="no ticket"):
                write.note(desk, number, "x")
