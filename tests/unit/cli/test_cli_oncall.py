"""`oncall`: who is on call, and what is said when somebody takes over."""

from __future__ import annotations

from .conftest import Cli

ROSTER = """
zone = "America/Chicago"
[[person]]
name = "ana"
[[person]]
name = "raj"
[[rotation]]
name = "first"
people = ["ana", "raj"]
handover = "mon 09:00"
starts = 2026-11-02
"""


def test_an_override_says_until_which_instant_it_holds(cli: Cli):
    roster = cli.home / "roster.toml"
    roster.write_text(ROSTER)
    cli.environ["SUPPORTTUI_ROSTER"] = str(roster)
    done = cli.good("oncall", "first", "--override", "raj", "--until", "mon 9:00")
    assert "raj is on call for first until Mon 23 Nov 2026" in done.out
    assert "entered by" in cli.good("oncall").out
