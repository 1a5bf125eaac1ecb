"""From the bytes of a terminal's input to keys and pasted text, whatever the bytes are.

A terminal sends what was typed and what was pasted down the same line; a paste
stands between two markers (bracketed paste, ESC [ 200 ~ and ESC [ 201 ~).
Pasted text was written by strangers: an escape sequence in it must not act as
keys, and a byte that isn't UTF-8 must not end the program.

Invariants: no bytes raise an error (undecodable ones become U+FFFD); what
stands between the markers comes out as one `Pasted` and never as `Keys`; where
the reads happen to split the bytes makes no difference; no more than `LIMIT`
characters are kept, and nothing is kept for longer than `PASTE_PATIENCE`.

What can't be told apart: text that itself holds the end marker ends the paste
there, and the rest is keys.  Most terminals take the marker, or every ESC, out
of what they paste; tmux's `paste-buffer` doesn't.  And a paste whose end is
late by more than `PASTE_PATIENCE` is given out as it is: a large piece that
follows is still taken for its rest, but a small one is taken for typed keys.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

from supporttui.quickclass import dataclass

START = "\x1b[200~"
END = "\x1b[201~"
LIMIT = 1_000_000  # characters of one paste; the rest of a longer one is dropped, not typed
KEY_PATIENCE = 0.1  # seconds that the beginning of a marker is held back
PASTE_PATIENCE = 1.0  # seconds without a byte after which a paste has no end any more
TYPED = 32  # characters: the most that one read brings of what a hand typed or a mouse did

_ESC = "\x1b"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Keys:
    """What was typed, as the terminal wrote it: letters and escape sequences.

    muted: the reader of keys must see this to be done with an ESC that it got before, but what
    it makes of it is no key.
    """

    text: str
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Pasted:
    """One paste, made inert: line breaks are "\\n", and no control but "\\n" and "\\t" is left."""

    text: str


Part = Keys | Pasted


def inert(text: str) -> str:
    """Pasted `text` with its line breaks as "\\n" (terminals send CR) and other controls taken out."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class KeyStream:
    """Takes bytes as they are read, gives keys and pastes in their order.

    A pasted text goes around the reader of keys, which gets both markers with nothing between:
    so it is done with what came before, and its own paste, empty, is to be ignored.
    """

    def __init__(self, *, limit: int = LIMIT) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._limit = limit
        self._pasting = False
        self._stalled = False  # a paste was given out before its end was seen
        self._escaped = False  # the ESC that may begin a marker was handed on: it may be the key
        self._held = ""  # the beginning of a marker, not handed on
        self._text: list[str] = []
        self._size = 0

    def feed(self, data: bytes) -> list[Part]:
        """What the bytes of one read complete."""
        return self._take(self._decode(data))

    def quiet(self, seconds: float) -> list[Part]:
        """What no byte for `seconds` completes: call it while nothing comes."""
        parts: list[Part] = []
        if seconds >= PASTE_PATIENCE:
            parts += self._take(self._decode(b"", final=True))
            if self._pasting:
                self._keep(self._held)
                self._held = ""
                self._close(parts)
                self._stalled = True
        if seconds >= KEY_PATIENCE and not self._pasting:
            if self._held:
                parts.append(Keys(self._held))
            self._held, self._escaped = "", False
        return parts

    def _take(self, text: str) -> list[Part]:
        parts: list[Part] = []
        if text and self._stalled:
            self._resume(text)
        while text:
            text = self._paste(text, parts) if self._pasting else self._keys(text, parts)
        return parts

    def _resume(self, text: str) -> None:
        """After a stall: what an end marker ends, or too much at once for a hand, is the paste's rest."""
        start, end = text.find(START), text.find(END)
        ended = end >= 0 and not 0 <= start < end
        self._pasting = ended or (len(text) > TYPED and not text.startswith(_ESC))
        self._stalled = False

    def _keys(self, text: str, parts: list[Part]) -> str:
        """Hand on what was typed; returns what follows a start marker."""
        seen = len(_ESC) if self._escaped else 0
        text = _ESC * seen + self._held + text
        self._held = ""
        start = text.find(START)
        if start >= 0:
            self._pasting, self._escaped = True, False
            _add(parts, Keys(text[seen:start]))
            known = seen if start == 0 else 0
            parts.append(Keys(START[known:] + END, muted=known > 0))
            return text[start + len(START) :]
        begun = _begun(text, START)
        if begun == len(_ESC):  # handed on at once, or the key Escape would be late
            _add(parts, Keys(text[seen:]))
            self._escaped = True
        else:
            cut = len(text) - begun
            self._held = text[max(cut, seen) :]
            _add(parts, Keys(text[seen:cut]))
            self._escaped = self._escaped and begun > 0 and cut == 0
        return ""

    def _paste(self, text: str, parts: list[Part]) -> str:
        """Keep what was pasted; returns what follows the end marker."""
        text = self._held + text
        end = text.find(END)
        begun = _begun(text, END) if end < 0 else 0
        self._keep(text[: end if end >= 0 else len(text) - begun])
        self._held = text[len(text) - begun :]
        if end < 0:
            return ""
        self._close(parts)
        return text[end + len(END) :]

    def _keep(self, text: str) -> None:
        text = text[: self._limit - self._size]
        self._size += len(text)
        self._text.append(text)

    def _close(self, parts: list[Part]) -> None:
        text = inert("".join(self._text))
        if text:
            parts.append(Pasted(text))
        self._pasting, self._text, self._size = False, [], 0


def _add(parts: list[Part], keys: Keys) -> None:
    if keys.text:
        parts.append(keys)


def _begun(text: str, marker: str) -> int:
    """How many characters at the end of `text` are the beginning of `marker`."""
    at = text.rfind(_ESC, max(0, len(text) - len(marker) + 1))
    return len(text) - at if at >= 0 and marker.startswith(text[at:]) else 0
