"""The page of notices in rows: what waits and why, what was lost, what went out, who is on call."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from supporttui.store.records import Notice
from supporttui.terminal.safe import clean_line, fit, width
from supporttui.watch.told import Told
from supporttui.when import duration_text

from . import outline
from .handover import moment
from .outline import Row
from .setting import Setting, seconds_between, severity_role
from .spans import Line, Span, fit_line, line
from .wrap import wrap

TO_MOST = 34  # cells of a name
NOTHING = {
    "dead": "nothing was lost",
    "waiting": "nothing waits",
    "sent": "nothing was told in the last 24 hours",
    "oncall": "there is no roster; docs/watch.md shows how to keep one",
    "events": "nothing in the last 24 hours",
}


def rows(found: Told, folded: Collection[str], cells: int, setting: Setting, now: datetime) -> list[Row]:
    """The page in rows of `cells` cells."""
    out = [outline.text(one, cells, setting) for one in _top(found, setting, now)]
    wide = _widths(found, cells, setting, now)
    for name, title, items in (
        ("dead", "Lost: nobody took them", found.dead),
        ("waiting", "Waiting", found.waiting),
        ("sent", "Told in the last 24 hours", found.sent),
    ):
        out += _section(name, title, len(items), folded, cells, setting)
        if name not in folded:
            for one in items:
                out.append(Row(_notice(one, name, wide, cells, setting, now), (name, one.id), one.ticket))
                out += _why(one, name, cells, setting)
            out += _none(name, items, cells, setting)
    out += _section("oncall", "On call", len(found.turns), folded, cells, setting)
    if "oncall" not in folded:
        out += [outline.text(one, cells, setting) for one in _on_call(found, setting, now)]
        out += _none("oncall", found.turns or found.trouble, cells, setting)
    out += _section("events", "What happened to the desk", len(found.events), folded, cells, setting)
    if "events" not in folded:
        for event in reversed(found.events):
            when = f"   {fit(moment(event.at, setting, now), wide.when)} "
            words = wrap(f"{clean_line(event.actor)}: {clean_line(event.text)}", cells - len(when) - 1)
            for at, part in enumerate(words):
                lead = Span(" " * len(when) if at else when, "muted")
                out.append(outline.text(line(lead, part), cells, setting))
        out += _none("events", found.events, cells, setting)
    return out


def _top(found: Told, setting: Setting, now: datetime) -> Iterator[Line]:
    health = found.health
    if health.alive(now):
        yield line(Span(" a watcher looks after this desk: ", "muted"), clean_line(health.name))
    elif health.beat_at is not None:
        silent = duration_text(seconds_between(health.beat_at, now))
        yield line(Span(f" !! the watcher {clean_line(health.name)} is silent for {silent}", "overdue"))
    else:
        yield line(Span(" no watcher runs: open consoles look at the clock, and send what they can", "muted"))
    for window in found.silenced:
        what = "everything" if window.scope == "all" else f"{window.scope} {window.name}"
        words = f" notices held for {clean_line(what)} until {moment(window.end, setting, now)}"
        yield line(
            Span(words, "warning"),
            Span(f", {clean_line(window.entered_by)}: {clean_line(window.reason)}", "muted"),
        )


def _section(
    name: str, title: str, count: int, folded: Collection[str], cells: int, setting: Setting
) -> list[Row]:
    head = outline.heading(name, title, str(count), cells, setting, folded=name in folded)
    return [outline.text((), cells, setting), head]


def _none(name: str, items: object, cells: int, setting: Setting) -> list[Row]:
    return [] if items else [outline.text(line(Span(f"   {NOTHING[name]}", "muted")), cells, setting)]


class Widths(NamedTuple):
    """Cells of the columns: as wide as what stands in them on this page."""

    when: int
    to: int


def _widths(found: Told, cells: int, setting: Setting, now: datetime) -> Widths:
    listed = [(name, one) for name in ("dead", "waiting", "sent") for one in getattr(found, name)]
    when = [width(_when(one, name, setting, now)) for name, one in listed]
    when += [width(moment(event.at, setting, now)) for event in found.events]
    to = max((width(_to(one)) for _, one in listed), default=0)
    return Widths(max(when, default=0), min(to, TO_MOST, max(10, cells // 4)))


def _when(notice: Notice, section: str, setting: Setting, now: datetime) -> str:
    at = {"waiting": notice.next_at, "sent": notice.sent_at}.get(section) or notice.made_at
    return ("at " if section == "waiting" else "") + moment(at, setting, now)


def _to(notice: Notice) -> str:
    return clean_line(notice.person or notice.address)


def _why(notice: Notice, section: str, cells: int, setting: Setting) -> list[Row]:
    """Below a notice: how often it was tried, and why nobody took it."""
    tries = f"try {notice.attempts + 1}" if section == "waiting" and notice.attempts else ""
    told = "possibly told before" if notice.doubtful else ""
    words = "; ".join(part for part in (told, tries, clean_line(notice.error)) if part)
    role = "error" if section == "dead" else "warning"
    parts = wrap(words, max(1, cells - 6)) if words else ()
    return [outline.text(line(" " * 5, Span(part, role)), cells, setting) for part in parts]


def _notice(notice: Notice, section: str, wide: Widths, cells: int, setting: Setting, now: datetime) -> Line:
    """Severity, when, ticket, to whom and about what."""
    bar = setting.glyphs.bar if notice.severity == 1 else " "
    about = clean_line(notice.label or notice.role)
    when = fit(_when(notice, section, setting, now), wide.when)
    spans = [
        Span("  "), Span(f"{bar}{min(notice.severity, 9)}", severity_role(notice.severity)), Span(" "),
        Span(when, "muted"),
        Span(f" {fit(str(notice.ticket), setting.number_width, align='right')} "),
        Span(fit(_to(notice), wide.to, ellipsis=setting.glyphs.ellipsis)), Span(f"  {about}"),
    ]  # fmt: skip
    return fit_line(spans, cells, setting.glyphs.ellipsis)


def _on_call(found: Told, setting: Setting, now: datetime) -> Iterator[Line]:
    if found.trouble:
        yield line(Span(f"   {clean_line(found.trouble)}", "error"))
    for turn in found.turns:
        who = Span(clean_line(turn.person) or "nobody", "bold" if turn.person else "warning")
        note = f"  {clean_line(turn.note)}" if turn.note else ""
        until = f"  until {moment(turn.end, setting, now)}"
        yield line(Span(f"   {clean_line(turn.rotation)}: ", "muted"), who, until, Span(note, "muted"))
