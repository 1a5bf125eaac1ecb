"""A connection that has to come to the point: uvicorn's own, which would wait for a request's head for ever.

Whoever holds a connection without finishing a request's head takes one of a limited number from customers.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

LOOKS = 10.0  # seconds between two looks; the second one that finds no request ends the connection


class Connection(H11Protocol):
    """looks: seconds; a head has to be there after twice as many."""

    looks = LOOKS
    _next_look: asyncio.TimerHandle | None = None
    _was_idle = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._next_look = asyncio.get_running_loop().call_later(self.looks, self._look)

    def _look(self) -> None:
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self._was_idle:
            self.transport.close()
            return
        self._was_idle = is_idle
        self._look_later()
