"""The spoofing matrix: who may write into a ticket, by whatever proof, and what anybody else learns of it: nothing."""

from __future__ import annotations

from itertools import product

import pytest

from supporttui.desk import participants
from supporttui.desk.act import fetch
from supporttui.desk.change import set_status
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.write import note, reply
from supporttui.store import journal, links, open_store

from .mails import HEAD, entries, letters_to, said, take, waiting

OWNER, PARTICIPANT, STRANGER = "joe@acme.example", "ann@acme.example", "eve@evil.example"
# How a mail names the ticket: with the signed reference in three places, with one that was made up, or without.
TOKENS = ("ok subject", "ok in-reply-to", "ok references", "bad", "number", "message-id", "none")
# What its Authentication-Results say: ours, or only what its sender wrote.
RESULTS = ("pass", "fail", "none", "forged name", "forged below", "forged domain", "forged comment")
SECRET = "the customer's secret words"
SUBJECT = "HyperIP at the secret site"


@pytest.fixture
def desk(store, clock):
    return Desk(store, "netex", clock, "ana", letterhead=HEAD)


@pytest.fixture
def ticket(desk):
    """One that waits for the customer, with a participant, secrets, and a mail of its contact on record."""
    made = take(desk, message_id="<first@acme.example>", sender=OWNER, text=SECRET, subject=SUBJECT)
    note(desk, made.ticket, SECRET)
    participants.add(desk, made.ticket, PARTICIPANT)
    reply(desk, made.ticket, "Which release is it?", status="waiting-customer")
    return fetch(desk, made.ticket)


def named(desk, number: int, token: str) -> dict[str, object]:
    reference = reference_of(desk, number)
    made_up = f"{number}-{'a' * 16}"
    return {
        "ok subject": {"subject": f"Re: it stops [{reference}]"},
        "ok in-reply-to": {"in_reply_to": f"<{reference}.7@vendor.example>"},
        "ok references": {"references": ("<x@y.example>", f"<{reference}.7@vendor.example>")},
        "bad": {"subject": f"Re: it stops [{made_up}]", "in_reply_to": f"<{made_up}.7@vendor.example>"},
        "number": {"subject": f"Re: ticket #{number}"},
        "message-id": {"in_reply_to": "<first@acme.example>"},
        "none": {"subject": "it stops"},
    }[token]


def results(kind: str, sender: str) -> tuple[str, ...]:
    domain = sender.rpartition("@")[2]
    return {
        "pass": (said("pass", domain),),
        "fail": (said("fail", domain), said("pass", domain)),
        "none": (),
        "forged name": (
            said("pass", domain, "mx.evil.example"),
            said("pass", domain, "mx.vendor.example.evil.example"),
        ),
        "forged below": (said("none", domain), said("pass", domain)),
        "forged domain": (said("pass", "evil.org"),),
        "forged comment": (
            f'mx.vendor.example; spf=pass (x; dmarc=pass) smtp.mailfrom="a; dmarc=pass header.from={domain}"',
        ),
    }[kind]


def allowed(token: str, sender: str, result: str) -> bool:
    """The rule, said once more and otherwise than in the program."""
    if sender == STRANGER:
        return False
    if token.startswith("ok"):
        return result != "fail"
    return token != "none" and result == "pass"


@pytest.mark.parametrize("token", TOKENS)
def test_only_who_may_writes_into_a_ticket_and_nobody_else_moves_it(desk, ticket, token):
    for sender, result in product((OWNER, PARTICIPANT, STRANGER), RESULTS):
        set_status(desk, ticket.number, "waiting-customer")
        before = entries(desk, ticket.number, "customer")
        text = f"words of {sender} {result}"
        got = take(
            desk,
            sender=sender,
            text=text,
            results=results(result, sender),
            **named(desk, ticket.number, token),
        )
        now = fetch(desk, ticket.number)
        added = entries(desk, ticket.number, "customer")[len(before) :]
        if allowed(token, sender, result):
            assert (got.outcome, got.ticket, added) == ("reply", ticket.number, [("customer", text)])
            assert now.status == "open"
        elif token.startswith("ok"):
            assert (got.outcome, got.ticket, added) == ("held", ticket.number, [])
            assert (now.status, now.next_due_at) == ("waiting-customer", ticket.next_due_at)
            held = journal.of_ticket(desk.store, ticket.number, newest_first=True, limit=1)[0]
            assert (held.kind, held.public, held.text) == ("mail", False, text)
        else:
            assert got.outcome == "new" and got.ticket != ticket.number and added == []
            assert now.status == "waiting-customer"
            claims = token != "none"
            assert (links.of_ticket(desk.store, got.ticket) == [(ticket.number, "related")]) is claims
            assert ("unverified" in fetch(desk, got.ticket).tags) is claims
            assert ("unverified" in waiting(desk, got.ticket)) is claims


def answered(clock, token: str, result: str, number: int) -> list[str]:
    """What a stranger gets, to the letter, who names a number at a desk whose only ticket is 1."""
    with open_store(":memory:") as store:
        desk = Desk(store, "netex", clock, "ana", letterhead=HEAD)
        take(desk, message_id="<first@acme.example>", text=SECRET, subject=SUBJECT)
        fields = named(desk, number, token) | {"message_id": "<q@evil.example>"}
        if token == "message-id" and number != 1:
            fields["in_reply_to"] = f"<{number}@acme.example>"
        got = take(desk, sender=STRANGER, text="hello", results=results(result, STRANGER), **fields)
        assert (got.outcome, got.ticket) == ("new", 2)
        text = [f"{one['subject']}\n{one['text']}\n{one['to']}" for one in letters_to(desk, STRANGER)]
        return [one.replace(reference_of(desk, 2), "REFERENCE") for one in text]


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("token", ["bad", "number", "message-id"])
def test_whether_there_is_such_a_ticket_is_told_to_nobody(clock, token, result):
    there, nowhere = answered(clock, token, result, 1), answered(clock, token, result, 7)
    assert there == nowhere and len(there) == (0 if result == "fail" else 1)


def test_nothing_of_a_ticket_is_ever_told_to_who_only_claims_it(desk, ticket, clock):
    for token, result in product(TOKENS, RESULTS):
        clock.advance(hours=3)
        for sender in (STRANGER, OWNER):
            take(desk, sender=sender, results=results(result, sender), **named(desk, ticket.number, token))
    letters = letters_to(desk, STRANGER)
    assert letters
    for letter in letters:
        text = f"{letter}"
        assert SECRET not in text and SUBJECT not in text and "release is it" not in text
        assert reference_of(desk, ticket.number) not in text


def test_a_copy_gives_no_right(desk, ticket):
    take(desk, sender=OWNER, cc=(STRANGER,), **named(desk, ticket.number, "ok subject"))
    got = take(
        desk, sender=STRANGER, results=results("pass", STRANGER), **named(desk, ticket.number, "ok subject")
    )
    assert got.outcome == "held"
    assert [one.email for one in participants.of(desk, ticket.number)] == [PARTICIPANT]


def test_who_only_claims_a_ticket_reads_its_status_nowhere(desk, ticket):
    for result in RESULTS:
        take(
            desk,
            sender=STRANGER,
            subject=f"status {ticket.number}",
            text="",
            results=results(result, STRANGER),
        )
        take(desk, sender=STRANGER, subject=f"status {reference_of(desk, ticket.number)}", text="")
    assert letters_to(desk, STRANGER) == []


def test_a_merged_tickets_reference_opens_no_strangers_ticket(desk, ticket):
    from supporttui.desk.relate import merge

    other = report(desk, NewTicket(subject="of others", severity=3, contact_email="kim@globex.example"))
    merge(desk, ticket.number, other.number)
    got = take(desk, sender=OWNER, results=results("pass", OWNER), **named(desk, ticket.number, "ok subject"))
    assert (got.outcome, got.ticket) == ("held", other.number)
    assert entries(desk, other.number, "customer") == []


def test_two_senders_in_one_from_get_no_word_in_whatever_vouches_for_one(desk, ticket, clock):
    for result in RESULTS:
        clock.advance(hours=1)
        before = entries(desk, ticket.number, "customer")
        for token in ("ok subject", "number"):
            named_so = named(desk, ticket.number, token)
            got = take(desk, sender=OWNER, doubtful=True, results=results(result, OWNER), **named_so)
            assert got.outcome == ("held" if token == "ok subject" else "new")
        take(desk, sender=OWNER, doubtful=True, subject=f"status {ticket.number}", text="")
        assert entries(desk, ticket.number, "customer") == before
    assert [one for one in letters_to(desk, OWNER) if "status of" in str(one["subject"])] == []


@pytest.mark.parametrize(
    ("contact", "other"),
    [
        ("ann@strasse.example", "ann@straße.example"),
        ("strasse@big.example", "straße@big.example"),
        ("office@big.example", "oﬃce@big.example"),
    ],
)
def test_an_address_that_only_reads_alike_is_a_stranger_s(desk, contact, other):
    number = report(desk, NewTicket(subject="x", severity=3, contact_email=contact)).number
    vouched = (said("pass", other.rpartition("@")[2]),)
    for fields in (named(desk, number, "number"), named(desk, number, "ok subject")):
        take(desk, sender=other, text="let me in", results=vouched, **fields)
    take(desk, sender=other, subject=f"status {number}", text="", results=vouched)
    assert entries(desk, number, "customer") == []
    assert [one for one in letters_to(desk) if one["to"] == contact] == []
    participants.add(desk, number, other)
    assert [one.email for one in participants.of(desk, number)] == [other]
