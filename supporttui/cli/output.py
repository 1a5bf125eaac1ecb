"""How commands print: JSON, TSV or aligned text, and nothing in it that a terminal would obey.

Invariant: every character of data reaches the stream through `clean` or as
ASCII JSON, whether the stream is a terminal or a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal, NamedTuple

Form = Literal["text", "json", "tsv"]
GAP = "  "
LEAST_FLEXIBLE = 12  # below this a subject says nothing; the line is cut at its end instead


class Column(NamedTuple):
    """A column of a text table.  flexible: takes the room that the others leave."""

    title: str
    right: bool = False
    flexible: bool = False


class Output:
    """One command's standard output.

    form: what the user asked for.  width: cells of the terminal, 0 when it isn't one.
    ascii: the stream can't show UTF-8.
    """

    def __init__(
        self, stream: IO[str], form: Form = "text", *, width: int = 0, colours: bool = False
    ) -> None:
        self.stream = stream
        self.form = form
        self.width = width
        self.colours = colours
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
        self.ascii = not encoding.startswith("utf")

    def json(self, value: Any) -> None:
        """Print one JSON value; instants become "…Z".  Indented at a terminal."""
        import json

        self.stream.write(
            json.dumps(plain(value), ensure_ascii=True, indent=2 if self.width else None) + "\n"
        )

    def json_line(self, value: Any) -> None:
        """Print one JSON value on one line, for logs."""
        import json

        self.stream.write(json.dumps(plain(value), ensure_ascii=True) + "\n")

    def flush(self) -> None:
        """Let whoever reads along have what was printed."""
        self.stream.flush()

    def json_list(self, values: Iterable[Any]) -> None:
        """Print a JSON list, one element a line, without holding all of it."""
        import json

        self.stream.write("[")
        between = "\n"
        for value in values:
            self.stream.write(between + json.dumps(plain(value), ensure_ascii=True))
            between = ",\n"
        self.stream.write("\n]\n" if between == ",\n" else "]\n")

    def line(self, text: str = "", *, clipped: bool = False) -> None:
        """Print one line of text; line breaks in it become marks."""
        from supporttui.terminal.safe import clean, clip

        text = clean(text, ascii=self.ascii)
        self.stream.write((clip(text, self.width) if clipped and self.width else text) + "\n")

    def body(self, text: str, indent: str = "") -> None:
        """Print text of several lines, each one indented."""
        from supporttui.terminal.safe import clean

        for line in clean(text, newlines=True, ascii=self.ascii).split("\n"):
            self.stream.write((indent + line).rstrip() + "\n")

    def tsv(self, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Print a heading and rows with tabs between the fields; a tab, line break or backslash
        inside a field is written as \\t, \\n or \\\\.  Instants are UTC "…Z"."""
        self.stream.write("\t".join(titles) + "\n")
        for row in rows:
            self.stream.write("\t".join(self._tsv_field(field) for field in row) + "\n")

    def _tsv_field(self, value: Any) -> str:
        from supporttui.terminal.safe import clean

        value = plain(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else ""
        if isinstance(value, list):
            value = " ".join(map(str, value))
        text = str(value)
        if "\\" in text or not text.isprintable():
            text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\r\n", "\\n").replace("\n", "\\n")
        return clean(text, ascii=self.ascii)

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], urgent: Sequence[bool] = ()
    ) -> None:
        """Print aligned text; at a terminal the flexible column gives way, then lines are cut.

        urgent: for each row whether it burns; with colours such a row is bold red.  Colour
        never says anything that the words of the row don't.
        """
        from supporttui.terminal.safe import clean, width

        cells = [[clean(field, ascii=self.ascii) for field in row] for row in rows]
        widths = [
            max([len(column.title), *(width(row[place]) for row in cells)])
            for place, column in enumerate(columns)
        ]
        self._give_way(columns, widths)
        self.stream.write(self._fitted(columns, [column.title for column in columns], widths) + "\n")
        for place, row in enumerate(cells):
            line = self._fitted(columns, row, widths)
            burns = self.colours and place < len(urgent) and urgent[place]
            self.stream.write(f"\x1b[1;31m{line}\x1b[0m\n" if burns else f"{line}\n")

    def _fitted(self, columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> str:
        from supporttui.terminal.safe import clip, fit

        ellipsis = "~" if self.ascii else "…"
        fitted = (
            fit(field, room, align="right" if column.right else "left", ellipsis=ellipsis)
            for field, room, column in zip(row, widths, columns, strict=True)
        )
        line = GAP.join(fitted).rstrip()
        return clip(line, self.width, ellipsis=ellipsis) if self.width else line

    def _give_way(self, columns: Sequence[Column], widths: list[int]) -> None:
        if not self.width:
            return
        over = sum(widths) + len(GAP) * (len(widths) - 1) - self.width
        for place, column in enumerate(columns):
            if column.flexible and over > 0:
                kept = max(min(widths[place], LEAST_FLEXIBLE), widths[place] - over)
                over -= widths[place] - kept
                widths[place] = kept

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Print names and values below each other, values aligned."""
        kept = [(name, value) for name, value in pairs if value]
        room = max((len(name) for name, _value in kept), default=0)
        for name, value in kept:
            self.line(f"{name.ljust(room)}{GAP}{value}")


def plain(value: Any) -> Any:
    """The value as JSON has it: instants "…Z", tuples lists, paths and the like text."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        from supporttui.when import iso_z

        return iso_z(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(one) for one in value]
    return str(value)


def record(value: Any, *, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a dataclass or a named tuple in their order, as JSON has them."""
    names = getattr(value, "_fields", None) or value.__dataclass_fields__
    return {name: plain(getattr(value, name)) for name in names if name not in leave_out}


def width_of(stream: IO[str], environ: Mapping[str, str]) -> int:
    """Cells of the terminal that the stream is, 0 when it is none."""
    try:
        if not stream.isatty():
            return 0
        import os

        columns = environ.get("COLUMNS", "")
        if columns.isascii() and columns.isdigit() and 0 < int(columns[:6]) < 100_000:
            return int(columns)
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):
        return 80


def colours_of(width: int, environ: Mapping[str, str]) -> bool:
    """Whether colours are wanted: a terminal, no NO_COLOR (no-color.org), not a dumb one."""
    return bool(width) and not environ.get("NO_COLOR") and environ.get("TERM", "dumb") != "dumb"
