"""What a customer is owed, in a line or two: by sign and by word, never by colour alone.

The line says the verdict, why, and the last day on which it holds; what must be
told whatever the verdict stands above it.  A desk that keeps no book has no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from supporttui.terminal.safe import clean_line, width

from .setting import ASCII, Glyphs, Setting, clock_text
from .spans import Line, Span, line
from .wrap import wrap

if TYPE_CHECKING:
    from supporttui.policy.verdict import Ground, Verdict

MOST_LINES = 2  # that the verdict takes in the detail and in the form
DAY = timedelta(days=1)
ISO_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")


class Manner(NamedTuple):
    """How a coverage is shown.  plain: its sign where there is only ASCII."""

    sign: str
    plain: str
    word: str
    role: str


MANNERS = {
    "covered": Manner("✓", "+", "covered", "good"),
    "discretion": Manner("~", "~", "at discretion", "warning"),
    "billable": Manner("!", "!", "billable", "warning"),
    "consulting": Manner("!", "!", "product consulting", "warning"),
    "uncovered": Manner("✗", "-", "not covered", "overdue"),
    "unclear": Manner("?", "?", "unclear", "muted"),
}


class Closed(NamedTuple):
    """The vendor's desk does not work on this severity now.

    until: when it opens (None: not known).  phone: the number for after hours, "" for none.
    """

    until: datetime | None = None
    phone: str = ""


def manner(coverage: str) -> Manner:
    return MANNERS.get(coverage, MANNERS["unclear"])


def sign(coverage: str, glyphs: Glyphs) -> str:
    found = manner(coverage)
    return found.plain if glyphs is ASCII else found.sign


def day_text(day: date, today: date | None = None) -> str:
    """ "3 Mar" in the year of today, else "28 Feb 2027"."""
    from supporttui.when import MONTH_NAMES

    short = f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return short if today is not None and day.year == today.year else f"{short} {day.year}"


def dated(text: str, today: date | None = None) -> str:
    """The text with its days as people read them: "noted on 6 Sep 2026"."""

    def told(found: re.Match[str]) -> str:
        try:
            return day_text(date.fromisoformat(found[0]), today)
        except ValueError:
            return found[0]  # a number that looks like a day

    return ISO_DAY.sub(told, text)


def word(verdict: Verdict) -> str:
    """ "covered", "covered, best effort", "billable: time and materials"."""
    return charged(verdict.coverage, verdict.billed, verdict.effort)


def charged(coverage: str, billed: str, effort: str = "") -> str:
    """A coverage, less than in full or not, with how work is charged, which is not said twice."""
    named, billed = manner(coverage).word, clean_line(billed)
    named += f", {clean_line(effort)}" if effort else ""
    return named if not billed or billed.casefold() == named else f"{named}: {billed}"


def reason(verdict: Verdict, today: date | None = None) -> str:
    """Why, inert, its days as people read them; what the word says already is left out."""
    why = clean_line(verdict.ground.text)
    effort = f", {clean_line(verdict.effort)}" if verdict.effort else ""
    return dated(why.replace(effort, "", 1) if effort else why, today)


def words(verdict: Verdict, glyphs: Glyphs) -> str:
    """The whole line, inert: "covered · SMP, two years, until 28 Feb 2027"."""
    why = reason(verdict, verdict.day)
    if verdict.coverage == "unclear":
        return f"unclear: {why}" if why else "unclear"
    told = f"{word(verdict)} {glyphs.dot} {why}" if why else word(verdict)
    return told + until(verdict, told)


def until(verdict: Verdict, told: str) -> str:
    """ ", until 28 Feb 2027": the last day on which the verdict holds, where the words don't name it already."""
    if verdict.changes_on is None:
        return ""
    shown = day_text(verdict.changes_on - DAY, verdict.day)
    return "" if re.search(rf"(?<!\d){shown}(?! \d{{4}})", told) else f", until {shown}"


def lines(verdict: Verdict, cells: int, glyphs: Glyphs, most: int = MOST_LINES) -> Iterator[Line]:
    """The verdict in at most so many lines; the second is indented under the words of the first."""
    mark, role = f"{sign(verdict.coverage, glyphs)} ", manner(verdict.coverage).role
    wrapped = list(wrap(words(verdict, glyphs), cells - len(mark)))
    for at, text in enumerate(short(wrapped, cells - len(mark), glyphs, most)):
        head, rest = _split(text, word(verdict)) if not at else ("", text)
        yield line(Span(mark if not at else " " * len(mark), role), Span(head, role), Span(rest))


def short(wrapped: list[str], cells: int, glyphs: Glyphs, most: int = MOST_LINES) -> list[str]:
    """At most so many lines; what is left out is told by an ellipsis."""
    if len(wrapped) <= most:
        return wrapped
    last = wrapped[most - 1]
    while last and width(last) + width(glyphs.ellipsis) + 1 > cells:
        last = last.rpartition(" ")[0] if " " in last.strip() else last[:-1]
    return [*wrapped[: most - 1], f"{last.rstrip()} {glyphs.ellipsis}"]


def _split(text: str, head: str) -> tuple[str, str]:
    """The part of a line that has the role of the verdict, and the rest."""
    return (head, text[len(head) :]) if text.startswith(head) else (text, "")


def loud(verdict: Verdict | None) -> list[Ground]:
    """What is to be told at the top, whatever the verdict."""
    return [] if verdict is None else [one for one in (*verdict.advice, *verdict.grounds) if one.loud]


def outdated(verdict: Verdict | None, now: datetime) -> bool:
    """Whether it was decided for another day than it is now in the zone whose days count."""
    if verdict is None:
        return False
    from supporttui.errors import UsageError
    from supporttui.when import zone_of

    try:
        return now.astimezone(zone_of(verdict.zone)).date() != verdict.day
    except UsageError:
        return False


def warnings(verdict: Verdict | None, cells: int, glyphs: Glyphs, most: int = MOST_LINES) -> Iterator[Line]:
    """Loud advice, each in at most so many lines: "!! CAM and USER-Access must not run at the same time"."""
    mark = f"{glyphs.overdue} "
    for one in loud(verdict):
        wrapped = list(wrap(dated(clean_line(one.text)), cells - width(mark)))
        for at, text in enumerate(short(wrapped, cells - width(mark), glyphs, most)):
            yield line(Span(mark if not at else " " * width(mark), "error"), Span(text, "error"))


def hours(severity: int, closed: Closed, setting: Setting, now: datetime) -> str:
    """ "closed for severity 3 until Mon 08:00 CST; after hours call +1.651.229.5665", inert."""
    opens = ""
    if closed.until is not None:
        local = closed.until.astimezone(setting.vendor_zone)
        opens = f" until {opening(closed.until, setting, now)} {local.tzname() or ''}".rstrip()
    call = f"; after hours call {clean_line(closed.phone)}" if closed.phone else ""
    return f"closed for severity {severity}{opens}{call}"


def call(severity: int, closed: Closed) -> str:
    """The same in fewer words: "closed for severity 3: call +1.651.229.5665"."""
    phone = clean_line(closed.phone)
    return f"closed for severity {severity}" + (f": call {phone}" if phone else "")


def opening(at: datetime, setting: Setting, now: datetime) -> str:
    """ "08:00" today, "Mon 08:00" within the week, else with the date; in the vendor's zone."""
    from supporttui.when import DAY_NAMES

    local, today = at.astimezone(setting.vendor_zone), now.astimezone(setting.vendor_zone)
    if DAY <= local.date() - today.date() < 7 * DAY:
        return f"{DAY_NAMES[local.weekday()][:3].title()} {local:%H:%M}"
    return clock_text(at, setting.vendor_zone, now)


def hours_lines(
    severity: int, closed: Closed | None, cells: int, setting: Setting, now: datetime
) -> Iterator[Line]:
    """That nobody at the vendor works on it now, and whom to call; nothing while somebody does."""
    if closed is not None:
        for text in wrap(hours(severity, closed, setting, now), cells):
            yield line(Span(text, "warning"))
