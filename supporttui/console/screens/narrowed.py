"""A page with a cursor that `/` narrows to the lines with some words, each below what it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from textual.app import ComposeResult

from supporttui.console.present import bars
from supporttui.console.present.outline import FOLD, Row
from supporttui.console.present.spans import Line, Span, line, plain
from supporttui.console.widgets.prompt_bar import PromptBar
from supporttui.terminal.safe import clean_line

from .outline import Outline

ALOOF = frozenset({"history"})  # sections that words look into only where they are unfolded


class NarrowedPage(Outline):
    """Subclasses give every row (`all_rows`) and call `ask_words` where their key says so."""

    DEFAULT_CSS = """
    NarrowedPage PromptBar { dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def all_rows(self, width: int, folded: Collection[str]) -> Sequence[Row]:
        """Every row for a width in cells."""
        return ()

    # -- drawing --------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield PromptBar(id="narrow")

    @property
    def prompt(self) -> PromptBar:
        return self.query_one(PromptBar)

    @property
    def typing(self) -> bool:
        return self.prompt.asking

    def opened(self) -> None:
        self.prompt.close()
        super().opened()

    def rows(self, width: int) -> Sequence[Row]:
        if not self.words:
            return self.all_rows(width, self.folded)
        return _narrowed(self.all_rows(width, self.folded & ALOOF), self.words) or [
            Row(line(Span(f"   no line holds “{clean_line(self.words)}”", "muted")))
        ]

    def _title(self, width: int) -> Sequence[Line]:
        """What the page is narrowed to stands beside what it is about."""
        words = f"  /{clean_line(self.words)}; Esc shows all" if self.words else ""
        return [bars.pane_rule(f"{self.heading}{words}", width, self.setting, focused=True)]

    # -- words ----------------------------------------------------------------------------------

    def ask_words(self) -> None:
        """Have the words typed; the page follows every letter."""
        self.prompt.ask(
            "narrow", "/", value=self.words, hint="words of a line; Enter keeps them, Esc shows all"
        )

    def left(self) -> None:
        """Esc takes the words away first."""
        if self.words:
            self.words = ""
            self.show_anew()
        else:
            super().left()

    def on_prompt_bar_typed(self, event: PromptBar.Typed) -> None:
        event.stop()
        self.words = event.text.strip()
        self.show_anew()

    def on_prompt_bar_entered(self, event: PromptBar.Entered) -> None:
        event.stop()
        self.words = event.text.strip()
        if self.words:
            self.cursor = _first_hit(self.rows(self.view.content_size.width))
        self._typed()

    def on_prompt_bar_left(self, event: PromptBar.Left) -> None:
        event.stop()
        self.words = ""
        self._typed()

    def _typed(self) -> None:
        self.prompt.close()
        self.view.focus()
        self.show_anew()


def _narrowed(rows: Sequence[Row], words: str) -> list[Row]:
    """Rows that one can stand on and that hold every word, below what they belong to."""
    wanted = words.casefold().split()
    out: list[Row] = []
    above: dict[int, Row] = {}  # heading and host of what follows, while they are not shown themselves
    for row in rows:
        heading = isinstance(row.key, tuple) and row.key[0] == FOLD
        host = row.record[0] == "host"
        if heading:
            above = {}
        hit = row.key is not None and all(word in plain(row.line).casefold() for word in wanted)
        if hit and (row.record[0] or not heading):
            kept = (0, 1) if row.record[0] == "installation" else (0,)
            out += [above.pop(level) for level in kept if level in above]
            out.append(row)
        elif heading or host:
            above[0 if heading else 1] = row
            continue
        if host:
            above.pop(1, None)
    return out


def _first_hit(rows: Sequence[Row]) -> Hashable:
    """Where the cursor goes when the page was narrowed: the first row that is no heading."""
    keys = [row.key for row in rows if row.key is not None]
    return next((key for key in keys if not (isinstance(key, tuple) and key[0] == FOLD)), None)
