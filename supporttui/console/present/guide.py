"""What somebody beside the analyst says: a heading, two lines, and a rule below."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.terminal.safe import width as cells

from .spans import Line, Span, fit_line, line, spread
from .wrap import wrap

LINES = 2


def box(
    heading: str, sentences: Sequence[str], rights: Sequence[str], width: int, rule: str
) -> Sequence[Line]:
    """The lines of a box.

    sentences: as many from the first on as fit.  rights: what stands at the right of the
    heading, from the longest form to the shortest; the first that fits is taken.
    """
    shown = _fitting(sentences, max(1, width - 2))
    room = width - cells(heading) - 4
    right = next((words for words in rights if cells(words) <= room), "")
    return [
        spread(
            line(Span(f" {heading}", "focus bold")), line(Span(f"{right} " if right else "", "muted")), width
        ),
        *(fit_line(line(Span(f" {part}")), width) for part in (*shown, *("",) * LINES)[:LINES]),
        line(Span(rule * width, "muted")),
    ]


def _fitting(sentences: Sequence[str], width: int) -> list[str]:
    """The lines of the first sentences that take no more than there is room for."""
    for count in range(len(sentences), 1, -1):
        lines = _wrapped("  ".join(sentences[:count]), width)
        if len(lines) <= LINES:
            return lines
    return _wrapped(sentences[0], width) if sentences else []


def _wrapped(words: str, width: int) -> list[str]:
    return [part.strip() for part in wrap(words, width)]
