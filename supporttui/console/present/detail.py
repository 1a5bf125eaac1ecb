"""A ticket as blocks of lines: what it is, who it is for, what its clocks say, and its journal, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.desk.company import Unseen
from supporttui.quickclass import dataclass
from supporttui.store.records import DeadlineLine, Draft, JournalEntry, Ticket
from supporttui.terminal.safe import clean_line, width
from supporttui.when import age, duration_text

from . import journal, known, timers
from . import verdict as owed
from .journal import FOLDED, Level, Look
from .setting import Setting, clock_text, seconds_between, severity_role
from .spans import EMPTY, Line, Span, fit_line, line, line_width, spread
from .wrap import wrap

if TYPE_CHECKING:
    from supporttui.desk.known_hints import KnownLine
    from supporttui.policy.verdict import Verdict

TITLE_LINES = 3
PEOPLE = 3  # addresses of participants that are named
PUBLIC = frozenset({"reply", "customer", "reported"})
READABLE = 88  # cells: longer lines are hard to read, and dear where a step repaints all of them
HEAD, NEWS, OLD, DESCRIPTION, MORE, NEWER = "head", "news", "old", "description", "more", "newer"
NOTHING_NEW = Unseen(0, 0, None)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the detail pane shows: a ticket with its journal (newest first) and deadlines.

    size: entries that the journal has in all (0: those that are here).  news: what the
    analyst had not seen of it when it was read.  verdict: what the customer is owed, None where
    the desk keeps no book that would tell.  known: the known error that it is about, or likely about.
    files: name and size of each, the oldest first.  people: addresses of those who take part beside the contact.
    """

    ticket: Ticket
    journal: Sequence[JournalEntry] = ()
    deadlines: Sequence[DeadlineLine] = ()
    links: Sequence[tuple[int, str]] = ()
    undone: frozenset[int] = frozenset()
    size: int = 0
    news: Unseen = NOTHING_NEW
    verdict: Verdict | None = None
    known: KnownLine | None = None
    files: Sequence[tuple[str, int]] = ()
    people: Sequence[str] = ()


def head(
    subject: Subject,
    cells: int,
    setting: Setting,
    now: datetime,
    drafts: Sequence[Draft] = (),
    closed: owed.Closed | None = None,
) -> Iterator[Line]:
    """Everything above the journal.  closed: the vendor's desk does not work on this severity now."""
    yield from _title(subject.ticket, cells, setting)
    yield EMPTY
    yield from _facts(subject, cells, setting, now, closed)
    yield from _unsent(drafts, cells, setting, now)
    yield from _clocks(subject, cells, setting, now)
    yield EMPTY
    yield _heading("Journal, newest first", cells, setting)


def lines(
    subject: Subject, cells: int, setting: Setting, now: datetime, *, level: Level = FOLDED
) -> Iterator[Line]:
    """The whole pane as it is read from top to end."""
    yield from head(subject, cells, setting, now)
    look = Look(cells, setting, now, subject.undone)
    for block in journal.grouped(subject.journal, subject.undone, subject.news.after):
        yield from journal.headlines(block, subject.ticket, look, level)
        yield from journal.body(block, subject.ticket, look, level)
    if describes(subject.ticket, subject.journal):
        yield from description(subject.ticket, look)


def describes(ticket: Ticket, entries: Sequence[JournalEntry]) -> bool:
    """Whether the description has to stand by itself, because no entry tells it."""
    told = any(one.text == ticket.description or (one.kind == "reported" and not one.text) for one in entries)
    return bool(ticket.description) and not told


def description(ticket: Ticket, look: Look) -> Iterator[Line]:
    yield line(Span("description", "muted"))
    for wrapped in wrap(ticket.description, look.cells - 2):
        yield line("  ", wrapped)


def _title(ticket: Ticket, cells: int, setting: Setting) -> Iterator[Line]:
    wrapped = list(wrap(clean_line(ticket.subject), cells))
    for text in wrapped[:TITLE_LINES]:
        yield line(Span(text, "title"))
    if len(wrapped) > TITLE_LINES:
        yield line(Span(setting.glyphs.ellipsis, "muted"))


def _facts(
    subject: Subject, cells: int, setting: Setting, now: datetime, closed: owed.Closed | None
) -> Iterator[Line]:
    ticket, dot = subject.ticket, f" {setting.glyphs.dot} "
    role = severity_role(ticket.severity)
    owner = clean_line(ticket.owner)
    left = line(
        Span(setting.glyphs.bar if ticket.severity == 1 else "", role),
        Span(clean_line(setting.severity(ticket.severity)), role),
        Span(dot, "muted"),
        Span(ticket.status),
        Span(dot, "muted"),
        Span(owner or "nobody has it", "" if owner else "muted"),
    )
    reported = _reported(ticket, now)
    if sum(width(text) for text, _ in left) + width(reported) + 2 <= cells:
        yield spread(left, line(Span(reported, "muted")), cells)
    else:
        yield from _stacked(left, dot, cells)
        for text in wrap(reported, cells):
            yield line(Span(text, "muted"))
    if soonest := _next_deadline(subject, setting, now):
        yield from map(line, wrap(soonest, cells))
    yield from owed.warnings(subject.verdict, cells, setting.glyphs)
    if subject.verdict is not None:
        yield from owed.lines(subject.verdict, cells, setting.glyphs)
    yield from owed.hours_lines(ticket.severity, closed, cells, setting, now)
    yield from known.beside(subject.known, cells, setting.glyphs)
    for parts in _who_and_what(subject, setting, now):
        for text in _together([clean_line(part) for part in parts if part.strip()], dot, cells):
            yield from map(line, wrap(text, cells))
    if subject.files:
        from .files import beside

        yield from beside(subject.files, cells)
    if ticket.tags:
        for text in wrap("tags " + " ".join(clean_line(tag) for tag in ticket.tags), cells):
            yield line(Span(text, "muted"))


def _stacked(spans: Line, dot: str, cells: int) -> Iterator[Line]:
    """One line where it fits, else the severity above the rest; never cut short."""
    if line_width(spans) <= cells:
        yield fit_line(spans, cells)
        return
    at = next((place for place, span in enumerate(spans) if span.text == dot), len(spans))
    yield fit_line(spans[:at], cells)
    words = "".join(span.text for span in spans[at + 1 :])
    yield from map(line, wrap(words, cells))


def _together(parts: Sequence[str], between: str, cells: int) -> Iterator[str]:
    """Facts beside each other while they fit; a telephone number is never broken for it."""
    current = ""
    for part in parts:
        longer = f"{current}{between}{part}" if current else part
        if current and width(longer) > cells:
            yield current
            longer = part
        current = longer
    if current:
        yield current


def _reported(ticket: Ticket, now: datetime) -> str:
    by = f", {clean_line(ticket.channel)}" if ticket.channel else ""
    return f"reported {age(seconds_between(ticket.reported_at, now))}{by}"


def _who_and_what(subject: Subject, setting: Setting, now: datetime) -> Iterator[tuple[str, ...]]:
    ticket = subject.ticket
    site = f"site {ticket.site}" if ticket.site else ""
    yield (", ".join(part for part in (ticket.customer, site) if part), ticket.contact, ticket.contact_phone)
    yield (ticket.contact_email,)
    if subject.people:
        more = len(subject.people) - PEOPLE
        first, *others = subject.people[:PEOPLE]
        yield (f"with {first}", *others, f"and {more} more" if more > 0 else "")
    yield (f"{ticket.product} {ticket.release}", f"{ticket.os} {ticket.os_release}", ticket.environment)
    yield (ticket.category, f"plan {ticket.plan}" if ticket.plan else "", ticket.external_id)
    if ticket.acknowledged_until:
        verb = "next update promised by" if ticket.acknowledged_until > now else "update was promised by"
        yield (f"{verb} {clock_text(ticket.acknowledged_until, setting.zone, now)}",)
    if ticket.snoozed_until and ticket.snoozed_until > now:
        yield (f"snoozed until {clock_text(ticket.snoozed_until, setting.zone, now)}",)
    if ticket.merged_into:
        yield (f"merged into {ticket.merged_into}",)
    if ticket.minutes_logged:
        yield (f"{duration_text(ticket.minutes_logged * 60)} logged",)
    if subject.links:
        yield ("links: " + ", ".join(f"{number} ({kind})" for number, kind in subject.links),)


def _next_deadline(subject: Subject, setting: Setting, now: datetime) -> str:
    """ "next deadline in 41 m, 15:27: Director", to the minute, so that it changes no sooner."""
    ahead = [one for one in subject.deadlines if one.state == "armed"]
    if not ahead:
        return ""
    first = min(ahead, key=lambda one: one.due_at)
    left = seconds_between(now, first.due_at)
    at = clock_text(first.due_at, setting.zone, now)
    if left <= 0:
        return f"deadline passed at {at}: {timers.label(first)}"
    return f"next deadline in {duration_text(max(60, left // 60 * 60))}, {at}: {timers.label(first)}"


def _unsent(drafts: Sequence[Draft], cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
    """ "unsent reply of yours, 14:02"."""
    for draft in drafts:
        at = clock_text(draft.updated_at, setting.zone, now)
        for text in wrap(f"unsent {clean_line(draft.kind)} of yours, {at}", cells):
            yield line(Span(text, "warning"))


def _clocks(subject: Subject, cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
    """The ladder with its instants, told or still ahead; void ones are left out."""
    live = [one for one in subject.deadlines if one.state != "void"]
    if not live:
        return
    yield EMPTY
    yield _heading("Clocks", cells, setting)
    for one in sorted(live, key=lambda each: each.due_at):
        mark, words, role = _standing(one, setting, now)
        due = (
            "" if one.state in ("paused", "acknowledged") else f" {clock_text(one.due_at, setting.zone, now)}"
        )
        right = line(Span(words, role), due)
        mark_width = line_width(line(Span(mark))) + 1
        label = timers.short_label(one, cells - mark_width - line_width(right) - 1)
        left = line(Span(mark, role), " ", label)
        yield spread(left, right, cells, setting.glyphs.ellipsis)


def _standing(one: DeadlineLine, setting: Setting, now: datetime) -> tuple[str, str, str]:
    """Glyph, word and role of a rung."""
    glyphs = setting.glyphs
    if one.state == "paused":
        left = f", {duration_text(max(0, one.remaining))} left" if one.remaining is not None else ""
        return glyphs.paused, f"paused{left}", "muted"
    if one.state == "acknowledged":
        return glyphs.acknowledged, "acknowledged", "muted"
    if one.state == "fired":
        return glyphs.overdue, "told, due", "overdue"
    return ("  ", "due", "") if one.due_at > now else (glyphs.overdue, "due", "overdue")


def _heading(words: str, cells: int, setting: Setting) -> Line:
    return fit_line(line(Span(f"{setting.glyphs.rule * 2} {words}", "muted")), cells)
