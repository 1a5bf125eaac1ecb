"""One customer as a page: contacts to copy, tickets to go to, and everything the book has, to be edited there."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime

from supporttui.console.present import customer as present
from supporttui.console.present.outline import FOLD, Row
from supporttui.desk import dossier
from supporttui.desk.customers import CustomerPage
from supporttui.desk.dossier import Dossier
from supporttui.errors import NotFound

from .book import BookPage
from .pace import Pace

SEARCH = "search:"  # the answer of a reader who wants another customer
PRODUCTS = "products:"
OF_SECTION = {"people": ("contact",), **{kind: (kind,) for kind in dossier.OF_CUSTOMER}}


class CustomerScreen(BookPage):
    """Answers where its reader goes: "go:1042", "query:…", "search:", "products:", or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.page: CustomerPage | None = None
        self._served = -1
        self._painted: datetime | None = None
        self._pace = Pace()
        self.folded = {"history"}
        self._made: dict[Hashable, list[Row]] = {}

    def prepare(self, page: CustomerPage, served: int, known: Dossier | None = None) -> CustomerScreen:
        """served: how many readings the console had served when this page was read.  known: what the book has."""
        if self.page is None or self.page.customer.name != page.customer.name:
            self.words = ""
        self.page, self._served = page, served
        self.known, self._made = known or self.known, {}
        self.heading = f"Customer: {page.customer.name}"
        return self

    def all_rows(self, width: int, folded: Collection[str]) -> Sequence[Row]:
        if self.page is None:
            return ()
        return present.rows(
            self.page, self.known, folded, width, self.setting, self.app.shift.now(), self._made
        )

    def hints(self) -> Sequence[tuple[str, str]]:
        kind = self.row.record[0] if self.row is not None else ""
        renews = (("r", "renew"),) if kind == "contract" else ()
        return (
            *super().hints(),
            *renews,
            ("y", "copy"),
            ("f", "in the queue"),
            ("C", "another"),
            ("P", "products"),
        )

    def own_key(self, key: str) -> bool:
        if self.page is None:
            return False
        if key == "f":
            name = self.page.customer.name.replace("\\", "\\\\").replace('"', '\\"')
            self.answer(f'query:customer:"{name}"')
        elif key == "C":
            self.answer(SEARCH)
        elif key == "P":
            self.answer(PRODUCTS)
        elif key == "r":
            self.run_act(self._renew())
        elif key == "y":
            self._copy()
        else:
            return super().own_key(key)
        return True

    # -- records --------------------------------------------------------------------------------

    def kinds_here(self) -> Sequence[str]:
        row = self.row
        key = row.key if row is not None else None
        if row is not None and row.record[0] in ("host", "installation"):
            return ("installation", "host")
        if row is not None and row.record[0] in dossier.OF_CUSTOMER and row.key[0] != "event":  # type: ignore[index]
            return (row.record[0],)
        if isinstance(key, tuple) and key[0] == FOLD and key[1] in OF_SECTION:
            return OF_SECTION[str(key[1])]
        if isinstance(key, tuple) and key[0] == "person":
            return ("contact",)
        return ("contact", "licence", "contract", "host", "modification", "quotation", "site")

    def given(self, kind: str) -> tuple[Mapping[str, str], int]:
        if self.page is None:
            return {}, 0
        customer, row = self.page.customer, self.row
        if kind == "customer":
            return {"name": customer.name}, 0
        found = {"customer": customer.name}
        if kind == "installation" and row is not None:
            of, id = row.record
            record = self.known.record(of, id)
            host = record.host if of == "installation" else id
            found["host"] = self.known.name("host", host)
        if kind == "contact" and row is not None and isinstance(row.key, tuple) and row.key[0] == "person":
            found |= self._person(str(row.key[1]))
        return found, customer.id

    def _person(self, name: str) -> Mapping[str, str]:
        """What the tickets tell of somebody whom the book doesn't have."""
        if self.page is None or any(one.name == name for one in self.known.of("contact")):
            return {}
        person = next((one for one in self.page.people if one.name == name), None)
        return {"name": person.name, "email": person.email, "phone": person.phone} if person else {}

    async def add(self, kind: str) -> None:
        """Of a customer whom only the tickets know, the customer itself comes first."""
        if self.page is not None and not self.page.customer.id and kind != "customer":
            await super().add("customer")
            if not self.page.customer.id:
                return
        await super().add(kind)

    def target(self, key: Hashable) -> tuple[str, int]:
        """`e` on a heading edits the customer."""
        return ("customer", self.page.customer.id) if self.page is not None and key is not None else ("", 0)

    async def _renew(self) -> None:
        """Renew the package under the cursor."""
        from supporttui.console.actions import renewals

        kind, id = self.row.record if self.row is not None else ("", 0)
        if kind != "contract" or not id:
            self.app.say("r renews a contract; move to one", "warning")
        elif self._may_write():
            await renewals.renew_one(self.app.work, id, self.read)
        self.paint_footer()

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

    # -- reading --------------------------------------------------------------------------------

    async def read(self) -> None:
        if self.page is None:
            return
        served, name, id = self.app.reader.served, self.page.customer.name, self.page.customer.id
        try:
            with self._pace.reading(self.app.shift.now()):
                page, known = await self.app.link.run(lambda desk: dossier.customer_page(desk, name, id))
        except NotFound as error:  # it was only in the book, and is no more
            self.app.say(str(error), "warning")
            self.answer(None)
            return
        words = self.words
        if self.cursor == ("book", "customer", 0):  # it was entered just now
            self.cursor = ("book", "customer", page.customer.id)
        self.prepare(page, served, known)
        self.words = words
        self.show_anew()

    async def beat(self) -> None:
        """What others change is read anew; the countdowns of open tickets go on."""
        now = self.app.shift.now()
        if self.page is not None and self.app.reader.served != self._served and not self._pace.rests(now):
            await self.read()
        wait = 10 if self.app.shift.slow else 1
        if self._painted is None or abs((now - self._painted).total_seconds()) >= wait:
            self._painted = now
            self.view.relayout()
            self.paint_footer()
