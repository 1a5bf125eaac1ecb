"""The handover as a page: read it, go to a ticket, accept the watch, write it down as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from supporttui.console.present import handover as present
from supporttui.console.present import handover_markdown
from supporttui.console.present.outline import Row
from supporttui.desk import handover
from supporttui.desk.handover import Handover

from .outline import Outline
from .pace import Pace

AHEAD = (timedelta(hours=8), timedelta(hours=24))
KEYS = ("A", "u", "h", "W", "y")


class HandoverScreen(Outline):
    """Shows a report; what its keys do beyond looking is in `actions.screens`."""

    def __init__(self) -> None:
        super().__init__()
        self.report: Handover | None = None
        self.ahead = AHEAD[0]
        self._served = -1
        self._painted: datetime | None = None
        self._pace = Pace()

    def prepare(self, found: Handover, served: int, ahead: timedelta) -> HandoverScreen:
        """served: how many readings the console had served when this report was made."""
        self.report, self._served, self.ahead = found, served, ahead
        self.heading = f"Handover: what the next shift must know, {_hours(ahead)} ahead"
        return self

    def rows(self, width: int) -> Sequence[Row]:
        if self.report is None:
            return ()
        return present.rows(self.report, self.folded, width, self.setting, self.app.shift.now())

    def hints(self) -> Sequence[tuple[str, str]]:
        other = AHEAD[1] if self.ahead == AHEAD[0] else AHEAD[0]
        watch = self.report.watch if self.report else None
        mine = watch is not None and watch.actor == self.setting.actor
        return (
            ("Enter", "opens, folds"),
            ("A", "accept the watch"),
            *((("u", "take that back"),) if mine else ()),
            ("h", f"{_hours(other)} ahead"),
            *(() if self.app.shift.restricted else (("W", "Markdown"),)),
            ("y", "copy"),
        )

    def own_key(self, key: str) -> bool:
        if key not in KEYS:
            return False
        from supporttui.console.actions import screens

        work = self.app.work
        acts = {
            "A": screens.accept_watch,
            "u": screens.take_watch_back,
            "h": screens.look_further,
            "W": screens.write_handover,
            "y": screens.copy_handover,
        }
        self.run_act(acts[key](work, self))
        return True

    def markdown(self) -> str:
        """The page that is shown, for a file or the clipboard."""
        if self.report is None:
            return ""
        return handover_markdown.text(self.report, self.setting.zone, desk_name=self.setting.desk_name)

    async def read(self) -> None:
        """Make the report anew and show it where the reader is; it goes on to be about the same shift."""
        served, ahead = self.app.reader.served, self.ahead
        since = self.report.since if self.report else None
        with self._pace.reading(self.app.shift.now()):
            found = await self.app.link.run(lambda desk: handover.report(desk, since=since, ahead=ahead))
        self.prepare(found, served, ahead)
        self.show_anew()

    async def beat(self) -> None:
        now = self.app.shift.now()
        if self.app.reader.served != self._served and not self._pace.rests(now):
            await self.read()
        wait = 10 if self.app.shift.slow else 1
        if self._painted is None or abs((now - self._painted).total_seconds()) >= wait:
            self._painted = now
            self.view.relayout()
            self.paint_footer()


def _hours(length: timedelta) -> str:
    return f"{int(length.total_seconds()) // 3600} h"
