"""Small policies and ticket stories for the tests of the clock's rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supporttui.policy import Policy, plan, read_policy
from supporttui.policy.timeline import Deadline, Event, Facts, Timeline

HEAD = """
name = "small"
on_reopen = "{on_reopen}"
support_calendar = "office"
[vendor]
name = "Small"
zone = "{zone}"
email = "help@example.com"
[[calendar]]
name = "office"
hours = {hours}
[[severity]]
name = "High"
[[severity]]
name = "Low"
[[role]]
name = "owner"
reaches = ["owner"]
[[role]]
name = "lead"
title = "Team lead"
reaches = ["desk"]
[[role]]
name = "boss"
title = "The boss"
reaches = ["boss@example.com"]
[[status]]
name = "new"
moves = ["open", "waiting-customer", "resolved"]
[[status]]
name = "open"
moves = ["waiting-customer", "waiting-vendor", "resolved"]
[[status]]
name = "waiting-customer"
moves = ["open", "resolved"]
[[status]]
name = "waiting-vendor"
moves = ["open"]
[[status]]
name = "resolved"
open = false
moves = ["open", "closed"]
[[status]]
name = "closed"
open = false
moves = ["open"]
"""


HOURS = '{ mon-fri = ["09:00-17:00"] }'


class Kit:
    """Builds policies, events and timelines; times are ISO texts, UTC unless they say otherwise."""

    def text(self, rules: str, *, on_reopen: str = "continue", zone: str = "UTC", hours: str = HOURS) -> str:
        return HEAD.format(on_reopen=on_reopen, zone=zone, hours=hours) + rules

    def policy(self, rules: str, **head: str) -> Policy:
        return read_policy(self.text(rules, **head), "small.toml")

    def at(self, text: str) -> datetime:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)

    def event(self, when: str, kind: str, **more: object) -> Event:
        for name in ("until", "due_at"):
            if name in more:
                more[name] = self.at(str(more[name]))
        return Event(at=self.at(when), kind=kind, **more)

    def status(self, when: str, status: str) -> Event:
        return self.event(when, "status", status=status)

    def fired(self, when: str, deadline: Deadline) -> Event:
        """The clock told this deadline at `when`."""
        return Event(
            at=self.at(when), kind="fired", key=deadline.key, role=deadline.role, level=deadline.level,
            due_at=deadline.due_at, deadline_kind=deadline.kind,
        )  # fmt: skip

    def ticket(self, reported: str, *events: Event, severity: int = 1, **facts: str) -> Timeline:
        return Timeline(
            reported_at=self.at(reported), facts=Facts(severity=severity, **facts), events=tuple(events)
        )

    def plan(self, policy: Policy, reported: str, *events: Event, **facts: object) -> dict[str, Deadline]:
        return {each.key: each for each in plan(self.ticket(reported, *events, **facts), policy)}


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()
