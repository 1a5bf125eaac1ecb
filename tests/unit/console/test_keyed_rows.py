"""Identity, not index: whatever happens to the rows, the cursor stays on its ticket."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supporttui.console.widgets.keyed_rows import (
    Kept,
    Marks,
    Position,
    Window,
    clamp_top,
    keep,
    kept_in,
    merge,
    preference,
    successor,
    wanted,
)


def whole(*keys: int) -> Window[int]:
    return Window(tuple(keys), 0, len(keys))


def standing(cursor: int, row: int, top: int = 0, height: int = 5) -> Position[int]:
    return Position(cursor, row, top, height)


def test_rows_that_arrive_above_leave_the_cursor_and_the_screen_alone():
    old = whole(*range(10, 30))
    merged = merge(old, standing(16, 6, top=4), whole(1, 2, 3, *range(10, 30)))
    assert merged.position == Position(16, 9, 7, 5)
    assert merged.above == 3 and merged.lost is None


def test_a_short_list_moves_down_because_nothing_can_be_above_the_fold():
    merged = merge(whole(10, 11), standing(11, 1), whole(9, 10, 11))
    assert merged.position == Position(11, 2, 0, 5)


def test_the_cursors_ticket_goes_and_the_next_below_in_the_old_order_takes_over():
    merged = merge(whole(5, 3, 9, 7), standing(3, 1), whole(9, 7, 5))
    assert merged.position.cursor == 9 and merged.lost == 3


def test_with_nothing_left_below_the_neighbour_above_takes_over():
    merged = merge(whole(5, 3, 9), standing(9, 2), whole(3, 5))
    assert merged.position.cursor == 3 and merged.lost == 9


def test_everything_goes():
    merged = merge(whole(5, 3), standing(5, 0), whole())
    assert merged.position.cursor is None and merged.lost == 5


def test_none_of_the_old_rows_is_left_the_cursor_keeps_its_row():
    merged = merge(whole(5, 3, 8), standing(3, 1), whole(20, 21))
    assert merged.position.cursor == 21 and merged.lost == 3


def test_the_first_rows_put_the_cursor_on_the_first():
    merged = merge(Window(), Position(height=5), whole(4, 2))
    assert merged.position.cursor == 4 and merged.lost is None


def test_a_ticket_that_jumps_away_takes_the_cursor_but_not_the_screen():
    old = whole(*range(100))
    new = whole(*(n for n in range(100) if n != 42), 42)
    merged = merge(old, standing(42, 42, top=40), new)
    assert merged.position == Position(42, 99, 40, 5)
    assert merged.resorted


def test_the_top_row_jumps_away_and_the_rest_of_the_screen_stands_still():
    old = whole(*range(100))
    new = whole(*(n for n in range(100) if n != 40), 40)
    merged = merge(old, standing(42, 42, top=40), new)
    # 41 stood on line 1 and still does
    assert merged.position.top == new.keys.index(41) - 1


def test_a_ticket_outside_the_window_keeps_the_cursor():
    new = Window(tuple(range(50, 60)), 50, 1000)
    merged = merge(Window((7, 8), 0, 1000), standing(7, 0), new, elsewhere={7: 900})
    assert merged.position.cursor == 7 and merged.position.row == 900


def test_rows_pushed_in_between_don_t_push_the_cursor_off_the_screen():
    merged = merge(whole(*range(10, 40)), standing(14, 4), whole(10, 1, 2, *range(11, 40)))
    assert merged.position.shows(merged.position.row)


def stood(window: Window[int], key: int, *, matches: bool = False) -> Kept[int]:
    found = kept_in(window, key, matches=matches)
    assert found is not None
    return found


def test_a_kept_row_that_left_stays_below_its_old_neighbour():
    window = keep(Window((1, 2, 4, 5), 0, 4), [stood(whole(1, 2, 3, 4, 5), 3)])
    assert window.keys == (1, 2, 3, 4, 5) and window.total == 5


def test_a_kept_row_that_was_first_stays_first():
    assert keep(whole(2, 3), [stood(whole(1, 2, 3), 1)]).keys == (1, 2, 3)


def test_a_kept_row_that_sorted_elsewhere_is_moved_back_and_not_shown_twice():
    row = stood(whole(1, 2, 3, 4, 5), 3, matches=True)
    for order in ((3, 1, 2, 4, 5), (1, 2, 4, 5, 3)):
        window = keep(whole(*order), [row])
        assert window.keys == (1, 2, 3, 4, 5) and window.total == 5


def test_kept_neighbours_stay_together_whichever_was_changed_first():
    before = whole(1, 2, 3, 4, 5)
    for order in ((2, 3, 4), (4, 3, 2), (3, 4, 2)):
        assert keep(whole(1, 5), [stood(before, key) for key in order]).keys == (1, 2, 3, 4, 5)
        assert keep(whole(5), [stood(before, key) for key in (*order, 1)]).keys == (1, 2, 3, 4, 5)


def test_a_kept_row_whose_neighbour_went_stands_below_the_one_above_that():
    assert keep(whole(1, 5), [stood(whole(1, 2, 3, 5), 3)]).keys == (1, 3, 5)


def test_a_kept_row_whose_neighbours_are_elsewhere_is_not_forced_in():
    rows = [stood(whole(2, 3), 3), stood(whole(4), 4)]
    assert keep(Window((8, 9), 50, 100), rows).keys == (8, 9)
    assert kept_in(whole(1, 2), 9, matches=False) is None


@given(st.lists(st.integers(0, 30), unique=True, min_size=1), st.data())
def test_kept_rows_are_all_shown_once_and_the_others_keep_their_order(order, data):
    changed = data.draw(st.lists(st.sampled_from(order), unique=True))
    fresh = [key for key in order if key not in changed or data.draw(st.booleans())]
    window = keep(whole(*fresh), [stood(whole(*order), key, matches=key in fresh) for key in changed])
    assert sorted(window.keys) == sorted(set(fresh) | set(changed))
    assert [key for key in window.keys if key not in changed] == [key for key in fresh if key not in changed]
    assert list(window.keys) == [key for key in order if key in window.keys]
    assert window.total == len(window.keys)


def test_a_range_marks_what_is_between_in_the_shown_order():
    window = whole(9, 4, 7, 1)
    marks = Marks(anchor=7).with_range(window, 9)
    assert marks.keys == {9, 4, 7} and marks.anchor is None
    assert marks.toggled(4).keys == {9, 7}
    assert Marks(anchor=99).with_range(window, 4).keys == {4}


def test_nothing_is_wanted_while_the_screen_and_its_surroundings_are_held():
    window = Window(tuple(range(100)), 0, 1000)
    assert wanted(window, standing(10, 10, top=8), reach=50) is None
    ask = wanted(window, standing(97, 97, top=95), reach=50)
    assert ask is not None and ask.first == 45 and ask.first + ask.count >= 150


def test_nothing_is_wanted_beyond_the_ends():
    window = Window(tuple(range(10)), 0, 10)
    assert wanted(window, standing(9, 9, top=5), reach=50) is None


@given(st.lists(st.integers(0, 30), unique=True, min_size=1), st.data())
def test_successor_is_the_nearest_below_else_above(order: list[int], data: st.DataObject):
    gone = data.draw(st.sampled_from(order))
    present = data.draw(st.sets(st.sampled_from(order))) - {gone}
    heir = successor(order, gone, present)
    at = order.index(gone)
    below = [key for key in order[at + 1 :] if key in present]
    above = [key for key in order[:at] if key in present]
    assert heir == (below[0] if below else above[-1] if above else None)


class Shift(RuleBasedStateMachine):
    """Tickets arrive, go and are sorted anew; the analyst moves; the window is a part of it all."""

    REACH = 4

    @initialize(keys=st.lists(st.integers(0, 60), unique=True, max_size=40), height=st.integers(1, 8))
    def start(self, keys: list[int], height: int) -> None:
        self.truth = keys
        self.window: Window[int] = Window()
        self.position: Position[int] = Position(height=height)
        self.refresh()

    def page(self, first: int) -> Window[int]:
        count = self.position.height + 2 * self.REACH
        return Window(tuple(self.truth[first : first + count]), first, len(self.truth))

    def refresh(self) -> None:
        """What the store side does: page around where the reader is, and say where the cursor went."""
        before, stood = self.window, self.position
        choice = next((key for key in preference(before, stood) if key in self.truth), None)
        steady = [key for key in before.keys if key in self.truth]
        on_screen = [key for at, key in enumerate(before.keys, before.first) if stood.shows(at)]
        anchor = next((key for key in on_screen if key in steady), choice)
        middle = self.truth.index(anchor) if anchor is not None else stood.top
        elsewhere = {choice: self.truth.index(choice)} if choice is not None else {}
        fresh = self.page(max(0, middle - self.REACH))
        merged = merge(before, stood, fresh, elsewhere)
        self.window, self.position = merged.window, merged.position
        self.check(before, stood, merged.lost)
        ask = wanted(self.window, self.position, reach=self.REACH)
        if ask is not None:
            self.window = Window(
                tuple(self.truth[ask.first : ask.first + ask.count]), ask.first, len(self.truth)
            )

    def check(self, before: Window[int], stood: Position[int], lost: int | None) -> None:
        cursor = self.position.cursor
        if stood.cursor is None:
            return
        if stood.cursor in self.truth:
            assert cursor == stood.cursor and lost is None
            return
        assert lost == stood.cursor
        if stood.cursor in before.keys:
            heir = successor(before.keys, stood.cursor, self.truth)
            assert heir is None or cursor == heir
        if stood.shows(stood.row) and cursor is not None:
            assert self.position.shows(self.position.row)

    @rule(data=st.data(), key=st.integers(100, 10_000))
    def arrives(self, data: st.DataObject, key: int) -> None:
        if key not in self.truth:
            self.truth.insert(data.draw(st.integers(0, len(self.truth))), key)
            self.refresh()

    @precondition(lambda self: self.truth)
    @rule(data=st.data())
    def goes(self, data: st.DataObject) -> None:
        gone = data.draw(st.sets(st.sampled_from(self.truth), min_size=1, max_size=6))
        self.truth = [key for key in self.truth if key not in gone]
        self.refresh()

    @rule(data=st.data())
    def is_sorted_anew(self, data: st.DataObject) -> None:
        self.truth = data.draw(st.permutations(self.truth))
        self.refresh()

    @precondition(lambda self: self.truth)
    @rule(data=st.data())
    def analyst_moves(self, data: st.DataObject) -> None:
        row = data.draw(st.integers(0, len(self.truth) - 1))
        height = self.position.height
        top = clamp_top(row - height // 2, len(self.truth), height)
        self.position = Position(self.truth[row], row, top, height)
        self.window = self.page(max(0, top - self.REACH))

    @rule(height=st.integers(1, 8))
    def terminal_is_resized(self, height: int) -> None:
        top = clamp_top(self.position.top, len(self.truth), height)
        self.position = replace(self.position, height=height, top=top)

    @invariant()
    def the_row_number_is_right(self) -> None:
        if self.position.cursor is not None:
            assert self.truth[self.position.row] == self.position.cursor

    @invariant()
    def the_screen_never_hangs_over_an_end(self) -> None:
        top, height = self.position.top, self.position.height
        assert top == clamp_top(top, len(self.truth), height)


TestShift = Shift.TestCase
TestShift.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("height", [1, 3, 20])
def test_refreshing_twice_with_the_same_rows_changes_nothing(height: int):
    window = whole(*range(50))
    position = Position(20, 20, clamp_top(18, 50, height), height)
    merged = merge(window, position, window)
    if position.shows(20):
        assert merged.position == position
    assert merged.above == merged.position.top - position.top
