"""A ticket and the held part of its journal as blocks, each in the form in which it is being read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import datetime

from supporttui.console.journal_window import History
from supporttui.console.present import detail, journal
from supporttui.console.present.detail import DESCRIPTION, HEAD, MORE, NEWER, NEWS, OLD, READABLE, Subject
from supporttui.console.present.journal import FOLDED, Level, Look
from supporttui.console.present.spans import Span, line
from supporttui.console.shift import Shift
from supporttui.console.widgets.block_reader import Place
from supporttui.console.widgets.blocks import Block, Doc, Key, Lazy
from supporttui.quickclass import dataclass
from supporttui.store.records import Draft, JournalEntry

BODIES, LINES = 150, 40_000  # texts, and lines of them, that stay laid out


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


class TicketText:
    """Makes the blocks of one ticket."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.subject: Subject | None = None
        self.history = History()
        self.visit = Visit()
        self.blocks: dict[Key, tuple[JournalEntry, ...]] = {}
        self.drafts: Sequence[Draft] = ()
        self._bodies: dict[tuple[object, ...], Lazy] = {}

    def forget(self) -> None:
        """Another ticket: its texts are laid out anew."""
        self._bodies.clear()

    def look(self, cells: int) -> Look:
        """How it is written down in so many cells."""
        return Look(min(cells, READABLE), self.shift.setting, self.shift.now(), self.history.undone)

    def level(self, block: Sequence[JournalEntry]) -> Level:
        return next(
            (self.visit.folds[one.id] for one in block if one.id in self.visit.folds), self.visit.level
        )

    def doc(self, cells: int) -> Doc:
        """All blocks, for lines of so many cells."""
        if self.subject is None:
            words = (
                "no ticket",
                "The one under the cursor is shown here:",
                "its facts, its clocks, its journal.",
            )
            nothing = Block(HEAD, [line(Span(one, "muted")) for one in words])
            return Doc([(HEAD, ())], lambda _key: nothing)
        look = self.look(cells)
        blocks = journal.grouped(self.history.entries, look.undone, self.visit.after)
        self.blocks = {block[-1].id: block for block in blocks}
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
            if news and block[0].id <= self.visit.after:
                news = False
                yield OLD, ()
            yield block[-1].id, [one.id for one in block]
        if not self.history.last:
            yield MORE, ()
        elif detail.describes(self.subject.ticket, self.history.entries):
            yield DESCRIPTION, ()

    def _news(self) -> int:
        """Entries of others that had not been seen when the ticket was opened, or came since."""
        return self.by_others(self.visit.after)

    def counted(self, after: int) -> str:
        """ "2", or "100+" when there may be more than are held."""
        entries = self.history.entries
        more = bool(entries) and not self.history.last and entries[-1].id > after
        return f"{self.by_others(after)}{'+' if more else ''}"

    def by_others(self, after: int) -> int:
        me = self.shift.setting.actor
        return sum(one.id > after and one.actor != me for one in self.history.entries)

    def _block(self, key: Key, look: Look) -> Block:
        assert self.subject is not None
        block = self.blocks.get(key)
        if block is not None:
            level = self.level(block)
            head = journal.headlines(block, self.subject.ticket, look, level)
            return Block(key, head, self._body(block, look, level))
        if key == HEAD:
            closed = self.shift.closed_for(self.subject.ticket)
            shown = detail.head(self.subject, look.cells, look.setting, look.now, self.drafts, closed)
            return Block(HEAD, (), Lazy(shown))
        if key == DESCRIPTION:
            return Block(key, (), Lazy(detail.description(self.subject.ticket, look)), stop=False)
        words = {
            NEWS: journal.since(self.counted(self.visit.after), self.visit.since, look),
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
