"""NetEx support policy, escalation table: eight rungs, to the second, whatever the calendar does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supporttui.policy import load, plan
from supporttui.policy.timeline import Event, Facts, Timeline

# The table as the vendor prints it: severity → (hours, role), (hours, role).
TABLE = {
    1: ((8, "director"), (24, "president")),
    2: ((3 * 24, "director"), (7 * 24, "president")),
    3: ((10 * 24, "director"), (14 * 24, "president")),
    4: ((45 * 24, "director"), (60 * 24, "president")),
}
REPORTS = {
    "an ordinary afternoon": "2026-05-12T19:03:27Z",
    "a Saturday night": "2026-05-16T04:59:59Z",
    "an hour before the clocks go forward": "2026-03-08T07:00:00Z",
    "the last second of standard time": "2026-03-08T07:59:59Z",
    "the hour that comes twice, first time": "2026-11-01T06:30:00Z",
    "the hour that comes twice, second time": "2026-11-01T07:30:00Z",
    "the evening before the leap day": "2028-02-28T23:59:59Z",
    "on the leap day": "2028-02-29T12:00:00Z",
    "New Year's Eve": "2026-12-31T23:59:59Z",
    "New Year in Chicago": "2027-01-01T06:00:00Z",
    "before 1970": "1969-12-31T20:00:00Z",
}
DIRECTOR, PRESIDENT = "escalation/1/1/director", "escalation/1/2/president"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def ticket(severity: int, *events: Event, reported: str = "2026-05-12T12:00:00Z") -> Timeline:
    return Timeline(reported_at=at(reported), facts=Facts(severity=severity), events=events)


def fired(key: str, when: str, due: str) -> Event:
    _, _, level, role = key.split("/")
    return Event(
        at=at(when),
        kind="fired",
        key=key,
        role=role,
        level=int(level),
        due_at=at(due),
        deadline_kind="escalation",
    )


def by_key(timeline: Timeline) -> dict[str, object]:
    return {deadline.key: deadline for deadline in plan(timeline, load("netex"))}


@pytest.mark.parametrize("severity", TABLE)
@pytest.mark.parametrize("reported", REPORTS.values(), ids=REPORTS)
def test_every_rung_falls_due_by_elapsed_time_from_the_report(severity: int, reported: str) -> None:
    deadlines = plan(ticket(severity, reported=reported), load("netex"))
    expected = [(role, at(reported) + timedelta(hours=hours), "armed") for hours, role in TABLE[severity]]
    assert [(each.role, each.due_at, each.state) for each in deadlines] == expected
    assert [each.level for each in deadlines] == [1, 2]
    assert {each.kind for each in deadlines} == {"escalation"}


def test_a_severity_one_over_the_clock_change_gets_eight_real_hours() -> None:
    """01:00 CST plus eight hours is 10:00 CDT on the wall."""
    first = plan(ticket(1, reported="2026-03-08T07:00:00Z"), load())[0]
    assert first.due_at == at("2026-03-08T10:00:00-05:00")


def test_raising_the_severity_recomputes_from_the_report() -> None:
    raised = ticket(1, Event(at=at("2026-05-14T12:00:00Z"), kind="severity", severity=1))
    assert [each.due_at for each in plan(raised, load())] == [
        at("2026-05-12T20:00:00Z"),
        at("2026-05-13T12:00:00Z"),
    ]


def test_lowering_the_severity_keeps_what_fired_and_moves_the_rest() -> None:
    lowered = ticket(
        3,
        fired(DIRECTOR, "2026-05-12T20:00:05Z", "2026-05-12T20:00:00Z"),
        Event(at=at("2026-05-12T21:00:00Z"), kind="severity", severity=3),
    )
    director, president = plan(lowered, load())
    assert (director.state, director.due_at, director.fired_at) == (
        "fired",
        at("2026-05-12T20:00:00Z"),
        at("2026-05-12T20:00:05Z"),
    )
    assert (president.state, president.due_at) == ("armed", at("2026-05-26T12:00:00Z"))


def test_up_down_and_up_again_tells_nobody_twice() -> None:
    story = ticket(
        1,
        fired(DIRECTOR, "2026-05-12T20:00:00Z", "2026-05-12T20:00:00Z"),
        Event(at=at("2026-05-12T21:00:00Z"), kind="severity", severity=4),
        Event(at=at("2026-05-13T15:00:00Z"), kind="severity", severity=1),
    )
    director, president = plan(story, load())
    assert director.state == "fired"
    assert (president.state, president.due_at) == ("armed", at("2026-05-13T12:00:00Z"))


def test_both_rungs_newly_past_after_a_raise_are_armed_and_overdue_together() -> None:
    raised = ticket(1, Event(at=at("2026-06-30T00:00:00Z"), kind="severity", severity=1))
    assert {each.state for each in plan(raised, load())} == {"armed"}
    assert all(each.due_at < at("2026-06-30T00:00:00Z") for each in plan(raised, load()))


@pytest.mark.parametrize("status", ["open", "waiting-customer", "waiting-vendor"])
def test_no_status_stops_the_ladder(status: str) -> None:
    waiting = ticket(1, Event(at=at("2026-05-12T13:00:00Z"), kind="status", status=status))
    assert [(each.state, each.due_at) for each in plan(waiting, load())] == [
        ("armed", at("2026-05-12T20:00:00Z")),
        ("armed", at("2026-05-13T12:00:00Z")),
    ]


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_a_finished_ticket_owes_nothing(status: str) -> None:
    done = ticket(2, Event(at=at("2026-05-13T00:00:00Z"), kind="status", status=status))
    assert {(each.state, each.reason) for each in plan(done, load())} == {("void", "resolved")}


def test_a_rung_missed_before_the_resolution_is_void_too() -> None:
    """The machine was down; nobody is told of a ticket that is done."""
    done = ticket(1, Event(at=at("2026-05-20T00:00:00Z"), kind="status", status="resolved"))
    assert {(each.state, each.reason) for each in plan(done, load())} == {("void", "resolved")}


def test_a_merged_ticket_stops_and_keeps_what_fired() -> None:
    merged = ticket(
        1,
        fired(DIRECTOR, "2026-05-12T20:00:00Z", "2026-05-12T20:00:00Z"),
        Event(at=at("2026-05-12T21:00:00Z"), kind="merged"),
        Event(at=at("2026-05-12T21:00:00Z"), kind="status", status="closed"),
    )
    director, president = plan(merged, load())
    assert director.state == "fired"
    assert (president.state, president.reason) == ("void", "merged")


def test_reopening_forgives_nothing() -> None:
    """The preset's rule "elapsed": the page counts from the initial report and from nothing else."""
    reopened = ticket(
        2,
        Event(at=at("2026-05-13T12:00:00Z"), kind="status", status="resolved"),
        Event(at=at("2026-05-18T12:00:00Z"), kind="status", status="open"),
    )
    assert [(each.state, each.due_at) for each in plan(reopened, load())] == [
        ("armed", at("2026-05-15T12:00:00Z")),
        ("armed", at("2026-05-19T12:00:00Z")),
    ]


def test_the_keys_do_not_change_with_the_severity() -> None:
    keys = {tuple(by_key(ticket(severity))) for severity in TABLE}
    assert keys == {(DIRECTOR, PRESIDENT)}


def test_the_preset_says_what_the_page_says() -> None:
    policy = load("netex")
    assert [each.round_the_clock for each in policy.severities] == [True, False, False, False]
    assert {phone.region: phone.number for phone in policy.vendor.phones} == {
        "US": "+1.763.694.4350",
        "UK": "+44.3300.271862",
    }
    assert policy.vendor.after_hours_phone == "+1.651.229.5665"
    assert policy.vendor.zone == "America/Chicago"
    assert policy.role("director").title == "Director of Customer Services"
    assert policy.role("president").title == "President and General Manager"
    assert policy.on_reopen == "elapsed"
    assert not policy.targets
    assert {term.name: term.days for term in policy.terms if term.days} == {
        "New operating-system releases": 180,
        "Old product versions": 180,
        "Warranty": 90,
    }


def test_the_desk_is_open_on_weekdays_and_always_for_a_system_down() -> None:
    policy = load("netex")
    friday, evening = at("2026-05-15T15:00:00-05:00"), at("2026-05-15T17:00:00-05:00")
    assert policy.is_desk_open(friday)
    assert not policy.is_desk_open(evening)
    assert policy.is_desk_open(evening, severity=1)
    assert not policy.is_desk_open(evening, severity=2)
