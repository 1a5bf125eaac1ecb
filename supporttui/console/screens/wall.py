"""The wall: what burns, on a screen that nobody touches.  It is read-only, lives by the keeper's beat and never sleeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from supporttui.console.dialogs.dialog import Dialog
from supporttui.console.keys import key_of
from supporttui.console.present import bars, wall
from supporttui.console.present.spans import EMPTY, Line, Span, line
from supporttui.console.widgets.bar import Bar
from supporttui.desk import wall as burning
from supporttui.desk.wall import Wall
from supporttui.verbs.registry import BY_ID

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.verbs.registry import Verb

READ_EVERY = 30  # seconds after which it reads anew though nothing is known to have changed
SLOW_REPAINT = 10
TOLD = 30  # seconds that a notice stays
TURNS = {"down": 1, "page-down": 1, "up": -1, "page-up": -1, "next-view": 1, "previous-view": -1}


class WallScreen(Dialog[str]):
    """Shows a reading of the wall; pages turn by themselves."""

    app: ConsoleApp

    DEFAULT_CSS = """
    WallScreen { align: left top; background: $background; }
    WallScreen #wall { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.wall: Wall | None = None
        self._seen = -1
        self._read_at: datetime | None = None
        self._painted_at: datetime | None = None
        self._turned_at: datetime | None = None
        self._page = 0

    def prepare(self, found: Wall, readings: int, now: datetime) -> WallScreen:
        """readings: how many the console had served when this one was taken."""
        self.wall, self._seen, self._read_at = found, readings, now
        self._page, self._turned_at = 0, now
        return self

    def compose(self) -> ComposeResult:
        yield Bar(self._draw, id="wall")
        yield Bar(self._footer, id="wall-footer")

    def opened(self) -> None:
        self._painted_at = self.app.shift.now()

    # -- the beat -------------------------------------------------------------------------------

    async def beat(self) -> None:
        """At each beat of the keeper: read when something changed, turn the page, let the seconds pass.

        What can't be read is no reason to stand still: the header says how old the data is.
        """
        now = self.app.shift.now()
        try:
            await self._read(now)
        finally:
            if _since(self._turned_at, now) >= wall.TURN:
                self._page, self._turned_at = self._page + 1, now
            if _since(self._painted_at, now) >= (SLOW_REPAINT if self.app.shift.slow else 0):
                self._painted_at = now
                self.paint()

    async def _read(self, now: datetime) -> None:
        readings = self.app.reader.served
        if readings != self._seen or _since(self._read_at, now) >= READ_EVERY:
            found = await self.app.link.run(burning.read)
            self.wall, self._seen, self._read_at = found, readings, now

    def paint_footer(self) -> None:
        self.paint()

    def paint(self) -> None:
        for bar in self.query(Bar):
            bar.paint()

    def _draw(self, width: int) -> Sequence[Line]:
        if self.wall is None:
            return [EMPTY]
        shift, height = self.app.shift, max(1, self.size.height - 1)
        return wall.lines(self.wall, self._page, width, height, shift.setting, shift.desk, shift.now())

    def _footer(self, width: int) -> Sequence[Line]:
        shift = self.app.shift
        # Nobody presses a key here, so that not even an error stays for ever.
        if (showing := shift.showing) is not None:
            age = (shift.now() - showing.at).total_seconds() if showing.at else 0
            if age < TOLD:
                return [bars.notice(showing, width, shift.setting)]
        return [bars.footer(self._keys(), line(Span("read-only ", "muted")), width, shift.setting)]

    def _keys(self) -> list[tuple[str, str]]:
        keymap, ascii = self.app.shift.keymap, self.app.ink.ascii
        shown = [("quit", "leaves the wall"), ("page-down", "next page")]
        return [(key, words) for verb, words in shown if (key := keymap.shown(BY_ID[verb], ascii=ascii))]

    # -- keys -----------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Textual calls the `on_key` of Dialog beside this: Esc leaves."""
        if event.key in ("escape", "tab", "shift+tab"):
            return
        event.stop()
        event.prevent_default()
        self.app.shift.hush(key=True)
        verb = self.app.shift.keymap.verb(key_of(event))
        if verb is not None and verb.id == "quit":
            self.left()
        elif verb is not None and verb.id in TURNS:
            self._page, self._turned_at = self._page + TURNS[verb.id], self.app.shift.now()
        else:
            self._refuse(verb)
        self.paint()

    def _refuse(self, verb: Verb | None) -> None:
        """Nothing is done here by mistake: whoever leans on the keyboard learns how to leave."""
        if verb is not None:
            leave = self.app.shift.keymap.shown(BY_ID["quit"], ascii=self.app.ink.ascii) or "Esc"
            self.app.say(f"the wall is read-only; {leave} leaves", "warning")


def _since(then: datetime | None, now: datetime) -> float:
    """Seconds between two looks, whichever way the clock was set; for ever when there was none."""
    return float("inf") if then is None else abs((now - then).total_seconds())
