"""A rehearsal tells what would be told, when and to whom, changes nothing, and can be kept."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import attention
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.roster import read_roster
from supporttui.store import notices, open_store
from supporttui.watch.rehearsal import compare, rehearse
from supporttui.watch.tick import tick

ROSTER = """
zone = "UTC"
[[person]]
name = "lee"
email = "lee@v.example"
away = ["2026-11-17"]
[[rotation]]
name = "managers"
people = ["lee"]
handover = "mon 09:00"
starts = 2026-01-05
[[quiet]]
severity = [2, 3, 4]
hours = "22:00-07:00"
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "d"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def play(folder, clock):
    """Rehearse on a copy of a desk that `fill` fills."""
    text = preset_text("netex").replace(
        'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["oncall:managers"]'
    )
    policy, roster = read_policy(text, "t.toml"), read_roster(ROSTER, "r.toml")

    def played(fill, **length):
        with open_store(folder / "desk.sqlite3") as store:
            fill(Desk(store, policy, clock, "ana", roster))
            before = store.execute("SELECT count(*) FROM journal")
            store.backup(folder / "copy.sqlite3")
            with open_store(folder / "copy.sqlite3") as copy:
                desk = Desk(copy, policy, ManualClock(clock.now()), "x", roster)
                found = list(rehearse(desk, clock.now() + timedelta(**length)))
            assert store.execute("SELECT count(*) FROM journal") == before
            assert notices.counts(store)["queued"] == 0
        (folder / "copy.sqlite3").unlink()
        return found

    return played


def said(told, start):
    return [(one.at - start, one.ticket, one.address) for one in told]


def test_every_rung_is_told_at_its_instant_and_to_whom(play, clock):
    def fill(desk):
        report(desk, NewTicket(subject="down", severity=1))

    told = play(fill, days=2)
    assert said(told, clock.now()) == [
        (timedelta(hours=8), 1, "mail:lee@v.example"),
        (timedelta(hours=24), 1, "desk"),
    ]


def test_who_is_away_is_passed_over_and_quiet_hours_are_kept(play, clock):
    def fill(desk):
        clock.advance(days=-2)
        report(desk, NewTicket(subject="slow", severity=2, reported_at=clock.now()))
        clock.advance(days=2)
        report(desk, NewTicket(subject="down", severity=1, reported_at=clock.now() - timedelta(hours=-0)))

    told = play(fill, hours=30)  # until Tuesday evening; lee is away on that day
    assert [one.passed for one in told if one.ticket == 1 and one.address == "desk"] != [()]
    for one in told:
        assert not (one.severity == 2 and (one.at.hour >= 22 or one.at.hour < 7))


def test_a_promise_that_passes_is_told_and_one_kept_is_not(play, clock):
    def fill(desk):
        report(desk, NewTicket(subject="down", severity=1, owner="ana"))
        clock.advance(hours=8)
        tick(desk)
        for notice in notices.waiting(desk.store):
            notices.sent(desk.store, [notice.id], clock.now())
        attention.acknowledge(desk, 1, clock.now() + timedelta(hours=2))

    told = play(fill, hours=3)
    assert {(one.at - clock.now(), one.role, one.address) for one in told} == {
        (timedelta(hours=2), "owner", "console:ana"),
        (timedelta(hours=2), "owner", "desk"),
    }


def test_the_same_play_is_the_same_and_another_is_told_apart(play, clock, folder):
    def fill(desk):
        if not desk.store.execute("SELECT 1 FROM ticket"):
            report(desk, NewTicket(subject="down", severity=1))

    first, second = (json.loads(json.dumps([one.plain() for one in play(fill, days=2)])) for _ in range(2))
    assert compare(first, second) == []
    assert len(compare(first, second[:1])) == 1
    changed = [{**first[0], "address": "mail:x@v.example"}, *first[1:]]
    assert [line[0] for line in compare(changed, second)] == ["-", "+"]


def test_nothing_owed_is_nothing_told(play):
    assert play(lambda desk: report(desk, NewTicket(subject="a question", severity=4)), days=7) == []
