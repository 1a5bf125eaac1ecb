"""The palette: verbs, views, themes, tickets and whole lines in one list, the best fit first.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .fuzzy import score
from .line import Call, Known, LineError, parse
from .registry import ACT, DESK, LOOK, MOVE, OWN, Verb

SHOWN = 100
ORDER = (ACT, OWN, DESK, LOOK, MOVE)
# Kinds of words that the palette lists with the verb that takes them, in this order.
LISTED = (("view", "view"), ("theme", "theme"), ("number", "go"))
KIND_NAMES = {"view": "view", "theme": "theme", "number": "ticket"}


class Row(NamedTuple):
    """One line.  note: what it is or does.  key: the keys that do it, or what kind of thing it is."""

    name: str
    note: str
    key: str
    call: Call
    why: str = ""


class Palette(NamedTuple):
    """What there is to choose from.

    keys: from a verb to its keys as people write them.  why: from a verb to why it can't run now.
    """

    verbs: Sequence[Verb]
    known: Known
    keys: Callable[[Verb], str]
    why: Callable[[Verb], str]

    def rows(self, words: str) -> list[Row]:
        """What the words find.  Without words: all verbs, those on tickets first, those that move last."""
        everything = [*self._verbs(), *self._words()]
        if not words.strip():
            verbs = sorted(self._verbs(), key=lambda row: ORDER.index(row.call.verb.group))
            return [*verbs, *self._words()][:SHOWN]
        ranked = [(_points(words, row), at, row) for at, row in enumerate(everything)]
        best = sorted((one for one in ranked if one[0] > 0), key=lambda one: (-one[0], one[1]))
        return [*self._line(words), *(row for _, _, row in best)][:SHOWN]

    def _verbs(self) -> list[Row]:
        return [
            Row(verb.title, verb.help, self.keys(verb) or f":{verb.id}", Call(verb), self.why(verb))
            for verb in self.verbs
        ]

    def _words(self) -> list[Row]:
        by_id = {verb.id: verb for verb in self.verbs}
        return [
            Row(word.text, word.note, KIND_NAMES[kind], Call(by_id[verb_id], word.text))
            for kind, verb_id in LISTED
            if verb_id in by_id
            for word in self.known.get(kind, ())
        ]

    def _line(self, words: str) -> list[Row]:
        """The words as a line of its own, when they are one with an argument: "severity 2"."""
        try:
            call = parse(words, self.verbs, self.known)
        except LineError:
            return []
        if call.argument is None:
            return []
        return [Row(f"{call.verb.id} {call.argument}", call.verb.help, "line", call, self.why(call.verb))]


def _points(words: str, row: Row) -> float:
    """A line that can't be run stands behind one that fits as well and can."""
    name = f"{row.name} {row.call.verb.id}" if row.call.argument is None else row.name
    return max(score(words, row.name, row.note), score(words, name, row.note) - 1) - (0.5 if row.why else 0)
