"""All known errors, narrowed by typing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from supporttui.console.present import known as present
from supporttui.console.widgets.menu import Option
from supporttui.desk.known_errors import Known
from supporttui.store.columns import fold

from .finder import Finder

MOST = 200  # lines that the list takes; more is narrowed by another word
NEW = "new"


class FindKnown(Finder[str]):
    """Answers the id of a known error, or "new"."""

    PLACEHOLDER = "words of it, its product, state or release"

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[tuple[str, Option]] = ()
        self._new = Option(NEW, "Write down a new one")

    def prepare(
        self, all: Sequence[Known], ticket: int = 0, owing: Collection[int] = frozenset()
    ) -> FindKnown:
        """ticket: the one that it is looked up for, 0 for none.  owing: ids of those that owe a way out."""
        self.heading = f"Known errors, for {ticket}" if ticket else "Known errors"
        self.hint = f"{len(all):,} known" if all else "none known yet"
        self._new = Option(NEW, f"Make one from {ticket}" if ticket else "Write down a new one", role="muted")
        self._lines = [_line(one, one.record.id in owing) for one in all]
        return self

    def found(self, words: str) -> Sequence[Option]:
        wanted = fold(words).split()
        hits = [option for said, option in self._lines if all(word in said for word in wanted)]
        return [*hits[:MOST], self._new]

    def chosen(self, option: Option) -> None:
        self.answer(option.id)


def _line(one: Known, owes: bool) -> tuple[str, Option]:
    """What it is found by, and its line."""
    record = one.record
    said = (one.name, one.product, record.title, record.symptom, record.state, record.found_in, one.fixed_in)
    return fold(" ".join((*said, "owes" if owes else ""))), _option(one, owes)


def _option(one: Known, owes: bool) -> Option:
    record = one.record
    release = one.fixed_in.removeprefix(one.product).strip()
    counts = [f"{one.tally.open} open"] if one.tally.open else []
    counts += ["owes"] if owes else []
    more = f" ({', '.join(counts)})" if counts else ""
    return Option(
        str(record.id),
        f"{one.name} {present.state_words(record.state, release)}",
        note=f"{one.product}: {record.title}{more}",
        role="muted" if record.state == "fixed" else "",
    )
