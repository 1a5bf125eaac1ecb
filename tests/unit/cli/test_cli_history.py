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


def test_a_stale_screen_is_refused(cli):
    number = cli.report(severity=3)
    cli.good("set", number, "--severity", "2")
    seen = cli.json("show", number)["version"]
    cli.good("set", number, "--owner", "raj", "--as", "raj")
    assert "raj" in cli.bad(75, "undo", number, "--if-version", seen)
    assert "needs the ticket's NUMBER" in cli.bad(64, "undo", "--if-version", seen)
    cli.good("undo", number, "--if-version", cli.json("show", number)["version"])
    assert cli.json("show", number)["severity"] == 3
