"""Whatever a mail holds, it is decided on without an error, on record once, and seen where people look."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supporttui.clock import ManualClock
from supporttui.desk.act import fetch
from supporttui.desk.incoming import Incoming, Part
from supporttui.desk.participants import takes_part
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import book, journal, mail, open_store
from supporttui.store.book_criteria import equal

from .mails import HEAD, SERVER, take, waiting

CONTACT = "joe@acme.example"
# Two tickets; {one}, {two} become their references.
PIECES = (
    "{one}", "{two}", "[{one}]", "<{two}.1@vendor.example>", "#1", "ticket 2", "1-" + "a" * 16, "status 1", "status {one}",
    "Re: ", "Severity: 1\n", "Product: HyperIP\n", "\x00", "\ud800", "\x1b]0;x\x07", "\u202e", "é", "\r\n", "x" * 600,
    "> quoted\n", "99999999999999999999", CONTACT, "eve@evil.example", "@", "<>", "",
)  # fmt: skip
words = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
text = st.one_of(words, st.text(max_size=40))
addresses = st.one_of(
    st.sampled_from([CONTACT, CONTACT, CONTACT, "eve@evil.example", "", "@", "x" * 5000 + "@x.example"]), text
)
results = st.lists(
    st.sampled_from(
        [f"{SERVER}; dmarc=pass", f"{SERVER}; dmarc=fail", f"{SERVER};", "evil; dmarc=pass", "", ";;;((("]
    ),
    max_size=3,
).map(tuple)
parts = st.lists(
    st.builds(Part, hash=st.just("a" * 64), size=st.integers(0, 2**40), name=text, type=text), max_size=3
).map(tuple)
mails = st.builds(
    Incoming, raw_hash=st.integers(0, 5).map(lambda n: f"{n:064x}"), size=st.integers(0, 10**8), message_id=text,
    in_reply_to=text, references=st.lists(text, max_size=4).map(tuple), sender=addresses, sender_name=text, envelope=text,
    to=st.lists(text, max_size=3).map(tuple), subject=text, text=text, written=text, parts=parts, results=results,
    automatic=st.sampled_from(["", "", "", "reply", "bounce", "list", "ours"]), about=text,
    fault=st.sampled_from([*[""] * 9, "too deep"]),
    arrived_at=st.sampled_from([None, datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)]),
)  # fmt: skip


def _filled(incoming: Incoming, desk: Desk) -> Incoming:
    """With the references of the tickets in place."""
    from dataclasses import replace

    def fill(value: str) -> str:
        return value.replace("{one}", reference_of(desk, 1)).replace("{two}", reference_of(desk, 2))

    names = ("message_id", "in_reply_to", "subject", "text", "written", "about")
    changed = {name: fill(getattr(incoming, name)) for name in names}
    return replace(incoming, **changed, references=tuple(fill(one) for one in incoming.references))


def _receive_all(found: list[Incoming]) -> None:
    with open_store(":memory:") as store:
        desk = Desk(
            store, "netex", ManualClock(datetime(2026, 11, 16, 15, tzinfo=UTC)), "ana", letterhead=HEAD
        )
        for address in (CONTACT, "kim@globex.example"):
            report(desk, NewTicket(subject="x", severity=3, contact_email=address))
        for incoming in found:
            _receive_one(desk, _filled(incoming, desk))


def _receive_one(desk: Desk, incoming: Incoming) -> None:
    before = {number: len(journal.of_ticket(desk.store, number)) for number in (1, 2)}
    items = len(waiting(desk))
    got = take(desk, incoming)
    kept = mail.get(desk.store, got.mail)
    assert (
        kept is not None
        and kept.kind
        and (got.outcome == "duplicate" or (kept.kind, kept.ticket) == (got.outcome, got.ticket))
    )
    if got.ticket:
        assert fetch(desk, got.ticket).number == got.ticket
    elif got.outcome in ("automatic", "bounce", "waiting"):
        assert len(waiting(desk)) == items + 1
    else:
        assert got.outcome in ("ours", "blocked", "status", "duplicate")
    if got.outcome == "reply":
        assert takes_part(desk, fetch(desk, got.ticket), incoming.sender)
        assert kept.token == "ok" or kept.auth == "pass"
    for number in (1, 2):
        if number != got.ticket and got.outcome != "duplicate":
            assert len(journal.of_ticket(desk.store, number)) == before[number]
    for entry in (
        journal.of_ticket(desk.store, got.ticket, newest_first=True, limit=1) if got.outcome == "held" else ()
    ):
        assert not entry.public
    if got.outcome in ("new", "reply", "fallback"):
        files = book.select(
            desk.store, "attachment", equal(message=got.mail, ticket=got.ticket, state="stored")
        )
        assert len(files) >= len(incoming.parts)


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(mails, min_size=1, max_size=5))
def test_any_mail_is_decided_on(found):
    _receive_all(found)


@pytest.mark.slow
@settings(deadline=None, max_examples=2000, suppress_health_check=list(HealthCheck))
@given(st.lists(mails, min_size=1, max_size=12))
def test_any_mail_is_decided_on_long(found):
    _receive_all(found)
