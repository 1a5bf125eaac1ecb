"""One customer as a page: contacts to copy, tickets to go to.  Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from supporttui.console.present import customer as present
from supporttui.console.present.outline import Row
from supporttui.desk import customers
from supporttui.desk.customers import CustomerPage

from .outline import Outline

SEARCH = "search:"  # the answer of a reader who wants another customer


class CustomerScreen(Outline):
    """Answers where its reader goes: "go:1042", "query:…", "search:", or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.page: CustomerPage | None = None
        self._served = -1
        self._painted: datetime | None = None

    def prepare(self, page: CustomerPage, served: int) -> CustomerScreen:
        """served: how many readings the console had served when this page was read."""
        self.page, self._served = page, served
        self.heading = f"Customer: {page.customer.name}"
        return self

    def rows(self, width: int) -> Sequence[Row]:
        if self.page is None:
            return ()
        return present.rows(self.page, self.folded, width, self.setting, self.app.shift.now())

    def hints(self) -> Sequence[tuple[str, str]]:
        keys = [("Enter", "ticket, or fold"), ("y", "copy"), ("f", "in the queue"), ("/", "another customer")]
        return tuple(keys)

    def own_key(self, key: str) -> bool:
        if self.page is None:
            return False
        if key == "f":
            name = self.page.customer.name.replace("\\", "\\\\").replace('"', '\\"')
            self.answer(f'query:customer:"{name}"')
        elif key in ("/", "C"):
            self.answer(SEARCH)
        elif key == "y":
            self._copy()
        else:
            return False
        return True

    def _copy(self) -> None:
        """Send the telephone number, e-mail or number of the row under the cursor to the terminal."""
        from supporttui.console.actions import terminal

        row = self.row
        if row is None or not row.copies:
            self.app.say(
                "y copies a telephone number, an e-mail or a ticket's number; move to one", "warning"
            )
            return
        kind = str(row.key[-1]) if isinstance(row.key, tuple) and row.key[0] == "person" else "ticket"
        names = {"phone": "telephone number", "email": "e-mail"}
        name = names.get(kind, "number") if "@" not in row.copies else "e-mail"
        self.app.run_worker(terminal.send(self.app.work, name, row.copies), group="page")

    async def beat(self) -> None:
        """What others change is read anew; the countdowns of open tickets go on."""
        now = self.app.shift.now()
        if self.page is not None and self.app.reader.served != self._served:
            served, name = self.app.reader.served, self.page.customer.name
            self.prepare(await self.app.link.run(lambda desk: customers.page(desk, name)), served)
            self.show_anew()
        wait = 10 if self.app.shift.slow else 1
        if self._painted is None or abs((now - self._painted).total_seconds()) >= wait:
            self._painted = now
            self.view.relayout()
            self.paint_footer()
