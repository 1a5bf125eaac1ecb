"""What is about to be written, to read once more before it is: a text from an editor, or fields that differ.

The safe answer has the focus, so that a key too many sends nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual import events
from textual.app import ComposeResult

from supporttui.console.present.spans import Line, Span
from supporttui.console.widgets.menu import Menu, Option
from supporttui.console.widgets.text_view import TextView
from supporttui.desk.templates import open_marks

from .dialog import Box, Dialog

ROLES = {"reply": "public", "resolve": "public", "note": "internal"}
AGAIN, KEEP = "again", "keep"
STEPS = {"up": -1, "down": 1, "k": -1, "j": 1}
PAGES = {"pageup": -1, "pagedown": 1}

Send = Callable[[str], Awaitable[str]]
LayOut = Callable[[int], Sequence[Line]]


class Review(Dialog[str]):
    """Answers the option that succeeded, AGAIN or KEEP.

    send: tries what an option says; returns what went wrong, "" for success.
    """

    KEYS = (("Tab", "next"), ("e", "edits again"), ("Esc", "keeps a draft"), ("PgDn", "reads on"))

    def __init__(self) -> None:
        super().__init__()
        self._lay_out: LayOut = lambda _width: ()
        self._options: Sequence[Option] = ()
        self._send: Send | None = None
        self._sending = False
        self._draft: tuple[int, str, str, dict[str, str]] | None = None
        self._asked = False

    def prepare(
        self,
        heading: str,
        *,
        hint: str,
        lay_out: LayOut,
        options: Sequence[Option],
        send: Send,
        draft: tuple[int, str, str, dict[str, str]],
    ) -> Review:
        """options: ways of writing it.  draft: what is kept should the console end now."""
        self.heading, self.hint = heading, hint
        self._lay_out, self._send, self._draft = lay_out, send, draft
        self._options = (Option(AGAIN, "Edit"), *options, Option(KEEP, "Keep"))
        return self

    def unsent_draft(self) -> tuple[int, str, str, dict[str, str]] | None:
        return self._draft if self._open else None

    def _title_lines(self, width: int) -> Sequence[Line]:
        """Who will read the text stands out."""
        head, hint = super()._title_lines(width)
        role = ROLES.get(self._draft[1] if self._draft else "", "muted")
        return [head, tuple(Span(text, role if own == "muted" else own) for text, own in hint)]

    def compose(self) -> ComposeResult:
        with Box(classes="write"):
            yield self.title_bar()
            yield TextView(lambda width, _pages: self._lay_out(width), id="reviewed")
            yield self.error_bar()
            yield Menu(id="menu", flat=True, letters=False)

    def opened(self) -> None:
        self._asked = False
        view = self.query_one(TextView)
        view.top = 0
        view.relayout()
        menu = self.query_one(Menu)
        menu.offer(self._options)
        menu.focus()

    def on_key(self, event: events.Key) -> None:
        view = self.query_one(TextView)
        if event.key in STEPS:
            view.move(STEPS[event.key])
        elif event.key in PAGES:
            view.page_by(PAGES[event.key])
        elif event.key in ("e", "ctrl+e") and not self._sending:
            self.answer(AGAIN)
        elif event.key == "tab":
            self.query_one(Menu).move(1)
        elif event.key == "shift+tab":
            self.query_one(Menu).move(-1)
        else:
            return
        event.stop()
        event.prevent_default()

    async def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        how = event.option.id
        if how in (AGAIN, KEEP):
            self.answer(how)
        elif not self._sending and self._send is not None and not self._asks_first(event.option.label):
            self._sending = True
            self.run_worker(self._try(how, self._send))

    def _asks_first(self, label: str) -> bool:
        marks = open_marks(self._draft[2]) if self._draft else ()
        if not marks or self._asked:
            return False
        self._asked = True
        self.complain(f"still in the text: {', '.join(marks)}.  {label} again sends it so")
        return True

    async def _try(self, how: str, send: Send) -> None:
        try:
            wrong = await send(how)
        finally:
            self._sending = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer(how)

    def left(self) -> None:
        if not self._sending:
            self.answer(KEEP)
