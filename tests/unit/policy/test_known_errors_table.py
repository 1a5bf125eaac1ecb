"""`[known_errors]`: whether a material error owes a way out, and by which clause."""

from __future__ import annotations

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import load
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.starter import template


def test_only_the_vendor_whose_page_promises_it_owes_a_way_out():
    assert load("xnet").known_errors.owes_a_way_out
    assert load("xnet").known_errors.clause == "Maintenance"
    assert not load("netex").known_errors.owes_a_way_out


def test_a_new_policy_offers_the_table_and_promises_nothing():
    text = template("ours")
    assert "[known_errors]" in text
    assert not read_policy(text, "ours.toml").known_errors.owes_a_way_out


def test_a_policy_without_the_table_promises_nothing():
    head, _, rest = preset_text("xnet").partition("[known_errors]")
    text = head + rest[rest.index("[[term]]") :]
    assert not read_policy(text, "x.toml").known_errors.owes_a_way_out


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('clause = "Maintenance"', 'clause = "Maintainance"', "did you mean 'Maintenance'"),
        ("owes_a_way_out = true", "owes_a_wayout = true", "owes_a_wayout"),
        ("owes_a_way_out = true", 'owes_a_way_out = "often"', "owes_a_way_out"),
    ],
)
def test_what_is_written_wrongly_is_refused(old, new, why):
    with pytest.raises(PolicyError, match=why):
        read_policy(preset_text("xnet").replace(old, new, 1), "x.toml")


def test_the_policys_hash_tells_it():
    other = preset_text("xnet").replace("owes_a_way_out = true", "owes_a_way_out = false", 1)
    assert read_policy(other, "x.toml").hash != load("xnet").hash
