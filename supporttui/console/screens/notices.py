"""Notices as a page: what waits, what was lost, what went out; try again, or give up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from supporttui.console.present import notices as present
from supporttui.console.present.outline import Row
from supporttui.watch import told
from supporttui.watch.told import Told

from .outline import Outline

EVERY = 5.0  # seconds between two readings while the page is open


class NoticesScreen(Outline):
    """Shows a reading; what its keys do is in `actions.notices`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Told | None = None
        self._read_at: datetime | None = None

    def prepare(self, found: Told) -> NoticesScreen:
        self.found, self._read_at = found, found.at
        self.heading = "Notices: who is told, what waits, what was lost"
        return self

    def rows(self, width: int) -> Sequence[Row]:
        if self.found is None:
            return ()
        return present.rows(self.found, self.folded, width, self.setting, self.app.shift.now())

    def hints(self) -> Sequence[tuple[str, str]]:
        keys = (("t", "try again"), ("x", "give up")) if not self.app.shift.desk.readonly else ()
        return (("Enter", "ticket, or fold"), *keys)

    @property
    def notice(self) -> tuple[str, int] | None:
        """Section and id of the notice under the cursor."""
        key = self.row.key if self.row else None
        if isinstance(key, tuple) and key[0] in ("dead", "waiting", "sent"):
            return str(key[0]), int(key[1])
        return None

    def own_key(self, key: str) -> bool:
        if key not in ("t", "x") or self.app.shift.desk.readonly:
            return False
        from supporttui.console.actions import notices

        act = notices.try_again if key == "t" else notices.give_up
        self.run_act(act(self.app.work, self))
        return True

    async def read(self) -> None:
        """Read anew and show it where the reader is."""
        self.prepare(await self.app.link.run(told.read))
        self.show_anew()

    async def beat(self) -> None:
        now = self.app.shift.now()
        if self._read_at is None or abs((now - self._read_at).total_seconds()) >= EVERY:
            await self.read()
