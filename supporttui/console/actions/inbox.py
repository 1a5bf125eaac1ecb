"""The inbox and what is done from it: read an item, accept, attach, merge, reject it, block its sender.

Every decision is about the item that was under the cursor when its key was pressed, at the
version that was shown: what somebody else decided meanwhile is said and left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Outcome, Work
from supporttui.desk import deciding, inbox, senders
from supporttui.desk import look as looking
from supporttui.desk.deciding import Decided
from supporttui.desk.files import blobs_of
from supporttui.desk.inbox import WAITING, Waiting
from supporttui.desk.inbox_words import choice
from supporttui.desk.session import Desk
from supporttui.errors import NotFound, SupportError
from supporttui.terminal.safe import clean_line

from .screens import go_on

if TYPE_CHECKING:
    from supporttui.console.screens.inbox import InboxScreen

Deciding = Callable[[Desk], Decided]


async def show_inbox(work: Work) -> None:
    """What came in and waits for a decision, what is about the ticket under the cursor first; o goes on to the ticket."""
    from supporttui.console.screens.inbox import InboxScreen

    served = work.app.reader.served
    found = await work.read(inbox.board)
    if found is not None:
        about = work.screen.number or 0
        answer = await work.ask(work.app.dialog(InboxScreen).prepare(found, served, about))
        await go_on(work, answer)


async def look(work: Work, screen: InboxScreen) -> None:
    """All of the item under the cursor, from where it can be decided on as well."""
    from supporttui.console.screens.inbox import ItemPage
    from supporttui.console.screens.outline import GO

    if (row := screen.item) is None:
        return
    id = row.item.id
    found = await work.read(lambda desk: inbox.one(desk, id))
    if found is None:
        screen.paint_footer()
        return
    may = not work.app.shift.desk.readonly
    answer = await work.ask(work.app.dialog(ItemPage).prepare(found, may=may)) or ""
    if answer.startswith(GO):
        screen.answer(answer)
    elif answer:
        await _decide(work, screen, found, answer)


async def decide(work: Work, screen: InboxScreen, what: str) -> None:
    """Do what a key says with the item under the cursor."""
    found = screen.item
    if found is None or found.item.state != WAITING:
        work.app.say("put the cursor on something that waits", "warning")
        screen.paint_footer()
        return
    await _decide(work, screen, found, what)


async def _decide(work: Work, screen: InboxScreen, found: Waiting, what: str) -> None:
    why = "the desk is read-only" if work.app.shift.desk.readonly else choice(found, what).why
    if why:
        work.app.say(clean_line(why), "warning")
    elif (act := await _meant(work, found, what)) is not None:
        await _write(work, screen, act)
    screen.paint_footer()


async def _meant(work: Work, found: Waiting, what: str) -> Deciding | None:
    """What is to be done, once its question is answered; None when it was left."""
    id, seen = found.item.id, found.item.version
    if what == "believe":
        return await _believed(work, found)
    if what in ("attach", "merge"):
        return await _somewhere(work, found, what)
    if what == "block":
        return await _blocked(work, found)
    if what == "reject":
        return lambda desk: deciding.reject(desk, id, seen=seen)
    return lambda desk: deciding.accept(desk, id, seen=seen, blobs=blobs_of(desk))


async def _believed(work: Work, found: Waiting) -> Deciding | None:
    """Ask before somebody gets a right."""
    id, seen, home = found.item.id, found.item.version, inbox.home_of(found.item)
    options = (
        Option("no", "No, leave it", key="n"),
        Option("yes", f"Yes, {clean_line(found.sender)} takes part in {home}", key="y", role="warning"),
    )
    heading = f"Let {clean_line(found.sender)} take part in {home}?"
    hint = f"they may read what is public of {home}"
    if await work.ask(work.app.dialog(Choose).prepare(heading, options, hint=hint)) != "yes":
        return None
    return lambda desk: deciding.accept(desk, id, seen=seen, participant=True, blobs=blobs_of(desk))


async def _somewhere(work: Work, found: Waiting, what: str) -> Deciding | None:
    """The ticket that it is to go to, by its number."""
    id, seen, home = found.item.id, found.item.version, inbox.home_of(found.item)

    async def verify(text: str) -> str:
        try:
            await _exists(work, text)
        except SupportError as error:
            return str(error)
        return ""

    heading = f"{'Attach' if what == 'attach' else 'Merge'} {clean_line(found.called)}"
    own = inbox.own_of(found.item)
    heading += f" (ticket {own})" if own and what == "merge" else ""
    dialog = work.app.dialog(AskLine).prepare(
        heading, hint="to which ticket?  its number" if what == "attach" else "into which ticket?  its number",
        value=str(home or ""), verify=verify, instead=True,
    )  # fmt: skip
    text = await work.ask(dialog)
    if text is None:
        return None
    number = _digits(text)
    if what == "merge":
        return lambda desk: deciding.merge(desk, id, number, seen=seen)
    return lambda desk: deciding.attach(desk, id, number, seen=seen, blobs=blobs_of(desk))


def _digits(text: str) -> int:
    digits = text.strip().lstrip("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


async def _exists(work: Work, text: str) -> None:
    if not (number := _digits(text)):
        raise NotFound("a number, such as 1042")
    if not await work.app.link.run(lambda desk: looking.lines(desk, [number])):
        raise NotFound(f"there is no ticket {number}")


async def _blocked(work: Work, found: Waiting) -> Deciding | None:
    """The sender alone, or everybody at the sender's domain."""
    id, seen = found.item.id, found.item.version
    domain = senders.domain(found.sender)
    options = [
        Option("no", "No, leave it", key="n"),
        Option("sender", f"Yes, {clean_line(found.sender)}", key="y", role="overdue"),
    ]
    if domain:
        options.append(
            Option(
                "domain",
                f"Everybody at {clean_line(domain)}",
                key="d",
                note="all addresses there",
                role="overdue",
            )
        )
    chosen = await work.ask(
        work.app.dialog(Choose).prepare(
            f"Block the sender of {clean_line(found.item.subject) or 'this'}?", options,
            hint="what waits of theirs is rejected",
        )
    )  # fmt: skip
    if chosen not in ("sender", "domain"):
        return None
    return lambda desk: deciding.block(desk, id, domain=chosen == "domain", seen=seen)


async def _write(work: Work, screen: InboxScreen, act: Deciding) -> None:
    """Decide; tickets that change by it stay where they are in the queue, as after any change from here."""

    def deed(desk: Desk) -> tuple[Decided, Outcome]:
        done = act(desk)
        numbers = {done.ticket, done.item.ticket, inbox.home_of(done.item)} - {0}
        return done, work.outcome(desk, sorted(numbers))

    result = await work.do("the decision", deed)
    if result is None:
        work.app.reader.stale()
    else:
        done, outcome = result
        work.settle(outcome)
        work.app.say(clean_line(done.line), "good")
    await _shown(work, screen, own=result is not None)


async def _shown(work: Work, screen: InboxScreen, *, own: bool = False) -> None:
    """The page, and what the top line tells of it, as they are now."""
    await screen.read(own=own)
    if screen.found is not None:
        waits = len(screen.found.rows) + screen.found.more
        calls = sum(one.item.kind == "call" for one in screen.found.rows)
        work.app.shift.sets(inbox=waits, calls=calls)
        work.screen.paint_bars("header")


async def back(work: Work, screen: InboxScreen, verb: str) -> None:
    """Undo or redo one's last change from the page."""
    from . import change

    if work.app.shift.desk.readonly:
        work.app.say("the desk is read-only", "warning")
    else:
        await (change.undo if verb == "undo" else change.redo)(work)
        await _shown(work, screen)
    screen.paint_footer()
