"""The sender: urgency first, one message a ticket and address, retries that never give up silently, one leader."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from supporttui.desk import attention, close, relate
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import StoreBusy
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import notices, open_store
from supporttui.store.leader import SUFFIX, Lead
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


def test_three_days_without_an_answer_make_a_dead_letter_of_which_the_desk_hears(desk, clock, sink, sender):
    number = fire(desk, clock)
    sink.down = {"mail:d@example.com"}
    tries = 0
    while not notices.dead(desk.store):
        sender.send()
        tries += 1
        clock.advance(hours=1)
    assert 72 <= tries <= 75
    (told,) = [one for one in notices.waiting(desk.store) if one.kind == "undelivered"]
    assert (told.address, told.ticket, told.severity) == ("desk", number, 1)
    assert told.label == "mail:d@example.com could not be told: down"


def test_a_fresh_notice_beside_one_that_waited_for_days_is_not_given_up_with_it(desk, clock, sink, sender):
    number = fire(desk, clock)
    (old,) = notices.of_ticket(desk.store, number)
    clock.advance(days=4)
    desk.store.execute("UPDATE notice SET attempts = 50 WHERE id = ?", (old.id,))
    fresh = replace(old, key="another", made_at=clock.now(), next_at=clock.now())
    notices.enqueue(desk.store, fresh)
    sink.down = {"mail:d@example.com"}
    (delivery,) = sender.send()
    assert len(delivery.notices) == 2
    states = {
        one.key: one.state for one in notices.of_ticket(desk.store, number) if one.kind != "undelivered"
    }
    assert states == {old.key: "dead", "another": "queued"}


def test_what_was_given_up_while_it_was_under_way_stays_given_up(desk, clock, sink, sender):
    number = fire(desk, clock)
    (notice,) = notices.of_ticket(desk.store, number)

    class Meanwhile(Sink):
        def deliver(self, message, limit):
            notices.withdraw(desk.store, [notice.id], "by ana")
            return LATER

    sender._deliverer = Meanwhile()
    sender.send()
    assert [one.state for one in notices.of_ticket(desk.store, number)] == ["withdrawn"]


def test_a_store_that_is_busy_after_a_delivery_makes_no_repetition(desk, clock, sink, sender, monkeypatch):
    number = fire(desk, clock)
    real = notices.sent

    def busy(*_):
        raise StoreBusy("locked")

    monkeypatch.setattr(notices, "sent", busy)
    with pytest.raises(StoreBusy):
        sender.send()
    with pytest.raises(StoreBusy):
        sender.send()
    monkeypatch.setattr(notices, "sent", real)
    assert sender.send() == []
    assert len(sink.got) == 1
    assert [(one.state, one.doubtful) for one in notices.of_ticket(desk.store, number)] == [("sent", False)]


def test_a_lock_file_that_was_removed_leads_nobody(tmp_path, clock, desk):
    folder = tmp_path / "d"
    folder.mkdir(mode=0o700)
    path = folder / "desk.sqlite3"
    with open_store(path) as one, open_store(path) as two:
        first, second = Lead(one), Lead(two)
        assert first.take()
        (folder / f"desk.sqlite3{SUFFIX}").unlink()
        assert second.take()
        assert not first.take()
        second.give_up()
        assert first.take()
        first.give_up()


def test_a_slow_channel_lets_others_go_first(desk, clock, sink, sender, monkeypatch):
    numbers = [fire(desk, clock, hours=24) for _ in range(2)]
    assert {one.address for one in notices.waiting(desk.store)} == {
        "mail:d@example.com", "mail:p@example.com", "desk",
    }  # fmt: skip
    sink.down = {"mail:d@example.com"}
    passed = iter(range(0, 10_000, 20))
    monkeypatch.setattr("supporttui.watch.sender.time.monotonic", lambda: float(next(passed)))
    assert len(sender.send()) == 1  # the others of the channel wait a little
    monkeypatch.setattr("supporttui.watch.sender.time.monotonic", lambda: 0.0)
    clock.advance(seconds=15)
    sender.send()
    assert {message.address for message in sink.got} == {"mail:p@example.com"}
    assert len(numbers) == 2


@pytest.mark.parametrize("ending", ["resolved", "merged", "acknowledged"])
def test_a_message_that_waited_says_how_the_ticket_stands_now(desk, clock, sink, sender, ending):
    number = fire(desk, clock)
    clock.advance(minutes=10)
    if ending == "resolved":
        close.resolve(desk, number, "fixed")
        words = "It has been resolved since: "
    elif ending == "merged":
        other = report(desk, NewTicket(subject="the same", severity=1)).number
        relate.merge(desk, number, other)
        words = f"It was merged into ticket {other} since."
    else:
        attention.acknowledge(desk, number, clock.now() + timedelta(hours=1))
        words = "It is acknowledged; the next update is promised by "
    sender.send()
    (message,) = [one for one in sink.got if one.fields["number"] == str(number)]
    assert words in message.text


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


def test_what_may_have_been_taken_is_marked_when_it_is_told_again(desk, clock, sink, sender):
    fire(desk, clock)
    sink.answers = [Result(False, True, "no answer", unsure=True)]
    sender.send()
    clock.advance(seconds=15)
    sender.send()
    (message,) = sink.got
    assert message.doubtful and "Possibly a repetition" in message.text


def test_what_was_refused_and_is_told_again_is_no_repetition(desk, clock, sink, sender):
    fire(desk, clock)
    sink.answers = [LATER]
    sender.send()
    clock.advance(seconds=15)
    sender.send()
    assert not sink.got[0].doubtful
