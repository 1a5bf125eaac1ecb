"""A form as it arrives: fields into memory, files straight into a store of blobs, in one pass.

The parser hands out what it finds in a chunk as events; whoever wants a file pulls them, so that never more
than a chunk of it is in memory.  What isn't wanted is read on and forgotten, because a browser shows an
answer only when it could send all that it had to say.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from supporttui.desk.attachments import label_of
from supporttui.errors import DataError, StoreError
from supporttui.quickclass import dataclass
from supporttui.store.blobs import Blobs, TooLarge

logging.getLogger("python_multipart").addHandler(logging.NullHandler())  # what is wrong is said here

MOST_PARTS = 200
MOST_FIELD = 4_000_000  # bytes; a million characters may have four each
MOST_FIELDS = 6_000_000  # bytes of all fields together
MOST_HEADERS = 8_000  # bytes, of one part


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that arrived.  hash: it lies under it in the stage.  name: a label and never a path."""

    hash: str
    name: str
    size: int
    type: str = ""


@dataclass(slots=True)
class Sent:
    """A form as it was sent.  refused: one line for each file that was not kept."""

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """most_bytes: of all files of one report.  most_files: how many."""

    most_bytes: int
    most_files: int = 20


def receive(
    chunks: Iterable[bytes],
    boundary: bytes,
    stage: Blobs,
    limits: Limits,
    welcome: Callable[[Mapping[str, str]], bool],
) -> Sent:
    """Read a form whole.  welcome: asked before the first file, with the fields that came before it, whether
    files are kept at all.  Errors: DataError for what is no form; whatever the chunks raise.
    """
    sent, left, budget = Sent(), limits.most_bytes, MOST_FIELDS
    keeps: bool | None = None
    for head, data in _Parts(chunks, boundary).parts():
        if head.filename is None:
            budget -= _field(sent, head.name, data, budget)
        elif head.filename:
            keeps = welcome(sent.values) if keeps is None else keeps
            if keeps:
                left -= _file(sent, head, data, stage, left, limits)
    return sent


def _field(sent: Sent, name: str, data: Iterator[bytes], budget: int) -> int:
    text = bytearray()
    for piece in data:
        text += piece
        if len(text) > min(MOST_FIELD, budget):
            raise DataError("the text is too long: send it as a file")
    value = text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    sent.values.setdefault(name, value)
    sent.lists.setdefault(name, []).append(value)
    return len(text)


def _file(sent: Sent, head: _Head, data: Iterator[bytes], stage: Blobs, left: int, limits: Limits) -> int:
    name = label_of(head.filename or "")
    if len(sent.files) >= limits.most_files:
        sent.refused.append(f"{name}: not kept, a report takes {limits.most_files} files; pack them into one")
        return 0
    try:
        blob = stage.put(data, most=left)
    except TooLarge:
        most = f"{limits.most_bytes / 1_000_000:,.0f} MB"
        sent.refused.append(f"{name}: not kept, the files of one report may have {most} together")
        return 0
    except StoreError:
        sent.refused.append(f"{name}: could not be kept just now; send the report without it")
        return 0
    sent.files.append(File(hash=blob.hash, name=name, size=blob.size, type=head.type))
    return blob.size


# -- events ---------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Head:
    """filename: None for a field, "" where no file was chosen."""

    name: str = ""
    filename: str | None = None
    type: str = ""


class _Parts:
    """The parts of a form, pulled one after the other; what is left of one is skipped for the next."""

    def __init__(self, chunks: Iterable[bytes], boundary: bytes) -> None:
        self._chunks = iter(chunks)
        self._events: deque[tuple[str, Any]] = deque()
        self._names: list[bytes] = [b"", b""]
        self._head, self._count, self._size, self._ended = _Head(), 0, 0, False
        found: dict[str, Any] = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._header(1, data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": lambda: self._events.append(("head", self._head)),
            "on_part_data": lambda data, start, end: self._events.append(("data", bytes(data[start:end]))),
            "on_part_end": lambda: self._events.append(("end", None)),
            "on_end": self._end,
        }
        self._parser = MultipartParser(boundary, found)  # type: ignore[arg-type]

    def parts(self) -> Iterator[tuple[_Head, Iterator[bytes]]]:
        while (event := self._next()) is not None:
            if event[0] == "head":
                data = self._data()
                yield event[1], data
                for _ in data:
                    pass
        if not self._ended:
            raise DataError("the form broke off before its end: send it again")

    def _data(self) -> Iterator[bytes]:
        while (event := self._next()) is not None and event[0] == "data":
            yield event[1]

    def _next(self) -> tuple[str, Any] | None:
        while not self._events:
            chunk = next(self._chunks, None)
            if chunk is None:
                return None
            try:
                self._parser.write(chunk)
            except FormParserError:
                raise DataError("this is no form that a browser sends") from None
        return self._events.popleft()

    def _begin(self) -> None:
        self._head, self._names, self._size = _Head(), [b"", b""], 0
        self._count += 1
        if self._count > MOST_PARTS:
            raise DataError(f"more than {MOST_PARTS} fields and files: pack the files into one")

    def _header(self, which: int, data: bytes) -> None:
        self._size += len(data)
        if self._size > MOST_HEADERS:
            raise DataError("this is no form that a browser sends")
        self._names[which] += data

    def _header_end(self) -> None:
        name, value = self._names[0].lower(), self._names[1]
        self._names = [b"", b""]
        if name == b"content-disposition":
            _, options = parse_options_header(value)
            self._head.name = options.get(b"name", b"").decode("utf-8", "replace")
            filename = options.get(b"filename")
            self._head.filename = None if filename is None else filename.decode("utf-8", "replace")
        elif name == b"content-type":
            self._head.type = value.decode("ascii", "replace")[:100]

    def _end(self) -> None:
        self._ended = True
