"""[entitlement] in a policy file: what is refused, what `check` says, how keys are read."""

from __future__ import annotations

import pytest

from supporttui.errors import PolicyError
from supporttui.policy import check, load, preset_text, read_policy, template
from supporttui.policy.entitling import decide
from supporttui.policy.entitling_file import KEYS, readings
from supporttui.policy.records import EntitlementRule

from .entitled_cases import XNET, case


def changed(old: str, new: str, preset: str = "netex"):
    text = preset_text(preset)
    assert old in text
    return read_policy(text.replace(old, new, 1), "own.toml")


REFUSED = [
    ('kind = "superseded"', 'kind = "supersede"', "entitlement.rule[2].kind: 'supersede' is not a choice; did you mean 'superseded'"),
    ("effort =", "efort =", "entitlement.rule[3].efort: no such key; did you mean 'effort'"),
    ('days_in = "vendor"', 'days_in = "vender"', "entitlement.days_in: 'vender' is not a choice; did you mean 'vendor'"),
    ('after = "discretion"', 'after = "discretionary"', "entitlement.rule[2].after: 'discretionary' is not a choice; did you mean 'discretion'"),
    ('clause = "Old product versions"', 'clause = "Old versions"', "entitlement.rule[2].clause: no [[term]] called 'Old versions'; did you mean 'Old product versions'"),
    ('outweighs = ["previous version"]', 'outweighs = ["previous"]', "entitlement.rule[1].outweighs[0]: no other rule 'previous'"),
    ('products = ["CAM", "USER-Access"]', 'products = ["CAM"]', "entitlement.rule[6].products: a conflict is between two products"),
    ('products = ["CAM", "USER-Access"]', 'products = ["CAM", "USER-Acess"]', "entitlement.rule[6].products[1]: no product 'USER-Acess'; did you mean 'USER-Access'"),
    ('name = "support hours"', 'name = "Warranty"', "entitlement.rule[7].name: 'Warranty' is already the name of entitlement.rule[1]"),
    ('gravity = ["uncovered",', 'gravity = ["covered",', "entitlement.gravity[5]: 'covered' is there already"),
    ('gravity = ["uncovered",', 'gravity = ["refused",', "entitlement.gravity[0]: 'refused' is not a choice"),
    ('when = { category = ["problem", ""] }', 'when = { category = "problm" }', "entitlement.rule[1].when.category: no category 'problm'; did you mean 'problem'"),
    ('otherwise = "unclear"', 'no_package_plan = "gold"', "entitlement.no_package_plan: no plan 'gold'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), REFUSED)
def test_refused_with_the_place_and_the_nearest_word(old, new, message) -> None:
    with pytest.raises(PolicyError) as caught:
        changed(old, new)
    assert str(caught.value).startswith(f"own.toml: {message}")


@pytest.mark.parametrize("days", ["0", "-1", "36601"])
def test_a_limit_needs_its_days(days) -> None:
    with pytest.raises(
        PolicyError, match=r"entitlement.rule\[1\].days: a rule of kind 'warranty' needs days"
    ):
        changed('clause = "Warranty"\ndays = 90', f'clause = "Warranty"\ndays = {days}')


def test_advice_needs_words() -> None:
    with pytest.raises(PolicyError, match=r"rule\[5\].tell: advice needs the words"):
        changed('when = { category = "bug" }\ntell = ', 'when = { category = "bug" }\nbilled = ', "xnet")


FOUND = [
    ('clause = "Warranty"\ndays = 90', 'clause = "Warranty"\ndays = 91', "warning", "entitlement.rule[1].days", "the term 'Warranty' says 90"),
    ('kind = "hours"', 'kind = "hours"\ndays = 3', "warning", "entitlement.rule[7].days", "means nothing to a rule of kind 'hours'"),
    ('clause = "Support hours"', "", "note", "entitlement.rule[7].clause", "names no [[term]]"),
    ('after = "billable"\nbilled = "current support rates"', 'billed = "x"', "error", "entitlement.rule[4]", "never has a say"),
    ('after = "discretion"\nbilled', 'after = "uncovered"\nbilled', "warning", "entitlement.rule[2].billed", "never leads to work that is billed"),
    ('"unclear", "covered"]', '"covered", "unclear"]', "warning", "entitlement.gravity", "'covered' is not the last"),
    ('kind = "category"\nclause = "Professional services"', 'kind = "category"\nwhen = { category = "question" }\nclause = "Professional services"', "warning", "category[4].covered", "'services' is not covered, and no rule"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "level", "key", "words"), FOUND)
def test_check_finds(old, new, level, key, words) -> None:
    found = [(one.level, one.key) for one in check(changed(old, new)) if words in one.message]
    assert found == [(level, key)]


def test_presets_and_a_new_policy_are_clean() -> None:
    for policy in (load("netex"), load("xnet"), read_policy(template(), "new.toml")):
        assert [one for one in check(policy) if one.key.startswith(("entitlement", "category"))] == []
        assert policy.entitlement.rules


def test_every_key_of_a_rule_is_read_by_some_kind() -> None:
    always = {"name", "kind", "clause", "when"}
    assert {name for keys in KEYS.values() for name in keys} | always == set(
        EntitlementRule.__struct_fields__
    )


def test_a_policy_without_rules_says_so_and_refuses_nothing() -> None:
    text = preset_text("netex").partition("[entitlement]")[0]
    policy = read_policy(text + '[[term]]\nname = "Support hours"\ntext = "x"\n', "old.toml")
    found = decide(case("netex"), policy)
    assert (found.coverage, found.ground.text) == ("unclear", "the policy netex has no rules of entitlement")
    assert [one.level for one in check(policy) if one.key == "entitlement"] == ["note"]
    assert list(readings(policy.file)) == []


def test_the_hash_changes_with_the_meaning_and_not_with_a_comment() -> None:
    same = changed("# Where no rule has a say.", "# Otherwise.")
    assert same.hash == load("netex").hash
    assert changed('days_in = "vendor"', 'days_in = "either"').hash != same.hash


def test_a_vendor_may_differ() -> None:
    strict = changed(
        'effort = "best effort"\nafter = "covered"', 'effort = "best effort"\nafter = "discretion"'
    )
    found = decide(case("netex"), strict)
    assert (found.coverage, found.billed, found.title) == (
        "discretion",
        "time and materials",
        "At NetEx's discretion",
    )
    lenient = changed(
        'after = "uncovered"\nwithout = ""', 'after = "billable"\nbilled = "hours"\nwithout = ""', "xnet"
    )
    from dataclasses import replace

    ended = replace(XNET, periods=tuple(replace(one, last=one.first) for one in XNET.periods))
    assert (decide(ended, lenient).coverage, decide(ended, lenient).billed) == ("billable", "hours")


@pytest.mark.parametrize(("whose", "words"), [("vendor", "where the vendor is"), ("customer", "where the customer's site is"), ("either", "the better for the customer")])  # fmt: skip
def test_readings_tell_whose_day_and_every_last_day(whose, words) -> None:
    told = dict(readings(changed('days_in = "vendor"', f'days_in = "{whose}"').file))
    assert words in told["entitlement.days_in"]
    assert told["entitlement.rule[2].days"].endswith("afterwards discretion (time and materials)")
    assert "the 90 days after it, the last one included" in told["entitlement.rule[1].days"]
