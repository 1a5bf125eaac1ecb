"""Rows of a page that has a cursor: lines, some of which one can stand on.

What one stands on is a key, never a place: the page may be laid out anew under
the cursor.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from .setting import Setting
from .spans import Line, Span, fit_line, line, line_width

FOLD = "section"


class Row(NamedTuple):
    """A line of a page.

    key: what the cursor holds here, None where it can't stand.  ticket: its number, 0 for none.
    copies: what `y` copies here.  record: the record of the book that it tells of, (kind, id).
    """

    line: Line
    key: Hashable = None
    ticket: int = 0
    copies: str = ""
    record: tuple[str, int] = ("", 0)


def heading(name: str, title: str, note: str, cells: int, setting: Setting, *, folded: bool) -> Row:
    """A heading that folds what is below it: the mark says which way it stands."""
    ascii = setting.glyphs.rule == "-"
    mark = ("+" if folded else "-") if ascii else ("▸" if folded else "▾")
    lead = line(Span(f" {mark} ", "muted"), Span(title, "bold"), Span(f"  {note}" if note else "", "muted"))
    tail = max(0, cells - line_width(lead) - 2)
    rule = Span(f" {setting.glyphs.rule * tail} ", "muted")
    return Row(fit_line((*lead, rule), cells, setting.glyphs.ellipsis), (FOLD, name))


def text(spans: Sequence[Span], cells: int, setting: Setting) -> Row:
    """A line to read."""
    return Row(fit_line(spans, cells, setting.glyphs.ellipsis))


def places(rows: Sequence[Row]) -> list[int]:
    """Where the cursor can stand."""
    return [at for at, row in enumerate(rows) if row.key is not None]


def place_of(rows: Sequence[Row], key: Hashable, before: Sequence[Row] = ()) -> int | None:
    """Where the cursor is: on its key, else on the nearest that was below it, else above it; None for nowhere."""
    standing = {row.key: at for at, row in enumerate(rows) if row.key is not None}
    if key in standing:
        return standing[key]
    old = [row.key for row in before if row.key is not None]
    if key in old:
        at = old.index(key)
        for near in (*old[at + 1 :], *reversed(old[:at])):
            if near in standing:
                return standing[near]
    return min(standing.values(), default=None)
