"""A telephone call about a ticket: with whom, on which number, when, and what was said.

Who called whom is chosen by the button that writes it, so that nothing has to be settled before
one listens.  What was said is kept as a draft like any text.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from supporttui.console.widgets.menu import Option

from .form import Asked, Form, FormDialog

FIELDS = (
    Asked("person", "With", "J. Ortiz"),
    Asked("phone", "Telephone", "+1 612 555 0142"),
    Asked("at", "Time of call", "14:05, or now", whole=True),
)
Enter = Callable[[str, Mapping[str, str]], Awaitable[str]]


class CallForm(FormDialog):
    """Answers "sent", or "left" when it was left with its draft kept."""

    FIELDS = FIELDS
    TEXT = Asked("text", "What was said")
    KIND = "call"

    def __init__(self) -> None:
        super().__init__()
        self._enter: Enter | None = None
        self._sending = False
        self._known: Mapping[str, str] = {}
        self.buttons = (
            Option("in", "They called"),
            Option("out", "I called"),
            Option("none", "No answer"),
            Option("left", "Leave"),
        )

    def prepare(
        self, heading: str, form: Form, enter: Enter, *, ticket: int, known: Mapping[str, str]
    ) -> CallForm:
        """enter: from the button and the fields to what went wrong, "" for success.  known: what was filled in."""
        self.heading, self.hint = heading, "internal: the customer never sees this"
        self._form, self._enter, self.ticket, self._known = form, enter, ticket, known
        return self

    def opened(self) -> None:
        super().opened()
        self.query_one("#text").focus()  # with whom and when is filled in already, as far as it is known

    def to_keep(self) -> dict[str, str]:
        """Nothing, while only what is known is in it."""
        found = self.values()
        return {} if all(self._known.get(name) == text for name, text in found.items()) else found

    def picked(self, button: str) -> None:
        if not self._sending and self._enter is not None:
            self._sending = True
            self.app.opening(True)
            self.run_worker(self._try(self._enter, button))

    async def _try(self, enter: Enter, button: str) -> None:
        try:
            with self.app.performer.deed():
                wrong = await enter(button, self.values())
        finally:
            self._sending = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer("sent")
