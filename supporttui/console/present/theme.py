"""What a theme looks like, in rows as the console draws them: the theme screen's preview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from supporttui.store.records import TicketLine

from . import bars, queue
from .setting import Setting
from .spans import Line, Span, fit_line, line, marked

_SUBJECTS = {
    1: "NETEX crashes when starting",
    2: "transfers restart several times",
    3: "wrong byte count in the log",
    4: "add a retry option",
}


def preview(cells: int, setting: Setting, now: datetime) -> Sequence[Line]:
    """Rows of every severity, overdue, soon, mine, muted, marked and under the cursor; then the words of notices."""
    mine = setting.actor or "ana"
    rows = (
        _ticket(1042, 1, now, overdue=timedelta(minutes=12, seconds=40), owner=mine),
        _ticket(1057, 1, now, due=timedelta(minutes=41)),
        _ticket(1031, 2, now, due=timedelta(hours=6, minutes=20), owner="raj"),
        _ticket(1012, 3, now, due=timedelta(days=2, hours=3), owner=mine),
        _ticket(1055, 4, now),
    )
    shown = [queue.row(one, cells, setting, now, marked=one.number == 1031) for one in rows]
    cursor = queue.row(rows[2], cells, setting, now, cursor=True)
    notices = (
        ("error", "1042 escalated: Director of Customer Services"),
        ("warning", "3 new: 1058 1059 1060"),
        ("good", "1042: reply sent"),
    )
    return [
        bars.pane_rule("Queue", cells, setting, focused=True),
        queue.heading(cells, setting),
        *shown,
        queue.row(rows[3], cells, setting, now, kept=True),
        marked(cursor, "cursor"),
        bars.pane_rule("Ticket 1031", cells, setting, focused=False),
        fit_line(
            line(Span(" 14:31 ", "muted"), Span("to the customer", "public"), " We have your dump."), cells
        ),
        fit_line(line(Span(" 14:02 ", "muted"), Span("internal note", "internal"), " matches KE-88"), cells),
        *(bars.notice(bars.Notice(text, tone), cells, setting) for tone, text in notices),
    ]


def _ticket(
    number: int,
    severity: int,
    now: datetime,
    *,
    due: timedelta | None = None,
    overdue: timedelta | None = None,
    owner: str = "",
) -> TicketLine:
    return TicketLine(
        number, severity, "open", owner, "Acme Corp", _SUBJECTS[severity], "NETEX", now, now,
        now + due if due else None, now - overdue if overdue else None, False, None, None, 0, 1,
    )  # fmt: skip
