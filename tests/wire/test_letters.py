"""Letters to customers over real SMTP: the bytes, the envelope, what a failing server does to them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from supporttui.clock import ManualClock
from supporttui.desk import attention, change, close, letters, relate, undo, write
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.participants import add
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import Refused
from supporttui.store import notices, open_store
from supporttui.store.records import Notice
from supporttui.watch.channels.helper import Helper
from supporttui.watch.channels.letter import built
from supporttui.watch.sender import Sender
from supporttui.watch.tick import tick
from tests.wire.test_watch_harness import POLICY, START, read_policy

HEAD = Letterhead(sender="support@vendor.example", url="https://support.vendor.example")


class Server:
    """What an SMTP server took: (from, to, bytes) each.  says: the answers to the next ones instead."""

    def __init__(self) -> None:
        self.took: list[tuple[str, str, bytes]] = []
        self.says: list[str] = []
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.says:
            return self.says.pop(0)
        self.took.append((envelope.mail_from, ", ".join(envelope.rcpt_tos), envelope.content))
        return "250 taken"


@contextmanager
def serving(utf8: bool = True) -> Iterator[Server]:
    server = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port, enable_SMTPUTF8=utf8)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def server(shared: Server) -> Server:
    shared.took.clear()
    return shared


class Office:
    """A desk that writes letters, and what sends them."""

    def __init__(self, folder: Any, port: int) -> None:
        folder.mkdir(mode=0o700)
        self.clock = ManualClock(START)
        policy = read_policy(
            POLICY.replace('Services"\nreaches = ["desk"]', 'Services"\nreaches = ["d@v.example"]'), "p"
        )
        self.desk = Desk(open_store(folder / "desk.sqlite3"), policy, self.clock, "ana", letterhead=HEAD)
        self.helper = Helper(
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "notices@vendor.example"\n'
        )
        self.sender = Sender(self.desk, self.helper, ZoneInfo("UTC"), token=lambda _: "7-secretsecretsecr")

    def new(self, **fields: Any) -> int:
        given = {"subject": "NETEX abends", "severity": 2, "contact_email": "joe@acme.example"} | fields
        return report(self.desk, NewTicket(**given)).number

    def close(self) -> None:
        self.helper.close()
        self.sender.lead.give_up()
        self.desk.store.close()


@pytest.fixture
def office(tmp_path: Any, server: Server) -> Iterator[Office]:
    made = Office(tmp_path / "desk", server.port)
    yield made
    made.close()


def read(raw: bytes) -> EmailMessage:
    letter = message_from_bytes(raw, policy=SMTP)
    assert isinstance(letter, EmailMessage)
    return letter


def test_an_automatic_letter_is_marked_as_rfc_3834_says_and_comes_from_nobody(office, server):
    number = office.new()
    letters.acknowledge(office.desk, number, verified=True)
    office.sender.send()
    ((sender, to, raw),) = server.took
    letter, reference = read(raw), reference_of(office.desk, number)
    assert (sender, to) in (("", "joe@acme.example"), ("<>", "joe@acme.example"))
    assert (
        letter["From"] == '"NetEx" <support@vendor.example>'
        or letter["From"] == "NetEx <support@vendor.example>"
    )
    assert letter["To"] == "joe@acme.example"
    assert letter["Subject"] == f"Automatic answer: NETEX abends [{reference}]"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["X-Loop"] == "support@vendor.example"
    assert letter["Message-ID"].startswith(f"<{reference}.") and letter["Message-ID"].endswith(
        "@vendor.example>"
    )
    assert letter["Date"].datetime == START
    text = letter.get_content()
    assert "secretsecretsecr" not in text, "a customer got what acknowledges a notice"
    assert f"https://support.vendor.example/status/{number}-" in text


def test_an_analyst_s_answer_is_a_person_s_mail_and_may_come_back(office, server):
    number = office.new()
    write.reply(office.desk, number, "Bitte senden Sie den Dump – danke.\n.\nFrom here on: ü€\n" + "x" * 3000)
    office.sender.send()
    ((sender, _to, raw),) = server.took
    letter = read(raw)
    assert sender == "support@vendor.example"
    assert letter["Auto-Submitted"] is None and letter["X-Loop"] == "support@vendor.example"
    text = letter.get_content()
    assert "den Dump – danke.\n.\nFrom here on: ü€\n" + "x" * 3000 in text.replace("\r\n", "\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")


def test_each_letter_goes_alone_and_notices_of_our_own_people_go_first(office, server):
    number = office.new(severity=1)
    add(office.desk, number, "kim@acme.example")
    for text in ("one", "two"):
        write.reply(office.desk, number, text)
    office.clock.advance(hours=9)
    tick(office.desk)
    office.sender.send()
    assert [to for _, to, _ in server.took] == ["d@v.example", *["joe@acme.example", "kim@acme.example"] * 2]
    said = [read(raw).get_content() for _, to, raw in server.took if to == "joe@acme.example"]
    assert ["one" in text.split() for text in said] == [True, False]


def test_what_is_tried_again_is_the_same_letter_byte_for_byte(office, server):
    number = office.new()
    write.reply(office.desk, number, "Hello")
    first = notices.of_ticket(office.desk.store, number)[0]
    server.says = ["451 later"]
    office.sender.send()
    assert server.took == []
    office.clock.advance(seconds=16)
    office.sender.send()
    ((_, _, raw),) = server.took
    sent = notices.of_ticket(office.desk.store, number)[0]
    assert (sent.state, sent.attempts) == ("sent", 2)
    assert read(raw)["Date"].datetime == START == first.made_at
    assert read(raw)["Message-ID"] == first.data["letter"]["message_id"]


def test_a_customer_s_address_that_is_refused_for_ever_is_a_dead_letter_and_consoles_hear_of_it(
    office, server
):
    number = office.new()
    write.reply(office.desk, number, "Hello")
    server.says = ["550 no such user"]
    office.sender.send()
    (dead,) = notices.dead(office.desk.store)
    assert dead.address == "letter:joe@acme.example" and "550 no such user" in dead.error
    (told,) = notices.take_for_console(office.desk.store, "raj", office.clock.now())
    assert told.kind == "undelivered" and "joe@acme.example" in told.label
    server.says = []
    notices.requeue(office.desk.store, [dead.id], office.clock.now())
    office.sender.send()
    assert len(server.took) == 1


def test_addresses_beyond_ascii(office, server, tmp_path):
    write.reply(office.desk, office.new(contact_email="jürgen@bücher.example"), "Hello")
    write.reply(office.desk, office.new(contact_email="joe@bücher.example"), "Hello")
    office.sender.send()
    assert [to for _, to, _ in server.took] == ["jürgen@xn--bcher-kva.example", "joe@xn--bcher-kva.example"]
    with serving(utf8=False) as plain:
        office.helper.channels = office.helper.channels.replace(str(server.port), str(plain.port))
        write.reply(office.desk, office.new(contact_email="jürgen@acme.example"), "Hello")
        office.sender.send()
        assert plain.took == []
    assert "letters beyond ASCII" in notices.dead(office.desk.store)[0].error


LETTER = {
    "kind": "answer", "message_id": "<1-x.y@v.example>", "from": "s@v.example", "name": "NetEx", "subject": "x",
    "text": "x", "automatic": True, "in_reply_to": "", "references": [], "loop": "s@v.example", "date": "now",
}  # fmt: skip
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Loop",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.text(max_size=300), some.sampled_from(["subject", "name", "text", "in_reply_to", "loop"]))
def test_nothing_that_a_ticket_says_makes_a_header_or_ends_one(text, field):
    raw = built(LETTER | {field: f"a{text}\r\nBcc: x@evil.example\n\nb"}, "joe@acme.example")
    letter = message_from_bytes(raw, policy=SMTP)
    assert set(letter.keys()) <= HEADERS
    head = raw.partition(b"\r\n\r\n")[0]
    assert not any(byte < 0x20 and byte not in b"\r\n\t" for byte in head) and b"\x7f" not in head
    assert all(
        line[:1] in b" \t" or line.partition(b":")[0].decode() in HEADERS for line in head.split(b"\r\n")
    )


@pytest.mark.parametrize(
    "subject", ["plain", "ümlaut " * 30, "=?utf-8?q?evil?=", "日本語" * 60, "a" * 190, "🙂" * 40]
)
def test_any_subject_arrives_as_it_is(subject):
    letter = message_from_bytes(built(LETTER | {"subject": subject}, "joe@acme.example"), policy=SMTP)
    assert letter["Subject"] == " ".join(subject.split())


def test_exactly_these_letters_and_no_others(office, server):
    """Every verb of a ticket's life; only what is public, and said by a person or owed by the acknowledgement, leaves."""
    desk, number = office.desk, office.new()
    other = office.new(contact_email="kim@acme.example")
    letters.acknowledge(desk, number)
    write.note(desk, number, "internal")
    change.set_severity(desk, number, 1)
    change.set_status(desk, number, "waiting-customer")
    write.reply(desk, number, "first")
    write.customer_message(desk, number, "the customer said so")
    attention.acknowledge(desk, number, office.clock.now() + timedelta(hours=1))
    close.resolve(desk, number, "how it was solved")
    with pytest.raises(Refused):
        undo.undo(desk)
    close.reopen(desk, number, "internal")
    undo.undo(desk)
    undo.redo(desk)
    relate.link(desk, number, other)
    office.clock.advance(hours=30)
    tick(desk)
    close.resolve(desk, number)
    close.close(desk, number, "internal")
    relate.merge(desk, other, office.new(contact_email="kim@acme.example"))
    office.sender.send()
    found = [(to, read(raw)) for _, to, raw in server.took if to != "d@v.example"]
    assert [(to, one["Auto-Submitted"], one.get_content().split("\n")[0].strip()) for to, one in found] == [
        ("joe@acme.example", "auto-replied", "This is an automatic answer: your report has reached NetEx."),
        ("joe@acme.example", None, "first"),
        ("joe@acme.example", None, "how it was solved"),
    ]
    assert all("internal" not in one.get_content() for _, one in found)


def test_a_letter_over_which_a_sender_died_goes_again_as_the_same_letter(office, server):
    number = office.new()
    write.reply(office.desk, number, "Hello")
    (claimed,) = notices.claim(office.desk.store, office.clock.now(), by="somebody who died")
    office.sender.send()
    ((_, _, raw),) = server.took
    (sent,) = notices.of_ticket(office.desk.store, number)
    assert (sent.state, sent.doubtful) == ("sent", True)
    assert read(raw)["Message-ID"] == claimed.data["letter"]["message_id"]
    assert "repetition" not in read(raw).get_content()


def test_a_notice_never_reaches_a_customer_and_stops_no_watch(office, server):
    """A record that says neither what it is nor to whom, as a damaged store might hold one."""
    number, now = office.new(), office.clock.now()
    for n, data in enumerate(({}, {"letter": "x"}, {"letter": {}})):
        odd = Notice(key=f"odd/{n}", ticket=number, severity=1, address="letter:joe@acme.example", due_at=now, made_at=now,
                     label="escalated: internal words", data=data)  # fmt: skip
        notices.enqueue(office.desk.store, odd)
    write.reply(office.desk, number, "Hello")
    for _ in range(4):
        office.clock.advance(hours=2)
        office.sender.send()
    assert [read(raw).get_content().split("\n")[0].strip() for _, _, raw in server.took] == ["Hello"]
