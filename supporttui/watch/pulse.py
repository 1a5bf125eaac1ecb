"""The watcher's heartbeat: how the desk knows that somebody looks at the clock when nobody sits at a console.

It is kept with the presence, beside the store, so that a beat every few seconds
wakes no console.  A beat follows a look that succeeded: a watcher that can't
write the store falls silent, and silence is what raises the alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from supporttui.desk.session import Desk
from supporttui.store import deadlines, notices
from supporttui.store.presence import FORGET_WATCHER_SECONDS, WATCHING, Lease

DOING = WATCHING
BEAT = timedelta(seconds=5)
STALE = timedelta(seconds=20)
STALE_ONCE = timedelta(seconds=150)  # of rounds that cron starts every minute
ONCE = "once:"  # how the name of such a watcher begins
FORGET = timedelta(seconds=FORGET_WATCHER_SECONDS)  # silent for so long: taken away, not lost
WAITING_TOO_LONG = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """How the watch is.

    name: of the watcher that beat last, "" when there is none.  beat_at: when.  late: since when the
    oldest deadline that ought to have fired waits (None: nothing does).  waiting_since: since when the
    oldest undelivered notice waits.  queued, dead: how many wait, how many nobody takes.
    """

    name: str
    beat_at: datetime | None
    late: datetime | None
    waiting_since: datetime | None
    queued: int
    dead: int

    def alive(self, now: datetime) -> bool:
        """Whether a watcher looks after the desk; a beat from the future is a clock that was put back."""
        longest = STALE_ONCE if self.name.startswith(ONCE) else STALE
        return self.beat_at is not None and abs(now - self.beat_at) <= longest

    def sends(self, now: datetime) -> bool:
        """Whether a watcher sends all the time, so that nobody else needs to; cron's rounds leave gaps."""
        return self.alive(now) and not self.name.startswith(ONCE)

    def trouble(self, now: datetime) -> str:
        """What is wrong, in one line; "" when nothing is."""
        if self.beat_at is None:
            return "no watcher runs"
        if not self.alive(now):
            return f"the watcher {self.name} is silent since {self.beat_at:%Y-%m-%d %H:%M:%S} UTC"
        if self.late is not None and now - self.late > STALE:
            return f"a deadline of {self.late:%Y-%m-%d %H:%M:%S} UTC has not fired"
        if self.dead:
            return f"{self.dead} notices could not be delivered; see supporttui notices --dead"
        if self.waiting_since is not None and now - self.waiting_since > WAITING_TOO_LONG:
            return f"{self.queued} notices wait, the oldest since {self.waiting_since:%Y-%m-%d %H:%M:%S} UTC"
        return ""


def beat(desk: Desk, name: str, started: datetime, beats: int) -> bool:
    """Say that this watcher has just looked; False when it could not be said."""
    return desk.store.presence.say(Lease(name, DOING, 0, DOING, started, desk.now(), beats))


def stop(desk: Desk, name: str) -> None:
    """Take the heartbeat away: this watcher ended as it should."""
    desk.store.presence.leave(name)


def health(desk: Desk) -> Health:
    """How the watch is, from one reading."""
    now, store = desk.now(), desk.store
    with store.read():
        due = deadlines.next_due(store)
        counted, oldest = notices.counts(store), notices.oldest_waiting(store, now)
    found = [
        lease
        for lease in store.presence.leases() or ()
        if lease.doing == DOING and now - lease.renewed < FORGET
    ]
    last = max(
        found,
        key=lambda lease: (
            not lease.console.startswith(ONCE) and now - lease.renewed <= STALE,
            lease.renewed,
        ),
        default=None,
    )
    return Health(
        last.console if last else "", last.renewed if last else None,
        due if due is not None and due < now else None, oldest, counted["queued"], counted["dead"],
    )  # fmt: skip
