"""Rows of a file from outside, one at a time: CSV or JSON lines, plain or gzipped.

A row that can't be read is a row too: it carries the reason, so that it can be
rejected by line instead of ending the import.  Only a file that can't be read on
at all (no such file, broken compression) is an error.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from supporttui.errors import DataError

LONGEST_LINE = 8 << 20  # characters; a longer one is no row but a mistake or an attack
Format = Literal["csv", "jsonl"]


class Row:
    """One row: its first line (1-based), its cells by column, and why it can't be used ("" if it can).

    raw: the text as read, for JSON lines; cells: as read, for CSV.
    """

    __slots__ = ("_parsed", "cells", "line", "raw", "reason")

    def __init__(self, line: int, cells: Mapping[str, Any], raw: str = "", reason: str = "") -> None:
        self.line = line
        self.cells = cells
        self.raw = raw
        self.reason = reason
        self._parsed: dict[str, Any] = {}

    def open_json(self, columns: tuple[str, ...]) -> None:
        """Read the JSON inside these columns, for dotted names; a fault becomes the row's reason."""
        for column in columns:
            text = self.cells.get(column)
            if not isinstance(text, str) or not text.strip():
                continue
            try:
                self._parsed[column] = json.loads(text)
            except (ValueError, RecursionError):
                self.reason = self.reason or f"{column}: not JSON"

    def text(self, column: str) -> str:
        """The text of a column, "" when there is none; "a.b" reaches into objects."""
        if column in self.cells:
            return as_text(self.cells[column])
        found: Any = self.cells
        for part in column.split("."):
            if found is self.cells and part in self._parsed:
                found = self._parsed[part]
            elif isinstance(found, Mapping):
                found = found.get(part)
            else:
                return ""
        return as_text(found)


def as_text(value: Any) -> str:
    """A JSON value as the text of a field: lists by commas, nothing as ""."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(as_text(one) for one in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def format_of(path: Path) -> Format:
    """CSV or JSON lines, by the name; by the first character where the name says nothing."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    if suffixes[-1:] in ([".jsonl"], [".ndjson"], [".json"]):
        return "jsonl"
    if suffixes[-1:] in ([".csv"], [".tsv"]):
        return "csv"
    with _opened(path, "utf-8-sig") as stream:
        return "jsonl" if stream.read(64).lstrip().startswith("{") else "csv"


def read_rows(path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Every row of the file.  DataError when the file can't be read (on)."""
    if path.name.lower().removesuffix(".gz").endswith(".tsv") and delimiter == ",":
        delimiter = "\t"
    form = format_of(path)
    with _opened(path, encoding) as stream:
        yield from _json_rows(stream) if form == "jsonl" else _csv_rows(stream, delimiter)


def header_of(path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> tuple[str, ...]:
    """The column names of a CSV file, in order."""
    with _opened(path, encoding) as stream:
        return tuple(_header(_reader(stream, delimiter)))


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[io.TextIOBase]:
    """The text of the file; errors of opening and of reading become one line."""
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path, "rt", encoding=encoding, errors="replace", newline="") as unpacked:
                yield unpacked
        else:
            with path.open(encoding=encoding, errors="replace", newline="") as plain:
                yield plain
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataError(
            f"{path.name}: the compressed data is broken; nothing after that can be read"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: can't be read: {(error.strerror or 'error').lower()}") from None


def _lines(stream: io.TextIOBase) -> Iterator[str]:
    """Lines with their ends, none longer than LONGEST_LINE (a longer one comes in pieces)."""
    while line := stream.readline(LONGEST_LINE):
        yield line


def _json_rows(stream: io.TextIOBase) -> Iterator[Row]:
    for number, line in enumerate(_lines(stream), 1):
        text = line.strip()
        if text:
            yield _json_row(number, text)


def _json_row(number: int, text: str) -> Row:
    try:
        value = json.loads(text)
    except RecursionError:
        return Row(number, {}, text, "nested too deeply")
    except ValueError as error:
        where = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return Row(number, {}, text, f"not JSON{where}")
    if not isinstance(value, dict):
        return Row(number, {}, text, "not a JSON object")
    return Row(number, value, text)


def _csv_rows(stream: io.TextIOBase, delimiter: str) -> Iterator[Row]:
    reader = _reader(stream, delimiter)
    header = _header(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row(line, {}, reason=f"not CSV: {error}")
            continue
        if cells is None:
            return
        if cells:
            yield _csv_row(line, header, cells)


def _header(reader: Any) -> list[str]:
    """The first row, whose names must differ."""
    try:
        header: list[str] = next(reader, [])
    except csv.Error as error:
        raise DataError(f"the header can't be read as CSV: {error}") from None
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"line 1: two columns are called '{' '.join(twice.split())[:60]}'")
    return header


def _csv_row(line: int, header: list[str], cells: list[str]) -> Row:
    found = dict(zip(header, cells, strict=False))
    if len(cells) == len(header):
        return Row(line, found)
    return Row(line, found, reason=f"{len(cells)} cells, but the header has {len(header)}")


def _reader(stream: io.TextIOBase, delimiter: str) -> Any:
    csv.field_size_limit(LONGEST_LINE)
    return csv.reader(_lines(stream), delimiter=delimiter)
