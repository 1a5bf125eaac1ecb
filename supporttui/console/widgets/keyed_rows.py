"""Where the reader of a long list is, when the list changes under them.

A list shows a *window* of a longer result.  The cursor, the marks and the top
of the screen are held by key (a ticket number), never by row, and everything
here is a pure function from the old state and a fresh page to the new state.

The invariant: a background refresh never puts the cursor on another ticket.
Only when the cursor's own ticket is gone does it move, to the next neighbour
below in the order that the reader saw, else above.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Generic, TypeVar

from supporttui.quickclass import dataclass

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Window(Generic[K]):
    """Consecutive keys of a longer list.

    keys: what is held, in order.  first: place of keys[0] in the whole list,
    from 0.  total: rows in the whole list.
    """

    keys: tuple[K, ...] = ()
    first: int = 0
    total: int = 0

    @property
    def end(self) -> int:
        """The place after the last key that is held."""
        return self.first + len(self.keys)

    def holds(self, place: int) -> bool:
        return self.first <= place < self.end

    def key_at(self, place: int) -> K | None:
        return self.keys[place - self.first] if self.holds(place) else None

    def place_of(self, key: K) -> int | None:
        try:
            return self.first + self.keys.index(key)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Position(Generic[K]):
    """Where the reader is.

    cursor: key of the row under the cursor, None in an empty list.
    row: its place in the whole list.  top: the first place on screen.
    height: rows that fit on screen.
    """

    cursor: K | None = None
    row: int = 0
    top: int = 0
    height: int = 1

    def shows(self, place: int) -> bool:
        return self.top <= place < self.top + self.height


@dataclass(frozen=True, slots=True)
class Merged(Generic[K]):
    """The list after fresh rows.

    lost: the key that the cursor had to leave because it is gone, else None.
    above: rows that came in above the top of the screen (negative: that went).
    resorted: the cursor's ticket now sits elsewhere in the order.
    """

    window: Window[K]
    position: Position[K]
    lost: K | None = None
    above: int = 0
    resorted: bool = False


@dataclass(frozen=True, slots=True)
class Kept(Generic[K]):
    """A row that the reader just changed: it stays where it was.

    above: the keys that stood above it, the nearest first.  from_top: nothing stood
    above those.  matches: whether it still belongs to the list on its own account.
    """

    key: K
    above: tuple[K, ...] = ()
    from_top: bool = False
    matches: bool = False


KEPT_ABOVE = 50  # neighbours that are remembered, in case the nearest ones go as well


def kept_in(window: Window[K], key: K, *, matches: bool) -> Kept[K] | None:
    """The row as it stands in the window; None when it isn't there."""
    if key not in window.keys:
        return None
    at = window.keys.index(key)
    above = window.keys[max(0, at - KEPT_ABOVE) : at][::-1]
    return Kept(key, above, window.first == 0 and at <= KEPT_ABOVE, matches)


def successor(order: Sequence[K], gone: K, present: Container[K]) -> K | None:
    """The neighbour that takes over from `gone`: the next below that is present, else above."""
    try:
        at = order.index(gone)
    except ValueError:
        return None
    for key in (*order[at + 1 :], *reversed(order[:at])):
        if key in present:
            return key
    return None


def preference(window: Window[K], position: Position[K]) -> tuple[K, ...]:
    """Keys that may carry the cursor after a refresh, best first."""
    cursor = position.cursor
    if cursor is None:
        return ()
    if cursor not in window.keys:
        return (cursor,)
    at = window.keys.index(cursor)
    return (cursor, *window.keys[at + 1 :], *reversed(window.keys[:at]))


def keep(window: Window[K], kept: Iterable[Kept[K]]) -> Window[K]:
    """Put changed rows back where the reader saw them.

    A kept row none of whose neighbours is in this window stays out of it.
    Rows that don't match any more add to the total; those that do are only moved.
    """
    keys = list(window.keys)
    total = window.total
    left = {row.key: row for row in kept}
    while placed := [row for row in left.values() if _stands(row, keys, left, window.first)]:
        for row in placed:
            del left[row.key]
            if row.key in keys:
                keys.remove(row.key)
            elif not row.matches:
                total += 1
            keys.insert(_place_for(row, keys), row.key)
    return Window(tuple(keys), window.first, max(total, window.first + len(keys)))


def _stands(row: Kept[K], keys: Sequence[K], left: Container[K], first: int) -> bool:
    """Whether the nearest neighbour that there still is has its place already."""
    for key in row.above:
        if key in left:
            return False
        if key in keys:
            return True
    return row.from_top and first == 0


def _place_for(row: Kept[K], keys: Sequence[K]) -> int:
    return next((keys.index(key) + 1 for key in row.above if key in keys), 0)


def merge(
    old: Window[K], position: Position[K], new: Window[K], elsewhere: Mapping[K, int] | None = None
) -> Merged[K]:
    """Fresh rows under a standing reader.

    elsewhere: places of keys that are in the list but not in the new window.
    """
    known = elsewhere or {}
    stood = _cursor(old, position, new, known)
    cursor, row, lost = stood
    steady = _steady(old, position, new)
    resorted = lost is None and cursor is not None and cursor == position.cursor
    resorted = resorted and bool(steady) and position.shows(position.row) and cursor not in steady
    fresh = replace(position, cursor=cursor, row=row)
    top = _top(position, fresh, new, steady)
    if position.shows(position.row) and not resorted:
        top = reveal(top, row, position.height)
    top = clamp_top(top, new.total, position.height)
    return Merged(new, replace(fresh, top=top), lost, top - position.top, resorted)


def _cursor(
    old: Window[K], position: Position[K], new: Window[K], known: Mapping[K, int]
) -> tuple[K | None, int, K | None]:
    """The new cursor key, its place, and the key that was lost."""
    cursor = position.cursor
    places = {key: new.first + at for at, key in enumerate(new.keys)}
    if cursor is not None and cursor in places:
        return cursor, places[cursor], None
    if cursor is not None and cursor in known:
        return cursor, known[cursor], None
    heir = None if cursor is None else successor(old.keys, cursor, {**known, **places})
    if heir is not None:
        return heir, places.get(heir, known.get(heir, 0)), cursor
    if not new.keys:
        return None, 0, cursor
    row = max(new.first, min(position.row, new.end - 1))
    return new.key_at(row), row, cursor


def _steady(old: Window[K], position: Position[K], new: Window[K]) -> dict[K, tuple[int, int]]:
    """Rows on screen that kept their order among themselves: key → (old place, new place).

    It is the longest such run, so that a single row that jumped to the other
    end of the list does not take the screen with it.
    """
    places = {key: new.first + at for at, key in enumerate(new.keys)}
    low = max(0, position.top - old.first)
    high = max(low, position.top + position.height - old.first)
    seen = [
        (key, old.first + low + at, places[key]) for at, key in enumerate(old.keys[low:high]) if key in places
    ]
    return {seen[at][0]: seen[at][1:] for at in _longest_rising([place for _, _, place in seen])}


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Indices of a longest strictly rising subsequence (patience sorting)."""
    ends: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for at, value in enumerate(values):
        pile = bisect_left(ends, value)
        ends[pile : pile + 1] = [value]
        holders[pile : pile + 1] = [at]
        before.append(holders[pile - 1] if pile else -1)
    run: list[int] = []
    at = holders[-1] if holders else -1
    while at >= 0:
        run.append(at)
        at = before[at]
    return run[::-1]


def _top(
    position: Position[K], fresh: Position[K], new: Window[K], steady: Mapping[K, tuple[int, int]]
) -> int:
    """The top that leaves the first steady row on its screen line."""
    if steady:
        was, now = next(iter(steady.values()))
        return now - (was - position.top)
    if fresh.cursor is not None and position.shows(position.row):
        return fresh.row - (position.row - position.top)
    return min(position.top, max(0, new.total - 1))


def reveal(top: int, row: int, height: int) -> int:
    """The top nearest to `top` at which `row` is on screen."""
    return min(max(top, row - height + 1), row)


def clamp_top(top: int, total: int, height: int) -> int:
    return max(0, min(top, total - height))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows that should be held: count rows from place `first`."""

    first: int
    count: int


def wanted(window: Window[K], position: Position[K], *, reach: int) -> Wanted | None:
    """What to read next so that the screen and one screen around it are held.

    reach: rows to hold on each side of the screen.  None: nothing to read.
    """
    near = max(1, min(position.height, reach))
    low = max(0, position.top - near)
    high = min(window.total, position.top + position.height + near)
    if window.first <= low and high <= window.end:
        return None
    first = max(0, position.top - reach)
    return Wanted(first, position.height + 2 * reach)


@dataclass(frozen=True, slots=True)
class Marks(Generic[K]):
    """Marked rows, by key; `anchor` is where a range began."""

    keys: frozenset[K] = field(default_factory=frozenset)
    anchor: K | None = None

    def toggled(self, key: K) -> Marks[K]:
        return replace(self, keys=self.keys ^ {key})

    def with_range(self, window: Window[K], key: K) -> Marks[K]:
        """Everything between the anchor and `key` in the shown order, both included."""
        if self.anchor is None or self.anchor not in window.keys or key not in window.keys:
            return replace(self, keys=self.keys | {key}, anchor=None)
        low, high = sorted((window.keys.index(self.anchor), window.keys.index(key)))
        return replace(self, keys=self.keys | set(window.keys[low : high + 1]), anchor=None)
