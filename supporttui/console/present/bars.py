"""The one-line bars: who and when at the top, the tabs of the views, keys or a notice at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from supporttui.terminal.safe import clean_line, width
from supporttui.when import DAY_NAMES, MONTH_NAMES, duration_text

from .setting import Setting, seconds_between
from .spans import Line, Span, fit_line, line, line_width, spread

STALE = 150  # seconds without a look at the deadlines from which the watch is late: two ticks and a half


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """What the top line tells.

    open: the vendor's desk is open; until: when that changes (None: never).
    ticked_at: when the deadlines were last evaluated here; trouble: why it can't be done.
    """

    open: bool = False
    until: datetime | None = None
    ticked_at: datetime | None = None
    trouble: str = ""
    readonly: bool = False


def header(state: DeskState, cells: int, setting: Setting, now: datetime) -> Line:
    """ "NetEx desk  OPEN until 17:00 CST, 2 h 14 m left  ana  watch ✓ 14:46     Fri 20 Nov 14:46 CST"."""
    watch = _watch(state, setting, now)
    clock = Span(f"{_date(now, setting)} ")
    readonly = Span("  READ-ONLY" if state.readonly else "", "warning")
    name = f" {clean_line(setting.desk_name)}"
    actor = Span(f"  {clean_line(setting.actor)}")
    for detail in (2, 1, 0):
        title = Span(name + (" desk" if detail else ""), "title")
        left = line(title, "  ", *_hours(state, setting, now, detail), actor, readonly)
        right = line(*watch, "  ", clock)
        if line_width(left) + line_width(right) + 2 <= cells:
            break
    return spread(left, right, cells, setting.glyphs.ellipsis)


def _date(at: datetime, setting: Setting) -> str:
    """ "Fri 20 Nov 14:46 CST"."""
    local = at.astimezone(setting.zone)
    day = f"{DAY_NAMES[local.weekday()][:3].title()} {local.day} {MONTH_NAMES[local.month - 1]}"
    return f"{day} {local:%H:%M} {local.tzname() or ''}".rstrip()


def _hours(state: DeskState, setting: Setting, now: datetime, detail: int) -> Sequence[Span]:
    """Whether the vendor's desk is open; detail: 0 a word and until when, 2 everything."""
    word = Span("OPEN" if state.open else "CLOSED", "bold")
    if state.until is None:
        return line(word, " round the clock" if state.open else "")
    until = f" until {_moment(state.until, setting, now)}"
    if not detail:
        return line(word, until)
    zone = state.until.astimezone(setting.vendor_zone).tzname() or ""
    left = duration_text(max(60, seconds_between(now, state.until) // 60 * 60))
    worked = " (Severity 1 is worked)" if detail > 1 and not state.open else ""
    return line(word, f"{until} {zone}, {left} left{worked}")


def _moment(at: datetime, setting: Setting, now: datetime) -> str:
    local, today = at.astimezone(setting.vendor_zone), now.astimezone(setting.vendor_zone)
    day = "" if local.date() == today.date() else f"{DAY_NAMES[local.weekday()][:3].title()} "
    return f"{day}{local:%H:%M}"


def _watch(state: DeskState, setting: Setting, now: datetime) -> Line:
    """When the deadlines were last looked at; late or broken is said in words and in red."""
    if state.trouble:
        return line(Span(f"watch !! {clean_line(state.trouble)}", "overdue"))
    if state.ticked_at is None:
        return line(Span("watch starts", "muted"))
    late = seconds_between(state.ticked_at, now)
    if late > STALE:
        return line(Span(f"watch !! {duration_text(late)} old", "overdue"))
    mark = setting.glyphs.acknowledged.strip()
    return line(Span(f"watch {mark} {state.ticked_at.astimezone(setting.zone):%H:%M}", "muted"))


def pane_rule(title: str, cells: int, setting: Setting, *, focused: bool) -> Line:
    """The rule above a pane; the focused one is told by colour, weight and a mark."""
    rule, role = setting.glyphs.rule, "focus" if focused else "muted"
    lead = f"{setting.glyphs.cursor if focused else rule}{rule} "
    name = Span(clean_line(title), "focus bold" if focused else "")
    tail = max(0, cells - len(lead) - width(name.text) - 1)
    return fit_line(line(Span(lead, role), name, Span(" " + rule * tail, role)), cells)


@dataclass(frozen=True, slots=True)
class Tab:
    """A view with how many tickets it holds; count None: not known yet, more: at least so many."""

    name: str
    count: int | None = None
    more: bool = False


def tabs(views: Sequence[Tab], current: int, cells: int, setting: Setting) -> Line:
    """The views, the one shown in brackets; those that don't fit go, but never the one shown."""
    shown = list(range(len(views)))
    while len(shown) > 1 and sum(len(_tab(views[at], at == current)) + 1 for at in shown) > cells - 2:
        shown.remove(shown[-1] if shown[-1] != current else shown[0])
    spans = [Span(" ")]
    for at in shown:
        spans += [Span(_tab(views[at], at == current), "tab" if at == current else ""), Span(" ")]
    if len(shown) < len(views):
        spans.append(Span(setting.glyphs.ellipsis, "muted"))
    return fit_line(spans, cells, setting.glyphs.ellipsis)


def _tab(tab: Tab, current: bool) -> str:
    count = "" if tab.count is None else f" ({tab.count:,}{'+' if tab.more else ''})"
    text = f"{clean_line(tab.name)}{count}"
    return f"[{text}]" if current else f" {text} "


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the console says in one line.  tone: "", "good", "warning" or "error"."""

    text: str
    tone: str = ""
    at: datetime | None = None


def footer(keys: Sequence[tuple[str, str]], right: Line, cells: int, setting: Setting) -> Line:
    """Keys with their titles, as many as fit; what is always true stands at the right."""
    room = cells - line_width(right) - 1
    spans: list[Span] = [Span(" ")]
    for key, title in keys:
        piece = line(Span(key, "key"), Span(f" {title}  ", "muted"))
        if line_width(spans) + line_width(piece) - 2 > room:
            break
        spans += piece
    return spread(spans, right, cells, setting.glyphs.ellipsis)


def notice(said: Notice, cells: int, setting: Setting) -> Line:
    """A notice in the place of the footer."""
    mark = {"error": "!!", "warning": " !", "good": setting.glyphs.acknowledged}.get(said.tone, "  ")
    words = line(
        Span(f"{mark} ", said.tone), Span(clean_line(said.text), said.tone if said.tone == "error" else "")
    )
    return fit_line(words, cells, setting.glyphs.ellipsis)
