"""`intake uploads`, and the same folder under `watch`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def number(cli):
    return cli.json("report", "abends at start", "--severity", "3")["number"]


def settle(cli, tmp_path, text):
    path = tmp_path / "intake.toml"
    path.write_text(text)
    cli.environ["SUPPORTTUI_INTAKE"] = str(path)


def test_once_takes_what_stands_still_and_says_where_it_went(cli, inbox, number):
    (inbox / f"{number}-trace.log").write_text("10:02 abend\n")
    (inbox / "core.dmp").write_bytes(b"\x00")
    result = cli.good("intake", "uploads", inbox, "--once", "--every", "1", "--json")
    told = {one["file"]: one["ticket"] for one in map(json.loads, result.lines)}
    assert told == {f"{number}-trace.log": number, "core.dmp": 0}
    (file,) = cli.json("attachments", number)
    assert (file["name"], file["source"], file["added_by"]) == (f"{number}-trace.log", "upload", "uploads")
    assert list(inbox.iterdir()) == []
    assert "uploaded" in cli.good("show", number).out


def test_the_folder_of_the_settings_is_taken_and_wrong_ones_are_said(cli, inbox, number, tmp_path):
    assert "name the folder" in cli.bad(64, "intake", "uploads", "--once")
    settle(cli, tmp_path, f'[uploads]\nfolder = "{inbox}"\nevery = 1\n')
    (inbox / f"{number}.log").write_text("x")
    assert f"ticket {number}" in cli.good("intake", "uploads", "--once").out
    assert "can't be opened: No such file or directory; make it" in cli.bad(
        75, "intake", "uploads", tmp_path / "no", "--once"
    )
    settle(cli, tmp_path, f'[uploads]\nfolder = "{inbox}"\nlooks = 1\n')
    assert "uploads.looks" in cli.bad(78, "intake", "uploads", "--once")
    cli.bad(77, "intake", "uploads", inbox, "--once", "--restricted")


def test_trouble_with_the_folder_is_one_line_for_people_and_a_record_for_programs(cli, tmp_path):
    result = cli("intake", "uploads", tmp_path / "no", "--once")
    assert (result.out, result.err.count("can't be opened")) == ("", 1)
    [record] = map(json.loads, cli("intake", "uploads", tmp_path / "no", "--once", "--json").lines)
    assert record["event"] == "trouble"


def test_what_stays_is_said_once_and_a_wrong_owner_with_its_file(cli, inbox, tmp_path):
    (inbox / "link").symlink_to("/etc/passwd")
    assert cli.good("intake", "uploads", inbox, "--once", "--every", "1").lines == [
        "link: left: a symbolic link"
    ]
    settle(cli, tmp_path, f'[uploads]\nfolder = "{inbox}"\nowners = ["nobodyatall"]\n')
    said = cli.bad(78, "intake", "uploads", "--once")
    assert f"{tmp_path / 'intake.toml'}: uploads.owners: there is no user 'nobodyatall'" in said


def test_a_file_that_was_not_taken_goes_to_no_ticket(cli, inbox, number):
    (inbox / "link").symlink_to("/etc/passwd")
    cli.good("intake", "uploads", inbox, "--once", "--every", "1")
    for words in (("accept", 1), ("attach", 1, number)):
        assert "the file link is not in the store: it stays in the folder: a symbolic link" in cli.bad(
            77, "inbox", *words
        )


def test_watch_takes_uploads_and_ends_when_told(cli, inbox, number, tmp_path):
    settle(cli, tmp_path, f'[uploads]\nfolder = "{inbox}"\nevery = 1\n')
    (inbox / f"{number}.log").write_text("x")
    command = [sys.executable, "-m", "supporttui", "watch", "--json"]
    with subprocess.Popen(
        command, env={**os.environ, **cli.environ}, stdout=subprocess.PIPE, text=True
    ) as watch:
        try:
            end = time.monotonic() + 30
            events = []
            while "uploaded" not in events and time.monotonic() < end:
                events.append(json.loads(watch.stdout.readline())["event"])
        finally:
            watch.send_signal(signal.SIGTERM)
            assert watch.wait(20) == 0
    assert "uploaded" in events
    assert [one["name"] for one in cli.json("attachments", number)] == [f"{number}.log"]
