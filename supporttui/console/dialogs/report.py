"""The report form: what the policy asks for with every problem, on one screen.

Fields that are still missing are named while one writes; none of them stops
the report, because at night half a report is better than none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, TextArea

from supporttui.console.present.spans import Line, Span, fit_line, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.menu import Menu, Option

from .dialog import Box, Dialog

EXAMPLES = {
    "subject": "transfers restart several times",
    "severity": "2, or empty",
    "customer": "Acme Corp",
    "contact": "J. Ortiz",
    "contact_phone": "+1 612 555 0142",
    "contact_email": "me@acme.example",
    "product": "HyperIP",
    "release": "7.1",
    "os": "z/OS, Linux",
    "os_release": "3.1",
}
FIELDS = (
    ("subject", "Subject"),
    ("severity", "Severity"),
    ("customer", "Customer"),
    ("channel", "Reported by"),
    ("contact", "Contact"),
    ("contact_phone", "Telephone"),
    ("contact_email", "E-mail"),
    ("site", "Site"),
    ("product", "Product"),
    ("release", "Release"),
    ("os", "System"),
    ("os_release", "Its release"),
    ("environment", "Environment"),
    ("category", "Category"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """What the form needs to know: values so far, words that may be completed, fields that are asked for."""

    values: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    required: Sequence[str] = ()
    severities: str = ""


Enter = Callable[[Mapping[str, str]], Awaitable[str]]


class ReportForm(Dialog[str]):
    """Answers "sent", or "left" when the form was left with its draft kept."""

    def __init__(self) -> None:
        super().__init__()
        self._form = Form()
        self._enter: Enter | None = None
        self._sending = False

    def prepare(self, form: Form, enter: Enter) -> ReportForm:
        """enter: tries to write the report; returns what went wrong, "" for success."""
        self.heading = "Report a problem"
        self.hint = f"Tab next, Enter, Esc keeps a draft; severity {form.severities}"
        self._form, self._enter = form, enter
        return self

    def compose(self) -> ComposeResult:
        with Box(classes="form"):
            yield self.title_bar()
            with Vertical(id="fields"):
                for at in (0, *range(1, len(FIELDS), 2)):
                    with Horizontal(classes="row"):
                        for name, label in FIELDS[at : at + 1] if at == 0 else FIELDS[at : at + 2]:
                            yield _label(label, "label")
                            yield Input(id=name, compact=True)
            yield _label("What happened", "wide-label")
            area = TextArea(
                id="description", soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True
            )
            area.cursor_blink = False
            yield area
            yield Bar(self._missing_lines, id="missing")
            yield self.error_bar()
            yield Menu(id="menu", flat=True, letters=False)

    def opened(self) -> None:
        for name, _ in FIELDS:
            one = self.query_one(f"#{name}", Input)
            one.cursor_blink = False
            known = self._form.known.get(name, ())
            example = EXAMPLES.get(name, ", ".join(known[:2]) + (", …" if len(known) > 2 else ""))
            one.placeholder = f"e.g. {example}" if example.strip(" .") else ""
            one.suggester = SuggestFromList(known, case_sensitive=False) if known else None
            one.value = self._form.values.get(name, "")
        self.query_one(TextArea).load_text(self._form.values.get("description", ""))
        self.query_one(Menu).offer((Option("send", "Report"), Option("", "Leave, keep draft")))
        self.query_one("#subject", Input).focus()
        self.query_one("#missing", Bar).paint()

    def values(self) -> dict[str, str]:
        """What has been filled in."""
        found = {name: self.query_one(f"#{name}", Input).value.strip() for name, _ in FIELDS}
        found["description"] = self.query_one(TextArea).text
        return {name: value for name, value in found.items() if value.strip()}

    @property
    def unsent(self) -> Mapping[str, str]:
        """What would be lost, nothing when the form is not open."""
        return self.values() if self._open and self.is_mounted else {}

    def _missing_lines(self, width: int) -> Sequence[Line]:
        have = self.values() if self.is_mounted and self._open else {}
        labels = {**dict(FIELDS), "description": "What happened"}
        missing = [labels.get(name, name) for name in self._form.required if not have.get(name)]
        words = f"still missing: {', '.join(missing)}" if missing else "all that the policy asks for is there"
        wrapped = list(wrap(words, max(1, width)))
        shown = [*wrapped[:1], " ".join(part.strip() for part in wrapped[1:])]
        return [fit_line(line(Span(text, "muted")), width) for text in shown]

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._open:
            self.query_one("#missing", Bar).paint()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._open:
            self.query_one("#missing", Bar).paint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up") and isinstance(self.focused, Input):
            event.stop()
            _ = self.focus_next() if event.key == "down" else self.focus_previous()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        if not event.option.id:
            self.left()
        elif not self._sending and self._enter is not None:
            self._sending = True
            self.run_worker(self._try())

    async def _try(self) -> None:
        assert self._enter is not None
        try:
            wrong = await self._enter(self.values())
        finally:
            self._sending = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer("sent")

    def left(self) -> None:
        self.answer("left")


def _label(words: str, classes: str) -> Bar:
    return Bar(lambda _width: [line(Span(words, "muted"))], classes=classes)
