"""Counting open time over any distance at the same cost.

Open time is a week that repeats, interrupted by dated exceptions and by clock
changes.  A `Table` cuts the axis into pieces at those interruptions only and
holds the count at each, so counting and its inverse are a binary search for the
piece and one division by the week, however far apart two instants are.

Invariant: every count is a whole number, `count` never decreases, and an axis
unit adds one or nothing.  The unit is a second for hours and a day for working days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

from supporttui.errors import PolicyError
from supporttui.policy.civil import Stretch

CLOSED, OPEN, WEEKLY = 0, 1, 2
_TOO_FAR = "the answer lies outside the years 3 to 9998; shorten the duration"

Mark = tuple[int, int]  # from this wall time on: CLOSED, OPEN or WEEKLY
Spans = tuple[tuple[int, int], ...]  # sorted, apart from each other, half-open


class OutOfHours(PolicyError):
    """The search for open (or closed) time has run past all there is."""


class Week:
    """The open part of a period that repeats for ever; wall time 0 begins a period."""

    __slots__ = ("before", "ends", "period", "spans", "starts", "total")

    def __init__(self, period: int, spans: Spans) -> None:
        self.period = period
        self.spans = spans
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before: list[int] = []
        self.total = 0
        for start, end in spans:
            self.before.append(self.total)
            self.total += end - start

    def count(self, wall: int) -> int:
        """Open units in [0, wall); negative before 0."""
        turns, rest = divmod(wall, self.period)
        i = bisect_right(self.starts, rest) - 1
        if i < 0:
            return turns * self.total
        end = self.ends[i]
        return turns * self.total + self.before[i] + (rest if rest < end else end) - self.starts[i]

    def leave(self, count: int) -> int:
        """The last wall time whose count is `count`: where the next open unit begins."""
        turns, rest = divmod(count, self.total)
        i = bisect_right(self.before, rest) - 1
        return turns * self.period + self.starts[i] + rest - self.before[i]

    def open_at(self, wall: int) -> bool:
        """Whether the unit that begins at `wall` is open."""
        return self.count(wall + 1) > self.count(wall)

    def inverse(self) -> Week:
        """The week that is open when this one is closed."""
        edges = [0, *(edge for span in self.spans for edge in span), self.period]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return Week(self.period, tuple((start, end) for start, end in pairs if start < end))


class Table:
    """Counts over the instants [lo, hi); see `build`."""

    __slots__ = ("bases", "counts", "first", "hi", "last", "lo", "modes", "shifts", "starts", "week")

    def __init__(self, week: Week, pieces: Sequence[tuple[int, int, int]], hi: int) -> None:
        """pieces: (start, mode, shift to wall time), in order; hi: where the last one ends."""
        self.week = week
        self.starts = [piece[0] for piece in pieces]
        self.modes = [piece[1] for piece in pieces]
        self.shifts = [piece[2] for piece in pieces]
        self.lo, self.hi = self.starts[0], hi
        self._number(0)

    def _number(self, first: int) -> None:
        """Lay the counts, beginning with `first` at `lo`."""
        self.first = count = first
        self.counts: list[int] = []
        self.bases: list[int] = []  # what a weekly piece adds to the count of its week
        ends = [*self.starts[1:], self.hi]
        for start, end, mode, shift in zip(self.starts, ends, self.modes, self.shifts, strict=True):
            self.counts.append(count)
            base = 0
            if mode == WEEKLY:
                base = count - self.week.count(start + shift)
                count = base + self.week.count(end + shift)
            elif mode == OPEN:
                count += end - start
            self.bases.append(base)
        self.last = count

    def continuing(self, older: Table) -> Table:
        """Renumber so that counts taken from `older`, which this one covers, stay true."""
        self._number(self.first + older.first - self.count(older.lo))
        return self

    def count(self, at: int) -> int:
        """Open units before `at`, from an origin that all tables of one `Ruler` chain share."""
        i = bisect_right(self.starts, at) - 1
        mode = self.modes[i]
        if mode == WEEKLY:
            return self.bases[i] + self.week.count(at + self.shifts[i])
        return self.counts[i] + (at - self.starts[i] if mode else 0)

    def reach(self, count: int) -> int:
        """The first instant with this count: a closing is itself.  first < count <= last."""
        i = bisect_left(self.counts, count) - 1
        if self.modes[i] == WEEKLY:
            return self.week.leave(count - self.bases[i] - 1) + 1 - self.shifts[i]
        return self.starts[i] + count - self.counts[i]

    def leave(self, count: int) -> int:
        """The last instant with this count: where the next open unit begins.  first <= count < last."""
        i = bisect_right(self.counts, count) - 1
        if self.modes[i] == WEEKLY:
            return self.week.leave(count - self.bases[i]) - self.shifts[i]
        return self.starts[i] + count - self.counts[i]


class Pattern(Protocol):
    """What a `Ruler` measures.

    week: the repeating part.  day: units to a day.  limits: the axis ends here.
    lasting: the instants beyond which nothing differs from the week, None if something always may.
    """

    week: Week
    day: int
    limits: tuple[int, int]
    lasting: tuple[int, int] | None

    def marks(self, lo: int, hi: int) -> Sequence[Mark]:
        """Exceptions around the instants [lo, hi), in order; the week holds before the first.

        Of several at one place the last one counts.
        """

    def stretches(self, lo: int, hi: int) -> Iterable[Stretch]:
        """The wall clock over the instants [lo, hi)."""

    def exhausted(self, at: int) -> str:
        """What to say when the search from about `at` finds nothing more."""


def build(pattern: Pattern, lo: int, hi: int) -> Table:
    """The table of a pattern over the instants [lo, hi)."""
    marks = pattern.marks(lo, hi)
    places = [mark[0] for mark in marks]
    usual = WEEKLY if pattern.week.total else CLOSED
    pieces: list[tuple[int, int, int]] = []

    def put(at: int, mode: int, shift: int) -> None:
        pieces.append((at, usual if mode == WEEKLY else mode, shift))

    def mode_at(i: int) -> int:
        return marks[i][1] if i >= 0 else WEEKLY

    for start, end, shift, wall in pattern.stretches(lo, hi):
        if shift is None:  # the wall stands still: open if it was open when it stopped
            mode = mode_at(bisect_right(places, wall - 1) - 1)
            put(start, int(pattern.week.open_at(wall - 1)) if mode == WEEKLY else mode, 0)
            continue
        i = bisect_right(places, wall)
        put(start, mode_at(i - 1), shift)
        for place, mode in marks[i : bisect_left(places, end + shift, i)]:
            put(place - shift, mode, shift)
    return Table(pattern.week, pieces, hi)


class Ruler:
    """A pattern with the table that has been needed so far, which widens by itself.

    A table is never changed once published, so a ruler may be shared between threads:
    each question is answered from one chain of tables.
    """

    __slots__ = ("_table", "_year", "pattern")

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self._year = 366 * pattern.day
        self._table: Table | None = None

    def around(self, lo: int, hi: int) -> Table:
        """A table that covers the instants lo to hi, both included."""
        table = self._table
        if table is not None and table.lo <= lo and hi < table.hi:
            return table
        least, most = self.pattern.limits
        if not least <= lo <= hi < most:
            raise ValueError("an instant for a business calendar lies between the years 3 and 9998")
        # Years to spare on both sides: most questions of a session then find the table ready,
        # and an answer ten years away costs what one next week does.
        return self._widen(table, lo - 2 * self._year, hi + 14 * self._year)

    def until(self, table: Table, hi: int) -> Table:
        """A table that continues `table` and covers the instant `hi` too."""
        if hi >= self.pattern.limits[1]:
            raise OutOfHours(_TOO_FAR)
        return self._widen(table, table.lo, hi + 14 * self._year)

    def ahead(self, table: Table, count: int) -> Table:
        """A table that continues `table` until the count is reached; OutOfHours if it never is."""
        while table.last < count:
            hi, last = table.hi, table.last
            table = self._widen(table, table.lo, hi + self._distance(count - last))
            self._check(table.hi > hi, table.last > last, hi, table.hi)
        return table

    def behind(self, table: Table, count: int) -> Table:
        """A table that continues `table` backwards until its first count is at most `count`."""
        while table.first > count:
            lo, first = table.lo, table.first
            table = self._widen(table, lo - self._distance(first - count), table.hi)
            self._check(table.lo < lo, table.first < first, lo, table.lo)
        return table

    def _distance(self, missing: int) -> int:
        """How far on to look for so many open units: a little more than the week says."""
        week = self.pattern.week
        periods = missing // week.total if week.total else 0
        if periods * week.period > 2 * (self.pattern.limits[1] - self.pattern.limits[0]):
            raise OutOfHours(_TOO_FAR)  # without laying out thousands of years first
        far = periods * week.period * 21 // 20 + 16 * self._year
        lasting = self.pattern.lasting
        return far if week.total or lasting is None else far + lasting[1] - lasting[0]

    def _check(self, grew: bool, found: bool, was: int, now: int) -> None:
        """Refuse to search on where there is nothing: at the axis' end, or in years without hours."""
        lasting = self.pattern.lasting
        if not grew:
            raise OutOfHours(_TOO_FAR)
        if not found and not (lasting and self._before(lasting, was, now)):
            raise OutOfHours(self.pattern.exhausted(was))

    @staticmethod
    def _before(lasting: tuple[int, int], was: int, now: int) -> bool:
        """Whether exceptions still lie beyond `now` in the direction of the search."""
        return now < lasting[1] if now > was else now > lasting[0]

    def _widen(self, table: Table | None, lo: int, hi: int) -> Table:
        least, most = self.pattern.limits
        lo, hi = max(lo, least), min(hi, most)
        if table is not None:
            lo, hi = min(lo, table.lo), max(hi, table.hi)
        wider = build(self.pattern, lo, hi)
        self._table = wider.continuing(table) if table is not None else wider
        return self._table
