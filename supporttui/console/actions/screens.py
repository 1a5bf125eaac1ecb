"""Screens over the whole terminal: the wall, the handover and what can be done from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.desk import handover
from supporttui.desk import wall as burning
from supporttui.desk.session import Desk
from supporttui.errors import QueryError
from supporttui.store.records import Watch

from . import find

if TYPE_CHECKING:
    from supporttui.console.screens.handover import HandoverScreen


async def wall(work: Work) -> None:
    """What burns, until somebody leaves it."""
    from supporttui.console.screens.wall import WallScreen

    served = work.app.reader.served
    found = await work.read(burning.read)
    if found is not None:
        await work.ask(work.app.dialog(WallScreen).prepare(found, served, work.app.shift.now()))


async def show_handover(work: Work) -> None:
    """What the next shift must know; Enter there goes on to a ticket."""
    from supporttui.console.screens.handover import HandoverScreen

    screen = work.app.dialog(HandoverScreen)
    served, ahead = work.app.reader.served, screen.ahead
    found = await work.read(lambda desk: handover.report(desk, ahead=ahead))
    if found is not None:
        answer = await work.ask(screen.prepare(found, served, ahead))
        await go_on(work, answer)


async def go_on(work: Work, answer: str | None) -> None:
    """Where the reader of a page went: "go:1042" is a ticket, "query:…" what the queue is to show."""
    kind, _, rest = (answer or "").partition(":")
    if kind == "go":
        if not work.screen.queue.list.go_to(int(rest)):
            find.show_number(work, int(rest))
            return
        work.screen.zoom("detail")
        work.screen.focus_pane("detail")
        work.app.reader.want_detail()
    elif kind == "query":
        try:
            await find.show_query(work, (), rest)
        except QueryError as error:
            work.app.say(str(error), "error")


# -- the watch -------------------------------------------------------------------------------------


async def accept_watch(work: Work, screen: HandoverScreen) -> None:
    """Ask, with room for a word to those who come after, and put it on record."""
    watch = screen.report.watch if screen.report else None
    hint = f"{watch.actor} has it now; " if watch and watch.actor != work.app.shift.setting.actor else ""
    note = await work.ask(
        work.app.dialog(AskLine).prepare(
            f"Accept the watch as {work.app.shift.setting.actor}",
            hint=f"{hint}a note for the record, or nothing",
            check=lambda text: (
                "" if len(text) <= handover.NOTE_LONGEST else f"at most {handover.NOTE_LONGEST} signs"
            ),
        )
    )
    if note is None:
        return
    done = await work.do("the watch", lambda desk: handover.accept(desk, note))
    if done is not None:
        work.app.shift.sets(watch=done)
        work.screen.paint_bars("header")
        await work.app.trouble.guard(screen.read)
        work.app.say(
            f"the watch is yours since {done.at.astimezone(work.app.zone):%H:%M}; u takes that back", "good"
        )


async def take_watch_back(work: Work, screen: HandoverScreen) -> None:
    """Undo one's own acceptance, until somebody else accepts."""

    def act(desk: Desk) -> tuple[Watch | None]:
        return (handover.take_back(desk),)

    done = await work.do("the watch", act)
    if done is not None:
        work.app.shift.sets(watch=done[0])
        work.screen.paint_bars("header")
        await work.app.trouble.guard(screen.read)
        whose = f"{done[0].actor} has it" if done[0] else "nobody has it"
        work.app.say(f"you did not accept the watch: {whose}", "good")


async def look_further(work: Work, screen: HandoverScreen) -> None:
    """8 or 24 hours ahead."""
    from supporttui.console.screens.handover import AHEAD

    screen.ahead = AHEAD[1] if screen.ahead == AHEAD[0] else AHEAD[0]
    await work.app.trouble.guard(screen.read)


# -- on paper --------------------------------------------------------------------------------------


async def write_handover(work: Work, screen: HandoverScreen) -> None:
    """Write the page as Markdown into a file that the analyst names."""
    if work.app.shift.restricted:
        work.app.say("files are out of reach in restricted mode; y copies the page", "warning")
        return
    now = work.app.shift.now().astimezone(work.app.zone)
    name = await work.ask(
        work.app.dialog(AskLine).prepare(
            "Write the handover as Markdown",
            hint="a file",
            value=f"handover-{now:%Y-%m-%d-%H%M}.md",
            check=_check_file,
        )
    )
    if name is None:
        return
    path = Path(name.strip()).expanduser()
    over = path.exists()
    if over and not await _may_write_over(work, path):
        return
    try:
        _write(path, screen.markdown(), over=over)
    except OSError as error:
        work.app.say(f"{path}: {error.strerror}", "error")
    else:
        work.app.say(f"written to {path.absolute()}", "good")


def _check_file(text: str) -> str:
    if not text.strip():
        return "name a file, such as handover.md"
    path = Path(text.strip()).expanduser()
    if path.is_dir():
        return f"{path} is a folder; name a file in it"
    return "" if path.parent.is_dir() else f"there is no folder {path.parent}"


async def _may_write_over(work: Work, path: Path) -> bool:
    options = (
        Option("no", "No, leave it", key="n"),
        Option("yes", "Yes, write over it", key="y", role="overdue"),
    )
    return (
        await work.ask(
            work.app.dialog(Choose).prepare(f"There is a file of that name already: {path}", options)
        )
        == "yes"
    )


def _write(path: Path, text: str, *, over: bool) -> None:
    """Readable by its owner alone: it holds what customers wrote.  over: the analyst agreed to lose what was there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if over else os.O_EXCL), 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


async def copy_handover(work: Work, screen: HandoverScreen) -> None:
    """Send the page to the terminal's clipboard."""
    from . import terminal

    await terminal.send(work, "the handover as Markdown", screen.markdown())
