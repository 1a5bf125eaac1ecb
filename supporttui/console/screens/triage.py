"""The main screen: queue, timers and ticket, with what is always true above and the keys below.

It composes, forwards keys to verbs and shows readings; what a verb does is in
`actions`, when to read is in `keeper`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from supporttui.console.keys import key_of
from supporttui.console.panes.detail import DetailPane
from supporttui.console.panes.queue import QueuePane, soonest
from supporttui.console.panes.timers import TimersPane
from supporttui.console.present.bars import Tab
from supporttui.console.question import Question
from supporttui.console.shift import Shift
from supporttui.console.snapshot import Reading
from supporttui.console.widgets.bar import Bar
from supporttui.console.widgets.divider import Divider
from supporttui.console.widgets.keyed_list import KeyedList
from supporttui.console.widgets.keyed_state import Page
from supporttui.console.widgets.prompt_bar import PromptBar
from supporttui.errors import QueryError
from supporttui.store.records import TicketLine, View
from supporttui.verbs.registry import BY_ID
from supporttui.verbs.situation import Situation

from .frame import SMALLEST, Frame
from .steady import Steady

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.console.present.spans import Line

WIDE = 160
NORMAL = (100, 30)
ZOOMS = ("queue", "timers", "detail")


class Triage(Steady, Screen[None]):
    """Three panes on one desk."""

    AUTO_FOCUS = None
    app: ConsoleApp
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)  # panes show the focus themselves

    def __init__(self, shift: Shift) -> None:
        super().__init__()
        self.shift = shift
        self.views: tuple[View, ...] = ()
        self.tabs: list[Tab] = []
        self.view = 0
        self.question = Question("", "")
        self.typed: Question | None = None  # a query of one's own, a tab before the views until it is left
        self.fault = ""  # why the question can't be asked
        self.fault_column = 0
        self.zoomed = ""
        self.shape = ""
        self.was_on: int | None = None  # the ticket under the cursor when the list was last asked for anew
        self.stay_on: int | None = None  # a ticket that the next list begins on, if it is in it
        self.asked_for = 0  # a ticket that was gone to by its number and is not in the list
        self.frame = Frame(self)
        self.queue = QueuePane(shift, self.frame.empty)
        self.timers = TimersPane(shift)
        self.detail = DetailPane(shift)
        self.prompt = PromptBar(id="prompt")
        self._bars: dict[str, Bar] = {}  # every key repaints some: to search the screen for each is slow
        self.opened = 0  # the ticket that the detail pane was entered for; it may not have been read yet
        self._last_pane = "queue"

    def compose(self) -> ComposeResult:
        # While there are no widgets yet, so that they are styled once.
        self.set_class(self.app.ink.ascii, "ascii", update=False)
        self._reshape(self.app.size.width, self.app.size.height)
        yield self._bar(self.frame.header, "header")
        with Container(id="top"):
            yield self._bar(self.frame.tabs, "tabs")
            yield self._bar(self.frame.place, "place")
        with Container(id="body"):
            with Container(id="left"):
                yield self.queue
                yield Divider(classes="between")
                yield self.timers
            yield Divider(id="divider")
            yield self.detail
        yield self._bar(self.frame.footer, "footer")
        yield self.prompt
        yield Bar(self.frame.too_small, id="too-small")

    def _bar(self, draw: Callable[[int], Sequence[Line]], name: str) -> Bar:
        bar = self._bars[name] = Bar(draw, id=name)
        return bar

    def on_mount(self) -> None:
        # After a stop from outside and `fg` the terminal shows nothing until everything is painted again.
        self.app.app_resume_signal.subscribe(self, lambda _app: self.app.screen.refresh())
        self.focus_pane("queue")

    # -- what is where --------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        self._reshape(event.size.width, event.size.height)

    def _reshape(self, width: int, height: int) -> None:
        tiny = width < SMALLEST[0] or height < SMALLEST[1]
        normal = width >= NORMAL[0] and height >= NORMAL[1]
        shape = "tiny" if tiny else "wide" if width >= WIDE and normal else "normal" if normal else "small"
        if shape != self.shape:
            self.shape = shape
            for name in ("tiny", "small", "normal", "wide"):
                self.set_class(name == shape, name, update=False)
            if self.children:
                self.update_node_styles(animate=False)
            if shape == "small" and self.active == "detail" and not self.zoomed:
                self.focus_pane("queue")

    @property
    def active(self) -> str:
        """The pane that has the focus: "queue", "timers" or "detail"."""
        focused = self.focused
        if focused is not None and focused.id in ZOOMS:
            self._last_pane = str(focused.id)
        return self._last_pane

    def focus_pane(self, name: str) -> None:
        """Give a pane the focus; one that is not on screen is zoomed."""
        if name != "detail":
            self.opened = 0
        elif self.active != "detail":
            self.opened = self.wished
        if self.active == "timers" and not self.timers.list.held.position.row:
            self.timers.list.used = False  # left at its top, it stays there
        if self.zoomed == "detail" and self.shape == "small" and name != "detail":
            self.zoom("")  # there the ticket is always over the whole body, and leaving it brings all back
        elif self.zoomed and self.zoomed != name:
            self.zoom(name)
        elif name == "detail" and self.shape == "small" and self.zoomed != "detail":
            self.zoom("detail")
        self._last_pane = name
        self.query_one(f"#{name}").focus(scroll_visible=False)
        self.call_later(self.paint_bars)

    def zoom(self, name: str) -> None:
        """One pane over the whole body; "" for all of them again."""
        self.zoomed = name
        for one in ZOOMS:
            self.set_class(one == name, f"zoom-{one}")

    @property
    def lists(self) -> dict[str, KeyedList]:
        return {"queue": self.queue.list, "timers": self.timers.list}

    @property
    def number(self) -> int:
        """The ticket that verbs act on, 0 for none."""
        if self.asked_for:
            return self.asked_for
        if self.active == "timers":
            return int(self.timers.list.cursor[0]) if self.timers.list.cursor else 0
        if self.active == "detail" and (self.opened or self.detail.number):
            return self.opened or self.detail.number
        return int(self.queue.list.cursor or 0)

    @property
    def wished(self) -> int:
        """The ticket that the detail pane ought to show."""
        if self.asked_for:
            return self.asked_for
        source = "timers" if self._last_pane == "timers" else "queue"
        cursor = self.lists[source].cursor
        if self._last_pane == "detail" and (self.opened or self.detail.number):
            return self.opened or self.detail.number
        return int(cursor[0] if isinstance(cursor, tuple) else cursor or 0)

    # -- keys -----------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        if self.prompt.asking:
            return
        event.stop()
        event.prevent_default()
        if self.shift.hush(key=True):
            self.paint_bars("footer")
        if event.key == "escape":
            self.app.back()
            return
        verb = self.shift.keymap.verb(key_of(event))
        if verb is None and event.key in ("ctrl+c", "ctrl+z"):
            leave = self.shift.keymap.shown(BY_ID["quit"], ascii=self.app.ink.ascii)
            self.app.say(f"{leave} leaves")
        if (verb is not None and self.shape != "tiny") or (verb is not None and verb.id == "quit"):
            self.app.perform(verb)
            self.paint_bars("place")  # now, so that it is in the frame that the key paints

    def on_keyed_list_moved(self, event: KeyedList.Moved) -> None:
        if event.by_reader:
            self.asked_for = 0
        self.paint_bars("place")
        self.app.reader.want_detail()

    def on_keyed_list_wants(self, event: KeyedList.Wants) -> None:
        if event.source is self.queue.list:
            self.app.reader.want_page(event.first, event.count)

    def on_keyed_list_chosen(self, event: KeyedList.Chosen) -> None:
        self.focus_pane("detail")

    def on_descendant_focus(self) -> None:
        self.app.reader.want_detail()

    # -- readings -------------------------------------------------------------------------------

    def show_reading(self, reading: Reading, *, anew: bool) -> Any:
        """Put a reading on the screen; returns how the queue was merged (None when it began anew)."""
        merged, self.fault = None, ""
        if anew:
            stay, self.stay_on = self.stay_on, None
            self.queue.list.restart(reading.queue, cursor=stay, keep_marks=stay is not None)
        else:
            merged = self.queue.list.merge(reading.queue)
        timers = self.timers.list
        if timers.used or self.active == "timers":
            timers.merge(reading.timers)
        else:
            timers.rest(reading.timers)  # a new first deadline must not lie above what is in sight
        if reading.subject is not None or not self.wished:
            self.detail.show(reading.subject)
        self.paint_bars()
        return merged

    def show_fault(self, question: Question, error: QueryError) -> None:
        """A question that can't be asked shows no row, and why."""
        if question == self.question:
            self.fault, self.fault_column = str(error), error.column
            self.stay_on = None
            self.queue.list.restart(Page((), 0, 0))
            self.paint_bars()

    def show_views(self, views: Sequence[View]) -> None:
        """The views there are, not counted yet."""
        self.views = tuple(views)
        self.tabs = [Tab(view.name) for view in views]

    def show_tabs(self, tabs: list[Tab]) -> None:
        """The views as they are counted now."""
        self.tabs = tabs
        self.paint_bars("tabs")

    def row_of(self, number: int) -> TicketLine | None:
        """The queue row of a ticket, when it is held."""
        return self.queue.list.held.rows.get(number)

    def situation(self) -> Situation:
        """What decides whether a verb can run."""
        number = self.number
        ticket = self.detail.subject.ticket if self.detail.subject and self.detail.number == number else None
        row = ticket or self.row_of(number)
        base = Situation(
            ticket=number,
            marked=len(self.queue.list.held.marks.keys),
            actor=self.shift.setting.actor,
            readonly=self.shift.desk.readonly,
            busy=self.shift.busy,
            rows=self.queue.list.total,
            commands=len(self.app.own),
            repeats=self.app.work.last.verb if self.app.work.last else "",
        )
        if row is None:
            return base
        return replace(
            base,
            status=row.status,
            owner=row.owner,
            severity=row.severity,
            open=row.status not in ("resolved", "closed") and not row.merged_into,
            merged_into=row.merged_into,
            moves=self.app.facts.moves(row.status),
        )

    # -- painting -------------------------------------------------------------------------------

    def in_sight(self) -> tuple[object, ...]:
        """Which rows are on the screen; other ones may count in seconds, not minutes."""
        return tuple((rows.held.position.top, rows.held.position.height) for rows in self.lists.values())

    def paint_clocks(self) -> int:
        """Repaint the countdowns that read otherwise; seconds until the next one does, 0 for never."""
        self.queue.list.paint()
        self.timers.list.paint()
        return soonest((self.queue.changes_in(), self.timers.changes_in()))

    def paint_bars(self, *names: str) -> None:
        """Repaint what became different in the bars of these names, or in all of them."""
        for name in names or ("header", "tabs", "place", "footer"):
            if name in self._bars:  # none before there are widgets
                self._bars[name].paint()
