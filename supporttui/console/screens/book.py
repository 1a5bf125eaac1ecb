"""A page of the book: its lines are records that are edited, added and removed where they stand.

Keys: Enter edits what a line tells of, `a` adds one of the section's kind, `x` or
Delete removes, `u` and `U` undo and redo, `/` narrows the page to lines with words.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

from supporttui.desk.book.fields import sheet_of
from supporttui.desk.dossier import Dossier

from .narrowed import NarrowedPage

EPOCH = date(1970, 1, 1)


class BookPage(NarrowedPage):
    """Subclasses say what can be added where (`kinds_here`, `given`) and how the page is read anew (`read`)."""

    def __init__(self) -> None:
        super().__init__()
        self.known = Dossier(today=EPOCH)

    # -- for subclasses -------------------------------------------------------------------------

    def kinds_here(self) -> Sequence[str]:
        """The kinds of which one can be added where the cursor is; several are asked about."""
        return ()

    def given(self, kind: str) -> tuple[Mapping[str, str], int]:
        """What a new record here begins with, and the id of its owner."""
        return {}, 0

    async def read(self) -> None:
        """Read the page anew and show it where the reader is."""

    # -- drawing --------------------------------------------------------------------------------

    def hints(self) -> Sequence[tuple[str, str]]:
        undo = self.hint_of("undo", "undo")
        return (("Enter", self._entering()), ("a", "add"), ("x", "remove"), *undo, ("/", "filter"))

    def _entering(self) -> str:
        row = self.row
        if row is not None and row.ticket:
            return "ticket"
        return "edit" if row is None or row.record[0] else "fold"

    def _stand(self) -> None:
        super()._stand()
        self.paint_footer()  # what Enter does depends on the row

    # -- keys -----------------------------------------------------------------------------------

    def own_key(self, key: str) -> bool:
        verb = self.app.shift.keymap.verb(key)
        if key == "/":
            self.ask_words()
        elif key in ("a", "insert"):
            self.run_act(self._add())
        elif key == "e":
            self.run_act(self._edit())
        elif key in ("x", "delete"):
            self.run_act(self._remove())
        elif verb is not None and verb.id in ("undo", "redo"):
            self.run_act(self._back(verb.id))
        else:
            return False
        return True

    def _choose(self, *, fold_only: bool) -> None:
        row = self.row
        if row is not None and not fold_only and row.record[0]:
            self.run_act(self._edit())
        else:
            super()._choose(fold_only=fold_only)

    # -- what is done ---------------------------------------------------------------------------

    def _may_write(self) -> bool:
        why = "the desk is read-only" if self.app.shift.desk.readonly else ""
        if why:
            self.app.say(why, "warning")
            self.paint_footer()
        return not why

    async def _add(self) -> None:
        kinds = self.kinds_here()
        if not kinds or not self._may_write():
            return
        kind = kinds[0] if len(kinds) == 1 else await self._which(kinds)
        if kind:
            await self.add(kind)

    async def add(self, kind: str) -> None:
        """The form for a new record of this kind, and the page with it."""
        from supporttui.console.actions import book

        given, owner = self.given(kind)
        if await book.add(self.app.work, kind, given, owner):
            await self.read()

    async def _which(self, kinds: Sequence[str]) -> str | None:
        from supporttui.console.dialogs.choose import Choose
        from supporttui.console.widgets.menu import Option

        options = [
            Option(kind, sheet_of(kind).title.capitalize(), key=str(at)) for at, kind in enumerate(kinds, 1)
        ]
        return await self.app.work.ask(self.app.dialog(Choose).prepare("Add what?", options))

    async def _edit(self) -> None:
        from supporttui.console.actions import book

        row = self.row
        kind, id = row.record if row is not None else ("", 0)
        if row is not None and not kind:
            kind, id = self.target(row.key)
        if not kind:
            self.app.say("Enter and e edit the record of a line; move to one", "warning")
            self.paint_footer()
        elif self._may_write():
            done = await book.edit(self.app.work, kind, id) if id else False
            if not id:
                await self.add(kind)
            elif done:
                await self.read()

    def target(self, key: Hashable) -> tuple[str, int]:
        """The record of a row that folds or leads elsewhere; ("", 0) for none."""
        return "", 0

    async def _remove(self) -> None:
        from supporttui.console.actions import book

        row = self.row
        kind, id = row.record if row is not None else ("", 0)
        record = self.known.record(kind, id) if id else None
        if record is None or (row is not None and isinstance(row.key, tuple) and row.key[0] == "event"):
            self.app.say("x removes the record of a line; move to one that the book has", "warning")
            self.paint_footer()
            return
        label = f"{sheet_of(kind).title} {self.known.name(kind, id)}"
        if self._may_write() and await book.remove(self.app.work, kind, id, record.version, label):
            await self.read()

    async def _back(self, verb: str) -> None:
        from supporttui.console.actions import change

        if self._may_write():
            await (change.undo if verb == "undo" else change.redo)(self.app.work)
            await self.read()
