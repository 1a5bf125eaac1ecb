"""Whom a role reaches: owner, desk, a person, whoever is on call; nobody falls through and says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supporttui.policy import load
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.reaching import Reach, Recipient
from supporttui.policy.roster import Override, read_roster

ROSTER = read_roster(
    """
zone = "America/Chicago"
[[person]]
name = "ana"
email = "ana@example.com"
phone = "+1 555 0100"
via = ["email", "command:sms"]
away = ["2026-12-24"]
[[person]]
name = "lee"
phone = "+1 555 0199"
[[rotation]]
name = "managers"
people = ["ana"]
handover = "mon 09:00"
starts = 2026-01-01
[[quiet]]
severity = [3, 4]
hours = "22:00-07:00"
""",
    "roster.toml",
)
FRIDAY = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 24, 18, tzinfo=UTC)


def reach(director: str, president: str = '["desk"]') -> Reach:
    text = preset_text("netex")
    text = text.replace('title = "Director of Customer Services"\nreaches = ["desk"]',
                        f'title = "Director of Customer Services"\nreaches = {director}')  # fmt: skip
    text = text.replace('title = "President and General Manager"\nreaches = ["desk"]',
                        f'title = "President and General Manager"\nreaches = {president}')  # fmt: skip
    return Reach(policy=read_policy(text, "t.toml"), roster=ROSTER)


def addresses(found: tuple[Recipient, ...]) -> list[str]:
    return [one.address for one in found]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('["desk"]', ["desk"]),
        ('["owner"]', ["console:raj"]),
        ('["@ana"]', ["mail:ana@example.com", "command:sms/+1 555 0100"]),
        ('["@lee"]', ["phone:+1 555 0199"]),
        ('["boss@example.com", "+1 555 1"]', ["mail:boss@example.com", "phone:+1 555 1"]),
        ('["oncall:managers", "desk"]', ["mail:ana@example.com", "command:sms/+1 555 0100", "desk"]),
        ('["webhook:ops"]', ["webhook:ops"]),
    ],
)
def test_each_word_gives_its_addresses(words: str, told: list[str]) -> None:
    found = reach(words).roles(["director"], owner="raj", at=FRIDAY)
    assert addresses(found.recipients) == told
    assert found.notes == ()
    assert {one.role for one in found.recipients} == {"director"}


def test_nobody_on_call_falls_through_to_the_next_role_and_says_why() -> None:
    found = reach('["oncall:managers"]', '["boss@example.com"]').roles(["director"], owner="", at=CHRISTMAS)
    assert found.recipients == (Recipient("mail:boss@example.com", "", "president"),)
    assert found.notes == (
        "Director of Customer Services: nobody is on call for managers (ana is away); "
        "President and General Manager is told instead",
    )


def test_at_the_end_of_the_chain_the_desk_is_told() -> None:
    found = reach("[]", '["owner"]').roles(["director"], owner="", at=FRIDAY)
    assert addresses(found.recipients) == ["desk"]
    assert [note.split(":")[0] for note in found.notes] == [
        "Director of Customer Services",
        "President and General Manager",
    ]
    assert found.notes[1].endswith("nobody owns the ticket; the desk is told")


def test_an_address_of_two_roles_is_told_once_in_the_higher_one() -> None:
    found = reach('["desk", "@ana"]', '["@ana"]').roles(["president", "director"], owner="", at=FRIDAY)
    assert [(one.address, one.role) for one in found.recipients] == [
        ("mail:ana@example.com", "president"),
        ("command:sms/+1 555 0100", "president"),
        ("desk", "director"),
    ]


def test_an_override_is_who_is_told() -> None:
    base = reach('["oncall:managers"]')
    swap = Override(rotation="managers", person="lee", start=FRIDAY, end=CHRISTMAS)
    with_swap = Reach(policy=base.policy, roster=ROSTER, overrides=(swap,))
    assert addresses(with_swap.roles(["director"], owner="", at=FRIDAY).recipients) == ["phone:+1 555 0199"]


def test_without_a_roster_a_rotation_is_nobody() -> None:
    found = Reach(policy=reach('["oncall:managers"]').policy).roles(["director"], owner="", at=FRIDAY)
    assert addresses(found.recipients) == ["desk"]
    assert "there is no roster" in found.notes[0]


def test_a_role_that_the_policy_lost_is_told_at_the_desk() -> None:
    found = Reach(policy=load("netex")).roles(["chief"], owner="", at=FRIDAY)
    assert found.recipients == (Recipient("desk", "", "chief"),)


@pytest.mark.parametrize(
    ("severity", "at", "until"),
    [
        (1, datetime(2026, 11, 21, 6, tzinfo=UTC), None),
        (3, datetime(2026, 11, 21, 3, 59, 59, tzinfo=UTC), None),
        (3, datetime(2026, 11, 21, 4, tzinfo=UTC), datetime(2026, 11, 21, 13, tzinfo=UTC)),
        (4, datetime(2026, 11, 21, 12, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 13, tzinfo=UTC)),
        (4, datetime(2026, 11, 21, 13, tzinfo=UTC), None),
    ],
)
def test_quiet_hours_hold_the_lower_severities_until_morning(
    severity: int, at: datetime, until: datetime | None
) -> None:
    assert ROSTER.quiet_until(severity, at) == until
