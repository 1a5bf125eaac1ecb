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
        """Become the leader if nobody is, or stay it; never waits.  Errors: StoreError.

        A lead is looked at each time: a lock whose file was removed, or whose connection was lost
        and made anew, holds nobody else off any more.
        """
        if self.leading and not self._still():
            self.give_up()
        if not self.leading:
            self.leading = self._take()
        return self.leading

    def give_up(self) -> None:
        """Let somebody else lead; closing the process does the same."""
        if self._held >= 0:
            handle, self._held = self._held, -1
            os.close(handle)
        elif self.leading and self._store.dialect == "postgresql" and self._own_locks():
            self._store.execute("SELECT pg_advisory_unlock(?)", (_ADVISORY,))
        self.leading = False

    def _still(self) -> bool:
        """Whether the lock that we took is the one that others would find."""
        if self._held >= 0:
            return _is_at(self._held, self._store.url + SUFFIX)
        return self._store.dialect != "postgresql" or self._own_locks() > 0

    def _own_locks(self) -> int:
        found = self._store.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 "
            "AND objid = ? AND pid = pg_backend_pid() AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())",
            (_ADVISORY,),
        )
        return int(found[0][0])

    def _take(self) -> bool:
        if self._store.dialect == "postgresql":
            return bool(self._store.execute("SELECT pg_try_advisory_lock(?)", (_ADVISORY,))[0][0])
        if self._store.url == ":memory:" or fcntl is None:
            return True
        path = self._store.url + SUFFIX
        handle = self._open(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        if not _is_at(handle, path):  # removed between opening and locking
            os.close(handle)
            return False
        self._held = handle
        return True

    def _open(self, path: str) -> int:
        try:
            return os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"the lock {path} can't be opened: {error.strerror}") from None


def _is_at(handle: int, path: str) -> bool:
    """Whether an open file is the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path, follow_symlinks=False))
    except OSError:
        return False
