"""One line of text: until when, to whom, which tags.  What can't be read is said below it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Input

from supporttui.console.widgets.completing_input import CompletingInput, Source
from supporttui.console.widgets.drop_list import Candidate, DropList

from .dialog import Box, Dialog

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp


class AskLine(Dialog[str]):
    """Answers the text.

    check: from the text to what is wrong with it, "" for nothing.  verify: the same, asked
    after it where the answer must come from the store.  known, source: what may be meant, from a
    list or from the store; words: the last of several words is completed.  instead: what is typed
    first takes the place of the value, which is a whole answer, such as a number.
    """

    app: ConsoleApp
    KEYS = (("Enter", "takes it"), ("Tab", "completes"), ("Esc", "leaves"))

    def __init__(self) -> None:
        super().__init__()
        self._value = ""
        self._instead = False
        self._check: Callable[[str], str] = lambda _text: ""
        self._verify: Callable[[str], Awaitable[str]] | None = None
        self._source: Source | None = None
        self._words = False
        self._asking = False

    def prepare(
        self,
        heading: str,
        *,
        hint: str = "",
        value: str = "",
        check: Callable[[str], str] | None = None,
        verify: Callable[[str], Awaitable[str]] | None = None,
        known: Sequence[str] = (),
        source: Source | None = None,
        words: bool = False,
        instead: bool = False,
    ) -> AskLine:
        self.heading, self._value, self._instead = heading, value, instead
        self.hint = "; ".join(part for part in ("Enter, or Esc leaves", hint) if part)
        self._check = check or (lambda _text: "")
        self._verify, self._asking = verify, False
        self._source, self._words = source or (_from(known) if known else None), words
        return self

    def compose(self) -> ComposeResult:
        with Box():
            yield self.title_bar()
            yield CompletingInput(id="text")
            yield self.error_bar()
        yield DropList()

    def opened(self) -> None:
        field = self.query_one(CompletingInput)
        field.source, field.words = self._source, self._words
        field.fill(self._value)
        field.focus()
        if self._instead:
            field.select_all()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self.error:
            self.complain("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        wrong = self._check(event.value)
        if wrong:
            self.complain(wrong)
        elif self._verify is None:
            self.answer(event.value)
        elif not self._asking:
            self._asking = True
            self.run_worker(self._ask(event.value, self._verify))

    async def _ask(self, text: str, verify: Callable[[str], Awaitable[str]]) -> None:
        try:
            with self.app.held_back():
                wrong = await verify(text)
        finally:
            self._asking = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer(text)


def _from(known: Sequence[str]) -> Source:
    async def source(typed: str) -> Sequence[Candidate]:
        low = typed.casefold()
        return [Candidate(one) for one in known if one.casefold().startswith(low)]

    return source
