"""The registry of verbs: one key means one thing, and a verb that can't run says why."""

from __future__ import annotations

import pytest

from supporttui.errors import UsageError
from supporttui.verbs.keymap import Keymap, key_name
from supporttui.verbs.registry import BY_ID, UNRELIABLE, VERBS, footer, groups, matching
from supporttui.verbs.situation import Situation


def test_every_verb_has_a_title_and_one_line_of_help():
    for verb in VERBS:
        assert verb.title and verb.help and "\n" not in verb.help
        assert len(verb.title) <= 14


def test_no_two_verbs_share_a_key_or_an_id():
    keys = [key for verb in VERBS for key in verb.keys]
    assert len(keys) == len(set(keys))
    assert len(BY_ID) == len(VERBS)


def test_nothing_on_ctrl_writes_and_no_key_is_one_that_terminals_keep():
    for verb in VERBS:
        assert not UNRELIABLE & set(verb.keys)
        if verb.writes:
            assert not any("ctrl" in key for key in verb.keys)


def test_the_keys_of_the_house():
    expected = {
        "j": "down", "G": "last", "enter": "open", "/": "find", "f": "query", "?": "help", "#": "go",
        "n": "report", "r": "reply", "i": "note", "a": "acknowledge", "o": "take", "O": "assign",
        "s": "status", "x": "severity", "E": "escalate", "c": "close", "t": "tag", "space": "mark",
        "u": "undo", "U": "redo", "R": "refresh", "q": "quit", "z": "zoom", "[": "previous-view",
    }  # fmt: skip
    keymap = Keymap()
    for key, verb_id in expected.items():
        found = keymap.verb(key)
        assert found is not None and found.id == verb_id
    assert keymap.verb("ctrl+w") is None


@pytest.mark.parametrize(
    ("verb_id", "situation", "reason"),
    [
        ("acknowledge", Situation(), "no ticket"),
        ("acknowledge", Situation(ticket=7, open=False, status="closed"), "7 is closed"),
        ("note", Situation(ticket=7, merged_into=3, open=False), "merged into 3"),
        ("status", Situation(ticket=7, status="closed", open=False), "no move from closed"),
        ("take", Situation(ticket=7, owner="ana", actor="ana"), "yours already"),
        ("reply", Situation(ticket=7, readonly=True), "read-only"),
        ("undo", Situation(busy="note on 7"), "still saving"),
    ],
)
def test_a_verb_that_cant_run_says_why(verb_id: str, situation: Situation, reason: str):
    assert reason in BY_ID[verb_id].why_disabled(situation)


def test_verbs_run_when_nothing_is_in_the_way():
    now = Situation(
        ticket=7,
        status="open",
        moves=("resolved",),
        owner="raj",
        actor="ana",
        rows=3,
        repeats="tag",
        commands=1,
    )
    assert [verb.id for verb in VERBS if verb.why_disabled(now)] == []


def test_taking_is_possible_for_marked_tickets_even_if_this_one_is_mine():
    assert BY_ID["take"].why_disabled(Situation(ticket=7, owner="ana", actor="ana", marked=3)) == ""


def test_a_user_may_move_keys():
    keymap = Keymap({"acknowledge": ("Q",)})
    found = keymap.verb("Q")
    assert found is not None and found.id == "acknowledge"
    assert keymap.verb("a") is None
    assert keymap.shown(found) == "Q"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"acknowledge": ("r",)}, "claimed by"),
        ({"acknowlege": ("A",)}, "no verb"),
        ({"note": ("ctrl+s",)}, "tmux"),
    ],
)
def test_a_bad_keymap_is_refused_in_one_line(changes: dict[str, tuple[str, ...]], words: str):
    with pytest.raises(UsageError, match=words) as caught:
        Keymap(changes)
    assert "\n" not in str(caught.value)


def test_typing_filters_and_the_beginning_of_a_name_comes_first():
    assert matching("und")[0].id == "undo"
    assert {verb.id for verb in matching("assign")} >= {"take", "assign"}
    assert matching("assign")[0].id == "assign"
    assert len(matching("")) == len(VERBS)
    assert matching("no such thing") == []


def test_every_verb_is_on_the_page_of_keys_and_the_footer_is_ordered():
    assert sum(map(len, groups().values())) == len(VERBS)
    assert [verb.id for verb in footer()][:3] == ["open", "acknowledge", "reply"]


def test_keys_are_written_as_people_write_them():
    assert key_name("space") == "Space" and key_name("down") == "↓"
    assert key_name("down", ascii=True) == "Down"
    assert key_name("f5") == "F5" and key_name("ctrl+p") == "Ctrl-P" and key_name("shift+f1") == "Shift-F1"
    assert key_name("shift+tab") == "Shift-Tab" and key_name("delete") == "Del" and key_name("a") == "a"
    assert key_name("ctrl+down", ascii=True) == "Ctrl-Down" and key_name("-") == "-" and key_name("+") == "+"


def test_every_key_is_read_back_as_it_is_written():
    from supporttui.verbs.keyfile import canonical

    for key in ("f12", "ctrl+p", "shift+f1", "insert", "pagedown", "shift+tab", "space", "#", "G"):
        assert canonical(key_name(key)) == key
        assert canonical(key_name(key, ascii=True)) == key


def test_a_key_that_is_typed_finds_its_verb_first():
    keymap = Keymap({"acknowledge": ("f5",), "note": ("a",)})
    assert keymap.matching("a")[0].id == "note"
    assert keymap.matching("f5")[0].id == "acknowledge"
    assert keymap.matching("F5")[0].id == "acknowledge"
    assert keymap.matching("G")[0].id == "last" and keymap.matching("g")[0].id == "first"
    assert keymap.matching("Enter")[0].id == "open" and keymap.matching("enter")[0].id == "open"
    assert keymap.matching("#")[0].id == "go"
