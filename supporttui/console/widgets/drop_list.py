"""The list of candidates that hangs below a field while one types.

It never has the focus: the field keeps it, and hands the keys on.  Of the row
that is highlighted the whole explanation stands below the list, so that no
definition is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.geometry import Offset
from textual.widget import Widget

from supporttui.console.present.spans import Line, Span, fit_line, line, marked
from supporttui.console.present.wrap import wrap
from supporttui.terminal.safe import clean_line, width

from .keyed_rows import clamp_top, reveal
from .painted import Painted

ROWS = 8
EXPLAINED = 3  # lines below the list for what the highlighted row means
NARROWEST, WIDEST = 28, 72


class Candidate(NamedTuple):
    """text: what the field will hold.  note: what it means, shown in full while it is highlighted."""

    text: str
    note: str = ""


class DropList(Painted):
    """Hidden until `open`; placed below its field, or above where there is no room."""

    DEFAULT_CSS = """
    DropList { display: none; layer: drop; position: absolute; background: $background; border: round $border; }
    DropList.shown { display: block; }
    .ascii DropList { border: ascii $border; }
    """

    def __init__(self) -> None:
        super().__init__(id="drop-list")
        self.candidates: Sequence[Candidate] = ()
        self.index = 0
        self.top = 0
        self.field: Widget | None = None

    @property
    def current(self) -> Candidate | None:
        return self.candidates[self.index] if self.candidates else None

    def open_for(self, field: Widget, candidates: Sequence[Candidate]) -> None:
        """Show the candidates of a field; of the same field again, the highlight stays on its text."""
        kept = self.current.text if self.field is field and self.current else ""
        texts = [one.text for one in candidates]
        self.field, self.candidates = field, candidates
        self.index = texts.index(kept) if kept in texts else 0
        self.top = 0
        self._place(field)
        self.add_class("shown")
        self.paint()

    def close(self) -> None:
        self.field = None
        self.remove_class("shown")

    def move(self, steps: int) -> None:
        if self.candidates:
            self.index = max(0, min(len(self.candidates) - 1, self.index + steps))
            self.paint()

    def _place(self, field: Widget) -> None:
        whole, at = self.screen.size, field.region
        explained = EXPLAINED if any(one.note for one in self.candidates) else 0
        longest = max((width(clean_line(one.text)) for one in self.candidates), default=0)
        wide = WIDEST if explained else max(NARROWEST, longest + 4)
        wide = min(wide, whole.width - 8)
        below, above = whole.height - at.bottom - 2, at.y - 2
        rows = min(ROWS, len(self.candidates)) + explained
        high = min(rows, max(below, above))
        x = max(0, min(at.x - 1, whole.width - wide - 5))
        y = at.bottom if high <= below else at.y - high - 2
        self.styles.width, self.styles.height = wide + 2, high + 2
        self.styles.offset = Offset(x, max(0, y))

    def paint(self) -> None:
        if not (self.is_attached and self.content_size.width):
            return
        cells, height = self.content_size.width, self.content_size.height
        explained = EXPLAINED if any(one.note for one in self.candidates) and height > EXPLAINED else 0
        rows = max(1, height - explained)
        self.top = clamp_top(reveal(self.top, self.index, rows), len(self.candidates), rows)
        shown = self.candidates[self.top : self.top + rows]
        lines = [self._row(one, at + self.top == self.index, cells) for at, one in enumerate(shown)]
        if explained and self.current is not None:
            note = list(wrap(clean_line(self.current.note), cells - 1))[:explained]
            lines += [fit_line(line(Span(f" {text}", "muted")), cells) for text in note]
        self.show_lines(lines)

    def _row(self, one: Candidate, current: bool, cells: int) -> Line:
        spans = fit_line(line(Span("▸ " if current else "  "), Span(clean_line(one.text))), cells)
        return marked(spans, "cursor") if current else spans

    def fitted(self) -> None:
        self.paint()
