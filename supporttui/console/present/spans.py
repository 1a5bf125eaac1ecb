"""A line of text with meanings instead of colours: what every pane is drawn from.

A `Span` names a *role* ("sev1", "overdue", "muted"); the theme decides what a
role looks like.  Text in a span is inert already: whoever makes a span from
data passes it through `terminal.safe` first.  No span text holds a newline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from supporttui.terminal.safe import clip, fit, width


class Span(NamedTuple):
    """A piece of a line.

    role: words of one or more roles, such as "sev1 bold" or "muted".
    """

    text: str
    role: str = ""


Line = tuple[Span, ...]
EMPTY: Line = ()


def line(*parts: Span | str) -> Line:
    """A line from spans and plain strings; empty pieces are left out."""
    spans = (part if isinstance(part, Span) else Span(part) for part in parts)
    return tuple(span for span in spans if span.text)


def line_width(spans: Iterable[Span]) -> int:
    """Cells that a line takes."""
    return sum(width(span.text) for span in spans)


def fit_line(spans: Sequence[Span], cells: int, ellipsis: str = "…") -> Line:
    """The line in exactly `cells` cells: cut with an ellipsis, or padded with blanks."""
    out: list[Span] = []
    left = cells
    for at, (text, role) in enumerate(spans):
        took = width(text)
        if took > left or (took == left and line_width(spans[at + 1 :])):
            shown = (
                fit(text, left, ellipsis=ellipsis)
                if took > left
                else clip(text + "  ", left, ellipsis=ellipsis)
            )
            out.append(Span(shown, role))
            left -= width(shown)
            break
        out.append(Span(text, role))
        left -= took
    if left > 0:
        out.append(Span(" " * left))
    return tuple(span for span in out if span.text)


def spread(left: Sequence[Span], right: Sequence[Span], cells: int, ellipsis: str = "…") -> Line:
    """`left` flush left and `right` flush right on one line of `cells`; the left part gives way."""
    room = cells - line_width(right)
    if room < 8:
        return fit_line((*left, Span("  "), *right), cells, ellipsis)
    return (*fit_line(left, room - 1, ellipsis), Span(" "), *right)


def plain(spans: Iterable[Span]) -> str:
    """The words of a line, as it is read aloud."""
    return "".join(span.text for span in spans)


def marked(spans: Line, role: str) -> Line:
    """Every span with one more role."""
    return tuple(Span(text, f"{own} {role}".strip()) for text, own in spans)


def difference(old: Sequence[Span], new: Sequence[Span]) -> tuple[int, int] | None:
    """The cells (start, end) in which two lines of the same width differ, or None.

    Lines of other widths differ up to the end of the longer one.
    """
    if old == new:
        return None
    start = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            start += _same_start(before, after)
            break
        start += width(after.text)
    old_width, new_width = line_width(old), line_width(new)
    if old_width != new_width:
        return start, max(old_width, new_width)
    end = new_width
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after:
            break
        end -= width(after.text)
    return start, max(end, start + 1)


def _same_start(before: Span, after: Span) -> int:
    """Cells at the start of two different spans that look the same."""
    if before.role != after.role or not (before.text.isascii() and after.text.isascii()):
        return 0
    same = 0
    for one, other in zip(before.text, after.text, strict=False):
        if one != other:
            break
        same += 1
    return same
