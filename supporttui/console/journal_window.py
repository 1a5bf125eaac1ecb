"""The part of a ticket's journal that is held: a window of pages around where one reads.

A journal may have ten thousand entries; `MOST` are held, newest first, without
gaps.  Entries never change once written, so pages only have to be joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

from supporttui.quickclass import dataclass
from supporttui.store.records import JournalEntry

PAGE = 100  # entries read at a time
MOST = 400  # entries held
MOST_TEXT = 8_000_000  # characters of text held before the far end is let go

Which = Literal["older", "newer", "newest", "oldest", "around"]


@dataclass(frozen=True, slots=True)
class Pages:
    """Entries as they were read, newest first.

    which: what was asked for.  first: whether nothing newer, last: whether nothing
    older is in the store.  undoings: (entry, what it took back) as far as they are known.
    """

    number: int
    which: Which
    entries: Sequence[JournalEntry]
    first: bool
    last: bool
    undoings: Mapping[int, int] = field(default_factory=dict)


class History:
    """The held window of one ticket."""

    def __init__(self) -> None:
        self.entries: tuple[JournalEntry, ...] = ()
        self.first = True
        self.last = True
        self._undoings: dict[int, int] = {}

    def begin(self, pages: Pages) -> None:
        """Hold these and nothing else."""
        self.entries, self.first, self.last = tuple(pages.entries), pages.first, pages.last
        self._undoings = {}
        self._note(pages)

    def take(self, pages: Pages) -> bool:
        """Join what was read to what is held; False when it does not touch it and was left out."""
        self._note(pages)
        fresh = tuple(pages.entries)
        if not self.entries or pages.which in ("oldest", "around"):
            self.entries, self.first, self.last = fresh, pages.first, pages.last
            return True
        if pages.which == "older":
            below = tuple(one for one in fresh if one.id < self.entries[-1].id)
            self.entries, self.last = self.entries + below, pages.last
            self._let_go(newest=True)
            return True
        above = tuple(one for one in fresh if one.id > self.entries[0].id)
        touches = pages.which == "newer" or len(above) < len(fresh) or pages.last
        if not touches or (pages.which == "newest" and not self.first):
            return self._pass_by(pages)
        self.entries, self.first = above + self.entries, pages.first
        self._let_go(newest=False)
        return True

    def _pass_by(self, pages: Pages) -> bool:
        """The newest page while one reads far below: there is more above, that is all."""
        self.first = self.first and not any(one.id > self.entries[0].id for one in pages.entries)
        return False

    def _let_go(self, *, newest: bool) -> None:
        """Drop what is over the limits from the end that one is not reading."""
        keep = MOST
        text = sum(len(one.text) for one in self.entries)
        while keep > PAGE and text > MOST_TEXT:
            keep -= PAGE
            kept = self.entries[-keep:] if newest else self.entries[:keep]
            text = sum(len(one.text) for one in kept)
        if len(self.entries) > keep:
            if newest:
                self.entries, self.first = self.entries[-keep:], False
            else:
                self.entries, self.last = self.entries[:keep], False

    def _note(self, pages: Pages) -> None:
        self._undoings |= pages.undoings
        self._undoings |= {one.id: one.undoes for one in pages.entries if one.undoes}

    @property
    def undone(self) -> frozenset[int]:
        """Entries that an undo took back, and no redo brought again."""
        cancelled: set[int] = set()
        for entry in sorted(self._undoings, reverse=True):
            if entry not in cancelled:
                cancelled.add(self._undoings[entry])
        return frozenset(cancelled)
