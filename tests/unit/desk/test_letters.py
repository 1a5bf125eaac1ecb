"""Letters to customers: who gets which, in whose words, and what stands in the journal of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supporttui.desk import close, letters, write
from supporttui.desk.incoming import Incoming
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.participants import add
from supporttui.desk.reference import number_of, reference_of, references_in
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.calendar import BusinessCalendar
from supporttui.policy.tally import OutOfHours
from supporttui.store import journal, mail, notices

HEAD = Letterhead(
    sender="support@vendor.example", own=frozenset({"support@vendor.example", "help@vendor.example"})
)


@pytest.fixture
def desk(store, clock):
    return Desk(store, "netex", clock, "ana", letterhead=HEAD)


def new(desk, **fields):
    given = {"subject": "NETEX abends", "severity": 2, "contact_email": "Joe@acme.example", "contact": "Joe"}
    return report(desk, NewTicket(**(given | fields)))


def queued(desk):
    """Letters in the outbox, the oldest first."""
    found = [one for one in notices.waiting(desk.store) if one.kind == letters.KIND]
    return [one.data["letter"] for one in sorted(found, key=lambda one: one.id)]


def entries(desk, number, kind):
    return [one for one in journal.of_ticket(desk.store, number) if one.kind == kind]


def heard(**fields):
    given = {"raw_hash": "0" * 64, "size": 1, "message_id": "<q1@acme.example>", "sender": "joe@acme.example"}
    return Incoming(**(given | fields))


def test_an_acknowledgement_says_number_severity_what_happens_next_and_the_after_hours_number(desk, clock):
    clock.set(datetime(2026, 11, 21, 15, tzinfo=UTC))  # a Saturday
    ticket = new(desk)
    assert letters.acknowledge(desk, ticket.number, verified=True)
    (letter,) = queued(desk)
    for words in (
        f"Number:    {ticket.number}", reference_of(desk, ticket.number), "2 System highly impacted",
        "The desk is closed. It opens Mon 23 Nov 2026 08:00 CST.", "+1.651.229.5665",
        "your company, your telephone number, the product",
    ):  # fmt: skip
        assert words in letter["text"]
    assert letter["subject"] == f"Automatic answer: NETEX abends [{reference_of(desk, ticket.number)}]"
    assert letter["automatic"] and letter["to"] == "Joe@acme.example"


def test_system_down_is_worked_at_any_hour_and_told_to_call_where_the_policy_wants_a_call(desk, clock):
    clock.set(datetime(2026, 11, 21, 15, tzinfo=UTC))
    letters.acknowledge(desk, new(desk, severity=1).number, call=True)
    text = queued(desk)[0]["text"]
    assert "24 hours a day" in text and "closed" not in text
    assert (
        "Severity 1 needs a telephone call. Please call us now: +1.651.229.5665 (outside of our hours), +1"
        in text
    )


def test_who_must_call_is_told_of_the_severity_that_was_said(desk):
    letters.acknowledge(desk, new(desk, severity=3).number, call=1)
    assert (
        "Severity 1 needs a telephone call. Please call us now: +1.763.694.4350 (US)"
        in queued(desk)[0]["text"]
    )


def test_nothing_is_repeated_to_a_sender_who_is_not_verified(desk):
    ticket = new(
        desk, subject="Buy at evil.example now", contact="Evil words", description="Click evil.example"
    )
    assert letters.acknowledge(desk, ticket.number, heard=heard(subject="Buy at evil.example now"))
    (letter,) = queued(desk)
    told = letter["subject"] + letter["text"]
    assert "evil" not in told.lower()
    assert (
        letter["subject"]
        == f"Automatic answer: your report has the number {ticket.number} [{reference_of(desk, ticket.number)}]"
    )


def test_an_analyst_s_answer_to_an_unverified_ticket_does_not_repeat_its_subject(desk):
    ticket = new(desk, subject="Buy at evil.example", tags=("unverified",))
    write.reply(desk, ticket.number, "Who are you?")
    assert "evil" not in queued(desk)[0]["subject"]


def test_a_reply_and_its_letter_are_one_transaction(desk, monkeypatch):
    ticket = new(desk)

    def fails(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("supporttui.desk.act.replan", fails)
    with pytest.raises(RuntimeError):
        write.reply(desk, ticket.number, "Please send the dump.")
    assert queued(desk) == [] and entries(desk, ticket.number, "reply") == []
    assert mail.of_ticket(desk.store, ticket.number) == []


def test_a_reply_goes_to_the_contact_and_each_participant_in_a_letter_of_their_own(desk):
    ticket = new(desk)
    for address in ("kim@acme.example", "help@vendor.example"):
        add(desk, ticket.number, address)
    write.reply(desk, ticket.number, "Please send the dump.\n\nThank you")
    found = queued(desk)
    assert [one["to"] for one in found] == ["Joe@acme.example", "kim@acme.example"]
    assert len({one["message_id"] for one in found}) == 2
    assert all("Please send the dump.\n\nThank you" in one["text"] and not one["automatic"] for one in found)
    (entry,) = entries(desk, ticket.number, "reply")
    assert entry.data["to"] == ["Joe@acme.example", "kim@acme.example"]


def test_an_internal_note_and_a_remark_at_closing_never_leave(desk):
    ticket = new(desk)
    write.note(desk, ticket.number, "The customer is wrong.")
    close.resolve(desk, ticket.number)
    close.close(desk, ticket.number, "internal remark")
    assert queued(desk) == []


def test_what_resolves_a_ticket_in_public_words_is_sent_too(desk):
    ticket = new(desk)
    close.resolve(desk, ticket.number, "Install 7.4.2.")
    assert "Install 7.4.2." in queued(desk)[0]["text"]


def test_without_mail_out_or_an_address_a_reply_is_only_written_down(store, clock, desk):
    plain = Desk(store, "netex", clock, "ana")
    number = new(plain).number
    write.reply(plain, number, "Hello")
    assert "to" not in entries(plain, number, "reply")[0].data
    for address, why in (("", "no address on file"), ("no address", "no usable address")):
        number = new(desk, contact_email=address).number
        write.reply(desk, number, "Hello")
        assert entries(desk, number, "reply")[0].data["not_sent"] == why
        assert letters.ways(desk, new(desk, contact_email=address)) == f"not mailed: {why}"
    assert letters.ways(desk, new(desk)) == "by mail to Joe@acme.example"
    assert letters.ways(plain, new(plain)) == ""
    assert queued(desk) == []


def test_letters_continue_the_conversation_that_both_sides_have_seen(desk):
    ticket = new(desk)
    asked = heard(references=("<q0@acme.example>", "not an id", "<x\r\nBcc: a@b>"))
    letters.acknowledge(desk, ticket.number, heard=asked)
    (first,) = queued(desk)
    assert first["references"] == ["<q0@acme.example>", "<q1@acme.example>"]
    assert first["in_reply_to"] == "<q1@acme.example>"
    at = desk.now()
    for kind, id in (
        ("new", "<q1@acme.example>"),
        ("held", "<spy@evil.example>"),
        ("bounce", "<b@x.example>"),
    ):
        mail.insert(
            desk.store, mail.Mail(direction="in", ticket=ticket.number, kind=kind, message_id=id, at=at)
        )
    write.reply(desk, ticket.number, "Hello")
    answer = queued(desk)[1]
    assert answer["references"] == [first["message_id"], "<q1@acme.example>"]


def test_a_message_id_carries_the_token_that_brings_the_answer_to_its_ticket(desk):
    ticket = new(desk)
    write.reply(desk, ticket.number, "Hello")
    letter = queued(desk)[0]
    for text in (letter["message_id"], letter["subject"]):
        assert [number_of(desk, one) for one in references_in(text)] == [ticket.number]
    (sent,) = mail.of_message_ids(desk.store, [letter["message_id"]])
    assert (sent.direction, sent.ticket, sent.kind, sent.recipients) == (
        "out", ticket.number, "reply", ("joe@acme.example",),
    )  # fmt: skip


def test_the_subject_does_not_grow_with_every_round(desk):
    ticket = new(desk, subject="x" * 500)
    tag = f"[{reference_of(desk, ticket.number)}]"
    write.reply(desk, ticket.number, "Hello")
    letter = queued(desk)[0]
    assert len(letter["subject"]) <= letters.LONGEST_SUBJECT and letter["subject"].count(tag) == 1
    second = new(desk, subject=f"Re: RE: {tag.upper()} AW[2]: Automatic answer: abends {tag}")
    write.reply(desk, second.number, "Hello")
    assert queued(desk)[1]["subject"] == f"Re: abends [{reference_of(desk, second.number)}]"


def test_how_it_stands_goes_only_to_an_address_on_file(desk):
    ticket = new(desk)
    add(desk, ticket.number, "kim@acme.example")
    lines = ["Ticket 1 is open.", "Next: an answer."]
    assert not letters.status(desk, ticket.number, lines, to="spy@evil.example")
    assert letters.status(desk, ticket.number, lines, to="KIM@acme.example")
    assert letters.status(desk, ticket.number, lines)
    found = queued(desk)
    assert [one["to"] for one in found] == ["kim@acme.example", "Joe@acme.example"]
    assert "Ticket 1 is open.\nNext: an answer." in found[0]["text"]


def test_text_of_a_ticket_reaches_a_letter_inert(desk):
    ticket = new(desk, subject="a\x1b]52;c;x\x07b {me} \u202e", contact="C\x9b31m")
    letters.acknowledge(desk, ticket.number, verified=True)
    write.reply(desk, ticket.number, "one\x1b[2Jtwo\r\nthree")
    for letter in queued(desk):
        told = letter["subject"] + letter["text"].replace("\n", "")
        assert all(char.isprintable() for char in told), told
    assert "{me}" in queued(desk)[0]["subject"]
    assert "two\nthree" in queued(desk)[1]["text"]


def test_a_letter_that_came_back_is_a_dead_letter(desk):
    ticket = new(desk)
    write.reply(desk, ticket.number, "Hello")
    (notice,) = notices.of_ticket(desk.store, ticket.number)
    id = notice.data["letter"]["message_id"]
    assert not letters.came_back(desk, id, "not sent yet")
    notices.sent(desk.store, [notice.id], desk.now())
    assert letters.came_back(desk, id, "550 no such user")
    (told,) = notices.take_for_console(desk.store, "raj", desk.now())
    assert (told.kind, told.label) == (
        "undelivered",
        "answer to Joe@acme.example came back: 550 no such user",
    )
    assert not letters.came_back(desk, id, "again")
    (dead,) = notices.dead(desk.store)
    assert (dead.id, dead.error) == (notice.id, "550 no such user")
    assert not letters.came_back(desk, "<made-up@x.example>", "why")


def test_an_acknowledgement_is_on_record_and_why_there_was_none(desk):
    ticket = new(desk)
    letters.acknowledge(desk, ticket.number)
    letters.acknowledge(desk, ticket.number)
    sent, kept_back = entries(desk, ticket.number, "mail")
    assert sent.data["to"] == ["Joe@acme.example"] and not sent.public
    assert "1 in the last hour" in kept_back.text and kept_back.data["to"] == []


def test_an_acknowledgement_does_not_make_a_colleague_s_screen_stale(desk):
    ticket = new(desk)
    letters.acknowledge(desk, ticket.number)
    write.reply(desk, ticket.number, "Hello", seen=ticket.version)


def test_whatever_the_policy_lacks_a_letter_is_written(desk, clock, monkeypatch):
    def ends(*_):
        raise OutOfHours("the calendar ends")

    monkeypatch.setattr(BusinessCalendar, "next_open", ends)
    clock.set(datetime(2026, 11, 21, 15, tzinfo=UTC))
    ticket = new(desk)
    desk.store.execute("UPDATE ticket SET severity = 9 WHERE number = ?", (ticket.number,))
    assert letters.acknowledge(desk, ticket.number)
    text = queued(desk)[0]["text"]
    assert "The desk is closed.\n" in text and "Severity:  9\n" in text


def test_the_thread_of_a_long_ticket_ends_with_what_is_answered(desk):
    ticket, at = new(desk), desk.now()
    for n in range(300):
        mail.insert(
            desk.store,
            mail.Mail(
                direction="in", ticket=ticket.number, kind="reply", message_id=f"<{n}@a.example>", at=at
            ),
        )
    write.reply(desk, ticket.number, "Hello")
    (letter,) = queued(desk)
    assert letter["in_reply_to"] == "<299@a.example>"
    assert letter["references"] == ["<0@a.example>", *(f"<{n}@a.example>" for n in range(281, 300))]
