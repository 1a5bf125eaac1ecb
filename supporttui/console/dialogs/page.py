"""A page over the whole screen: lines to read, its title above, its own keys below.

A page moves by the same keys as the lists do, remapped ones too.  It is made
once and filled before every showing, like every dialog.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from supporttui.console.keys import key_of
from supporttui.console.present import bars
from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.text_view import TextView
from supporttui.verbs.keymap import key_name
from supporttui.verbs.registry import BY_ID

from .dialog import Dialog

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp

STEPS = {"down": 1, "up": -1}
PAGES = {"page-down": 1, "page-up": -1}
ENDS = {"first": False, "last": True}
MOVING = frozenset({*STEPS, *PAGES, *ENDS, "quit"})


class Page(Dialog[str]):
    """Subclasses say what to read (`lay_out`), which keys are theirs (`hints`) and what those do (`pressed`)."""

    app: ConsoleApp

    DEFAULT_CSS = """
    Page { align: left top; background: $background; }
    Page > Vertical { width: 100%; height: 100%; }
    Page #page-title, Page #page-footer { height: 1; }
    """

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Bar(self._title, id="page-title")
            yield TextView(lambda width, pages: self.lay_out(width), id="page")
            yield Bar(self._footer, id="page-footer")

    # -- for subclasses -------------------------------------------------------------------------

    @property
    def setting(self) -> Setting:
        """How lines are written for this analyst."""
        return self.app.shift.setting

    def lay_out(self, width: int) -> Sequence[Line]:
        """All lines of the page for a width in cells."""
        return ()

    def hints(self) -> Sequence[tuple[str, str]]:
        """The page's own keys with what they do, for its bottom line."""
        return ()

    def pressed(self, key: str) -> bool:
        """Do what one of the page's own keys means; True when it was one."""
        return False

    def run_act(self, act: Coroutine[Any, Any, None]) -> None:
        """Start what one of the page's keys does; keys wait for the dialog that may open, as they do behind any verb."""
        self.app.opening(True)
        self.app.run_worker(self._act(act), group="page")

    async def _act(self, act: Coroutine[Any, Any, None]) -> None:
        with self.app.performer.deed():
            await act

    def hint_of(self, verb: str, words: str) -> Sequence[tuple[str, str]]:
        """The hint of a verb that works here too, under the key that it has now; nothing where it has none."""
        key = self.app.shift.keymap.shown(BY_ID[verb], ascii=self.app.ink.ascii)
        return ((key, words),) if key else ()

    @property
    def typing(self) -> bool:
        """Whether a line of the page's own is being typed, which keys belong to then."""
        return False

    def show_anew(self, *, from_top: bool = False) -> None:
        """What the page tells has changed: lay it out again where the reader is, or from its top."""
        if from_top:
            self.view.top = 0
        self.view.relayout()
        self.query_one("#page-title", Bar).paint()
        self.paint_footer()

    def paint_footer(self) -> None:
        for bar in self.query("#page-footer").results(Bar):
            bar.paint()

    # -- drawing --------------------------------------------------------------------------------

    @property
    def view(self) -> TextView:
        return self.query_one("#page", TextView)

    def _title(self, width: int) -> Sequence[Line]:
        return [bars.pane_rule(self.heading, width, self.setting, focused=True)]

    def _footer(self, width: int) -> Sequence[Line]:
        showing = self.app.shift.showing
        if showing is not None:
            return [bars.notice(showing, width, self.setting)]
        top, ascii = self.app.screen, self.app.ink.ascii
        if isinstance(top, Dialog) and not isinstance(top, Page):  # the page's keys don't work behind it
            own = [(key_name(key, ascii=ascii), words) for key, words in top.KEYS]
            return [bars.footer(own, (), width, self.setting)]
        leave = self.app.shift.keymap.shown(BY_ID["quit"], ascii=ascii)
        back = line(Span(leave or key_name("escape"), "key"), Span(" back ", "muted"))
        own = [(key, words) for key, words in self.hints() if not self.gives_way(key)]
        return [bars.footer(own, back, width, self.setting)]

    def opened(self) -> None:
        self.show_anew(from_top=True)
        self.view.focus()

    # -- keys -----------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Textual calls the `on_key` of Dialog beside this: Esc leaves."""
        if self.typing or event.key in ("escape", "tab", "shift+tab"):
            return
        event.stop()
        event.prevent_default()
        if self.app.shift.hush(key=True):
            self.paint_footer()
        key = key_of(event)
        if self.gives_way(key) or not self.pressed(key):
            self._moved_or_left(key)

    def gives_way(self, key: str) -> bool:
        """Whether somebody put moving or leaving on this key: then it does nothing of the page's own."""
        verb = self.app.shift.keymap.verb(key)
        return verb is not None and verb.id in MOVING and key not in verb.keys

    def _moved_or_left(self, key: str) -> None:
        verb = self.app.shift.keymap.verb(key)
        name = verb.id if verb else ""
        if name == "quit":
            self.left()
        elif name in STEPS:
            self.view.move(STEPS[name])
        elif name in PAGES or key == "space":
            self.view.page_by(PAGES.get(name, 1))
        elif name in ENDS:
            self.view.to_end(last=ENDS[name])
