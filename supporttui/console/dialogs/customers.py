"""Looking a customer up: type a name, a contact, an e-mail, a site or a telephone number.

What is typed is looked for on the database thread once the typing rests, so
that no key waits for ten thousand customers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.widgets import Input

from supporttui.console.keys import Step
from supporttui.console.widgets.menu import Menu, Option
from supporttui.desk.customers import Directory, Found

from .finder import NOTHING, Finder

REST = 0.08  # seconds that the typing must rest
NEW = "new:"  # the answer of a reader who wants a customer that there isn't yet: "new:Acme Corp"


class LookUp(Finder[str]):
    """Answers the customer's name, or "new:" and the name that was typed."""

    KEYS = (("Enter", "shows the customer"), ("Esc", "leaves"))
    PLACEHOLDER = "name, contact, e-mail, site or telephone"

    def __init__(self) -> None:
        super().__init__()
        self.directory = Directory()
        self._words = self._looked = ""  # what is typed, and what the list was looked up for
        self._hits: Sequence[Found] = ()

    def prepare(self, hits: Sequence[Found]) -> LookUp:
        """hits: what is found for no words."""
        self.heading = "Customers"
        self.hint = f"{len(self.directory):,} known; name, contact, e-mail, site or telephone in any form"
        self._words, self._looked, self._hits = "", "", hits
        return self

    def found(self, words: str) -> Sequence[Option]:
        hits = [
            Option(
                hit.name,
                hit.name,
                note="  ".join(part for part in (_open(hit.open), hit.why) if part),
                role="" if hit.open else "muted",
            )
            for hit in self._hits
        ]
        return [*hits, *self._new(" ".join(words.split()))]

    def _new(self, name: str) -> Sequence[Option]:
        """A customer of that name, where there is none; not of a number that one looks for."""
        known = any(hit.name.casefold() == name.casefold() for hit in self._hits)
        if known or not any(char.isalpha() for char in name) or "@" in name or self.app.shift.desk.readonly:
            return ()
        return (Option(f"{NEW}{name}", f"New: {name}", note="enters this customer into the book"),)

    def chosen(self, option: Option) -> None:
        self.answer(option.id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Textual calls the one of `Finder` too: it shows what is known so far."""
        event.stop()
        event.prevent_default()
        self._words = event.value
        self.set_timer(REST, partial(self._rested, event.value))

    def _rested(self, words: str) -> None:
        if words == self._words:
            self.app.run_worker(self._search(words), group="look-up")

    async def _search(self, words: str) -> None:
        directory = self.directory
        hits = await self.app.work.read(lambda desk: directory.search(desk, words))
        if hits is not None and words == self._words and self.is_current:
            self._hits, self._looked = hits, words
            menu = self.query_one(Menu)
            menu.empty = NOTHING if words.strip() else ""
            menu.offer(self.found(words))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter before the typing rested: look first, then take the best."""
        event.stop()
        event.prevent_default()
        self._after_looking(event.value, self._take)

    def travel(self, step: Step) -> None:
        """A step in the list that was typed for, even before the typing rested."""
        self._after_looking(self.query_one(Input).value, partial(super().travel, step))

    def _after_looking(self, words: str, act: Callable[[], None]) -> None:
        """Do it at once where the list is that of the words; else look first, with the next keys waiting."""
        self._words = words
        if words == self._looked:
            act()
        else:
            self.app.opening(True)
            self.app.run_worker(self._look_and(words, act), group="look-up")

    async def _look_and(self, words: str, act: Callable[[], None]) -> None:
        with self.app.performer.deed():
            await self._search(words)
        act()

    def _take(self) -> None:
        option = self.query_one(Menu).current
        if option is not None and not option.why:
            self.chosen(option)


def _open(count: int) -> str:
    return f"{count:,} open" if count else "none open"
