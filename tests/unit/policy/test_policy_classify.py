"""Which severity a report gets, and the lines that say why."""

from __future__ import annotations

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import classify, load, read_policy, template
from supporttui.policy.timeline import Facts


@pytest.fixture(scope="module")
def policy():
    """Critical by telephone, never on a test system, and only while somebody can be called back."""
    return read_policy(template(), "t.toml")


def facts(**more: str) -> Facts:
    return Facts(severity=0, **more)


def test_what_was_asked_is_given_when_nothing_forbids_it(policy) -> None:
    assert classify(1, facts(channel="phone"), policy) == classify(1, facts(channel="Phone"), policy)
    assert classify(1, facts(channel="phone"), policy).severity == 1
    assert classify(1, facts(channel="phone"), policy).reasons == ()


def test_without_one_the_default_is_taken_and_said(policy) -> None:
    given = classify(None, facts(), policy)
    assert (given.severity, given.reasons) == (2, ("none was asked for: severity 2 (Normal) is the default",))
    assert classify(None, facts(), load("netex")).severity == 3


def test_a_test_system_is_capped(policy) -> None:
    given = classify(1, facts(channel="phone", environment="Test"), policy)
    assert given.severity == 2
    assert given.reasons == ("test systems: environment is test, so at most severity 2 (Normal)",)
    assert classify(3, facts(environment="test"), policy).reasons == ()


def test_a_customer_who_cannot_be_called_back_lowers_it(policy) -> None:
    given = classify(1, facts(channel="phone"), policy, reachable=False)
    assert given.severity == 2
    assert "can't be reached round the clock" in given.reasons[0]
    assert classify(1, facts(channel="phone"), policy, reachable=True).severity == 1
    assert classify(1, facts(channel="phone"), policy, reachable=None).severity == 1
    assert classify(2, facts(), policy, reachable=False).reasons == ()


def test_a_channel_that_is_demanded_is_said_and_lowers_only_when_the_rule_says_so(policy) -> None:
    given = classify(1, facts(channel="email"), policy)
    assert given.severity == 1
    assert given.reasons == (
        "critical by telephone: severity 1 (Critical) must be reported by phone, not email",
    )
    strict = read_policy(
        template().replace('channel = "phone"\n', 'channel = "phone"\notherwise = "Normal"\n'), "t"
    )
    assert classify(1, facts(), strict).severity == 2
    assert classify(1, facts(), strict).reasons[0].endswith("not an unknown way, so severity 2 (Normal)")


def test_a_severity_that_the_policy_does_not_have(policy) -> None:
    with pytest.raises(PolicyError, match="no severity '9'"):
        classify(9, facts(), policy)


@pytest.mark.parametrize("asked", [1, 2, 3, 4])
def test_netex_changes_no_severity(asked) -> None:
    given = classify(asked, facts(channel="web", environment="test"), load("netex"), reachable=False)
    assert (given.severity, given.reasons) == (asked, ())
