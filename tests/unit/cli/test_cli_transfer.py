"""`export` and `import`: out of one desk and into another."""

from __future__ import annotations

import csv
import io
import json
import stat

from supporttui.cli.importing import Progress

MAPPING = """
title = "ours"

[ticket]
external_id = "id"
reported_at = "when"
subject = "what"

[event]
severity = "sev"
"""


def test_jsonl_has_everything(cli):
    number = cli.report("a\x1b[2J", severity=1)
    cli.good("note", number, "seen")
    (line,) = cli.good("export").lines
    ticket = json.loads(line)
    assert (ticket["number"], ticket["subject"]) == (number, "a\x1b[2J")
    assert [entry["kind"] for entry in ticket["journal"]] == ["reported", "note"]
    assert line.isascii() and line.isprintable()


def test_a_query_chooses(cli):
    cli.report(severity=1)
    two = cli.report(severity=2)
    cli.good("resolve", two)
    assert len(cli.good("export").lines) == 2
    assert [json.loads(line)["number"] for line in cli.good("export", "-sev:1").lines] == [two]


def test_csv_is_computed_by_no_spreadsheet_and_obeyed_by_no_terminal(cli):
    cli.report("=HYPERLINK(1)", customer="+x", product="\x1b[2J")
    out = cli.good("export", "--format", "csv").out
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["subject"], row["customer"]) == ("'=HYPERLINK(1)", "'+x")
    assert "\x1b" not in out


def test_a_file_is_private_and_never_overwritten_by_accident(cli):
    file = cli.home / "out.jsonl"
    cli.report()
    assert "1 tickets written" in cli.good("export", "-o", file).err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    cli.report()
    assert "--force" in cli.bad(77, "export", "-o", file)
    assert file.read_text() == before
    cli.good("export", "-o", file, "--force")
    assert len(file.read_text().splitlines()) == 2
    assert [one.name for one in cli.home.iterdir() if one.name.startswith(".out")] == []


def test_nothing_is_left_when_the_folder_is_not_there(cli):
    cli.report()
    assert "can't be written" in cli.bad(74, "export", "-o", cli.home / "no" / "out.jsonl")
    assert "is a folder" in cli.bad(77, "export", "-o", cli.home)
    assert "did you mean 'csv'?" in cli.bad(64, "export", "--format", "cvs")


def test_exporting_a_store_that_is_not_there_makes_none(cli):
    assert "no store" in cli.bad(66, "export", "--store", cli.home / "other.sqlite3")
    assert not (cli.home / "other.sqlite3").exists()


def test_what_was_exported_can_be_imported_elsewhere(cli):
    file = cli.home / "out.jsonl"
    number = cli.report("moved", severity=1, owner="raj")
    cli.clock.advance(hours=9)
    cli.good("tick")
    cli.good("export", "--format", "native", "-o", file)
    before = cli.json("show", number)
    cli.environ["SUPPORTTUI_STORE"] = str(cli.home / "second.sqlite3")
    assert cli.json("import", file, "--mapping", "native")["tickets_new"] == 1
    after = cli.json("show", number)
    assert [(one["kind"], one["at"]) for one in after["journal"]] == [
        (one["kind"], one["at"]) for one in before["journal"]
    ]
    assert [(one["key"], one["due_at"], one["state"]) for one in after["deadlines"]] == [
        (one["key"], one["due_at"], one["state"]) for one in before["deadlines"]
    ]
    assert cli.json("import", file, "--mapping", "native")["tickets_unchanged"] == 1


def foreign(cli):
    source, mapping = cli.home / "theirs.csv", cli.home / "map.toml"
    source.write_text(
        "id,when,what,sev\nA-1,2026-11-19 10:00,printer burns,2\nA-2,yesterday-ish,no time,1\nA-3,2026-11-19 11:00,fine,3\n"
    )
    mapping.write_text(MAPPING)
    return source, mapping


def test_rows_that_cannot_be_taken_are_told_and_written_down(cli):
    source, mapping = foreign(cli)
    rejects = cli.home / "rejects.csv"
    result = cli.good("import", source, "--mapping", mapping, "--rejects", rejects, "--json")
    assert (result.json["tickets_new"], result.json["rejected"], result.json["rows"]) == (2, 1, 3)
    assert "1 rows were not taken" in result.err
    assert "A-2" in rejects.read_text()
    assert {line["subject"] for line in cli.json("list", "--all")} == {"printer burns", "fine"}


def test_a_second_import_changes_nothing(cli):
    source, mapping = foreign(cli)
    cli.good("import", source, "--mapping", mapping)
    again = cli.json("import", source, "--mapping", mapping)
    assert (again["tickets_new"], again["tickets_unchanged"]) == (0, 2)


def test_files_that_are_not_there(cli):
    source, mapping = foreign(cli)
    assert "no such file" in cli.bad(66, "import", "none.csv", "--mapping", mapping)
    assert "no such file" in cli.bad(66, "import", source, "--mapping", "none.toml")
    assert "is a folder" in cli.bad(65, "import", cli.home, "--mapping", mapping)
    assert "--mapping" in cli.bad(64, "import", source)


def test_restricted_touches_no_named_file(cli):
    source, mapping = foreign(cli)
    cli.report()
    assert "restricted" in cli.bad(77, "--restricted", "import", source, "--mapping", mapping)
    assert "restricted" in cli.bad(77, "--restricted", "export", "-o", cli.home / "x")
    assert "restricted" in cli.bad(77, "--restricted", "backup", cli.home / "x")
    cli.good("--restricted", "export")


class Seen(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def test_progress_is_shown_to_people_only():
    watched, piped = Seen(True), Seen(False)
    for stream in (watched, piped):
        progress = Progress(stream)
        progress.show(500, 2000)
        progress.end()
    assert "500 of 2000 rows (25 %)" in watched.getvalue() and watched.getvalue().endswith(" \r")
    assert piped.getvalue() == ""
