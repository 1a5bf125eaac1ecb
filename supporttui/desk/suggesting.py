"""Which known errors a ticket may be about: by the words of its text, its product and its release.

An index of words is held in memory for each product and brought up to date when the book
has changed, so that a look costs no more than the words that are looked up.  Words that few
known errors have count more.  Nothing is suggested when nothing fits well: a wrong hint
costs an analyst more than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from supporttui.quickclass import dataclass
from supporttui.store import book, known_errors
from supporttui.store.book_criteria import at_least, equal
from supporttui.store.columns import fold

if TYPE_CHECKING:
    from supporttui.store import Store
    from supporttui.store.book_records import KnownError, Release

    from .session import Desk

MOST_TEXT = 1200  # characters of a description that are looked at: the fault is told at its beginning
MOST_MET = 1000  # known errors that words are met in, all words together: the rarest words come first
LONGEST_WORD = 40
LEAST = 0.45  # share of a title's weight that has to be met
LEAST_SHARED = 2  # words in common, unless one of them is a code such as S0C4
CODE = 4.0  # how many words a code is worth, which nobody writes by chance
SYMPTOM, DESCRIPTION = 0.6, 0.6  # what a word counts in a symptom, and in a ticket's description
SHOWN_BY, NOT_LISTED = 1.25, 0.7  # the ticket's release is one of found_in, or isn't though some are listed
COMMON = 0.4  # of a product's known errors: a word that so many have says nothing
MOST_READ, FEW = 2000, 50  # known errors that one look reads; so few are read one by one
MOST_NAMES = 1000  # of products that are remembered: a ticket may name anything
MANY_ENOUGH = 10  # known errors, before a word can be called common

_WORD = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")
_NUMBER = re.compile(r"\d+|[^\W\d_]+")
_IDLE = frozenset(
    "the and for not with from that this when then than are was were has have had but can cannot can't does "
    "did doesn't don't after before into onto out our its his her their your you they them will would should "
    "could may might all any some been being there here how what which while who why also only just very one "
    "two get gets got error errors problem problems issue issues fails fail failed failing failure please "
    "customer customers system since still again seems about it's is it on in at of to an as by be or if we us "
    "no so do my me he she a i".split()
)  # fmt: skip
_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("ing", ""),
    ("ed", ""),
    ("s", ""),
)


class Suggestion(NamedTuple):
    """A known error that fits.  score: the larger the better, from LEAST on.  words: what both have, the rarest first."""

    known: KnownError
    score: float
    words: tuple[str, ...]


class Levels:
    """The releases of all products, by id and by name."""

    def __init__(self, releases: Iterable[Release]) -> None:
        self._by_id = {one.id: one for one in releases}
        self._by_name = {(one.product, fold(one.name)): one for one in self._by_id.values()}

    def get(self, number: int) -> Release | None:
        return self._by_id.get(number)

    def corrects(self, fixed: Release, release: str) -> bool:
        """Whether a release by name has what `fixed` corrects: it is that one, or a later one.

        By the days of their release where both are on file, by their names otherwise.
        """
        if not release:
            return False
        if fold(release) == fold(fixed.name):
            return True
        own = self._by_name.get((fixed.product, fold(release)))
        if own and own.released_on and fixed.released_on and own.released_on != fixed.released_on:
            return own.released_on > fixed.released_on
        return level(release) > level(fixed.name)


@dataclass(slots=True)
class _Index:
    """The known errors of one product.

    words: word → {known error: weight}.  own: the weights of each known error's words, to take them out again.
    """

    words: dict[str, dict[int, float]] = field(default_factory=dict)
    own: dict[int, Mapping[str, float]] = field(default_factory=dict)
    titles: dict[int, tuple[str, ...]] = field(default_factory=dict)
    known: dict[int, KnownError] = field(default_factory=dict)
    found_in: dict[int, frozenset[str]] = field(default_factory=dict)
    wholes: dict[int, float] = field(default_factory=dict)  # worked out when first needed

    def put(self, one: KnownError, idle: frozenset[str]) -> None:
        self.drop(one.id)
        title = tuple(dict.fromkeys(words_of(one.title, idle)))
        own = dict.fromkeys(words_of(one.symptom[:MOST_TEXT], idle), SYMPTOM) | dict.fromkeys(title, 1.0)
        for word, weight in own.items():
            self.words.setdefault(word, {})[one.id] = weight
        self.own[one.id], self.titles[one.id], self.known[one.id] = own, title, one
        self.found_in[one.id] = frozenset(releases_in(one.found_in))

    def drop(self, number: int) -> None:
        for word in self.own.pop(number, {}):
            held = self.words[word]
            del held[number]
            if not held:
                del self.words[word]
        for kept in (self.titles, self.known, self.found_in):
            kept.pop(number, None)


@dataclass(slots=True)
class _Held:
    """What is held of one store.  edition: of its book.  named: products by name, 0 for one it doesn't have."""

    edition: tuple[int, int] = (-1, -1)
    products: dict[int, _Index] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)
    named: dict[str, int] = field(default_factory=dict)
    levels: Levels | None = None


_HELD: WeakKeyDictionary[Store, _Held] = WeakKeyDictionary()


def suggest(
    desk: Desk,
    *,
    product: str,
    release: str = "",
    subject: str = "",
    description: str = "",
    without: Iterable[int] = (),
    most: int = 3,
) -> tuple[Suggestion, ...]:
    """The known errors that a text is likely about, the best first; none where none fits well.

    product, release: names, as a ticket has them; without a product that the book knows nothing is
    suggested.  without: ids that are left out.
    """
    if not product or not (subject or description):
        return ()
    store = desk.store
    with store.read():
        index = _fresh(store, product)
        if index is None or not index.known:
            return ()
        levels = _levels(store)
    query = _query(subject, description, _idle_for(product))
    return _ranked(index, query, release, levels, frozenset(without), most)


def _ranked(
    index: _Index,
    query: Mapping[str, float],
    release: str,
    levels: Levels,
    without: frozenset[int],
    most: int,
) -> tuple[Suggestion, ...]:
    scores: dict[int, float] = {}
    have = scores.get
    asked = _telling(index, query)
    for word, weight in asked.items():
        for number, own in index.words[word].items():
            scores[number] = have(number, 0.0) + weight * own
    wanted, good = fold(release), []
    for number, score in scores.items():
        share = score / (index.wholes.get(number) or _whole(index, number))
        if share < LEAST or number in without:
            continue
        listed = index.found_in[number]
        share *= SHOWN_BY if wanted in listed else NOT_LISTED if listed and wanted else 1.0
        if share >= LEAST:
            good.append((-share, number))
    found = []
    for share, number in sorted(good):
        words = tuple(word for word in asked if word in index.own[number])
        if _enough(words, index.titles[number]) and not _is_corrected(index, number, release, levels):
            found.append(Suggestion(index.known[number], -share, words))
            if len(found) == most:
                break
    return tuple(found)


def _telling(index: _Index, query: Mapping[str, float]) -> dict[str, float]:
    """The words of a text that tell most, the rarest first, with what each counts; no more than a look may cost."""
    size = len(index.known)
    common = size * COMMON if size >= MANY_ENOUGH else size
    rated = [
        (-_rarity(size, having, word) * weight, having, word)
        for word, weight in query.items()
        if 0 < (having := len(index.words.get(word, ()))) <= common
    ]
    kept: dict[str, float] = {}
    left = MOST_MET
    for weight, having, word in sorted(rated):
        if (left := left - having) < 0 and kept:
            break
        kept[word] = -weight
    return kept


def _rarity(size: int, having: int, word: str = "") -> float:
    return log(1 + size / having) * (CODE if is_code(word) else 1.0)


def _whole(index: _Index, number: int) -> float:
    """What a text gets that has all words of a title."""
    size = len(index.known)
    common = size * COMMON if size >= MANY_ENOUGH else size
    total = 0.0
    for word in index.titles[number]:
        having = len(index.words[word])
        total += _rarity(size, having, word) if having <= common else 0.0
    index.wholes[number] = whole = max(total, _rarity(size, max(1, size // 4)))
    return whole


def _enough(shared: Sequence[str], title: Sequence[str]) -> bool:
    return len(shared) >= min(LEAST_SHARED, max(1, len(title))) or any(map(is_code, shared))


@lru_cache(20_000)
def is_code(word: str) -> bool:
    """Whether a word is a message's or an abend's number: letters and digits, such as S0C4 or NTX1021E."""
    return len(word) >= 4 and any(char.isdigit() for char in word) and any(char.isalpha() for char in word)


# -- words ------------------------------------------------------------------------------------------


def words_of(text: str, idle: frozenset[str] = _IDLE) -> list[str]:
    """The words of a text that tell something, in one case and without their endings."""
    kept = (
        word for word in _WORD.findall(text.casefold()) if word not in idle and 2 <= len(word) <= LONGEST_WORD
    )
    return [stem(word) for word in kept]


@lru_cache(20_000)
def stem(word: str) -> str:
    """Crashes, crashed and crashing are one word; whatever else is right English is beside the point."""
    if is_code(word):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            return word[: len(word) - len(ending)] + instead
    return word


@lru_cache(100)
def _idle_for(product: str) -> frozenset[str]:
    """A product's own name is in all that is said of it."""
    return _IDLE | frozenset(_WORD.findall(product.casefold()))


def _query(subject: str, description: str, idle: frozenset[str]) -> dict[str, float]:
    said = dict.fromkeys(words_of(subject[:MOST_TEXT], idle), 1.0)
    for word in words_of(description[:MOST_TEXT], idle):
        said.setdefault(word, DESCRIPTION)
    return said


# -- releases ---------------------------------------------------------------------------------------


def releases_in(found_in: str) -> list[str]:
    """The releases that a list with commas names, folded."""
    return [folded for one in found_in.split(",") if (folded := fold(one.strip()))]


def level(name: str) -> tuple[tuple[int, str], ...]:
    """A release's name as it is ordered: 7.10 after 7.9."""
    return tuple(
        (int(part), "") if part.isascii() and part.isdigit() else (-1, part)
        for part in _NUMBER.findall(fold(name)[:LONGEST_WORD])
    )


def _is_corrected(index: _Index, number: int, release: str, levels: Levels) -> bool:
    """Whether the ticket's release has the correction; one that is listed as showing the error hasn't."""
    fixed = levels.get(index.known[number].fixed_in)
    if fixed is None or fold(release) in index.found_in[number]:
        return False
    return levels.corrects(fixed, release)


# -- kept up to date --------------------------------------------------------------------------------


def _fresh(store: Store, name: str) -> _Index | None:
    """The index of a product by name, as the book is now; None for a product that it doesn't have."""
    held = _HELD.setdefault(store, _Held())
    edition = known_errors.edition(store)
    if held.edition != edition:
        held.edition = edition
        held.stale.update(held.products)
        held.named.clear()
        held.levels = None
    if name not in held.named:
        found = book.select(store, "product", equal(name=name))
        if len(held.named) < MOST_NAMES:
            held.named[name] = found[0].id if found else 0
        product = found[0].id if found else 0
    else:
        product = held.named[name]
    if not product:
        return None
    if product not in held.products:
        held.products[product] = _Index()
        held.stale.add(product)
    if product in held.stale and _bring_up(store, held.products[product], product, _idle_for(name)):
        held.stale.discard(product)
    return held.products[product]


def _bring_up(store: Store, index: _Index, product: int, idle: frozenset[str]) -> bool:
    """Read what was added or changed, and leave out what is gone; False while there is more to be read.

    The newest come first, and no look reads more than MOST_READ, so that none takes long.
    """
    now = known_errors.versions(store, product)
    for gone in [number for number in index.known if number not in now]:
        index.drop(gone)
    changed = sorted(
        (
            number for number, version in now.items()
            if number not in index.known or index.known[number].version != version
        ),
        reverse=True,
    )  # fmt: skip
    wanted = set(changed[:MOST_READ])
    if len(wanted) > FEW:
        found = book.select(store, "known-error", equal(product=product), at_least(id=min(wanted)))
    else:
        found = [book.get(store, "known-error", number) for number in wanted]
    for one in found:
        if one.id in wanted:
            index.put(one, idle)
    index.wholes.clear()
    return len(changed) <= MOST_READ


def _levels(store: Store) -> Levels:
    held = _HELD[store]
    if held.levels is None:
        held.levels = Levels(book.select(store, "release"))
    return held.levels
