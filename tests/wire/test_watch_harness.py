"""Every rule of the clock with a real store and real receivers: exactly these notices, and no others.

The clock is moved by hand; an SMTP server, an HTTPS server and a program receive.  A test that leaves a
notice unexpected fails, whatever else it asserted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import attention, change, close, maintenance, relate, undo, write
from supporttui.desk import report as reporting
from supporttui.desk.report import NewTicket
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.roster import read_roster
from supporttui.store import notices, open_store
from supporttui.watch.channels.helper import Helper
from supporttui.watch.sender import Sender
from supporttui.watch.service import Watch
from tests.wire.sinks import MailSink, Program, mail_sink, web_sink

START = datetime(2026, 11, 16, 15, tzinfo=UTC)  # Monday 09:00 at the desk
POLICY = preset_text("netex")
ROSTER = """
zone = "America/Chicago"
[[person]]
name = "ana"
via = ["command:pager"]
phone = "+1 555 0100"
[[person]]
name = "lee"
email = "lee@vendor.example"
away = ["2026-11-25"]
[[rotation]]
name = "managers"
people = ["lee"]
handover = "mon 09:00"
starts = 2026-01-05
[[quiet]]
severity = [3, 4]
hours = "22:00-07:00"
"""
DIRECTOR, PRESIDENT, OWNER = "mail lee", "web", "page ana"


class Harness:
    """A desk at work, what its receivers got, and what the test says that they should have got."""

    def __init__(self, folder: Path, mail: MailSink, web: Any, policy: str) -> None:
        self.mail, self.web, self.program = mail, web, Program(folder)
        self.clock, self.seconds = ManualClock(START), 0.0
        text = policy
        for role, reaches in (("Services", '"oncall:managers"'), ("Manager", '"webhook:ops"'),
                              ("of the ticket", '"owner"')):  # fmt: skip
            head, tail = f'{role}"\nreaches = [', "]"
            before, found, after = text.partition(head)
            assert found, role
            text = before + head + reaches + tail + after.partition("]")[2]
        self.policy_text = text
        self.store = open_store(folder / "desk.sqlite3")
        self.desk = Desk(
            self.store, read_policy(text, "policy.toml"), self.clock, "ana", read_roster(ROSTER, "r")
        )
        self.helper = Helper(
            f'[mail]\nhost = "127.0.0.1"\nport = {mail.port}\nsender = "desk@vendor.example"\n'
            f'[[webhook]]\nname = "ops"\nurl = "https://localhost:{web.port}/"\nca_file = "{web.ca}"\nprivate = true\n'
            f'[[command]]\nname = "pager"\nargv = ["{self.program.path}"]\n'
        )
        self.watch = Watch(
            self.desk, Sender(self.desk, self.helper, ZoneInfo("UTC")), lambda: self.seconds, name="w"
        )
        self._letters, self._hooks, self._pages = len(mail.letters), 0, 0

    def new(self, severity: int = 1, **fields: Any) -> int:
        return reporting.report(
            self.desk, NewTicket(subject="NETEX abends", severity=severity, **fields)
        ).number

    def passes(self, **parts: float) -> None:
        """Time goes by, and the watch looks."""
        self.clock.advance(**parts)
        self.seconds += timedelta(**parts).total_seconds()
        self.watch.turn()

    def arrived(self) -> list[tuple[str, int]]:
        """What arrived since last asked: (receiver, ticket), by receiver in order of arrival."""
        letters, self._letters = self.mail.letters[self._letters :], len(self.mail.letters)
        hooks, self._hooks = self.web.got[self._hooks :], len(self.web.got)
        pages, self._pages = self.program.told[self._pages :], len(self.program.told)
        return [
            *((f"mail {one['X-Envelope-To'].partition('@')[0]}", _number(one["Subject"])) for one in letters),
            *(("web", int(json.loads(body)["number"])) for _, _, body in hooks),
            *((f"page {one['SUPPORTTUI_PERSON']}", int(one["SUPPORTTUI_NUMBER"])) for one in pages),
        ]

    def expects(self, *told: tuple[str, int]) -> None:
        """Exactly these arrived since last asked."""
        assert self.arrived() == list(told)

    def close(self) -> None:
        self.helper.close()
        self.store.close()


def _number(subject: str) -> int:
    return int(subject.partition("]")[0].rpartition(" ")[2])


@pytest.fixture(scope="module")
def mail() -> Iterator[MailSink]:
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def policy() -> str:
    return POLICY


@pytest.fixture
def at(tmp_path: Path, mail: MailSink, policy: str) -> Iterator[Harness]:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    with web_sink(folder) as web:
        harness = Harness(folder, mail, web, policy)
        yield harness
        try:
            assert harness.arrived() == [], "a notice that nobody expected"
        finally:
            harness.close()


def policy_with(old: str, new: str) -> pytest.MarkDecorator:
    assert old in POLICY
    return pytest.mark.parametrize("policy", [POLICY.replace(old, new)])


def test_the_ladder_to_the_second(at: Harness) -> None:
    number = at.new()
    at.passes(hours=8, seconds=-1)
    at.expects()
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))
    at.passes(hours=16, seconds=-1)
    at.expects()
    at.passes(seconds=1)
    at.expects((PRESIDENT, number))
    at.passes(days=30)


def test_a_late_start_is_one_message_to_each_with_how_late_it_is(at: Harness) -> None:
    number = at.new()
    at.passes(hours=30)
    at.expects((DIRECTOR, number), (PRESIDENT, number))
    assert "after it was due" in at.mail.letters[-1].get_content()


def test_resolving_ends_the_ladder_and_netex_forgives_nothing_on_reopening(at: Harness) -> None:
    number = at.new()
    at.passes(hours=4)
    close.resolve(at.desk, number)
    at.passes(hours=10)
    at.expects()
    close.reopen(at.desk, number)
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))


@policy_with('on_reopen = "elapsed"', 'on_reopen = "continue"')
def test_time_while_closed_may_not_count(at: Harness) -> None:
    number = at.new()
    at.passes(hours=4)
    close.resolve(at.desk, number)
    at.passes(hours=10)
    close.reopen(at.desk, number)
    at.passes(hours=4, seconds=-1)
    at.expects()
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))


@policy_with('on_reopen = "elapsed"', 'on_reopen = "restart"')
def test_a_reopening_may_begin_the_ladder_again(at: Harness) -> None:
    number = at.new()
    at.passes(hours=8)
    at.expects((DIRECTOR, number))
    close.resolve(at.desk, number)
    at.passes(hours=1)
    close.reopen(at.desk, number)
    at.passes(hours=8, seconds=-1)
    at.expects()
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))


@policy_with("escalation = []", 'escalation = ["waiting-customer"]')
def test_a_pause_stops_the_clock(at: Harness) -> None:
    number = at.new()
    change.set_status(at.desk, number, "waiting-customer")
    at.passes(hours=20)
    at.expects()
    change.set_status(at.desk, number, "open")
    at.passes(hours=8, seconds=-1)
    at.expects()
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))


def test_a_higher_severity_tells_what_is_newly_past_at_once_and_nobody_twice(at: Harness) -> None:
    number = at.new(2)
    at.passes(hours=30)
    at.expects()
    change.set_severity(at.desk, number, 1)
    at.passes(seconds=1)
    at.expects((DIRECTOR, number), (PRESIDENT, number))
    change.set_severity(at.desk, number, 2)
    at.passes(days=10)
    at.expects()


def test_a_role_told_already_is_not_told_by_a_lower_severity(at: Harness) -> None:
    number = at.new()
    at.passes(hours=8)
    at.expects((DIRECTOR, number))
    change.set_severity(at.desk, number, 2)
    at.passes(days=3)
    at.expects()
    at.passes(days=4)
    at.expects((PRESIDENT, number))


def test_an_acknowledgement_stops_no_rung_and_its_promise_is_a_deadline(at: Harness) -> None:
    number = at.new(owner="ana")
    at.passes(hours=7)
    attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=2))
    at.passes(hours=1)
    at.expects((DIRECTOR, number))
    at.passes(hours=1)
    at.expects((OWNER, number))


def test_a_promise_that_is_kept_tells_nobody(at: Harness) -> None:
    number = at.new(owner="ana")
    attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=2))
    at.passes(hours=1)
    write.reply(at.desk, number, "We read your dump.")
    at.passes(hours=2)


@policy_with(
    'after = "8 hours"\nrole = "director"', 'after = "8 hours"\nrole = "director"\nrepeat = "1 hour"'
)
def test_a_repeating_rung_repeats_until_somebody_acknowledges(at: Harness) -> None:
    number = at.new()
    at.passes(hours=8)
    at.expects((DIRECTOR, number))
    at.passes(hours=1)
    at.expects((DIRECTOR, number))
    attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=5))
    at.passes(hours=4)
    at.expects()


def test_escalating_by_hand_tells_at_once_and_the_clock_not_again(at: Harness) -> None:
    number = at.new()
    attention.escalate(at.desk, number)
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))
    at.passes(hours=8)
    at.expects()
    at.passes(hours=16)
    at.expects((PRESIDENT, number))


def test_a_merged_ticket_owes_nothing_any_more(at: Harness) -> None:
    first, second = at.new(), at.new()
    relate.merge(at.desk, second, first)
    at.passes(hours=8)
    at.expects((DIRECTOR, first))


def test_who_is_away_is_passed_over_at_once(at: Harness) -> None:
    at.passes(days=9)
    number = at.new()
    at.passes(hours=8)
    at.expects((PRESIDENT, number))
    assert "lee is away" in json.loads(at.web.got[-1][2])["text"]


def test_without_an_owner_the_desk_is_told_of_a_broken_promise(at: Harness) -> None:
    number = at.new()
    attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=1))
    at.passes(hours=1)
    at.expects()
    assert [one.address for one in notices.waiting(at.store)] == ["desk"]


def test_quiet_hours_hold_a_severity_3_until_morning(at: Harness) -> None:
    at.passes(hours=14)  # 23:00 at the desk
    number = at.new(3)
    at.passes(days=10)
    at.expects()
    at.passes(hours=8, seconds=-1)
    at.expects()
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))


def test_maintenance_holds_back_and_then_everything_is_told(at: Harness) -> None:
    number = at.new(customer="Acme")
    other = at.new(customer="Globex")
    at.passes(hours=7)
    maintenance.begin(at.desk, "customer", "Acme", at.clock.now() + timedelta(hours=3), "planned IPL")
    at.passes(hours=1)
    at.expects((DIRECTOR, other))
    at.passes(hours=2)
    at.expects((DIRECTOR, number))


def test_maintenance_that_ends_early_tells_at_once(at: Harness) -> None:
    number = at.new()
    at.passes(hours=7)
    window = maintenance.begin(at.desk, "all", "", at.clock.now() + timedelta(hours=4), "move")
    at.passes(hours=1)
    at.expects()
    assert maintenance.end(at.desk, window) == 1
    at.passes(seconds=1)
    at.expects((DIRECTOR, number))


def test_a_receiver_that_is_down_for_two_hours_gets_everything_after_most_urgent_first(at: Harness) -> None:
    low = at.new(2)
    at.passes(days=2, hours=15)
    urgent, second = at.new(), at.new()
    at.mail.answer = "451 down"
    try:
        for _ in range(24 * 12):
            at.passes(minutes=5)
            if at.clock.now() >= START + timedelta(days=3, hours=1):
                break
        at.expects()
        change.set_severity(at.desk, low, 1)
        at.passes(seconds=1)
    finally:
        at.mail.answer = ""
    at.expects((PRESIDENT, low))
    for _ in range(13):
        at.passes(minutes=5)
    at.expects((DIRECTOR, urgent), (DIRECTOR, second), (DIRECTOR, low))


def test_a_far_jump_is_one_summary_and_not_a_storm(at: Harness) -> None:
    for _ in range(6):
        at.new()
    at.watch.turn()
    at.clock.advance(hours=9)
    at.watch.turn()
    at.expects()
    at.passes(minutes=2, seconds=1)
    letters = at.mail.letters[at._letters :]
    assert len(letters) == 1 and "6 tickets" in letters[0]["Subject"]
    at._letters = len(at.mail.letters)


def test_two_watchers_tell_once(at: Harness, tmp_path: Path) -> None:
    number = at.new()
    with open_store(at.store.url) as store:
        desk = Desk(store, at.desk.policy, at.clock, "x", at.desk.roster)
        helper = Helper(at.helper.channels)
        other = Watch(desk, Sender(desk, helper, ZoneInfo("UTC")), lambda: at.seconds, name="other")
        other.turn()
        at.clock.advance(hours=8)
        at.seconds += 8 * 3600
        for watch in (other, at.watch, other, at.watch):
            watch.turn()
        helper.close()
        other.end()
    at.expects((DIRECTOR, number))


@policy_with(
    'after = "8 hours"\nrole = "director"', 'after = "8 hours"\nrole = "director"\nrepeat = "1 hour"'
)
def test_a_repeating_rung_goes_on_when_the_promise_has_passed(at: Harness) -> None:
    number = at.new(owner="ana")
    at.passes(hours=8)
    at.expects((DIRECTOR, number))
    attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=2, minutes=30))
    at.passes(hours=2)
    at.expects()
    at.passes(minutes=30)
    at.expects((OWNER, number))
    for _ in range(4):
        at.passes(minutes=15)
    at.expects((DIRECTOR, number))  # at 11 hours: on the grid of the rung, not of the promise


def test_a_reply_after_a_broken_promise_ends_it_and_the_next_promise_is_its_own(at: Harness) -> None:
    number = at.new(owner="ana")
    for _ in range(2):
        attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=1))
        at.passes(hours=1)
        at.expects((OWNER, number))
        write.reply(at.desk, number, "It takes longer than we thought.")
        at.passes(hours=1)


def test_what_is_put_aside_is_told_all_the_same(at: Harness) -> None:
    number = at.new()
    at.passes(hours=7)
    attention.snooze(at.desk, number, at.clock.now() + timedelta(hours=2))
    at.passes(hours=1)
    at.expects((DIRECTOR, number))


def test_an_acknowledgement_that_is_undone_promised_nothing(at: Harness) -> None:
    number = at.new(owner="ana")
    attention.acknowledge(at.desk, number, at.clock.now() + timedelta(hours=1))
    undo.undo(at.desk, number)
    at.passes(hours=2)
    at.expects()
    at.passes(hours=6)
    at.expects((DIRECTOR, number))


def test_watchers_under_different_policies_tell_each_rung_once(at: Harness) -> None:
    text = at.policy_text.replace('after = "8 hours"', 'after = "6 hours"')
    other = Desk(at.store, read_policy(text, "other.toml"), at.clock, "watch", at.desk.roster)
    second = Watch(other, Sender(other, at.helper, ZoneInfo("UTC")), lambda: at.seconds, name="w2")
    number = at.new()
    for _ in range(30):
        at.passes(hours=1)
        second.turn()
    assert sorted(at.arrived()) == sorted([(DIRECTOR, number), (PRESIDENT, number)])
    second.end()


def test_what_waited_for_morning_is_told_at_once_when_it_becomes_severity_1(at: Harness) -> None:
    at.passes(hours=11)
    number = at.new(severity=3)
    at.passes(days=9, hours=26)
    at.expects()
    change.set_severity(at.desk, number, 1)
    at.passes(seconds=1)
    assert DIRECTOR in {receiver for receiver, _ in at.arrived()}


def test_what_is_resolved_while_its_notice_waits_is_told_as_resolved(at: Harness) -> None:
    number = at.new()
    at.mail.answer = "451 later"
    try:
        at.passes(hours=8)
    finally:
        at.mail.answer = ""
    close.resolve(at.desk, number, "fixed")
    at.passes(minutes=1)
    at.expects((DIRECTOR, number))
    assert "It has been resolved since" in at.mail.letters[-1].get_content()


def test_a_channel_that_is_not_there_is_told_to_the_desk(at: Harness) -> None:
    number = at.new()
    at.helper.channels = at.helper.channels.replace('"ops"', '"other"')
    at.passes(hours=8)
    at.expects((DIRECTOR, number))
    at.passes(hours=16)
    at.expects()
    (told,) = [one for one in notices.waiting(at.store) if one.address == "desk"]
    assert told.label == "webhook:ops could not be told: the channels file has no webhook 'ops'"
