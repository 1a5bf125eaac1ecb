"""Files are for their owner alone, or for the team whose folder they are in."""

from __future__ import annotations

import os
import time

from supporttui.store.blobs import Blobs


def modes(folder):
    found = [folder, *folder.rglob("*")]
    return {"d" if one.is_dir() else "f": oct(one.stat().st_mode & 0o7777) for one in found}


def test_files_are_for_their_owner_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        Blobs(tmp_path / "deep" / "files").put_bytes(b"x")
    finally:
        os.umask(before)
    assert modes(tmp_path / "deep") == {"d": "0o700", "f": "0o600"}


def test_in_a_teams_folder_they_are_the_teams(tmp_path):
    team = tmp_path / "team"
    team.mkdir()
    team.chmod(0o2770)
    before = os.umask(0o077)
    try:
        Blobs(team / "files").put_bytes(b"x")
    finally:
        os.umask(before)
    assert modes(team) == {"d": "0o2770", "f": "0o660"}


def test_a_file_that_is_kept_by_a_link_is_no_more_open_than_others(tmp_path):
    spooled = tmp_path / "mail"
    spooled.write_bytes(b"x")
    spooled.chmod(0o600)
    before = os.umask(0o022)
    try:
        Blobs(tmp_path / "deep" / "files").keep(spooled)
    finally:
        os.umask(before)
    assert modes(tmp_path / "deep") == {"d": "0o700", "f": "0o600"}


def test_a_file_that_is_kept_by_a_link_is_the_teams_in_its_folder(tmp_path):
    team = tmp_path / "team"
    team.mkdir()
    team.chmod(0o2770)
    spooled = tmp_path / "mail"
    spooled.write_bytes(b"x")
    spooled.chmod(0o600)
    Blobs(team / "files").keep(spooled)
    assert modes(team) == {"d": "0o2770", "f": "0o660"}


def test_what_was_never_finished_goes_after_a_day_and_nothing_else(tmp_path):
    blobs = Blobs(tmp_path / "files")
    kept = blobs.put_bytes(b"x")
    aside = tmp_path / "files" / "aside"
    (aside / "old").write_bytes(b"half")
    (aside / "web").mkdir()
    assert blobs.sweep(time.time()) == 0
    assert blobs.sweep(time.time() + 90_000) == 1
    assert [one.name for one in aside.iterdir()] == ["web"] and blobs.has(kept.hash)
    assert Blobs(tmp_path / "none").sweep(time.time()) == 0
