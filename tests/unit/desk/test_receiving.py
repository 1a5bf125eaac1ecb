"""What becomes of a mail: a ticket, an answer, a line for people, or a record alone; once, and nothing half."""

from __future__ import annotations

import re

import pytest

from supporttui.desk import book, change, close, participants, senders, tokens, write
from supporttui.desk.act import fetch
from supporttui.desk.mail_case import MOST_TEXT
from supporttui.desk.reference import reference_of
from supporttui.desk.relate import merge
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.taking_in import take_in
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import book as records
from supporttui.store import journal, links, mail, notices
from supporttui.store.book_criteria import equal
from supporttui.store.records import Notice

from .mails import HEAD, OURS, a_file, a_mail, entries, letters_to, said, take, waiting

JOE, EVE = "joe@acme.example", "eve@evil.example"


@pytest.fixture
def desk(store, clock):
    return Desk(store, "netex", clock, "ana", letterhead=HEAD)


@pytest.fixture
def acme(desk):
    """Joe is in the book, at a site of Acme's, where HyperIP runs."""
    book.add(desk, "customer", {"name": "Acme Corp"})
    book.add(desk, "site", {"customer": "Acme Corp", "code": "0417"})
    book.add(
        desk, "contact",
        {"customer": "Acme Corp", "name": "Joe Miller", "email": "Joe@Acme.example", "phone": "+1 612 555 0142", "site": "0417"},
    )  # fmt: skip


def under(desk, **rules: str) -> Desk:
    """The same desk under a policy whose [intake] says otherwise."""
    text = preset_text("netex")
    for name, value in rules.items():
        text, changed = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert changed == 1
    return Desk(desk.store, read_policy(text, "mine.toml"), desk.clock, "ana", letterhead=HEAD)


def answer_to(desk, number: int, **fields):
    return take(desk, subject=f"Re: [{reference_of(desk, number)}]", **fields)


def files_of(desk, number: int) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in records.select(desk.store, "attachment", equal(ticket=number))]


# -- new tickets ----------------------------------------------------------------------------------


def test_a_mail_of_a_known_contact_is_a_ticket_with_what_the_book_knows(desk, acme):
    got = take(desk, text="Severity: 2\nProduct: hyperip\nOS: z/OS\n\nIt stops at noon.", parts=(a_file(),))
    ticket = fetch(desk, got.ticket)
    assert (ticket.customer, ticket.contact, ticket.contact_email) == ("Acme Corp", "Joe Miller", JOE)
    assert (ticket.severity, ticket.product, ticket.os, ticket.site) == (2, "HyperIP", "z/OS", "0417")
    assert (ticket.channel, ticket.subject, ticket.status) == ("email", "NETEX stops", "new")
    assert ticket.contact_phone == "+1 612 555 0142" and ticket.next_due_at is not None
    assert waiting(desk) == [] and files_of(desk, got.ticket) == [("core.dump", "stored")]
    assert [one["to"] for one in letters_to(desk)] == [JOE]


def test_a_mail_of_somebody_unknown_is_a_ticket_whose_fields_nobody_believes(desk):
    got = take(desk, text="Severity: 2\nProduct: HyperIP\n\nIt stops.")
    ticket = fetch(desk, got.ticket)
    assert (ticket.severity, ticket.product, ticket.customer) == (3, "", "")
    assert (ticket.contact, ticket.contact_email) == ("Joe Miller", JOE)
    assert waiting(desk) == ["unknown"] and ticket.next_due_at is not None


def test_a_mail_that_our_server_calls_forged_is_nobodys_and_gets_no_answer(desk, acme):
    got = take(desk, text="Severity: 2\n\nIt stops.", results=(said("fail"),))
    assert (fetch(desk, got.ticket).customer, fetch(desk, got.ticket).severity) == ("", 3)
    assert waiting(desk) == ["unknown"] and letters_to(desk) == []


def test_two_contacts_of_one_address_are_nobody(desk, acme):
    book.add(desk, "customer", {"name": "Globex"})
    book.add(desk, "contact", {"customer": "Globex", "name": "Joe Miller", "email": JOE})
    assert fetch(desk, take(desk).ticket).customer == "" and waiting(desk) == ["unknown"]


def test_severity_1_by_mail_is_put_before_somebody_and_its_sender_is_told_to_call(desk, acme):
    got = take(desk, text="Severity: 1 - System down\n\nAll is down.")
    assert fetch(desk, got.ticket).severity == 1 and waiting(desk) == ["call"]
    ((_, line),) = [one for one in entries(desk, got.ticket, "mail") if "telephone call" in one[1]]
    assert "+1 612 555 0142" in line
    assert "+1.763.694.4350" in str(letters_to(desk, JOE)[0]["text"])


def test_severity_1_of_somebody_unknown_is_not_believed_but_not_overlooked(desk):
    got = take(desk, text="Severity: 1\n\nAll is down.")
    assert fetch(desk, got.ticket).severity == 3 and sorted(waiting(desk)) == ["call", "unknown"]
    assert "+1.763.694.4350" in str(letters_to(desk, JOE)[0]["text"])


def test_unknown_senders_may_be_made_to_wait_and_be_taken_in(desk):
    desk = under(desk, unknown_sender='"wait"')
    got = take(desk, text="It stops.\nAt noon.", parts=(a_file(),))
    assert (got.outcome, got.ticket, waiting(desk), letters_to(desk)) == ("waiting", 0, ["unknown"], [])
    ticket = take_in(desk, got.mail)
    assert (ticket.subject, ticket.description) == ("NETEX stops", "It stops.\nAt noon.")
    assert files_of(desk, ticket.number) == [("core.dump", "stored")]
    assert take_in(desk, got.mail).number == ticket.number


def test_the_report_counts_from_when_the_mail_reached_us(desk, clock):
    came = clock.now()
    clock.advance(hours=3)
    late = fetch(desk, take(desk, arrived_at=came).ticket)
    assert late.reported_at == came and late.created_at == clock.now()


def test_no_subject_no_text_and_an_endless_text_are_tickets_too(desk):
    empty = fetch(desk, take(desk, subject="", text="", sender="").ticket)
    assert empty.subject == "(no subject)" and empty.contact_email == ""
    first = fetch(desk, take(desk, subject=" \n ", text="\n\n  It stops  \nhere").ticket)
    assert first.subject == "It stops"
    got = take(desk, subject="x" * 3000, text="y" * (MOST_TEXT * 3), size=7)
    long = fetch(desk, got.ticket)
    assert len(long.subject) == 500 and len(long.description) == MOST_TEXT
    assert files_of(desk, got.ticket) == [("mail.eml", "stored")]


def test_what_the_policy_refuses_makes_no_mail_bounce(desk, acme):
    got = take(desk, text=f"Severity: 77\nEnvironment: nowhere\nRelease: {'9' * 290}\nCategory: none\n\nx")
    assert (got.outcome, fetch(desk, got.ticket).severity) == ("new", 3)


def test_no_acknowledgement_where_the_policy_wants_none(desk):
    take(under(desk, acknowledge="false"))
    assert letters_to(desk) == []


# -- answers --------------------------------------------------------------------------------------


def test_an_answer_ends_the_wait_and_shows_only_what_is_new(desk):
    number = take(desk).ticket
    write.reply(desk, number, "Which release?", status="waiting-customer")
    got = answer_to(desk, number, text="7.1\n> Which release?", written="7.1", parts=(a_file("log.txt"),))
    assert (got.outcome, fetch(desk, number).status) == ("reply", "open")
    entry = journal.of_ticket(desk.store, number, kinds=("customer",))[0]
    assert (entry.text, entry.public, entry.actor) == ("7.1", True, "mail")
    assert (
        entry.data["from"] == JOE
        and entry.data["quotes"]
        and entry.data["attachments"] == [{"name": "log.txt", "size": 9}]
    )
    assert ("log.txt", "stored") in files_of(desk, number)


def test_an_answer_that_asks_for_severity_1_is_put_before_somebody_and_raises_nothing(desk):
    number = take(desk).ticket
    answer_to(desk, number, text="Severity: 1\n\nNow all is down.")
    assert fetch(desk, number).severity == 3 and waiting(desk, number) == ["unknown", "call"]
    answer_to(desk, number, text="> Severity: 1", written="No, it runs.")
    assert waiting(desk, number) == ["unknown", "call"]
    change.set_severity(desk, number, 1)
    answer_to(desk, number, text="Severity: 1\n\nStill.")
    assert waiting(desk, number) == ["unknown", "call"]


def test_an_answer_of_quotes_and_files_alone_is_one_too(desk):
    number = take(desk).ticket
    answer_to(desk, number, text="> Which release?", written="")
    answer_to(desk, number, text="", parts=(a_file("a"), a_file("b")))
    assert [text for _, text in entries(desk, number, "customer")] == [
        "> Which release?",
        "[no text; 2 files]",
    ]


@pytest.mark.parametrize(
    ("ended", "rule"), [("resolved", "reply_to_resolved"), ("closed", "reply_to_closed")]
)
def test_an_answer_to_what_has_ended_opens_it_again_if_the_policy_says_so(desk, ended, rule):
    desk = under(desk, **{rule: '"reopen"'})
    number = take(desk).ticket
    (close.resolve if ended == "resolved" else close.close)(desk, number)
    got = answer_to(desk, number, text="It is back.")
    ticket = fetch(desk, number)
    assert (got.ticket, ticket.status, ticket.resolved_at, ticket.closed_at) == (number, "open", None, None)
    assert entries(desk, number, "customer", "reopened") == [("customer", "It is back."), ("reopened", "")]


@pytest.mark.parametrize(
    ("ended", "rule"), [("resolved", "reply_to_resolved"), ("closed", "reply_to_closed")]
)
def test_or_makes_a_new_one_of_the_same_customer_that_is_linked(desk, acme, ended, rule):
    desk = under(desk, **{rule: '"linked"'})
    number = take(desk, text="Severity: 2\nProduct: NETEX\n\nx").ticket
    (close.resolve if ended == "resolved" else close.close)(desk, number)
    got = answer_to(desk, number, text="It is back.")
    new = fetch(desk, got.ticket)
    assert got.ticket != number and links.of_ticket(desk.store, got.ticket) == [(number, "related")]
    assert (new.customer, new.product, new.severity, new.description) == (
        "Acme Corp",
        "NETEX",
        2,
        "It is back.",
    )
    assert new.subject == "NETEX stops" and fetch(desk, number).status == ended


def test_the_new_one_has_the_people_of_the_old_one(desk):
    number = take(desk).ticket
    participants.add(desk, number, "ann@acme.example", "Ann Lee")
    close.close(desk, number)
    got = answer_to(desk, number, sender="ann@acme.example", sender_name="Ann")
    new = fetch(desk, got.ticket)
    assert (new.contact, new.contact_email) == ("Joe Miller", JOE)
    assert [one.email for one in participants.of(desk, got.ticket)] == ["ann@acme.example"]
    assert len(letters_to(desk, "ann@acme.example")) == 1
    assert answer_to(desk, got.ticket, sender="ann@acme.example").outcome == "reply"


def test_after_too_many_days_a_resolved_one_stays_so(desk, clock):
    number = take(desk).ticket
    close.resolve(desk, number)
    clock.advance(days=30)
    assert answer_to(desk, number).ticket == number
    close.resolve(desk, number)
    clock.advance(days=31)
    assert answer_to(desk, number).ticket != number


def test_an_answer_to_a_merged_ticket_is_the_last_ones(desk):
    number, last = (
        take(desk).ticket,
        report(desk, NewTicket(subject="x", severity=3, contact_email=JOE)).number,
    )
    merge(desk, number, last)
    assert answer_to(desk, number).ticket == last


def test_what_is_held_waits_with_its_files_and_changes_no_clock(desk):
    number = take(desk).ticket
    before = fetch(desk, number)
    got = answer_to(desk, number, sender=EVE, text="Close it!", parts=(a_file(),))
    after = fetch(desk, number)
    assert got.outcome == "held" and files_of(desk, number) == [("core.dump", "quarantined")]
    assert (after.status, after.next_due_at, after.overdue_since) == (before.status, before.next_due_at, None)
    assert waiting(desk, number) == ["unknown", "held"] and letters_to(desk, EVE) == []


def test_a_participant_writes_and_is_one_no_longer_when_taken_off(desk):
    number = take(desk).ticket
    participants.add(desk, number, "Ann@Acme.example")
    assert answer_to(desk, number, sender="ann@acme.example").outcome == "reply"
    participants.remove(desk, number, "ann@acme.example")
    assert answer_to(desk, number, sender="ann@acme.example").outcome == "held"


# -- the same twice, storms, senders that are shut out --------------------------------------------


def test_the_same_mail_is_one_ticket_whatever_way_it_comes(desk):
    one = a_mail(text="It stops.")
    first = take(desk, one)
    assert take(desk, one).outcome == "duplicate"
    other_way = a_mail(message_id=one.message_id, text="It stops.")
    assert other_way.raw_hash != one.raw_hash
    again = take(desk, other_way)
    assert (again.outcome, again.ticket, again.mail) == ("duplicate", first.ticket, first.mail)
    other_words = take(desk, message_id=one.message_id, text="It burns.")
    assert other_words.outcome == "new" and other_words.ticket != first.ticket


def test_a_storm_is_one_ticket_silently_and_leaves_others_alone(desk, clock):
    got = [take(desk, subject=f"alarm {n}", text=f"alarm {n}") for n in range(60)]
    assert [one.outcome for one in got] == ["new"] * 20 + ["storm"] * 40
    assert len({one.ticket for one in got[20:]}) == 1
    number = got[-1].ticket
    assert waiting(desk, number) == ["storm"] and len(entries(desk, number, "mail")) == 40
    assert entries(desk, number, "mail")[0][1] == "alarm 20\n\nalarm 20"
    assert len(letters_to(desk, JOE)) == 1  # of the first; an address gets one an hour
    assert take(desk, sender="kim@globex.example").outcome == "new"
    clock.advance(minutes=11)
    assert take(desk).outcome == "new"
    for _ in range(25):
        take(desk)
    assert take(desk).ticket == number  # of the same day


def test_the_answers_of_who_takes_part_are_no_storm(desk):
    number = take(desk).ticket
    assert {answer_to(desk, number, text=f"{n}").outcome for n in range(30)} == {"reply"}


def test_who_is_blocked_leaves_a_record_and_nothing_else(desk):
    senders.block(desk, "@evil.example")
    got = take(desk, sender=EVE)
    assert (got.outcome, got.ticket, waiting(desk), letters_to(desk)) == ("blocked", 0, [], [])
    kept = mail.get(desk.store, got.mail)
    assert kept is not None and (kept.kind, kept.subject) == ("blocked", "NETEX stops")


@pytest.mark.parametrize(
    "fields", [{"automatic": "ours"}, {"sender": OURS}, {"sender": "support+x@vendor.example"}]
)
def test_what_we_sent_ourselves_goes_no_further(desk, fields):
    assert take(desk, **fields).outcome == "ours"
    assert waiting(desk) == letters_to(desk) == []


def test_a_letter_of_ours_that_comes_round_is_ours_whoever_sends_it(desk):
    take(desk)
    letter = letters_to(desk)[0]
    assert take(desk, message_id=letter["message_id"], sender=EVE).outcome == "ours"


# -- what programs send ---------------------------------------------------------------------------


def test_a_letter_that_came_back_is_told_on_its_ticket_and_is_dead(desk):
    number = take(desk).ticket
    close.resolve(desk, number)
    before, letter = fetch(desk, number), letters_to(desk)[0]
    (waits,) = notices.waiting(desk.store)
    notices.sent(desk.store, [waits.id], desk.now())
    got = take(
        desk,
        automatic="bounce",
        sender="",
        envelope="<>",
        about=letter["message_id"],
        text="550 no such user",
    )
    assert (got.outcome, got.ticket, fetch(desk, number).status) == ("bounce", number, "resolved")
    assert entries(desk, number, "mail")[-1][1].startswith(f"A mail to {JOE} came back.\n\n550")
    assert fetch(desk, number).resolved_at == before.resolved_at
    (dead,) = [one for one in notices.of_ticket(desk.store, number) if one.kind == "letter"]
    assert dead.state == "dead" and "550 no such user" in dead.error


def test_out_of_office_is_told_and_ends_no_wait(desk):
    number = take(desk).ticket
    write.reply(desk, number, "Which release?", status="waiting-customer")
    close.resolve(desk, number)
    got = answer_to(desk, number, automatic="reply", text="I am away.")
    assert (got.outcome, fetch(desk, number).status) == ("automatic", "resolved")
    entry = journal.of_ticket(desk.store, number, newest_first=True, limit=1)[0]
    assert (entry.kind, entry.public, entry.data["automatic"]) == ("mail", False, "reply")


@pytest.mark.parametrize("automatic", ["reply", "bounce"])
def test_what_a_program_sends_about_nothing_of_ours_waits_for_people(desk, automatic):
    number = report(desk, NewTicket(subject="x", severity=3)).number
    got = take(desk, automatic=automatic, subject=f"ticket {number}", sender=EVE, text="away")
    assert (got.ticket, waiting(desk), letters_to(desk)) == (0, ["unknown"], [])
    assert entries(desk, number, "mail") == []
    assert take_in(desk, got.mail).description == "away"


def test_a_list_makes_a_ticket_and_gets_no_answer(desk):
    assert take(desk, automatic="list").outcome == "new"
    assert letters_to(desk) == []


def test_what_cannot_be_read_is_a_ticket_with_the_mail(desk):
    got = take(desk, fault="larger than 10 MB", subject="dump", text="", sender="")
    ticket = fetch(desk, got.ticket)
    assert (got.outcome, ticket.subject) == ("fallback", "A mail that could not be read: dump")
    assert "larger than 10 MB" in ticket.description and waiting(desk) == ["fallback"]
    assert files_of(desk, got.ticket) == [("mail.eml", "stored")] and letters_to(desk) == []


# -- status, acknowledging ------------------------------------------------------------------------


def test_the_status_goes_to_the_address_on_file(desk):
    number = take(desk, sender=JOE).ticket
    got = take(desk, sender=JOE, subject=f"Status {reference_of(desk, number)}", text="", written="")
    assert (got.outcome, got.ticket) == ("status", number)
    assert [one["kind"] for one in letters_to(desk, JOE)] == ["acknowledgement", "status"]
    assert fetch(desk, number).status == "new"


def test_a_forged_question_for_the_status_sends_nothing(desk):
    number = take(desk).ticket
    got = take(desk, subject=f"status {number}", text="", written="", results=(said("fail"),))
    assert (got.outcome, got.ticket) == ("status", 0)
    assert [one["kind"] for one in letters_to(desk)] == ["acknowledgement"]


def test_who_asks_for_more_than_the_status_is_heard(desk):
    number = take(desk).ticket
    take(desk, subject=f"status {number}", text="And hurry!", written="And hurry!")
    assert entries(desk, number, "mail")[-1][1] == "Asked for the status by mail.\n\nAnd hurry!"
    stranger = take(
        desk, sender=EVE, subject=f"status {number}", text="My NETEX stops.", written="My NETEX stops."
    )
    assert stranger.outcome == "new" and stranger.ticket != number


def test_an_answer_to_a_notice_acknowledges_and_a_bad_one_is_a_mail(desk):
    from supporttui.desk.receiving import receive

    from .mails import BLOBS, SETTINGS

    number = report(desk, NewTicket(subject="down", severity=1)).number
    notice = Notice(
        key="k", ticket=number, severity=1, address="mail:lee@v.example", person="lee", due_at=desk.now(), made_at=desk.now()
    )  # fmt: skip
    notices.enqueue(desk.store, notice)
    token = tokens.token_of(desk, notices.waiting(desk.store)[0])
    first = receive(desk, a_mail(sender="lee@v.example"), SETTINGS, BLOBS, acknowledges=token)
    assert (first.outcome, first.ticket) == ("acknowledge", number)
    assert fetch(desk, number).acknowledged_until is not None
    again = receive(desk, a_mail(sender="lee@v.example"), SETTINGS, BLOBS, acknowledges=token)
    assert again.outcome == "new"


def test_when_something_fails_nothing_is_written_and_it_may_be_tried_again(desk, monkeypatch):
    from supporttui.desk import mail_reports

    one = a_mail()
    with monkeypatch.context() as broken:
        broken.setattr(mail_reports, "acknowledged", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take(desk, one)
    assert mail.count_from(desk.store, JOE, desk.now()) == 0 and waiting(desk) == []
    assert take(desk, one).outcome == "new"


def test_programs_and_questions_are_a_storm_too(desk, clock):
    number = take(desk).ticket
    letter = letters_to(desk)[0]
    bounces = [
        take(desk, automatic="bounce", sender=EVE, about=letter["message_id"], text=f"550 {n}").outcome
        for n in range(30)
    ]
    assert bounces.count("storm") == 10
    away = [
        take(desk, automatic="reply", sender="bot@evil.example", in_reply_to=letter["message_id"]).outcome
        for _ in range(30)
    ]
    assert away.count("storm") == 10
    clock.advance(minutes=11)
    asked = [take(desk, subject=f"status {number}", text=f"{n}", written=f"{n}").outcome for n in range(30)]
    assert asked == ["status"] * 20 + ["storm"] * 10
    assert (
        len(entries(desk, number, "mail")) <= 1 + 20 + 20 + 20 + 6
    )  # an acknowledgement, and letters of the status


def test_the_first_return_of_each_letter_is_told_however_many_come_back_at_once(desk):
    made = [take(desk, sender=f"user{n}@acme.example") for n in range(30)]
    for one in made:
        (letter,) = [
            each for each in letters_to(desk) if f"[{reference_of(desk, one.ticket)}]" in str(each["subject"])
        ]
        got = take(
            desk, automatic="bounce", sender="mailer-daemon@vendor.example", about=letter["message_id"]
        )
        assert (got.outcome, got.ticket) == ("bounce", one.ticket)
