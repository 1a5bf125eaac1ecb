"""Ladders: pauses, reopening by each rule, who was told, repeats, acknowledging."""

from __future__ import annotations

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import preset_text, read_policy

LADDER = """
[[ladder]]
name = "steps"
[[ladder.rung]]
after = "8 hours"
role = "lead"
[[ladder.rung]]
after = "1 day"
role = "boss"
"""
PAUSED = LADDER + '[pauses]\nescalation = ["waiting-customer", "waiting-vendor"]\n'
LEAD, BOSS = "escalation/1/1/lead", "escalation/1/2/boss"
REPORT = "2026-05-11T10:00"


def test_a_finished_pause_moves_the_rungs_by_its_length(kit) -> None:
    story = [kit.status("2026-05-11T12:00", "waiting-customer"), kit.status("2026-05-11T15:00", "open")]
    planned = kit.plan(kit.policy(PAUSED), REPORT, *story)
    assert planned[LEAD].due_at == kit.at("2026-05-11T21:00")
    assert planned[BOSS].due_at == kit.at("2026-05-12T13:00")


def test_neighbouring_pauses_are_one_and_are_counted_once(kit) -> None:
    story = [
        kit.status("2026-05-11T12:00", "waiting-customer"),
        kit.status("2026-05-11T13:00", "waiting-vendor"),
        kit.status("2026-05-11T13:00", "waiting-customer"),
        kit.status("2026-05-11T14:00", "open"),
    ]
    assert kit.plan(kit.policy(PAUSED), REPORT, *story)[LEAD].due_at == kit.at("2026-05-11T20:00")


def test_while_paused_it_shows_what_is_left(kit) -> None:
    planned = kit.plan(kit.policy(PAUSED), REPORT, kit.status("2026-05-11T12:00", "waiting-vendor"))
    assert (planned[LEAD].state, planned[LEAD].remaining) == ("paused", 6 * 3600)
    assert planned[LEAD].due_at == kit.at("2026-05-11T18:00")


def test_a_pause_begun_after_the_due_instant_changes_nothing(kit) -> None:
    for when in ("2026-05-11T18:00", "2026-05-11T19:00"):
        planned = kit.plan(kit.policy(PAUSED), REPORT, kit.status(when, "waiting-customer"))
        assert (planned[LEAD].state, planned[LEAD].due_at) == ("armed", kit.at("2026-05-11T18:00"))
        assert planned[BOSS].state == "paused"
    past = [kit.status("2026-05-11T19:00", "waiting-customer"), kit.status("2026-05-11T20:00", "open")]
    assert kit.plan(kit.policy(PAUSED), REPORT, *past)[LEAD].due_at == kit.at("2026-05-11T18:00")


def test_a_pause_is_cut_with_the_calendar(kit) -> None:
    """Waiting overnight costs no business time."""
    rules = PAUSED.replace('"8 hours"', '"8 business hours"')
    overnight = [kit.status("2026-05-11T17:30", "waiting-customer"), kit.status("2026-05-12T08:00", "open")]
    assert kit.plan(kit.policy(rules), REPORT, *overnight)[LEAD].due_at == kit.at("2026-05-12T10:00")
    morning = [kit.status("2026-05-11T16:00", "waiting-customer"), kit.status("2026-05-12T09:30", "open")]
    assert kit.plan(kit.policy(rules), REPORT, *morning)[LEAD].due_at == kit.at("2026-05-12T11:30")


def test_what_is_left_on_a_business_clock_is_business_time(kit) -> None:
    rules = PAUSED.replace('"8 hours"', '"8 business hours"')
    planned = kit.plan(kit.policy(rules), REPORT, kit.status("2026-05-11T15:00", "waiting-customer"))
    assert planned[LEAD].remaining == 3 * 3600


@pytest.mark.parametrize(
    ("rule", "keys", "lead", "boss"),
    [
        ("continue", (LEAD, BOSS), "2026-05-13T18:00", "2026-05-14T10:00"),
        ("elapsed", (LEAD, BOSS), "2026-05-11T18:00", "2026-05-12T10:00"),
        ("restart", ("escalation/2/1/lead", "escalation/2/2/boss"), "2026-05-13T20:00", "2026-05-14T12:00"),
    ],
)
def test_each_reopening_rule(kit, rule, keys, lead, boss) -> None:
    """Reported Monday 10:00, resolved 12:00, reopened Wednesday 12:00."""
    story = [kit.status("2026-05-11T12:00", "resolved"), kit.status("2026-05-13T12:00", "open")]
    planned = kit.plan(kit.policy(LADDER, on_reopen=rule), REPORT, *story)
    assert [(each.key, each.state, each.due_at) for each in planned.values()] == [
        (keys[0], "armed", kit.at(lead)),
        (keys[1], "armed", kit.at(boss)),
    ]


def test_resolved_then_closed_then_reopened_is_one_stop(kit) -> None:
    story = [
        kit.status("2026-05-11T12:00", "resolved"),
        kit.status("2026-05-12T12:00", "closed"),
        kit.status("2026-05-13T12:00", "waiting-customer"),
        kit.status("2026-05-13T14:00", "open"),
    ]
    assert kit.plan(kit.policy(PAUSED), REPORT, *story)[LEAD].due_at == kit.at("2026-05-13T20:00")


def test_restarted_twice_tells_the_same_role_again(kit) -> None:
    policy = kit.policy(LADDER, on_reopen="restart")
    first = kit.plan(policy, REPORT)[LEAD]
    story = [
        kit.fired("2026-05-11T18:00", first),
        kit.status("2026-05-11T20:00", "resolved"),
        kit.status("2026-05-12T12:00", "open"),
        kit.status("2026-05-12T13:00", "closed"),
        kit.status("2026-05-13T12:00", "open"),
    ]
    planned = kit.plan(policy, REPORT, *story)
    assert planned["escalation/3/1/lead"].state == "armed"
    assert planned["escalation/3/1/lead"].due_at == kit.at("2026-05-13T20:00")
    assert planned[LEAD].fired_at == kit.at("2026-05-11T18:00")
    assert (planned[LEAD].state, planned[LEAD].reason) == ("acknowledged", "superseded")


@pytest.mark.parametrize("rule", ["continue", "elapsed"])
def test_other_reopenings_tell_nobody_twice(kit, rule) -> None:
    policy = kit.policy(LADDER, on_reopen=rule)
    story = [
        kit.fired("2026-05-11T18:00", kit.plan(policy, REPORT)[LEAD]),
        kit.status("2026-05-11T20:00", "resolved"),
        kit.status("2026-05-12T12:00", "open"),
    ]
    planned = kit.plan(policy, REPORT, *story)
    assert planned[LEAD].state == "fired"
    assert planned[BOSS].state == "armed"


def test_a_role_told_under_another_policy_is_not_told_by_a_lower_or_equal_rung(kit) -> None:
    """The old policy told the boss at rung 2; the new one has him at 1, 2 and 3."""
    old = kit.policy(LADDER)
    told = kit.fired("2026-05-12T10:00", kit.plan(old, REPORT)[BOSS])
    new = kit.policy(
        '[[ladder]]\nname = "boss only"\n'
        + "".join(
            f'[[ladder.rung]]\nafter = "{n} days"\nrole = "{role}"\n'
            for n, role in ((1, "boss"), (2, "lead"), (3, "boss"))
        )
    )
    planned = kit.plan(new, REPORT, told)
    assert (planned["escalation/1/1/boss"].state, planned["escalation/1/1/boss"].reason) == (
        "void",
        "already told",
    )
    assert planned["escalation/1/2/lead"].state == "armed"
    assert planned["escalation/1/3/boss"].state == "armed"
    assert (planned[BOSS].state, planned[BOSS].due_at) == ("fired", kit.at("2026-05-12T10:00"))


def test_a_rung_escalated_by_hand_is_not_told_again(kit) -> None:
    policy = kit.policy(LADDER)
    by_hand = kit.fired("2026-05-11T11:00", kit.plan(policy, REPORT)[LEAD])
    planned = kit.plan(policy, REPORT, by_hand)
    assert (planned[LEAD].state, planned[LEAD].fired_at) == ("fired", kit.at("2026-05-11T11:00"))
    assert planned[BOSS].state == "armed"


def test_an_acknowledgement_quiets_what_fired_and_not_the_next_rung(kit) -> None:
    policy = kit.policy(LADDER)
    story = [
        kit.fired("2026-05-11T18:00", kit.plan(policy, REPORT)[LEAD]),
        kit.event("2026-05-11T18:30", "acknowledged", until="2026-05-11T20:00"),
    ]
    planned = kit.plan(policy, REPORT, *story)
    assert planned[LEAD].state == "acknowledged"
    assert planned[BOSS].state == "armed"
    assert planned["promise/1"].due_at == kit.at("2026-05-11T20:00")
    fired_later = [*story, kit.fired("2026-05-12T10:00", planned[BOSS])]
    assert kit.plan(policy, REPORT, *fired_later)[BOSS].state == "fired"


def test_an_acknowledgement_that_expired_raises_the_ticket_again(kit) -> None:
    policy = kit.policy(LADDER)
    story = [
        kit.fired("2026-05-11T18:00", kit.plan(policy, REPORT)[LEAD]),
        kit.event("2026-05-11T18:30", "acknowledged", until="2026-05-11T20:00"),
    ]
    broken = [*story, kit.fired("2026-05-11T20:00", kit.plan(policy, REPORT, *story)["promise/1"])]
    planned = kit.plan(policy, REPORT, *broken)
    assert (planned[LEAD].state, planned["promise/1"].state) == ("fired", "fired")
    again = [*broken, kit.event("2026-05-11T20:10", "acknowledged", until="2026-05-11T22:00")]
    planned = kit.plan(policy, REPORT, *again)
    assert (planned[LEAD].state, planned["promise/1"].state) == ("acknowledged", "acknowledged")
    assert planned["promise/2"].state == "armed"


REPEATED = LADDER.replace('role = "lead"\n', 'role = "lead"\nrepeat = "2 hours"\n')


def test_repeats_stay_on_the_grid_of_the_first_due_time(kit) -> None:
    policy = kit.policy(REPEATED)
    planned = kit.plan(policy, REPORT)
    assert f"{LEAD}/1" not in planned
    late = kit.fired("2026-05-11T18:25", planned[LEAD])
    planned = kit.plan(policy, REPORT, late)
    assert planned[f"{LEAD}/1"].due_at == kit.at("2026-05-11T20:00")
    # The machine slept through one and a half turns: the next one is on the grid again.
    later = kit.fired("2026-05-11T23:10", planned[f"{LEAD}/1"])
    planned = kit.plan(policy, REPORT, late, later)
    assert planned[f"{LEAD}/2"].due_at == kit.at("2026-05-12T00:00")
    assert planned[f"{LEAD}/1"].state == "fired"
    assert {key for key, each in planned.items() if each.state == "armed"} == {f"{LEAD}/2", BOSS}


def test_an_acknowledgement_stops_repeats_until_it_expires(kit) -> None:
    policy = kit.policy(REPEATED)
    story = [
        kit.fired("2026-05-11T18:00", kit.plan(policy, REPORT)[LEAD]),
        kit.event("2026-05-11T19:00", "acknowledged", until="2026-05-12T01:00"),
    ]
    planned = kit.plan(policy, REPORT, *story)
    assert (planned[f"{LEAD}/1"].state, planned[f"{LEAD}/1"].reason) == ("void", "acknowledged")
    broken = kit.fired("2026-05-12T01:00", planned["promise/1"])
    planned = kit.plan(policy, REPORT, *story, broken)
    assert (planned[f"{LEAD}/1"].state, planned[f"{LEAD}/1"].due_at) == ("armed", kit.at("2026-05-12T02:00"))


def test_repeats_end_with_the_ticket(kit) -> None:
    policy = kit.policy(REPEATED)
    story = [
        kit.fired("2026-05-11T18:00", kit.plan(policy, REPORT)[LEAD]),
        kit.status("2026-05-11T19:00", "resolved"),
    ]
    planned = kit.plan(policy, REPORT, *story)
    assert (planned[f"{LEAD}/1"].state, planned[f"{LEAD}/1"].reason) == ("void", "resolved")


def test_repeats_in_business_time(kit) -> None:
    policy = kit.policy(REPEATED.replace('"2 hours"', '"2 business hours"'))
    planned = kit.plan(
        policy, "2026-05-15T08:00", kit.fired("2026-05-15T16:00", kit.plan(policy, "2026-05-15T08:00")[LEAD])
    )
    assert planned[f"{LEAD}/1"].due_at == kit.at("2026-05-18T10:00")


def test_the_first_ladder_that_matches_is_the_one(kit) -> None:
    rules = LADDER.replace(
        'name = "steps"\n', 'name = "prod"\nwhen = { environment = "production", severity = [1, "Low"] }\n'
    )
    rules += '[[ladder]]\nname = "rest"\n[[ladder.rung]]\nafter = "2 days"\nrole = "boss"\n[[environment]]\nname = "production"\n'
    policy = kit.policy(rules)
    assert kit.plan(policy, REPORT, environment="production", severity=2)[LEAD].clause == "prod"
    assert kit.plan(policy, REPORT, severity=2)["escalation/1/1/boss"].clause == "rest"


def test_a_ladder_on_a_calendar_counts_open_hours(kit) -> None:
    rules = (
        '[[ladder]]\nname = "office"\nclock = "office"\n[[ladder.rung]]\nafter = "10 hours"\nrole = "lead"\n'
    )
    assert kit.plan(kit.policy(rules), REPORT)[LEAD].due_at == kit.at("2026-05-12T12:00")


def test_deadlines_at_one_instant_come_highest_first(kit) -> None:
    rules = LADDER.replace('"8 hours"', '"1 day"')
    assert [each.level for each in kit.plan(kit.policy(rules), REPORT).values()] == [2, 1]


def test_a_status_that_the_policy_does_not_know_stops_nothing(kit) -> None:
    planned = kit.plan(kit.policy(PAUSED), REPORT, kit.status("2026-05-11T12:00", "on-hold"))
    assert planned[LEAD].state == "armed"


def test_a_kept_promise_silences_repeats_until_the_time_that_it_named(kit) -> None:
    policy = kit.policy(REPEATED)
    story = [
        kit.fired("2026-05-11T18:00", kit.plan(policy, REPORT)[LEAD]),
        kit.event("2026-05-11T19:00", "acknowledged", until="2026-05-12T01:00"),
        kit.event("2026-05-11T19:30", "reply"),
    ]
    again = kit.plan(policy, REPORT, *story)[f"{LEAD}/1"]
    assert (again.state, again.due_at) == ("armed", kit.at("2026-05-12T02:00"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'name = "resolved"\ntitle = "Resolved"\nopen = false',
            'name = "resolved"\ntitle = "Resolved"',
            "resolved",
        ),
        ('name = "open"\ntitle = "Open"', 'name = "open"\nopen = false\ntitle = "Open"', "must be open"),
        ('name = "closed"\ntitle = "Closed"', 'name = "rejected"\ntitle = "Closed"', "closed"),
    ],
)
def test_what_ends_a_ticket_is_the_same_for_verbs_and_clocks(old, new, says) -> None:
    text = preset_text("netex")
    assert old in text
    with pytest.raises(PolicyError, match=says):
        read_policy(text.replace(old, new), "netex.toml")
