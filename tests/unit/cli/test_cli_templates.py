"""`templates`: what is offered, and what is wrong with which file."""

from __future__ import annotations

from pathlib import Path


def write(cli, name: str, text: str) -> Path:
    folder = Path(cli.home) / ".config" / "supporttui" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_the_shipped_ones_and_ones_own_are_listed(cli):
    write(cli, "hours.md", "title: Our hours\nkind: note\n\nwe are open")
    found = {one["name"]: one for one in cli.json("templates")}
    assert (found["hours"]["origin"], found["hours"]["kinds"], found["hours"]["title"]) == (
        "own",
        ["note"],
        "Our hours",
    )
    assert found["first-answer"]["origin"] == "shipped"
    assert "Our hours" in cli.good("templates").out


def test_a_folder_of_the_desk_is_named_by_a_setting(cli, tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "hours.txt").write_text("we are open")
    cli.environ["SUPPORTTUI_TEMPLATES"] = str(folder)
    assert "shared" in [one["origin"] for one in cli.json("templates") if one["name"] == "hours"]


def test_check_names_file_line_and_column(cli):
    assert "nothing is wrong" in cli.good("templates", "--check").out
    path = write(cli, "a.md", "Hello {contct}")
    result = cli("templates", "--check")
    assert result.code == 78
    assert result.lines == [f"{path}:1:7: no placeholder {{contct}}; did you mean 'contact'?"]
    assert "a.md" in cli.good("templates").err
    assert "a" not in [one["name"] for one in cli.json("templates")]
    tsv = cli("templates", "--check", "--tsv").lines
    assert tsv[0].split("\t") == ["path", "line", "column", "message"] and tsv[1].split("\t")[1:3] == [
        "1",
        "7",
    ]
