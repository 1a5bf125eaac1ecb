"""`attach` and `attachments`."""

from __future__ import annotations

import pytest


@pytest.fixture
def number(cli):
    return cli.json("report", "abends at start", "--severity", "3")["number"]


@pytest.fixture
def trace(tmp_path):
    path = tmp_path / "trace.log"
    path.write_bytes(b"10:01 start\n10:02 \x1b]0;owned\x07 abend\n")
    return path


def test_a_file_is_attached_listed_viewed_and_saved(cli, number, trace, tmp_path):
    made = cli.json("attach", number, trace)
    assert (made["name"], made["size"], made["ticket"]) == ("trace.log", trace.stat().st_size, number)
    assert [one["id"] for one in cli.json("attachments", number)] == [made["id"]]
    assert "trace.log" in cli.good("attachments", number).out
    assert cli.good("attachments", number, "--view", made["id"]).lines == [
        "10:01 start",
        "10:02 \\x1b]0;owned\\x07 abend",
    ]
    cli.good("attachments", number, "--save", made["id"], "--to", tmp_path / "copy.log")
    assert (tmp_path / "copy.log").read_bytes() == trace.read_bytes()
    assert (tmp_path / "copy.log").stat().st_mode & 0o777 == 0o600
    shown = cli.good("show", number).out
    assert "attached trace.log" in shown and "10:01 start" in shown and "\x1b" not in shown


def test_saving_never_overwrites_and_a_name_never_leaves_the_folder(cli, number, trace, tmp_path):
    made = cli.json("attach", number, trace, "--name", "../../evil.log")
    assert made["name"] == "evil.log"
    folder = tmp_path / "out"
    folder.mkdir()
    cli.good("attachments", number, "--save", made["id"], "--to", folder)
    assert [one.name for one in folder.iterdir()] == ["evil.log"]
    line = cli.bad(77, "attachments", number, "--save", made["id"], "--to", folder)
    assert "exists already" in line
    assert [one.name for one in folder.iterdir()] == ["evil.log"]


def test_moving_and_taking_away_are_undone(cli, number, trace):
    other = cli.json("report", "the right one", "--severity", "3")["number"]
    made = cli.json("attach", number, trace)["id"]
    assert cli.json("attachments", number, "--move", made, "--ticket", other)["ticket"] == other
    assert cli.json("attachments", number) == []
    cli.good("attachments", other, "--remove", made)
    assert cli.json("attachments", other) == []
    cli.good("undo")
    assert [one["id"] for one in cli.json("attachments", other)] == [made]
    cli.good("undo")
    assert [one["id"] for one in cli.json("attachments", number)] == [made]
    cli.good("undo", number)
    assert cli.json("attachments", number) == []


def test_wrong_words_get_one_line(cli, number, trace, tmp_path):
    made = cli.json("attach", number, trace)["id"]
    cli.bad(66, "attach", 99999, trace)
    cli.bad(66, "attach", number, tmp_path / "no")
    cli.bad(65, "attach", number, tmp_path)
    assert "attached to ticket" in cli.bad(77, "attach", number, trace)
    cli.bad(64, "attachments", number, "--save", made)
    cli.bad(64, "attachments", number, "--to", "x")
    cli.bad(66, "attachments", number, "--view", 999)
    cli.bad(66, "attachments", 99999)


def test_restricted_mode_reads_and_writes_no_named_files_but_views(cli, number, trace, tmp_path):
    made = cli.json("attach", number, trace)["id"]
    cli.bad(77, "attach", number, trace, "--restricted")
    cli.bad(77, "attachments", number, "--save", made, "--to", tmp_path / "x", "--restricted")
    assert cli.good("attachments", number, "--view", made, "--restricted").lines[0] == "10:01 start"


def test_the_files_lie_beside_the_store_or_where_the_settings_say(cli, number, trace, tmp_path):
    cli.good("attach", number, trace)
    (usual,) = [one for one in cli.home.rglob("files") if one.is_dir()]
    assert usual.stat().st_mode & 0o777 == 0o700
    settings = tmp_path / "intake.toml"
    settings.write_text(f'[files]\nfolder = "{tmp_path / "kept"}"\nmost_mb = 1\n')
    cli.environ["SUPPORTTUI_INTAKE"] = str(settings)
    (tmp_path / "b.log").write_bytes(b"other")
    cli.good("attach", number, tmp_path / "b.log")
    assert [one.read_bytes() for one in (tmp_path / "kept").rglob("*") if one.is_file()] == [b"other"]
    (tmp_path / "c.log").write_bytes(b"x" * 1_000_001)
    assert "1,000,000 are allowed" in cli.bad(65, "attach", number, tmp_path / "c.log")
