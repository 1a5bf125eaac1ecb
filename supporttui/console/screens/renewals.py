"""Packages that end soon as a page, and the quote of one of them: who may renew, until when, at what price."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import timedelta

from supporttui.console.dialogs.page import Page
from supporttui.console.present import renewals as present
from supporttui.console.present.outline import FOLD, Row
from supporttui.console.present.spans import Line
from supporttui.desk import quoting, renewals
from supporttui.desk.contracts import Offer
from supporttui.desk.renewals import Board, Renewal
from supporttui.terminal.safe import clean_line

from .outline import Outline

EVERY = timedelta(seconds=10)  # between two readings of what others change
CUSTOMER, RENEW = "customer:", "renew"  # answers: on to a customer's page; renew what is shown


class RenewalsScreen(Outline):
    """Shows a reading; what its keys do is in `actions.renewals`.  Answers "customer:NAME" or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Board | None = None
        self._served = -1
        self._kept: Hashable = None

    def prepare(self, found: Board, served: int, *, back: bool = False) -> RenewalsScreen:
        """served: how many readings the console had served.  back: the reader comes back to where they were."""
        self._kept = self.cursor if back else None
        self.take(found, served)
        return self

    def take(self, found: Board, served: int) -> None:
        self.found, self._served = found, served
        self.heading = "Renewals: packages that end soon, who may renew until when, at what price"

    def opened(self) -> None:
        super().opened()
        self.cursor = self._kept or (present.first(self.found) if self.found else None)
        self._stand()

    def rows(self, width: int) -> Sequence[Row]:
        return () if self.found is None else present.rows(self.found, self.folded, width, self.setting)

    @property
    def renewal(self) -> Renewal | None:
        """The one under the cursor."""
        key = self.row.key if self.row else None
        if self.found is None or not isinstance(key, tuple) or key[0] != "contract":
            return None
        return next((row for row in self.found.rows if row.contract == key[1]), None)

    def hints(self) -> Sequence[tuple[str, str]]:
        if self.found is None or not self.found.rows:
            return ()
        writes = () if self.app.shift.desk.readonly else (("r", "renew"), *self.hint_of("undo", "undo"))
        return (("Enter", "quote"), *writes, ("C", "customer"))

    def own_key(self, key: str) -> bool:
        from supporttui.console.actions import renewals as act

        verb = self.app.shift.keymap.verb(key)
        if key == "r":
            self.run_act(act.renew(self.app.work, self))
        elif key == "C":
            if self.renewal is not None:
                self.answer(f"{CUSTOMER}{self.renewal.customer_name}")
        elif verb is not None and verb.id in ("undo", "redo"):
            self.run_act(act.back(self.app.work, self, verb.id))
        else:
            return False
        return True

    def _choose(self, *, fold_only: bool) -> None:
        if self.renewal is None or fold_only:
            if self.row is not None and isinstance(self.row.key, tuple) and self.row.key[0] == FOLD:
                super()._choose(fold_only=fold_only)
            return
        from supporttui.console.actions import renewals as act

        self.run_act(act.look(self.app.work, self))

    async def read(self) -> None:
        """Read anew and show it where the reader is."""
        served = self.app.reader.served
        self.take(await self.app.link.run(renewals.board), served)
        self.show_anew()

    async def beat(self) -> None:
        found = self.found
        if found is None or self.app.reader.served == self._served:
            return
        if self.app.shift.now() - found.at >= EVERY:
            await self.read()


class QuotePage(Page):
    """What renewing one package costs by each plan, and what that rests on.  Answers "renew" or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._said: Sequence[tuple[quoting.Kind, str]] = ()
        self._may_renew = False

    def prepare(
        self, found: Offer, said: Sequence[tuple[quoting.Kind, str]], *, may_renew: bool
    ) -> QuotePage:
        self._said, self._may_renew = said, may_renew
        self.heading = f"Quote for {found.called}: {clean_line(found.customer.name)}"
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        return present.quote_lines(self._said, max(width - 1, 10))

    def hints(self) -> Sequence[tuple[str, str]]:
        return (("r", "renew"),) if self._may_renew else ()

    def pressed(self, key: str) -> bool:
        if key != "r" or not self._may_renew:
            return False
        self.answer(RENEW)
        return True
