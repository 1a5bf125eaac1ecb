"""The palette and the commands of one's own: lists to choose from, run like a line that was typed."""

from __future__ import annotations

from supporttui.console.work import Work


async def palette(work: Work) -> None:
    from supporttui.console.dialogs.palette import Palette

    chosen = await work.ask(work.app.dialog(Palette).prepare(work))
    if chosen is not None:
        work.app.call_later(work.app.perform, chosen.verb, chosen.argument)
