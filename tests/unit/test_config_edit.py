"""One setting is written into the settings file, and nothing else in it is touched."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from supporttui.config_edit import edited, write_setting
from supporttui.errors import UsageError

FILE = """\
# my settings
policy = "netex"   # the vendor
theme = "night"    # low blue

[commands.dump]
theme = "other"
"""


def test_the_value_alone_changes():
    assert edited(FILE, "theme", "mono") == FILE.replace('"night"', '"mono"')


def test_a_new_setting_comes_before_the_first_table():
    text = edited("# mine\nslow = true\n\n[x]\ntheme = 'y'\n", "theme", "mono")
    assert text == "# mine\nslow = true\n\ntheme = \"mono\"\n[x]\ntheme = 'y'\n"


@pytest.mark.parametrize(
    "text", ["", "slow = true", "theme = 'night'\n", "  theme='night'", "# theme = 'x'\n"]
)
def test_whatever_it_held_it_says_the_same_and_the_setting(text: str, tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text(text)
    write_setting(file, "theme", "mono")
    assert tomllib.loads(file.read_text()) == {**tomllib.loads(text), "theme": "mono"}


def test_the_file_is_made_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "supporttui" / "config.toml"
    write_setting(file, "theme", "mono")
    assert file.read_text() == 'theme = "mono"\n'
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(file.parent) == ["config.toml"]


def test_mode_and_link_stay(tmp_path: Path):
    real = tmp_path / "dotfiles.toml"
    real.write_text(FILE)
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    write_setting(link, "theme", "mono")
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert '"mono"    # low blue' in real.read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('theme = """\nnight"""\n', "is written in a way that can't be changed from here"),
        ("theme = \n", "can't be read: Invalid value"),
        ('"theme" = "night"\n', "is written in a way"),
        ('help = """\ntheme = "x"\n"""\n', "is written in a way"),
    ],
)
def test_what_can_not_be_changed_is_left_and_said(text: str, said: str, tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        write_setting(file, "theme", "mono")
    assert said in str(caught.value) and 'write theme = "mono" into it yourself' in str(caught.value)
    assert "\n" not in str(caught.value)
    assert file.read_text() == text


def test_a_read_only_file_is_left_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    monkeypatch.setattr(os, "access", lambda *_args: False)  # root may write everywhere
    with pytest.raises(UsageError, match="can't be written: it is read-only"):
        write_setting(file, "theme", "mono")
    assert file.read_text() == FILE and os.listdir(tmp_path) == ["config.toml"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "config.toml"
    file.write_text(FILE)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_setting(file, "theme", "mono")
    assert file.read_text() == FILE and os.listdir(tmp_path) == ["config.toml"]


def test_a_value_with_quotes_stays_a_value(tmp_path: Path):
    file = tmp_path / "config.toml"
    write_setting(file, "theme", 'a"b\\c')
    assert tomllib.loads(file.read_text()) == {"theme": 'a"b\\c'}
