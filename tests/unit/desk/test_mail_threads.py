"""Which ticket a mail names, by what, and what only looks as if it named one."""

from __future__ import annotations

import time

import pytest

from supporttui.desk.mail_threads import numbers_in, plain_subject, thread_of, ticket_at_end
from supporttui.desk.reference import reference_of
from supporttui.desk.relate import merge
from supporttui.desk.report import NewTicket, report

from .mails import a_mail, take


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("#1042", [1042]), ("Re: ticket 1042", [1042]), ("[1042] down", [1042]), ("Case: 1042", [1042]), ("1042", [1042]),
        ("Re: AW: 1042 ", [1042]), ("ticket no. 7 and #8 and #7", [7, 8]), ("error 500 on 12 hosts", []),
        ("version 7.1", []), ("#12abc", []), ("ticket 0", []), ("#" + "9" * 16, []), ("10:42", []), ("", []),
        ("hyperticket 7", []), ("٣", []),
    ],
)  # fmt: skip
def test_what_a_subject_calls_a_number(subject, numbers):
    assert numbers_in(subject) == numbers


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: AW: Fwd:  down ", "down"), ("Re: down [1042-k7rq2m5x4wz3v6ta]", "down"), ("Regarding: x", "Regarding: x"),
        ("[1042-k7rq2m5x4wz3v6ta]", ""), ("[1042] down", "[1042] down"),
    ],
)  # fmt: skip
def test_a_subject_without_our_tag_and_the_marks_of_an_answer(subject, plain):
    assert plain_subject(subject) == plain


def test_the_subject_goes_before_the_mail_that_is_answered_and_that_before_older_ones(desk):
    refs = [reference_of(desk, report(desk, NewTicket(subject="x", severity=3)).number) for _ in range(3)]
    ids = [f"<{one}.1@vendor.example>" for one in refs]
    every = a_mail(subject=f"Re: [{refs[0]}]", in_reply_to=ids[1], references=tuple(ids))
    assert thread_of(desk, every).ticket.number == 1
    assert thread_of(desk, a_mail(in_reply_to=ids[1], references=tuple(ids))).ticket.number == 2
    assert thread_of(desk, a_mail(references=tuple(ids))).ticket.number == 3


def test_a_good_reference_goes_before_a_bad_one(desk):
    ref = reference_of(desk, report(desk, NewTicket(subject="x", severity=3)).number)
    found = thread_of(desk, a_mail(subject=f"[7-{'a' * 16}] x", references=(f"<{ref}.1@v.example>",)))
    assert (found.token, found.ticket.number) == ("ok", 1)
    bad = thread_of(desk, a_mail(subject=f"[1-{'a' * 16}] x"))
    assert (bad.token, bad.ticket.number, bad.names) == ("bad", 1, True)


def test_the_mail_that_is_answered_is_known_by_its_message_id(desk):
    first = take(desk, message_id="<first@acme.example>")
    found = thread_of(desk, a_mail(references=("<other@x.example>", "<first@acme.example>")))
    assert (found.token, found.ticket.number) == ("none", first.ticket)
    assert thread_of(desk, a_mail(references=("<other@x.example>",))).names


def test_merged_tickets_lead_to_the_last_and_a_ring_to_nowhere(desk):
    one, two, three = (report(desk, NewTicket(subject="x", severity=3)).number for _ in range(3))
    merge(desk, one, two)
    merge(desk, two, three)
    assert ticket_at_end(desk, one).number == three
    desk.store.execute("UPDATE ticket SET merged_into = ? WHERE number = ?", (one, three))
    assert ticket_at_end(desk, one) is None and ticket_at_end(desk, 0) is None


@pytest.mark.parametrize(
    "subject", ["[" * 500_000, "ticket " * 100_000, "re:" * 300_000, "#1" * 300_000, " " * 900_000]
)
def test_no_subject_takes_long(desk, subject):
    began = time.process_time()
    plain_subject(subject)
    thread_of(desk, a_mail(subject=subject, references=(subject,) * 5))
    assert time.process_time() - began < 0.5
