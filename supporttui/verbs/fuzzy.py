"""How well a few letters fit a name: what the palette ranks by.

Pure.  Letters in order are enough ("ack" and "akn" both find "acknowledge"),
but the closer to how the name begins, the better.
"""

from __future__ import annotations

import re

EXACT, BEGINS, BEGINS_WORD, WITHIN, SCATTERED = 100, 90, 80, 60, 40
NOTE_WORD, NOTE = 25, 20


def score(wanted: str, name: str, note: str = "") -> int:
    """0 when a word of `wanted` fits neither name nor note, else more for a better fit.

    The worst fitting word decides; a note (what it does, what it is about)
    counts less than the name and only as written.
    """
    words = wanted.casefold().split()
    if not words:
        return 1
    whole, about = name.casefold(), note.casefold()
    if " ".join(words) == whole:
        return EXACT
    return min(_word(word, whole, about) for word in words)


def _word(word: str, name: str, note: str) -> int:
    if name.startswith(word):
        return BEGINS
    if word in name:
        return BEGINS_WORD if _begins_word(word, name) else WITHIN
    if (loose := _scattered(word, name)) > 0:
        return loose
    if word in note:
        return NOTE_WORD if _begins_word(word, note) else NOTE
    return 0


def _begins_word(word: str, text: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(word)}", text) is not None


def _scattered(word: str, name: str) -> int:
    """Letters in this order with others between them; fewer between are better, and it begins where a word does."""
    at = start = name.find(word[0])
    if len(word) < 2 or start < 0 or not _begins_word(word[0], name[start : start + 1]):
        return 0
    for letter in word[1:]:
        at = name.find(letter, at + 1)
        if at < 0:
            return 0
    between = at - start + 1 - len(word)
    return max(NOTE_WORD + 1, SCATTERED - between)
