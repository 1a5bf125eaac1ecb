"""Explanations: the rule and clause, what was counted and what was not, clock changes, the result."""

from __future__ import annotations

from supporttui.policy import explain, load, plan


def lines(kit, policy, key, reported, *events, **facts) -> tuple[str, ...]:
    return {
        each.deadline.key: each.lines for each in explain(kit.ticket(reported, *events, **facts), policy)
    }[key]


def test_it_tells_of_the_same_deadlines_as_the_plan_in_the_same_order(kit) -> None:
    policy = load("xnet")
    story = kit.ticket("2026-05-11T01:30", kit.event("2026-05-11T02:00", "reply"), plan="smp-1y")
    assert tuple(each.deadline for each in explain(story, policy)) == plan(story, policy)


def test_netex_over_the_spring_change(kit) -> None:
    said = lines(kit, load("netex"), "escalation/1/1/director", "2026-03-08T07:00:00")
    assert said == (
        "rule: ladder 'escalation table, severity 1', rung 1: tell Director of Customer Services after 8 hours",
        "chosen: clause 'escalation table, severity 1' is the first ladder that matches: severity is 1",
        "counts from: the initial report, 2026-03-08 07:00:00Z (Sun 2026-03-08 01:00:00 CST)",
        "clock: always; every second counts, a day is 24 hours",
        "counted: 2026-03-08 07:00:00Z (Sun 2026-03-08 01:00:00 CST) to "
        "2026-03-08 15:00:00Z (Sun 2026-03-08 10:00:00 CDT): 8 h",
        "total counted: 8 h",
        "clock change: 2026-03-08 08:00:00Z (Sun 2026-03-08 03:00:00 CDT): "
        "local time moves forward by 1 h; real time is what counts",
        "due: 2026-03-08 15:00:00Z (Sun 2026-03-08 10:00:00 CDT)",
        "state: armed",
    )


def test_rules_passed_over_are_named_with_what_they_missed(kit) -> None:
    said = lines(kit, load("xnet"), "response/1", "2026-05-11T01:30", plan="smp-1y", severity=2)
    assert "passed over: target 'priority incidents', because severity is 2, not 1" in said
    assert "passed over: target 'two-year plan', because plan is smp-1y, not smp-2y" in said
    assert "chosen: clause 'one-year plan' is the first target that matches: plan is smp-1y" in said
    unknown = lines(kit, load("xnet"), "response/1", "2026-05-11T01:30", severity=2)
    assert "passed over: target 'one-year plan', because plan is not known, not smp-1y" in unknown


RULES = """
[[target]]
name = "fix"
kind = "resolution"
after = "20 business hours"
[pauses]
resolution = ["waiting-customer"]
"""


def test_pauses_intervals_and_the_total(kit) -> None:
    story = [kit.status("2026-05-11T12:00", "waiting-customer"), kit.status("2026-05-11T15:00", "open")]
    said = lines(kit, kit.policy(RULES), "resolution/1", "2026-05-11T10:00", *story)
    assert (
        "not counted: 2026-05-11 12:00:00Z (Mon 2026-05-11 12:00:00 UTC) to "
        "2026-05-11 15:00:00Z (Mon 2026-05-11 15:00:00 UTC): the ticket was waiting-customer"
    ) in said
    counted = [line.rsplit(": ", 1)[1] for line in said if line.startswith("counted: ")]
    assert counted == ["2 h", "2 h", "8 h", "8 h"]
    assert "total counted: 20 h" in said
    assert said[-2] == "due: 2026-05-13 17:00:00Z (Wed 2026-05-13 17:00:00 UTC)"


def test_many_intervals_are_condensed_and_still_add_up(kit) -> None:
    said = lines(kit, kit.policy(RULES.replace('"20 ', '"100 ')), "resolution/1", "2026-05-11T09:00")
    counted = [line for line in said if line.startswith("counted: ")]
    assert len(counted) == 6
    assert counted[3] == "counted: … 8 more intervals, 64 h …"
    assert "total counted: 100 h" in said


def test_holidays_on_the_way_are_named(kit) -> None:
    rules = RULES + '[[calendar]]\nname = "us"\ncountry = "US"\nhours = { mon-fri = ["09:00-17:00"] }\n'
    rules = rules.replace('after = "20 business hours"', 'clock = "us"\nafter = "20 hours"')
    said = lines(kit, kit.policy(rules), "resolution/1", "2026-12-24T09:00")
    assert "holiday: Fri 2026-12-25, Christmas Day: nothing counted" in said


def test_what_is_paused_fired_late_void_or_from_other_rules(kit) -> None:
    policy = kit.policy(RULES)
    paused = lines(
        kit, policy, "resolution/1", "2026-05-11T10:00", kit.status("2026-05-11T12:00", "waiting-customer")
    )
    assert paused[-1] == (
        "state: paused since 2026-05-11 12:00:00Z (Mon 2026-05-11 12:00:00 UTC), "
        "because the ticket was waiting-customer; 18 h left on its clock"
    )
    void = lines(kit, policy, "resolution/1", "2026-05-11T10:00", kit.status("2026-05-11T12:00", "resolved"))
    assert void[-1] == "state: void: resolved"
    director = plan(kit.ticket("2026-05-11T10:00"), load("netex"))[0]
    fired = kit.fired("2026-05-11T18:00:07", director)
    late = lines(kit, load("netex"), director.key, "2026-05-11T10:00", fired)
    assert late[-1].endswith("7 s late")
    foreign = lines(kit, policy, director.key, "2026-05-11T10:00", fired)
    assert (
        foreign[0]
        == "rule: none of the present ones; it fired under other rules and stays fired (tell director)"
    )
    lowered = lines(kit, load("netex"), director.key, "2026-05-11T10:00", fired, severity=3)
    assert any(
        line.startswith("under the present rules it would be due 2026-05-21 10:00:00Z") for line in lowered
    )


def test_reopenings_and_severity_changes_are_told(kit) -> None:
    story = [
        kit.event("2026-05-11T10:30", "severity", severity=2),
        kit.status("2026-05-11T12:00", "resolved"),
        kit.status("2026-05-13T12:00", "open"),
    ]
    said = lines(kit, kit.policy(RULES), "resolution/1", "2026-05-11T10:00", *story, severity=2)
    assert any(line.startswith("severity: 2 since 2026-05-11 10:30:00Z") for line in said)
    assert any('on_reopen = "continue": time while it was over does not count' in line for line in said)
    assert any(line.endswith("the ticket was resolved") for line in said if line.startswith("not counted: "))


def test_promises_warnings_shares_and_repeats_have_their_own_first_line(kit) -> None:
    promised = kit.event("2026-05-11T01:30", "acknowledged", until="2026-05-11T05:00")
    first = {
        each.deadline.key: each.lines[0]
        for each in explain(kit.ticket("2026-05-11T01:00", promised, plan="smp-2y", severity=2), load("xnet"))
    }
    assert first["promise/1"].startswith("rule: an acknowledgement promised the next update by this time")
    assert first["warning/response/1/75%"].startswith("rule: a warning of response/1 (first response: 75%)")
    assert first["escalation/1/1/support"] == (
        "rule: ladder 'normal incidents', rung 1: tell X NET support department after 100% over response, "
        "which is 4 business hours by target 'two-year plan'"
    )
    repeated = kit.policy(
        '[[ladder]]\nname = "r"\n[[ladder.rung]]\nafter = "1 h"\nrole = "lead"\nrepeat = "2 h"\n'
    )
    told = kit.fired("2026-05-11T11:00", kit.plan(repeated, "2026-05-11T10:00")["escalation/1/1/lead"])
    said = lines(kit, repeated, "escalation/1/1/lead/1", "2026-05-11T10:00", told)
    assert (
        said[0] == "rule: the rung is told again every 2 h until it is acknowledged or over; tell Team lead"
    )
    assert any(line.startswith("counts from: the rung's own due time") for line in said)
