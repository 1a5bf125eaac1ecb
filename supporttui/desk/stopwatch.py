"""The stopwatch: how long an analyst has been at a ticket.

It stands in the store, so that it outlives the console, a crash and the machine.  One of an
analyst's watches runs at a time: starting another rests the one before.  Nothing here logs time;
what it shows is proposed when time is logged, which ends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from supporttui.errors import NotFound, Refused
from supporttui.store import worked
from supporttui.store.worked import Stopwatch

from .act import fetch, transaction
from .session import Desk

FORGOTTEN = timedelta(hours=8)  # longer than that nobody works without a look at the watch


def watches(desk: Desk) -> list[Stopwatch]:
    """The actor's watches, the running one first."""
    return worked.stopwatches(desk.store, desk.actor)


def on(desk: Desk, number: int) -> Stopwatch | None:
    """The actor's watch on a ticket, running or resting."""
    return next((one for one in watches(desk) if one.ticket == number), None)


def start(desk: Desk, number: int) -> Stopwatch:
    """Start the watch of a ticket, or let it go on; another one that runs rests from then on."""
    now = desk.now()
    with transaction(desk):
        ticket = fetch(desk, number)
        if ticket.merged_into:
            raise Refused(
                f"ticket {number} was merged into {ticket.merged_into}: act on {ticket.merged_into}"
            )
        found = on(desk, number)
        if found is not None and found.running:
            return found
        for other in watches(desk):
            if other.running:
                worked.put_stopwatch(desk.store, _resting(other, now))
        new = (
            replace(found, started_at=now, running=True)
            if found
            else Stopwatch(actor=desk.actor, ticket=number, begun_at=now, started_at=now)
        )
        worked.put_stopwatch(desk.store, new)
        return new


def toggle(desk: Desk, number: int) -> Stopwatch:
    """Start a ticket's watch, or let it rest when it runs."""
    with transaction(desk):
        found = on(desk, number)
        return pause(desk, number) if found is not None and found.running else start(desk, number)


def pause(desk: Desk, number: int | None = None) -> Stopwatch:
    """Let a watch rest: the ticket's, or the one that runs."""
    with transaction(desk):
        found = chosen(desk, number)
        resting = _resting(found, desk.now())
        worked.put_stopwatch(desk.store, resting)
        return resting


def discard(desk: Desk, number: int | None = None) -> Stopwatch:
    """Forget a watch and what it shows; returns it as it was."""
    with transaction(desk):
        found = chosen(desk, number)
        worked.drop_stopwatch(desk.store, desk.actor, found.ticket)
        return found


def chosen(desk: Desk, number: int | None) -> Stopwatch:
    """The actor's watch on the ticket; without a number the running one, or the only one."""
    mine = watches(desk)
    if number is not None:
        found = next((one for one in mine if one.ticket == number), None)
        if found is None:
            raise NotFound(f"no stopwatch of yours is on ticket {number}")
        return found
    if not mine:
        raise NotFound("no stopwatch of yours is going; timer start NUMBER starts one")
    if len(mine) > 1 and not mine[0].running:
        tickets = ", ".join(str(one.ticket) for one in mine)
        raise Refused(f"several of your stopwatches rest: say which ticket's ({tickets})")
    return mine[0]


def shown_minutes(watch: Stopwatch, now: datetime) -> int:
    """Whole minutes that a watch shows, as it proposes them: at least one."""
    return max(1, round(watch.seconds(now) / 60))


def began(watch: Stopwatch, minutes: int, now: datetime) -> datetime | None:
    """When the work of a watch began: at its first start, where so many minutes have passed since."""
    return watch.begun_at if watch.begun_at + timedelta(minutes=minutes) <= now else None


def forgotten(watch: Stopwatch, now: datetime) -> bool:
    """Whether it has run for so long that somebody forgot it."""
    return watch.seconds(now) > FORGOTTEN.total_seconds()


def _resting(watch: Stopwatch, now: datetime) -> Stopwatch:
    return replace(watch, started_at=now, held=watch.seconds(now), running=False)
