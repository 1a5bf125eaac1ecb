"""The theme screen: every theme with a preview, put on as the cursor gets to it.

Enter keeps the one that is on, Esc goes back to the one that was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import Line
from supporttui.console.present.theme import preview
from supporttui.console.wardrobe import Wardrobe
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box, Dialog


class ThemeScreen(Dialog[str]):
    """Answers the name of the theme to keep; None when the one before is on again."""

    DEFAULT_CSS = """
    ThemeScreen Box { width: 100; }
    ThemeScreen Horizontal { height: auto; }
    ThemeScreen Menu { width: 22; max-height: 16; }
    ThemeScreen #preview { height: 15; width: 1fr; margin: 0 0 0 1; }
    """

    KEYS = (("Enter", "keeps it"), ("Esc", "puts the one before on again"))

    def __init__(self) -> None:
        super().__init__()
        self._wardrobe: Wardrobe | None = None
        self._before = ""
        self._setting = Setting()
        self._now: datetime | None = None

    def prepare(self, wardrobe: Wardrobe, setting: Setting, now: datetime) -> ThemeScreen:
        self.heading = "Theme"
        self._wardrobe, self._setting, self._now = wardrobe, setting, now
        self._before = wardrobe.wanted
        self._say_title(wardrobe.on.name)
        return self

    def _say_title(self, name: str) -> None:
        assert self._wardrobe is not None
        theme = self._wardrobe.themes.by_name.get(name)
        why = self._wardrobe.why_not(name)
        self.heading = f"Theme: {theme.title if theme else name}"
        self.hint = why or "what is behind wears it too"

    def compose(self) -> ComposeResult:
        with Box():
            yield self.title_bar()
            with Horizontal():
                yield Menu(id="menu")
                yield Bar(self._preview, id="preview")
            yield self.error_bar()

    def _preview(self, width: int) -> Sequence[Line]:
        return preview(width, self._setting, self._now) if self._now else ()

    def opened(self) -> None:
        assert self._wardrobe is not None
        names = list(self._wardrobe.names)
        options = [Option(name, name, role="muted" if self._wardrobe.why_not(name) else "") for name in names]
        on = self._wardrobe.on.name
        menu = self.query_one(Menu)
        menu.offer(options, index=names.index(on) if on in names else 0)
        menu.focus()

    def on_menu_moved(self, event: Menu.Moved) -> None:
        """Put on what the cursor is at, where it can be."""
        assert self._wardrobe is not None
        name = event.option.id
        self._say_title(name)
        with self.app.batch_update():
            if not self._wardrobe.why_not(name):
                self._wardrobe.wear(name)
            self.query_one("#title", Bar).paint()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        assert self._wardrobe is not None
        why = self._wardrobe.why_not(event.option.id)
        if why:
            self.complain(f"{event.option.id}: {why}")
        else:
            self._wardrobe.wear(event.option.id)
            self.answer(event.option.id)

    def left(self) -> None:
        """Esc: the theme from before."""
        assert self._wardrobe is not None
        self._wardrobe.wear(self._before)
        super().left()

    def on_key(self, event: events.Key) -> None:
        if event.key == "q":
            event.stop()
            self.left()
