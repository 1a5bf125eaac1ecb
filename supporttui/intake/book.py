"""Import into the book: the lines of a CSV file (or JSON lines) become records of one kind.

Idempotent: a line is recognised by what tells one record from another, so a second
run changes nothing and an interrupted one goes on.  A line is taken whole or not at
all, and an empty cell leaves what is there.  All of an import is one undo.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from supporttui.desk.act import new_batch
from supporttui.desk.book import checking, deeds
from supporttui.desk.book.entering import Entering
from supporttui.desk.book.fields import Sheet, sheet_of
from supporttui.desk.book.references import Names
from supporttui.desk.session import Desk
from supporttui.errors import Conflict, DataError, NotFound, Refused, UsageError
from supporttui.intake.mapping import ImportMapping
from supporttui.intake.rejects import ADDED, write_rejects
from supporttui.intake.rows import Row, format_of, header_of, read_rows
from supporttui.store.book import KINDS

BATCH = 500  # lines per transaction
IGNORED = frozenset(
    {"id", "version", "removed", *ADDED}
)  # what our own lists and rejects have beside the fields
LEFT_OUT = ""
DELIMITERS = (",", ";", "\t", "|")
_EMPTY: dict[str, Any] = {"day": None, "money": None, "yes": False, "number": 0, "reference": 0}
_ESCAPED = re.compile(r"\\([tn\\])")
_ESCAPES = {"t": "\t", "n": "\n", "\\": "\\"}
_REFUSALS = (UsageError, NotFound, Refused, Conflict)


@dataclass(slots=True, kw_only=True)
class BookImport:
    """What an import did, or in a dry run would do.

    rows: lines read.  rejected: line → reason.  stopped: it was interrupted; what is counted is in the store.
    """

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: dict[int, str] = field(default_factory=dict)
    stopped: bool = False
    dry_run: bool = False


def run(
    desk: Desk,
    kind: str,
    source: Path,
    *,
    columns: Mapping[str, str] | None = None,
    delimiter: str = "",
    encoding: str = "",
    dry_run: bool = False,
    rejects_path: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BookImport:
    """Import a file.

    columns: name in the file → field ("" leaves it out); other columns are found by name or title of a field.
    delimiter, encoding: "" finds them out (UTF-8, or UTF-16 by its mark).  progress: called with (lines done,
    lines in all) after each transaction; a KeyboardInterrupt ends the import between two of them.
    Errors: DataError for a file that can't be read, UsageError, StoreError.
    """
    if rejects_path is not None and rejects_path.resolve() == source.resolve():
        raise UsageError("the rejected lines would overwrite the file itself; name another file for them")
    how = _how(source, delimiter, encoding)
    importer = _Importer(desk, kind, source, how, dict(columns or {}))
    with _apart(desk) if dry_run else ExitStack():
        result = importer.run(progress or (lambda _done, _total: None), apart=dry_run)
    result.dry_run = dry_run
    if result.rejected and rejects_path is not None:
        mapping = ImportMapping("", {}, {}, delimiter=how.delimiter, encoding=how.encoding)
        write_rejects(source, mapping, result.rejected, rejects_path)
    return result


class _Never(Exception):
    """Ends a dry run, so that nothing of it stays."""


@contextmanager
def _apart(desk: Desk) -> Iterator[None]:
    """What is written inside is seen inside alone and taken back at the end."""
    try:
        with desk.store.write():
            yield
            raise _Never
    except _Never:
        pass


@dataclass(frozen=True, slots=True)
class _How:
    delimiter: str
    encoding: str


def _how(source: Path, delimiter: str, encoding: str) -> _How:
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise UsageError("a delimiter is one character, such as , or ;")
    encoding = encoding or _encoding(source)
    try:
        codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError):
        raise UsageError(f"'{encoding[:40]}' is no encoding; write utf-8 or latin-1") from None
    return _How(delimiter or _delimiter(source, encoding), encoding)


def _encoding(source: Path) -> str:
    """UTF-16 by its mark, else UTF-8; what isn't is rejected by line."""
    try:
        with source.open("rb") as stream:
            start = stream.read(2)
    except OSError as error:
        raise DataError(f"{source}: can't be read: {(error.strerror or 'error').lower()}") from None
    return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _delimiter(source: Path, encoding: str) -> str:
    """The one that the header has most of."""
    if source.name.lower().endswith((".tsv", ".tsv.gz")):
        return "\t"
    if format_of(source) != "csv":
        return ","
    header = header_of(source, delimiter="\x1f", encoding=encoding)
    return max(DELIMITERS, key=lambda one: "".join(header).count(one))


@dataclass(slots=True)
class _Importer:
    """One run: lines in, batches of records out."""

    desk: Desk
    kind: str
    source: Path
    how: _How
    columns: dict[str, str]
    sheet: Sheet = field(init=False)
    own: bool = False  # what `list --tsv` printed: breaks in its cells are written as \\n
    batch: str = field(default_factory=new_batch)

    def __post_init__(self) -> None:
        self.sheet = sheet_of(self.kind)

    def run(self, progress: Callable[[int, int], None], *, apart: bool) -> BookImport:
        result = BookImport()
        mapping = self._mapping()
        entering = Entering(self.desk, self.kind, remembers=True)
        total = sum(1 for _ in self._rows())
        rows = self._rows()
        try:
            while some := list(islice(rows, BATCH)):
                self._take(entering, some, mapping, result)
                progress(result.rows, total)
        except KeyboardInterrupt:
            if apart:
                raise
            result.stopped = True
        return result

    def _rows(self) -> Iterator[Row]:
        return read_rows(self.source, delimiter=self.how.delimiter, encoding=self.how.encoding)

    def _mapping(self) -> dict[str, str]:
        """Column of the file → field; a column that means no field is a fault of the file, not of its lines."""
        if format_of(self.source) != "csv":
            header = tuple(next((row.cells for row in self._rows() if not row.reason), {}))
        else:
            header = header_of(self.source, delimiter=self.how.delimiter, encoding=self.how.encoding)
        self.own = self.how.delimiter == "\t" and (header[:1], header[-1:]) == (("id",), ("version",))
        for name in self.columns:
            if name not in header:
                raise DataError(
                    f"{self.source.name}: no column '{name[:60]}'; there are {', '.join(header)[:300]}"
                )
        mapping = dict(self._mapped(name) for name in header if name.strip() or name in self.columns)
        used = [one for one in mapping.values() if one]
        twice = next((one for one in used if used.count(one) > 1), None)
        if twice:
            raise DataError(
                f"{self.source.name}: two columns are the field {twice}: leave one out with --column 'NAME='"
            )
        if not used:
            raise DataError(
                f"{self.source.name}: line 1 must name the columns, such as {', '.join(self.sheet.shown)}"
            )
        return mapping

    def _mapped(self, name: str) -> tuple[str, str]:
        if name in self.columns:
            wanted = self.columns[name]
            return name, self.sheet.field(wanted).name if wanted else LEFT_OUT
        if name.strip().casefold() in IGNORED:
            return name, LEFT_OUT
        try:
            return name, self.sheet.field(name).name
        except UsageError as error:
            shown = " ".join(name.split())[:60]
            raise DataError(
                f"{self.source.name}: column '{shown}': {error}; --column '{shown}=FIELD' says which, '{shown}=' leaves it out"
            ) from None

    # -- one batch

    def _take(
        self, entering: Entering, rows: list[Row], mapping: Mapping[str, str], result: BookImport
    ) -> None:
        """All of a batch in one transaction; the counts follow when it is in."""
        done = {"added": 0, "changed": 0, "unchanged": 0}
        rejected: dict[int, str] = {}
        entering.forget()
        with self.desk.store.write():
            for row in rows:
                try:
                    values = self._values(row, mapping)
                    with (
                        self.desk.store.write()
                    ):  # a part of its own: a line that fails leaves nothing behind
                        done[self._write(entering, values)] += 1
                except _REFUSALS as why:
                    rejected[row.line] = str(why)
        result.rows += len(rows)
        result.rejected.update(rejected)
        for name, count in done.items():
            setattr(result, name, getattr(result, name) + count)

    def _values(self, row: Row, mapping: Mapping[str, str]) -> dict[str, str]:
        if row.reason:
            raise UsageError(row.reason)
        values = {}
        for column, name in mapping.items():
            text = row.text(column) if name else ""
            text = _ESCAPED.sub(lambda found: _ESCAPES[found[1]], text) if self.own else text
            if "\x00" in text or "\ufffd" in text:
                what = (
                    "a NUL character"
                    if "\x00" in text
                    else f"not {self.how.encoding.removesuffix('-sig').upper()}"
                )
                raise UsageError(
                    f"{self.sheet.field(name).title}: {what}: mend it, or say the file's --encoding"
                )
            if text.strip():
                # A spreadsheet's way to keep a text from being a formula, which our own export uses.
                values[name] = text[1:] if text[0] == "'" and text[1:2] in ("=", "+", "-", "@") else text
        if not values:
            raise UsageError("an empty line")
        return values

    def _write(self, entering: Entering, values: Mapping[str, str]) -> str:
        row = entering.read(values)
        old = self._known(row)
        if old is None:
            entering.complete(row)
            deeds.insert(self.desk, self.kind, row, batch=self.batch)
            return "added"
        entering.complete(row, old)
        self._check_owner(old, row)
        for name in recognised_by(self.sheet, row):  # by which it was recognised, in whatever spelling
            row.pop(name, None)
        done = deeds.update(self.desk, self.kind, old, row, batch=self.batch)
        return "unchanged" if done is old else "changed"

    def _check_owner(self, old: Any, row: Mapping[str, Any]) -> None:
        """A number that is somebody else's is a mistake sooner than a move."""
        if getattr(old, "customer", 0) != row.get("customer", getattr(old, "customer", 0)):
            whose = Names(self.desk).label(self.kind, old)
            raise Refused(f"this is {whose} (#{old.id}): if it moved to another customer, set that by hand")

    def _known(self, row: Mapping[str, Any]) -> Any:
        """The record that the line is about, None for a new one.  Errors: Refused."""
        columns = recognised_by(self.sheet, row)
        if not columns:
            return None
        blank = {one.name: _EMPTY.get(one.type, "") for one in self.sheet.fields}
        wanted = SimpleNamespace(**{"id": 0, **blank, **row})
        found = [
            one
            for one in checking.matching(self.desk, self.kind, columns, wanted, removed=True)
            if not checking.undone(self.desk, self.kind, one)
        ]
        here = [one for one in found if not one.removed]
        if found and not here:
            raise Refused(
                f"it was removed from the book: supporttui {self.sheet.command} restore '#{found[0].id}' first"
            )
        if len(here) > 1:
            raise Refused(f"it may be #{here[0].id} or #{here[1].id}: give them numbers of their own first")
        return here[0] if here else None


def recognised_by(sheet: Sheet, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns by which a line is recognised; () while one of the required ones is missing."""
    columns = sheet.known_by
    if columns[0] == "number" and row.get("number"):
        columns = ("number", *(name for name in columns if name == "start_on" and row.get(name)))
    if any(one.required and not row.get(one.name) for one in sheet.fields if one.name in columns):
        return ()
    return tuple(name for name in columns if name in KINDS[sheet.kind].columns)
