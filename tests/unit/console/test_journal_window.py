"""The held part of a journal: always a part without gaps, never more than so much, whatever is read when."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.console import journal_window
from supporttui.console.journal_window import MOST, PAGE, History, Pages
from supporttui.store.records import JournalEntry

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)


def entry(number: int, **more) -> JournalEntry:
    return JournalEntry(
        id=number, ticket=1, version=1, at=NOW, recorded_at=NOW, actor="raj", kind="note", **more
    )  # fmt: skip


def page(total: int, which, anchor: int = 0) -> Pages:
    """What the store answers when the journal has the entries 1 to `total`."""
    if which == "newest":
        low, high = max(1, total - PAGE + 1), total
    elif which == "older":
        low, high = max(1, anchor - PAGE), anchor - 1
    elif which == "newer":
        low, high = anchor + 1, min(total, anchor + PAGE)
    else:
        low, high = 1, min(total, PAGE)
    return Pages(1, which, tuple(map(entry, range(high, low - 1, -1))), high == total, low == 1)


def check(held: History, total: int) -> None:
    ids = [one.id for one in held.entries]
    assert ids == list(range(ids[0], ids[-1] - 1, -1)), "a gap, or out of order"
    assert len(ids) <= MOST + PAGE
    assert held.last == (ids[-1] == 1)
    assert not held.first or ids[0] == total, "it claims to hold the newest one"


moves = st.lists(
    st.sampled_from(["older", "newer", "refresh", "arrive", "flood", "oldest", "newest"]), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 1500), moves)
def test_it_is_one_part_without_gaps_and_bounded(total, steps):
    held = History()
    held.begin(page(total, "newest"))
    for step in steps:
        if step in ("arrive", "flood"):
            total += 1 if step == "arrive" else 250
            held.take(page(total, "newest"))
        elif step == "refresh":
            held.take(page(total, "newest"))
        elif step in ("oldest", "newest"):
            held.begin(page(total, step))
        elif step == "older" and not held.last:
            held.take(page(total, "older", held.entries[-1].id))
        elif step == "newer" and not held.first:
            held.take(page(total, "newer", held.entries[0].id))
        check(held, total)


def test_long_texts_are_let_go_sooner(monkeypatch):
    monkeypatch.setattr(journal_window, "MOST_TEXT", 150_000)
    held = History()
    held.begin(Pages(1, "newest", [entry(at, text="x" * 1000) for at in range(400, 300, -1)], True, False))
    for top in (300, 200):
        older = [entry(at, text="x" * 1000) for at in range(top, top - 100, -1)]
        held.take(Pages(1, "older", older, False, False))
    assert len(held.entries) <= 200 and not held.first
    assert held.entries[-1].id == 101, "where one reads is kept"


def test_what_was_undone_is_known_across_pages():
    held = History()
    held.begin(Pages(1, "newest", [entry(9, undoes=8), entry(8, undoes=3), entry(7, undoes=2)], True, False))
    assert held.undone == {8, 2}
    held.take(Pages(1, "older", [entry(6), entry(3), entry(2)], False, True, {7: 2, 8: 3, 9: 8}))
    assert held.undone == {8, 2}, "3 was undone and brought back"
