"""What the policy says that keys and dialogs need, read once, so that no key waits for the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from supporttui.desk.session import Desk
from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """severities: number → name.  moves_from: status → statuses that it may move to.

    desk_name, zone: the vendor and its IANA zone.  required: fields asked for with every report; asked: those that
    are asked for besides.
    choices: words that a field may have.  roles: name → title.  awake: severities that are worked round
    the clock.  after_hours: telephone number for the rest while the desk is closed, "" for none.
    """

    desk_name: str = ""
    zone: str = "UTC"
    severities: Mapping[int, str] = field(default_factory=dict)
    definitions: Mapping[int, str] = field(default_factory=dict)
    moves_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Sequence[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    awake: frozenset[int] = frozenset()
    after_hours: str = ""
    asked: Sequence[str] = ()

    def moves(self, status: str) -> tuple[str, ...]:
        return self.moves_from.get(status, ())


def read_facts(desk: Desk) -> PolicyFacts:
    """The facts of the desk's policy."""
    policy = desk.policy
    return PolicyFacts(
        desk_name=policy.vendor.name,
        zone=policy.vendor.zone,
        severities={one.number: one.name for one in policy.severities},
        definitions={one.number: one.definition for one in policy.severities},
        moves_from={one.name: tuple(policy.moves(one.name)) for one in policy.statuses},
        required=tuple(policy.required),
        asked=tuple(policy.asked),
        choices={
            "channel": tuple(policy.channels),
            "category": tuple(policy.categories),
            "environment": tuple(policy.environments),
            "product": tuple(policy.vendor.products),
            "status": tuple(one.name for one in policy.statuses),
        },
        roles={role.name: role.title for role in policy.roles},
        awake=frozenset(one.number for one in policy.severities if one.round_the_clock),
        after_hours=policy.vendor.after_hours_phone,
    )
