"""The wall: one band a ticket, its countdown in large digits, who was told and whether they answered.

Pure: what burns, the size and the clock give lines.  A band never changes its
height and the digits stand flush right in a column of one width, so that
nothing jumps when a second passes.
"""

from __future__ import annotations

from datetime import datetime

from supporttui.desk.wall import Burning, Wall
from supporttui.quickclass import dataclass
from supporttui.store.records import DeadlineLine
from supporttui.terminal.safe import clean_line, clip
from supporttui.when import DAY, HOUR, MINUTE, countdown

from . import bars, timers
from .bars import DeskState
from .digits import SMALL, TALL, large, large_width
from .setting import ASCII, Setting, clock_text, seconds_between, severity_role
from .spans import EMPTY, Line, Span, fit_line, line, line_width, spread

TURN = 15  # seconds that a page of the wall stays
PLAIN = 0
ROOMY = 100  # columns from which the tall digits leave room for words
NARROW, LOW = 60, 10  # columns and lines below which the countdown is plain text
COLUMN = {TALL: 43, SMALL: 27}
OWNER = 20  # cells of a name
MOST_GAP = 3  # blank lines more between two bands on a screen that has them to spare
HEIGHT = {TALL: 7, SMALL: 5, PLAIN: 4}


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the wall is cut to a terminal: lines of digits, bands on a page, pages."""

    digits: int
    bands: int
    pages: int


def sheet(tickets: int, cells: int, lines: int) -> Sheet:
    """The largest digits with which everything fits; on a large screen rather pages than small digits.

    lines: without header and footer.
    """
    if cells < NARROW or lines < LOW:
        digits = PLAIN
    elif cells >= ROOMY and (tickets * HEIGHT[TALL] <= lines or lines >= 40):
        digits = TALL
    else:
        digits = SMALL
    bands = max(1, lines // HEIGHT[digits])
    return Sheet(digits, bands, max(1, -(-tickets // bands)))


def lines(
    wall: Wall, page: int, cells: int, rows: int, setting: Setting, state: DeskState, now: datetime
) -> list[Line]:
    """The wall's page (counted from 0) in exactly `rows` lines, header first; the footer is the caller's."""
    cut = sheet(len(wall.burning), cells, rows - 1)
    head = header(wall, page % cut.pages, cut.pages, cells, setting, state, now)
    if not wall.burning:
        body = calm(wall, cells, rows - 1, setting, now)
    else:
        start = page % cut.pages * cut.bands
        spare = rows - 1 - min(cut.bands, len(wall.burning)) * HEIGHT[cut.digits]
        gap = [EMPTY] * min(MOST_GAP, spare // min(cut.bands, len(wall.burning)))
        body = [
            one
            for burning in wall.burning[start : start + cut.bands]
            for one in (*band(burning, cells, cut.digits, setting, now), *gap)
        ]
    return [head, *body[: rows - 1], *[EMPTY] * (rows - 1 - len(body))]


def header(
    wall: Wall, page: int, pages: int, cells: int, setting: Setting, state: DeskState, now: datetime
) -> Line:
    """ "NetEx wall  CLOSED until Mon 08:00  2 Severity 1, 3 overdue   page 1 of 2  watch ✓ 09:06  Sun 22 Nov 09:06 UTC"."""
    severe = sum(one.line.severity == 1 for one in wall.burning)
    overdue = sum((to_go := _clock(one, now)[0]) is not None and to_go <= 0 for one in wall.burning)
    hours, watch, date = bars.clock_parts(state, setting, now)
    counts = f"{severe} Severity 1, {overdue} overdue{' (more are not shown)' if wall.more else ''}"
    call = Span(
        f"  CALL {state.calls}" if state.calls else "", "overdue"
    )  # what came without the telephone call that it needs
    paging = f"page {page + 1} of {pages}" if pages > 1 else ""
    name = Span(f" {clean_line(setting.desk_name)} wall", "title")
    for shown in ((hours, counts, date), ((), counts, date), ((), counts, ()), ((), "", ())):
        left = line(name, "  ", *shown[0], "  " if shown[0] else "", shown[1], call)
        right = line(
            Span(paging, "bold"), "  " if paging else "", *watch, "  " if shown[2] else "", *shown[2], " "
        )
        if line_width(left) + line_width(right) + 2 <= cells:
            break
    return spread(left, right, cells, setting.glyphs.ellipsis)


# -- one ticket ------------------------------------------------------------------------------------


def band(burning: Burning, cells: int, digits: int, setting: Setting, now: datetime) -> list[Line]:
    """A ticket in HEIGHT[digits] lines of `cells` cells; the last one is blank."""
    cut = setting.glyphs.ellipsis
    words = _words(burning, digits, setting, now)
    if digits == PLAIN:
        left, role = _clock(burning, now)
        clock = "no deadline" if left is None else countdown(left)
        top = line(Span(f" {setting.glyphs.bar}{clock}  ", role), *_subject(burning))
        facts = line("  ", *_name(burning, setting), "  ", *words[-1])
        out = [fit_line(one, cells, cut) for one in (top, facts, line("  ", *words[0]))]
    else:
        room = cells - COLUMN[digits] - 4  # the last column stays free
        side = [fit_line(one, room, cut) for one in (_subject(burning), *words)]
        out = [_rule(burning, cells, setting, now)]
        for at, signs in enumerate(_digits(burning, digits, setting, now)):
            beside = side[at] if at < len(side) else fit_line(EMPTY, room)
            out.append(fit_line((*signs, Span("  "), *beside), cells))
    return [*out, *[EMPTY] * (HEIGHT[digits] - len(out))]


def _clock(burning: Burning, now: datetime) -> tuple[int | None, str]:
    """Seconds until what counts (None: nothing runs) and the role of the digits.

    What is overdue and unanswered counts up, whatever comes next.
    """
    row = burning.line
    if row.overdue_since is not None:
        return min(0, seconds_between(now, row.overdue_since)), "overdue"
    if row.next_due_at is None:
        return None, "muted"
    left = seconds_between(now, row.next_due_at)
    return left, "overdue" if left <= 0 else "warning" if left <= HOUR else "bold"


def _digits(burning: Burning, digits: int, setting: Setting, now: datetime) -> list[tuple[Span, ...]]:
    """The countdown, flush right in its column, every sign a span of its own."""
    left, role = _clock(burning, now)
    text = big_text(left)
    pad = Span(" " * (1 + max(0, COLUMN[digits] - large_width(text, digits))))
    rows = large(text, digits, ascii=setting.glyphs == ASCII)
    roles = ["muted" if char in "hd" else role for char in text]
    return [
        (
            pad,
            *(span for piece, how in zip(row, roles, strict=True) for span in (Span(piece, how), Span(" "))),
        )
        for row in rows
    ]


def big_text(seconds: int | None) -> str:
    """What the digits say: "41:09" below an hour, "6h20" below a day, "2d03h" above; a plus when it is over."""
    if seconds is None:
        return "--:--"
    left, sign = abs(seconds), "" if seconds > 0 else "+"
    if left < HOUR:
        return f"{sign}{left // MINUTE:02}:{left % MINUTE:02}"
    if left < DAY:
        return f"{sign}{left // HOUR}h{left // MINUTE % 60:02}"
    days = min(left // DAY, 9999)
    return f"{sign}{days}d{left // HOUR % 24:02}h" if days < 100 else f"{sign}{days}d"


def _rule(burning: Burning, cells: int, setting: Setting, now: datetime) -> Line:
    """What the digits mean, whose it is, and the severity, on the line above them."""
    left, role = _clock(burning, now)
    word = "no deadline runs" if left is None else "OVERDUE by" if left <= 0 else "due in"
    rule = setting.glyphs.rule
    lead = line(Span(f" {setting.glyphs.bar}", role), Span(f"{word} ", role))
    name = line(" ", *_name(burning, setting), " ")
    gap = max(1, COLUMN[SMALL] + 2 - line_width(lead))
    used = line_width(lead) + gap + line_width(name)
    return fit_line(
        (*lead, Span(rule * gap, "muted"), *name, Span(rule * max(0, cells - used - 1), "muted")),
        cells,
        setting.glyphs.ellipsis,
    )


def _name(burning: Burning, setting: Setting) -> Line:
    """ "291  1 System down  Acme Corp"."""
    row = burning.line
    return line(
        Span(str(row.number), "bold"),
        "  ",
        Span(clean_line(setting.severity(row.severity)), severity_role(row.severity)),
        "  " if row.customer else "",
        Span(clean_line(row.customer)),
    )


def _subject(burning: Burning) -> Line:
    return line(Span(clean_line(burning.line.subject), "bold"))


def _words(burning: Burning, digits: int, setting: Setting, now: datetime) -> list[Line]:
    """Who was told and whether they answered, what comes next, who has it; beside tall digits each has a line."""
    told, coming, owner = (
        _told(burning, setting, now),
        _coming(burning, setting, now),
        _owner(burning, setting, now),
    )
    if digits == TALL:
        return [told or coming, coming if told else EMPTY, EMPTY, owner]
    return [told or coming, line(*owner, "  " if told and coming else "", *(coming if told else EMPTY))]


def _told(burning: Burning, setting: Setting, now: datetime) -> Line:
    """ "told, no ack: Director of Customer Services 06:46"; nothing when nobody was told."""
    if not burning.told:
        return EMPTY
    last = burning.told[0]
    at = clock_text(last.fired_at or last.due_at, setting.zone, now)
    verb = "told" if last.kind in ("escalation", "") else "missed"
    answer = Span("acknowledged", "good") if last.state == "acknowledged" else Span("no ack", "overdue")
    return line(f"{verb}, ", answer, f": {timers.label(last)} {at}")


def _coming(burning: Burning, setting: Setting, now: datetime) -> Line:
    """ "next President and General Manager 22:46"."""
    if burning.next is None:
        return line(Span("nobody is left to be told", "muted"))
    at = clock_text(burning.next.due_at, setting.zone, now)
    return line(Span("next ", "muted"), Span(f"{timers.label(burning.next)} {at}"))


def _owner(burning: Burning, setting: Setting, now: datetime) -> Line:
    row = burning.line
    owner = clip(clean_line(row.owner), OWNER, ellipsis=setting.glyphs.ellipsis)
    who = Span(f"{owner} has it") if row.owner else Span(" NOBODY HAS IT ", "overdue reverse")
    promised = row.acknowledged_until
    if promised is None:
        return line(who)
    over = promised <= now
    words = f", update {'was ' if over else ''}promised by {clock_text(promised, setting.zone, now)}"
    return line(who, Span(words, "overdue" if over else "good"))


# -- nothing burns ---------------------------------------------------------------------------------


def calm(wall: Wall, cells: int, rows: int, setting: Setting, now: datetime) -> list[Line]:
    """One calm line in the middle, and the next deadline below it."""
    words = [line(Span("No Severity 1 is open and nothing is overdue.", "bold")), EMPTY]
    if wall.next is None:
        words.append(line(Span("No deadline runs.", "muted")))
    else:
        words += [_upcoming(wall.next, setting, now), line(Span(clean_line(wall.next.subject), "muted"))]
    above = max(0, (rows - len(words)) // 2)
    return [*[EMPTY] * above, *(_middle(one, cells, setting) for one in words)]


def _upcoming(due: DeadlineLine, setting: Setting, now: datetime) -> Line:
    left = seconds_between(now, due.due_at)
    at = clock_text(due.due_at, setting.zone, now)
    return line(f"next: {due.ticket}, {timers.label(due)}, {countdown(left).strip()} ({at})")


def _middle(spans: Line, cells: int, setting: Setting) -> Line:
    took = line_width(spans)
    return fit_line((Span(" " * max(0, (cells - took) // 2)), *spans), cells, setting.glyphs.ellipsis)
