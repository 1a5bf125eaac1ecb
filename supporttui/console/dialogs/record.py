"""One record of the book in a form: made from the fields that its kind has, so that every kind has the same one.

A field is read when it is left, and what is wrong with it stands below; nothing
is refused before it is saved.  Somebody else's change meanwhile is taken into the
fields that were not touched, and told for those that were.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, TextArea

from supporttui.console.present.spans import Line, Span, fit_line, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.console.widgets.drop_list import DropList
from supporttui.console.widgets.menu import Menu, Option
from supporttui.desk.book.fields import Field, fields_of
from supporttui.quickclass import dataclass
from supporttui.terminal.safe import clean_line

from .dialog import Box
from .form import Asked, Form, FormDialog, _rows

SAVE, LEFT, FORGET = "save", "left", "forget"
LONG_ROWS, LONG_ROWS_HIGH = 3, 5  # lines of a long field, on a screen of 24 lines and on a high one
HIGH = 32
AROUND = 8  # lines of the box that aren't fields: frame, title, what belongs in a field, buttons


@dataclass(frozen=True, slots=True)
class Settled:
    """A field that was left: its text as the book would show it, or what is wrong with it."""

    text: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving.  wrong: "" when it was written.  values, original: what the form holds from now on."""

    wrong: str = ""
    values: Mapping[str, str] | None = None
    original: Mapping[str, str] | None = None


Settle = Callable[[str, Mapping[str, str]], Awaitable[Settled]]
Save = Callable[[Mapping[str, str]], Awaitable[Saved]]


class RecordForm(FormDialog):
    """Answers "saved", "left" with a draft to be kept, or "forget"."""

    DEFAULT_CSS = """
    RecordForm .pair.long { height: 3; }
    RecordForm .row TextArea { width: 1fr; height: 3; margin: 0 1 0 0; }
    """
    SHEET: ClassVar[Sequence[Field]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._settle: Settle | None = None
        self._save: Save | None = None
        self._original: Mapping[str, str] = {}
        self._all = False
        self._at = ""  # the field with the focus
        self._wrong: dict[str, str] = {}
        self._refused = ""  # why it was not saved, until something is typed
        self._shown: dict[str, str] = {}  # what was put into the fields, typed by nobody
        self._saving = False
        self.buttons = (
            Option(SAVE, "Save"),
            Option(LEFT, "Leave, keep draft"),
            Option(FORGET, "Leave, forget it"),
        )

    def prepare(
        self, heading: str, form: Form, draft: str, original: Mapping[str, str], settle: Settle, save: Save,
        *, keep_all: bool = False,
    ) -> RecordForm:  # fmt: skip
        """draft: the kind under which it is kept unsent.  original: the values of the record as it was read.

        keep_all: a draft holds every field, not only those that differ, because the record is new.
        """
        self.heading, self._form, self.KIND = heading, form, draft
        self._original, self._all, self._settle, self._save = original, keep_all, settle, save
        self._wrong, self._refused, self._at, self._saving = {}, "", "", False
        self.hint = "Tab goes on, Down lists, Ctrl-D to the buttons"
        return self

    # -- what it is made of ---------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Box(classes="form record"):
            yield self.title_bar()
            with VerticalScroll(id="fields", can_focus=False):
                for row in _rows(self.FIELDS):
                    with Horizontal(classes="row"):
                        for one in row:
                            yield from self._pair(one)
            yield self.error_bar()
            yield Menu(id="menu", flat=True, letters=False)
        yield DropList()

    def _pair(self, one: Asked) -> ComposeResult:
        long = self._is_long(one.name)
        with Horizontal(classes="pair long" if long else "pair"):
            label = Bar(lambda _width: [self._ticked(one)], classes="label")
            label.styles.width = 3 + max(len(field.title) for field in self.SHEET)
            yield label
            yield _long(one.name) if long else CompletingInput(id=one.name)

    def _is_long(self, name: str) -> bool:
        return any(one.name == name and one.type == "long" for one in self.SHEET)

    @property
    def _longs(self) -> list[str]:
        return [one.name for one in self.SHEET if one.type == "long"]

    def opened(self) -> None:
        self._filled = {}
        self._put(self._form.values)
        for one in self.FIELDS:
            if not self._is_long(one.name):
                field = self.query_one(f"CompletingInput#{one.name}", CompletingInput)
                field.placeholder = f"e.g. {one.example}" if one.example else ""
                field.source = self._form.source(one.name, self.values)
                field.listing = one.name in self._form.listing
                field.entered = self.entered
        self.query_one(DropList).close()
        self.query_one(Menu).offer(self.buttons)
        self.query_one("#fields", VerticalScroll).scroll_home(animate=False)
        self._arrange()
        self._first().focus()
        self.paint_checklist()
        if self._form.error:
            self.complain(self._form.error)

    def _first(self) -> Input | TextArea:
        """The first field that is still empty and needed, else the first of all."""
        empty = [one.name for one in self.SHEET if one.required and not self._form.values.get(one.name)]
        return self._widget(empty[0] if empty else self.FIELDS[0].name)

    def _widget(self, name: str) -> Input | TextArea:
        if self._is_long(name):
            return self.query_one(f"TextArea#{name}", TextArea)
        return self.query_one(f"CompletingInput#{name}", CompletingInput)

    def _put(self, values: Mapping[str, str]) -> None:
        for one in self.FIELDS:
            widget, text = self._widget(one.name), values.get(one.name, "")
            self._shown[one.name] = text
            if isinstance(widget, TextArea):
                if widget.text != text:
                    widget.load_text(text)
            elif isinstance(widget, CompletingInput):
                widget.fill(text)

    # -- what is in it --------------------------------------------------------------------------

    def value(self, name: str) -> str:
        return self._text(name) if self._open and self.is_mounted else ""

    def _text(self, name: str) -> str:
        widget = self._widget(name)
        return (widget.text if isinstance(widget, TextArea) else widget.value).strip()

    def all_values(self) -> dict[str, str]:
        """Every field, of a form that was just left too: what is in it becomes the draft."""
        return {one.name: self._text(one.name) for one in self.FIELDS}

    def to_keep(self) -> dict[str, str]:
        """What differs from the record; of a new one everything, once something was typed."""
        now = self.all_values()
        differs = {name: text for name, text in now.items() if text != self._original.get(name, "").strip()}
        return {name: text for name, text in now.items() if text} if differs and self._all else differs

    # -- what happens ---------------------------------------------------------------------------

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._at = event.widget.id or ""
        self.query_one("#error", Bar).paint()

    def on_completing_input_settled(self, event: CompletingInput.Settled) -> None:
        event.stop()
        event.prevent_default()  # Textual would call the one of FormDialog too
        name = event.field.id or ""
        if self._open and self._settle is not None:
            self.run_worker(self._read(name, self._settle), group=f"settle {name}", exclusive=True)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        event.prevent_default()  # Textual would call the one of FormDialog too
        if self._open:
            self.paint_checklist()

    async def _read(self, name: str, settle: Settle) -> None:
        """Show the field as it was read, or say what is wrong with it."""
        text = self.value(name)
        found = await settle(name, self.values()) if text else Settled()
        if not self._open or self.value(name) != text:
            return
        self._wrong.pop(name, None)
        if found.wrong:
            self._wrong[name] = found.wrong
        elif found.text != text:
            widget = self._widget(name)
            if isinstance(widget, CompletingInput) and not widget.has_focus:
                self._shown[name] = found.text
                widget.fill(found.text)
        self._tell()

    def _tell(self) -> None:
        """What is wrong with a field that was left, else why it could not be saved."""
        self.complain(next(iter(self._wrong.values()), self._refused))
        self.paint_checklist()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        event.prevent_default()  # Textual would call the one of FormDialog too
        name = event.input.id or ""
        if self._open and event.value != self._shown.get(name):
            self._shown.pop(name, None)
            self._wrong.pop(name, None)
            self._refused = ""
            if self.error:
                self._tell()
        if self._open:
            self.paint_checklist()

    def picked(self, button: str) -> None:
        if button == FORGET:
            self.answer(FORGET)
        elif not self._saving and self._save is not None:
            self._saving = True
            self.app.opening(True)
            self.run_worker(self._try(self._save))

    async def _try(self, save: Save) -> None:
        try:
            with self.app.performer.deed():
                done = await save(self.all_values())
        finally:
            self._saving = False
        if not done.wrong:
            self.answer("saved")
            return
        if done.original is not None:
            self._original = done.original
        if done.values is not None:
            self._put(done.values)
        self._refused = done.wrong
        self.complain(done.wrong)

    # -- how it looks ---------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Long fields get more lines on a high screen; the box is as high as its fields need."""
        super()._arrange()
        long = LONG_ROWS_HIGH if self.app.size.height >= HIGH else LONG_ROWS
        for name in self._longs:
            widget = self._widget(name)
            widget.styles.height = long
            if widget.parent is not None:
                widget.parent.styles.height = long
        self.query_one(Box).styles.height = "auto"
        rows = _rows(self.FIELDS)
        lines = len(self.FIELDS) if self.has_class("narrow") else len(rows)
        lines += (long - 1) * len(self._longs)
        self.query_one("#fields", VerticalScroll).styles.height = max(
            3, min(lines, self.app.size.height * 96 // 100 - AROUND)
        )

    def _error_lines(self, width: int) -> Sequence[Line]:
        """What is wrong, or else what belongs in the field with the focus; below it what is missing."""
        if self.error:
            lines = list(wrap(clean_line(self.error), max(1, width)))
            cut = (
                [f"{lines[2][: max(0, width - 2)]} {self.glyphs.ellipsis}"] if len(lines) > 3 else lines[2:3]
            )
            return [line(Span(text, "warning")) for text in (*lines[:2], *cut)]
        return [*self._help(width), *super()._error_lines(width)][:3]

    def _help(self, width: int) -> list[Line]:
        field = next((one for one in self.SHEET if one.name == self._at), None)
        if field is None:
            return [()]
        words = f"{field.title}: {field.help}" if field.help else field.title
        return [fit_line(line(Span(clean_line(words), "muted")), width)]


def _long(name: str) -> TextArea:
    area = TextArea(id=name, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True)
    area.cursor_blink = False
    area.add_class("long")
    return area


@cache
def form_of(kind: str) -> type[RecordForm]:
    """The form for records of a kind, made once."""
    sheet = fields_of(kind)
    asked = tuple(
        Asked(one.name, one.title, one.example, whole=one.type == "long" or one.name == "title")
        for one in sheet
    )
    name = "Record" + "".join(part.capitalize() for part in kind.split("-"))
    return type(name, (RecordForm,), {"SHEET": sheet, "FIELDS": asked, "__module__": __name__})
