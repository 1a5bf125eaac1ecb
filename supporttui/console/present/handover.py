"""The handover as rows of a page: sections that fold, one line a ticket, times in columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from supporttui.desk.handover import Handover, Item, Section
from supporttui.store.records import Watch
from supporttui.terminal.safe import clean_line, fit, width
from supporttui.when import DAY_NAMES, countdown, duration_text

from . import outline
from .outline import Row
from .setting import Setting, clock_text, seconds_between, severity_role
from .spans import Line, Span, fit_line, line
from .wrap import wrap

COUNTED_DOWN = frozenset({"coming", "promises", "waking", "unowned"})
RUNGS = frozenset({"unanswered", "coming", "promises"})  # a ticket may have several lines there
WHAT_LEAST, WHAT_MOST, SUBJECT_LEAST = 34, 70, 20
OWNER, CUSTOMER = 8, 16
NOTE_LINES = 6
AT = 15
NOTHING = {
    "unanswered": "everything that fired was acknowledged",
    "coming": "nothing fires in that time",
    "promises": "no update is promised for that time",
    "severe": "none was reported",
    "notes": "no note begins with “handover:” and no open ticket has the tag handover",
    "waiting": "no ticket waits for anybody",
    "unowned": "every ticket has an owner",
    "waking": "nothing wakes in that time",
    "changed": "nothing was changed",
}


def rows(found: Handover, folded: Collection[str], cells: int, setting: Setting, now: datetime) -> list[Row]:
    """The page in rows of `cells` cells; times of countdowns are as of `now`."""
    out = [outline.text(one, cells, setting) for one in _top(found, setting, now)]
    for section in found.sections:
        out.append(outline.text((), cells, setting))
        note = str(section.total)
        out.append(
            outline.heading(section.id, section.title, note, cells, setting, folded=section.id in folded)
        )
        if section.id not in folded:
            out += _items(section, cells, setting, now)
    return out


def _top(found: Handover, setting: Setting, now: datetime) -> Iterator[Line]:
    ahead = duration_text(seconds_between(found.at, found.until))
    yield line(
        Span(" shift since ", "muted"),
        moment(found.since, setting, now),
        Span(f", looking {ahead} ahead to ", "muted"),
        moment(found.until, setting, now),
    )
    yield line(" ", *watch_line(found.watch, setting, now))
    if found.inbox[0]:
        yield line(
            Span(" inbox: ", "muted"), inbox_words(found),
            Span(f"; {found.inbox[1]} to call", "overdue") if found.inbox[1] else "",
        )  # fmt: skip


def inbox_words(found: Handover) -> str:
    """ "1 item waits for a decision"."""
    waits = found.inbox[0]
    return f"{waits} item{'s wait' if waits > 1 else ' waits'} for a decision"


def watch_line(watch: Watch | None, setting: Setting, now: datetime) -> Line:
    """ "watch: ana since 18:00, quiet so far"."""
    if watch is None:
        return line(Span("watch: ", "muted"), Span("nobody has accepted it", "warning"))
    note = f", {clean_line(watch.note)}" if watch.note else ""
    who = Span(clean_line(watch.actor), "mine" if watch.actor == setting.actor else "bold")
    return line(Span("watch: ", "muted"), who, f" since {moment(watch.at, setting, now)}{note}")


def moment(at: datetime, setting: Setting, now: datetime) -> str:
    """A time with its day when that is another one: "18:00", "Sat 21 Nov 18:00"."""
    text = clock_text(at, setting.zone, now)
    local = at.astimezone(setting.zone)
    return text if len(text) == len("18:00") else f"{DAY_NAMES[local.weekday()][:3].title()} {text}"


def _items(section: Section, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    if not section.items:
        yield outline.text(line(Span(f"   {NOTHING[section.id]}", "muted")), cells, setting)
    longest = max((width(_what(item, section.id)) for item in section.items), default=0)
    for item in section.items:
        key = (section.id, item.ticket, item.what if section.id in RUNGS else item.text)
        yield Row(_item(item, section.id, longest, cells, setting, now), key, item.ticket)
        if item.text:
            shown = list(wrap(item.text, cells - 8))
            for text in shown[:NOTE_LINES]:
                yield outline.text(line("      ", Span(text)), cells, setting)
            if len(shown) > NOTE_LINES:
                yield outline.text(line(Span(f"      {setting.glyphs.ellipsis}", "muted")), cells, setting)
    if section.total > len(section.items):
        more = f"   and {section.total - len(section.items)} more"
        yield outline.text(line(Span(more, "muted")), cells, setting)


def _item(item: Item, section: str, longest: int, cells: int, setting: Setting, now: datetime) -> Line:
    """Severity, when, number, what, and as much of subject, owner and customer as fits."""
    text, role = _when(item, section, setting, now)
    bar = setting.glyphs.bar if item.severity == 1 else " "
    spans = [
        Span("  "),
        Span(f"{bar}{min(item.severity, 9)}", severity_role(item.severity)),
        Span(" "),
        Span(fit(text, AT, align="right"), role),
        Span(f" {fit(str(item.ticket), setting.number_width, align='right')} "),
    ]
    left = cells - 5 - AT - setting.number_width - 3
    owner = item.owner if section != "notes" else item.who
    columns = [
        (
            clean_line(owner) or setting.glyphs.nobody,
            OWNER,
            "mine" if owner == setting.actor else "" if owner else "warning",
        ),
        (clean_line(item.customer), CUSTOMER, "muted"),
    ]
    shown = []
    what = min(longest, WHAT_MOST, max(WHAT_LEAST, left - SUBJECT_LEAST - 1), left)
    room = left - what - 1
    for column in columns:
        if room - column[1] - 1 >= SUBJECT_LEAST:
            shown.append(column)
            room -= column[1] + 1
    cut = setting.glyphs.ellipsis
    spans.append(Span(fit(_what(item, section), what, ellipsis=cut)))
    if room >= 8:
        spans += [Span(" "), Span(fit(clean_line(item.subject), room, ellipsis=cut), "muted")]
    for words, room, role in shown:
        spans += [Span(" "), Span(fit(words, room, ellipsis=cut), role)]
    return fit_line(spans, cells, cut)


def _what(item: Item, section: str) -> str:
    return clean_line(f"told {item.what}" if section == "unanswered" else item.what)


def _when(item: Item, section: str, setting: Setting, now: datetime) -> tuple[str, str]:
    if item.at is None:
        return "", ""
    left = seconds_between(now, item.at)
    if section in COUNTED_DOWN:
        return countdown(left), "overdue" if left <= 0 else "warning" if left <= 3600 else ""
    if section == "unanswered":
        return countdown(min(0, left)), "overdue"
    return clock_text(item.at, setting.zone, now), "muted"
