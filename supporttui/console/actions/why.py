"""The full reasoning of a verdict, and from there the customer whose book it rests on."""

from __future__ import annotations

from supporttui.console.work import Work
from supporttui.desk import reasoning


async def why(work: Work) -> None:
    """The page of the ticket under the cursor, until somebody leaves it."""
    from supporttui.console.screens.reasoning import CUSTOMER, ReasoningPage

    number = work.target().number
    while True:
        served = work.app.reader.served
        found = await work.read(lambda desk: reasoning.of_ticket(desk, number))
        if found is None:
            return
        answer = await work.ask(work.app.dialog(ReasoningPage).prepare(found, served))
        if answer != CUSTOMER:
            return
        from .customers import look_up

        await look_up(work)
        if work.target().number != number:
            return
