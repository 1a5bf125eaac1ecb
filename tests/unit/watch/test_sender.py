"""The sender: urgency first, one message a ticket and address, retries that never give up silently, one leader."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import notices, open_store
from supporttui.watch.channels.helper import Result
from supporttui.watch.sender import Sender
from supporttui.watch.tick import tick

ZONE = ZoneInfo("America/Chicago")
TAKEN = Result(True, False, "taken")
LATER = Result(False, True, "down")
NEVER = Result(False, False, "no such user")


class Sink:
    """Takes messages, or does to them what the test says."""

    def __init__(self):
        self.got, self.answers, self.down = [], [], set()

    def deliver(self, message, limit):
        if message.address in self.down:
            return LATER
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer.taken:
            self.got.append(message)
        return answer


@pytest.fixture
def desk(store, clock):
    text = preset_text("netex").replace(
        'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["d@example.com"]'
    )
    text = text.replace('Manager"\nreaches = ["desk"]', 'Manager"\nreaches = ["p@example.com", "desk"]')
    return Desk(store, read_policy(text, "t.toml"), clock, "ana")


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def sender(desk, sink):
    return Sender(desk, sink, ZONE)


def fire(desk, clock, hours=8, **fields):
    number = report(desk, NewTicket(subject="NETEX abends", severity=1, customer="Acme", **fields)).number
    clock.advance(hours=hours)
    tick(desk)
    return number


def test_a_notice_goes_once_and_says_what_matters(desk, clock, sink, sender):
    number = fire(desk, clock)
    assert len(sender.send()) == 1
    assert sender.send() == []
    (message,) = sink.got
    assert message.address == "mail:d@example.com"
    assert message.subject.startswith(f"[NetEx {number}] S1 Director of Customer Services")
    for words in ("NETEX abends", "Customer: Acme", "nobody has it"):
        assert words in message.text
    assert "late" not in message.text and "repetition" not in message.text
    assert [one.state for one in notices.of_ticket(desk.store, number)] == ["sent"]


def test_several_rungs_for_one_address_are_one_message(desk, clock, sink, sender):
    sink.down = {"mail:p@example.com"}
    number = fire(desk, clock)
    sender.send()
    clock.advance(hours=16)
    tick(desk)
    sender.send()
    clock.advance(hours=2)
    sink.down = set()
    sender.send()
    late = sink.got[-1]
    assert late.address == "mail:p@example.com"
    assert "This is 2 h 0 m after it was due." in late.text or "2 h" in late.text
    states = {(one.address, one.state) for one in notices.of_ticket(desk.store, number)}
    assert states == {("mail:d@example.com", "sent"), ("mail:p@example.com", "sent"), ("desk", "queued")}


def test_the_most_urgent_goes_first(desk, clock, sink, sender):
    low = report(desk, NewTicket(subject="wrong count", severity=3)).number
    clock.advance(days=9, hours=16)
    high = report(desk, NewTicket(subject="down", severity=1)).number
    clock.advance(hours=8)
    tick(desk)
    sender.send()
    assert [message.fields["number"] for message in sink.got] == [str(high), str(low)]


def test_a_receiver_that_is_down_is_asked_less_and_less_often(desk, clock, sink, sender):
    number = fire(desk, clock)
    sink.down = {"mail:d@example.com"}
    waits = []
    for _ in range(11):
        assert len(sender.send()) == 1
        assert sender.send() == []
        (notice,) = notices.of_ticket(desk.store, number)
        assert (notice.state, notice.error) == ("queued", "down")
        waits.append(int((notice.next_at - clock.now()).total_seconds()))
        clock.set(notice.next_at)
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_what_is_refused_for_ever_is_a_dead_letter_that_can_be_tried_again(desk, clock, sink, sender):
    number = fire(desk, clock)
    sink.answers = [NEVER]
    (delivery,) = sender.send()
    assert delivery.next_at is None
    clock.advance(days=1)
    assert sender.send() == []
    (dead,) = notices.dead(desk.store)
    assert (dead.ticket, dead.error) == (number, "no such user")
    assert notices.requeue(desk.store, [dead.id], clock.now()) == 1
    sender.send()
    assert len(sink.got) == 1


def test_three_days_without_an_answer_make_a_dead_letter(desk, clock, sink, sender):
    fire(desk, clock)
    sink.down = {"mail:d@example.com"}
    sender.send()
    clock.advance(days=3, seconds=1)
    sender.send()
    assert len(notices.dead(desk.store)) == 1


def test_one_address_that_is_down_is_asked_once_for_all_its_tickets(desk, clock, sink, sender):
    first = report(desk, NewTicket(subject="one", severity=1)).number
    second = report(desk, NewTicket(subject="two", severity=1)).number
    clock.advance(hours=8)
    tick(desk)
    sink.down = {"mail:d@example.com"}
    assert len(sender.send()) == 1
    clock.advance(seconds=15)
    sink.down = set()
    assert len(sender.send()) == 2
    assert [message.fields["number"] for message in sink.got] == [str(first), str(second)]


def test_what_a_sender_that_died_had_claimed_is_told_again_and_says_so(desk, clock, sink, sender):
    number = fire(desk, clock)
    notices.claim(desk.store, clock.now(), by="host:1")  # and then it was killed
    sender.send()
    (message,) = sink.got
    assert message.doubtful and "Possibly a repetition" in message.text
    assert message.key == notices.of_ticket(desk.store, number)[0].key


def test_only_one_process_sends(tmp_path, clock, desk):
    folder = tmp_path / "d"
    folder.mkdir(mode=0o700)
    with open_store(folder / "desk.sqlite3") as one, open_store(folder / "desk.sqlite3") as two:
        first, second = Desk(one, desk.policy, clock, "a"), Desk(two, desk.policy, clock, "b")
        fire(first, clock)
        leading, waiting = Sender(first, Sink(), ZONE), Sender(second, Sink(), ZONE)
        assert leading.lead.take() and not waiting.lead.take()
        assert waiting.send() == []
        leading.lead.give_up()
        assert len(waiting.send()) == 1
        assert not leading.lead.take()


def test_hostile_text_of_a_ticket_is_inert_in_a_message(desk, clock, sink, sender):
    number = report(
        desk, NewTicket(subject="a\x1b]0;x\x07\nBcc: all", severity=1, customer="\x9b31mAcme")
    ).number
    clock.advance(hours=8)
    tick(desk)
    sender.send()
    (message,) = sink.got
    assert message.fields["number"] == str(number)
    for text in (message.subject, message.fields["subject"], message.fields["customer"]):
        assert text.isprintable()
    assert all(line.isprintable() for line in message.text.split("\n"))


def test_a_message_is_not_sent_before_its_quiet_hours_end(desk, clock, sink, sender):
    fire(desk, clock)
    (notice,) = notices.waiting(desk.store)
    later = clock.now() + timedelta(hours=1)
    notices.hold_back(desk.store, notice.address, later)
    assert sender.send() == []
    clock.set(later)
    assert len(sender.send()) == 1
