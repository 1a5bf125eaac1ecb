"""The one door between text written by strangers and a terminal.

Everything in a ticket was written by somebody else: a subject can hold an
escape sequence that sets the clipboard, a title that turns the line around
with a bidi override, or a thousand accents on one letter.  `clean()` makes
such text inert: what a terminal would obey is shown as a visible mark
instead.  The raw text stays in the store; only what is shown passes here.

Invariant: the result holds no character of the categories Cc, Cf, Cs, Co,
Cn, Zl or Zp, except the newline where it was asked for, ZWJ between two
emoji, and emoji younger than this Python's Unicode tables.  No base carries
more than eight combining marks.  `clean(clean(text)) == clean(text)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

MARKS_PER_BASE = 8
JOINS_PER_EMOJI = 6  # the longest emoji in use joins five signs
TAB_STOP = 8

_ZWJ = "\u200d"
_VARIATION = frozenset("\ufe0e\ufe0f")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters that show nothing: names to deceive with
_DOTTED_CIRCLE = "\u25cc"

# Printable text that still needs a look: an invisible filler, a variation selector, or nine
# signs in a row any of which may be a combining mark (no mark is a word character; the
# joining vowels of Hangul are, and have no width either).
_SUSPECT = (
    "[\u115f\u1160\u3164\uffa0\ufe0e\ufe0f]"
    "|(?:[^\\w\\x00-\u02ff]|[\u1161-\u11ff\ud7b0-\ud7fb]){9}"
    "|\\A(?:[^\\w\\x00-\u02ff]|[\u1161-\u11ff\ud7b0-\ud7fb])"
)

# Anything but Latin, common punctuation, box drawing, kana and ideographs, none of which needs
# the closer look: most rows that aren't ASCII end here.
_BEYOND = "[^\x00-\u02ff\u2010-\u2027\u2030-\u205e\u2500-\u25ff\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff]"

# Emoji of Unicode 15 to 17: unassigned to an older Python, two cells wide in every terminal.
_YOUNG_EMOJI = frozenset(
    chr(code)
    for first, last in (
        (0x1F6D8, 0x1F6D8), (0x1F6DC, 0x1F6DC), (0x1FA75, 0x1FA77), (0x1FA87, 0x1FA8A), (0x1FA8E, 0x1FA8F),
        (0x1FAAD, 0x1FAAF), (0x1FABB, 0x1FABF), (0x1FAC6, 0x1FAC6), (0x1FAC8, 0x1FAC8), (0x1FACD, 0x1FACF),
        (0x1FADA, 0x1FADC), (0x1FADF, 0x1FADF), (0x1FAE8, 0x1FAEA), (0x1FAEF, 0x1FAEF), (0x1FAF7, 0x1FAF8),
    )
    for code in range(first, last + 1)
)  # fmt: skip

# Wide since Unicode 16; Python 3.11 to 3.13 still call them narrow.
_LATE_WIDE = ((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D356), (0x1D360, 0x1D376))
_SKIN_TONES = (0x1F3FB, 0x1F3FF)
_HANGUL_JOINING = ((0x1160, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB))


def clean(text: str, *, newlines: bool = False, ascii: bool = False) -> str:
    """`text` with everything that a terminal would obey turned into visible marks.

    newlines: keep line breaks (CR LF becomes LF) and expand tabs to stops of 8; otherwise both
    are shown as marks, so that one field stays one line.
    ascii: for terminals that can't show UTF-8 (LANG=C): the result is ASCII, cell for cell.

    ESC is shown as ␛ (ASCII: ^[), a C1 control or format character as its number: <9B>, <202E>.
    """
    if text.isascii():
        if text.isprintable():
            return text
    elif not ascii and text.isprintable() and not _suspect(text):
        return text
    if not newlines:
        return _clean_line(text, ascii)
    return "\n".join(_clean_body_line(line, ascii) for line in text.replace("\r\n", "\n").split("\n"))


def clean_line(text: str, *, ascii: bool = False) -> str:
    """`text` as one inert line: runs of white space and line breaks become one space, ends are cut."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    return clean(" ".join(text.split()), ascii=ascii)


def _suspect(text: str) -> bool:
    return _pattern(_BEYOND).search(text) is not None and _pattern(_SUSPECT).search(text) is not None


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when the first text that isn't ASCII comes: commands that start and end fast have none."""
    return re.compile(source)


def _clean_body_line(line: str, ascii: bool) -> str:
    if line.isascii() and line.isprintable():
        return line
    parts = [_clean_line(part, ascii) for part in line.split("\t")]
    if len(parts) == 1:
        return parts[0]
    return "".join(_to_tab_stop(part) for part in parts[:-1]) + parts[-1]


def _to_tab_stop(text: str) -> str:
    return text + " " * (TAB_STOP - width(text) % TAB_STOP)


def _clean_line(text: str, ascii: bool) -> str:
    if text.isascii() and text.isprintable():
        return text
    inert = "".join(_inert(text, ascii))
    return to_ascii(inert) if ascii else inert


def _inert(text: str, ascii: bool) -> Iterable[str]:
    """The pieces of `text`, each harmless; `marks` and `joins` count since the last base."""
    marks = joins = 0
    has_base = in_emoji = False
    dropped = 0
    for index, char in enumerate(text):
        if _is_mark(char):
            if char in _VARIATION:
                continue  # terminals disagree on the width that it gives; without it all agree
            if not has_base:
                yield _DOTTED_CIRCLE
                has_base = True
            marks += 1
            if marks <= MARKS_PER_BASE:
                yield char
            else:
                dropped += 1
            continue
        if dropped:
            yield f"<+{dropped} marks>"
            dropped = 0
        if char == _ZWJ and in_emoji and joins < JOINS_PER_EMOJI and _is_emoji(text[index + 1 : index + 2]):
            joins += 1
            marks = 0
            yield char
            continue
        if not (_is_tone(char) or text[index - 1 : index] == _ZWJ):
            joins = 0
        marks = 0
        in_emoji = _is_emoji(char)
        has_base = True
        yield _visible(char, ascii)
    if dropped:
        yield f"<+{dropped} marks>"


def _visible(char: str, ascii: bool) -> str:
    if char.isprintable() and char not in _FILLERS:
        return char
    code = ord(char)
    if code < 0x20 or code == 0x7F:
        return _caret(code) if ascii else _picture(code)
    if char in _YOUNG_EMOJI:
        return char
    if unicodedata.category(char) == "Zs":
        return "  " if code == 0x3000 else " "
    return f"<{code:02X}>"


def _picture(code: int) -> str:
    return "\u2421" if code == 0x7F else chr(0x2400 + code)


def _caret(code: int) -> str:
    return "^" + chr(code ^ 0x40)


def _is_mark(char: str) -> bool:
    if char < "\u0300":
        return False
    return unicodedata.category(char)[0] == "M" or (
        _within(ord(char), _HANGUL_JOINING) and char not in _FILLERS
    )


def _is_emoji(char: str) -> bool:
    return char > "\u2000" and (unicodedata.category(char) == "So" or _is_tone(char) or char in _YOUNG_EMOJI)


def _is_tone(char: str) -> bool:
    return _SKIN_TONES[0] <= ord(char) <= _SKIN_TONES[1]


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


# ── width ────────────────────────────────────────────────────────────────


def width(text: str) -> int:
    """Terminal cells that cleaned `text` takes (the same figure that Textual computes)."""
    if text.isascii():
        return len(text)
    total = 0
    joined = False
    for char in text:
        if joined:
            joined = False  # the sign after a ZWJ shares the cells of the one before
        elif char == _ZWJ:
            joined = True
        else:
            total += char_width(char)
    return total


_widths: dict[str, int] = {}


def char_width(char: str) -> int:
    """Cells of one character: 0, 1 or 2."""
    if (known := _widths.get(char)) is None:
        if len(_widths) > 4096:
            _widths.clear()
        known = _widths[char] = _measure(char)
    return known


def _measure(char: str) -> int:
    code = ord(char)
    if code < 0x300:
        return 0 if code < 0x20 or 0x7F <= code < 0xA0 else 1
    if _is_mark(char) or _is_tone(char) or (char in _FILLERS and char != "\u115f"):
        return 0
    if char in _YOUNG_EMOJI or _within(code, _LATE_WIDE):
        return 2
    category = unicodedata.category(char)
    if category in ("Cf", "Zl", "Zp"):
        return 0
    return 2 if category != "Cn" and unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, cells: int, *, ellipsis: str = "…") -> str:
    """`text` cut to at most `cells` terminal cells, ending in `ellipsis` when something was cut.

    Never cuts through a letter and its accents, nor through a joined emoji.
    """
    if cells <= 0:
        return ""
    if text.isascii():
        if len(text) <= cells:
            return text
        kept = text[: max(0, cells - width(ellipsis))]
    elif width(text) <= cells:
        return text
    else:
        kept = _head(text, max(0, cells - width(ellipsis)))
    return (kept + ellipsis) if kept else ellipsis[:cells]


def fit(text: str, cells: int, *, align: str = "left", ellipsis: str = "…") -> str:
    """`text` in exactly `cells` cells: cut, or padded with spaces. align: left, right or centre."""
    text = clip(text, cells, ellipsis=ellipsis)
    gap = cells - width(text)
    if gap <= 0:
        return text
    if align == "right":
        return " " * gap + text
    if align == "centre":
        return " " * (gap // 2) + text + " " * (gap - gap // 2)
    return text + " " * gap


def _head(text: str, cells: int) -> str:
    used = 0
    joined = False
    for index, char in enumerate(text):
        if char == _ZWJ:
            joined = True
            continue
        size = 0 if joined else char_width(char)
        joined = False
        if used + size > cells:
            return text[:index].rstrip(_ZWJ)
        used += size
    return text


# ── terminals without UTF-8, and JSON ────────────────────────────────────

_ASCII = {  # all of them one cell wide
    **dict.fromkeys("─━╌╍┄┅┈┉═╴╶╸╺▔‾–—―−‐‑", "-"),
    **dict.fromkeys("│┃╎╏┆┇┊┋║╵╷╹╻▏▎▍▌▕▐¦", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╭╮╯╰╞╡╪", "+"),
    **dict.fromkeys("█▉▊▋▓▒░■▪▮◼", "#"),
    **dict.fromkeys("▁▂▃▄", "_"),
    **dict.fromkeys("▀", '"'),
    **dict.fromkeys("•●◆·∙★☆✱", "*"),
    **dict.fromkeys("○◌◦°ø", "o"),
    **dict.fromkeys("→▶►▸›⇒", ">"),
    **dict.fromkeys("←◀◄◂‹⇐", "<"),
    **dict.fromkeys("↑▲▴△⇑", "^"),
    **dict.fromkeys("↓▼▾▽⇓", "v"),
    **dict.fromkeys("‘’‚´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‼⚠¡", "!"),
    **dict.fromkeys("✓✔", "v"),
    **dict.fromkeys("✗✘×✕", "x"),
    "⏸": "=", "…": "~", "↵": "$", "¿": "?", "ß": "s", "æ": "a", "Æ": "A", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "þ": "p", "œ": "o", "Œ": "O", "ı": "i", "€": "E", "£": "L", "µ": "u",
}  # fmt: skip


def to_ascii(text: str) -> str:
    """`text` in ASCII, every sign replaced by as many ASCII cells as it took.

    An 8-bit terminal reads the bytes 80 to 9F inside UTF-8 as controls, so this is part of the
    wall and not only of the look.
    """
    if text.isascii():
        return text
    return "".join(_ascii_cells(text))


def _ascii_cells(text: str) -> Iterable[str]:
    joined = False
    for char in text:
        if joined:
            joined = False
        elif char == _ZWJ:
            joined = True
        elif char < "\x7f":
            yield char
        elif cells := char_width(char):
            yield _ascii_sign(char).ljust(cells, "?")


def _ascii_sign(char: str) -> str:
    plain = _ASCII.get(char) or unicodedata.normalize("NFKD", char)[0]
    return plain if plain.isascii() and plain.isprintable() else "?"


_NOT_PLAIN = "[^\n -~]"
_BASIC_PLANE_END = 0xFFFF


def escape_json(encoded: str) -> str:
    """JSON text whose strings hold only ASCII, so that data survives and no terminal obeys it.

    `encoded` is JSON already: outside its strings all is ASCII, so each other character, and
    DEL, can be written as \\uXXXX (a pair of them beyond the basic plane).
    """
    return (
        encoded
        if encoded.isascii() and encoded.isprintable()
        else _pattern(_NOT_PLAIN).sub(_escaped, encoded)
    )


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= _BASIC_PLANE_END:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
