"""Known errors one at a time, as a page: those of a ticket, or one that was looked up."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.dialogs.page import Page
from supporttui.console.present import known as present
from supporttui.console.present.spans import Line, Span, line
from supporttui.desk import known_hints
from supporttui.desk.known_hints import Told
from supporttui.errors import SupportError

LINK, UNLINK, WORKAROUND, EDIT, NEW, SEARCH = "link", "unlink", "workaround", "edit", "new", "search"


class KnownPage(Page):
    """Answers what its reader wants to do with the one that is shown, or nothing; `at` says which that is."""

    def __init__(self) -> None:
        super().__init__()
        self.all: Sequence[Told] = ()
        self.at = 0
        self.ticket = 0
        self._served = -1

    def prepare(self, all: Sequence[Told], ticket: int, served: int, at: int = 0) -> KnownPage:
        """ticket: the one that they are looked at for, 0 for none.  at: which of them is shown first.

        served: how many readings the console had served when they were read.
        """
        self.all, self.ticket, self._served = all, ticket, served
        self.at = min(at, len(all) - 1)
        self._entitle()
        return self

    @property
    def shown(self) -> Told:
        return self.all[self.at]

    def _entitle(self) -> None:
        place = f", {self.at + 1} of {len(self.all)}" if len(self.all) > 1 else ""
        about = f" for {self.ticket}" if self.ticket else ""
        self.heading = f"Known error {self.shown.hint.known.name}{place}{about}"

    def lay_out(self, width: int) -> Sequence[Line]:
        if not self.all:
            return ()
        inside = present.page(self.shown, bool(self.ticket), max(width - 2, 10))
        return [line(Span(" "), *one) for one in inside]

    def hints(self) -> Sequence[tuple[str, str]]:
        if not self.all:
            return ()
        keys = [("[ ]", "others")] if len(self.all) > 1 else []
        if self.ticket:
            keys.append(("l", "unlink" if self.shown.hint.linked else "link"))
            if self.shown.hint.known.record.workaround.strip():
                keys.append(("w", "send workaround"))
        keys += [("e", "edit"), ("n", "new from this ticket" if self.ticket else "new"), ("/", "another")]
        return keys

    def pressed(self, key: str) -> bool:
        if key in ("]", "["):
            self._step(1 if key == "]" else -1)
        elif key == "l" and self.ticket:
            self.answer(UNLINK if self.shown.hint.linked else LINK)
        elif key == "w" and self.ticket:
            if self.shown.hint.known.record.workaround.strip():
                self.answer(WORKAROUND)
            else:
                self.app.say(
                    f"{self.shown.hint.known.name} has no workaround yet: e writes it down", "warning"
                )
        elif key in ("e", "n", "/"):
            self.answer({"e": EDIT, "n": NEW, "/": SEARCH}[key])
        else:
            return False
        return True

    async def beat(self) -> None:
        """What others change is read anew; the one that is read stays, as long as it is there."""
        served, ticket = self.app.reader.served, self.ticket
        if not self.all or served == self._served:
            return
        ids = [one.hint.known.record.id for one in self.all]
        try:
            found = await self.app.link.run(lambda desk: known_hints.told_again(desk, ids, ticket))
        except SupportError:
            return
        if found and [one.hint.known.record.id for one in self.all] == ids and self.is_current:
            self.at = next(
                (at for at, one in enumerate(found) if one.hint.known.record.id == ids[self.at]), 0
            )
            self.prepare(found, ticket, served, self.at)
            self.show_anew()

    def _step(self, step: int) -> None:
        if len(self.all) > 1:
            self.at = (self.at + step) % len(self.all)
            self._entitle()
            self.show_anew(from_top=True)
