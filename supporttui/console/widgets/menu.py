"""A short list of choices in a dialog, one line each, moved and chosen by keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from supporttui.console.keys import Step, step_of
from supporttui.console.present.spans import Line, Span, fit_line, line, line_width, plain, spread
from supporttui.quickclass import dataclass
from supporttui.terminal.safe import clean_line, width

from .keyed_drawing import thumb_lines
from .keyed_rows import clamp_top, reveal
from .painted import Painted

WIDEST_NAME = 24  # cells of a name in a list that is filtered


@dataclass(frozen=True, slots=True)
class Option:
    """id: what a choice of it answers.  key: a letter that chooses it at once.  why: why it can't be chosen."""

    id: str
    label: str
    key: str = ""
    note: str = ""
    role: str = ""
    why: str = ""


def _under_cursor(spans: Line) -> Line:
    """The row of the cursor in one ground: patches of a severity's or a key's colour tell nothing there."""
    return line(Span(plain(spans), "cursor"))


class Menu(Painted, can_focus=True):
    """Choices below each other, or beside each other when `flat`."""

    DEFAULT_CSS = "Menu { height: auto; max-height: 20; width: 1fr; }"

    class Picked(Message):
        """A choice was made."""

        def __init__(self, menu: Menu, option: Option) -> None:
            super().__init__()
            self.menu, self.option = menu, option

    class Moved(Message):
        """The cursor is on another choice."""

        def __init__(self, menu: Menu, option: Option) -> None:
            super().__init__()
            self.menu, self.option = menu, option

    def __init__(self, *, id: str | None = None, flat: bool = False, letters: bool = True) -> None:
        super().__init__(id=id, classes="flat" if flat else None)
        self.options: Sequence[Option] = ()
        self.index = 0
        self.top = 0
        self.flat = flat
        self.letters = letters
        self.empty = ""  # said where there is nothing to choose from

    @property
    def current(self) -> Option | None:
        return self.options[self.index] if self.options else None

    def offer(self, options: Sequence[Option], *, index: int = 0) -> None:
        """Show these choices with the cursor on one of them."""
        grew = len(options) != len(self.options)
        self.options = options
        self.index = max(0, min(index, len(options) - 1))
        self.top = 0
        if grew and not self.flat:
            self.refresh(layout=True)
        self.paint()

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 1 if self.flat else max(1, len(self.options))

    def move(self, steps: int) -> None:
        if self.options:
            before, self.index = self.index, max(0, min(len(self.options) - 1, self.index + steps))
            self.paint()
            if self.index != before:
                self.post_message(self.Moved(self, self.options[self.index]))

    def pick(self, option: Option | None = None) -> None:
        """Choose; a choice that can't be made does nothing, its reason stands beside it."""
        chosen = option or self.current
        if chosen is not None and not chosen.why:
            self.post_message(self.Picked(self, chosen))

    def paint(self) -> None:
        if self.is_attached and self.content_size.width:
            self.show_lines([self._flat()] if self.flat else self._lines())

    def _lines(self) -> list[Line]:
        height = max(1, self.content_size.height)
        self.top = clamp_top(reveal(self.top, self.index, height), len(self.options), height)
        if not self.options and self.empty:
            return [line(Span(f"  {self.empty}", "muted"))]
        shown = self.options[self.top : self.top + height]
        thumb = thumb_lines(self.top, height, len(self.options))
        cells = self.content_size.width - (thumb is not None)
        draw = self._line if self.letters else self._row
        names = max((width(clean_line(one.label)) for one in self.options), default=0)
        lines = [draw(option, at + self.top == self.index, cells, names) for at, option in enumerate(shown)]
        if thumb is None:
            return lines
        return [
            (*fit_line(one, cells), Span("▐" if at in thumb else " ", "muted"))
            for at, one in enumerate(lines)
        ]

    def _line(self, option: Option, current: bool, cells: int, names: int) -> Line:
        """A choice with its letter; names and what they mean stand in two columns.  names: cells of the longest."""
        label = Span(clean_line(option.label), "muted" if option.why else option.role)
        keyed = any(one.key for one in self.options)
        letter = line(Span(f"{option.key:>2} ", "key"), " ") if keyed else line(" ")
        spans = line("▸" if current else " ", *letter, label)
        note = clean_line(option.why or option.note)
        if any(one.note for one in self.options):
            spans = (*fit_line(spans, (5 if keyed else 2) + names), Span(f"  {note}", "muted"))
        else:
            spans = spread(spans, line(Span(f"{note}  ", "muted")), cells)
        spans = fit_line(spans, cells)
        return _under_cursor(spans) if current and self.has_focus else spans

    def _row(self, option: Option, current: bool, cells: int, names: int) -> Line:
        """A line of a list that is filtered by typing: name, what it does or why it can't be done, its key."""
        label = Span(clean_line(option.label), "muted" if option.why else option.role)
        note = clean_line(option.why or option.note)
        left = fit_line(line("▸" if current else " ", " ", label), 2 + min(WIDEST_NAME, names))
        key = line(Span(f"{clean_line(option.key)} ", "key"))
        spans = spread((*left, Span(f"  {note}", "muted")), key, cells)
        return _under_cursor(spans) if current else spans

    def _flat(self) -> Line:
        spans: list[Span] = []
        for at, option in enumerate(self.options):
            current = at == self.index and self.has_focus
            piece = line(
                Span(
                    f"[ {clean_line(option.label)} ]",
                    "cursor" if current else "bold" if at == self.index else "",
                )
            )
            spans += [*piece, Span("  ")]
        if line_width(spans) > self.content_size.width:
            spans = [Span(text.replace("[ ", "[").replace(" ]", "]"), role) for text, role in spans]
        return fit_line(spans, self.content_size.width)

    def on_key(self, event: events.Key) -> None:
        """A choice's own letter first, then the keys that move in every list."""
        sideways = {"right": 1, "left": -1} if self.flat else {}
        if event.key in ("enter", "space"):
            self.pick()
        elif self.letters and event.character and (found := self._by_letter(event.character)):
            self.index = self.options.index(found)
            self.paint()
            self.pick(found)
        elif event.key in sideways:
            self.move(sideways[event.key])
        elif (step := step_of(self.app, event, letters=not self.flat)) is not None:
            self.travel(step)
        else:
            return
        event.stop()
        event.prevent_default()

    def travel(self, step: Step) -> None:
        """Move as a key says."""
        if step.end:
            self.move(step.end * len(self.options))
        else:
            self.move(step.rows + step.pages * max(1, self.content_size.height - 1))

    def _by_letter(self, character: str) -> Option | None:
        return next((option for option in self.options if option.key == character), None)

    def on_click(self, event: events.Click) -> None:
        if not self.flat and 0 <= event.y < len(self.options):
            self.index = self.top + event.y
            self.paint()
            self.pick()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Not at the event: a handler of ours runs before the one that says who has the focus."""
        super().watch_has_focus(has_focus)
        self.paint()

    def fitted(self) -> None:
        self.paint()
