"""The body of a request, read in a thread beside the server: bounded in bytes, in time and in how many at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl

import anyio
import anyio.from_thread
import anyio.to_thread
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from supporttui.errors import DataError

T = TypeVar("T")
AT_ONCE = 32  # forms that are read at the same time
OF_ONE = 4  # of these may be one visitor's
SILENCE = 30.0  # seconds without a byte
GRACE, SLOWEST = 60.0, 2_000  # seconds, and bytes in each second after that
SMALL = 16_384  # bytes of a form without files


class TooSlow(DataError):
    """Whoever sends takes so long that others could not."""


class TooMany(DataError):
    """One visitor sends more forms at the same time than anybody needs to."""


class TooBig(DataError):
    """More than a report may have, so much that it is not even read to its end."""


def boundary_of(request: Request) -> bytes:
    """What separates the parts of a form.  Errors: DataError when it isn't one with parts."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
        raise DataError("this is no form that a browser sends")
    return boundary


async def small_form(request: Request) -> dict[str, str]:
    """The fields of a form without files.  Errors: DataError."""
    text = bytearray()
    with anyio.move_on_after(SILENCE):
        async for chunk in request.stream():
            text += chunk
            if len(text) > SMALL:
                raise TooBig("the form is too long")
        pairs = parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
        return dict(pairs)
    raise TooSlow("the form did not arrive in time")


class Bodies:
    """Reads forms with files, some at once.  most: bytes of a body that are read, needed or not."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limiter: anyio.CapacityLimiter | None = None
        self._sending: Counter[str] = Counter()

    async def read(self, request: Request, by: str, work: Callable[[Iterator[bytes]], T]) -> T:
        """What `work` makes of the body's chunks; it runs in a thread.  by: the visitor.

        Errors: TooMany, TooSlow, TooBig, its own.
        """
        if self._sending[by] >= OF_ONE:
            raise TooMany("too many at once")
        self._sending[by] += 1
        try:
            return await self._read(request, work)
        finally:
            self._sending[by] -= 1
            self._sending += Counter()  # forgets whoever sends nothing

    async def _read(self, request: Request, work: Callable[[Iterator[bytes]], T]) -> T:
        if int(request.headers.get("content-length") or 0) > self._most:
            raise TooBig("too much at once")
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        chunks = self._chunks(request)
        return await anyio.to_thread.run_sync(partial(work, chunks), limiter=self._limiter)

    def _chunks(self, request: Request) -> Iterator[bytes]:
        stream, began, size = request.stream().__aiter__(), time.monotonic(), 0
        while True:
            chunk = anyio.from_thread.run(_next, stream)
            if chunk is None:
                return
            size += len(chunk)
            if size > self._most:
                raise TooBig("too much at once")
            if size < (time.monotonic() - began - GRACE) * SLOWEST:
                raise TooSlow("the form comes too slowly")
            yield chunk


async def _next(stream: object) -> bytes | None:
    with anyio.move_on_after(SILENCE):
        try:
            return await stream.__anext__()  # type: ignore[attr-defined,no-any-return]
        except StopAsyncIteration:
            return None
    raise TooSlow("the form did not arrive in time")
