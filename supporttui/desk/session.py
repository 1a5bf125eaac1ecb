"""Who acts, on which store, under which policy, by which clock."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from supporttui.clock import Clock

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.store import Store


class Desk:
    """One actor at one store.  Belongs to one thread at a time, as its store does.

    policy: a loaded policy, or the name or path of one that is loaded at first
    use, so that a command that only reads the queue never decodes it.
    """

    def __init__(self, store: Store, policy: Policy | str, clock: Clock, actor: str) -> None:
        self.store = store
        self.clock = clock
        self.actor = actor
        self.adopted = False  # whether this desk has made its policy the store's
        self._policy = policy

    @cached_property
    def policy(self) -> Policy:
        if not isinstance(self._policy, str):
            return self._policy
        from supporttui.policy import load

        return load(self._policy)

    def now(self) -> datetime:
        """The instant by the desk's clock, aware UTC, whole seconds."""
        return self.clock.now()
