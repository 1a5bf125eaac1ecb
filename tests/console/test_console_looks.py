"""What is drawn how: rows that changed, keys that are offered, words that fit."""

from __future__ import annotations

from tests.console.driver import Console, Rows


def roles(rows: Rows, word: str) -> str:
    """The roles in which the row that holds this word is drawn, with blanks between."""
    lines = rows._list.lines_shown
    found = next(line for line in lines if word in "".join(span.text for span in line))
    return " ".join(span.role for span in found)


async def test_a_row_that_was_changed_here_and_belongs_to_the_view_keeps_its_colours(desk: Console):
    await desk.queue.goes_to(4)
    before = roles(desk.queue, "NETEX crashes")
    await desk.verb("take", "undo")
    after = roles(desk.queue, "NETEX crashes")
    assert "sev1" in before and after == before


async def test_a_row_that_belongs_to_the_view_again_after_undo_is_dim_no_more(desk: Console):
    await desk.queue.goes_to(4)
    await desk.press("c", "r")
    assert "sev1" not in roles(desk.queue, "NETEX crashes")
    await desk.verb("undo")
    assert "sev1" in roles(desk.queue, "NETEX crashes")
