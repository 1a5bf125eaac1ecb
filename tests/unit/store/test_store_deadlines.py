from dataclasses import replace
from datetime import timedelta

from supporttui.store import deadlines, tickets
from supporttui.store.criteria import Flag, Sort

HOUR = timedelta(hours=1)


def test_a_plan_is_stored_and_shows_in_the_ticket(store, report, rung, now):
    number = report(store, owner="ana", customer="Acme")
    plan = [
        rung("director", now + 8 * HOUR, clause="sev2", level=1),
        rung("response", now + HOUR, kind="response", role="owner", remaining=3600, state="paused"),
    ]
    deadlines.replace(store, number, plan, "hash1")
    ticket = tickets.get(store, number)
    assert (ticket.next_due_at, ticket.next_due_role) == (now + 8 * HOUR, "director")
    assert not ticket.paused and ticket.version == 1
    response, director = deadlines.of_ticket(store, number)
    assert (director.key, director.clause, director.policy_hash) == ("director", "sev2", "hash1")
    assert (director.subject, director.owner, director.customer) == ("link down", "ana", "Acme")
    assert (response.state, response.remaining, response.kind) == ("paused", 3600, "response")


def test_a_ticket_whose_clocks_all_stand_still_is_paused(store, report, rung, now):
    number = report(store)
    deadlines.replace(store, number, [rung("director", now + HOUR, "paused")], "h")
    ticket = tickets.get(store, number)
    assert ticket.paused and ticket.next_due_at is None
    assert tickets.page(store, Flag("paused"), Sort(), limit=5)[0].number == number


def test_the_highest_of_equals_gives_the_role(store, report, rung, now):
    number = report(store)
    plan = [rung("owner", now + HOUR, level=1), rung("president", now + HOUR, level=3)]
    deadlines.replace(store, number, plan, "h")
    assert tickets.get(store, number).next_due_role == "president"


def test_a_new_plan_replaces_the_old(store, report, rung, now):
    number = report(store)
    old = [rung("a", now), rung("b", now + HOUR), rung("c", now + 2 * HOUR)]
    deadlines.replace(store, number, old, "h1")
    assert deadlines.fire(store, number, "a", now, "h1")
    deadlines.replace(store, number, [rung("b", now + 3 * HOUR), rung("d", now + 4 * HOUR)], "h2")
    states = {
        line.key: (line.state, line.reason, line.policy_hash) for line in deadlines.of_ticket(store, number)
    }
    assert states == {
        "a": ("fired", "", "h1"),  # what was told stays told
        "b": ("armed", "", "h2"),
        "c": ("void", "superseded", "h1"),
        "d": ("armed", "", "h2"),
    }
    assert tickets.get(store, number).next_due_at == now + 3 * HOUR


def test_what_fired_keeps_the_hash_of_the_policy_that_told_it(store, report, rung, now):
    number = report(store)
    deadlines.replace(store, number, [rung("a", now)], "h1")
    deadlines.fire(store, number, "a", now, "h2")
    deadlines.replace(store, number, [rung("a", now, "acknowledged", fired_at=now)], "h3")
    (line,) = deadlines.of_ticket(store, number)
    assert (line.state, line.policy_hash, line.fired_at) == ("acknowledged", "h2", now)
    assert tickets.get(store, number).overdue_since is None


def test_due_is_armed_and_past_oldest_first(store, report, rung, now):
    one, two = report(store), report(store)
    deadlines.replace(store, one, [rung("a", now), rung("b", now + HOUR)], "h")
    deadlines.replace(store, two, [rung("a", now - HOUR), rung("p", now - HOUR, "paused")], "h")
    assert [(line.ticket, line.key) for line in deadlines.due(store, now)] == [(two, "a"), (one, "a")]
    assert len(deadlines.due(store, now, limit=1)) == 1
    assert deadlines.due(store, now - 2 * HOUR) == []
    assert deadlines.next_due(store) == now - HOUR


def test_a_rung_fires_once_and_not_before_its_time(store, report, rung, now):
    number = report(store)
    deadlines.replace(store, number, [rung("a", now)], "h")
    assert not deadlines.fire(store, number, "a", now - timedelta(seconds=1), "h")
    assert deadlines.fire(store, number, "a", now, "h")
    assert not deadlines.fire(store, number, "a", now, "h")
    assert not deadlines.fire(store, number, "other", now, "h")
    ticket = tickets.get(store, number)
    assert ticket.overdue_since == now and ticket.next_due_at is None and ticket.version == 1


def test_a_paused_rung_does_not_fire(store, report, rung, now):
    number = report(store)
    deadlines.replace(store, number, [rung("a", now, "paused")], "h")
    assert not deadlines.fire(store, number, "a", now, "h")


def test_a_ticket_that_is_not_open_has_no_deadlines_running(store, report, rung, now):
    number = report(store)
    deadlines.replace(store, number, [rung("a", now), rung("b", now + HOUR)], "h")
    deadlines.fire(store, number, "a", now, "h")
    tickets.update(store, number, 1, {"resolved_at": now})
    ticket = tickets.get(store, number)
    assert ticket.next_due_at is None and ticket.overdue_since is None
    assert deadlines.due(store, now + 9 * HOUR) == [] and deadlines.next_due(store) is None
    assert deadlines.upcoming(store, limit=9) == []
    assert not deadlines.fire(store, number, "b", now + HOUR, "h")
    assert len(deadlines.of_ticket(store, number)) == 2
    tickets.update(store, number, 2, {"resolved_at": None})
    ticket = tickets.get(store, number)
    assert (ticket.overdue_since, ticket.next_due_at) == (now, now + HOUR)
    assert len(deadlines.upcoming(store, limit=9)) == 2


def test_the_timers_pane(store, report, rung, now):
    one, two = report(store), report(store)
    deadlines.replace(store, one, [rung("a", now + HOUR), rung("z", now + 3 * HOUR, "void")], "h")
    fired = replace(rung("b", now + 2 * HOUR), state="fired", fired_at=now)
    deadlines.replace(store, two, [fired, rung("p", now, "paused")], "h")
    shown = deadlines.upcoming(store, limit=9)
    assert [line.key for line in shown] == ["b", "p", "a"]
    assert deadlines.upcoming(store, limit=1, offset=1) == shown[1:2]
    assert [line.key for line in deadlines.upcoming(store, limit=9, states=("armed",))] == ["a"]
    assert [line.key for line in deadlines.upcoming(store, limit=9, ticket=two)] == ["b", "p"]
    assert deadlines.upcoming(store, limit=9, states=()) == []
