"""Which views are tabs now: looks whether views.toml or the desk's saved views became different.

Nothing here runs on the path of a key.  The file is looked at (one `stat`) at
every beat and read on the database thread when it changed; the desk's views
are read with the counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.desk import viewfile
from supporttui.desk.viewfile import NamedView

from .actions import move
from .present.bars import Tab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supporttui.console.app import ConsoleApp
    from supporttui.desk.session import Desk


class Viewing:
    """The views of one console.

    path: of views.toml; None where everybody shares one folder (restricted mode).
    """

    def __init__(self, app: ConsoleApp, path: Path | None) -> None:
        self.app = app
        self.path = path
        self._stamp = viewfile.stamp(path)
        self._file: viewfile.ViewFile | None = None
        self._last_good: tuple[viewfile.FileView, ...] = ()
        self._told: tuple[str, ...] = ()
        self.edition = 0  # grows whenever the file is read anew: counts of older views are dropped

    def starts(self, file: viewfile.ViewFile) -> None:
        """The file as another process has read it for the first frame."""
        self._file, self._last_good = file, file.views

    def gather(self, desk: Desk) -> tuple[NamedView, ...]:
        """On the database thread: every view that is shown.

        A file that can't be read at all leaves the views as they were.
        """
        if self._file is None:
            found = viewfile.read(self.path)
            whole = not found.faults or bool(found.views)
            self._last_good = found.views if whole else self._last_good
            self._file = viewfile.ViewFile(found.path, self._last_good, found.faults)
        from supporttui.desk import views

        return views.gather(desk, self._file)

    def changed(self) -> bool:
        """Whether the file became different since the last look; it is read anew by the next `gather`."""
        now = viewfile.stamp(self.path)
        if now == self._stamp:
            return False
        self._stamp, self._file = now, None
        self.edition += 1
        return True

    async def look(self) -> None:
        """At a beat: a file that changed is shown at once, with what is wrong in it."""
        if self.changed():
            await self.reload()

    async def reload(self) -> None:
        """Read the views anew, show them and count them."""
        self._file = None
        self._stamp = viewfile.stamp(self.path)
        self.edition += 1
        self.show(await self.app.link.run(self.gather))
        self.tell()
        self.app.reader.count_soon()

    def show(self, found: Sequence[NamedView]) -> None:
        """The views as they are now: counts that are known stay, and so does the view that is shown."""
        screen = self.app.triage
        if tuple(found) == screen.views:
            return
        known = {tab.name: tab for tab in screen.tabs}
        shown = screen.views[screen.view] if 0 <= screen.view < len(screen.views) else None
        screen.views = tuple(found)
        screen.tabs = [known.get(view.name, Tab(view.name)) for view in found]
        if shown is not None:
            move.follow_view(self.app, shown.name)
        screen.paint_bars("tabs")

    def tell(self) -> None:
        """Say what is wrong with the file, once for each state of it."""
        faults = self._file.faults if self._file else ()
        if faults != self._told:
            self._told = faults
            folder = f"{self.path.parent}/" if self.path else ""
            for line in reversed(faults):  # the first is the one that stays in the footer
                self.app.say(line.removeprefix(folder), "warning")

    def ring(self, before: Sequence[Tab], now: Sequence[Tab]) -> None:
        """A view with a bell that holds more than before is told and rings."""
        known = {tab.name: tab.count for tab in before}
        bells = {view.name for view in self.app.triage.views if getattr(view, "bell", False)}
        for tab in now:
            old = known.get(tab.name)
            if tab.name in bells and old is not None and tab.count is not None and tab.count > old:
                self.app.say(f"{tab.count - old} more in {tab.name}", "warning")
                self.app.bell()
