"""Checking, comparing and starting policies."""

from __future__ import annotations

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import check, diff, load, preset_text, read_policy, template

LADDER = '[[ladder]]\nname = "all"\n[[ladder.rung]]\nafter = "8 hours"\nrole = "lead"\n'


def found(policy, level: str) -> list[tuple[str, str]]:
    return [(each.key, each.message) for each in check(policy) if each.level == level]


@pytest.mark.parametrize("name", ["netex", "xnet"])
def test_the_presets_pass(name) -> None:
    assert check(load(name)) == ()


def test_a_new_policy_loads_and_passes() -> None:
    for zone in ("UTC", "Australia/Lord_Howe"):
        policy = read_policy(template('Quote " and \\ back', "Företag [x]", zone), "new.toml")
        assert (policy.name, policy.vendor.name, policy.zone.key) == (
            'Quote " and \\ back',
            "Företag [x]",
            zone,
        )
        assert check(policy) == ()
    with pytest.raises(PolicyError, match="did you mean 'Europe/Vienna'"):
        template(zone="Europe/Viena")
    with pytest.raises(PolicyError, match="name: a new policy needs one"):
        template("  ")


def test_a_severity_without_a_ladder(kit) -> None:
    rules = LADDER.replace('name = "all"', 'name = "high"\nwhen = { severity = 1 }')
    assert found(kit.policy(rules), "error") == [
        ("severity[1]", "severity 2 (Low) has no ladder: nobody is ever told")
    ]
    planned = (
        rules
        + '[[ladder]]\nname = "low"\nwhen = { plan = "gold" }\n[[ladder.rung]]\nafter = "1 h"\nrole = "boss"\n[[plan]]\nname = "gold"\n'
    )
    assert found(kit.policy(planned), "warning") == [
        ("severity[1]", "no ladder for severity 2 (Low): nobody is ever told")
    ]


def test_a_rule_behind_one_that_matches_everything_it_does(kit) -> None:
    rules = LADDER + LADDER.replace('name = "all"', 'name = "high"\nwhen = { severity = 1 }')
    assert found(kit.policy(rules), "error") == [
        ("ladder[1]", "'high' is never reached: ladder[0] 'all' comes first and matches all that it does")
    ]


def test_a_rule_behind_several_that_match_everything_together(kit) -> None:
    rules = "".join(
        LADDER.replace('name = "all"', f'name = "{name}"\nwhen = {{ {when} }}')
        for name, when in (("one", "severity = 1"), ("two", "severity = 2"), ("gold", 'plan = "gold"'))
    )
    policy = kit.policy(rules + '[[plan]]\nname = "gold"\n')
    assert found(policy, "error") == [
        ("ladder[2]", "'gold' is never reached: earlier ones match every such ticket")
    ]


def test_a_target_is_shadowed_only_by_one_of_its_kind(kit) -> None:
    rules = (
        LADDER
        + '[[target]]\nname = "a"\nkind = "response"\nafter = "1 h"\n[[target]]\nname = "b"\nkind = "update"\nafter = "1 h"\n'
    )
    assert found(kit.policy(rules), "error") == []
    shadowed = rules + '[[target]]\nname = "c"\nkind = "update"\nafter = "2 h"\n'
    assert [key for key, _ in found(kit.policy(shadowed), "error")] == ["target[2]"]


def test_a_rung_that_falls_due_before_the_one_below_it(kit) -> None:
    rules = LADDER + '[[ladder.rung]]\nafter = "4 hours"\nrole = "boss"\n'
    assert found(kit.policy(rules), "error") == [
        ("ladder[0].rung[1].after", "'4 hours' (boss) falls due before '8 hours' (lead), the rung below it")
    ]
    sometimes = (
        LADDER.replace('"8 hours"', '"8 business hours"')
        + '[[ladder.rung]]\nafter = "30 hours"\nrole = "boss"\n'
    )
    ((key, message),) = found(kit.policy(sometimes), "warning")
    assert key == "ladder[0].rung[1].after"
    assert "for some reports" in message
    together = LADDER + '[[ladder.rung]]\nafter = "480 min"\nrole = "boss"\n'
    assert "falls due together with" in found(kit.policy(together), "note")[0][1]


def test_a_share_of_a_target_that_some_tickets_do_not_have(kit) -> None:
    rules = '[[ladder]]\nname = "all"\n[[ladder.rung]]\nafter = "50% of response"\nrole = "lead"\n'
    target = '[[target]]\nname = "a"\nkind = "response"\nafter = "1 h"\nwhen = { severity = 1 }\n'
    assert found(kit.policy(rules + target), "warning") == [
        (
            "ladder[0].rung[0].after",
            "'50% of response': no response target for severity 2 (Low), so it is never due",
        )
    ]
    never = rules.replace('name = "all"', 'name = "all"\nwhen = { severity = 2 }')
    assert (
        "ladder[0].rung[0].after",
        "'50% of response': no response target for severity 2 (Low), so it is never due",
    ) in found(kit.policy(never + target), "error")


def test_roles_that_reach_nobody_or_nothing_that_can_be_told(kit) -> None:
    rules = (
        LADDER + '[[role]]\nname = "ghost"\n[[role]]\nname = "typo"\nreaches = ["desc", "not an address"]\n'
    )
    errors = dict(found(kit.policy(rules), "error"))
    assert errors["role[3].reaches"].startswith("'ghost' reaches nobody")
    assert errors["role[4].reaches[0]"].endswith("did you mean 'desk'?")
    assert "role[4].reaches[1]" in errors
    through = LADDER + '[[role]]\nname = "night"\nthen = "boss"\n'
    assert ("role[3].reaches", "'night' reaches nobody itself; 'boss' is told instead, at once") in found(
        kit.policy(through), "note"
    )
    circle = LADDER + '[[role]]\nname = "a"\nthen = "b"\n[[role]]\nname = "b"\nthen = "a"\n'
    assert [key for key, _ in found(kit.policy(circle), "error")] == ["role[3].reaches", "role[4].reaches"]


def test_a_calendar_that_never_opens_again(kit) -> None:
    rules = (
        LADDER
        + '[[calendar]]\nname = "past"\nhours = { mon = [] }\noverrides = { 2020-01-01 = ["09:00-17:00"] }\n'
    )
    assert [key for key, _ in found(kit.policy(rules), "error")] == ["calendar[1].hours"]


def test_statuses_that_can_not_be_reached_or_left(kit) -> None:
    text = preset_text("netex").replace(
        '"waiting-customer", "waiting-vendor", "resolved", "closed"', '"waiting-customer"'
    )
    text = text.replace('moves = ["open", "waiting-vendor", "resolved", "closed"]', "moves = []")
    errors = dict(found(read_policy(text, "x.toml"), "error"))
    assert errors["status[3]"] == "no move leads from 'new' to 'waiting-vendor'"
    assert errors["status[2].moves"] == "a ticket that is 'waiting-customer' can never be finished"


def test_findings_come_worst_first(kit) -> None:
    rules = LADDER.replace('name = "all"', 'name = "high"\nwhen = { severity = 1 }')
    levels = [each.level for each in check(kit.policy(rules))]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)


def test_diff_says_which_open_deadlines_move(kit) -> None:
    old = load("netex")
    new = read_policy(
        preset_text("netex").replace('"8 hours"', '"6 hours"', 1).replace('"24 hours"', '"2 days"', 1),
        "new.toml",
    )
    one = kit.ticket("2026-05-11T10:00")
    told = kit.ticket(
        "2026-05-11T10:00",
        kit.fired("2026-05-11T18:00", kit.plan(old, "2026-05-11T10:00")["escalation/1/1/director"]),
    )
    two = kit.ticket("2026-05-11T10:00", severity=2)
    moves = diff(old, new, [(1, one), (2, told), (3, two)])
    assert [(move.ticket, move.role, move.change, move.old_due, move.new_due) for move in moves] == [
        (1, "director", "earlier", kit.at("2026-05-11T18:00"), kit.at("2026-05-11T16:00")),
        (1, "president", "later", kit.at("2026-05-12T10:00"), kit.at("2026-05-13T10:00")),
        (2, "president", "later", kit.at("2026-05-12T10:00"), kit.at("2026-05-13T10:00")),
    ]
    assert diff(old, old, [(1, one)]) == ()


def test_diff_says_what_appears_and_disappears(kit) -> None:
    moves = diff(load("netex"), load("xnet"), [(7, kit.ticket("2026-05-11T02:00", severity=3))])
    changes = {(move.key, move.change) for move in moves}
    assert ("escalation/1/1/director", "disappears") in changes
    assert ("response/1", "appears") in changes
    assert all((move.old_due is None) == (move.change == "appears") for move in moves)
    done = kit.ticket("2026-05-11T02:00", kit.status("2026-05-11T03:00", "resolved"), severity=3)
    assert diff(load("netex"), load("xnet"), [(7, done)]) == ()
