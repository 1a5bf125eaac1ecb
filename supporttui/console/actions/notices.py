"""The page of notices and what can be done from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.console.dialogs.choose import Choose
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.watch import told

from .screens import go_on

if TYPE_CHECKING:
    from supporttui.console.screens.notices import NoticesScreen


async def notices(work: Work) -> None:
    """What waits to be told, what was lost, what went out; Enter there goes on to the ticket."""
    from supporttui.console.screens.notices import NoticesScreen

    found = await work.read(told.read)
    if found is not None:
        answer = await work.ask(work.app.dialog(NoticesScreen).prepare(found))
        await go_on(work, answer)


async def try_again(work: Work, screen: NoticesScreen) -> None:
    """A notice that was lost is tried again at once."""
    if (here := screen.notice) is None or here[0] != "dead":
        work.app.say("put the cursor on a notice that was lost: those are tried again", "warning")
        return
    done = await work.do("the notice", lambda desk: told.retry(desk, here[1]))
    if done is not None:
        word = "is tried again" if done else "is not among the lost ones any more"
        work.app.say(f"notice {here[1]} {word}", "good" if done else "warning")
        await screen.read()


async def give_up(work: Work, screen: NoticesScreen) -> None:
    """A notice that waits or was lost is given up, after a question."""
    if (here := screen.notice) is None or here[0] == "sent":
        work.app.say("put the cursor on a notice that waits or was lost", "warning")
        return
    options = (
        Option("no", "No, keep it", key="n"),
        Option("yes", "Yes, nobody need be told", key="y", role="overdue"),
    )
    dialog = work.app.dialog(Choose).prepare(f"Give notice {here[1]} up?", options, hint="this is on record")
    if await work.ask(dialog) != "yes":
        return
    done = await work.do("the notice", lambda desk: told.give_up(desk, here[1]))
    if done is not None:
        word = "was given up" if done else "had been told meanwhile"
        work.app.say(f"notice {here[1]} {word}", "good" if done else "warning")
        await screen.read()
