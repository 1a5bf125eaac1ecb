"""The ticket's facts in a form, to be corrected; what differs is read once more before it is written."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events

from supporttui.console.widgets.menu import Option
from supporttui.desk.edit import differences

from .form import Asked, Form, FormDialog

FIELDS = (
    Asked("subject", "Subject", whole=True),
    Asked("customer", "Customer"),
    Asked("contact", "Contact"),
    Asked("contact_email", "E-mail"),
    Asked("contact_phone", "Telephone"),
    Asked("site", "Site"),
    Asked("plan", "Plan"),
    Asked("product", "Product"),
    Asked("release", "Release"),
    Asked("os", "System"),
    Asked("os_release", "Its release"),
    Asked("environment", "Environment"),
    Asked("category", "Category"),
    Asked("tags", "Tags", "urgent dump", whole=True),
)
LABELS = {one.name: one.label for one in FIELDS}


class EditForm(FormDialog):
    """Answers "review", "editor" or "left"."""

    FIELDS = FIELDS
    KIND = "edit"
    KEYS = (*FormDialog.KEYS, ("ctrl+e", "editor"))

    def __init__(self) -> None:
        super().__init__()
        self._original: Mapping[str, str] = {}
        self.buttons = (Option("review", "Review"), Option("left", "Leave"))

    def prepare(self, heading: str, form: Form, *, ticket: int, original: Mapping[str, str]) -> EditForm:
        """original: the fields as the ticket has them."""
        self.heading = heading
        self.hint = "what differs is read once more before it is written"
        self._form, self.ticket, self._original = form, ticket, original
        return self

    def to_keep(self) -> dict[str, str]:
        """Only what differs, so that it can be laid over the ticket as it is later."""
        return {one.field: one.new for one in differences(self._original, self.all_values())}

    def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+e":
            event.stop()
            event.prevent_default()
            self.answer("editor")
