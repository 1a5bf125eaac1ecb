"""Who acts, on which store, under which policy, by which clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.clock import Clock

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.policy.roster import Roster
    from supporttui.store import Store

    from .files import Filing
    from .letterhead import Letterhead


class Desk:
    """One actor at one store.  Belongs to one thread at a time, as its store does.

    store: an open one, or what opens it at first use, in the thread that uses it then.
    policy: a loaded policy, or the name or path of one that is loaded at first
    use, so that a command that only reads the queue never decodes it.  roster: who is on call,
    or the path of its file; None, or no file there: nobody keeps one.  letterhead: what letters to
    customers are written with, or what finds it at first use; None: none are sent.  filing: where its
    files lie and how large one may be (`desk.files.Filing`), or what reads that at first use.
    """

    def __init__(
        self,
        store: Store | Callable[[], Store],
        policy: Policy | str,
        clock: Clock,
        actor: str,
        roster: Roster | Path | None = None,
        letterhead: Letterhead | Callable[[], Letterhead | None] | None = None,
        filing: Filing | Callable[[], Filing | None] | None = None,
    ) -> None:
        self._store = store
        self.clock = clock
        self.actor = actor
        self.adopted = False  # whether this desk has made its policy the store's
        self._policy = policy
        self._roster = roster
        self._letterhead = letterhead
        self._filing = filing

    @cached_property
    def store(self) -> Store:
        return self._store() if callable(self._store) else self._store

    @cached_property
    def policy(self) -> Policy:
        if not isinstance(self._policy, str):
            return self._policy
        from supporttui.policy import load

        return load(self._policy)

    @cached_property
    def roster(self) -> Roster | None:
        """Who is on call.  Errors: PolicyError for a roster file that can't be read."""
        if not isinstance(self._roster, Path):
            return self._roster
        from supporttui.policy.roster import load_roster

        return load_roster(self._roster) if self._roster.exists() else None

    @cached_property
    def letterhead(self) -> Letterhead | None:
        """What letters are written with, None where mail out is not set up.  Errors: PolicyError."""
        return self._letterhead() if callable(self._letterhead) else self._letterhead

    @cached_property
    def filing(self) -> Filing | None:
        """Where files lie as the settings say, None: the usual place.  Errors: PolicyError."""
        return self._filing() if callable(self._filing) else self._filing

    def now(self) -> datetime:
        """The instant by the desk's clock, aware UTC, whole seconds."""
        return self.clock.now()
