"""The lines around the panes of the main screen, and what an empty list teaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supporttui.console.dialogs.dialog import Dialog
from supporttui.console.present import bars
from supporttui.console.present.bars import Notice, Tab
from supporttui.console.present.spans import EMPTY, Line, Span, line, spread
from supporttui.console.present.wrap import wrap
from supporttui.terminal.safe import clean_line
from supporttui.verbs.keymap import key_name
from supporttui.verbs.registry import BY_ID, VERBS, Verb, footer

if TYPE_CHECKING:
    from .triage import Triage

ELSEWHERE = (
    "command",
    "palette",
    "wall",
    "handover",
    "quit",
)  # after the verbs of a ticket, as far as there is room
SMALLEST = (60, 16)  # columns and lines below which nothing useful fits


class Frame:
    """Draws the bars of one screen from what it knows."""

    def __init__(self, screen: Triage) -> None:
        self._screen = screen

    def header(self, width: int) -> Sequence[Line]:
        return [
            bars.header(self._screen.shift.desk, width, self._screen.shift.setting, self._screen.shift.now())
        ]

    def tabs(self, width: int) -> Sequence[Line]:
        tabs, current = self._screen.tabs, self._screen.view
        typed = self._screen.typed or (self._screen.question if not 0 <= current < len(tabs) else None)
        if typed is not None:
            count = self._screen.queue.list.total if current < 0 else None
            tabs, current = [Tab(f"f {typed.query}", count), *tabs], max(0, current + 1)
        return [bars.tabs(tabs, current, width, self._screen.shift.setting)]

    def place(self, width: int) -> Sequence[Line]:
        rows = self._screen.queue.list
        place = f"{rows.held.position.row + 1:,} of {rows.total:,}" if rows.total else "none"
        narrowed = f" /{clean_line(self._screen.question.narrow)} " if self._screen.question.narrow else ""
        return [spread(line(Span(narrowed, "bold")), line(Span(place, "muted"), " "), width)]

    def footer(self, width: int) -> Sequence[Line]:
        setting, showing = self._screen.shift.setting, self._screen.shift.showing
        running = self._screen.shift.running
        if running is not None:
            waiting = self._screen.app.performer.waiting
            words = f"{running.text}; {waiting.title} waits" if waiting else running.text
            return [bars.notice(Notice(words), width, setting)]
        if showing is not None:
            return [bars.notice(showing, width, setting)]
        top = self._screen.app.screen
        if isinstance(top, Dialog):  # the keys of the queue don't work behind it
            own = [(key_name(key, ascii=self._screen.app.ink.ascii), words) for key, words in top.KEYS]
            return [bars.footer(own, (), width, setting)]
        count = len(self._screen.queue.list.held.marks.keys)
        marked = f"{count} marked " if count else ""
        unsent = len(self._screen.app.drafts)
        marked += f"{unsent} unsent " if unsent else ""
        keys = [
            (self._screen.shift.keymap.shown(verb, ascii=self._screen.app.ink.ascii), verb.title)
            for verb in self._offered()
            if self._screen.shift.keymap.keys(verb)
        ]
        return [bars.footer(keys, line(Span(marked, "bold")), width, setting)]

    def _offered(self) -> list[Verb]:
        """What can be done now, the verbs of the ticket first; where nothing is nothing can be looked for."""
        now, idle = self._screen.situation(), set()
        if not now.rows and not self._screen.question.narrow:
            idle = {"find"} if self._screen.app.reader.newest else {"find", "query", "undo"}
        able = [verb for verb in footer() if not verb.why_disabled(now) and verb.id not in idle]
        return [*able, *(BY_ID[name] for name in ELSEWHERE)]

    def too_small(self, width: int) -> Sequence[Line]:
        size = f"{self._screen.app.size.width}x{self._screen.app.size.height}"
        leave = self._screen.shift.keymap.shown(BY_ID["quit"], ascii=self._screen.app.ink.ascii)
        words = f"too small: {size}, needs {SMALLEST[0]}x{SMALLEST[1]} ({leave} quits)"
        return [EMPTY, line(Span(words[:width], "bold"))]

    def _faulty(self, width: int) -> Sequence[Line]:
        """A query that can't be asked, with a mark under the column where it is wrong."""
        query = clean_line(self._screen.question.query)
        return [
            EMPTY,
            line(Span(f"  {clean_line(self._screen.question.title)}: this query can't be asked", "bold")),
            EMPTY,
            line(f"  {query}"),
            line(Span(" " * (1 + self._screen.fault_column) + "^", "error")),
            *(line(Span(f"  {text}", "error")) for text in wrap(clean_line(self._screen.fault), width - 2)),
        ]

    def empty(self, width: int) -> Sequence[Line]:
        """An empty list says what it would show and which key fills it."""
        from supporttui.console.present import empty

        screen = self._screen
        if screen.fault:
            return self._faulty(width)
        shown, ascii = screen.shift.keymap.shown, screen.app.ink.ascii
        keys = {verb.id: shown(verb, ascii=ascii) or f":{verb.id}" for verb in VERBS}
        height = max(1, screen.queue.list.size.height)
        if not screen.app.reader.newest:
            return empty.desk(screen.shift.setting.desk_name, keys, width, height)
        if screen.question.narrow:
            return empty.narrowed(screen.question.narrow, keys, width, height)
        return empty.view(screen.question.title, screen.question.query, keys, width, height)
