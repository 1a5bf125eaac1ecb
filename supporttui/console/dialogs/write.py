"""A text of any length: a reply, a note, how it was solved.

What is written is never lost: Esc keeps it as a draft, a refused or stale
write leaves it in the dialog, and the app saves it when the line drops.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import TextArea

from supporttui.console.widgets.menu import Menu, Option
from supporttui.quickclass import dataclass

from .dialog import Box, Dialog


@dataclass(frozen=True, slots=True)
class Written:
    """The text and which of the ways of sending it was chosen ("" when it was left as a draft)."""

    text: str
    how: str


Send = Callable[[Written], Awaitable[str]]


class Write(Dialog[Written]):
    """Answers what was sent, or what was left unsent.

    send: tries to write it; returns what went wrong, "" for success.  While it
    says something the dialog stays, with the text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._options: Sequence[Option] = ()
        self._send: Send | None = None
        self._sending = False
        self.ticket = 0
        self.kind = ""

    def prepare(
        self,
        heading: str,
        *,
        hint: str,
        text: str,
        options: Sequence[Option],
        send: Send,
        ticket: int,
        kind: str,
    ) -> Write:
        """ticket, kind: what the draft is filed under."""
        self.heading, self.hint, self._text = heading, hint, text
        self._options, self._send = options, send
        self.ticket, self.kind = ticket, kind
        return self

    def unsent_draft(self) -> tuple[int, str, str, dict[str, str]] | None:
        """What has been written and not sent, None when the dialog is not open."""
        text = self.query_one(TextArea).text if self._open and self.is_mounted else ""
        return (self.ticket, self.kind, text, {}) if text.strip() else None

    def compose(self) -> ComposeResult:
        with Box(classes="large"):
            yield self.title_bar()
            area = TextArea(
                id="text", soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True
            )
            area.cursor_blink = False
            yield area
            yield self.error_bar()
            yield Menu(id="menu", flat=True, letters=False)

    def opened(self) -> None:
        area = self.query_one(TextArea)
        area.load_text(self._text)
        area.move_cursor(area.document.end)
        area.focus()
        leave = Option("", "Leave")
        self.query_one(Menu).offer((*self._options, leave))

    async def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        if not event.option.id:
            self.left()
            return
        if self._sending or self._send is None:
            return
        self._sending = True
        written = Written(self.query_one(TextArea).text, event.option.id)
        self.run_worker(self._try(written), exit_on_error=True)

    async def _try(self, written: Written) -> None:
        assert self._send is not None
        try:
            wrong = await self._send(written)
        finally:
            self._sending = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer(written)

    def left(self) -> None:
        if isinstance(self.focused, Menu) and not self._sending:
            current = self.query_one(Menu).current
            if current is not None and current.id:
                self.query_one(TextArea).focus()
                return
        self.answer(Written(self.query_one(TextArea).text, ""))
