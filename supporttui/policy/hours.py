"""What a business calendar's wall clock says is open, day by day.

Invariant: a date is described by the spans that begin on it (`own`); a span over
midnight runs into the next date.  An override replaces a date's own spans, a
break cuts what is open, and a holiday closes its calendar date only: what began
the evening before ends at that midnight, and what runs on past its end stays.

Spans are wall-clock seconds after the date's midnight, half-open, up to 48 h.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from supporttui.policy import civil
from supporttui.policy.civil import DAY, WEEK, Stretch
from supporttui.policy.public import PublicHolidays
from supporttui.policy.tally import CLOSED, OPEN, WEEKLY, Mark, Pattern, Spans, Week


def union(spans: Iterable[tuple[int, int]]) -> Spans:
    """Sorted and merged; spans that touch become one, empty ones vanish."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def clip(spans: Iterable[tuple[int, int]], lo: int, hi: int) -> Spans:
    """The parts of the spans inside [lo, hi), counted from `lo`."""
    return union((max(start, lo) - lo, min(end, hi) - lo) for start, end in spans)


def cut(spans: Spans, away: Spans) -> Spans:
    """The spans without the parts inside `away` (both merged)."""
    kept = []
    for start, end in spans:
        for gone, back in away:
            if back <= start or gone >= end:
                continue
            kept.append((start, gone))
            start = back
        kept.append((start, end))
    return union(kept)


class WallHours:
    """The hours of a calendar on its own wall clock; days are `civil.day_number`s."""

    def __init__(
        self,
        weekly: Sequence[Spans],
        *,
        overrides: Mapping[int, Spans],
        breaks: Mapping[int, Spans],
        holidays: Mapping[int, str],
        public: PublicHolidays | None = None,
    ) -> None:
        """weekly: own spans of Monday to Sunday.  holidays: names by day."""
        self.weekly = tuple(weekly)
        self.overrides = dict(overrides)
        self.breaks = dict(breaks)
        self.holidays = dict(holidays)
        self.public = public
        self._usual = tuple(self._usual_day(weekday) for weekday in range(7))
        self._usual_works = tuple(bool(clip(spans, 0, DAY)) for spans in self.weekly)
        self._listed = self._listed_days()
        self.never_closes = (
            public is None and not self._listed and all(day == ((0, DAY),) for day in self._usual)
        )

    def own(self, day: int) -> Spans:
        """The spans that begin on a date, before breaks and holidays."""
        found = self.overrides.get(day)
        return self.weekly[day % 7] if found is None else found

    def holiday(self, day: int) -> str:
        """The name of the date's holiday, or "" when it is none."""
        name = self.holidays.get(day)
        if name is None and self.public is not None:
            name = self.public.year(civil.day_of(day).year).get(day)
        return name or ""

    def open_on(self, day: int) -> Spans:
        """The open parts of one calendar date, inside 0 to 24 h."""
        if self.holiday(day):
            return ()
        spans = union((*clip(self.own(day), 0, DAY), *clip(self.own(day - 1), DAY, 2 * DAY)))
        return cut(spans, self._cuts(day)) if self.breaks else spans

    def works(self, day: int) -> bool:
        """Whether a date is a working one: hours of its own begin on it and something of them is left."""
        if self.holiday(day):
            return False
        return bool(cut(clip(self.own(day), 0, DAY), self._cuts(day)))

    def week(self) -> Week:
        """The regular week in seconds."""
        spans = [(i * DAY + start, i * DAY + end) for i, day in enumerate(self._usual) for start, end in day]
        return Week(WEEK, union(spans))

    def working_week(self) -> Week:
        """The regular week in days."""
        return Week(7, union((i, i + 1) for i, works in enumerate(self._usual_works) if works))

    def never_opens(self) -> bool:
        """Whether neither the week nor any override leaves an open second."""
        return not any(self._usual) and not any(self.open_on(day) for day in self._listed)

    def lasting(self) -> tuple[int, int] | None:
        """The days [first, end) outside which all weeks are regular; None if holidays may come for ever."""
        if self.public is not None:
            return None
        return (self._listed[0], self._listed[-1] + 1) if self._listed else (0, 0)

    def unusual(self, lo: int, hi: int) -> list[tuple[int, Spans]]:
        """Dates in [lo, hi) whose open parts differ from their weekday's, with those parts."""
        days = ((day, self.open_on(day)) for day in self._exceptions(lo, hi))
        return [(day, spans) for day, spans in days if spans != self._usual[day % 7]]

    def unusual_work(self, lo: int, hi: int) -> list[tuple[int, bool]]:
        """Dates in [lo, hi) that work though their weekday does not, or the other way round."""
        days = ((day, self.works(day)) for day in self._exceptions(lo, hi))
        return [(day, works) for day, works in days if works != self._usual_works[day % 7]]

    def _usual_day(self, weekday: int) -> Spans:
        tail = clip(self.weekly[weekday - 1], DAY, 2 * DAY)
        return union((*clip(self.weekly[weekday], 0, DAY), *tail))

    def _cuts(self, day: int) -> Spans:
        today, yesterday = self.breaks.get(day, ()), self.breaks.get(day - 1, ())
        return union((*clip(today, 0, DAY), *clip(yesterday, DAY, 2 * DAY)))

    def _listed_days(self) -> list[int]:
        with_tails = {*self.overrides, *self.breaks}
        return sorted({*self.holidays, *with_tails, *(day + 1 for day in with_tails)})

    def _exceptions(self, lo: int, hi: int) -> list[int]:
        listed = self._listed[bisect_left(self._listed, lo) : bisect_left(self._listed, hi)]
        if self.public is None:
            return listed
        return sorted({*listed, *self.public.between(lo, hi)})


class OpenSeconds:
    """The pattern of open seconds over instants."""

    day = DAY
    limits = (civil.EARLIEST, civil.LATEST)

    def __init__(self, name: str, hours: WallHours, zone: ZoneInfo) -> None:
        self.name = name
        self.hours = hours
        self.zone = zone
        self.week = hours.week()
        days = hours.lasting()
        self.lasting = days and ((days[0] - 2) * DAY, (days[1] + 9) * DAY)

    def marks(self, lo: int, hi: int) -> list[Mark]:
        marks: list[Mark] = []
        for day, spans in self.hours.unusual(lo // DAY - 8, hi // DAY + 3):
            midnight = day * DAY
            marks.append((midnight, CLOSED))
            for start, end in spans:
                marks += ((midnight + start, OPEN), (midnight + end, CLOSED))
            marks.append((midnight + DAY, WEEKLY))
        return marks

    def stretches(self, lo: int, hi: int) -> Iterable[Stretch]:
        if self.hours.never_closes:  # no clock change can matter, so none is looked for
            return (Stretch(lo, hi, 0, lo),)
        return civil.stretches(self.zone, lo, hi)

    def exhausted(self, at: int) -> str:
        return f"{self.name}: no open hours beyond {civil.instant(at).date()}; give it weekly hours or more overrides"


class ClosedSeconds:
    """The same instants seen from outside: the pattern of closed seconds, for finding a closing."""

    day = DAY
    limits = OpenSeconds.limits

    def __init__(self, pattern: OpenSeconds) -> None:
        self.pattern = pattern
        self.week = pattern.week.inverse()
        self.lasting = pattern.lasting

    def marks(self, lo: int, hi: int) -> list[Mark]:
        flipped = {CLOSED: OPEN, OPEN: CLOSED, WEEKLY: WEEKLY}
        return [(place, flipped[mode]) for place, mode in self.pattern.marks(lo, hi)]

    def stretches(self, lo: int, hi: int) -> Iterable[Stretch]:
        return self.pattern.stretches(lo, hi)

    def exhausted(self, at: int) -> str:
        return f"{self.pattern.name}: never closes beyond {civil.instant(at).date()}, so there is no closing time"


class WorkingDays:
    """The pattern of working dates over day numbers."""

    day = 1
    limits = (civil.EARLIEST // DAY, civil.LATEST // DAY)

    def __init__(self, name: str, hours: WallHours, zone: ZoneInfo) -> None:
        self.name = name
        self.hours = hours
        self.zone = zone
        self.week = hours.working_week()
        self.lasting = hours.lasting()

    def marks(self, lo: int, hi: int) -> list[Mark]:
        marks: list[Mark] = []
        unusual = dict(self.hours.unusual_work(lo - 8, hi + 3))
        unusual.update(dict.fromkeys(civil.skipped_days(self.zone, lo, hi), False))
        for day, works in sorted(unusual.items()):
            marks += ((day, OPEN if works else CLOSED), (day + 1, WEEKLY))
        return marks

    def stretches(self, lo: int, hi: int) -> Iterable[Stretch]:
        return (Stretch(lo, hi, 0, lo),)

    def exhausted(self, at: int) -> str:
        return (
            f"{self.name}: no working days beyond {civil.day_of(at)}; give it weekly hours or more overrides"
        )


def patterns(name: str, hours: WallHours, zone: ZoneInfo) -> tuple[Pattern, Pattern, Pattern]:
    """The open seconds, the closed seconds and the working days of a calendar."""
    seconds = OpenSeconds(name, hours, zone)
    return seconds, ClosedSeconds(seconds), WorkingDays(name, hours, zone)
