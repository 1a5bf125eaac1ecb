"""The sample desk: what a newcomer finds on it, under whichever policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supporttui.clock import ManualClock
from supporttui.demo import FIRES_IN, TICKETS, build_demo
from supporttui.demo.stories import OFFICE, TRANSFER
from supporttui.desk import look
from supporttui.desk.session import Desk
from supporttui.policy import load, template
from supporttui.store import open_store, tickets
from supporttui.store.criteria import AllOf, Sort
from supporttui.watch.tick import tick

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def built(policy: object = "netex", **options: int) -> Desk:
    desk = Desk(open_store(":memory:"), policy, ManualClock(NOW), "ana")
    build_demo(desk, **options)
    return desk


def everything(desk: Desk) -> list[object]:
    count = tickets.count(desk.store, AllOf())
    seen: list[object] = []
    for number in range(1, count + 1):
        view = look.ticket(desk, number)
        entries = [(one.at, one.actor, one.kind, one.text, one.data) for one in view.journal]
        seen.append((view.ticket, entries, view.deadlines))
    return seen


@pytest.fixture(scope="module")
def desk() -> Desk:
    return built()


def test_about_300_tickets_of_both_vendors_in_every_state(desk: Desk) -> None:
    lines = tickets.page(desk.store, AllOf(), Sort(), limit=1000)
    assert len(lines) == TICKETS == 300
    products = {line.product for line in lines}
    assert products & set(TRANSFER) and products & set(OFFICE)
    assert {line.severity for line in lines} == {1, 2, 3, 4}
    assert {line.status for line in lines} == {status.name for status in desk.policy.statuses}
    assert 40 <= sum(line.status not in ("resolved", "closed") for line in lines) <= 90
    channels = {tickets.get(desk.store, line.number).channel for line in lines}
    assert channels == {"phone", "email", "web"}


def test_a_severity_1_fires_its_eighth_hour_while_a_newcomer_looks_on(desk: Desk) -> None:
    first = min(
        (one for one in look.timers(desk, limit=500) if one.state == "armed" and one.severity == 1),
        key=lambda one: one.due_at,
    )
    ticket = tickets.get(desk.store, first.ticket)
    assert first.role == "director" and first.due_at == ticket.reported_at + timedelta(hours=8)
    assert first.due_at == NOW + FIRES_IN <= NOW + timedelta(minutes=2)
    assert not tick(desk).fired
    later = Desk(desk.store, desk.policy, ManualClock(first.due_at), "clock")
    assert (first.ticket, "director") in {(one.ticket, one.role) for one in tick(later).fired}


def test_the_seed_decides() -> None:
    assert everything(built(seed=3, tickets=40)) == everything(built(seed=3, tickets=40))
    assert everything(built(seed=3, tickets=40)) != everything(built(seed=4, tickets=40))


def test_any_policy_will_do(tmp_path) -> None:
    ours = tmp_path / "ours.toml"
    ours.write_text(template("ours"))
    for policy in (load("xnet"), load(ours)):
        desk = built(policy, tickets=60)
        lines = tickets.page(desk.store, AllOf(), Sort(), limit=100)
        assert len(lines) == 60
        assert {line.severity for line in lines} <= {one.number for one in policy.severities}
        channels = [tickets.get(desk.store, line.number).channel for line in lines]
        assert set(channels) <= set(policy.channels)
