"""The one-line bars: who and when at the top, the tabs of the views, keys or a notice at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.quickclass import dataclass
from supporttui.store.records import Watch
from supporttui.terminal.safe import clean_line, width
from supporttui.when import DAY_NAMES, MONTH_NAMES, duration_text

from .setting import Setting, clock_text, seconds_between
from .spans import EMPTY, Line, Span, fit_line, line, line_width, spread

if TYPE_CHECKING:
    from supporttui.store.worked import Stopwatch

MOST_COUNTED = 999  # tickets of a view; more are told as "999+"
# How much is said of the opening hours and of the date, from the widest line to the narrowest.
HEADER_DETAIL = ((2, 2), (1, 2), (0, 2), (0, 1), (0, 0), (0, -1), (-1, 0), (-1, -1))
HELD = "NOTICES HELD"
FORGOTTEN = 8 * 3600  # seconds on a stopwatch after which somebody forgot it
STALE = 150  # seconds without a look at the deadlines from which the watch is late: two ticks and a half


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """What the top line tells.

    open: the vendor's desk is open; until: when that changes (None: never).
    ticked_at: when the deadlines were last evaluated here; trouble: why it can't be done.
    watch: who accepted it, None for nobody.
    alarm: that it is off, or for how long hushed; "" when it rings.
    watcher: a watcher looks after the desk without a console; silent_since: it did, and is silent.
    late_since: a deadline of then ought to have fired.  undelivered: notices that wait too long, or are lost.
    on_call: who is, each with until when.  silenced: whose notices maintenance holds back, until when.
    stopwatches: of who sits here, the running one first.
    inbox: what came in and waits for a decision; calls: what of that asks for a telephone call.
    """

    open: bool = False
    until: datetime | None = None
    ticked_at: datetime | None = None
    trouble: str = ""
    alarm: str = ""
    watch: Watch | None = None
    readonly: bool = False
    watcher: bool = False
    silent_since: datetime | None = None
    late_since: datetime | None = None
    undelivered: int = 0
    on_call: tuple[tuple[str, datetime], ...] = ()
    silenced: tuple[tuple[str, datetime], ...] = ()
    stopwatches: tuple[Stopwatch, ...] = ()
    inbox: int = 0
    calls: int = 0


def header(state: DeskState, cells: int, setting: Setting, now: datetime) -> Line:
    """ "NetEx desk  OPEN until 17:00 CST, 2 h 14 m left  ana  watch ✓ 14:46     Fri 20 Nov 14:46 CST"."""
    watch = _watch(state, setting, now)
    flags, short = (
        _flags(state, _silenced(state, setting, now)),
        _flags(state, HELD if state.silenced else ""),
    )
    timer = (*_timer(state.stopwatches, setting, now), *_inbox(state))
    name = f" {clean_line(setting.desk_name)}"
    actor = line(Span(f"  {clean_line(setting.actor)}"))
    held = (*_held(state.watch, setting, now), *_on_call(state, setting, now))
    shapes = [(*one, (*(actor if state.watch is None else ()), *held), flags) for one in HEADER_DETAIL[:-1]]
    shapes += [(*one, actor, flags) for one in HEADER_DETAIL]
    shapes += [(*HEADER_DETAIL[-1], who, short) for who in (actor, EMPTY)]
    for detail, date, who, told in shapes:
        title = Span(name + (" desk" if detail > 0 else ""), "title")
        left = line(title, "  ", *_hours(state, setting, now, detail), *who, *timer, told)
        right = line(*watch, "  ", Span(f"{_date(now, setting, date)} "))
        if line_width(left) + line_width(right) + 2 <= cells:
            break
    return spread(left, right, cells, setting.glyphs.ellipsis)


def _flags(state: DeskState, silent: str) -> Span:
    """What is not as usual, in words."""
    words = ("READ-ONLY" if state.readonly else "", silent, state.alarm)
    return Span("".join(f"  {word}" for word in words if word), "warning")


def _held(watch: Watch | None, setting: Setting, now: datetime) -> Line:
    """ "  watch: ana since 18:00", after who sits here when that is somebody else; nothing when nobody has it."""
    if watch is None:
        return EMPTY
    here = "" if watch.actor == setting.actor else f"  {clean_line(setting.actor)}"
    return line(f"{here}  watch: {clean_line(watch.actor)} since {clock_text(watch.at, setting.zone, now)}")


def _timer(watches: Sequence[Stopwatch], setting: Setting, now: datetime) -> Line:
    """ "  ◷ 12m #1042 +1": what the running stopwatch shows in minutes, and how many rest; loud when forgotten."""
    if not watches:
        return EMPTY
    seconds = watches[0].seconds(now)
    hours, minutes = divmod(seconds // 60, 60)
    shown = f"{hours}h{minutes:02}" if hours else f"{minutes}m"
    rests = "" if watches[0].running else f"{setting.glyphs.paused} "
    more = f" +{len(watches) - 1}" if len(watches) > 1 else ""
    text = f"{setting.glyphs.stopwatch} {rests}{shown} #{watches[0].ticket}{more}"
    return line(
        "  ", Span(text, "warning" if seconds > FORGOTTEN else "bold" if watches[0].running else "muted")
    )


def _inbox(state: DeskState) -> Line:
    """ "  inbox 3", "  inbox 3: CALL 1": what waits for somebody's decision."""
    if not state.inbox:
        return EMPTY
    calls = Span(f": CALL {state.calls}", "overdue") if state.calls else Span("")
    return line("  ", Span(f"inbox {state.inbox}", "bold"), calls)


def _silenced(state: DeskState, setting: Setting, now: datetime) -> str:
    """ "NOTICES HELD: Acme until 18:00"."""
    if not state.silenced:
        return ""
    name, until = state.silenced[0]
    more = f" +{len(state.silenced) - 1}" if len(state.silenced) > 1 else ""
    return f"{HELD}: {clean_line(name)} until {clock_text(until, setting.zone, now)}{more}"


def _on_call(state: DeskState, setting: Setting, now: datetime) -> Line:
    """ "  on call raj (until 20:00)"; more of them are counted."""
    if not state.on_call:
        return EMPTY
    person, until = state.on_call[0]
    more = f" +{len(state.on_call) - 1}" if len(state.on_call) > 1 else ""
    return line(f"  on call {clean_line(person)} (until {clock_text(until, setting.zone, now)}){more}")


def _date(at: datetime, setting: Setting, detail: int = 2) -> str:
    """ "Fri 20 Nov 14:46 CST"; detail: 1 without the day of the week, 0 the time, -1 without its zone."""
    local = at.astimezone(setting.zone)
    weekday = f"{DAY_NAMES[local.weekday()][:3].title()} " if detail > 1 else ""
    day = f"{weekday}{local.day} {MONTH_NAMES[local.month - 1]} " if detail > 0 else ""
    zone = (local.tzname() or "") if detail >= 0 else ""
    return f"{day}{local:%H:%M} {zone}".rstrip()


def _hours(state: DeskState, setting: Setting, now: datetime, detail: int) -> Sequence[Span]:
    """Whether the vendor's desk is open; detail: -1 the word alone, 0 until when as well, 2 everything."""
    word = Span("OPEN" if state.open else "CLOSED", "bold")
    if state.until is None:
        return line(word, " round the clock" if state.open else "")
    if detail < 0:
        return line(word)
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
    if state.silent_since is not None:
        silent = duration_text(seconds_between(state.silent_since, now) // 10 * 10)
        return line(Span(f"watch !! silent for {silent}", "overdue"))
    if state.late_since is not None:
        return line(Span("watch !! a deadline has not fired", "overdue"))
    if state.undelivered:
        return line(Span(f"watch !! {state.undelivered} undelivered", "overdue"))
    if state.ticked_at is None:
        return line(Span("watch starts", "muted"))
    late = seconds_between(state.ticked_at, now)
    if late > STALE:
        return line(Span(f"watch !! {duration_text(late)} old", "overdue"))
    mark = setting.glyphs.acknowledged.strip()
    return line(Span(f"watch {mark} {state.ticked_at.astimezone(setting.zone):%H:%M}", "muted"))


def clock_parts(state: DeskState, setting: Setting, now: datetime) -> tuple[Line, Line, Line]:
    """The desk's hours, how old the data is, and the date: for the top line of another screen."""
    return line(*_hours(state, setting, now, 1)), _watch(state, setting, now), line(_date(now, setting))


def pane_rule(title: str, cells: int, setting: Setting, *, focused: bool, right: Line = ()) -> Line:
    """The rule above a pane; the focused one is told by colour, weight and a mark.

    right: what stands at its right end.
    """
    rule, role = setting.glyphs.rule, "focus" if focused else "muted"
    lead = f"{setting.glyphs.cursor if focused else rule}{rule} "
    name = Span(clean_line(title), "focus bold" if focused else "")
    tail = max(0, cells - len(lead) - width(name.text) - 1)
    if right:
        tail = max(0, tail - line_width(right) - 4)
        end = (Span(" "), *right, Span(" " + rule * 2, role))
        return fit_line(
            (Span(lead, role), name, Span(" " + rule * tail, role), *end), cells, setting.glyphs.ellipsis
        )
    return fit_line(line(Span(lead, role), name, Span(" " + rule * tail, role)), cells)


@dataclass(frozen=True, slots=True)
class Tab:
    """A view with how many tickets it holds; count None: not known yet, more: at least so many.

    fault: why its query can't be read, "" when it can.
    """

    name: str
    count: int | None = None
    more: bool = False
    fault: str = ""


def tabs(views: Sequence[Tab], current: int, cells: int, setting: Setting) -> Line:
    """The views, the one shown in brackets; the bar scrolls so that the one shown can be seen."""
    texts = [_tab(tab, at == current) for at, tab in enumerate(views)]
    more = setting.glyphs.ellipsis
    shown = _window([width(text) + 1 for text in texts], current, cells - 2)
    spans = [Span(more if shown.start else " ", "muted")]
    for at in shown:
        spans += [Span(texts[at], "tab" if at == current else _tab_role(views[at])), Span(" ")]
    if shown.stop < len(views):
        spans.append(Span(more, "muted"))
    return fit_line(spans, cells, more)


def _window(widths: Sequence[int], current: int, cells: int) -> range:
    """The run of tabs that fits and holds the current one, with its neighbour to the right if there is room."""
    start = 0
    for last in (min(current + 1, len(widths) - 1), current):
        while start < current and sum(widths[start : last + 1]) > cells:
            start += 1
        if sum(widths[start : last + 1]) <= cells:
            break
        start = 0
    end = start
    while end < len(widths) and (end <= current or sum(widths[start : end + 1]) <= cells):
        end += 1
    return range(start, end)


def _tab(tab: Tab, current: bool) -> str:
    """ "[Open (42)]", " Mine (7) ", " Broken ! "."""
    text = clean_line(tab.name)
    if tab.fault:
        text += " !"
    elif tab.count is not None:
        text += f" ({min(tab.count, MOST_COUNTED):,}{'+' if tab.more or tab.count > MOST_COUNTED else ''})"
    return f"[{text}]" if current else f" {text} "


def _tab_role(tab: Tab) -> str:
    """An empty view is dim: there is nothing to do in it."""
    return "warning" if tab.fault else "muted" if tab.count == 0 else ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the console says in one line.  tone: "", "good", "warning" or "error".

    more: lines that belong to it, for the messages page.
    """

    text: str
    tone: str = ""
    at: datetime | None = None
    more: tuple[str, ...] = ()


def footer(keys: Sequence[tuple[str, str]], right: Line, cells: int, setting: Setting) -> Line:
    """Keys with their titles, as many as fit; what is always true stands at the right."""
    room = cells - line_width(right) - 1
    spans: list[Span] = [Span(" ")]
    for key, title in keys:
        piece = line(Span(key, "key"), Span(f" {title}  ", "muted"))
        if line_width(spans) + line_width(piece) - 2 > room:
            break
        spans += piece
    spans[-1] = Span(spans[-1].text.rstrip(), spans[-1].role)  # a hint is whole, or it isn't there
    return spread(spans, right, cells, setting.glyphs.ellipsis)


def notice(said: Notice, cells: int, setting: Setting) -> Line:
    """A notice in the place of the footer."""
    mark = {"error": "!!", "warning": " !", "good": setting.glyphs.acknowledged}.get(said.tone, "  ")
    words = line(
        Span(f"{mark} ", said.tone), Span(clean_line(said.text), said.tone if said.tone == "error" else "")
    )
    return fit_line(words, cells, setting.glyphs.ellipsis)
