"""The customer look-up: of the ticket under the cursor first, else by typing."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.work import Work
from supporttui.desk import customers as known
from supporttui.desk import dossier
from supporttui.desk.session import Desk

from .screens import go_on


async def look_up(work: Work) -> None:
    """From a ticket its customer; from there, or from an empty list, any other one."""
    name = _of_ticket(work) or await _searched(work)
    if name:
        await visit(work, name)


async def visit(work: Work, named: str) -> bool:
    """A customer's page, and those looked up from it; False when its reader went on to a ticket."""
    from supporttui.console.screens.customer import PRODUCTS, SEARCH

    name: str | None = named
    while name:
        answer = await _show(work, name)
        if answer == PRODUCTS:
            await products(work)
        elif answer != SEARCH:
            await go_on(work, answer)
            return not answer
        name = name if answer == PRODUCTS else await _searched(work)
    return True


def _of_ticket(work: Work) -> str:
    """The customer of the ticket under the cursor, "" when there is none."""
    number, subject = work.screen.number, work.screen.detail.subject
    if subject is not None and number and subject.ticket.number == number:
        return subject.ticket.customer
    row = work.screen.row_of(number) if number else None
    return row.customer if row else ""


async def _searched(work: Work) -> str | None:
    """Ask which customer; None when the search is left."""
    from supporttui.console.dialogs.customers import NEW, LookUp

    dialog = work.app.dialog(LookUp)
    directory = dialog.directory

    def first(desk: Desk) -> Sequence[known.Found]:
        directory.refresh(desk)
        return directory.search(desk, "")

    hits = await work.read(first)
    if hits is None:
        return None
    answer = await work.ask(dialog.prepare(hits))
    if answer is None or not answer.startswith(NEW):
        return answer or None
    from . import book

    record = await book.add(work, "customer", {"name": answer.removeprefix(NEW)})
    return str(record.name) if record is not None else None


async def _show(work: Work, name: str) -> str | None:
    """The customer's page; what it answers."""
    from supporttui.console.screens.customer import CustomerScreen

    served = work.app.reader.served
    found = await work.read(lambda desk: dossier.customer_page(desk, name))
    if found is None:
        return None
    page, has = found
    return await work.ask(work.app.dialog(CustomerScreen).prepare(page, served, has)) or None


async def products(work: Work) -> None:
    """Every product with its releases, the ticket's own under the cursor."""
    from supporttui.console.screens.products import ProductsScreen

    subject, number = work.screen.detail.subject, work.screen.number
    named = subject.ticket if subject is not None and subject.ticket.number == number else None
    served = work.app.reader.served
    found = await work.read(dossier.of_products)
    if found is not None:
        dialog = work.app.dialog(ProductsScreen)
        at = (named.product, named.release, named.os, named.os_release) if named else ("", "", "", "")
        answer = await work.ask(dialog.prepare(found, served, at))
        await go_on(work, answer)
