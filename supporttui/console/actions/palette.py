"""The palette: one list of all that can be run or gone to, run like a line that was typed."""

from __future__ import annotations

from supporttui.console.work import Work
from supporttui.verbs.palette import Palette as Rows
from supporttui.verbs.registry import Verb

from . import line


async def palette(work: Work) -> None:
    from supporttui.console.dialogs.palette import Palette

    app = work.app
    keymap, situation, ascii = app.shift.keymap, work.screen.situation(), app.ink.ascii

    def keys(verb: Verb) -> str:
        return " ".join(keymap.written(verb, ascii=ascii))

    rows = Rows(
        [verb for verb in keymap.verbs if verb.id != "palette"],
        line.known(work),
        keys,
        lambda verb: verb.why_disabled(situation),
    )
    chosen = await work.ask(app.dialog(Palette).prepare(rows))
    if chosen is not None:
        app.call_later(app.perform, chosen.verb, chosen.argument)
