"""Properties of planning over random policies and stories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supporttui.policy import diff, explain, plan
from supporttui.policy.timeline import Deadline, Event, Facts, Timeline

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# No months here: clipping the day makes 31 January 10:00 fall before 30 January 20:00.
DURATIONS = ["7 min", "8 hours", "3 days", "30 business minutes", "12 business hours", "2 business days", "end of business day"]  # fmt: skip
SHARES = ["50% of response", "100% of response", "50% over response"]
ZONES = ["UTC", "America/Chicago", "Australia/Lord_Howe", "Asia/Kuala_Lumpur"]
HOURS = [
    '{ mon-fri = ["09:00-17:00"] }',
    '{ mon = ["10:00-12:00", "13:00-15:30"], tue = ["08:00-18:00"], thu = ["12:00-24:00"], fri = ["00:00-04:00"] }',
    '{ mon-thu = ["22:00-06:00"], sun = ["20:00-24:00"] }',
    '"24/7"',
]
STATUSES = ["open", "waiting-customer", "waiting-vendor", "resolved", "closed"]
START = datetime(2026, 1, 1, tzinfo=UTC)

instants = st.integers(0, 400 * 86400).map(lambda seconds: START + timedelta(seconds=seconds))


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """The rules and the head of a policy with a response target and a ladder of shares and times."""
    target = draw(st.sampled_from(DURATIONS))
    shares = SHARES[:2] if target == "end of business day" else SHARES
    rungs = draw(st.lists(st.sampled_from(DURATIONS + shares), min_size=1, max_size=4))
    paused = draw(st.lists(st.sampled_from(["waiting-customer", "waiting-vendor"]), unique=True))
    repeat = draw(st.sampled_from(["", 'repeat = "90 min"\n', 'repeat = "3 business hours"\n']))
    text = f'[[target]]\nname = "t"\nkind = "response"\nafter = "{target}"\nwarn = ["75%", "5 min before"]\n'
    text += '[[target]]\nname = "u"\nkind = "update"\nafter = "1 day"\n[[ladder]]\nname = "l"\n'
    text += "".join(
        f'[[ladder.rung]]\nafter = "{after}"\nrole = "{role}"\n{repeat}'
        for after, role in zip(rungs, ["lead", "boss", "lead", "boss"], strict=False)
    )
    names = ", ".join(f'"{name}"' for name in paused)
    text += f"[pauses]\nescalation = [{names}]\nresponse = [{names}]\n"
    head = {"on_reopen": ["continue", "restart", "elapsed"], "zone": ZONES, "hours": HOURS}
    return text, {key: draw(st.sampled_from(choices)) for key, choices in head.items()}


@st.composite
def stories(
    draw: st.DrawFn, kinds: tuple[str, ...] = ("status", "reply", "customer", "acknowledged", "severity")
):
    """A ticket with events in order."""
    reported = draw(instants)
    at, events = reported, []
    for _ in range(draw(st.integers(0, 8))):
        at += timedelta(seconds=draw(st.integers(0, 3 * 86400)))
        kind = draw(st.sampled_from(kinds))
        events.append(
            Event(
                at=at,
                kind=kind,
                status=draw(st.sampled_from(STATUSES)) if kind == "status" else "",
                severity=2 if kind == "severity" else 0,
                until=at + timedelta(hours=2) if kind == "acknowledged" else None,
            )
        )
    return Timeline(reported_at=reported, facts=Facts(severity=1), events=tuple(events))


def fire(timeline: Timeline, deadline: Deadline, at: datetime) -> Timeline:
    event = Event(
        at=at, kind="fired", key=deadline.key, role=deadline.role, level=deadline.level,
        due_at=deadline.due_at, deadline_kind=deadline.kind,
    )  # fmt: skip
    return Timeline(
        reported_at=timeline.reported_at,
        facts=timeline.facts,
        status=timeline.status,
        events=(*timeline.events, event),
    )


def run_to_the_end(timeline: Timeline, policy, limit: int = 12) -> list[tuple[str, datetime]]:
    """Tick from due instant to due instant; every firing with its time."""
    now = max([timeline.reported_at, *(event.at for event in timeline.events)])
    told = []
    for _ in range(limit):
        due = [each for each in plan(timeline, policy) if each.state == "armed"]
        if not due:
            break
        now = max(now, due[0].due_at)
        timeline = fire(timeline, due[0], now)
        told.append((due[0].key, now))
    return told


@quick
@given(rules(), stories())
def test_planning_is_pure_ordered_and_has_each_key_once(kit, written, story) -> None:
    policy = kit.policy(written[0], **written[1])
    planned = plan(story, policy)
    assert planned == plan(story, kit.policy(written[0], **written[1]))
    assert list(planned) == sorted(planned, key=lambda each: (each.due_at, -each.level, each.key))
    assert len({each.key for each in planned}) == len(planned)
    for each in planned:
        assert each.due_at.tzinfo is UTC and each.due_at.microsecond == 0
        assert (each.state == "paused") == (each.remaining is not None)
        assert each.remaining is None or each.remaining >= 0
        assert (each.state == "void") <= bool(each.reason)
        assert (each.fired_at is not None) == (each.state in ("fired", "acknowledged"))
    assert diff(policy, policy, [(1, story)]) == ()
    assert tuple(each.deadline for each in explain(story, policy)) == planned


@quick
@given(rules(), stories(("status",)), st.integers(0, 4 * 86400), st.integers(1, 3 * 86400))
def test_a_pause_never_moves_a_deadline_earlier(kit, written, story, after, length) -> None:
    """One more wait, put anywhere into an open stretch at the end of the story."""
    policy = kit.policy(written[0], **written[1])
    opened = max([story.reported_at, *(event.at for event in story.events)])
    base = [*story.events, Event(at=opened, kind="status", status="open")]
    begin = opened + timedelta(seconds=after)
    wait = [
        Event(at=begin, kind="status", status="waiting-customer"),
        Event(at=begin + timedelta(seconds=length), kind="status", status="open"),
    ]
    plain = {each.key: each for each in plan(_with(story, base), policy)}
    paused = {each.key: each for each in plan(_with(story, [*base, *wait]), policy)}
    waiting = {each.key: each for each in plan(_with(story, [*base, wait[0]]), policy)}
    assert plain.keys() == paused.keys() == waiting.keys()
    for key, deadline in plain.items():
        assert deadline.due_at <= paused[key].due_at
        assert deadline.due_at == waiting[key].due_at
        if waiting[key].state == "paused":
            assert begin < deadline.due_at


@quick
@given(rules(), stories(("status",)), st.integers(1, 5 * 86400))
def test_a_later_report_never_has_an_earlier_deadline(kit, written, story, later) -> None:
    policy = kit.policy(written[0], **written[1])
    bare = Timeline(reported_at=story.reported_at, facts=story.facts)
    moved = Timeline(reported_at=story.reported_at + timedelta(seconds=later), facts=story.facts)
    first, second = plan(bare, policy), plan(moved, policy)
    dues = {each.key: each.due_at for each in second}
    assert all(each.due_at <= dues[each.key] for each in first)


@quick
@given(rules(), stories())
def test_what_fired_never_fires_again_and_nothing_fires_before_it_is_due(kit, written, story) -> None:
    policy = kit.policy(written[0], **written[1])
    told = run_to_the_end(story, policy)
    assert len({key for key, _ in told}) == len(told)
    assert [at for _, at in told] == sorted(at for _, at in told)


@quick
@given(rules(), rules(), stories())
def test_what_fired_stays_fired_under_another_policy(kit, written, other, story) -> None:
    policy = kit.policy(written[0], **written[1])
    due = [each for each in plan(story, policy) if each.state == "armed"]
    if not due:
        return
    told = fire(story, due[0], max(due[0].due_at, *(event.at for event in story.events), story.reported_at))
    for rules_now in (policy, kit.policy(other[0], **other[1])):
        after = {each.key: each for each in plan(told, rules_now)}[due[0].key]
        assert after.state in ("fired", "acknowledged")
        assert (after.due_at, after.role, after.kind) == (due[0].due_at, due[0].role, due[0].kind)


def test_planning_is_quick_enough_for_an_import_of_100000_tickets() -> None:
    """At least 10,000 plans a second even on a busy machine (idle, it is several times that)."""
    import time

    from supporttui.policy import load

    policy, began = load("netex"), time.perf_counter()
    for second in range(5000):
        plan(
            Timeline(reported_at=START + timedelta(seconds=second), facts=Facts(severity=1 + second % 4)),
            policy,
        )
    assert time.perf_counter() - began < 0.5


def _with(story: Timeline, events: list[Event]) -> Timeline:
    return Timeline(reported_at=story.reported_at, facts=story.facts, events=tuple(events))


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_netex_ticks_through_its_ladder_and_stops(severity) -> None:
    from supporttui.policy import load

    story = Timeline(reported_at=START, facts=Facts(severity=severity))
    assert [key for key, _ in run_to_the_end(story, load("netex"))] == [
        "escalation/1/1/director",
        "escalation/1/2/president",
    ]
