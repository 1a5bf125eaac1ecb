"""A ticket as lines: what it is, who it is for, what its clocks say, and its journal, newest first.

Public and internal entries differ by glyph and by word.  Long histories come
in pages: the first 64 KiB or 2,000 lines are laid out, the rest on demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supporttui.store.records import DeadlineLine, JournalEntry, Ticket
from supporttui.terminal.safe import clean_line, width
from supporttui.when import age, duration_text, local_text

from . import timers
from .setting import Setting, clock_text, seconds_between, severity_role
from .spans import EMPTY, Line, Span, fit_line, line, spread
from .wrap import wrap

PAGE_BYTES = 64 * 1024
PAGE_LINES = 2000
TITLE_LINES = 3
PUBLIC = frozenset({"reply", "customer", "reported"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What the detail pane shows: a ticket with its journal (newest first) and deadlines."""

    ticket: Ticket
    journal: Sequence[JournalEntry] = ()
    deadlines: Sequence[DeadlineLine] = ()
    links: Sequence[tuple[int, str]] = ()
    undone: frozenset[int] = frozenset()


def lines(subject: Subject, cells: int, setting: Setting, now: datetime, *, pages: int = 1) -> list[Line]:
    """All lines of the pane, the most that `pages` pages hold."""
    out: list[Line] = []
    spent = 0
    for made in _all(subject, cells, setting, now):
        spent += sum(len(span.text) for span in made)
        if len(out) >= PAGE_LINES * pages or spent > PAGE_BYTES * pages:
            out += [EMPTY, line(Span("more: move on down to read it", "muted"))]
            break
        out.append(made)
    return out


def _all(subject: Subject, cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
    yield from _title(subject.ticket, cells, setting)
    yield EMPTY
    yield from _facts(subject, cells, setting, now)
    yield from _clocks(subject, cells, setting, now)
    yield EMPTY
    yield from _journal(subject, cells, setting, now)


def _title(ticket: Ticket, cells: int, setting: Setting) -> Iterator[Line]:
    wrapped = list(wrap(clean_line(ticket.subject), cells))
    for text in wrapped[:TITLE_LINES]:
        yield line(Span(text, "title"))
    if len(wrapped) > TITLE_LINES:
        yield line(Span(setting.glyphs.ellipsis, "muted"))


def _facts(subject: Subject, cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
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
        yield fit_line(left, cells)
        for text in wrap(reported, cells):
            yield line(Span(text, "muted"))
    for parts in _who_and_what(subject, setting, now):
        for text in _together([clean_line(part) for part in parts if part.strip()], dot, cells):
            yield from map(line, wrap(text, cells))
    if ticket.tags:
        for text in wrap("tags " + " ".join(clean_line(tag) for tag in ticket.tags), cells):
            yield line(Span(text, "muted"))


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


def _clocks(subject: Subject, cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
    """The ladder with its instants, told or still ahead; void ones are left out."""
    live = [one for one in subject.deadlines if one.state != "void"]
    if not live:
        return
    yield EMPTY
    yield _heading("Clocks", cells, setting)
    for one in sorted(live, key=lambda each: each.due_at):
        mark, words, role = _standing(one, setting, now)
        left = line(Span(mark, role), " ", timers.label(one))
        due = (
            "" if one.state in ("paused", "acknowledged") else f" {clock_text(one.due_at, setting.zone, now)}"
        )
        right = line(Span(words, role), due)
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


def _journal(subject: Subject, cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
    yield _heading("Journal, newest first", cells, setting)
    described = False
    for entry in subject.journal:
        yield _entry_line(entry, subject, setting, now, cells)
        text = entry.text
        if entry.kind == "reported" and not text:
            text, described = subject.ticket.description, True
        for wrapped in wrap(text, cells - 2) if text else ():
            yield line(Span("  "), Span(wrapped, "muted" if entry.id in subject.undone else ""))
    if not described and subject.ticket.description and not _told(subject):
        yield line(Span("description", "muted"))
        for wrapped in wrap(subject.ticket.description, cells - 2):
            yield line("  ", wrapped)


def _told(subject: Subject) -> bool:
    """Whether the journal that is shown already holds the description."""
    return any(entry.text == subject.ticket.description for entry in subject.journal)


def _entry_line(entry: JournalEntry, subject: Subject, setting: Setting, now: datetime, cells: int) -> Line:
    """ "14:31 ana → customer", "14:02 ana ▪ internal note", "06:34 clock: told the Director …"."""
    at = clock_text(entry.at, setting.zone, now)
    mark, words, role = _kind(entry, subject, setting)
    gone = " (undone)" if entry.id in subject.undone else ""
    if entry.id in subject.undone:
        role = "muted"
    who = clean_line(entry.actor)
    return fit_line(
        line(
            Span(f"{at} ", "muted"),
            Span(who),
            Span(f" {mark} " if mark else " ", role),
            Span(words + gone, role),
        ),
        cells,
        setting.glyphs.ellipsis,
    )


def _kind(entry: JournalEntry, subject: Subject, setting: Setting) -> tuple[str, str, str]:
    """Glyph, words and role of an entry."""
    glyphs, data = setting.glyphs, entry.data
    if entry.kind == "reply":
        extra = ", with a workaround" if data.get("workaround") else ""
        return glyphs.to, f"reply to the customer (public){extra}", "public"
    if entry.kind == "customer":
        return glyphs.by, "customer wrote (public)", "public"
    if entry.kind == "note":
        return glyphs.note, "note (internal)", "internal"
    if entry.kind == "reported":
        by = subject.ticket.contact or subject.ticket.customer
        return glyphs.by, f"reported{' for ' + clean_line(by) if by else ''}", "public"
    if entry.kind in ("escalated", "warned", "missed"):
        return glyphs.overdue, _escalated(entry.kind, data), "overdue"
    return "", clean_line(_changed(entry, setting)), ""


def _escalated(kind: str, data: Mapping[str, Any]) -> str:
    label = clean_line(str(data.get("label") or data.get("role") or "the next role"))
    late = data.get("late_seconds")
    after = f", {duration_text(int(late))} late" if isinstance(late, int) and late >= 60 else ""
    hand = ", by hand" if data.get("by") == "hand" else ""
    verb = {"warned": "warning", "missed": "missed"}.get(kind, "escalated to")
    return f"{verb} {label}{hand}{after}"


def _changed(entry: JournalEntry, setting: Setting) -> str:
    changes = entry.data.get("set")
    if entry.kind == "undone":
        return f"took back: {entry.text or 'a change'}"
    words = entry.kind.replace("-", " ")
    if isinstance(changes, Mapping) and changes:
        said = ", ".join(_change(name, pair, setting) for name, pair in changes.items())
        return (
            said if entry.kind in ("severity", "status", "fields", "owner", "subject") else f"{words}: {said}"
        )
    if entry.kind == "acknowledged" and entry.data.get("until"):
        return f"acknowledged, next update by {_value(entry.data['until'], setting)}"
    if entry.kind in ("merged", "merged-from", "linked"):
        return _related(entry.data, words)
    if entry.kind == "effort":
        return f"logged {duration_text(60 * int(entry.data.get('minutes', 0)))}"
    return words


def _related(data: Mapping[str, Any], words: str) -> str:
    """ "merged from 281", "linked 77"."""
    other = data.get("from") or data.get("into") or data.get("other") or data.get("link") or ""
    other = " ".join(str(part) for part in other) if isinstance(other, list | tuple) else str(other)
    return f"{words} {other}".rstrip()


def _change(name: str, pair: Any, setting: Setting) -> str:
    old, new = pair if isinstance(pair, list | tuple) and len(pair) == 2 else ("", pair)
    return f"{name.replace('_', ' ')} {_value(old, setting)} {setting.glyphs.to} {_value(new, setting)}"


def _value(value: Any, setting: Setting) -> str:
    if value in ("", None):
        return "none"
    if isinstance(value, str) and value.endswith("Z") and value[4:5] == "-":
        try:
            return local_text(datetime.fromisoformat(value), setting.zone)
        except ValueError:
            return value
    return str(value)
