"""The line at the bottom: every opening begins afresh, whatever the one before left behind."""

from __future__ import annotations

from tests.console.driver import Console


def below(desk: Console) -> tuple[str, str]:
    """The prompt and the line under it."""
    prompt, hint = desk.screen.split("\n")[-2:]
    return prompt.strip(), hint.strip()


async def test_a_prompt_shows_its_own_sign_and_hint_after_another_one_was_left(desk: Console):
    await desk.press("f", "escape", ":")
    await desk.type("foo")
    prompt, hint = below(desk)
    assert prompt == ": foo"
    assert "verb" in hint and "sev:1" not in hint


async def test_what_was_wrong_is_gone_when_a_prompt_is_opened_anew(desk: Console):
    await desk.press(":")
    await desk.type("foo")
    await desk.press("enter")
    assert "no verb “foo”" in below(desk)[1]
    await desk.press("escape", "/")
    assert below(desk) == ("/", "words that a row shows; Esc for all")


async def test_what_is_wrong_with_a_query_is_not_told_of_the_next_words(desk: Console):
    await desk.press("f", "ctrl+u")
    await desk.type("not")
    await desk.press("enter")
    assert "a condition is missing" in below(desk)[1]
    await desk.press("escape", "/")
    assert below(desk) == ("/", "words that a row shows; Esc for all")
    await desk.press("escape", "#")
    assert below(desk) == ("#", "number of a ticket")


async def test_a_verb_that_takes_nothing_says_where_the_line_is_wrong(desk: Console):
    await desk.press(":")
    await desk.type("undo 5")
    await desk.press("enter")
    assert below(desk)[0].startswith(": undo 5") and "^ undo takes nothing after it" in below(desk)[1]
    await desk.press("escape")
