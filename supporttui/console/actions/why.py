"""The full reasoning of a verdict, and from there the customer whose book it rests on."""

from __future__ import annotations

from supporttui.console.work import Work
from supporttui.desk import reasoning


async def why(work: Work) -> None:
    """The page of the ticket under the cursor, until somebody leaves it.

    Its ticket and its customer stay those of the page, wherever the cursor of the list is meanwhile.
    """
    from supporttui.console.screens.reasoning import CUSTOMER, ReasoningPage

    number = work.target().number
    while True:
        served = work.app.reader.served
        found = await work.read(lambda desk: reasoning.of_ticket(desk, number))
        if found is None:
            return
        page = work.app.dialog(ReasoningPage).prepare(found, served)
        if await work.ask(page) != CUSTOMER or page.found is None:
            return
        from .customers import visit

        if not await visit(work, page.found.ticket.customer):
            return
