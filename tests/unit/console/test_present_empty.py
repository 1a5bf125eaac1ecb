"""What an empty list teaches: centred, whole in any pane, with the keys in force."""

from __future__ import annotations

import pytest

from supporttui.console.present import empty
from supporttui.console.present.spans import line_width, plain
from supporttui.verbs.registry import VERBS

KEYS = {verb.id: (verb.keys or (f":{verb.id}",))[0] for verb in VERBS}
SIZES = [(78, 12), (58, 7), (46, 20), (120, 30), (40, 3)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_new_desk_says_what_it_is_and_what_to_press(width: int, height: int):
    lines = empty.desk("NetEx", KEYS, width, height)
    text = "\n".join(map(plain, lines))
    assert len(lines) <= height and all(line_width(one) in (0, width) for one in lines)
    assert "The support desk of NetEx" in text
    if height > 3:
        assert "n   report a problem" in text and "?   all keys" in text
    if height > 8:
        assert all(words in text for words in ("supporttui tour", "--demo", "import FILE"))


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("title", [*empty.MEANS, "sev:1 owner:none"])
def test_an_empty_view_says_what_it_would_show(width: int, height: int, title: str):
    lines = empty.view(title, "sev:1 owner:none", KEYS, width, height)
    text = " ".join(" ".join(map(plain, lines)).split())
    assert len(lines) <= height and all(line_width(one) in (0, width) for one in lines)
    assert f"{title}: no ticket." in text
    if height > 10:
        assert empty.MEANS.get(title, "It shows what “sev:1 owner:none” finds.") in text
        assert "] next view" in text and "n report a problem" in text


def test_it_stands_in_the_middle():
    lines = empty.desk("NetEx", KEYS, 80, 30)
    first = next(at for at, one in enumerate(lines) if plain(one).strip())
    assert 5 <= first <= 9
    left = min(len(plain(one)) - len(plain(one).lstrip()) for one in lines if one)
    right = min(len(plain(one)) - len(plain(one).rstrip()) for one in lines if one)
    assert abs(left - right) <= 1


def test_text_of_others_is_inert():
    evil = "x\x1b[2J\u202ey"
    for lines in (
        empty.desk(evil, KEYS, 60, 20),
        empty.view(evil, evil, KEYS, 60, 20),
        empty.narrowed(evil, KEYS, 60, 20),
    ):
        text = "".join(map(plain, lines))
        assert "\x1b" not in text and "\u202e" not in text
