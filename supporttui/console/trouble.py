"""A store that can't be read must be seen, but neither end the console nor fill the messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supporttui.errors import SupportError

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp

REPEAT = timedelta(minutes=1)


class Trouble:
    """Guards background work of one console."""

    def __init__(self, app: ConsoleApp) -> None:
        self._app = app
        self._said_at: datetime | None = None

    async def guard(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it; what goes wrong is said once a minute and shown in the top line until it is over."""
        try:
            await work()
        except SupportError as error:
            now = self._app.shift.now()
            if self._said_at is None or abs(now - self._said_at) >= REPEAT:
                self._said_at = now
                self._app.say(str(error), "error")
            self._app.shift.sets(trouble="the store can't be read")
            self._app.triage.paint_bars("header")
