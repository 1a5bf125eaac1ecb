"""The files that docs/watch.md shows can be used as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from supporttui.policy.roster import read_roster
from supporttui.watch.channels.settings import read_channels

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "watch.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_roster_and_the_channels_of_the_guide_are_whole() -> None:
    roster, channels = blocks("toml")
    assert list(read_roster(roster, "roster.toml").rotations) == ["first"]
    found = read_channels(channels, "channels.toml")
    assert found.mail is not None and found.phone == "sms"
    assert {one.name for one in (*found.webhooks, *found.commands, *found.services)} == {"ops", "sms", "team"}


def test_the_unit_tells_systemd_what_the_program_does() -> None:
    (unit,) = blocks("ini")
    assert "Type=notify" in unit and "WatchdogSec=60" in unit and "watch --json" in unit
