"""`[intake]`: what becomes of mails, as far as the policy decides it."""

from __future__ import annotations

import re

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import load, preset_text, read_policy
from supporttui.policy.checking import check


def _netex(old: str, new: str):
    head, table, rest = preset_text("netex").partition("\n[intake]\n")
    assert old in rest
    return read_policy(head + table + rest.replace(old, new, 1), "mine.toml")


def test_the_presets_say_what_becomes_of_mails():
    netex, xnet = load("netex"), load("xnet")
    assert (netex.call_severities, xnet.call_severities) == (frozenset({1}), frozenset())
    assert netex.intake.reply_to_resolved == "reopen" and netex.intake.reply_to_closed == "linked"


def test_a_severity_that_must_be_called_may_be_named():
    policy = _netex("call_severities = [1]", 'call_severities = ["System down", 2]')
    assert policy.call_severities == {1, 2}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("call_severities = [1]", "call_severities = [9]", "intake.call_severities: no severity '9'"),
        ("reopen_days = 30", "reopen_days = -1", "intake.reopen_days"),
        ('reply_to_closed = "linked"', 'reply_to_closed = "ignore"', "intake.reply_to_closed"),
        ("acknowledge = true", "acknowlege = true", "acknowlege"),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(old, new, told):
    with pytest.raises(PolicyError, match=r"mine\.toml") as error:
        _netex(old, new)
    assert told in str(error.value)


def test_a_call_that_nobody_can_make_is_found():
    text = preset_text("xnet").replace("call_severities = []", "call_severities = [1]")
    silent = re.sub(r"\[\[vendor\.phone\]\]\n(?:\w.*\n)+", "", text)
    assert "intake.call_severities" not in [one.key for one in check(read_policy(text, "mine.toml"))]
    assert "intake.call_severities" in [one.key for one in check(read_policy(silent, "mine.toml"))]
    unsaid = check(_netex("acknowledge = true", "acknowledge = false"))
    assert "intake.acknowledge" in [one.key for one in unsaid]
