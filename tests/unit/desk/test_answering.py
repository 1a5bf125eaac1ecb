"""RFC 3834 and the caps: what is never answered by a program, and how often anything is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from supporttui.clock import ManualClock
from supporttui.desk import answering, letters
from supporttui.desk.incoming import Incoming
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import notices, open_store
from tests.unit.conftest import MONDAY

HEAD = Letterhead(
    sender="support@vendor.example", own=frozenset({"support@vendor.example", "help@vendor.example"})
)
MAIL = Incoming(raw_hash="0" * 64, size=1, message_id="<1@acme.example>", sender="joe@acme.example")


@pytest.fixture
def desk(store, clock):
    return Desk(store, "netex", clock, "intake", letterhead=HEAD)


def new(desk, address="joe@acme.example"):
    return report(desk, NewTicket(subject="NETEX abends", contact_email=address)).number


def left(desk):
    return [one.data["letter"]["to"] for one in notices.waiting(desk.store) if one.kind == letters.KIND]


# Section of RFC 3834, the mail, what is said of it.
NEVER = [
    ("2, automatic by another's recognition", {"automatic": "reply"}, {}, "a program sent it"),
    ("2, what came back", {"automatic": "bounce"}, {}, "it came back"),
    ("2, lists", {"automatic": "list"}, {}, "a mailing list sent it"),
    ("2, our own", {"automatic": "ours"}, {}, "we sent it"),
    ("2, the empty return path", {"envelope": "<>"}, {}, "it came back"),
    ("2, the daemon's return path", {"envelope": "MAILER-DAEMON@acme.example"}, {}, "it came back"),
    ("2, a list's return path", {"envelope": "owner-talk@lists.example"}, {}, "it came back"),
    ("2, a list's return path with a tag", {"envelope": "talk-bounces+joe=acme@lists.example"}, {}, "it came back"),
    ("5, auto-replied", {}, {"Auto-Submitted": "auto-replied"}, "a program sent it"),
    ("5, auto-generated", {}, {"auto-submitted": "Auto-Generated; owner-email=x@y"}, "a program sent it"),
    ("5, a word of the future", {}, {"Auto-Submitted": "auto-notified"}, "a program sent it"),
    ("2, lists by their headers", {}, {"List-Id": "<talk.lists.example>"}, "a mailing list sent it"),
    ("2, lists that only say how to leave", {}, {"List-Unsubscribe": "<mailto:x@y>"}, "a mailing list sent it"),
    ("2, precedence", {}, {"Precedence": "Bulk"}, "it was sent to many"),
    ("Exchange", {}, {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}, "its sender wants no automatic answer"),
    ("loops", {}, {"X-Loop": "support@vendor.example"}, "we sent it"),
    ("loops with a tag", {}, {"X-Loop": "Support+1@Vendor.example"}, "we sent it"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "headers", "why"), [one[1:] for one in NEVER], ids=[one[0] for one in NEVER]
)
def test_what_a_program_sent_is_never_answered_by_one(desk, fields, headers, why):
    mail = replace(MAIL, **fields, headers=headers)
    assert letters.acknowledge(desk, new(desk), heard=mail).why == why
    assert left(desk) == []


@pytest.mark.parametrize("headers", [{}, {"Auto-Submitted": "no"}, {"auto-submitted": "No; x=1"},
                                     {"Precedence": "first-class"}, {"X-Loop": "elsewhere@acme.example"},
                                     {"X-Auto-Response-Suppress": "DR, RN"}])  # fmt: skip
def test_a_person_s_mail_is_answered(desk, headers):
    assert letters.acknowledge(desk, new(desk), heard=replace(MAIL, headers=headers))
    assert left(desk) == ["joe@acme.example"]


@pytest.mark.parametrize("address", [
    "", "joe", "joe@", "@acme.example", "joe@acme.example, kim@acme.example", "joe@acme.example\nBcc: x@y.example",
    "joe @acme.example", "<joe@acme.example>", '"joe"@acme.example', "joe@-acme.example", "joe@acme..example",
    ".joe@acme.example", "joe@acme.example\x00", "joe@" + "a" * 300 + ".example", "j" * 65 + "@acme.example",
    "MAILER-DAEMON@acme.example", "postmaster@acme.example", "no-reply@acme.example", "noreply+7@acme.example",
    "DoNotReply@acme.example", "owner-talk@acme.example", "talk-request@acme.example", "talk-owner@acme.example",
    "bounces+17@acme.example", "support@vendor.example", "HELP+x@Vendor.example",
])  # fmt: skip
def test_some_addresses_get_nothing_automatic(desk, address):
    assert letters.acknowledge(desk, new(desk), to=address or " ").why
    assert left(desk) == []


def test_one_address_gets_one_an_hour_and_ten_a_day(desk, clock):
    for _minute in range(48 * 4):
        letters.acknowledge(desk, new(desk))
        clock.advance(minutes=15)
        if _minute == 4 * 9:
            assert len(left(desk)) <= 10
    assert len(left(desk)) == 20


def test_within_any_hour_is_within_any_hour_and_not_by_the_clock(desk, clock):
    clock.advance(minutes=59, seconds=50)
    letters.acknowledge(desk, new(desk))
    clock.advance(seconds=20)  # another hour by the clock
    assert not letters.acknowledge(desk, new(desk))
    clock.advance(minutes=61)
    assert letters.acknowledge(desk, new(desk))


def test_tags_and_capitals_make_no_second_address(desk):
    letters.acknowledge(desk, new(desk))
    for address in ("JOE@acme.example", "joe+1@acme.example", "Joe+x@ACME.example"):
        assert not letters.acknowledge(desk, new(desk, address))
    assert letters.acknowledge(desk, new(desk, "kim@acme.example"))


def test_all_addresses_together_have_a_limit(store, clock):
    desk = Desk(store, "netex", clock, "intake", letterhead=replace(HEAD, most=5))
    for n in range(9):
        letters.acknowledge(desk, new(desk, f"joe{n}@acme.example"))
    assert len(left(desk)) == 5
    clock.advance(hours=1, minutes=2)
    assert letters.acknowledge(desk, new(desk, "late@acme.example"))


def test_the_status_has_limits_of_its_own(desk, clock):
    number = new(desk)
    assert sum(bool(letters.status(desk, number, ["Open."])) for _ in range(20)) == 6
    assert letters.acknowledge(desk, number)


def test_what_is_not_sent_is_not_counted(desk):
    for _ in range(3):
        letters.acknowledge(desk, new(desk), heard=replace(MAIL, automatic="list"))
    assert letters.acknowledge(desk, new(desk), heard=MAIL)


@settings(max_examples=40, deadline=None)
@given(some.lists(some.integers(0, 90), min_size=1, max_size=40))
def test_no_hour_has_two_and_no_day_eleven_whenever_mails_come(minutes):
    clock = ManualClock(MONDAY)
    desk = Desk(open_store(":memory:"), "netex", clock, "intake", letterhead=HEAD)
    sent = []
    for wait in minutes:
        clock.advance(minutes=wait, seconds=7)
        if not answering.count(desk, HEAD, "acknowledgement", "joe@acme.example"):
            sent.append(clock.now())
    for at in sent:
        after = [(one - at).total_seconds() for one in sent if one >= at]
        assert sum(1 for one in after if one < 3600) == 1
        assert sum(1 for one in after if one < 86400) <= 10
    desk.store.close()


@settings(max_examples=300, deadline=None)
@given(some.text(max_size=80) | some.from_regex(r"[^@]{0,20}@[^@]{0,20}", fullmatch=True))
def test_an_address_that_is_taken_ends_no_header(text):
    if answering.is_address(text):
        assert text.isprintable() and " " not in text and text.count("@") == 1
        assert not set(text) & set('<>,;:"()\\\r\n')


def test_a_domain_in_wide_letters_makes_no_second_address(store, clock):
    desk = Desk(store, "netex", clock, "ana", letterhead=HEAD)
    number = report(desk, NewTicket(subject="x", severity=3)).number
    sent = [
        bool(letters.acknowledge(desk, number, to=f"joe@{domain}"))
        for domain in ("bücher.example", "xn--bcher-kva.example", "ｂücher.example", "BÜCHER。example")
    ]
    assert sent == [True, False, False, False]
    assert not letters.acknowledge(desk, number, to="support@ｖendor.example")
