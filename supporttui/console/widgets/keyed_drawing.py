"""The rows of a keyed list as lines, with the cursor, the marks and a thumb that shows where one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from supporttui.console.present.spans import Line, Span, fit_line, line, marked
from supporttui.quickclass import dataclass

from .keyed_state import Held


@dataclass(frozen=True, slots=True)
class Look:
    """How a row stands: under the cursor, marked, kept though it no longer belongs to the list."""

    cursor: bool = False
    marked: bool = False
    kept: bool = False


Draw = Callable[[Any, Any, int, Look], Line]


def rows_shown(held: Held, draw: Draw, width: int, *, focused: bool) -> list[Line]:
    """The lines on screen, each of `width` cells; rows that are not held yet show a mark.

    The last cell is the thumb's even when there is none, so that no column moves when the list grows.
    """
    top, height = held.position.top, held.position.height
    thumb = thumb_lines(top, height, held.total)
    places = range(top, min(held.total, top + height))
    return [
        (
            *_row(held, place, draw, width - 1, focused),
            Span("▐" if place - top in (thumb or ()) else " ", "muted"),
        )
        for place in places
    ]


def _row(held: Held, place: int, draw: Draw, width: int, focused: bool) -> Line:
    key = held.window.key_at(place)
    row = held.rows.get(key) if key is not None else None
    if row is None:
        return fit_line(line(" …"), width)
    kept = held.kept.get(key)
    look = Look(key == held.position.cursor, key in held.marks.keys, kept is not None and not kept.matches)
    spans = draw(key, row, width, look)
    return marked(spans, "cursor" if focused else "still") if look.cursor else spans


def thumb_lines(top: int, height: int, total: int) -> range | None:
    """Screen lines that the scroll bar's thumb covers; None when everything fits."""
    if total <= height or height < 2:
        return None
    size = max(1, height * height // total)
    at = round(top * (height - size) / max(1, total - height))
    return range(at, at + size)
