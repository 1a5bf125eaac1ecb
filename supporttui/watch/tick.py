"""One evaluation of every deadline: what is due fires, once, whoever looks first.

The same function serves the console's background task, `supporttui tick` and
the headless watcher.  It reads an index on due time, so that it costs what is
due and not what is open.  Each ticket's rungs fire in one transaction: the
conditional update (one row changed means that this process won), the journal
entry and the new plan; killed at any instant, either all of it happened or
nothing, and the next tick carries on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from supporttui.desk.act import fetch, new_batch, note_policy, store_plan, transaction
from supporttui.desk.adopt import adopt
from supporttui.desk.look import snapshot
from supporttui.desk.owed import Ground, ground, owe, owed_facts
from supporttui.desk.releasing import come_out
from supporttui.desk.session import Desk
from supporttui.quickclass import dataclass
from supporttui.store import deadlines, journal, tickets
from supporttui.store.records import DeadlineLine

# The actor that the journal names for what the clock did.
CLOCK = "clock"

# How the journal names a fired deadline, by its kind; a target or a promise is "missed".
NAMES = {"escalation": "escalated", "warning": "warned"}

# Tickets per transaction: small enough that an analyst's key never waits long
# for the write lock (measured: 24 to 32 ms at ten), large enough to amortise the sync.
BATCH = 10

# What fired may make something else due at once; this bounds the rounds of one tick.
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Tick:
    """What one evaluation did.

    at: the instant it evaluated (UTC).  fired: the rungs that this process fired,
    in order of their due instants.  next_due_at: the next armed deadline of the desk.
    took_seconds: how long it took, by a monotonic clock.
    """

    at: datetime
    fired: tuple[DeadlineLine, ...]
    next_due_at: datetime | None
    took_seconds: float


def tick(desk: Desk, *, summary: bool = False) -> Tick:
    """Fire everything that is due by the desk's clock and derive what comes next.

    summary: what fires now is told to each address as one message, whatever the tickets.

    However late it runs, everything owed fires; however many processes run it,
    each rung fires once.  An unlocked probe comes first, so that an idle tick
    never takes the write lock.  A policy that changed since the last tick is taken
    over first: open deadlines are derived anew, and what is newly past fires.
    """
    began = time.monotonic()
    adopt(desk)
    come_out(desk)
    now, together = desk.now(), new_batch() if summary else ""
    fired: list[DeadlineLine] = []
    for _ in range(ROUNDS):
        with snapshot(desk):
            due = deadlines.due(desk.store, now)
        if not due:
            break
        for batch in _batches(due):
            fired.extend(_fire_batch(desk, batch, now, together))
    with snapshot(desk):
        next_due_at = deadlines.next_due(desk.store)
    fired.sort(key=lambda rung: (rung.due_at, rung.ticket))
    return Tick(now, tuple(fired), next_due_at, time.monotonic() - began)


def _batches(due: Sequence[DeadlineLine]) -> Iterator[list[list[DeadlineLine]]]:
    """The due rungs, grouped by ticket, BATCH tickets at a time, the longest due first."""
    first = {number: place for place, number in reversed([(i, rung.ticket) for i, rung in enumerate(due)])}
    ordered = sorted(due, key=lambda rung: (first[rung.ticket], rung.due_at))
    groups = [list(rungs) for _, rungs in groupby(ordered, key=lambda rung: rung.ticket)]
    for start in range(0, len(groups), BATCH):
        yield groups[start : start + BATCH]


def _fire_batch(
    desk: Desk, groups: Sequence[Sequence[DeadlineLine]], now: datetime, together: str
) -> list[DeadlineLine]:
    fired = []
    with transaction(desk):
        on = ground(desk, now)
        for rungs in groups:
            fired.extend(_fire_ticket(desk, rungs, now, together, on))
        note_policy(desk)
    return fired


def _fire_ticket(
    desk: Desk, rungs: Sequence[DeadlineLine], now: datetime, together: str, on: Ground
) -> list[DeadlineLine]:
    """Fire the rungs of one ticket that are still armed and due: one notice for all of them."""
    won = [
        replace(rung, state="fired", fired_at=now)
        for rung in rungs
        if deadlines.fire(desk.store, rung.ticket, rung.key, now, desk.policy.hash, replaced=True)
    ]
    if won:
        _record(desk, won, now, together, on)
    return won


def _record(desk: Desk, won: Sequence[DeadlineLine], now: datetime, together: str, on: Ground) -> None:
    ticket = fetch(desk, won[0].ticket)
    tickets.update(desk.store, ticket.number, ticket.version, {"updated_at": now})
    notice = list(dict.fromkeys(rung.role for rung in sorted(won, key=lambda rung: -rung.level)))
    owed = owe(desk, ticket, won, now, together=together, on=on)
    batch = new_batch()
    for rung in won:
        journal.append(
            desk.store,
            ticket=ticket.number,
            version=ticket.version + 1,
            at=now,
            recorded_at=now,
            actor=CLOCK,
            kind=NAMES.get(rung.kind, "missed"),
            data={**_facts(rung, notice, now, desk.policy.hash), **owed_facts(owed)},
            batch=batch,
        )
    store_plan(desk, ticket, note=False)


def _facts(rung: DeadlineLine, notice: list[str], now: datetime, policy_hash: str) -> dict[str, object]:
    """What the journal keeps of a fired rung; `notice` names every role owed once, highest first."""
    return {
        "key": rung.key,
        "kind": rung.kind,
        "role": rung.role,
        "level": rung.level,
        "label": rung.label,
        "due_at": rung.due_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "late_seconds": int((now - rung.due_at).total_seconds()),
        "notice": notice,
        "policy": policy_hash,
        "by": "clock",
    }
