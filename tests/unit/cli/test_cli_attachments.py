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


def test_a_backup_says_that_files_are_left_out_or_takes_them_along(cli, number, trace, tmp_path):
    made = cli.json("attach", number, trace)
    assert "1 file in" in cli.good("backup", tmp_path / "a.db").err
    saved = tmp_path / "saved"
    first = cli.json("backup", tmp_path / "b.db", "--files", saved)
    assert (first["files_copied"], first["files_there"]) == (1, 0)
    (tmp_path / "second.log").write_bytes(b"more")
    cli.good("attach", number, tmp_path / "second.log")
    again = cli.json("backup", tmp_path / "c.db", "--files", saved)
    assert (again["files_copied"], again["files_there"]) == (1, 1)
    # The copy is a desk of its own: its files lie beside it.
    home = tmp_path / "restored"
    home.mkdir(mode=0o700)
    (tmp_path / "c.db").rename(home / "desk.db")
    saved.rename(home / "files")
    shown = cli.good("attachments", number, "--view", made["id"], "--store", home / "desk.db")
    assert shown.lines[0] == "10:01 start"
    blob = home / "files" / made["hash"][:2] / made["hash"]
    blob.write_bytes(b"rotten")
    assert "1 file is damaged" in cli.bad(
        65, "backup", tmp_path / "d.db", "--files", tmp_path / "e", "--store", home / "desk.db"
    )


def test_info_tells_where_the_files_lie_and_how_many(cli, number, trace):
    cli.good("attach", number, trace)
    told = cli.json("info")
    assert told["paths"]["files"].endswith("/files")
    assert (told["store"]["files"], told["store"]["file_bytes"]) == (1, trace.stat().st_size)


def test_a_desk_that_is_exported_and_taken_in_again_has_its_files(cli, number, trace, tmp_path):
    made = cli.json("attach", number, trace)
    out = tmp_path / "all.jsonl"
    cli.good("export", "--everything", "-o", out)
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    result = cli.good("import", out, "--mapping", "native", "--store", other / "desk.db")
    (there,) = cli.json("attachments", number, "--store", other / "desk.db")
    assert {**there, "entry": 0} == {**made, "entry": 0}, result.out
    assert "attached trace.log" in cli.good("show", number, "--store", other / "desk.db").out


def test_show_names_the_files_and_says_what_a_mail_brought(cli, number, tmp_path):
    for count in range(6):
        (tmp_path / f"{count}.log").write_text(str(count))
        cli.good("attach", number, tmp_path / f"{count}.log")
    assert [one["name"] for one in cli.json("show", number)["attachments"]] == [f"{n}.log" for n in range(6)]
    shown = cli.good("show", number).out
    assert "5.log (1 B), 4.log (1 B), 3.log (1 B), 2.log (1 B), 1.log (1 B), and 1 more" in shown
    mail = (
        "From: ann@acme.example\nSubject: down\nMessage-ID: <1@acme.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nSee the file.\n--b\n'
        'Content-Type: text/plain\nContent-Disposition: attachment; filename="sys\x1b[2Jlog.txt"\n\nabend\n--b--\n'
    )
    made = cli.json("intake", "mail", stdin=mail)["ticket"]
    shown = cli.good("show", made).out
    assert "files" in shown and "log.txt (5 B)" in shown and "\x1b" not in shown


def test_undo_names_the_file_and_what_had_become_of_it(cli, tmp_path):
    one, two = (cli.json("report", name)["number"] for name in ("abends", "slow"))
    dump = tmp_path / "core.dmp"
    dump.write_bytes(b"x")
    file = cli.json("attach", one, dump)["id"]
    cli.good("attachments", one, "--move", file, "--ticket", two)
    assert cli.good("undo").out == "undone: the move of core.dmp on 2 tickets\n"
    cli.good("attachments", one, "--remove", file)
    assert cli.good("undo").out == f"undone: the removal of core.dmp on ticket {one}\n"
    assert cli.good("undo").out == f"undone: the file core.dmp on ticket {one}\n"
