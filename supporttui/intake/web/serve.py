"""The web desk on a port: uvicorn, with what a server that strangers reach needs set."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from supporttui.errors import StoreError

from .connection import Connection
from .site import Site

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.intake.settings import Intake

MOST_AT_ONCE = 200  # connections; more get a 503
MOST_HEADERS = 32_768  # bytes
WAITING = 128  # connections that are not accepted yet
IDLE = 10  # seconds that a connection may wait for its next request
ENDING = 20  # seconds for requests that run when the end is asked for


def serve(
    make_desk: Callable[[], Desk], settings: Intake, log: Callable[[str], None], ready: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or Ctrl-C.  ready: called with the address once it listens.

    Errors: StoreError for an address that can't be listened on, or a store that can't be opened; PolicyError.
    """
    listening = _listen(settings.web.host, settings.web.port)
    site = Site(make_desk, settings, log)
    config = uvicorn.Config(
        site.app, log_config=None, access_log=False, server_header=False, loop="asyncio", http=Connection, ws="none",
        lifespan="on", proxy_headers=True, forwarded_allow_ips=list(settings.web.proxies),
        limit_concurrency=MOST_AT_ONCE, timeout_keep_alive=IDLE, timeout_graceful_shutdown=ENDING,
        h11_max_incomplete_event_size=MOST_HEADERS,
    )  # fmt: skip
    ready(_address(listening))
    with _ending_well():
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _ending_well() -> Iterator[None]:
    """The server sends itself the signal that ended it again once it has ended: that is the end and no accident."""
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {one: signal.signal(one, lambda *_: None) for one in wanted}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens.  TCP by name: otherwise asyncio leaves Nagle's algorithm on, 40 ms for each page."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(WAITING)
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"{host}:{port} can't be listened on: {why}; choose another place in [web]"
        ) from None
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
