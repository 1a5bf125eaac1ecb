"""`views`, `backup`, `info`."""

from __future__ import annotations

import stat

import pytest

from supporttui.cli.info import without_password


def test_views_and_their_counts(cli):
    cli.report(severity=1, owner="ana")
    cli.report(severity=2)
    counts = {view["name"]: view["count"] for view in cli.json("views")}
    assert (counts["Open"], counts["Severity 1"], counts["Mine"], counts["Overdue"]) == (2, 1, 1, 0)
    assert "Severity 1" in cli.good("views").out
    assert len(cli.good("views", "--tsv").lines) == len(counts) + 1


def test_a_backup_is_a_store_of_its_own(cli):
    number = cli.report("kept")
    copy = cli.home / "copy.sqlite3"
    done = cli.json("backup", copy)
    assert (done["path"], done["bytes"]) == (str(copy), copy.stat().st_size)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    cli.good("close", number)
    assert cli.json("show", number, "--store", copy)["status"] == "new"
    assert "never overwrites" in cli.bad(77, "backup", copy)


def test_backup_of_nothing(cli):
    assert "no store" in cli.bad(66, "backup", cli.home / "copy.sqlite3")
    cli.report()
    said = cli.bad(74, "backup", cli.home / "no" / "copy.sqlite3")
    assert "copy.sqlite3" in said and "no folder" in said


def test_info_tells_each_setting_with_its_origin(cli):
    settings = {one["name"]: one for one in cli.json("info", "--theme", "mono")["settings"]}
    assert settings["theme"] == {"name": "theme", "value": "mono", "origin": "--theme"}
    assert settings["zone"] == {"name": "zone", "value": "UTC", "origin": "SUPPORTTUI_ZONE"}
    assert settings["page"]["origin"] == "default"


def test_info_names_versions_without_importing_what_it_names(cli):
    found = cli.json("info")
    assert found["packages"]["textual"][0].isdigit()
    assert found["policy"]["name"] == "netex"
    assert found["store"] == {"state": "not created yet; the first report does it"}
    assert not (cli.home / "desk.sqlite3").exists()
    cli.report()
    store = cli.json("info")["store"]
    assert store["dialect"] == "sqlite" and "SQLite" in store["engine"]


def test_info_in_an_empty_home_finds_nothing_wrong(cli, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(cli.home / "none"))
    monkeypatch.setattr("supporttui.store.place._LINUX", True)
    cli.environ.pop("SUPPORTTUI_STORE")
    assert cli.json("info")["store"] == {"state": "not created yet; the first report does it"}
    assert not (cli.home / "none").exists()


@pytest.mark.parametrize(
    "words", [("export",), ("backup", "copy.sqlite3"), ("policy", "diff", "netex", "xnet")]
)
def test_what_reads_in_an_empty_home_names_no_folder_to_make(cli, monkeypatch, words):
    monkeypatch.setenv("XDG_DATA_HOME", str(cli.home / "none"))
    monkeypatch.setattr("supporttui.store.place._LINUX", True)
    cli.environ.pop("SUPPORTTUI_STORE")
    assert "the first report makes it" in cli.bad(66, *words)
    assert not (cli.home / "none").exists()


def test_info_tells_what_is_broken_instead_of_failing(cli):
    (cli.home / "desk.sqlite3").write_bytes(b"this is no database" * 100)
    (cli.home / "desk.sqlite3").chmod(0o600)
    found = cli.json("info", "--policy", "netx")
    assert found["store"]["error"]
    assert "did you mean 'netex'?" in found["policy"]["error"]
    text = cli.good("info", "--policy", "netx").out
    assert "did you mean 'netex'?" in text


def test_info_keeps_passwords_to_itself():
    assert without_password("postgresql://u:secret@db/x") == "postgresql://u:…@db/x"
    assert without_password("/home/a/desk.sqlite3") == "/home/a/desk.sqlite3"
    assert without_password("postgresql://db/x") == "postgresql://db/x"


def test_info_as_text_and_tsv(cli):
    text = cli.good("info").out
    assert "Settings" in text and "SUPPORTTUI_STORE" in text
    rows = [line.split("\t") for line in cli.good("info", "--tsv").lines]
    assert all(len(row) == 3 for row in rows)
    assert ["settings.zone", "UTC", "SUPPORTTUI_ZONE"] in rows
