"""The report form: what the policy asks for with every problem, on one screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from textual import events

from supporttui.console.widgets.menu import Option

from .form import Asked, Form, FormDialog

FIELDS = (
    Asked("subject", "Subject", "transfers restart several times", whole=True),
    Asked("severity", "Severity", "2; Down lists them", whole=True),
    Asked("customer", "Customer", "Acme Corp"),
    Asked("contact", "Contact", "J. Ortiz"),
    Asked("contact_phone", "Telephone", "+1 612 555 0142"),
    Asked("contact_email", "E-mail", "me@acme.example"),
    Asked("site", "Site", "0417"),
    Asked("plan", "Plan"),
    Asked("channel", "Reported by", "phone"),
    Asked("reported_at", "Time of call", "14:05, or now"),
    Asked("product", "Product", "HyperIP"),
    Asked("release", "Release", "7.1"),
    Asked("os", "System", "z/OS"),
    Asked("os_release", "Its release", "3.1"),
    Asked("environment", "Environment"),
    Asked("category", "Category"),
)

Enter = Callable[[Mapping[str, str]], Awaitable[str]]


class ReportForm(FormDialog):
    """Answers "sent", "editor", or "left" when the form was left with its draft kept."""

    FIELDS = FIELDS
    TEXT = Asked("description", "What happened")
    KIND = "report"
    KEYS = (*FormDialog.KEYS, ("ctrl+e", "editor"))

    def __init__(self) -> None:
        super().__init__()
        self._enter: Enter | None = None
        self._sending = False
        self.buttons = (Option("send", "Report"), Option("left", "Leave, keep draft"))

    def prepare(self, form: Form, enter: Enter) -> ReportForm:
        """enter: tries to write the report; returns what went wrong, "" for success."""
        self.heading = "Report a problem"
        self.hint = "what is not known may be left out"
        self._form, self._enter = form, enter
        return self

    def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+e" and not self._sending:
            event.stop()
            event.prevent_default()
            self.answer("editor")

    def picked(self, button: str) -> None:
        if not self._sending and self._enter is not None:
            self._sending = True
            self.run_worker(self._try(self._enter))

    async def _try(self, enter: Enter) -> None:
        try:
            wrong = await enter(self.values())
        finally:
            self._sending = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer("sent")
