"""Deadlines: the armed, paused and fired rungs of every ticket.

Invariant: a rung goes from armed to fired once, by one conditional update, whoever asks.
`live` repeats the ticket's `open`, so that the due scan reads one index and costs what is
due, not what is open.
"""

from __future__ import annotations

from supporttui.store.columns import (
    NEVER,
    instant,
    instant_or_none,
    listed,
    seconds,
    seconds_or_none,
    storable,
)
from supporttui.store.records import DeadlineLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from supporttui.policy.timeline import Deadline
    from supporttui.store.session import Store

_SELECT = (
    "SELECT d.ticket, d.key, d.kind, d.role, d.level, d.label, d.severity, d.due_at, d.state, d.fired_at, "
    "d.remaining, d.clause, d.reason, d.policy_hash, t.subject, t.owner, t.customer "
    "FROM deadline d JOIN ticket t ON t.number = d.ticket "
)
_COLUMNS = (
    "kind",
    "role",
    "level",
    "label",
    "severity",
    "due_at",
    "state",
    "fired_at",
    "remaining",
    "clause",
    "reason",
)
_INSERT = (
    f"INSERT INTO deadline (ticket, key, policy_hash, {', '.join(_COLUMNS)}) "
    f"VALUES (?, ?, ?{', ?' * len(_COLUMNS)})"
)
_SHOWN = ("fired", "armed", "paused")
_TOLD = ("fired", "acknowledged")


def replace(store: Store, ticket: int, deadlines: Sequence[Deadline], policy_hash: str) -> None:
    """Make a ticket's stored deadlines those of a new plan.

    A key that the plan no longer has becomes void ("superseded"), unless it was told
    already.  What was told keeps the hash of the policy that told it.  Refreshes the due
    columns of the ticket's row without touching its version.
    """
    with store.writing():
        stored = _stored(store, ticket)
        new: list[tuple[Any, ...]] = []
        for deadline in deadlines:
            old = stored.pop(deadline.key, None)
            row = _row(deadline)
            if old is None:
                new.append((ticket, deadline.key, policy_hash, *row.values()))
            else:
                _write_changes(store, old, row, policy_hash)
        if new:
            store.execute_many(_INSERT, new)
        for old in stored.values():
            if old["state"] not in (*_TOLD, "void"):
                _set(store, old["id"], {"state": "void", "reason": "superseded"})
        refresh(store, ticket)


def _stored(store: Store, ticket: int) -> dict[str, dict[str, Any]]:
    names = ("id", "key", "policy_hash", *_COLUMNS)
    found = store.execute(f"SELECT {', '.join(names)} FROM deadline WHERE ticket = ?", (ticket,))
    return {row[1]: dict(zip(names, row, strict=True)) for row in found}


def _row(deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": deadline.kind,
        "role": storable(deadline.role),
        "level": deadline.level,
        "label": storable(deadline.label),
        "severity": deadline.severity,
        "due_at": seconds(deadline.due_at),
        "state": deadline.state,
        "fired_at": seconds_or_none(deadline.fired_at),
        "remaining": deadline.remaining,
        "clause": storable(deadline.clause),
        "reason": storable(deadline.reason),
    }


def _write_changes(store: Store, old: dict[str, Any], row: dict[str, Any], policy_hash: str) -> None:
    if not (old["state"] in _TOLD and row["state"] in _TOLD):
        row = {**row, "policy_hash": policy_hash}
    changed = {name: value for name, value in row.items() if old[name] != value}
    if changed:
        _set(store, old["id"], changed)


def _set(store: Store, row_id: int, values: dict[str, Any]) -> None:
    named = ", ".join(f"{listed([name])} = ?" for name in values)
    store.execute(f"UPDATE deadline SET {named} WHERE id = ?", (*values.values(), row_id))


def refresh(store: Store, ticket: int) -> None:
    """Derive the ticket row's due columns, and `live`, from the deadlines and whether it is open.

    paused: something stands still and nothing runs.  A ticket that isn't open has no due instant.
    """
    with store.writing():
        store.execute(
            "UPDATE deadline SET live = 1 - live WHERE ticket = ? AND live <> "
            "(SELECT open FROM ticket WHERE number = ?)",
            (ticket, ticket),
        )
        due, role, overdue, paused = _summary(store, ticket)
        store.execute(
            "UPDATE ticket SET next_due_at = ?, next_due_role = ?, overdue_since = ?, paused = ? WHERE number = ? "
            "AND (next_due_at <> ? OR next_due_role <> ? OR overdue_since <> ? OR paused <> ?)",
            (due, role, overdue, paused, ticket, due, role, overdue, paused),
        )


def _summary(store: Store, ticket: int) -> tuple[int, str, int, int]:
    """(next due, its role, overdue since, paused) of what lives in the ticket.

    Warnings don't count: they come before anything is due or late.  What was escalated by
    hand is owed from that moment, not from an instant that may lie ahead.
    """
    due, role, overdue, standing = NEVER, "", NEVER, False
    found = store.execute(
        "SELECT state, due_at, role, fired_at FROM deadline WHERE ticket = ? AND live = 1 AND kind <> 'warning' "
        "ORDER BY due_at, level DESC",
        (ticket,),
    )
    for state, at, whom, fired in found:
        if state == "armed" and due == NEVER:
            due, role = at, whom
        elif state == "fired":
            overdue = min(overdue, at, at if fired is None else fired)
        standing = standing or state == "paused"
    return due, role, overdue, int(standing and due == NEVER)


def _line(row: tuple[Any, ...]) -> DeadlineLine:
    return DeadlineLine(
        ticket=row[0],
        key=row[1],
        kind=row[2],
        role=row[3],
        level=row[4],
        label=row[5],
        severity=row[6],
        due_at=instant(row[7]),
        state=row[8],
        fired_at=instant_or_none(row[9]),
        remaining=row[10],
        clause=row[11],
        reason=row[12],
        policy_hash=row[13],
        subject=row[14],
        owner=row[15],
        customer=row[16],
    )


def of_ticket(store: Store, number: int) -> list[DeadlineLine]:
    """All deadlines of a ticket, void ones too, by due instant, the highest rung first among equals."""
    sql = _SELECT + "WHERE d.ticket = ? ORDER BY d.due_at, d.level DESC, d.key"
    return [_line(row) for row in store.execute(sql, (number,))]


def due(store: Store, at: datetime, limit: int | None = None) -> list[DeadlineLine]:
    """Armed deadlines of open tickets that are due at an instant, oldest first."""
    sql = _SELECT + (
        "WHERE d.state = 'armed' AND d.live = 1 AND d.due_at <= ? ORDER BY d.due_at, d.ticket, d.key"
    )
    if limit is None:
        found = store.execute(sql, (seconds(at),))
    else:
        found = store.execute(sql + " LIMIT ?", (seconds(at), limit))
    return [_line(row) for row in found]


def fire(
    store: Store, ticket: int, key: str, at: datetime, policy_hash: str, *, replaced: bool = False
) -> bool:
    """Mark a deadline fired if it is still armed and due at `at`; True: this caller won.

    Exactly one of any number of callers gets True.  Refreshes the ticket's row, unless the caller
    stores the ticket's new plan in the same transaction (`replaced`), which does so too.
    """
    now = seconds(at)
    with store.writing():
        store.execute(
            "UPDATE deadline SET state = 'fired', fired_at = ?, policy_hash = ? WHERE ticket = ? AND key = ? "
            "AND state = 'armed' AND live = 1 AND due_at <= ?",
            (now, policy_hash, ticket, key, now),
        )
        won = store.changes() == 1
        if won and not replaced:
            refresh(store, ticket)
    return won


def upcoming(
    store: Store,
    *,
    limit: int,
    offset: int = 0,
    states: Iterable[str] = _SHOWN,
    ticket: int | None = None,
) -> list[DeadlineLine]:
    """Deadlines of open tickets for the timers pane: fired and unacknowledged first, then by due instant.

    states: which of "fired", "armed" and "paused" to show.  ticket: only of this one.
    """
    wanted = [state for state in _SHOWN if state in frozenset(states)]
    if not wanted:
        return []
    # The first condition is the index's own, word for word; the second narrows it.
    sql = _SELECT + "WHERE d.live = 1 AND d.state IN ('fired', 'armed', 'paused') "
    parameters: list[Any] = []
    if len(wanted) < len(_SHOWN):
        sql += f"AND d.state IN ({', '.join('?' * len(wanted))}) "
        parameters += wanted
    if ticket is not None:
        sql += "AND d.ticket = ? "
        parameters.append(ticket)
    sql += (
        "ORDER BY (CASE WHEN d.state = 'fired' THEN 0 ELSE 1 END), d.due_at, d.ticket, d.key LIMIT ? OFFSET ?"
    )
    return [_line(row) for row in store.execute(sql, (*parameters, limit, offset))]


def unanswered(store: Store) -> int:
    """How many deadlines of open tickets fired and were not acknowledged, warnings left out."""
    found = store.execute(
        "SELECT count(*) FROM deadline WHERE live = 1 AND state IN ('fired', 'armed', 'paused') "
        "AND state = 'fired' AND kind <> 'warning'"
    )
    return int(found[0][0])


def next_due(store: Store) -> datetime | None:
    """The instant at which the next armed deadline of an open ticket is due."""
    found = store.execute(
        "SELECT due_at FROM deadline WHERE state = 'armed' AND live = 1 ORDER BY due_at LIMIT 1"
    )
    return instant(found[0][0]) if found else None
