"""The files of a ticket in rows, the beginning of one as lines, and both in a line beside the ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from supporttui.desk.excerpts import Excerpt
from supporttui.desk.file_words import WAYS, size_text
from supporttui.store.mail_records import Attachment
from supporttui.terminal.safe import clean_line, clip, fit, width

from .outline import Row, text
from .setting import Setting, clock_text
from .spans import EMPTY, Line, Span, line, line_width, spread
from .wrap import wrap

SIZE = 9  # cells of the longest size, "999.9 MB "
LEAST_NAME = 16
ENDING = 8  # cells of the longest ending of a name that is kept in sight
HEADING = 6  # cells of a page's heading beside its words
NAME_LINES = 5
NAMED = 6  # files that the line beside a ticket names


def rows(files: Sequence[Attachment], cells: int, setting: Setting, now: datetime, *, may: bool) -> list[Row]:
    """One row a file, the newest first; without any, how they come.  may: whether one can be attached here."""
    if not files:
        return [text(one, cells, setting) for one in _empty(may)]
    out = [text(EMPTY, cells, setting)]
    came = {one.id: f"{_by(one)}, {clock_text(one.added_at, setting.zone, now)}" for one in files}
    wide = max(map(width, came.values()))
    if cells - wide - SIZE - 8 < LEAST_NAME:
        wide = 0
    for one in reversed(files):
        out.append(
            Row(_row(one, came[one.id] if wide else "", wide, cells, setting), one.id, one.ticket, one.hash)
        )
        if not wide:
            out.append(text(line(Span(f"     {came[one.id]}", "muted")), cells, setting))
    return out


def _row(one: Attachment, came: str, wide: int, cells: int, setting: Setting) -> Line:
    size = Span(fit(size_text(one.size), SIZE, align="right"))
    right = line(size, Span(f"  {fit(came, wide)}", "muted") if wide else "")
    name = _short(clean_line(one.name), cells - line_width(right) - 4, setting.glyphs.ellipsis)
    return spread(line("  ", name), (*right, Span(" ")), cells, setting.glyphs.ellipsis)


def _short(name: str, cells: int, ellipsis: str) -> str:
    """A name cut before its ending, which tells what the file is: "core.of-reg….dmp"."""
    stem, dot, ending = name.rpartition(".")
    if width(name) <= cells or not (dot and ending.isascii() and len(ending) <= ENDING):
        return name
    return f"{clip(stem, cells - len(ending) - 1, ellipsis=ellipsis)}.{ending}"


def _by(one: Attachment) -> str:
    way = WAYS.get(one.source, f"by {clean_line(one.added_by)}")
    return f"{way} to {clean_line(one.place)}" if one.place else way


def _empty(may: bool) -> Iterator[Line]:
    yield EMPTY
    yield line("  This ticket has no files.")
    yield EMPTY
    yield line(Span("  They come with mails, from the web form and the upload folder,", "muted"))
    yield line(
        Span("  or by a here: a file of yours." if may else "  or from an analyst's console.", "muted")
    )


def content(
    file: Attachment, found: Excerpt | None, trouble: str, cells: int, setting: Setting, now: datetime
) -> Iterator[Line]:
    """A file to read: what it is, then its beginning.  trouble: why it can't be shown."""
    if width(name := clean_line(file.name)) > cells - HEADING:  # no heading has room for it
        yield from (line(f" {part}") for part in islice(wrap(name, cells - 2), NAME_LINES))
    facts = f"{size_text(file.size)}, {_by(file)}, {clock_text(file.added_at, setting.zone, now)}"
    for part in wrap(facts, cells - 2):
        yield line(Span(f" {part}", "muted"))
    for part in wrap(f"SHA-256 {file.hash}", cells - 2):
        yield line(Span(f" {part}", "muted"))
    yield EMPTY
    if found is None:
        yield from (line(Span(f" {part}", "error")) for part in wrap(trouble, cells - 2))
        return
    for one in found.lines:
        yield from (line(f" {part}") for part in wrap(one, cells - 2))
    if not found.lines:
        yield line(Span(" it is empty", "muted"))
    if not found.whole:
        words = (
            f"{setting.glyphs.ellipsis} the first {found.shown:,} of {found.size:,} bytes; s saves all of it"
        )
        yield EMPTY
        yield from (line(Span(f" {part}", "muted")) for part in wrap(words, cells - 2))


def beside(files: Sequence[tuple[str, int]], cells: int) -> Iterator[Line]:
    """ "files: trace.log (28 B), core.dmp (2.1 MB)", the newest first, in two lines at the most."""
    newest = [f"{clean_line(name)} ({size_text(size)})" for name, size in files[: -NAMED - 1 : -1]]
    more = [f"and {len(files) - NAMED} more"] if len(files) > NAMED else []
    lines = list(
        _beside_each_other(["files:", *(f"{one}," for one in newest[:-1]), newest[-1], *more], cells)
    )
    if len(lines) > 2 or any(width(one) > cells for one in lines):
        noun = "file" if len(files) == 1 else "files"
        lines = [f"{len(files)} {noun}, {size_text(sum(size for _, size in files))}"]
    yield from (line(one) for one in lines)


def _beside_each_other(parts: Sequence[str], cells: int) -> Iterator[str]:
    current = ""
    for part in parts:
        longer = f"{current} {part}".strip()
        if current and width(longer) > cells:
            yield current
            longer = part
        current = longer
    yield current


def said(file: Attachment) -> str:
    """A file in a notice: "trace.log (28 B)"."""
    return f"{clean_line(file.name)} ({size_text(file.size)})"
