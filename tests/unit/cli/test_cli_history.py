"""`undo` and `redo`."""

from __future__ import annotations


def test_back_and_forth(cli):
    number = cli.report(severity=3)
    cli.good("set", number, "--severity", "1")
    done = cli.json("undo")
    assert done["numbers"] == [number] and "severity" in done["description"]
    assert cli.json("show", number)["severity"] == 3
    cli.good("redo")
    assert cli.json("show", number)["severity"] == 1
    assert "redo" in cli.bad(77, "redo")


def test_only_ones_own(cli):
    number = cli.report()
    cli.good("--as", "raj", "set", number, "--owner", "raj")
    assert "nothing of yours" in cli.bad(77, "undo", number, "--as", "eva")
    cli.good("undo", number, "--as", "raj")


def test_text_and_tsv(cli):
    number = cli.report()
    cli.good("note", number, "x")
    assert cli.good("undo").out == f"undone: a note on ticket {number}\n"
    assert cli.good("redo", "--tsv").lines[1].endswith(f"\t{number}")
