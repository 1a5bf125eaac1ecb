"""Mail on a server: the same decisions, and one mail that two gateways take at once is one ticket."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from supporttui.clock import ManualClock
from supporttui.desk import close, participants, senders
from supporttui.desk.act import fetch
from supporttui.desk.reference import reference_of
from supporttui.desk.session import Desk
from supporttui.desk.taking_in import take_in
from supporttui.desk.undo import redo, undo
from supporttui.policy import load
from supporttui.store import book, mail, open_store
from supporttui.store.session import Store
from tests.real.test_postgres import server, store
from tests.unit.desk.mails import HEAD, a_file, a_mail, entries, letters_to, said, take, waiting

__all__ = ["server", "store"]  # fixtures

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
EVE = "eve@evil.example"


def desk_of(opened: Store) -> Desk:
    return Desk(opened, load("netex"), ManualClock(NOW), "ana", letterhead=HEAD)


def test_a_mail_its_answers_and_what_only_claims_to_be_one(store: Store) -> None:
    desk = desk_of(store)
    number = take(desk, text="It stops \x00 \ud800.", parts=(a_file(),)).ticket
    tag = f"Re: [{reference_of(desk, number)}]"
    assert fetch(desk, number).description == "It stops \ufffd \ufffd."
    assert len(letters_to(desk, "joe@acme.example")) == 1
    assert take(desk, subject=tag).outcome == "reply"
    assert take(desk, subject=tag, results=(said("fail"),)).outcome == "held"
    assert take(desk, subject=tag, sender=EVE).outcome == "held"
    assert take(desk, subject=f"ticket {number}", sender=EVE).ticket != number
    assert take(desk, subject=f"ticket {number}", results=(said("pass"),)).ticket == number
    assert sorted(waiting(desk)) == ["held", "held", "unknown", "unverified"]
    participants.add(desk, number, EVE)
    assert take(desk, subject=tag, sender=EVE).outcome == "reply"
    undo(desk)
    assert take(desk, subject=tag, sender=EVE).outcome == "held"
    redo(desk)
    close.resolve(desk, number)
    assert take(desk, subject=tag, text="again").ticket == number and fetch(desk, number).status == "open"
    assert len(entries(desk, number, "customer")) == 4


def test_storms_blocks_bounces_and_mails_without_a_ticket(store: Store) -> None:
    desk = desk_of(store)
    got = [take(desk, subject=f"{n}") for n in range(25)]
    assert [one.outcome for one in got].count("storm") == 5
    senders.block(desk, EVE)
    assert take(desk, sender=EVE).outcome == "blocked"
    letter = letters_to(desk)[0]
    back = take(desk, automatic="bounce", sender="", about=letter["message_id"])
    assert (back.outcome, back.ticket) == ("bounce", got[0].ticket)
    assert mail.of_message_ids(store, [str(letter["message_id"])])[0].data["came_back"] == back.mail
    away = take(desk, automatic="reply", sender="kim@globex.example", parts=(a_file(),))
    assert away.ticket == 0
    ticket = take_in(desk, away.mail)
    assert [one.ticket for one in book.select(store, "attachment")] == [ticket.number]


def test_one_mail_that_two_gateways_take_at_once_is_one_ticket(store: Store, server: str) -> None:
    mails, found = [a_mail(sender=f"{n}@acme.example") for n in range(12)], []

    def deliver(start: threading.Barrier) -> None:
        with open_store(server) as own:
            desk = desk_of(own)
            for one in mails:
                start.wait(timeout=30)
                found.append((one.message_id, take(desk, one).outcome))

    start = threading.Barrier(2)
    gateways = [threading.Thread(target=deliver, args=(start,)) for _ in range(2)]
    for gateway in gateways:
        gateway.start()
    for gateway in gateways:
        gateway.join(60)
    assert len(found) == 24
    for one in mails:
        assert sorted(outcome for id, outcome in found if id == one.message_id) == ["duplicate", "new"]
    assert store.execute("SELECT count(*) FROM ticket")[0][0] == 12


def test_endless_names_of_mails_and_senders_fit_every_index(store: Store) -> None:
    import random

    desk, letters = (
        desk_of(store),
        "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=30_000)),
    )
    for name in (letters, letters.upper() + "\U0001f600" * 3000):
        one = a_mail(
            message_id=f"<{name}@x.example>", sender=f"{name}@x.example", sender_name=name, subject=name
        )
        first = take(desk, one)
        assert first.outcome == "new" and take(desk, one).outcome == "duplicate"
        back = take(desk, in_reply_to=one.message_id, sender=EVE, results=(said("pass", "evil.example"),))
        assert "unverified" in fetch(desk, back.ticket).tags
    assert mail.count_from(store, f"{letters}@x.example", NOW) == 1
