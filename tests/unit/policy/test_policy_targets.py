"""Targets, promises, warnings and percentages: what starts them, what ends them."""

from __future__ import annotations

import pytest

# Monday 2026-05-11, office hours 09:00 to 17:00 UTC.
RESPONSE = '[[target]]\nname = "answer"\nkind = "response"\nafter = "{after}"\n'


@pytest.mark.parametrize(
    ("after", "reported", "due"),
    [
        ("8 hours", "2026-05-11T15:00", "2026-05-11T23:00"),
        ("3 days", "2026-05-15T15:00", "2026-05-18T15:00"),
        ("4 business hours", "2026-05-11T15:00", "2026-05-12T11:00"),
        ("2 business hours", "2026-05-11T15:00", "2026-05-11T17:00"),
        ("2 business days", "2026-05-14T15:00", "2026-05-18T15:00"),
        ("1 business day", "2026-05-15T18:00", "2026-05-19T09:00"),
        ("1 business day", "2026-05-16T12:00", "2026-05-19T09:00"),
        ("1 business day", "2026-05-18T08:00", "2026-05-19T09:00"),
        ("end of business day", "2026-05-11T10:00", "2026-05-11T17:00"),
        ("end of business day", "2026-05-11T18:00", "2026-05-12T17:00"),
        ("end of next business day", "2026-05-15T10:00", "2026-05-18T17:00"),
        ("1 month", "2026-01-31T10:00", "2026-02-28T10:00"),
        ("1 month", "2028-01-31T10:00", "2028-02-29T10:00"),
        ("2 months", "2026-12-31T10:00", "2027-02-28T10:00"),
        ("1 year", "2028-02-29T10:00", "2029-02-28T10:00"),
    ],
)
def test_wall_clock_and_business_durations_in_one_policy(kit, after, reported, due) -> None:
    policy = kit.policy(RESPONSE.format(after=after))
    assert kit.plan(policy, reported)["response/1"].due_at == kit.at(due)


def test_months_are_counted_on_the_vendors_wall(kit) -> None:
    """A month over the spring change keeps the wall time and so is an hour shorter."""
    policy = kit.policy(RESPONSE.format(after="1 month"), zone="America/Chicago")
    due = kit.plan(policy, "2026-02-20T15:00:00")["response/1"].due_at
    assert due == kit.at("2026-03-20T09:00:00-05:00")


def test_a_midday_break_does_not_end_the_business_day(kit) -> None:
    rules = RESPONSE.format(after="end of business day").replace("[[target]]", '[[target]]\nclock = "split"')
    rules += '[[calendar]]\nname = "split"\nhours = { daily = ["09:00-12:00", "13:00-18:00"] }\n'
    assert kit.plan(kit.policy(rules), "2026-05-11T10:00")["response/1"].due_at == kit.at("2026-05-11T18:00")


def test_the_first_public_reply_answers(kit) -> None:
    policy = kit.policy(RESPONSE.format(after="8 hours"))
    early = kit.plan(policy, "2026-05-11T10:00", kit.event("2026-05-11T11:00", "reply"))["response/1"]
    assert (early.state, early.reason) == ("void", "answered")
    late = kit.plan(policy, "2026-05-11T10:00", kit.event("2026-05-13T11:00", "reply"))["response/1"]
    assert (late.state, late.reason) == ("void", "answered")


def test_a_missed_response_rings_until_somebody_replies(kit) -> None:
    policy = kit.policy(RESPONSE.format(after="8 hours"))
    due = kit.plan(policy, "2026-05-11T10:00")["response/1"]
    missed = kit.fired("2026-05-11T18:00", due)
    assert kit.plan(policy, "2026-05-11T10:00", missed)["response/1"].state == "fired"
    replied = kit.plan(policy, "2026-05-11T10:00", missed, kit.event("2026-05-11T20:00", "reply"))[
        "response/1"
    ]
    assert (replied.state, replied.reason) == ("acknowledged", "answered")
    assert replied.fired_at == kit.at("2026-05-11T18:00")


UPDATE = '[[target]]\nname = "keep in touch"\nkind = "update"\nafter = "4 hours"\n'


def test_updates_count_from_the_last_reply_and_come_again(kit) -> None:
    policy = kit.policy(UPDATE)
    first = kit.plan(policy, "2026-05-11T10:00")
    assert first["update/1"].due_at == kit.at("2026-05-11T14:00")
    replied = kit.plan(policy, "2026-05-11T10:00", kit.event("2026-05-11T11:00", "reply"))
    assert replied["update/2"].due_at == kit.at("2026-05-11T15:00")
    assert "update/1" not in replied


def test_the_oldest_unanswered_message_counts_and_later_ones_do_not_push_it(kit) -> None:
    policy = kit.policy(UPDATE)
    messages = [kit.event("2026-05-11T11:00", "customer"), kit.event("2026-05-11T13:00", "customer")]
    assert kit.plan(policy, "2026-05-11T10:00", *messages)["update/1"].due_at == kit.at("2026-05-11T14:00")
    replied = [kit.event("2026-05-11T10:30", "reply"), *messages]
    assert kit.plan(policy, "2026-05-11T10:00", *replied)["update/2"].due_at == kit.at("2026-05-11T14:30")


def test_workaround_and_resolution_end_with_their_own_events(kit) -> None:
    rules = '[[target]]\nname = "w"\nkind = "workaround"\nafter = "1 day"\n[[target]]\nname = "r"\nkind = "resolution"\nafter = "3 days"\n'
    policy = kit.policy(rules)
    given = kit.plan(policy, "2026-05-11T10:00", kit.event("2026-05-11T11:00", "workaround"))
    assert (given["workaround/1"].state, given["workaround/1"].reason) == ("void", "answered")
    assert given["resolution/1"].state == "armed"
    done = kit.plan(policy, "2026-05-11T10:00", kit.status("2026-05-11T12:00", "resolved"))
    assert {(each.state, each.reason) for each in done.values()} == {("void", "resolved")}


def test_a_target_from_the_acknowledgement_waits_for_it(kit) -> None:
    rules = '[[target]]\nname = "r"\nkind = "resolution"\nafter = "1 day"\nstart = "acknowledgement"\n'
    policy = kit.policy(rules)
    assert kit.plan(policy, "2026-05-11T10:00") == {}
    seen = [
        kit.event("2026-05-11T12:00", "acknowledged", until="2026-05-11T13:00"),
        kit.event("2026-05-11T15:00", "acknowledged", until="2026-05-11T16:00"),
    ]
    assert kit.plan(policy, "2026-05-11T10:00", *seen)["resolution/1"].due_at == kit.at("2026-05-12T12:00")


def test_a_target_from_the_classification_counts_from_the_last_one(kit) -> None:
    rules = '[[target]]\nname = "r"\nkind = "resolution"\nafter = "1 day"\nstart = "classification"\n'
    policy = kit.policy(rules)
    assert kit.plan(policy, "2026-05-11T10:00")["resolution/1"].due_at == kit.at("2026-05-12T10:00")
    raised = kit.event("2026-05-11T20:00", "severity", severity=1)
    assert kit.plan(policy, "2026-05-11T10:00", raised)["resolution/1"].due_at == kit.at("2026-05-12T20:00")


PROMISE = '[promise]\nrole = "lead"\nwarn = ["50%", "10 min before"]\n'


def test_a_promise_is_due_when_it_was_promised_and_kept_by_a_reply(kit) -> None:
    policy = kit.policy(PROMISE)
    promised = kit.event("2026-05-11T12:00", "acknowledged", until="2026-05-11T14:00")
    due = kit.plan(policy, "2026-05-11T10:00", promised)
    assert (due["promise/1"].due_at, due["promise/1"].role) == (kit.at("2026-05-11T14:00"), "lead")
    assert due["warning/promise/1/50%"].due_at == kit.at("2026-05-11T13:00")
    assert due["warning/promise/1/600s-before"].due_at == kit.at("2026-05-11T13:50")
    kept = kit.plan(policy, "2026-05-11T10:00", promised, kit.event("2026-05-11T13:30", "reply"))
    assert {(each.state, each.reason) for each in kept.values()} == {("void", "answered")}


def test_a_reply_before_the_acknowledgement_keeps_no_promise(kit) -> None:
    policy = kit.policy("")
    events = [
        kit.event("2026-05-11T11:00", "reply"),
        kit.event("2026-05-11T12:00", "acknowledged", until="2026-05-11T14:00"),
    ]
    assert kit.plan(policy, "2026-05-11T10:00", *events)["promise/1"].state == "armed"


def test_a_newer_promise_takes_the_place_of_the_older(kit) -> None:
    events = [
        kit.event("2026-05-11T12:00", "acknowledged", until="2026-05-11T14:00"),
        kit.event("2026-05-11T13:00", "acknowledged", until="2026-05-11T17:00"),
    ]
    planned = kit.plan(kit.policy(""), "2026-05-11T10:00", *events)
    assert [(key, each.due_at) for key, each in planned.items()] == [
        ("promise/2", kit.at("2026-05-11T17:00"))
    ]


WARNED = (
    RESPONSE.format(after="4 business hours")
    + 'warn = ["50%", "30 min before", "1 business hour before"]\nwarn_role = "lead"\n'
)


def test_warnings_by_share_and_by_time_before(kit) -> None:
    planned = kit.plan(kit.policy(WARNED), "2026-05-11T15:00")
    assert planned["response/1"].due_at == kit.at("2026-05-12T11:00")
    assert planned["warning/response/1/50%"].due_at == kit.at("2026-05-11T17:00")
    assert planned["warning/response/1/1800s-before"].due_at == kit.at("2026-05-12T10:30")
    assert planned["warning/response/1/3600s-business-before"].due_at == kit.at("2026-05-12T10:00")
    assert {each.role for each in planned.values() if each.kind == "warning"} == {"lead"}


def test_a_warning_never_comes_before_its_clock_began(kit) -> None:
    rules = RESPONSE.format(after="10 min") + 'warn = ["30 min before"]\n'
    planned = kit.plan(kit.policy(rules), "2026-05-11T15:00")
    assert planned["warning/response/1/1800s-before"].due_at == kit.at("2026-05-11T15:00")


def test_warnings_end_with_what_they_warn_of(kit) -> None:
    policy = kit.policy(WARNED)
    replied = kit.plan(policy, "2026-05-11T15:00", kit.event("2026-05-11T16:00", "reply"))
    assert {(each.state, each.reason) for each in replied.values()} == {("void", "answered")}
    planned = kit.plan(policy, "2026-05-11T15:00")
    both = [
        kit.fired("2026-05-11T17:00", planned["warning/response/1/50%"]),
        kit.fired("2026-05-12T11:00", planned["response/1"]),
    ]
    missed = kit.plan(policy, "2026-05-11T15:00", *both)
    assert missed["response/1"].state == "fired"
    assert missed["warning/response/1/1800s-before"].reason == "superseded"
    assert missed["warning/response/1/50%"].state == "acknowledged"


SHARES = (
    RESPONSE.format(after="4 business hours")
    + """
[[target]]
name = "fix"
kind = "resolution"
after = "2 business days"
[[ladder]]
name = "shares"
[[ladder.rung]]
after = "50% of response"
role = "lead"
[[ladder.rung]]
after = "100% over response"
role = "boss"
[[ladder.rung]]
after = "50% over resolution"
role = "boss"
"""
)


def test_rungs_as_shares_of_a_target_count_on_its_calendar(kit) -> None:
    planned = kit.plan(kit.policy(SHARES), "2026-05-11T15:00")
    assert planned["escalation/1/1/lead"].due_at == kit.at("2026-05-11T17:00")
    assert planned["escalation/1/2/boss"].due_at == kit.at("2026-05-12T15:00")
    # Half as much again as two business days are three.
    assert planned["resolution/1"].due_at == kit.at("2026-05-13T15:00")
    assert planned["escalation/1/3/boss"].due_at == kit.at("2026-05-14T15:00")


@pytest.mark.parametrize(
    ("after", "share", "reported", "due"),
    [
        # Reported on a Saturday, which counts as early on Monday.
        ("1 business day", "100% over response", "2026-05-16T12:00", "2026-05-20T09:00"),
        ("1 business day", "100% of response", "2026-05-16T12:00", "2026-05-19T09:00"),
        ("1 business day", "50% of response", "2026-05-16T12:00", "2026-05-18T13:00"),
        ("1 business day", "50% over response", "2026-05-11T15:00", "2026-05-13T11:00"),
        ("1 month", "100% over response", "2026-01-31T10:00", "2026-03-31T10:00"),
        ("2 months", "50% of response", "2026-01-31T10:00", "2026-02-28T10:00"),
        ("1 month", "50% of response", "2026-04-01T00:00", "2026-04-16T00:00"),
        ("end of business day", "50% of response", "2026-05-11T11:00", "2026-05-11T14:00"),
        ("end of business day", "100% of response", "2026-05-11T11:00", "2026-05-11T17:00"),
    ],
)
def test_shares_of_days_are_days(kit, after, share, reported, due) -> None:
    rules = (
        RESPONSE.format(after=after)
        + f'[[ladder]]\nname = "l"\n[[ladder.rung]]\nafter = "{share}"\nrole = "lead"\n'
    )
    assert kit.plan(kit.policy(rules), reported)["escalation/1/1/lead"].due_at == kit.at(due)


def test_a_warning_of_a_share_is_a_share_of_the_share(kit) -> None:
    rules = RESPONSE.format(after="2 business days")
    rules += '[[ladder]]\nname = "l"\n[[ladder.rung]]\nafter = "100% over response"\nrole = "lead"\nwarn = ["50%"]\n'
    planned = kit.plan(kit.policy(rules), "2026-05-11T15:00")
    assert planned["escalation/1/1/lead"].due_at == kit.at("2026-05-15T15:00")
    assert planned["warning/escalation/1/1/lead/50%"].due_at == kit.at("2026-05-13T15:00")


def test_a_share_of_a_target_ends_with_the_target(kit) -> None:
    replied = kit.plan(kit.policy(SHARES), "2026-05-11T15:00", kit.event("2026-05-11T16:00", "reply"))
    assert (replied["escalation/1/1/lead"].state, replied["escalation/1/1/lead"].reason) == (
        "void",
        "answered",
    )
    assert replied["escalation/1/3/boss"].state == "armed"


def test_for_each_kind_the_first_target_that_matches_wins(kit) -> None:
    rules = """
[[target]]
name = "gold and high"
kind = "response"
when = { plan = "Gold", severity = "High" }
after = "1 hour"
[[target]]
name = "by phone"
kind = "response"
when = { channel = ["phone", "pager"] }
after = "2 hours"
[[target]]
name = "everybody"
kind = "response"
after = "3 hours"
[[plan]]
name = "gold"
[[channel]]
name = "phone"
[[channel]]
name = "pager"
"""
    policy = kit.policy(rules)

    def clause(**facts: object) -> str:
        return kit.plan(policy, "2026-05-11T10:00", **facts)["response/1"].clause

    assert clause(plan="GOLD", channel="phone") == "gold and high"
    assert clause(plan="gold", severity=2, channel="pager") == "by phone"
    assert clause(plan="gold", severity=2) == "everybody"
