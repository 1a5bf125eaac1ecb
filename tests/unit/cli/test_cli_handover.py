"""`handover`: Markdown, JSON and TSV; accepting the watch."""

from __future__ import annotations

from tests.unit.cli.conftest import START, Cli


def test_the_page_is_markdown(cli: Cli):
    number = cli.report("tunnel *drops*", severity=1, channel="phone")
    page = cli.good("handover").out
    assert page.startswith("# Handover NetEx, Fri 20 Nov 2026 14:00 UTC\n")
    assert "## Fires next, and who is told (1)" in page and "## Nobody has it (1)" in page
    assert f"- **{number}** tunnel \\*drops\\* (Severity 1)\\" in page
    assert "Director of Customer Services" in page and "in 8 h" in page


def test_since_and_next(cli: Cli):
    cli.report(severity=1, channel="phone")
    found = cli.json("handover", "--since", "2h", "--next", "24h")
    assert found["since"] == "2026-11-20T12:00:00Z" and found["until"] == "2026-11-21T14:00:00Z"
    assert found["totals"]["coming"] == 2
    assert cli.json("handover", "--since", "today")["since"] == "2026-11-20T00:00:00Z"
    assert "--next" in cli.bad(64, "handover", "--next", "soon")
    assert "future" in cli.bad(64, "handover", "--since", "2026-11-21 10:00")


def test_accepting_the_watch_and_taking_it_back(cli: Cli):
    found = cli.json("handover", "--accept", "quiet so far")
    assert found["watch"] == {"actor": "ana", "at": "2026-11-20T14:00:00Z", "note": "quiet so far"}
    assert "Watch: raj since" in cli.good("handover", "--accept", "--as", "raj").out
    assert "raj has accepted" in cli.bad(77, "handover", "--take-back")
    assert cli.json("handover", "--take-back", "--as", "raj")["watch"]["actor"] == "ana"
    assert START.year == 2026


def test_as_a_table(cli: Cli):
    cli.report(severity=2)
    lines = cli.good("handover", "--tsv").lines
    assert lines[0].startswith("section\tticket\tseverity")
    assert any(line.startswith("severe\t1\t2") for line in lines)
