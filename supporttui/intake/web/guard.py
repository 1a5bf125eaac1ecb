"""Around the whole application: the headers of every answer, and a fault that says where it lies and no more."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from .pages import HEADERS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_A_YEAR = {"Strict-Transport-Security": "max-age=31536000"}


class Guarded:
    """secure: customers reach it by https.  log: takes a line for each fault."""

    def __init__(self, app: ASGIApp, secure: bool, log: Callable[[str], None]) -> None:
        self._app, self._log = app, log
        headers = {**HEADERS, **(FOR_A_YEAR if secure else {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        try:
            await self._app(scope, receive, guarded if scope["type"] == "http" else send)
        except Exception as error:
            self._log(f"fault: {type(error).__name__} at {_place(error)}")


def _place(error: Exception) -> str:
    """Where a fault lies, without a word of what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if "supporttui" in one.filename] or frames
    return f"{os.path.basename(own[-1].filename)}:{own[-1].lineno}"
