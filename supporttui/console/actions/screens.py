"""Screens over the whole terminal: the wall."""

from __future__ import annotations

from supporttui.console.work import Work
from supporttui.desk import wall as burning


async def wall(work: Work) -> None:
    """What burns, until somebody leaves it."""
    from supporttui.console.screens.wall import WallScreen

    served = work.app.reader.served
    found = await work.read(burning.read)
    if found is not None:
        await work.ask(work.app.dialog(WallScreen).prepare(found, served, work.app.shift.now()))
