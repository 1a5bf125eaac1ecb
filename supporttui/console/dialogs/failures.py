"""What could not be done to many tickets, and why: number, subject, reason."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.bulk import Failure
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.terminal.safe import clean_line
from supporttui.verbs.registry import BY_ID

from .page import Page


class Failures(Page):
    """A page to read; the tickets on it stay marked."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self._failures: Sequence[Failure] = ()

    def prepare(self, words: str, failures: Sequence[Failure]) -> Failures:
        """words: how it went as a whole."""
        self.heading = f"Not done: {len(failures)}"
        self._words, self._failures = words, failures
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        digits = max((len(str(one.number)) for one in self._failures), default=1)
        lines = [line(Span(f" {text}")) for text in wrap(clean_line(self._words), width - 2)]
        lines.append(())
        for one in self._failures:
            lines.append(line(" ", Span(f"{one.number:>{digits}}", "bold"), "  ", clean_line(one.subject)))
            lines += [
                line(" " * (digits + 3), Span(text, "error"))
                for text in wrap(clean_line(one.why), width - digits - 4)
            ]
        return lines

    def hints(self) -> Sequence[tuple[str, str]]:
        messages = self.app.shift.keymap.shown(BY_ID["messages"], ascii=self.app.ink.ascii)
        return [(messages or ":messages", "has this later")]
