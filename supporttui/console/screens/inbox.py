"""The inbox as a page: what came in and waits for somebody's decision, one key for each decision."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import timedelta

from supporttui.console.dialogs.page import Page
from supporttui.console.present import inbox as present
from supporttui.console.present.outline import FOLD, Row
from supporttui.console.present.spans import Line
from supporttui.desk import inbox
from supporttui.desk.inbox import Board, Waiting
from supporttui.desk.inbox_words import choices
from supporttui.terminal.safe import clean_line

from .outline import GO, Outline

EVERY = timedelta(seconds=2)  # between two readings of what others change
# Keys of the page and of the one that shows an item, in the order of the footer.
KEYS = {"a": "accept", "t": "attach", "x": "reject", "M": "merge", "A": "believe", "B": "block"}
HINTS = {
    "accept": "accept", "believe": "accept+takes part", "attach": "attach", "merge": "merge", "reject": "reject",
    "block": "block",
}  # fmt: skip
HINTS_OF_CALL = {"accept": "called", "reject": "no call"}
OPEN, COPY = "o", "y"


class InboxScreen(Outline):
    """Shows a reading; what its keys do is in `actions.inbox`.  Answers "go:1042" or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Board | None = None
        self.folded = {present.LATELY}
        self._served = -1
        self._about = 0
        self._made_of: Board | None = None
        self._made_for: Hashable = None
        self._made: Sequence[Row] = ()

    def prepare(self, found: Board, served: int, about: int = 0) -> InboxScreen:
        """served: how many readings the console had served.  about: the ticket that the reader comes from."""
        self._about = about
        self.take(found, served)
        return self

    def take(self, found: Board, served: int, *, own: bool = False) -> None:
        """own: after a decision from here; then the cursor goes on to the next item that waits.

        When somebody else decided on the item under the cursor it goes to the heading above, where no key decides:
        one that is on its way is about what has just left.
        """
        gone = self._gone(found)
        self.found, self._served = found, served
        if gone is not None:
            self.cursor = gone[1] if own else gone[0]
        waits = len(found.rows) + found.more
        calls = sum(one.item.kind == "call" for one in found.rows)
        self.heading = f"Inbox: {waits or 'nothing'} wait{'' if waits > 1 else 's'} for a decision"
        self.heading += f", {calls} for a call" if calls else ""

    def _gone(self, found: Board) -> tuple[Hashable, Hashable] | None:
        """Its heading and the next item below it, else above it, when what is under the cursor waits no longer."""
        key, before = self.cursor, self.found.rows if self.found else ()
        waiting = {one.item.id for one in found.rows}
        if not isinstance(key, tuple) or key[0] != "item" or key[1] in waiting:
            return None
        at = next((at for at, one in enumerate(before) if one.item.id == key[1]), None)
        if at is None:
            return None
        near = (*before[at + 1 :], *reversed(before[:at]))
        following = next((one.item.id for one in near if one.item.id in waiting), None)
        heading = (FOLD, before[at].item.kind)
        return heading, heading if following is None else ("item", following)

    def opened(self) -> None:
        super().opened()
        self.cursor = present.first(self.found, self._about) if self.found else None
        self._stand()

    def rows(self, width: int) -> Sequence[Row]:
        """Made once for a reading, a width and a day: moving about lays nothing out anew."""
        if self.found is None:
            return ()
        now = self.app.shift.now()
        made_for = (width, frozenset(self.folded), self.setting, now.astimezone(self.setting.zone).date())
        if self.found is not self._made_of or made_for != self._made_for:
            self._made_of, self._made_for = self.found, made_for
            self._made = present.rows(self.found, self.folded, width, self.setting, now)
        return self._made

    @property
    def item(self) -> Waiting | None:
        """What is under the cursor: something that waits, or that was decided."""
        key = self.cursor
        if self.found is None or not isinstance(key, tuple) or key[0] not in ("item", "decided"):
            return None
        return next((one for one in (*self.found.rows, *self.found.decided) if one.item.id == key[1]), None)

    def hints(self) -> Sequence[tuple[str, str]]:
        if self.found is None or not (self.found.rows or self.found.decided):
            return ()
        readonly, item = self.app.shift.desk.readonly, self.item
        decide = () if readonly or item is None else _hints(item)
        opens = ((OPEN, "ticket"),) if item is not None and _ticket_of(item) else ()
        undo = () if readonly else self.hint_of("undo", "undo")
        copies = ((COPY, "copy"),) if self.row is not None and self.row.copies else ()
        return (("Enter", "fold" if item is None else "read"), *decide, *opens, *undo, *copies)

    def _stand(self) -> None:
        """The keys in the bottom line are those of the row."""
        super()._stand()
        self.paint_footer()

    def own_key(self, key: str) -> bool:
        from supporttui.console.actions import inbox as act

        verb = self.app.shift.keymap.verb(key)
        if key in KEYS:
            self.run_act(act.decide(self.app.work, self, KEYS[key]))
        elif key == OPEN:
            if self.item is not None and _ticket_of(self.item):
                self.answer(f"{GO}{_ticket_of(self.item)}")
        elif key == COPY:
            if (copying := self.copied("sender or number")) is not None:
                self.run_act(copying)
        elif verb is not None and verb.id in ("undo", "redo"):
            self.run_act(act.back(self.app.work, self, verb.id))
        else:
            return False
        return True

    def _choose(self, *, fold_only: bool) -> None:
        if self.item is None or fold_only:
            if self.row is not None and isinstance(self.row.key, tuple) and self.row.key[0] == FOLD:
                super()._choose(fold_only=fold_only)
            return
        from supporttui.console.actions import inbox as act

        self.run_act(act.look(self.app.work, self))

    async def read(self, *, own: bool = False) -> None:
        """Read anew and show it where the reader is.  own: after a decision from here."""
        served = self.app.reader.served
        self.take(await self.app.link.run(inbox.board), served, own=own)
        self.show_anew()

    async def beat(self) -> None:
        found = self.found
        if found is None or self.app.reader.served == self._served:
            return
        if self.app.shift.now() - found.at >= EVERY:
            before = self.item
            await self.read()
            self._say_gone(before)

    def _say_gone(self, before: Waiting | None) -> None:
        """Who decided on what was under the cursor."""
        if before is None or self.found is None:
            return
        item = next((one.item for one in self.found.decided if one.item.id == before.item.id), None)
        if item is not None and before.item.state == inbox.WAITING:
            self.app.tell(clean_line(f"{before.called} {present.decided(item)}"), "warning")
            self.paint_footer()


class ItemPage(Page):
    """One item, to read before it is decided on.  Answers a decision's id, "go:1042" or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Waiting | None = None
        self._may = False

    def prepare(self, found: Waiting, *, may: bool) -> ItemPage:
        """may: whether it can be decided on here."""
        self._found, self._may = found, may and found.item.state == inbox.WAITING
        title = present.TITLES_SHORT.get(found.item.kind, "")
        self.heading = f"{clean_line(found.called)}: {title[:1].lower()}{title[1:]}"
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        if self._found is None:
            return ()
        known = {one.id: one for one in choices(self._found)}
        offered = [(key, known[id]) for key, id in KEYS.items()] if self._may else []
        return present.item_lines(self._found, offered, width, self.setting, self.app.shift.now())

    def hints(self) -> Sequence[tuple[str, str]]:
        decide = _hints(self._found) if self._may and self._found is not None else ()
        return (*decide, *(((OPEN, "ticket"),) if self._ticket else ()))

    @property
    def _ticket(self) -> int:
        return _ticket_of(self._found) if self._found is not None else 0

    def pressed(self, key: str) -> bool:
        if key in KEYS and self._may:
            self.answer(KEYS[key])
        elif key == OPEN and self._ticket:
            self.answer(f"{GO}{self._ticket}")
        else:
            return False
        return True


def _ticket_of(found: Waiting) -> int:
    """Where one may look: the ticket that it made, else the one that it claims."""
    return inbox.own_of(found.item) or inbox.home_of(found.item)


def _hints(item: Waiting) -> Sequence[tuple[str, str]]:
    """The keys that do something with an item."""
    if item.item.state != inbox.WAITING:
        return ()
    words = HINTS | (HINTS_OF_CALL if item.item.kind == "call" else {})
    able = {one.id for one in choices(item) if not one.why}
    return [(key, words[id]) for key, id in KEYS.items() if id in able]
