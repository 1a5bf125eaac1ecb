"""One ticket: facts, clocks and journal, with what is new to the analyst in sight and marked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from supporttui.console.journal_window import PAGE, History, Pages
from supporttui.console.present import company, detail, journal
from supporttui.console.present.detail import DESCRIPTION, HEAD, MORE, NEWER, NEWS, OLD, READABLE, Subject
from supporttui.console.present.journal import ALL, FOLDED, LINE, Level, Look
from supporttui.console.present.spans import EMPTY, Line, Span, line, line_width
from supporttui.console.shift import Shift
from supporttui.console.widgets.block_reader import Place
from supporttui.console.widgets.blocks import Block, Doc, Key, Lazy, Spot
from supporttui.console.widgets.journal_view import JournalView
from supporttui.quickclass import dataclass
from supporttui.store.records import Draft, JournalEntry
from supporttui.terminal.safe import clean_line, clip

from .pane import Pane

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp

REMEMBERED = 200  # tickets whose place and folds are kept for when one comes back
BODIES, LINES = 150, 40_000  # texts, and lines of them, that stay laid out
TITLE_CELLS = 16
RULE_CELLS = 10  # of the rule itself around its words
SUBJECT_CELLS = 12  # below which the rule does not say what the ticket is about


@dataclass
class Visit:
    """How one ticket is being read.

    after, since: the last entry that had been seen when it was opened, and when that was.
    """

    after: int = 0
    since: datetime | None = None
    folds: dict[int, Level] = field(default_factory=dict)
    level: Level = FOLDED
    place: Place | None = None


class DetailPane(Pane):
    """Shows a subject; the same ticket stays where it was scrolled to."""

    app: ConsoleApp

    def __init__(self, shift: Shift) -> None:
        super().__init__("Ticket", shift, id="detail-pane")
        self.subject: Subject | None = None
        self.history = History()
        self.view = JournalView(self._fit, self.rule.paint, id="detail")
        self.seen_up_to = 0  # the newest entry of it that the analyst is known to have seen
        self.marked = 0  # and that was marked as seen since the ticket was opened
        self._visit = Visit()
        self._unread = True  # it was not on the screen when it was last given something to show
        self._visits: OrderedDict[int, Visit] = OrderedDict()
        self._back: Place | None = None  # to which one comes back when that part of the journal is read
        self._blocks: dict[Key, tuple[JournalEntry, ...]] = {}
        self._bodies: dict[tuple[object, ...], Lazy] = {}

    def compose(self) -> ComposeResult:
        yield self.rule
        yield self.view

    @property
    def number(self) -> int:
        """The ticket that is shown, 0 for none."""
        return self.subject.ticket.number if self.subject else 0

    # -- what is shown --------------------------------------------------------------------------

    def show(self, subject: Subject | None) -> None:
        """Show a ticket; one that is shown already stays as it is being read."""
        visible = self.in_sight
        if self.number and not self._unread:
            self._visit.place = self.view.place
        same = subject is not None and subject.ticket.number == self.number and not self._unread
        self.subject = subject
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
        self._bodies.clear()
        self.marked = 0
        self._visit = self._visits.pop(self.number, Visit())
        self._visits[self.number] = self._visit
        if len(self._visits) > REMEMBERED:
            self._visits.popitem(last=False)
        known = subject.journal[0].id if subject.journal else 0
        self._visit.after = subject.news.after if subject.news.count else known
        self._visit.since = subject.news.at if subject.news.count else self.shift.now()
        if not subject.news.count:
            self.seen_up_to = max(self.seen_up_to, known)
        place = self._visit.place
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
        block = self._blocks.get(self.view.cursor)
        if block is None or self.subject is None:
            return False
        level, ticket, look = self._level(block), self.subject.ticket, self._look()
        if journal.hides(block, ticket, look, level):
            level = ALL
        else:
            level = FOLDED if journal.hides(block, ticket, look, FOLDED) else LINE
        for entry in block:
            self._visit.folds.pop(entry.id, None)
        self._visit.folds[block[-1].id] = level
        self.relayout()
        self.view.show_block()
        return True

    def fold_all(self, level: Level) -> None:
        """Every entry as one line, or in full."""
        self._visit.level = level
        self._visit.folds.clear()
        self.relayout()

    def _level(self, block: Sequence[JournalEntry]) -> Level:
        return next(
            (self._visit.folds[one.id] for one in block if one.id in self._visit.folds), self._visit.level
        )

    # -- as blocks ------------------------------------------------------------------------------

    def _look(self) -> Look:
        cells = min(self.view.cells, READABLE)
        return Look(cells, self.shift.setting, self.shift.now(), self.history.undone)

    def _doc(self) -> Doc:
        if self.subject is None:
            words = (
                "no ticket",
                "The one under the cursor is shown here:",
                "its facts, its clocks, its journal.",
            )
            nothing = Block(HEAD, [line(Span(one, "muted")) for one in words])
            return Doc([(HEAD, ())], lambda _key: nothing)
        look = self._look()
        blocks = journal.grouped(self.history.entries, look.undone, self._visit.after)
        self._blocks = {block[-1].id: block for block in blocks}
        return Doc(list(self._keys(blocks)), lambda key: self._block(key, look))

    def _keys(self, blocks: Sequence[tuple[JournalEntry, ...]]) -> Iterator[tuple[Key, Sequence[Key]]]:
        """The order of the blocks, with the dividers between what is new and what is not."""
        assert self.subject is not None
        yield HEAD, ()
        if not self.history.first:
            yield NEWER, ()
        news = self._news() > 0
        if news:
            yield NEWS, ()
        for block in blocks:
            if news and block[0].id <= self._visit.after:
                news = False
                yield OLD, ()
            yield block[-1].id, [one.id for one in block]
        if not self.history.last:
            yield MORE, ()
        elif detail.describes(self.subject.ticket, self.history.entries):
            yield DESCRIPTION, ()

    def _news(self) -> int:
        """Entries of others that had not been seen when the ticket was opened, or came since."""
        return self._by_others(self._visit.after)

    def _counted(self, after: int) -> str:
        """ "2", or "100+" when there may be more than are held."""
        entries = self.history.entries
        more = bool(entries) and not self.history.last and entries[-1].id > after
        return f"{self._by_others(after)}{'+' if more else ''}"

    def _by_others(self, after: int) -> int:
        me = self.shift.setting.actor
        return sum(one.id > after and one.actor != me for one in self.history.entries)

    def _block(self, key: Key, look: Look) -> Block:
        assert self.subject is not None
        block = self._blocks.get(key)
        if block is not None:
            level = self._level(block)
            head = journal.headlines(block, self.subject.ticket, look, level)
            return Block(key, head, self._body(block, look, level))
        if key == HEAD:
            shown = detail.head(self.subject, look.cells, look.setting, look.now, self._drafts())
            return Block(HEAD, (), Lazy(shown))
        if key == DESCRIPTION:
            return Block(key, (), Lazy(detail.description(self.subject.ticket, look)), stop=False)
        words = {
            NEWS: journal.since(self._counted(self._visit.after), self._visit.since, look),
            OLD: "seen before",
            MORE: "older entries are being read",
            NEWER: "newer entries are being read",
        }[str(key)]
        return Block(key, (journal.rule(words, look, "bold" if key == NEWS else "muted"),), stop=False)

    def _body(self, block: Sequence[JournalEntry], look: Look, level: Level) -> Lazy:
        """The text of a block; one that was laid out before is not laid out again."""
        assert self.subject is not None
        ticket, entry = self.subject.ticket, block[0]
        if len(block) > 1:
            return Lazy(journal.body(block, ticket, look, level))
        key = (
            entry.id,
            level,
            look.cells,
            entry.id in look.undone,
            journal.text_of(entry, ticket) is entry.text,
        )
        if key not in self._bodies or entry.kind == "reported":
            if len(self._bodies) > BODIES or sum(one.made for one in self._bodies.values()) > LINES:
                self._bodies.clear()
            self._bodies[key] = Lazy(journal.body(block, ticket, look, level))
        return self._bodies[key]

    def _drafts(self) -> list[Draft]:
        """What the analyst has left unsent on this ticket."""
        return [draft for (number, _), draft in self.app.drafts.items() if number == self.number]

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
        if not self._by_others(self.seen_up_to):
            return ""
        count = self._counted(self.seen_up_to)
        first = self.history.entries[0].id
        in_sight = any(
            first in [entry.id for entry in self._blocks.get(one.spot.key, ())] for one in self.view.shown
        )
        return f"{count} unseen" if in_sight or self.subject is None else f"{count} new above"

    def saw(self, entry: int) -> None:
        """An entry has rested in sight."""
        self.marked = entry
        self.seen_up_to = max(self.seen_up_to, entry)

    def newest_in_sight(self) -> int:
        """The newest entry whose line is on the screen, 0 for none."""
        return max(
            (self._blocks[one.spot.key][0].id for one in self.view.shown if one.spot.key in self._blocks),
            default=0,
        )


def _newest(subject: Subject) -> Pages:
    return Pages(subject.ticket.number, "newest", subject.journal, True, len(subject.journal) < PAGE)
