"""A text of any length: a reply, a note, how it was solved.

What is written is never lost: Esc keeps it as a draft, a refused or stale
write leaves it in the dialog, and the app saves it when the line drops.  What
was said before stands beside it, or above it where there is no room beside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import TextArea

from supporttui.console.present.spans import Line, Span
from supporttui.console.widgets.menu import Menu, Option
from supporttui.console.widgets.text_view import TextView
from supporttui.desk.check import MAX_TEXT
from supporttui.desk.templates import open_marks

from .dialog import Box, Dialog

BESIDE = 120  # cells of the screen from which what was said stands beside the text
STEPS = {"up": -1, "down": 1, "k": -1, "j": 1}
PAGES = {"pageup": -1, "pagedown": 1, "space": 1}
EDITOR = "editor"

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp


@dataclass(frozen=True, slots=True)
class Written:
    """The text and which of the ways of sending it was chosen.

    how: "" when it was left as a draft, EDITOR when it is to be edited elsewhere.
    """

    text: str
    how: str


Send = Callable[[Written], Awaitable[str]]
Insert = Callable[[], Awaitable[str | None]]
LayOut = Callable[[int], Sequence[Line]]


async def _no_template() -> str | None:
    return None


class Write(Dialog[Written]):
    """Answers what was sent, or what was left unsent.

    send: tries to write it; returns what went wrong, "" for success.  While it
    says something the dialog stays, with the text.
    """

    KEYS = (
        ("Tab", "to send"),
        ("Esc", "keeps a draft"),
        ("ctrl+t", "canned"),
        ("ctrl+e", "editor"),
        ("ctrl+o", "read"),
    )
    app: ConsoleApp
    STOPS = "TextArea, Menu"  # what was said before is read by a key of its own

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._said = ""
        self._options: Sequence[Option] = ()
        self._send: Send | None = None
        self._template: Insert = _no_template
        self._before: LayOut = lambda _width: ()
        self._sending = False
        self._asked: tuple[str, ...] = ()
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
        template: Insert = _no_template,
        before: LayOut = lambda _width: (),
        said: str = "",
    ) -> Write:
        """ticket, kind: what the draft is filed under.  template: asks for a text to put in.

        before: lays out what was said before.  said: what is wrong from the start.
        """
        self.heading, self.hint, self._text, self._said = heading, hint, text, said
        self._options, self._send = options, send
        self.ticket, self.kind = ticket, kind
        self._template, self._before = template, before
        return self

    def unsent_draft(self) -> tuple[int, str, str, dict[str, str]] | None:
        """What has been written and not sent, None when the dialog is not open."""
        text = self.query_one(TextArea).text if self._open and self.is_mounted else ""
        return (self.ticket, self.kind, text, {}) if text.strip() else None

    def compose(self) -> ComposeResult:
        with Box(classes="write"):
            yield self.title_bar()
            with Container(id="both"):
                yield TextView(lambda width, _pages: self._before(width), id="before")
                area = TextArea(
                    id="text", soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True
                )
                area.cursor_blink = False
                yield area
            yield self.error_bar()
            yield Menu(id="menu", flat=True, letters=False)

    def opened(self) -> None:
        self._asked = ()
        area = self.query_one(TextArea)
        area.load_text(self._text)
        area.move_cursor(area.document.end)
        self._arrange()
        self.remove_class("reading")
        self.show_before()
        area.focus()
        self.query_one(Menu).offer((*self._options, Option("", "Leave")))
        if self._said:
            self.complain(self._said)

    def show_before(self) -> None:
        """What was said before is told anew, from its top."""
        if self._open:
            view = self.query_one(TextView)
            view.top = 0
            view.relayout()

    def _title_lines(self, width: int) -> Sequence[Line]:
        """Who will read the text stands out."""
        head, hint = super()._title_lines(width)
        role = "internal" if self.kind == "note" else "public"
        return [head, tuple(Span(text, role if own == "muted" else own) for text, own in hint)]

    def _arrange(self) -> None:
        self.set_class(self.app.size.width >= BESIDE, "beside")
        self.set_class(self.app.size.height < 22, "low")

    def on_resize(self, event: events.Resize) -> None:
        if self._open:
            self._arrange()

    # -- keys -----------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        keys: dict[str, Callable[[], object]] = {
            "ctrl+e": self._to_editor,
            "ctrl+t": self._insert_template,
            "ctrl+o": self._read_before,
            "ctrl+d": self.query_one(Menu).focus,
        }
        if event.key in keys:
            event.stop()
            event.prevent_default()
            keys[event.key]()
        elif isinstance(self.focused, TextView) and self._move(event.key):
            event.stop()

    def _move(self, key: str) -> bool:
        view = self.query_one(TextView)
        if key in STEPS:
            view.move(STEPS[key])
        elif key in PAGES:
            view.page_by(PAGES[key])
        return key in STEPS or key in PAGES

    def _to_editor(self) -> None:
        if not self._sending:
            self.answer(Written(self.query_one(TextArea).text, EDITOR))

    def _read_before(self) -> None:
        """What was said before, to read in full; again: back to the text."""
        reading = not isinstance(self.focused, TextView)
        self.set_class(reading, "reading")
        (self.query_one(TextView) if reading else self.query_one(TextArea)).focus()

    def _insert_template(self) -> None:
        self.app.opening(True)  # keys behind this one are for the list of templates
        self.run_worker(self._choose_template(), exclusive=True, group="template")

    async def _choose_template(self) -> None:
        try:
            text = await self._template()
        finally:
            self.app.opening(False)
        if text and self._open:
            area = self.query_one(TextArea)
            area.replace(text, *area.selection)
            area.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        if text == self._text:  # what it was opened with; what is wrong from the start stays
            return
        self._asked = ()
        if len(text) > MAX_TEXT:
            over = len(text) - MAX_TEXT
            self.complain(f"{over} characters too many: {MAX_TEXT:,} fit, attach the rest as a file")
        elif self.error:
            self.complain("")

    # -- sending --------------------------------------------------------------------------------

    async def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        if not event.option.id:
            self.leave()
            return
        if self._sending or self._send is None or self._asks_first(event.option.label):
            return
        self._sending = True
        written = Written(self.query_one(TextArea).text, event.option.id)
        self.run_worker(self._try(written), exit_on_error=True)

    def _asks_first(self, label: str) -> bool:
        """Marks of facts that aren't known are told once before they are sent."""
        marks = open_marks(self.query_one(TextArea).text)
        if not marks or marks == self._asked:
            return False
        self._asked = marks
        self.complain(f"still in the text: {', '.join(marks)}.  {label} again sends it so")
        return True

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

    def leave(self) -> None:
        self.answer(Written(self.query_one(TextArea).text, ""))

    def left(self) -> None:
        if self.focused is not self.query_one(TextArea) and not self._sending:
            current = self.query_one(Menu).current
            if isinstance(self.focused, TextView):
                self._read_before()
                return
            if current is not None and current.id:
                self.query_one(TextArea).focus()
                return
        self.leave()
