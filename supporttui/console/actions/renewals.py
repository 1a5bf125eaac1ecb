"""The page of renewals and what is done from it: look at a quote, renew a package, go on to the customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from supporttui.console.dialogs.choose import Choose
from supporttui.console.present.verdict import day_text
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.desk import contracts, quoting
from supporttui.desk import renewals as listed
from supporttui.desk.contracts import Offer
from supporttui.desk.session import Desk
from supporttui.policy.packages import Quote
from supporttui.terminal.safe import clean_line

if TYPE_CHECKING:
    from supporttui.console.screens.renewals import RenewalsScreen
    from supporttui.desk.quoting import Kind


async def renewals(work: Work) -> None:
    """Packages that end soon, until somebody leaves the page; a customer's page leads back to it."""
    from supporttui.console.screens.renewals import CUSTOMER, RenewalsScreen

    back = False
    while True:
        served = work.app.reader.served
        found = await work.read(listed.board)
        if found is None:
            return
        answer = await work.ask(work.app.dialog(RenewalsScreen).prepare(found, served, back=back))
        if not (answer or "").startswith(CUSTOMER):
            return
        from .customers import visit

        if not await visit(work, (answer or "").removeprefix(CUSTOMER)):
            return
        back = True


def _offer(desk: Desk, contract: int) -> tuple[Offer, str, Sequence[tuple[Kind, str]]]:
    """On the database thread: what a renewal would be, why it can't be, and both in words."""
    found = contracts.offer(desk, contract)
    why = contracts.refusal(found, contracts.rules_of(desk))
    return found, why, list(quoting.lines(found, found.quotes, why))


async def look(work: Work, screen: RenewalsScreen) -> None:
    """The quote of the package under the cursor."""
    from supporttui.console.screens.renewals import RENEW, QuotePage

    if (row := screen.renewal) is None:
        return
    contract = row.contract
    read = await work.read(lambda desk: _offer(desk, contract))
    if read is None:
        screen.paint_footer()
        return
    found, why, said = read
    may = not why and bool(found.quotes) and not work.app.shift.desk.readonly
    if await work.ask(work.app.dialog(QuotePage).prepare(found, said, may_renew=may)) == RENEW:
        await renew(work, screen)


async def renew(work: Work, screen: RenewalsScreen) -> None:
    """Renew the package under the cursor: by which plan, at what price, and a yes."""
    if (row := screen.renewal) is None or work.app.shift.desk.readonly:
        said = "the desk is read-only" if row is not None else "move to a package to renew it"
        work.app.say(said, "warning")
        screen.paint_footer()
        return
    await renew_one(work, row.contract, screen.read)
    screen.paint_footer()


async def renew_one(work: Work, contract: int, shown: Callable[[], Awaitable[None]]) -> None:
    """Renew one package: by which plan, at what price, and a yes.  shown: reads the page anew that tells of it."""
    read = await work.read(lambda desk: _offer(desk, contract))
    if read is None:
        return
    found, why, _said = read
    if why or not found.quotes:
        work.app.say(why or f"contract {found.called}: {found.trouble}", "warning")
    elif (quote := await _which(work, found)) is not None:
        await _write(work, shown, found, quote)


async def _which(work: Work, found: Offer) -> Quote | None:
    """The plan that was chosen, and agreed to with its price."""
    options = [
        Option(
            quote.plan.name,
            f"{clean_line(quote.plan.title)}: {quote.priced}",
            key=_key(at),
            note=_term(quote),
        )
        for at, quote in enumerate(found.quotes)
    ]
    heading = f"Renew {found.called} of {clean_line(found.customer.name)} by"
    name = await work.ask(work.app.dialog(Choose).prepare(heading, options, hint="asks once more"))
    quote = next((one for one in found.quotes if one.plan.name == name), None)
    if quote is None:
        return None
    left_open = (*quote.missing, *quote.open)
    yes = "Yes, and leave the price open" if left_open else f"Yes, for {quote.priced}"
    answers = (
        Option("no", "No, leave it", key="n"),
        Option("yes", yes, key="y", note=clean_line(left_open[0]) if left_open else ""),
    )
    question = f"Renew {found.called} by {clean_line(quote.plan.title)}, {_term(quote)}?"
    return quote if await work.ask(work.app.dialog(Choose).prepare(question, answers)) == "yes" else None


def _key(at: int) -> str:
    return str(at + 1) if at < 9 else ""


def _term(quote: Quote) -> str:
    return f"{day_text(quote.first)} to {day_text(quote.last)}"


async def _write(work: Work, shown: Callable[[], Awaitable[None]], found: Offer, quote: Quote) -> None:
    contract, seen, plan = found.contract.id, found.contract.version, quote.plan.name
    done = await work.do("the renewal", lambda desk: contracts.renew(desk, contract, plan, seen=seen))
    if done is not None:
        work.app.say(f"{done.text}; u takes that back", "good")
    await shown()


async def back(work: Work, screen: RenewalsScreen, verb: str) -> None:
    """Undo or redo one's last change from the page."""
    from . import change

    if work.app.shift.desk.readonly:
        work.app.say("the desk is read-only", "warning")
    else:
        await (change.undo if verb == "undo" else change.redo)(work)
        await screen.read()
    screen.paint_footer()
