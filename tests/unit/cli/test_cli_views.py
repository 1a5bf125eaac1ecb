"""`views`: list, add, remove, hide, move, check; one's own in views.toml, the desk's in the store."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Cli


def names(cli: Cli, *more: str) -> list[str]:
    return [view["name"] for view in cli.json("views", *more)]


def file_of(cli: Cli) -> Path:
    return cli.home / ".config" / "supporttui" / "views.toml"


def test_a_view_of_ones_own_goes_into_the_file(cli: Cli):
    cli.report(product="HyperIP")
    cli.good("views", "add", "Hyper", "product:HyperIP", "-tag:spam")
    mine = next(view for view in cli.json("views") if view["name"] == "Hyper")
    assert (mine["query"], mine["source"], mine["count"]) == ("product:HyperIP -tag:spam", "file", 1)
    assert 'name = "Hyper"' in file_of(cli).read_text()
    cli.good("views", "remove", "hyper")
    assert "Hyper" not in names(cli)
    assert "no saved view" in cli.bad(66, "views", "remove", "Hyper")


def test_a_view_of_the_desk_is_everybodys(cli: Cli):
    cli.good("views", "add", "Tape", "tape", "open", "--desk")
    assert "Tape" in names(cli, "--as", "raj")
    assert not file_of(cli).exists()
    assert "no saved view" in cli.bad(66, "views", "remove", "Tape", "--mine")
    cli.good("views", "remove", "Tape", "--desk")
    assert "Tape" not in names(cli)


def test_in_restricted_mode_ones_own_views_are_in_the_store(cli: Cli):
    cli.good("views", "add", "Hyper", "product:HyperIP", "--restricted")
    assert not file_of(cli).exists()
    assert "Hyper" in names(cli, "--restricted") and "Hyper" not in names(cli, "--restricted", "--as", "raj")
    assert "restricted" in cli.bad(77, "views", "hide", "All", "--restricted")


def test_hiding_and_moving_are_ones_own_business(cli: Cli):
    cli.good("views", "hide", "Waiting")
    assert "Waiting" not in names(cli) and "Waiting" in names(cli, "--restricted")
    cli.good("views", "move", "mine", "1")
    assert names(cli)[:2] == ["Mine", "Open"]
    assert "whole number" in cli.bad(64, "views", "move", "Mine", "first")
    assert "did you mean" in cli.bad(66, "views", "hide", "Overdu")


def test_what_a_person_wrote_stays(cli: Cli):
    file = file_of(cli)
    file.parent.mkdir(parents=True)
    file.write_text(
        '# mine\n\n[[view]]\nname = "A"  # first\nquery = "tape"\n\n# about B\n[[view]]\nname = "B"\nquery = "sev:1"\n'
    )
    cli.good("views", "add", "C", 'customer:"Acme Corp"')
    cli.good("views", "remove", "A")
    text = file.read_text()
    assert "# mine" in text and "# about B" in text and "first" not in text
    assert "query = 'customer:\"Acme Corp\"'" in text
    assert [name for name in names(cli) if name in "ABC"] == ["B", "C"]


def test_check_names_file_line_key_and_column(cli: Cli):
    assert "nothing wrong" in cli.good("views", "check").out
    file = file_of(cli)
    file.parent.mkdir(parents=True)
    file.write_text('[[view]]\nname = "A"\nquery = "open sve:1"\n\n[[view]]\nname = "B"\nqery = "x"\n')
    done = cli("views", "check")
    assert done.code == 65
    assert f"{file}:3: query, column 6:" in done.out and "did you mean" in done.out
    assert f"{file}:7: qery: unknown; did you mean 'query'?" in done.out
    listed = next(view for view in cli.json("views") if view["name"] == "A")
    assert listed["count"] is None and "column 6" in listed["fault"]


def test_renaming_keeps_place_and_comments(cli: Cli):
    file = file_of(cli)
    file.parent.mkdir(parents=True)
    file.write_text('[[view]]\nname = "A"\n# why\nquery = "tape"\norder = 2\n')
    cli.good("views", "rename", "a", "Tapes")
    assert file.read_text() == '[[view]]\nname = "Tapes"\n# why\nquery = "tape"\norder = 2\n'
    cli.good("views", "add", "Down", "down", "--desk")
    cli.good("views", "rename", "Down", "System down")
    assert "System down" in names(cli, "--as", "raj") and "Down" not in names(cli)
    assert "built in" in cli.bad(77, "views", "rename", "Open", "Mine too")
    assert "already" in cli.bad(64, "views", "rename", "Tapes", "Open")


def test_views_written_wrongly(cli: Cli):
    assert "needs the query" in cli.bad(64, "views", "add", "X")
    assert "it may be" in cli.bad(64, "views", "sev:1")
    assert "did you mean 'remove'" in cli.bad(64, "views", "remov", "X")
    assert "column" in cli.bad(64, "views", "add", "X", "sve:1")
    assert "no words" in cli.bad(64, "views", "list", "X")


def test_a_file_with_an_error_is_not_written_to(cli: Cli):
    file = file_of(cli)
    file.parent.mkdir(parents=True)
    file.write_text("[[view]\n")
    assert "not TOML" in cli.bad(65, "views", "add", "X", "open")
    assert file.read_text() == "[[view]\n"
    assert "Open" in names(cli)
