"""A row of the timers: which ticket, who is told next, and when; or who was told and has not answered."""

from __future__ import annotations

from datetime import datetime

from supporttui.store.records import DeadlineLine
from supporttui.terminal.safe import clean_line, fit, width

from .queue import due_spans
from .setting import Setting, severity_role
from .spans import Line, Span, fit_line, line
from .urgency import DUE_WIDTH, Urgency, of_deadline
from .wrap import wrap

STATE_WIDTH = 12
LABEL_LEAST = 22
SHORT_DUE = 10  # cells of a countdown without its word
TOLD_LEAST = 16  # cells from which a narrow row still says that somebody was told
TITLE = 29  # cells of the longest title that a policy of ours gives a role
SUBJECT_LEAST = 16
SMALL = ("of", "and", "the", "for")
WHAT = {
    "response": "first reply",
    "update": "next update",
    "workaround": "workaround",
    "resolution": "resolution",
    "promise": "promised update",
    "warning": "warning",
}


def label(deadline: DeadlineLine) -> str:
    """What is due, in words: the role that is told, or the promise that is kept."""
    what = clean_line(deadline.label) or WHAT.get(deadline.kind, deadline.kind)
    if deadline.kind in ("escalation", ""):
        return what
    kind = WHAT.get(deadline.kind, deadline.kind)
    return (
        what if kind.casefold() in what.casefold() or deadline.kind in what.casefold() else f"{kind}: {what}"
    )


def short_label(deadline: DeadlineLine, cells: int) -> str:
    """The label in as many cells: small words go first, because a title without them still says who."""
    full = label(deadline)
    if width(full) <= cells:
        return full
    short = full.removeprefix("promised update: ")
    return short if width(short) <= cells else " ".join(word for word in short.split() if word not in SMALL)


def _whole(deadline: DeadlineLine, cells: int) -> bool:
    return width(short_label(deadline, cells)) <= cells


def state(deadline: DeadlineLine) -> str:
    """Who has been told: words beside the clock."""
    return {"fired": "told, no ack", "acknowledged": "acknowledged", "paused": ""}.get(deadline.state, "")


def row(
    deadline: DeadlineLine,
    cells: int,
    setting: Setting,
    now: datetime,
    *,
    cursor: bool = False,
    kept: bool = False,
) -> Line:
    """A timer in exactly `cells` cells."""
    glyphs = setting.glyphs
    clock = of_deadline(deadline, now, glyphs)
    left = cells - (1 + 2 + 1 + 2 + 1 + DUE_WIDTH + 1 + setting.number_width + 1)
    due = due_spans(clock)
    if left < TITLE:
        due, left = _short_due(clock), left + DUE_WIDTH - SHORT_DUE
    roomy = left - STATE_WIDTH - 1 >= TITLE
    with_state = roomy or (bool(state(deadline)) and left - STATE_WIDTH - 1 >= LABEL_LEAST)
    said = state(deadline)
    if with_state and said and not _whole(deadline, left - STATE_WIDTH - 1):
        said = said.removeprefix("told, ")
    left -= (STATE_WIDTH if roomy else len(said)) + 1 if with_state else 0
    words = min(left, 40)
    with_subject = left - words >= SUBJECT_LEAST + 1
    room = words if with_subject else left
    told = "told " if deadline.state == "fired" and not with_state and room >= TOLD_LEAST else ""
    if width(short_label(deadline, room - len(told))) > room - len(told) and _whole(deadline, room):
        told = ""  # its clock says that it is over, and a whole title says more
    spans = [
        Span(glyphs.cursor if cursor else " "),
        Span(f" {min(deadline.severity, 9)}", severity_role(deadline.severity)),
        Span(" "),
        *due,
        Span(" "),
        Span(fit(str(deadline.ticket), setting.number_width, align="right")),
        Span(" "),
        Span(fit(told + short_label(deadline, room - len(told)), room, ellipsis=glyphs.ellipsis)),
    ]
    if with_state:
        spans += [Span(" "), Span(fit(said, STATE_WIDTH if roomy else len(said)), clock.role)]
    if with_subject:
        rest = left - words - 1
        spans += [Span(" "), Span(fit(clean_line(deadline.subject), rest, ellipsis=glyphs.ellipsis), "muted")]
    return fit_line(spans, cells)


def _short_due(clock: Urgency) -> tuple[Span, ...]:
    """Glyph and countdown without the word before it, where a pane is narrow; the sign and the glyph stay."""
    text = clock.text.removeprefix("OVER").removeprefix("in").strip()
    return (
        Span(fit(clock.glyph, 2), clock.role),
        Span(" "),
        Span(fit(text, SHORT_DUE, align="right"), clock.role),
    )


def changes_in(deadline: DeadlineLine, now: datetime, setting: Setting) -> int:
    """Seconds until this timer reads otherwise; 0 for never."""
    return of_deadline(deadline, now, setting.glyphs).changes_in


def empty(cells: int) -> list[Line]:
    """What stands there while no clock runs."""
    words = ("no deadline is running", "Every report starts its ladder; what is due next stands here.")
    shown = [part for one in words for part in wrap(one, max(1, cells - 2))]
    return [line(" ", Span(one, "muted")) for one in shown]
