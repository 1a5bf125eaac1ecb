"""Somebody was faster: what they did, what you meant, and which of the two it shall be, field by field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.app import ComposeResult

from supporttui.console.present import collision
from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import Line
from supporttui.console.widgets.menu import Menu, Option
from supporttui.console.widgets.text_view import TextView
from supporttui.desk.collide import Comparison, Difference

from .dialog import Box, Dialog

LEAVE, MINE, WRITE = "leave", "mine", "write"


class Conflict(Dialog[frozenset[str]]):
    """Answers the fields to write as one meant them; None leaves the ticket as it is.

    A change of no single field (escalating, say) answers an empty set for "do it all the same".
    """

    KEYS = (("Enter", "chooses"), ("PgDn", "reads on"), ("Esc", "leaves it as it is"))

    def __init__(self) -> None:
        super().__init__()
        self._compared = Comparison(0, 0)
        self._setting = Setting()
        self._page: Callable[[int], Sequence[Line]] = lambda _width: ()
        self._mine: set[str] = set()
        self.ticket = 0
        self.kind = "change"

    def prepare(
        self,
        heading: str,
        compared: Comparison,
        setting: Setting,
        page: Callable[[int], Sequence[Line]],
        *,
        verb: str,
    ) -> Conflict:
        """page: lays out what is compared.  verb: what one wanted to do, for a change of no field."""
        self.heading = heading
        self.hint = "changed while you looked; nothing is written yet"
        self._compared, self._setting, self._page, self._verb = compared, setting, page, verb
        self._mine = {one.field for one in compared.fields if not one.theirs}
        self.ticket = compared.number
        return self

    def compose(self) -> ComposeResult:
        with Box(classes="conflict"):
            yield self.title_bar()
            yield TextView(lambda width, _pages: self._page(width), id="page")
            yield Menu(id="menu")

    def opened(self) -> None:
        view = self.query_one(TextView)
        view.top = 0
        view.relayout()
        menu = self.query_one(Menu)
        menu.offer(self._options())
        menu.focus()

    # -- what may be chosen ---------------------------------------------------------------------

    def _options(self) -> list[Option]:
        """The safe choice first; of several fields each is chosen by itself."""
        leave = Option(LEAVE, "Leave it as it is now", key="l")
        fields = self._compared.fields
        if self._compared.refused:
            return [leave]
        if len(fields) < 2:
            return [leave, Option(MINE, self._all(fields), key="m")]
        chosen = len(self._mine)
        write = Option(
            WRITE,
            f"Write {chosen} of {len(fields)} as you meant"
            if chosen < len(fields)
            else "Write all as you meant",
            key="w",
            why="" if chosen else "no field is chosen",
        )
        return [leave, *(self._field(at, one) for at, one in enumerate(fields, 1)), write]

    def _all(self, fields: Sequence[Difference]) -> str:
        if not fields:
            return f"Do it all the same: {self._verb}"
        one = fields[0]
        words = f"{collision.name(one.field)} {self._value(one.mine)}"
        return f"Write mine: {words}" if one.theirs else f"Write mine too: {words}"

    def _field(self, at: int, one: Difference) -> Option:
        mine = one.field in self._mine
        mark = "[yours]" if mine else "[now]  "
        shown = self._value(one.mine if mine else one.now)
        return Option(
            one.field, f"{mark} {collision.name(one.field)}: {shown}", key=str(at) if at < 10 else ""
        )

    def _value(self, what: object) -> str:
        return collision.value(what, self._setting, 32)

    # -- keys -----------------------------------------------------------------------------------

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        chosen = event.option.id
        if chosen == LEAVE:
            self.answer(None)
        elif chosen == MINE:
            self.answer(frozenset(one.field for one in self._compared.fields))
        elif chosen == WRITE:
            self.answer(frozenset(self._mine))
        else:
            self._mine ^= {chosen}
            menu = self.query_one(Menu)
            menu.offer(self._options(), index=menu.index)

    def on_key(self, event: events.Key) -> None:
        pages = {"pagedown": 1, "pageup": -1}
        if event.key in pages:
            event.stop()
            self.query_one(TextView).page_by(pages[event.key])
        elif event.key == "q":
            event.stop()
            self.left()
