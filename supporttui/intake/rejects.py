"""The rows that were not taken, with the reason, in the format in which they came.

The file is written by reading the source once more, so that an import holds no
rejected rows in memory; mended, it can be imported like the original.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from supporttui.errors import DataError
from supporttui.intake.mapping import ImportMapping
from supporttui.intake.rows import Row, as_text, format_of, header_of, read_rows

ADDED = ("line", "reason")


def write_rejects(source: Path, mapping: ImportMapping, rejected: Mapping[int, str], target: Path) -> None:
    """Write the rejected rows of `source` to `target` (new, readable by the owner alone).

    rejected: line → reason.  DataError when the file can't be written.
    """
    rows = read_rows(source, delimiter=mapping.delimiter, encoding=mapping.encoding)
    chosen = (row for row in rows if row.line in rejected)
    try:
        with _created(target) as stream:
            if format_of(source) == "jsonl":
                _write_json(stream, chosen, rejected)
            else:
                header = header_of(source, delimiter=mapping.delimiter, encoding=mapping.encoding)
                _write_csv(stream, header, chosen, rejected)
    except OSError as error:
        raise DataError(
            f"{target}: the rejected rows can't be written: {(error.strerror or 'error').lower()}"
        ) from None


def _created(target: Path) -> IO[str]:
    """A fresh file for the owner alone: it holds what customers wrote."""
    target.unlink(missing_ok=True)
    return os.fdopen(
        os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
    )


def _write_json(stream: IO[str], rows: Iterable[Row], rejected: Mapping[int, str]) -> None:
    for row in rows:
        cells: dict[str, Any] = dict(row.cells) if row.cells else {"raw": row.raw}
        marked = {**cells, "line": row.line, "reason": rejected[row.line]}
        stream.write(json.dumps(marked, ensure_ascii=True) + "\n")


def _write_csv(
    stream: IO[str], header: tuple[str, ...], rows: Iterable[Row], rejected: Mapping[int, str]
) -> None:
    columns = tuple(name for name in header if name not in ADDED)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*columns, *ADDED))
    for row in rows:
        cells = (as_text(row.cells.get(name)) for name in columns)
        writer.writerow((*cells, row.line, rejected[row.line]))
