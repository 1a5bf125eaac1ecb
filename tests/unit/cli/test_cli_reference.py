"""docs/cli.md says what the commands are, and docs/json.md what they print."""

from __future__ import annotations

import re
from pathlib import Path

from supporttui.cli import reference
from supporttui.cli.registry import COMMANDS

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_page_is_what_the_commands_make():
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert page == reference.text(), "stale: run python -m supporttui.cli.reference > docs/cli.md"


def test_what_one_process_says_to_another_is_nowhere_told(cli):
    assert "SUPPRESS" not in reference.text() and "--spooled" not in reference.text()
    for shell in ("bash", "zsh", "fish"):
        told = cli.good("completions", shell).out
        assert "SUPPRESS" not in told and "--spooled" not in told
    assert "--spooled" not in cli.good("man").out


def test_every_command_is_on_the_page():
    page = reference.text()
    for command in COMMANDS:
        assert f"\n### {command.name}\n" in page


def documented(heading: str) -> set[str]:
    """The keys in the table below a heading of docs/json.md."""
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    part = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([a-z_]+)` ", part, re.MULTILINE))


def test_the_documented_shapes_are_the_printed_ones(cli):
    number = cli.report("a", severity=1)
    shown = cli.json("show", number)
    ticket = set(shown) - {
        "deadlines",
        "journal",
        "links",
        "participants",
        "attachments",
        "entitlement",
        "known_errors",
    }
    assert documented("Ticket") == ticket
    assert documented("Deadline") == set(shown["deadlines"][0])
    assert documented("Journal entry") == set(shown["journal"][0])
    assert documented("Entitlement") == set(cli.json("explain", number, "--entitlement"))
    assert documented("Row of a list") == set(cli.json("list")[0])


def test_the_documented_notices_and_windows_are_the_printed_ones(cli):
    number = cli.report("a", severity=1)
    cli.clock.advance(hours=8)
    cli.good("tick")
    assert documented("Notice") == set(cli.json("notices", number)[0])
    cli.good("maintenance", "--all", "--until", "in 1h", "--reason", "x")
    assert documented("Maintenance") == set(cli.json("maintenance")[0])
