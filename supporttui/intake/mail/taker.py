"""The resident taker: mails that gateways have put into the spool become tickets here, one after the other.

A gateway says the name of a mail over a socket in the spool's folder, which only its owner may enter, and
hears "0 …" once it is committed, else "75 …".  What lies in the spool for other reasons is taken as well,
now and then.  There is one taker for a spool; without one every gateway does the work itself.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from supporttui.errors import Refused, StoreError, SupportError

from . import spool
from .front import NAME, TRY_AGAIN
from .gateway import Gateway, Taken, line_of, said

if TYPE_CHECKING:
    from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:
    fcntl = None

LOCK = "taker.lock"
MOST_NAME = 400  # bytes
WAITS = 5.0  # seconds for a gateway to say a name, and to hear the answer
SWEEPS = 60.0  # seconds between two looks at what else lies in the spool
BACKLOG = 128


class Taker:
    """One taker.  gateway: makes what mails are taken with; again after the store failed, or settings changed."""

    def __init__(self, folder: str, gateway: Callable[[], Gateway], tell: Callable[[Taken], None]) -> None:
        self.folder = folder
        self._make = gateway
        self._gateway: Gateway | None = None
        self._tell = tell
        self._lock = _only_one(folder)
        self._listening = _listen(folder)
        self._swept = 0.0
        self.stale = False  # settings have changed: say so from a signal handler

    def close(self) -> None:
        """Take no more; gateways do the work themselves from now on."""
        with suppress(OSError):
            os.unlink(os.path.join(self.folder, NAME))
        self._listening.close()
        os.close(self._lock)

    def serve(self, stop: Callable[[], bool], wake: int = -1) -> None:
        """Take until told to stop.  wake: a handle that becomes readable when a signal came, -1 for none."""
        self.warm()
        while not stop():
            self._sweep(stop)
            hears = self._listening.fileno()
            ready = select.select([hears] if wake < 0 else [hears, wake], [], [], SWEEPS)[0]
            if wake in ready:
                os.read(wake, 4096)
            if hears in ready:
                self._accept()

    def warm(self) -> None:
        """Load what the first mail would wait for."""
        with suppress(SupportError, OSError):
            _ = self._working().desk.policy
        import supporttui.desk.receiving  # noqa: F401
        from supporttui.desk import letters  # noqa: F401

    def _accept(self) -> None:
        with suppress(BlockingIOError, OSError):
            line, _ = self._listening.accept()
            with line:
                line.settimeout(WAITS)
                name = _name_from(line)
                if name:
                    line.sendall(self._answer(name))

    def _answer(self, name: str) -> bytes:
        from supporttui.terminal.safe import clean_line

        taken = self._taken(name)
        code = TRY_AGAIN if taken.trouble else 0
        text = taken.trouble or (line_of(taken.received) if taken.received else "taken by another process")
        return f"{code} {clean_line(text)[:1000]}\n".encode()

    def _taken(self, name: str) -> Taken:
        try:
            taken = Taken(name, self._working().take(name, wait=True))
        except Exception as error:  # whatever it was, the mail lies in the spool
            if isinstance(error, StoreError):
                self._gateway = None
            taken = Taken(name, None, said(error))
        self._tell(taken)
        return taken

    def _working(self) -> Gateway:
        if self._gateway is None or self.stale:
            self._gateway, self.stale = self._make(), False
        return self._gateway

    def _sweep(self, stop: Callable[[], bool]) -> None:
        """What lies there since its gateway was killed, or the store could not be written."""
        if time.monotonic() - self._swept < SWEEPS:
            return
        self._swept = time.monotonic()
        for name in spool.waiting(self.folder):
            if stop():
                return
            if spool.age(self.folder, name) > SWEEPS / 2:  # younger ones have a gateway that waits
                self._taken(name)


def _only_one(folder: str) -> int:
    """Hold the lock of the spool.  Errors: Refused when somebody takes already, StoreError."""
    try:
        spool.make(folder)
        handle = os.open(os.path.join(folder, LOCK), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{folder}: the spool can't be used: {error.strerror}") from None
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise Refused(f"somebody takes mails from {folder} already") from None
    return handle


def _listen(folder: str) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path = os.path.join(folder, NAME)
    with suppress(FileNotFoundError):
        os.unlink(path)  # of a taker that was killed: the lock is ours
    handle = os.open(folder, os.O_RDONLY)
    try:
        short = f"/proc/self/fd/{handle}/{NAME}"
        listening.bind(short if os.path.isdir(f"/proc/self/fd/{handle}") else path)
        os.chmod(path, 0o600)
    except OSError as error:
        listening.close()
        raise StoreError(f"{path}: can't be listened on: {error.strerror}") from None
    finally:
        os.close(handle)
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def _name_from(line: socket.socket) -> str:
    """The name that a gateway says, "" for none that may be one."""
    said = b""
    with suppress(OSError):
        while not said.endswith(b"\n") and len(said) <= MOST_NAME:
            piece = line.recv(MOST_NAME)
            if not piece:
                break
            said += piece
    name = said.decode("utf-8", "replace").removesuffix("\n")
    return name if said.endswith(b"\n") and spool.is_name(name) else ""
