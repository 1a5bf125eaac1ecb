"""A firing and its notices are one: who is told, once, in which role, and what holds it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import attention, change, close, look, maintenance
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.roster import read_roster
from supporttui.store import notices, windows
from supporttui.store.records import Maintenance, OnCallOverride
from supporttui.watch.tick import tick

ROSTER = """
zone = "America/Chicago"
[[person]]
name = "ana"
email = "ana@example.com"
[[person]]
name = "lee"
email = "lee@example.com"
via = ["email", "command:sms"]
phone = "+1 555 0199"
away = ["2026-11-18"]
[[rotation]]
name = "managers"
people = ["lee"]
handover = "mon 09:00"
starts = 2026-01-05
[[quiet]]
severity = [3, 4]
hours = "22:00-07:00"
"""


@pytest.fixture
def desk(store, clock):
    text = preset_text("netex")
    text = text.replace('Services"\nreaches = ["desk"]', 'Services"\nreaches = ["oncall:managers"]')
    text = text.replace('Manager"\nreaches = ["desk"]', 'Manager"\nreaches = ["boss@example.com", "desk"]')
    return Desk(store, read_policy(text, "t.toml"), clock, "ana", read_roster(ROSTER, "roster.toml"))


def new(desk, severity=1, **fields):
    return report(desk, NewTicket(subject="NETEX abends", severity=severity, **fields)).number


def told(desk, number):
    return [(one.address, one.role) for one in notices.of_ticket(desk.store, number)]


def test_the_rungs_of_the_ladder_tell_their_roles_and_nobody_else(desk, clock):
    number = new(desk)
    clock.advance(hours=8, seconds=-1)
    tick(desk)
    assert told(desk, number) == []
    clock.advance(seconds=1)
    tick(desk)
    assert told(desk, number) == [
        ("mail:lee@example.com", "director"),
        ("command:sms/+1 555 0199", "director"),
    ]
    clock.advance(hours=16)
    tick(desk)
    tick(desk)
    assert told(desk, number)[2:] == [("mail:boss@example.com", "president"), ("desk", "president")]


def test_a_late_start_owes_one_notice_to_each_address(desk, clock):
    number = new(desk)
    clock.advance(hours=30)
    tick(desk)
    found = notices.of_ticket(desk.store, number)
    assert [(one.address, one.role) for one in found] == [
        ("mail:boss@example.com", "president"),
        ("desk", "president"),
        ("mail:lee@example.com", "director"),
        ("command:sms/+1 555 0199", "director"),
    ]
    assert {tuple(one.data["keys"]) for one in found} == {tuple(found[0].data["keys"])}
    assert len(found[0].data["keys"]) == 2


def test_nobody_on_call_falls_through_at_once_and_the_journal_says_so(desk, clock):
    number = new(desk)
    clock.set(clock.now() + timedelta(hours=47))  # Wednesday the 18th in Chicago: lee is away
    tick(desk)
    entry = next(one for one in look.ticket(desk, number).journal if one.data.get("role") == "director")
    assert entry.data["passed"] == [
        "Director of Customer Services: nobody is on call for managers (lee is away); "
        "President and General Manager is told instead"
    ]
    assert entry.data["told"] == ["mail:boss@example.com", "desk"]
    assert [address for address, _ in told(desk, number)] == ["mail:boss@example.com", "desk"]


def test_an_override_is_told_instead(desk, clock):
    number = new(desk)
    windows.add_override(
        desk.store,
        OnCallOverride(
            rotation="managers", person="ana", start=clock.now(), end=clock.now() + timedelta(hours=9),
            entered_by="lee", entered_at=clock.now(),
        ),
    )  # fmt: skip
    clock.advance(hours=8)
    tick(desk)
    assert told(desk, number) == [("mail:ana@example.com", "director")]


def test_escalating_by_hand_owes_the_notice_in_the_same_commit(desk, clock):
    number = new(desk)
    attention.escalate(desk, number)
    assert [address for address, _ in told(desk, number)] == [
        "mail:lee@example.com",
        "command:sms/+1 555 0199",
    ]
    clock.advance(hours=8)
    tick(desk)
    assert len(told(desk, number)) == 2


def test_what_is_resolved_owes_nothing(desk, clock):
    number = new(desk)
    close.resolve(desk, number)
    clock.advance(days=3)
    tick(desk)
    assert told(desk, number) == []


@pytest.mark.parametrize(("scope", "name", "holds"), [
    ("all", "", True), ("customer", "acme corp", True), ("customer", "Globex", False),
    ("product", "HyperIP", True), ("product", "", False),
])  # fmt: skip
def test_maintenance_keeps_notices_back_until_it_ends(desk, clock, scope, name, holds):
    number = new(desk, customer="Acme Corp", product="HyperIP")
    end = clock.now() + timedelta(hours=9)
    windows.add_maintenance(
        desk.store,
        Maintenance(
            scope=scope, name=name, start=clock.now(), end=end, entered_by="raj", entered_at=clock.now()
        ),
    )
    clock.advance(hours=8)
    tick(desk)
    due = {one.next_at for one in notices.of_ticket(desk.store, number)}
    assert due == {end if holds else clock.now()}
    entry = look.ticket(desk, number).journal[0]
    assert ("held_until" in entry.data) is holds


def test_quiet_hours_keep_lower_severities_until_morning_and_never_a_severity_1(desk, clock):
    clock.set(clock.now().replace(hour=20, minute=0))
    low, high = new(desk, severity=3), new(desk)
    clock.advance(days=10, hours=9)  # 05:00 UTC is 23:00 in Chicago
    tick(desk)
    morning = clock.now().replace(hour=13)
    assert {one.next_at for one in notices.of_ticket(desk.store, low)} == {morning}
    assert {one.next_at for one in notices.of_ticket(desk.store, high)} == {clock.now()}


def test_what_waited_for_morning_is_told_at_once_when_the_ticket_becomes_severity_1(desk, clock):
    clock.set(clock.now().replace(hour=20, minute=0))
    number = new(desk, severity=3)
    clock.advance(days=10, hours=9)
    tick(desk)
    (waits,) = {one.next_at for one in notices.of_ticket(desk.store, number)}
    assert waits > clock.now()
    clock.advance(minutes=1)
    change.set_severity(desk, number, 1)
    found = [one for one in notices.of_ticket(desk.store, number) if one.made_at < clock.now()]
    assert {(one.severity, one.next_at) for one in found} == {(1, clock.now())}


def test_ending_one_maintenance_frees_nothing_of_another_that_ends_at_the_same_time(desk, clock):
    acme, globex, both = (new(desk, customer=name) for name in ("Acme", "Globex", "Acme"))
    clock.advance(hours=7)
    end = clock.now() + timedelta(hours=3)
    first = maintenance.begin(desk, "customer", "Acme", end, "move")
    maintenance.begin(desk, "customer", "Globex", end, "move")
    clock.advance(hours=1)
    tick(desk)
    assert {one.next_at for one in notices.waiting(desk.store)} == {end}
    assert maintenance.end(desk, first) == 4  # two addresses for each of Acme's tickets
    due = {one.ticket: one.next_at for one in notices.waiting(desk.store)}
    assert due == {acme: clock.now(), both: clock.now(), globex: end}


def test_a_longer_silence_that_ends_leaves_the_shorter_one_in_force(desk, clock):
    number = new(desk, customer="Acme")
    clock.advance(hours=7)
    short, long = (clock.now() + timedelta(hours=hours) for hours in (2, 4))
    maintenance.begin(desk, "all", "", short, "move")
    longer = maintenance.begin(desk, "customer", "Acme", long, "move")
    clock.advance(hours=1)
    tick(desk)
    assert {one.next_at for one in notices.of_ticket(desk.store, number)} == {long}
    assert maintenance.end(desk, longer) == 0
    assert {one.next_at for one in notices.of_ticket(desk.store, number)} == {short}


def test_a_silence_that_begins_keeps_what_waits_for_morning(desk, clock):
    clock.set(clock.now().replace(hour=20, minute=0))
    number = new(desk, severity=3)
    clock.advance(days=10, hours=9)
    tick(desk)
    clock.set(clock.now().replace(hour=12, minute=59))
    end = clock.now() + timedelta(hours=3)
    maintenance.begin(desk, "all", "", end, "move")
    assert {one.next_at for one in notices.of_ticket(desk.store, number)} == {end}


def test_a_roster_that_cannot_be_read_stops_no_deadline_and_is_said(desk, clock, tmp_path):
    broken = tmp_path / "roster.toml"
    broken.write_text('zone = "America/Chicago"\n[[person]\n')
    other = Desk(desk.store, desk.policy, clock, "watch", broken)
    number = new(other)
    clock.advance(hours=8)
    assert len(tick(other).fired) == 1
    found = notices.of_ticket(desk.store, number)
    assert [one.address for one in found] == ["mail:boss@example.com", "desk"], "the next role is told"
    assert "roster.toml: not TOML" in found[0].data["notes"][0]
    broken.write_text(ROSTER)
    clock.advance(hours=16)
    tick(other)
    again = [one for one in notices.of_ticket(desk.store, number) if one.made_at == clock.now()]
    assert [one.address for one in again] == ["mail:boss@example.com", "desk"]


def test_with_a_broken_roster_a_person_is_told_at_the_console_and_the_desk_as_well(desk, clock, tmp_path):
    broken = tmp_path / "roster.toml"
    broken.write_bytes(b"\xff")
    text = preset_text("netex").replace('Services"\nreaches = ["desk"]', 'Services"\nreaches = ["@lee"]')
    other = Desk(desk.store, read_policy(text, "t.toml"), clock, "watch", broken)
    number = new(other)
    clock.advance(hours=8)
    tick(other)
    found = notices.of_ticket(desk.store, number)
    assert [one.address for one in found] == ["console:lee", "desk"]
    assert found[0].data["notes"] == [
        "roster.toml: not UTF-8 text (byte 1); people are told at consoles only"
    ]
