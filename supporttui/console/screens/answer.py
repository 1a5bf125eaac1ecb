"""What the customer may know of a ticket, as a page to be read out or copied: nothing internal is on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from supporttui.console.dialogs.page import Page
from supporttui.console.present.spans import EMPTY, Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.desk import status_answer
from supporttui.desk.status_answer import StatusAnswer
from supporttui.terminal.safe import clean
from supporttui.verbs.registry import BY_ID

AGE = timedelta(minutes=1)  # after which its times are old
CALL = "call"  # the answer of a reader who goes on to put the call on record
HEAD = 2  # cells before every line


class AnswerPage(Page):
    """Shows the answer and makes it anew when the ticket changes; answers "call" or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: StatusAnswer | None = None
        self._served = -1
        self._whom = ""

    def prepare(self, found: StatusAnswer, served: int, whom: str = "") -> AnswerPage:
        """served: how many readings the console had served when this answer was made.

        whom: whose ticket it is; it stands above the answer, and is no part of it.
        """
        self.found, self._served, self._whom = found, served, whom
        self.heading = f"Status of {found.number} for {whom or 'the customer'}"
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        if self.found is None:
            return ()
        out: list[Line] = [EMPTY]
        for text in self.found.lines():
            for place, part in enumerate(wrap(text, max(10, width - 2 * HEAD))):
                label, colon, _ = part.partition(": ")
                lead = f"{label}:" if colon and not place and not text.startswith(" ") else ""
                out.append(line(" " * HEAD, Span(lead, "muted"), Span(part[len(lead) :])))
        return out

    def hints(self) -> Sequence[tuple[str, str]]:
        key = self.app.shift.keymap.shown(BY_ID["call"], ascii=self.app.ink.ascii)
        ours = ((key, "put the call on record"),) if key and not self.app.shift.desk.readonly else ()
        return (("y", "copy"), *ours)

    def pressed(self, key: str) -> bool:
        if self.found is None:
            return False
        verb = self.app.shift.keymap.verb(key)
        if verb is not None and verb.id == "call" and not self.app.shift.desk.readonly:
            self.answer(CALL)
            return True
        if key != "y":
            return False
        self.app.opening(True)
        self.app.run_worker(self._copy(clean(self.found.text(), newlines=True)), group="page")
        return True

    async def _copy(self, text: str) -> None:
        from supporttui.console.actions.terminal import send

        with self.app.performer.deed():
            await send(self.app.work, "the answer", text)

    async def beat(self) -> None:
        """What is done to the ticket meanwhile is told, and so is the time."""
        found, served = self.found, self.app.reader.served
        if found is None or (served == self._served and self.app.shift.now() - found.at < AGE):
            return
        number = found.number
        fresh = await self.app.link.run(lambda desk: status_answer.answer(desk, number))
        self.prepare(fresh, served, self._whom)
        self.show_anew()
