"""The gate that writers pass one at a time: an flock on a file beside the store.

SQLite's own lock is a race between sleepers, in which one process can starve for
seconds.  The kernel queues flock waiters fairly and frees the lock of a process that
was killed.  Two files of one name would be two gates, so nothing here removes the file,
and who got the lock of a file that has lost its name meanwhile queues again at the one
that has it.  Until the last of the old file is out, SQLite's own lock keeps them apart.
"""

from __future__ import annotations

import os
import threading

from supporttui.errors import StoreBusy, StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # no flock here (Windows): BEGIN IMMEDIATE and the busy timeout alone decide
    fcntl = None

_TRIES = 8  # how often the file may be replaced while one writer comes in
WAIT_SECONDS = 15.0
"""How long a writer waits before it gives up with StoreBusy."""


class Gate:
    """One process's way through; not for use by two threads at once."""

    def __init__(self, path: str, mode: int = 0o600, wait: float = WAIT_SECONDS) -> None:
        self._path = path
        self._mode = mode
        self._wait = wait
        self._held = -1
        self._depth = 0

    def enter(self) -> None:
        """Wait for the turn.  StoreBusy after the waiting time, StoreError when the file can't be had.

        Who is inside may enter again, and leaves as often.
        """
        if fcntl is None or not self._path:
            return
        if self._held >= 0:
            self._depth += 1
            return
        for _ in range(_TRIES):
            handle = self._take()
            if self._is_in_place(handle):
                self._held = handle
                return
            os.close(handle)
        raise StoreError(f"the write lock {self._path} is being replaced again and again; find out by what")

    def leave(self) -> None:
        """Let the next one in; harmless when the gate isn't held."""
        if self._depth:
            self._depth -= 1
        elif self._held >= 0:
            handle, self._held = self._held, -1
            os.close(handle)

    def _take(self) -> int:
        """The lock of the file that has the name now."""
        assert fcntl is not None
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _Waiter(handle).result(self._wait, self._path)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _is_in_place(self, handle: int) -> bool:
        """Whether the locked file is the one that others will open."""
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(handle))
        except OSError:
            return False

    def _open(self) -> int:
        flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            handle = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise StoreError(f"the write lock {self._path} can't be opened: {error.strerror}") from None
        if self._mode != 0o600 and os.fstat(handle).st_mode & 0o777 != self._mode:
            try:
                os.fchmod(handle, self._mode)
            except PermissionError:
                pass  # a team-mate made the file, and with it chose its mode
        return handle


class _Waiter:
    """Blocks in the kernel's fair queue on a helper thread, so that the caller can stop waiting."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._abandoned = False
        threading.Thread(target=self._block, name="store-gate", daemon=True).start()

    def _block(self) -> None:
        assert fcntl is not None
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._lock:
            if self._abandoned:
                os.close(self._handle)
            else:
                self._done.set()

    def result(self, wait: float, path: str) -> int:
        try:
            self._done.wait(wait)
        except BaseException:
            if not self._give_up():
                os.close(self._handle)
            raise
        if self._give_up():
            raise StoreBusy(
                f"another process has been writing to the store for over {wait:g} seconds "
                f"(it holds {path}); try again"
            )
        return self._handle

    def _give_up(self) -> bool:
        """Leave the descriptor to the helper thread, unless it has won the lock already."""
        with self._lock:
            self._abandoned = self._abandoned or not self._done.is_set()
            return self._abandoned
