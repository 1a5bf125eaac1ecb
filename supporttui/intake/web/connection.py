"""A connection that has to come to the point: uvicorn's own, which would wait for a request's head for ever.

Whoever holds a connection without finishing a request's head takes one of a limited number from customers; so of one
visitor there are no more than a part of them, unless it is a proxy that speaks for many.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from .pace import visitor

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_OF_ONE = 60  # connections of one visitor
LOOKS = 10.0  # seconds between two looks; the second one that finds no request ends the connection


class Connection(H11Protocol):
    """looks: seconds; a head has to be there after twice as many."""

    looks = LOOKS
    most_of_one = MOST_OF_ONE
    held: ClassVar[Counter[str]] = Counter()
    _visitor = ""
    _next_look: asyncio.TimerHandle | None = None
    _was_idle = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        place = transport.get_extra_info("peername")
        host = str(place[0]) if place else ""
        if host and not _is_among(host, self.config.forwarded_allow_ips or ()):
            self._visitor = visitor(host)
            self.held[self._visitor] += 1
            if self.held[self._visitor] > self.most_of_one:
                transport.close()
                return
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
        if self._visitor:
            self.held[self._visitor] -= 1
            if not self.held[self._visitor]:
                del self.held[self._visitor]
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


def _is_among(host: str, proxies: str | Iterable[str]) -> bool:
    """Whether an address is one of these, or of one of these networks."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    named = proxies.split(",") if isinstance(proxies, str) else proxies
    for one in named:
        try:
            if address in ipaddress.ip_network(one.strip(), strict=False):
                return True
        except ValueError:
            continue
    return False
