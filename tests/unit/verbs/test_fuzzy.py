"""A few letters find a name, and the better they fit the earlier it stands."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.verbs.fuzzy import score


def ranked(wanted: str, *names: str) -> list[str]:
    found = [(score(wanted, name), name) for name in names]
    return [name for points, name in sorted(found, key=lambda one: -one[0]) if points]


def test_the_name_itself_comes_before_its_beginning_and_that_before_its_middle():
    assert ranked("tag", "untag all", "tag", "tagged", "a tag") == ["tag", "tagged", "a tag", "untag all"]


def test_letters_in_order_are_enough():
    assert ranked("akn", "acknowledge", "note") == ["acknowledge"]
    assert ranked("nv", "next view", "note") == ["next view"]
    assert ranked("acw", "acknowledge", "a cat in the window") == ["acknowledge", "a cat in the window"]


def test_letters_in_another_order_find_nothing():
    assert ranked("ka", "acknowledge") == []


def test_what_it_does_counts_less_than_its_name():
    assert score("customer", "customer look-up") > score("customer", "reply", "write to the customer") > 0


def test_all_words_must_fit():
    assert score("next pane", "next pane") == 100
    assert score("pane next", "next pane") > 0
    assert score("next window", "next pane") == 0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12), st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_score(wanted: str, name: str, note: str):
    assert score(wanted, name, note) >= 0
    name = " ".join(name.split())
    assert score(name, name, note) == (100 if name else 1)
