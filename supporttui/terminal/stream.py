"""Standard output and error that no ticket can write control bytes to.

Redirected output is inert too: a file made by `supporttui list > out` is
later shown by `cat` or a pager.  Invariant: every character that reaches the
real stream went through `clean()`, except the colour codes that
`InertWriter.paint()` makes itself.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable
from typing import TextIO

from supporttui.terminal.safe import clean

_SGR = re.compile(r"[0-9;]*\Z")


class InertWriter(io.TextIOBase):
    """A text stream that cleans what is written and passes it to `stream`.

    On a stream that isn't UTF-8 the text becomes ASCII, cell for cell.  colours: whether
    `paint()` may write colour codes; without it they are left out.
    """

    def __init__(self, stream: TextIO, *, colours: bool = False) -> None:
        self._stream = stream
        self._colours = colours
        self._ascii = not _speaks_utf8(stream)

    def write(self, text: str, /) -> int:
        """Write `text` with line breaks kept and all else made inert; returns the length of `text`."""
        self._stream.write(clean(text, newlines=True, ascii=self._ascii))
        return len(text)

    def writelines(self, lines: Iterable[str], /) -> None:  # type: ignore[override]
        """Write each of `lines`, as `write()` does."""
        for line in lines:
            self.write(line)

    def paint(self, text: str, sgr: str) -> None:
        """Write `text`, made inert, in the colours `sgr` (digits and semicolons, as "1;31")."""
        if not _SGR.match(sgr):
            raise ValueError(f"not a colour code: {sgr!a}")
        inert = clean(text, newlines=True, ascii=self._ascii)
        self._stream.write(f"\x1b[{sgr}m{inert}\x1b[0m" if self._colours and sgr else inert)

    def flush(self) -> None:
        """Flush the stream behind."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether the stream behind is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor of the stream behind."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Always true."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream behind."""
        return self._stream.encoding


def inert_stdio(*, colours: bool = False) -> None:
    """Make `sys.stdout` and `sys.stderr` inert for the rest of the process; calling it twice is harmless.

    argparse, tracebacks and warnings then go the same way as our own lines.
    """
    if not isinstance(sys.stdout, InertWriter):
        sys.stdout = InertWriter(sys.stdout, colours=colours)
    if not isinstance(sys.stderr, InertWriter):
        sys.stderr = InertWriter(sys.stderr, colours=colours)


def print_inert(*values: object, sep: str = " ", end: str = "\n", file: TextIO | None = None) -> None:
    """`print()` through `clean()`, whatever the stream is."""
    target = sys.stdout if file is None else file
    ascii = not _speaks_utf8(target)
    target.write(clean(sep.join(map(str, values)) + end, newlines=True, ascii=ascii))


def _speaks_utf8(stream: TextIO) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig", "utf-16", "utf-32")
