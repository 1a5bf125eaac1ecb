"""A form: labelled fields in one or two columns, what is asked for ticked off as it is filled in, buttons below.

The fields scroll and the one with the focus is always in sight; title, checklist
and buttons stay.  Missing facts are named and never stop anybody, because at
night half a report is better than none.  A field that somebody filled in is
never overwritten by what is known already.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, TextArea

from supporttui.console.present.checklist import checklist, tick
from supporttui.console.present.setting import ASCII, UNICODE, Glyphs
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.completing_input import CompletingInput, Source
from supporttui.console.widgets.drop_list import Candidate, DropList
from supporttui.console.widgets.ink import Ink
from supporttui.console.widgets.menu import Menu, Option
from supporttui.quickclass import dataclass
from supporttui.terminal.safe import clean_line

from .dialog import Box, Dialog

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp

AROUND = 9  # lines of the box that aren't fields or text: frame, title, label, checklist, buttons
TWO_COLUMNS = 70  # cells of the box from which two fields stand beside each other


class Asked(NamedTuple):
    """A field.  example: shown dim while it is empty.  whole: takes a line of its own."""

    name: str
    label: str
    example: str = ""
    whole: bool = False


Ask = Callable[[str, str, Mapping[str, str]], Awaitable[Sequence[Candidate]]]
Fill = Callable[[str, Mapping[str, str]], Awaitable["Filled"]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What is known once a field is settled: other fields' values, and one line to read.

    "" as a value takes back what was filled in before.  meant: what stands for the text of the field itself, which
    was only a way to find it (a telephone number).
    """

    values: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    meant: str = ""


def _fine(_name: str, _value: str) -> str:
    return ""


async def _nothing(_name: str, _typed: str, _values: Mapping[str, str]) -> Sequence[Candidate]:
    return ()


async def _empty(_name: str, _values: Mapping[str, str]) -> Filled:
    return Filled()


@dataclass(frozen=True, slots=True)
class Form:
    """What a form needs to know.

    values: what is in it.  required: fields that the policy asks for.  completes: fields with
    candidates; ask: from (field, what is typed, the other values) to candidates.  knows: fields that tell others; tell: from
    (field, values) to what they tell.  remark: said beside the count of the checklist.  wrong: from a field and
    its text to why that text is none, "" where it is one.  listing: fields whose candidates are listed by themselves
    where they don't begin with what is typed.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    required: Sequence[str] = ()
    completes: frozenset[str] = frozenset()
    ask: Ask = _nothing
    knows: frozenset[str] = frozenset()
    tell: Fill = _empty
    remark: Callable[[Mapping[str, str]], str] = lambda _values: ""
    wrong: Callable[[str, str], str] = _fine
    listing: frozenset[str] = frozenset()
    error: str = ""

    def source(self, name: str, values: Callable[[], Mapping[str, str]]) -> Source | None:
        """Where candidates for a field come from, None for nowhere.  values: those that are in the form then."""

        async def source(typed: str) -> Sequence[Candidate]:
            return await self.ask(name, typed, values())

        return source if name in self.completes else None


class FormDialog(Dialog[str]):
    """Answers the id of a button, "left", or "editor".

    Subclasses say which fields there are (`FIELDS`, `TEXT` for a last one of many lines)
    and which buttons.
    """

    app: ConsoleApp
    FIELDS: Sequence[Asked] = ()
    TEXT: Asked | None = None
    KIND = ""
    BELOW = 0  # lines between the fields and the checklist
    LEAST = 5  # lines of the text
    KEYS: ClassVar[Sequence[tuple[str, str]]] = (
        ("Tab", "next, or takes"),
        ("Down", "lists"),
        ("ctrl+d", "to the buttons"),
        ("Esc", "keeps it"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._form = Form()
        self._filled: dict[str, str] = {}
        # Every letter asks for all of them, and to search the screen for each is slow.
        self._inputs: dict[str, Input] = {}
        self._ticks: list[Bar] = []
        self.buttons: Sequence[Option] = ()
        self.ticket = 0

    # -- what it is made of ---------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Box(classes="form"):
            yield self.title_bar()
            with VerticalScroll(id="fields", can_focus=False):
                for row in _rows(self.FIELDS):
                    with Horizontal(classes="row"):
                        for one in row:
                            yield from self._pair(one)
                if (text := self.TEXT) is not None:
                    yield self._label(text, "wide-label")
                    yield _text_area()
            yield from self.below()
            error = self.error_bar()
            self._ticks.append(error)
            yield error
            yield Menu(id="menu", flat=True, letters=False)
        yield DropList()

    def below(self) -> ComposeResult:
        """What a form tells besides, between the fields and the checklist."""
        yield from ()

    def _pair(self, one: Asked) -> ComposeResult:
        with Horizontal(classes="pair"):
            yield self._label(one, "label")
            field = self._inputs[one.name] = CompletingInput(id=one.name)
            field.words = one.name == "tags"
            yield field

    def _label(self, one: Asked, classes: str) -> Bar:
        label = Bar(lambda _width: [self._ticked(one)], classes=classes)
        self._ticks.append(label)
        return label

    def _ticked(self, one: Asked) -> Line:
        mark = ""
        if one.name in self._form.required:
            mark = tick(self.there(one.name, self.value(one.name)), self.glyphs)
        return line(Span(f"{mark:<2}", "" if mark else "muted"), Span(one.label, "muted"))

    def there(self, name: str, value: str) -> bool:
        """Whether a field says something that can be meant."""
        return bool(value) and not self._form.wrong(name, value)

    @property
    def asked(self) -> Sequence[Asked]:
        return (*self.FIELDS, self.TEXT) if self.TEXT is not None else self.FIELDS

    def opened(self) -> None:
        self._filled = {}
        for one in self.FIELDS:
            field = self.query_one(f"#{one.name}", CompletingInput)
            field.placeholder = f"e.g. {one.example}" if one.example else ""
            field.source = self._form.source(one.name, self.values)
            field.listing = one.name in self._form.listing
            field.entered = self.entered
            field.fill(self._form.values.get(one.name, ""))
        if self.TEXT is not None:
            self.query_one(TextArea).load_text(self._form.values.get(self.TEXT.name, ""))
        self.query_one(DropList).close()
        self.query_one(Menu).offer(self.buttons)
        self.query_one("#fields", VerticalScroll).scroll_home(animate=False)
        self._arrange()
        self.query_one(f"#{self.FIELDS[0].name}", Input).focus()
        self.paint_checklist()
        if self._form.error:
            self.complain(self._form.error)

    # -- what is in it --------------------------------------------------------------------------

    def value(self, name: str) -> str:
        if not (self._open and self.is_mounted):
            return ""
        if self.TEXT is not None and name == self.TEXT.name:
            return self.query_one(TextArea).text.strip()
        field = self._inputs.get(name)
        return field.value.strip() if field is not None else ""

    def all_values(self) -> dict[str, str]:
        """Every field with what is in it."""
        found = {one.name: self.query_one(f"#{one.name}", Input).value.strip() for one in self.FIELDS}
        if self.TEXT is not None:
            found[self.TEXT.name] = self.query_one(TextArea).text
        return found

    def values(self) -> dict[str, str]:
        """What has been filled in."""
        return {name: value for name, value in self.all_values().items() if value.strip()}

    def unsent_draft(self) -> tuple[int, str, str, dict[str, str]] | None:
        """Ticket, kind, text and fields that would be lost; None when there is nothing."""
        if not (self._open and self.is_mounted):
            return None
        data = self.to_keep()
        return (self.ticket, self.KIND, "", data) if data else None

    def to_keep(self) -> dict[str, str]:
        """The fields that are kept as a draft."""
        return self.values()

    # -- what happens ---------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._open:
            if self.error and event.value != self._form.values.get(event.input.id or "", ""):
                self.complain("")
            self.paint_checklist()
            self.changed()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._open:
            self.paint_checklist()
            self.changed()

    def changed(self) -> None:
        """Something in it is another: for what a form tells besides."""

    def entered(self, name: str) -> None:
        """Enter in a field."""
        self.focus_next()

    def on_completing_input_settled(self, event: CompletingInput.Settled) -> None:
        event.stop()
        name = event.field.id or ""
        typed = self.value(name) != self._form.values.get(name, "").strip()
        if self._open and typed and name in self._form.knows and self.value(name):
            self.run_worker(self._fill(name), group=f"fill {name}", exclusive=True)

    async def _fill(self, name: str) -> None:
        """Put in what is known, where nothing is or where it was put in before."""
        value = self.value(name)
        found = await self._form.tell(name, self.values())
        if not self._open or self.value(name) != value:
            return
        if found.meant not in ("", value) and found.meant == clean_line(found.meant):
            self.query_one(f"#{name}", CompletingInput).fill(found.meant)
        for other, text in found.values.items():
            self._put_in(other, text)
        if found.said:
            self.hint = found.said
            self.query_one("#title", Bar).paint()
        self.paint_checklist()

    def _put_in(self, name: str, text: str) -> None:
        """Put a known text into a field that nobody filled in; "" takes back what was put there before.

        In the field where one is about to type it is marked, so that what is typed takes its place.
        """
        field, before = self.query_one(f"#{name}", CompletingInput), self._filled.get(name)
        if field.value.strip() not in ("", before) or (not text and before is None):
            return
        if (field.has_focus and field.value) or text != clean_line(text):
            return  # what a stranger wrote is put in only where it is harmless as it stands
        field.fill(text)
        if field.has_focus:
            field.select_all()
        self._filled[name] = text
        if not text:
            del self._filled[name]

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up") and isinstance(self.focused, Input):
            event.stop()
            _ = self.focus_next() if event.key == "down" else self.focus_previous()
        elif event.key == "ctrl+d":
            event.stop()
            self.query_one(Menu).focus()

    def on_menu_picked(self, event: Menu.Picked) -> None:
        event.stop()
        if event.option.id == "left":
            self.left()
        else:
            self.picked(event.option.id)

    def picked(self, button: str) -> None:
        self.answer(button)

    def left(self) -> None:
        self.answer("left")

    def _wrongly(self, name: str, value: str) -> str:
        """ "Severity (there is no 9)", for the list of what is missing."""
        label = next((one.label for one in self.asked if one.name == name), name)
        return f"{label} ({self._form.wrong(name, clean_line(value))})"

    @property
    def glyphs(self) -> Glyphs:
        return ASCII if Ink.of(self.app).ascii else UNICODE

    # -- how it looks ---------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        if self._open:
            self._arrange()
            self.query_one(DropList).close()
            if self.focused is not None:
                self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def _arrange(self) -> None:
        """One column or two, and the text as high as there is room, at least some lines."""
        wide, high = self.app.size.width, self.app.size.height
        narrow = min(96, wide * 96 // 100) - 4 < TWO_COLUMNS
        self.set_class(narrow, "narrow")
        if self.TEXT is not None:
            rows = len(self.FIELDS) if narrow else len(_rows(self.FIELDS))
            room = high * 96 // 100 - rows - AROUND - self.BELOW
            self.query_one(TextArea).styles.height = max(self.LEAST, room)

    def paint_checklist(self) -> None:
        for bar in self._ticks:
            bar.paint()

    def _error_lines(self, width: int) -> Sequence[Line]:
        """What is wrong, or else what is still missing: both in the same place, which a small screen has once."""
        if self.error:
            return super()._error_lines(width)
        if not (self._open and self.is_mounted):
            return []
        labels = {one.name: one.label for one in self.asked}
        values = self.values()
        have = {
            name: self.there(name, values.get(name, "")) for name in labels if name in self._form.required
        }
        labels |= {
            name: self._wrongly(name, values[name]) for name in have if not have[name] and name in values
        }
        return checklist(have, labels, self._form.remark(values), width, self.glyphs)


def _rows(fields: Sequence[Asked]) -> list[Sequence[Asked]]:
    """Fields that stand beside each other."""
    rows: list[list[Asked]] = []
    for one in fields:
        last = rows[-1] if rows else None
        if one.whole or last is None or len(last) == 2 or last[0].whole:
            rows.append([one])
        else:
            last.append(one)
    return list(rows)


def _text_area() -> TextArea:
    area = TextArea(id="text", soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True)
    area.cursor_blink = False
    return area
