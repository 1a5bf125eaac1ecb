"""The customer look-up: of the ticket under the cursor first, else by typing."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.work import Work
from supporttui.desk import customers as known
from supporttui.desk.session import Desk

from .screens import go_on


async def look_up(work: Work) -> None:
    """From a ticket its customer; from there, or from an empty list, any other one."""
    from supporttui.console.screens.customer import SEARCH

    name: str | None = _of_ticket(work) or await _searched(work)
    while name:
        answer = await _show(work, name)
        if answer != SEARCH:
            await go_on(work, answer)
            return
        name = await _searched(work)


def _of_ticket(work: Work) -> str:
    """The customer of the ticket under the cursor, "" when there is none."""
    number, subject = work.screen.number, work.screen.detail.subject
    if subject is not None and number and subject.ticket.number == number:
        return subject.ticket.customer
    row = work.screen.row_of(number) if number else None
    return row.customer if row else ""


async def _searched(work: Work) -> str | None:
    """Ask which customer; None when the search is left."""
    from supporttui.console.dialogs.customers import LookUp

    dialog = work.app.dialog(LookUp)
    directory = dialog.directory

    def first(desk: Desk) -> Sequence[known.Found]:
        directory.refresh(desk)
        return directory.search(desk, "")

    hits = await work.read(first)
    if hits is None:
        return None
    return await work.ask(dialog.prepare(hits)) or None


async def _show(work: Work, name: str) -> str | None:
    """The customer's page; what it answers."""
    from supporttui.console.screens.customer import CustomerScreen

    served = work.app.reader.served
    page = await work.read(lambda desk: known.page(desk, name))
    if page is None:
        return None
    return await work.ask(work.app.dialog(CustomerScreen).prepare(page, served)) or None
