"""Who is here, whatever the clocks say; and what somebody has not seen yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.clock import ManualClock
from supporttui.desk import presence
from supporttui.desk.presence import LEASE, RENEW, Circle
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.write import note
from supporttui.store import open_store
from supporttui.store.presence import Lease

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)


def lease(at=NOW, *, actor="raj", ticket=7, doing="reply", beats=1, since=None, console="c2") -> Lease:
    return Lease(console, actor, ticket, doing, since or at, at, beats)


def test_a_lease_lives_a_minute_without_renewal():
    circle = Circle()
    circle.take([lease()], NOW)
    assert circle.here(NOW + LEASE)
    assert not circle.here(NOW + LEASE + timedelta(seconds=1))


def test_one_knows_for_how_long():
    circle = Circle()
    circle.take([lease(NOW, since=NOW - timedelta(minutes=2))], NOW)
    assert [one.seconds for one in circle.here(NOW + timedelta(seconds=10))] == [130]


def test_writers_come_first_and_oneself_not_at_all():
    circle = Circle()
    circle.take(
        [
            lease(doing="", actor="zoe", console="c1"),
            lease(),
            lease(actor="ANA", console="c3"),
            lease(actor="bo", console="me"),
            lease(ticket=0, actor="gone", console="c5"),
        ],
        NOW,
    )
    assert [one.actor for one in circle.here(NOW, without="me", actor="ana")] == ["raj", "zoe"]


def test_a_lease_that_was_dead_when_first_met_is_not_believed_until_it_is_renewed():
    circle = Circle()
    circle.take([lease(NOW - timedelta(hours=3))], NOW)
    assert not circle.here(NOW)
    circle.take([lease(NOW - timedelta(hours=3) + RENEW, beats=2)], NOW + RENEW)
    assert circle.here(NOW + RENEW), "its clock is three hours behind, but it is renewed"


@given(st.integers(-100_000, 100_000), st.integers(1, 8))
def test_whatever_the_skew_who_renews_is_here_and_who_is_killed_goes(skew, renewals):
    circle, now = Circle(), NOW
    for beat in range(1, renewals + 2):
        now = NOW + RENEW * beat
        circle.take(
            [lease(now + timedelta(seconds=skew), since=NOW + timedelta(seconds=skew), beats=beat)], now
        )
    here = circle.here(now)
    assert len(here) == 1
    assert here[0].seconds == int((now - NOW).total_seconds())
    assert not circle.here(now + LEASE + timedelta(seconds=1))


def test_setting_the_own_clock_back_keeps_nobody_for_ever():
    circle = Circle()
    circle.take([lease()], NOW)
    back = NOW - timedelta(days=1)
    assert circle.here(back)
    assert not circle.here(back + LEASE + timedelta(seconds=1))


@pytest.fixture
def desks(tmp_path):
    clock = ManualClock(NOW)
    made = [Desk(open_store(tmp_path / "desk.sqlite3"), "netex", clock, name) for name in ("ana", "raj")]
    yield made
    for desk in made:
        desk.store.close()


def test_nothing_is_unseen_at_first_use_then_what_others_write_is(desks):
    ana, raj = desks
    number = report(raj, NewTicket(subject="down", severity=3)).number
    assert presence.unseen(ana, [number]) == frozenset()
    note(raj, number, "one")
    note(raj, number, "two")
    note(ana, number, "mine")
    assert presence.unseen(ana, [number, 999]) == {number}
    news = presence.unseen_of(ana, number)
    assert (news.count, news.at) == (2, None)
    ana.clock.advance(minutes=5)
    presence.saw(ana, number, 10_000)
    assert presence.unseen(ana, [number]) == frozenset()
    assert presence.unseen_of(ana, number).at == NOW + timedelta(minutes=5)
    assert presence.unseen(raj, [number]) == frozenset(), "his marks begin now"


def test_looking_writes_no_journal_and_does_not_touch_the_store(desks):
    ana, raj = desks
    number = report(raj, NewTicket(subject="down", severity=3)).number
    before = raj.store.data_version()
    presence.unseen(ana, [number])
    presence.saw(ana, number, 3)
    presence.say(ana, lease())
    assert raj.store.data_version() == before


def test_without_marks_nothing_is_called_unseen(desks, tmp_path):
    ana, raj = desks
    number = report(raj, NewTicket(subject="down", severity=3)).number
    presence.unseen(ana, [number])
    note(raj, number, "one")
    (tmp_path / "desk.sqlite3-presence.db").unlink()
    assert presence.unseen(ana, [number]) == frozenset()
    note(raj, number, "two")
    assert presence.unseen(ana, [number]) == {number}
