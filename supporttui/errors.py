"""Every error that a user may see, drawn as a tree.

    SupportError                  one clear line; `exit_code` follows sysexits.h
    ├── UsageError        64      the command line or a field was written wrongly
    │   └── QueryError    64      a query; knows the column and the nearest word
    ├── DataError         65      a file from outside can't be read as what it should be
    ├── NotFound          66      no such ticket, view, draft …
    ├── Refused           77      the policy, the workflow or the mode forbids it
    ├── Conflict          75      someone else changed the ticket meanwhile
    ├── PolicyError       78      a policy or settings file; knows file, key and nearest word
    └── StoreError        74      the store can't be read or written
        ├── StoreBusy     75      locked longer than we wait; try again
        ├── Stopped       75      a search took too long, or was interrupted; narrow it
        └── StoreUnfit    78      newer than the program, on a network file system, wrong modes …

A message is one line: what is wrong, where, and what to do.  Text that came
from a ticket or a file is made inert where it is shown, not here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class SupportError(Exception):
    """Base of all errors shown to a user; `str(error)` is the one line."""

    exit_code = 70


class UsageError(SupportError):
    """The user wrote something that can't be read."""

    exit_code = 64


class QueryError(UsageError):
    """A query that can't be read.

    column: 1-based position in the query text; nearest: the closest valid word, or "".
    """

    def __init__(self, message: str, *, column: int, nearest: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.nearest = nearest


class DataError(SupportError):
    """A file or stream from outside that isn't what it should be."""

    exit_code = 65


class NotFound(SupportError):
    """The thing asked for does not exist."""

    exit_code = 66


class Refused(SupportError):
    """Understood, but not allowed: by the policy, the workflow or the mode."""

    exit_code = 77


class Conflict(SupportError):
    """The ticket changed after the caller looked.

    number: the ticket; seen, current: its versions; changes: one line for each
    change made meanwhile, oldest first, with who made it; since: the journal
    entries themselves (`store.records.JournalEntry`), harmless ones among them.
    """

    exit_code = 75

    def __init__(
        self,
        message: str,
        *,
        number: int,
        seen: int,
        current: int,
        changes: tuple[str, ...] = (),
        since: tuple[Any, ...] = (),
    ) -> None:
        super().__init__(message)
        self.number = number
        self.seen = seen
        self.current = current
        self.changes = changes
        self.since = since


class PolicyError(SupportError):
    """A policy or settings file that can't be used: says file, key and the nearest valid word."""

    exit_code = 78


class StoreError(SupportError):
    """The store can't be read or written; nothing was half-written."""

    exit_code = 74


class StoreBusy(StoreError):
    """Locked by another process for longer than we wait."""

    exit_code = 75


class Stopped(StoreError):
    """A search ran out of its time, or the caller interrupted it; nothing is wrong with the store."""

    exit_code = 75


class StoreUnfit(StoreError):
    """The store must not be used as it is (newer schema, network file system, loose modes)."""

    exit_code = 78
