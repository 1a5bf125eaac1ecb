"""What somebody beside the analyst says: a heading, two lines, and a rule below."""

from __future__ import annotations

from collections.abc import Sequence

from .spans import Line, Span, fit_line, line, spread
from .wrap import wrap


def box(heading: str, words: str, right: str, width: int, rule: str) -> Sequence[Line]:
    """A heading with something at its right, up to two lines of words, and a rule below."""
    shown = [part.strip() for part in wrap(words, max(1, width - 2))][:2]
    return [
        spread(line(Span(f" {heading}", "focus bold")), line(Span(f"{right} ", "muted")), width),
        *(fit_line(line(Span(f" {part}")), width) for part in (*shown, "")[:2]),
        line(Span(rule * width, "muted")),
    ]
