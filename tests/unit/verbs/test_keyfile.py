"""keys.toml: what it may say, and one line for everything in it that can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.errors import UsageError
from supporttui.verbs.keyfile import EATEN, KeyFile, canonical, key_file, read
from supporttui.verbs.registry import BY_ID, UNRELIABLE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.toml"


def written(file: Path, text: str | bytes, **more: str) -> KeyFile:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(file, **more)


def test_the_file_is_in_the_folder_of_the_settings():
    assert key_file({"HOME": "/h", "XDG_CONFIG_HOME": "/c"}) == Path("/c/supporttui/keys.toml")


def test_no_file_is_the_defaults(file: Path):
    found = read(file)
    assert not found.faults and not found.changes
    assert found.keymap().keys(BY_ID["acknowledge"]) == ("a",)


def test_a_key_or_a_list_of_keys_replaces_the_defaults(file: Path):
    found = written(file, 'acknowledge = "Q"\nrefresh = ["F5", "C-r"]\nunmark = []\n')
    keymap = found.keymap()
    assert not found.faults
    assert keymap.keys(BY_ID["acknowledge"]) == ("Q",) and keymap.verb("a") is None
    assert keymap.keys(BY_ID["refresh"]) == ("f5", "ctrl+r") and keymap.verb("R") is None
    assert keymap.keys(BY_ID["unmark"]) == () and keymap.shown(BY_ID["unmark"]) == ""


def test_two_verbs_may_change_places(file: Path):
    keymap = written(file, 'acknowledge = "r"\nreply = "a"\n').keymap()
    found = keymap.verb("a")
    assert found is not None and found.id == "reply"


@pytest.mark.parametrize(
    ("text", "verb", "words"),
    [
        ('acknowlege = "A"', "acknowlege", "did you mean 'acknowledge'"),
        ('acknowledge = "r"', "acknowledge", "'r' is on reply by default"),
        ('note = "Q"\ntag = "Q"', "tag", "'Q' is on note too"),
        ("note = 5", "note", "a key or a list of keys"),
        ('note = ["A", 5]', "note", "a key or a list of keys"),
        ('[note]\nkey = "A"', "note", "a key or a list of keys"),
        ('note = ""', "note", "no key"),
        ('note = "pagedwn"', "note", "did you mean 'pagedown'"),
        ('note = "page-down"', "note", "no key"),
        ('note = "ctrl+enter"', "note", "no key"),
        ('note = "shift+a"', "note", "such as 'A'"),
        ('note = "alt+a"', "note", "Esc and a key"),
        ('note = "Esc"', "note", "always leaves"),
        ('note = "C-s"', "note", "flow control"),
        ('note = "ctrl+q"', "note", "flow control"),
        ('note = "C-b"', "note", "tmux"),
        ("quit = []", "quit", "nobody gets out"),
        ('"no\\nte" = "A"', "'no\\nte'", "no such verb"),
        ("note = ", "", "not TOML"),
        (b'note = "\xff"', "", "not UTF-8"),
        ("note = " + "9" * 5000, "", "not TOML"),
        ("note = " + "[" * 5000, "", "not TOML"),
        (b"#" * 1_000_001, "", "too large"),
    ],
)
def test_a_fault_is_one_line_and_leaves_the_defaults(file: Path, text: str | bytes, verb: str, words: str):
    found = written(file, text)
    (line,) = found.lines()
    assert found.faults[0].verb == verb and words in found.faults[0].message
    assert line.startswith(f"{file}: {verb}".rstrip(": ")) and "\n" not in line
    assert found.keymap().keys(BY_ID["note"]) == ("i",)


def test_every_fault_has_its_line(file: Path):
    found = written(file, 'nte = "A"\nnote = "C-s"\ntag = "q"\n')
    assert sorted(fault.verb for fault in found.faults) == ["note", "nte", "tag"]


def test_the_prefix_of_the_users_tmux_is_refused_only_there(file: Path):
    text = 'note = "ctrl+o"'
    assert not written(file, text).faults
    (fault,) = written(file, text, prefix=canonical("C-o")).faults
    assert "your tmux" in fault.message


def test_a_folder_in_place_of_the_file_is_a_fault(file: Path):
    file.mkdir()
    assert [fault.message for fault in read(file).faults] == ["not a file"]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("PgDn", "pagedown"), ("Space", "space"), ("↓", "down"), ("S-Tab", "shift+tab"), ("C-x", "ctrl+x"),
        ("Ctrl+Left", "ctrl+left"), ("F12", "f12"), ("A", "A"), ("-", "-"), ("+", "+"), ("é", "é"),
    ],
)  # fmt: skip
def test_keys_may_be_written_as_the_pages_show_them(word: str, key: str):
    assert canonical(word) == key


def test_every_default_key_can_be_written_in_the_file():
    for verb in BY_ID.values():
        assert tuple(map(canonical, verb.keys)) == verb.keys


def test_every_key_that_is_told_as_eaten_is_one_that_is_kept_off():
    assert set(EATEN) <= UNRELIABLE


@given(st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_word_is_a_key_or_refused_in_one_line(word: str):
    try:
        assert canonical(canonical(word)) == canonical(word)
    except UsageError as error:
        assert len(str(error).splitlines()) == 1
