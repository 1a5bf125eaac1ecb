"""Why a customer is owed what they are owed, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from supporttui.console.dialogs.page import Page
from supporttui.console.present import reasoning as present
from supporttui.console.present.spans import Line, Span, line
from supporttui.desk import reasoning
from supporttui.desk.reasoning import Reasoning
from supporttui.terminal.safe import clean_line

AGE = timedelta(minutes=1)  # after which the times on it are old
CUSTOMER = "customer:"  # the answer of a reader who goes on to the customer


class ReasoningPage(Page):
    """Shows a reading, and reads anew what others change; answers "customer:" or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Reasoning | None = None
        self._served = -1

    def prepare(self, found: Reasoning, served: int) -> ReasoningPage:
        """served: how many readings the console had served when this one was made."""
        self.found, self._served = found, served
        who = f" ({found.ticket.customer})" if found.ticket.customer else ""
        self.heading = f"Who pays for {found.ticket.number}{who}: {found.ticket.subject}"
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        if self.found is None:
            return ()
        inside = present.lines(self.found, max(width - 2, 10), self.setting)
        return [line(Span(" "), *one) for one in inside]

    def hints(self) -> Sequence[tuple[str, str]]:
        if self.found is None or not self.found.ticket.customer:
            return ()
        return (("C", f"customer {clean_line(self.found.ticket.customer)[:24]}"),)

    def pressed(self, key: str) -> bool:
        if key != "C" or self.found is None or not self.found.ticket.customer:
            return False
        self.answer(CUSTOMER)
        return True

    async def beat(self) -> None:
        """What was changed in the book or the ticket is read anew; so is another day's verdict."""
        found, served = self.found, self.app.reader.served
        if found is None or (served == self._served and self.app.shift.now() - found.at < AGE):
            return
        number = found.ticket.number
        self.prepare(await self.app.link.run(lambda desk: reasoning.of_ticket(desk, number)), served)
        self.show_anew()
