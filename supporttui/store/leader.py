"""Who of several processes on one store does what only one may do, such as sending notices.

The kernel (or PostgreSQL) frees the lead of a process that was killed, so there is
always at most one leader and never a stale one.
"""

from __future__ import annotations

import os

from supporttui.errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from supporttui.store.session import Store

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:
    fcntl = None

SUFFIX = "-sender.lock"
_ADVISORY = 0x53505410


class Lead:
    """One process's claim to the lead.  Belongs to the store's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held = -1
        self.leading = False

    def take(self) -> bool:
        """Become the leader if nobody is, or stay it; never waits.  Errors: StoreError."""
        if not self.leading:
            self.leading = self._take()
        return self.leading

    def give_up(self) -> None:
        """Let somebody else lead; closing the process does the same."""
        if self._held >= 0:
            handle, self._held = self._held, -1
            os.close(handle)
        elif self.leading and self._store.dialect == "postgresql":
            self._store.execute("SELECT pg_advisory_unlock(?)", (_ADVISORY,))
        self.leading = False

    def _take(self) -> bool:
        if self._store.dialect == "postgresql":
            return bool(self._store.execute("SELECT pg_try_advisory_lock(?)", (_ADVISORY,))[0][0])
        if self._store.url == ":memory:" or fcntl is None:
            return True
        handle = self._open(self._store.url + SUFFIX)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._held = handle
        return True

    def _open(self, path: str) -> int:
        try:
            return os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"the lock {path} can't be opened: {error.strerror}") from None
