"""A line of text that knows what may be meant: ghost text that Tab takes, and a list below on Down.

What is known is asked for when the typing rests, never on the path of a key;
an answer that comes when the text has gone on is dropped.  What comes from the
store is offered only where it is harmless as it stands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from supporttui.terminal.safe import clean_line

from .drop_list import Candidate, DropList

REST = 0.12  # seconds without a key after which candidates are asked for

Source = Callable[[str], Awaitable[Sequence[Candidate]]]


class CompletingInput(Input):
    """source: from what is typed to what may be meant; None for a field without candidates.
    entered: what Enter does, at once, so that the next key finds the focus where it went; None: the field is submitted.

    words: the text is several words, and the last of them is completed.  listing: candidates that don't begin with
    what is typed (found by a telephone number, say) are listed by themselves.
    """

    class Settled(Message):
        """The field was left, or a candidate taken: its text is meant."""

        def __init__(self, field: CompletingInput) -> None:
            super().__init__()
            self.field = field

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id, compact=True, select_on_focus=False
        )  # a letter must not replace what is there
        self.cursor_blink = False
        self.source: Source | None = None
        self.entered: Callable[[str], None] | None = None
        self.words = False
        self.listing = False
        self.asking = False
        self._candidates: Sequence[Candidate] = ()
        self._timer: Timer | None = None
        self._quiet = False

    # -- what the form does ---------------------------------------------------------------------

    def fill(self, text: str) -> None:
        """Put a text in that nobody typed: nothing is asked for it."""
        self._quiet = text != self.value
        self.value = text
        self.cursor_position = len(text)

    @property
    def dropped(self) -> DropList | None:
        """The list, when it hangs below this field."""
        found = self.screen.query(DropList)
        drop = found.first() if found else None
        return drop if drop is not None and drop.field is self else None

    # -- asking ---------------------------------------------------------------------------------

    def watch_value(self, value: str) -> None:
        """Beside Textual's own watcher: ask when the typing rests."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        quiet, self._quiet = self._quiet, False
        if quiet or self.source is None or not self.has_focus:
            return
        self.asking = True
        self._timer = self.set_timer(REST, self._ask)

    def _ask(self, *, drop: bool = False) -> None:
        if self.source is not None:
            self.asking = True
            self.run_worker(self._answer(self.source, drop), group="complete", exclusive=True)

    async def _answer(self, source: Source, drop: bool) -> None:
        value = self.value
        try:
            found = await source(self._typed(value))
        finally:
            self.asking = False
        if value != self.value or not self.has_focus:
            return
        self._candidates = [one for one in found if one.text and one.text == clean_line(one.text)]
        self._suggestion = self._ghost(value)
        if drop and not self._candidates:
            self.screen.focus_next()
        elif drop or self.dropped is not None or self._lists_itself(value):
            self._drop()

    def _lists_itself(self, value: str) -> bool:
        """Whether what was found would go unnoticed: no ghost text can show it."""
        found = [one.text.casefold() for one in self._candidates]
        return self.listing and bool(found) and not self._suggestion and value.strip().casefold() not in found

    def _typed(self, value: str) -> str:
        """The part of the text that candidates are for."""
        return value.rpartition(" ")[2].removeprefix("-") if self.words else value

    def _whole(self, value: str, candidate: str) -> str:
        """The field's text with a candidate taken."""
        if not self.words:
            return candidate
        head, blank, last = value.rpartition(" ")
        return f"{head}{blank}{'-' if last.startswith('-') else ''}{candidate}"

    def _ghost(self, value: str) -> str:
        typed = self._typed(value)
        if not typed.strip() or not self.cursor_at_end:
            return ""
        for one in self._candidates:
            longer = len(one.text) > len(typed) and one.text.casefold().startswith(typed.casefold())
            if longer:
                return self._whole(value, one.text)
        return ""

    def _drop(self) -> None:
        found = self.screen.query(DropList)
        if not found:
            return
        if self._candidates:
            found.first().open_for(self, self._candidates)
        else:
            found.first().close()

    def _take(self, text: str) -> None:
        self.fill(text)
        self._suggestion = ""
        if (drop := self.dropped) is not None:
            drop.close()
        self.post_message(self.Settled(self))

    # -- keys -----------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        if self._in_list(event.key) or self._in_line(event.key):
            event.stop()
            event.prevent_default()

    def _in_list(self, key: str) -> bool:
        """A key while the list hangs below; True when it was the list's."""
        drop = self.dropped
        if drop is None:
            return False
        steps = {"down": 1, "up": -1, "pagedown": 5, "pageup": -5}
        if key in steps:
            drop.move(steps[key])
        elif key in ("enter", "tab") and drop.current is not None:
            self._take(self._whole(self.value, drop.current.text))
        elif key == "escape":
            drop.close()
        else:
            return False
        return True

    def _in_line(self, key: str) -> bool:
        if key == "tab" and self._suggestion and self._suggestion != self.value and self.cursor_at_end:
            self._take(self._suggestion)
            return True
        if key == "down" and self.source is not None:
            self._ask(drop=True)
            return True
        if key == "enter" and self.entered is not None:
            self.entered(self.id or "")
            return True
        return False

    def on_blur(self) -> None:
        if (drop := self.dropped) is not None:
            drop.close()
        self._suggestion = ""
        self.post_message(self.Settled(self))
