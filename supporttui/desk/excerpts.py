"""The beginning of a file as text that obeys nobody: what can't be shown is written out as its number.

Invariant: no character of an excerpt is a control or a format character but the newlines between
its lines, whatever the file holds.  Nothing is ever unpacked.
"""

from __future__ import annotations

import codecs
import re

from supporttui.quickclass import dataclass
from supporttui.store.blobs import Blobs

MOST_BYTES, MOST_LINES, MOST_LINE = 65_536, 2_000, 2_000  # of what a person looks at
FIRST_BYTES, FIRST_LINES, FIRST_LINE = 4_096, 6, 200  # of what stands in a journal
DUMPED = 4_096  # bytes of a file that is no text
ROW, ROW_FIRST = 16, 8  # bytes in a row of numbers; those of a journal stand in a narrow pane
ROWS_FIRST = 2
MOST_CONTROLS, MOST_STRANGE = 0.05, 0.25  # of a text's bytes

_CONTROLS = tuple(bytes([one]) for one in range(32) if one not in b"\t\n\r\f\x1b")
_BREAK = re.compile(r"\r\n|\n|\r")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """lines: what is shown.  text: False for bytes that are written as numbers.
    shown: bytes of the file that the lines are of.  size: bytes that it has.
    """

    lines: tuple[str, ...]
    text: bool
    shown: int
    size: int

    @property
    def whole(self) -> bool:
        return self.shown >= self.size


def excerpt_of(
    blobs: Blobs, hash: str, *, most: int = MOST_BYTES, lines: int = MOST_LINES, width: int = MOST_LINE
) -> Excerpt:
    """The beginning of a file.  most: bytes; lines, width: of text.  Errors: NotFound, StoreError."""
    import os

    with blobs.open(hash) as file:
        size = os.fstat(file.fileno()).st_size
        return excerpt(file.read(most), size, lines=lines, width=width)


def first_lines(blobs: Blobs, hash: str) -> str:
    """What a journal shows of a file: a few lines, escaped."""
    with blobs.open(hash) as file:
        content = file.read(FIRST_BYTES)
    found = excerpt(content, len(content), lines=FIRST_LINES, width=FIRST_LINE)
    if found.text:
        return "\n".join(found.lines)
    return "\n".join(
        _numbers(content[at : at + ROW_FIRST], ROW_FIRST)
        for at in range(0, ROWS_FIRST * ROW_FIRST, ROW_FIRST)
    )


def excerpt(content: bytes, size: int, *, lines: int = MOST_LINES, width: int = MOST_LINE) -> Excerpt:
    """The excerpt of a file of `size` bytes that begins with `content`."""
    text = _decoded(content)
    if text is None:
        shown = content[:DUMPED]
        rows = tuple(_row(shown, at) for at in range(0, len(shown), ROW))[:lines]
        return Excerpt(rows, False, min(len(shown), len(rows) * ROW), size)
    found = _BREAK.split(text, maxsplit=lines)
    cut = len(found) > lines
    kept = tuple(_inert(one, width) for one in found[:lines])
    while kept and not cut and not kept[-1]:
        kept = kept[:-1]
    shown_bytes = len(content) if not cut else max(1, len(content) - len(found[lines].encode("utf-8")))
    return Excerpt(kept, True, min(shown_bytes, len(content)), size)


def _decoded(content: bytes) -> str | None:
    """The content as text; None for what is none."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "backslashreplace")
    if b"\x00" in content:
        return None
    text = content.decode("utf-8", "backslashreplace")
    room = max(len(content), 20)
    controls = sum(content.count(one) for one in _CONTROLS)
    strange = content.decode("utf-8", "replace").count("\ufffd")  # few of them: a log in Latin-1
    return text if controls <= room * MOST_CONTROLS and strange <= room * MOST_STRANGE else None


def _inert(line: str, width: int) -> str:
    shown = line[:width].expandtabs(8)[:width]
    text = shown if shown.isprintable() else "".join(map(_visible, shown))
    return text + "…" if len(line) > width else text


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _row(content: bytes, at: int) -> str:
    """ "00000010  7f 45 4c 46 …  .ELF…" """
    return f"{at:08x}  {_numbers(content[at : at + ROW], ROW)}"


def _numbers(part: bytes, row: int) -> str:
    numbers = " ".join(f"{one:02x}" for one in part)
    signs = "".join(chr(one) if 32 <= one < 127 else "." for one in part)
    return f"{numbers:<{row * 3 - 1}}  {signs}".rstrip()
