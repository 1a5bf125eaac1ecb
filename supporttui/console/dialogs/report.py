"""The report form: what the policy asks for with every problem, first and in order, and what is owed, as one writes.

Enter goes to the next fact that is still missing, so that whatever the book
knows is never walked through.  The verdict is asked for when the typing rests
and arrives beside it; no key waits for it, and nothing that is missing stops a
report, a Severity 1 least of all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import TextArea

from supporttui.console.present import known
from supporttui.console.present import verdict as owed
from supporttui.console.present.spans import Line, Span, line, line_width, spread
from supporttui.console.present.verdict import MOST_LINES, Closed
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.completing_input import CompletingInput
from supporttui.console.widgets.menu import Menu, Option
from supporttui.quickclass import dataclass

from .form import Asked, Form, FormDialog

if TYPE_CHECKING:
    from supporttui.desk.known_hints import KnownLine
    from supporttui.policy.verdict import Verdict

REST = 0.2  # seconds without a change after which the verdict is asked for
LOW = 30  # lines of the screen below which the verdict has one line

# Always in the form, whatever the policy asks for: without them nobody knows what it is about.
FIRST = (
    Asked("subject", "Subject", "transfers restart several times", whole=True),
    Asked("severity", "Severity", "2; Down lists them"),
    Asked("customer", "Customer", "name, telephone, site"),
)
REST_OF_THEM = (
    Asked("contact", "Contact", "J. Ortiz"),
    Asked("contact_phone", "Telephone", "+1 612 555 0142"),
    Asked("contact_email", "E-mail", "me@acme.example"),
    Asked("site", "Site", "0417"),
    Asked("product", "Product", "HyperIP"),
    Asked("release", "Release", "7.1"),
    Asked("os", "System", "z/OS"),
    Asked("os_release", "Its release", "3.1"),
    Asked("plan", "Plan"),
    Asked("channel", "Reported by", "phone"),
    Asked("reported_at", "Time of call", "14:05, or now"),
    Asked("callback", "Call back at", "+1 612 555 0199"),
    Asked("environment", "Environment"),
    Asked("category", "Category"),
)
FIELDS = (*FIRST, *REST_OF_THEM)
# What the verdict depends on.
DECIDING = ("severity", "category", "customer", "plan", "site", "product", "release", "os", "os_release")

Enter = Callable[[Mapping[str, str]], Awaitable[str]]
# What a known error is looked for by.
TELLING = ("product", "release", "subject", "description")

Judge = Callable[[Mapping[str, str]], Awaitable["Verdict | None"]]
Look = Callable[[Mapping[str, str]], Awaitable["KnownLine | None"]]
Shut = Callable[[str], tuple[int, Closed | None]]


async def _none_known(_values: Mapping[str, str]) -> KnownLine | None:
    return None


async def _nobody(_values: Mapping[str, str]) -> Verdict | None:
    return None


def _open(_severity: str) -> tuple[int, Closed | None]:
    return 0, None


@dataclass(frozen=True, slots=True)
class Aside:
    """What the form tells besides.

    asked: fields that the policy asks for, but not with every report.  judge: from the values to the verdict.
    closed: from the severity as it is written to its number and whether nobody works on it now.
    known: from the values to the known error that it may be about.
    """

    asked: Sequence[str] = ()
    judge: Judge = _nobody
    closed: Shut = _open
    known: Look = _none_known


class ReportForm(FormDialog):
    """The fields are those of the policy that is in force when the form is first shown.

    Answers "sent", "editor", or "left" when the form was left with its draft kept.
    """

    FIELDS: Sequence[Asked] = FIELDS
    TEXT = Asked("description", "What happened")
    KIND = "report"
    KEYS = (
        ("Enter", "next missing"),
        ("Tab", "next, or takes"),
        ("Down", "lists"),
        ("ctrl+d", "to the buttons"),
        ("ctrl+e", "editor"),
        ("Esc", "keeps it"),
    )
    LEAST = 4

    def __init__(self) -> None:
        super().__init__()
        self._enter: Enter | None = None
        self._sending = False
        self._aside = Aside()
        self._verdict: Verdict | None = None
        self._judged: Sequence[str] = ()
        self._known: KnownLine | None = None
        self._looked: Sequence[str] = ()
        self._looking: Timer | None = None
        self._meant = ""  # the customer whose name was chosen or left as it stands
        self._timer: Timer | None = None
        self.buttons = (Option("send", "Report"), Option("left", "Leave, keep draft"))

    def prepare(self, form: Form, enter: Enter, aside: Aside | None = None) -> ReportForm:
        """enter: tries to write the report; returns what went wrong, "" for success."""
        self.heading = "Report a problem"
        self.hint = "what is not known may be left out"
        self._form, self._enter, self._aside = form, enter, aside or Aside()
        if not self.is_mounted:
            self.FIELDS = in_order(form.required, self._aside.asked)
        self._verdict, self._judged, self._meant = None, (), form.values.get("customer", "").strip()
        self._known, self._looked = None, ()
        return self

    # -- what the policy asks for ---------------------------------------------------------------

    def entered(self, name: str) -> None:
        """Enter: to the next fact that is missing, behind the last of them what happened, and then the buttons."""
        if wrong := self._form.wrong(name, self.value(name)) if self.value(name) else "":
            self.complain(f"{wrong}; Tab leaves it so")
            return
        names = [one.name for one in self.FIELDS]
        wanted = {"subject", "severity", "customer", *self._form.required}
        for other in names[names.index(name) + 1 :] if name in names else ():
            if other in wanted and not self.there(other, self.value(other)):
                self.query_one(f"#{other}", CompletingInput).focus()
                return
        if self.value("description"):
            self.query_one(Menu).focus()
        else:
            self.query_one(TextArea).focus()

    def on_completing_input_settled(self, event: CompletingInput.Settled) -> None:
        """Textual calls the one of `FormDialog` too."""
        if self._open and event.field.id == "customer":
            self._meant = self.value("customer")
            self.changed()

    # -- what is owed ---------------------------------------------------------------------------

    def below(self) -> ComposeResult:
        yield Bar(self._told, id="told")

    def _arrange(self) -> None:
        self.BELOW = 1 if self.app.size.height < LOW else MOST_LINES
        self.query_one("#told", Bar).styles.height = self.BELOW
        super()._arrange()

    def opened(self) -> None:
        super().opened()
        self.changed()

    def changed(self) -> None:
        """Ask for the verdict once the typing rests, when it may be another."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.judging:
            self._timer = self.set_timer(REST, self._judge)
        self._look_soon()
        self.query_one("#title", Bar).paint()

    def _deciding(self) -> Sequence[str]:
        """What the verdict depends on; a customer who is still being looked for is none yet."""
        values = {name: self.value(name) for name in DECIDING}
        if self.query_one("#customer", CompletingInput).has_focus and values["customer"] != self._meant:
            values["customer"] = ""
        return tuple(values.values())

    @property
    def judging(self) -> bool:
        """Whether the verdict that is shown is not yet that of the fields."""
        return self._open and self._deciding() != self._judged

    def _judge(self) -> None:
        self._timer = None
        if self._open and self.is_mounted:
            self.run_worker(self._ask(), group="verdict", exclusive=True)

    async def _ask(self) -> None:
        if not (self._open and self.is_mounted):
            return
        asked = self._deciding()
        found = await self._aside.judge(dict(zip(DECIDING, asked, strict=True)))
        if self._open and asked == self._deciding():
            self._verdict, self._judged = found, asked
            self.query_one("#told", Bar).paint()
            self.query_one("#title", Bar).paint()

    # -- what is known of it --------------------------------------------------------------------

    def _look_soon(self) -> None:
        if self._looking is not None:
            self._looking.stop()
            self._looking = None
        if self._open and self._telling() != self._looked:
            self._looking = self.set_timer(REST, self._look)

    def _telling(self) -> Sequence[str]:
        return tuple(self.value(name) for name in TELLING)

    async def _look(self) -> None:
        """The known error that it may be about; the store is asked while nothing is typed."""
        self._looking = None
        if not (self._open and self.is_mounted):
            return
        asked = self._telling()
        found = await self._aside.known(dict(zip(TELLING, asked, strict=True)))
        if self._open and asked == self._telling():
            self._known, self._looked = found, asked
            self.query_one("#title", Bar).paint()

    def _told(self, width: int) -> Sequence[Line]:
        """The verdict, in as many lines as there are for it."""
        high, verdict = self.BELOW, self._verdict
        shown = [] if verdict is None else list(owed.lines(verdict, width, self.glyphs, most=high))
        return [*shown, *([()] * (high - len(shown)))]

    def _title_lines(self, width: int) -> Sequence[Line]:
        """Beside the heading, that nobody works on this severity now, and whom to call; below it what must be told."""
        heading, hint = super()._title_lines(width)
        hint = next(known.beside(self._known, width, self.glyphs), hint)
        hint = next(owed.warnings(self._verdict, width, self.glyphs, most=1), hint)
        number, closed = self._aside.closed(self.value("severity"))
        if closed is None:
            return [heading, hint]
        app = self.app
        told = owed.hours(number, closed, app.shift.setting, app.shift.now())
        right = line(Span(told, "warning"))
        if line_width(right) + len(self.heading) + 2 > width:
            right = line(Span(owed.call(number, closed), "warning"))
        return [spread(line(Span(self.heading, "title")), right, width), hint]

    # -- keys -----------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+e" and not self._sending:
            event.stop()
            event.prevent_default()
            self.answer("editor")

    def picked(self, button: str) -> None:
        if not self._sending and self._enter is not None:
            self._sending = True
            self.app.opening(True)
            self.run_worker(self._try(self._enter))

    async def _try(self, enter: Enter) -> None:
        try:
            with self.app.performer.deed():
                wrong = await enter(self.values())
        finally:
            self._sending = False
        if wrong:
            self.complain(wrong)
        else:
            self.answer("sent")


def in_order(required: Sequence[str], asked: Sequence[str]) -> Sequence[Asked]:
    """The fields: those that the policy asks for, in the order of a call, and behind them the rest."""
    wanted = {*required, *asked}
    return (*FIRST, *sorted(REST_OF_THEM, key=lambda one: one.name not in wanted))
