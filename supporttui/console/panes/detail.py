"""One ticket: facts, clocks and journal, with what is new to the analyst in sight and marked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from supporttui.console.journal_window import PAGE, Pages
from supporttui.console.present import company, journal
from supporttui.console.present import verdict as owed
from supporttui.console.present.detail import HEAD, NEWS, Subject
from supporttui.console.present.journal import ALL, FOLDED, LINE, Level
from supporttui.console.present.spans import EMPTY, Line, Span, line, line_width
from supporttui.console.shift import Shift
from supporttui.console.widgets.block_reader import Place
from supporttui.console.widgets.blocks import Doc, Spot
from supporttui.console.widgets.journal_view import JournalView
from supporttui.terminal.safe import clean_line, clip

from .pane import Pane
from .ticket_text import TicketText, Visit

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp

REMEMBERED = 200  # tickets whose place and folds are kept for when one comes back
TITLE_CELLS = 16
RULE_CELLS = 10  # of the rule itself around its words
SUBJECT_CELLS = 12  # below which the rule does not say what the ticket is about


class DetailPane(Pane):
    """Shows a subject; the same ticket stays where it was scrolled to."""

    app: ConsoleApp

    def __init__(self, shift: Shift) -> None:
        super().__init__("Ticket", shift, id="detail-pane")
        self.text = TicketText(shift)
        self.history = self.text.history
        self.view = JournalView(self._fit, self.rule.paint, id="detail")
        self.seen_up_to = 0  # the newest entry of it that the analyst is known to have seen
        self.marked = 0  # and that was marked as seen since the ticket was opened
        self._unread = True  # it was not on the screen when it was last given something to show
        self._visits: OrderedDict[int, Visit] = OrderedDict()
        self._back: Place | None = None  # to which one comes back when that part of the journal is read

    def compose(self) -> ComposeResult:
        yield self.rule
        yield self.view

    @property
    def subject(self) -> Subject | None:
        return self.text.subject

    @property
    def number(self) -> int:
        """The ticket that is shown, 0 for none."""
        return self.subject.ticket.number if self.subject else 0

    @property
    def outdated(self) -> bool:
        """Whether what it says the customer is owed was decided for another day."""
        return self.subject is not None and owed.outdated(self.subject.verdict, self.shift.now())

    # -- what is shown --------------------------------------------------------------------------

    def show(self, subject: Subject | None) -> None:
        """Show a ticket; one that is shown already stays as it is being read."""
        visible = self.in_sight
        if self.number and not self._unread:
            self.text.visit.place = self.view.place
        same = subject is not None and subject.ticket.number == self.number and not self._unread
        self.text.subject = subject
        self._unread = not visible
        if subject is not None and same and visible:
            self.seen_up_to = max(subject.news.after, self.seen_up_to)
            self.history.take(_newest(subject))
            self.relayout()
        elif subject is not None and visible:
            self._open(subject)
        elif subject is None:
            self.view.open(self._doc())
        self.rule.paint()

    @property
    def in_sight(self) -> bool:
        """Whether the pane is on the screen, as far as it is concerned."""
        return bool(self.display and self.view.is_attached and self.view.content_size.width)

    def _fit(self) -> None:
        """There is another size, or it has come on the screen."""
        if self._unread and self.subject is not None and self.in_sight:
            self._unread = False
            self._open(self.subject)
        else:
            self.relayout()

    def _open(self, subject: Subject) -> None:
        """Begin to read a ticket, where it was left or at what is new since."""
        self.history.begin(_newest(subject))
        self.seen_up_to = subject.news.after
        self.text.forget()
        self.marked = 0
        self.text.visit = self._visits.pop(self.number, Visit())
        self._visits[self.number] = self.text.visit
        if len(self._visits) > REMEMBERED:
            self._visits.popitem(last=False)
        known = subject.journal[0].id if subject.journal else 0
        self.text.visit.after = subject.news.after if subject.news.count else known
        self.text.visit.since = subject.news.at if subject.news.count else self.shift.now()
        if not subject.news.count:
            self.seen_up_to = max(self.seen_up_to, known)
        place = self.text.visit.place
        self.view.more = (not self.history.first, not self.history.last)
        self.view.open(self._doc(), place)
        if subject.news.count:
            self._to_news()
        elif (
            place is not None
            and isinstance(place.top.key, int)
            and self.view.doc.place(place.top.key) is None
        ):
            self._back = place
            self.app.reader.want_journal("around", place.top.key)

    def _to_news(self) -> None:
        view, first = self.view, next((key for key in self.view.doc.keys if isinstance(key, int)), None)
        block = view.doc.block(first)
        if block is None or view.doc.place(NEWS) is None:
            return
        view.cursor = first
        wanted = sum(block.line(at) is not None for at in range(8))
        shown = view.shown
        rows = [row for row, one in enumerate(shown) if one.spot.key == NEWS]
        if not rows or rows[0] + 1 + wanted > view.height_shown:
            view.top = Spot(NEWS)
        view.open(view.doc, view.place)

    def take(self, pages: Pages) -> None:
        """A part of the journal that was asked for."""
        if pages.number != self.number or not pages.entries:
            return
        if pages.which in ("older", "newer"):
            self.history.take(pages)
            self.relayout()
            return
        self.history.begin(pages)
        self.view.more = (not self.history.first, not self.history.last)
        self.view.open(self._doc(), self._back if pages.which == "around" else None)
        if pages.which != "around":
            self.view.stand_at_end(last=pages.which == "oldest")

    def relayout(self) -> None:
        """Make the text anew for the time and the width there are; what is read stays where it is."""
        if self._unread and self.subject is not None:
            return  # it is opened when it comes on the screen
        if self.view.is_attached and self.view.content_size.width:
            self.view.more = (not self.history.first, not self.history.last)
            self.view.renew(self._doc())
            self.rule.paint()

    def on_journal_view_wants(self, event: JournalView.Wants) -> None:
        event.stop()
        if self.history.entries:
            older = event.which == "older"
            self.app.reader.want_journal(event.which, self.history.entries[-1 if older else 0].id)

    # -- folding --------------------------------------------------------------------------------

    def toggle(self) -> bool:
        """Fold or unfold the entry under the cursor; False when the cursor is on none."""
        block = self.text.blocks.get(self.view.cursor)
        if block is None or self.subject is None:
            return False
        level, ticket, look = self.text.level(block), self.subject.ticket, self.text.look(self.view.cells)
        if journal.hides(block, ticket, look, level):
            level = ALL
        else:
            level = FOLDED if journal.hides(block, ticket, look, FOLDED) else LINE
        for entry in block:
            self.text.visit.folds.pop(entry.id, None)
        self.text.visit.folds[block[-1].id] = level
        self.relayout()
        self.view.show_block()
        return True

    def fold_all(self, level: Level) -> None:
        """Every entry as one line, or in full."""
        self.text.visit.level = level
        self.text.visit.folds.clear()
        self.relayout()

    def _doc(self) -> Doc:
        """All of it, with what the analyst has left unsent."""
        self.text.drafts = [draft for (number, _), draft in self.app.drafts.items() if number == self.number]
        return self.text.doc(self.view.cells)

    # -- what the rule says ---------------------------------------------------------------------

    def _rule(self, width: int) -> Sequence[Line]:
        self.title = self._named(width - line_width(self.beside(width)) - RULE_CELLS)
        return super()._rule(width)

    def _named(self, cells: int) -> str:
        """Its number, and what it is about when that is not on the screen itself."""
        if self.subject is None:
            return "Ticket"
        name = f"Ticket {self.number}"
        room = cells - len(name) - 1
        if self.view.top in (Spot(HEAD), Spot(None)) or room < SUBJECT_CELLS:
            return name
        return f"{name} {clip(clean_line(self.subject.ticket.subject), room)}"

    def beside(self, width: int) -> Line:
        """Who else is here, and how much is new."""
        news, here = self._unseen_words(), self.shift.company.on(self.number)
        said = line(Span(news, "bold"))
        if not here:
            return said
        room = width - TITLE_CELLS - (line_width(said) + 3 if said else 0)
        others = company.beside(here, max(room, 8), self.shift.setting)
        between = line(Span(f" {self.shift.setting.glyphs.dot} ", "muted")) if said else EMPTY
        return (*others, *between, *said)

    def _unseen_words(self) -> str:
        """ "2 unseen", or "2 new above" when they are not in sight."""
        if not self.text.by_others(self.seen_up_to):
            return ""
        count = self.text.counted(self.seen_up_to)
        first = self.history.entries[0].id
        in_sight = any(
            first in [entry.id for entry in self.text.blocks.get(one.spot.key, ())] for one in self.view.shown
        )
        return f"{count} unseen" if in_sight or self.subject is None else f"{count} new above"

    def saw(self, entry: int) -> None:
        """An entry has rested in sight."""
        self.marked = entry
        self.seen_up_to = max(self.seen_up_to, entry)

    def newest_in_sight(self) -> int:
        """The newest entry whose line is on the screen, 0 for none."""
        return max(
            (
                self.text.blocks[one.spot.key][0].id
                for one in self.view.shown
                if one.spot.key in self.text.blocks
            ),
            default=0,
        )


def _newest(subject: Subject) -> Pages:
    return Pages(subject.ticket.number, "newest", subject.journal, True, len(subject.journal) < PAGE)
