"""A row of the queue: columns that drop out one by one as the pane gets narrower.

What stays to the end is what an analyst decides by: severity, how late, which
number, what about.  Every row has exactly the width that was asked for, so
that nothing moves when a second passes or a name is long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from supporttui.store.records import TicketLine
from supporttui.terminal.safe import clean_line, fit, width

from .company import Company, tag
from .setting import Setting, severity_role
from .spans import Line, Span, fit_line, line, line_width
from .urgency import DUE_WIDTH, Urgency, of_ticket

NOBODY = Company()


class Column(NamedTuple):
    """A column that may be left out.

    keep: the higher the longer it stays.  least: cells of the subject below which it goes rather than more of that.
    """

    name: str
    width: int
    keep: int
    least: int = 30


OPTIONAL = (
    Column("customer", 10, 3),
    Column("owner", 6, 4, 24),
    Column("status", 16, 1),
    Column("product", 12, 2),
)


class Widths(NamedTuple):
    """What is shown of the optional columns, and the cells of the subject and of a number."""

    optional: tuple[Column, ...]
    subject: int
    number: int


@lru_cache(64)
def widths(cells: int, number: int) -> Widths:
    """Columns that fit into a row of `cells`."""
    left = cells - (
        1 + 2 + 1 + 2 + 1 + DUE_WIDTH + 1 + number + 1 + 1
    )  # a cell for what is unseen before the number
    shown = set()
    for column in sorted(OPTIONAL, key=lambda one: -one.keep):
        if left - column.width - 1 < column.least:
            break
        shown.add(column.name)
        left -= column.width + 1
    return Widths(tuple(one for one in OPTIONAL if one.name in shown), max(0, left), number + 1)


def heading(cells: int, setting: Setting) -> Line:
    """The line above the rows."""
    columns = widths(cells, setting.number_width)
    parts = [
        " ",
        fit("sv", 2),
        " ",
        fit("due", 2 + 1 + DUE_WIDTH, align="right"),
        " ",
        fit("no.", columns.number, align="right"),
        " ",
        fit("subject", columns.subject),
    ]
    for column in columns.optional:
        parts += [" ", fit(column.name, column.width)]
    return line(Span(fit("".join(parts), cells), "muted"))


def row(
    ticket: TicketLine,
    cells: int,
    setting: Setting,
    now: datetime,
    *,
    cursor: bool = False,
    marked: bool = False,
    kept: bool = False,
    company: Company = NOBODY,
) -> Line:
    """A queue row in exactly `cells` cells.

    kept: the analyst changed it just now, it no longer belongs here and stays, dimmed, where it was.
    company: who else is on it, and whether it has news.
    """
    glyphs = setting.glyphs
    columns = widths(cells, setting.number_width)
    clock = of_ticket(ticket, now, glyphs)
    subject = clean_line(ticket.subject)
    others = tag(company.on(ticket.number), columns.subject, setting)
    news = glyphs.unseen if ticket.number in company.unseen else " "
    number = str(ticket.number)
    spans = [
        Span(glyphs.cursor if cursor else " "),
        *_severity(ticket, setting),
        Span(glyphs.mark if marked else " ", "mine" if marked else ""),
        *due_spans(clock),
        Span(" "),
        Span(fit("", columns.number - len(number) - 1)),
        Span(news, "bold"),
        Span(fit(number, min(len(number), columns.number))),
        Span(" "),
        Span(
            fit(subject, columns.subject - line_width(others), ellipsis=glyphs.ellipsis),
            "bold" if ticket.severity == 1 else "",
        ),
        *others,
    ]
    spans += _optional(ticket, columns.optional, setting)
    return fit_line([Span(text, "muted") for text, _ in spans] if kept else spans, cells)


def due_spans(clock: Urgency) -> tuple[Span, ...]:
    """Glyph and countdown, the countdown flush right."""
    text = f"{fit(clock.glyph, 2)} {fit(clock.text, DUE_WIDTH, align='right')}"
    return (Span(text, clock.role),)  # one piece, so that it is one block under the cursor


def _severity(ticket: TicketLine, setting: Setting) -> tuple[Span, ...]:
    digit = Span(str(min(ticket.severity, 9)), severity_role(ticket.severity))
    return (Span(setting.glyphs.bar, "bar") if ticket.severity == 1 else Span(" "), digit)


def _optional(ticket: TicketLine, columns: Sequence[Column], setting: Setting) -> list[Span]:
    spans: list[Span] = []
    for column in columns:
        text = clean_line(str(getattr(ticket, column.name)))
        if column.name == "owner":
            role = "mine" if text and text == setting.actor else "" if text else "muted"
            text = text or setting.glyphs.nobody
        else:
            role = "" if column.name == "customer" else "muted"
        shown = fit(text, column.width, ellipsis=setting.glyphs.ellipsis).rstrip()
        spans += [
            Span(" "),
            Span(shown, role),
            Span(" " * (column.width - width(shown))),
        ]  # a line ends with it
    return spans


def changes_in(ticket: TicketLine, now: datetime, setting: Setting) -> int:
    """Seconds until this row's clock reads otherwise; 0 for never."""
    return of_ticket(ticket, now, setting.glyphs).changes_in
