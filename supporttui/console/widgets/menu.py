"""A short list of choices in a dialog, one line each, moved and chosen by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from supporttui.console.present.spans import Line, Span, fit_line, line, line_width, marked, spread
from supporttui.terminal.safe import clean_line, width

from .keyed_drawing import thumb_lines
from .keyed_rows import clamp_top, reveal
from .painted import Painted


@dataclass(frozen=True, slots=True)
class Option:
    """id: what a choice of it answers.  key: a letter that chooses it at once.  why: why it can't be chosen."""

    id: str
    label: str
    key: str = ""
    note: str = ""
    role: str = ""
    why: str = ""


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
        shown = self.options[self.top : self.top + height]
        lines = [self._line(option, at + self.top == self.index) for at, option in enumerate(shown)]
        thumb = thumb_lines(self.top, height, len(self.options))
        if thumb is None:
            return lines
        cells = self.content_size.width
        return [
            (*fit_line(one, cells - 1), Span("▐" if at in thumb else " ", "muted"))
            for at, one in enumerate(lines)
        ]

    def _line(self, option: Option, current: bool) -> Line:
        key = f"{option.key:>2} " if self.letters else ""
        label = Span(clean_line(option.label), "muted" if option.why else option.role)
        left = line("▸" if current else " ", Span(key, "key"), " ", label)
        note = clean_line(option.why or option.note)
        if self.letters and any(one.note for one in self.options):
            # Names and what they mean in two columns; the names are never cut for the sake of the others.
            names = max(width(clean_line(one.label)) for one in self.options)
            named = (*fit_line(left, len(key) + 2 + names), Span(f"  {note}", "muted"))
            spans = fit_line(named, self.content_size.width)
            return marked(spans, "cursor") if current and self.has_focus else spans
        if not self.letters:
            left = (*fit_line(left, 18), Span(f" {note}", "muted"))
            note = option.key
        spans = spread(
            left, line(Span(f"{note}  ", "key" if not self.letters else "muted")), self.content_size.width
        )
        return marked(spans, "cursor") if current and self.has_focus else spans

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
        steps = {"down": 1, "up": -1} if not self.flat else {"right": 1, "left": -1, "down": 1, "up": -1}
        if not self.flat and self.letters:
            steps |= {"j": 1, "k": -1}
        if event.key in steps:
            self.move(steps[event.key])
        elif event.key in ("enter", "space"):
            self.pick()
        elif self.letters and event.character and (found := self._by_letter(event.character)):
            self.index = self.options.index(found)
            self.paint()
            self.pick(found)
        else:
            return
        event.stop()
        event.prevent_default()

    def _by_letter(self, character: str) -> Option | None:
        return next((option for option in self.options if option.key == character), None)

    def on_click(self, event: events.Click) -> None:
        if not self.flat and 0 <= event.y < len(self.options):
            self.index = self.top + event.y
            self.paint()
            self.pick()

    def on_focus(self) -> None:
        self.paint()

    def on_blur(self) -> None:
        self.paint()

    def fitted(self) -> None:
        self.paint()
