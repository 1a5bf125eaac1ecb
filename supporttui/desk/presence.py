"""Who else is on a ticket, and what the actor has not seen yet.  Advice: nothing here decides a write.

A lease ends when it was not renewed for `LEASE`.  Renewals are noticed by their count and
timed by our own clock, so that consoles whose clocks differ still see each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from supporttui.store import journal
from supporttui.store.presence import Lease, Seen

from .company import Here as Here
from .company import Unseen as Unseen
from .session import Desk

LEASE = timedelta(seconds=60)
RENEW = timedelta(seconds=20)
FLOOR = 0  # the "ticket" whose mark says where the actor's marks begin
MOST_UNSEEN = 99


class Circle:
    """The leases as one console knows them."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Lease, datetime]] = {}

    def take(self, leases: Iterable[Lease], now: datetime) -> None:
        """Leases as they were just read.  One met for the first time is as old as it says."""
        held = {}
        for lease in leases:
            known = self._held.get(lease.console)
            if known is None:
                known = (lease, min(lease.renewed, now))
            held[lease.console] = known if known[0] == lease else (lease, now)
        self._held = held

    def here(self, now: datetime, *, without: str = "", actor: str = "") -> tuple[Here, ...]:
        """Who is on a ticket now, writers first; leave out one console and one person."""
        found = []
        for console, (lease, noticed) in list(self._held.items()):
            if noticed > now:  # our own clock was set back
                noticed = now
                self._held[console] = (lease, now)
            if now - noticed > LEASE or not lease.ticket or console == without or _same(lease.actor, actor):
                continue
            held = max(timedelta(0), lease.renewed - lease.since) + (now - noticed)
            found.append(Here(lease.actor, lease.ticket, lease.doing, int(held.total_seconds())))
        return tuple(sorted(found, key=lambda one: (not one.doing, one.ticket, one.actor)))


def _same(one: str, other: str) -> bool:
    return bool(other) and one.casefold() == other.casefold()


def say(desk: Desk, lease: Lease) -> bool:
    """Write or renew this console's lease; False when that can't be done just now."""
    return desk.store.presence.say(lease)


def leave(desk: Desk, console: str) -> None:
    """The console is on no ticket any more."""
    desk.store.presence.leave(console)


def look(desk: Desk, *, always: bool = False) -> tuple[Lease, ...] | None:
    """The leases if they may have changed since the last look; None: unchanged, or unknown."""
    presence = desk.store.presence
    return presence.leases() if presence.changed() or always else None


def now_here(desk: Desk) -> tuple[Here, ...]:
    """Everybody who is on a ticket now, by a single look."""
    circle, now = Circle(), desk.now()
    circle.take(desk.store.presence.leases() or (), now)
    return circle.here(now)


def saw(desk: Desk, ticket: int, entry: int) -> None:
    """The actor has had this entry of a ticket before them.  Writes no journal."""
    desk.store.presence.saw(desk.actor, ticket, entry, desk.now())


def unseen(desk: Desk, numbers: Sequence[int]) -> frozenset[int]:
    """Which of these tickets have entries of others that the actor has not seen; none when that is unknown.

    Reads the marks outside of the store's snapshot: call it before or after one, not inside.
    """
    marks = _marks(desk, numbers)
    if marks is None or not numbers:
        return frozenset()
    floor = marks[FLOOR].entry
    after = {number: max(floor, marks[number].entry) if number in marks else floor for number in numbers}
    return frozenset(journal.newer_by_others(desk.store, desk.actor, after))


def unseen_of(desk: Desk, number: int) -> Unseen:
    """What is new to the actor on one ticket."""
    marks = _marks(desk, (number,))
    if marks is None:
        return Unseen(0, 0, None)
    floor, mark = marks[FLOOR], marks.get(number)
    after = max(floor.entry, mark.entry) if mark else floor.entry
    count = journal.count_by_others(desk.store, number, desk.actor, after, MOST_UNSEEN)
    return Unseen(count, after, mark.at if mark and mark.entry >= floor.entry else None)


def _marks(desk: Desk, numbers: Sequence[int]) -> dict[int, Seen] | None:
    """The actor's marks on these tickets and the floor; at first use nothing is unseen."""
    presence = desk.store.presence
    marks = presence.seen(desk.actor, (FLOOR, *numbers))
    if marks is not None and FLOOR not in marks:
        newest = journal.latest_id(desk.store)
        presence.saw(desk.actor, FLOOR, newest, desk.now())
        return {**marks, FLOOR: Seen(newest, desk.now())}
    return None if marks is None else dict(marks)
