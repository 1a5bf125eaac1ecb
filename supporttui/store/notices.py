"""The outbox: notices that are owed to somebody, until they were handed over.

A record exists exactly once, by its key; its delivery is at least once.  A
sender claims a notice before it hands it over: what one that died had claimed is
marked doubtful by the next, because nobody can know whether it went out.
"""

from __future__ import annotations

from supporttui.store.columns import (
    from_json,
    instant,
    instant_or_none,
    seconds,
    seconds_or_none,
    storable,
    to_json,
)
from supporttui.store.records import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store

_COLUMNS = (
    "id, key, ticket, severity, address, person, role, kind, label, due_at, made_at, state, attempts, next_at, "
    "claimed_by, doubtful, sent_at, sent_with, acknowledged_at, error, together, data"
)
_SELECT = f"SELECT {_COLUMNS} FROM notice "
# Most urgent first: severity, then what is owed the longest.
_URGENT = "ORDER BY severity, due_at, id"
# Letters to customers come after what the desk's own people are owed, in the order written, and each goes alone.
LETTER = "letter:"
_TO_SEND = "ORDER BY CASE WHEN kind = 'letter' THEN 99 ELSE severity END, due_at, id"


def enqueue(store: Store, notice: Notice) -> bool:
    """Put a notice into the outbox; False when its key is there already.  Joins the open transaction."""
    with store.writing():
        store.execute(
            "INSERT INTO notice (key, ticket, severity, address, person, role, kind, label, due_at, made_at, "
            "next_at, together, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (
                storable(notice.key), notice.ticket, notice.severity, storable(notice.address),
                storable(notice.person), storable(notice.role), notice.kind, storable(notice.label),
                seconds(notice.due_at), seconds(notice.made_at), seconds(notice.next_at or notice.made_at),
                notice.together, to_json(notice.data),
            ),
        )  # fmt: skip
        return store.changes() == 1


def claim(store: Store, at: datetime, *, by: str) -> list[Notice]:
    """Take the most urgent notice that is due to be tried, with all that its address waits for on its ticket.

    Only the one leader calls this, so what another sender had claimed was left by one that
    died: it may have gone out already and is marked doubtful.
    """
    now = seconds(at)
    with store.writing():
        first = store.execute(
            "SELECT id, address, ticket, together FROM notice WHERE state = 'queued' AND next_at <= ? "
            f"AND address <> 'desk' AND substr(address, 1, 8) <> 'console:' {_TO_SEND} LIMIT 1",
            (now,),
        )
        if not first:
            return []
        alone = first[0][1].startswith(LETTER)
        found = (
            [first[0]]
            if alone
            else store.execute(
                "SELECT id FROM notice WHERE state = 'queued' AND address = ? AND (ticket = ? OR "
                "(together <> '' AND together = ?))",
                first[0][1:],
            )
        )
        for number in (row[0] for row in found):
            store.execute(
                "UPDATE notice SET attempts = attempts + 1, claimed_by = ?, "
                "doubtful = CASE WHEN claimed_by <> '' THEN 1 ELSE doubtful END WHERE id = ?",
                (storable(by), number),
            )
        return of_ids(store, [row[0] for row in found])


def sent(store: Store, ids: Sequence[int], at: datetime) -> None:
    """They were handed over.  The first of several that were told as one carries the others."""
    with store.writing():
        for number in ids:
            store.execute(
                "UPDATE notice SET state = 'sent', sent_at = ?, claimed_by = '', error = '', "
                "sent_with = ? WHERE id = ? AND state <> 'sent'",
                (seconds(at), ids[0] if number != ids[0] else 0, number),
            )


def failed(
    store: Store, ids: Iterable[int], error: str, *, next_at: datetime | None, unsure: bool = False
) -> None:
    """They were not taken.  next_at: when to try again; None: never, they are dead letters.

    What somebody gave up meanwhile stays given up.  unsure: they may have been taken all the same.
    """
    with store.writing():
        for number in ids:
            store.execute(
                "UPDATE notice SET state = ?, next_at = ?, claimed_by = '', error = ?, "
                "doubtful = CASE WHEN ? = 1 THEN 1 ELSE doubtful END WHERE id = ? AND state = 'queued'",
                (
                    "dead" if next_at is None else "queued",
                    seconds_or_none(next_at) or 0,
                    storable(error[:500]),
                    int(unsure),
                    number,
                ),
            )


def hold_back(store: Store, address: str, until: datetime, *, all_of: bool = False) -> None:
    """Don't try anything else for this address before an instant: it is down, and asking costs time.

    all_of: for all addresses that begin like this.
    """
    same = "substr(address, 1, ?) = ?" if all_of else "address = ?"
    which = (len(address), address) if all_of else (address,)
    with store.writing():
        store.execute(
            f"UPDATE notice SET next_at = ? WHERE state = 'queued' AND {same} AND next_at < ?",
            (seconds(until), *which, seconds(until)),
        )


def held(store: Store, at: datetime, ticket: int | None = None) -> list[Notice]:
    """What waits for an instant ahead and was never tried, about one ticket or any, the most urgent first."""
    about, which = ("AND ticket = ? ", (ticket,)) if ticket is not None else ("", ())
    found = store.execute(
        f"{_SELECT}WHERE state = 'queued' AND attempts = 0 AND next_at > ? {about}{_URGENT}",
        (seconds(at), *which),
    )
    return [_notice(row) for row in found]


def move(store: Store, number: int, *, severity: int, next_at: datetime) -> None:
    """A waiting notice is as urgent as its ticket, and may be told from another instant on."""
    with store.writing():
        store.execute(
            "UPDATE notice SET severity = ?, next_at = ? WHERE id = ? AND state = 'queued'",
            (severity, seconds(next_at), number),
        )


def acknowledge(store: Store, number: int, at: datetime) -> bool:
    """Note that a notice was answered; True once, for the first answer."""
    with store.writing():
        store.execute(
            "UPDATE notice SET acknowledged_at = ? WHERE id = ? AND acknowledged_at IS NULL",
            (seconds(at), number),
        )
        return store.changes() == 1


def requeue(store: Store, ids: Iterable[int], at: datetime) -> int:
    """Try dead letters again; how many there were."""
    count = 0
    with store.writing():
        for number in ids:
            store.execute(
                "UPDATE notice SET state = 'queued', attempts = 0, next_at = ? WHERE id = ? AND state = 'dead'",
                (seconds(at), number),
            )
            count += store.changes()
    return count


def withdraw(store: Store, ids: Iterable[int], why: str) -> int:
    """Give up notices that need not be told any more; how many were still waiting."""
    count = 0
    with store.writing():
        for number in ids:
            store.execute(
                "UPDATE notice SET state = 'withdrawn', error = ? WHERE id = ? AND state IN ('queued', 'dead')",
                (storable(why), number),
            )
            count += store.changes()
    return count


def revive(store: Store, number: int, at: datetime) -> bool:
    """Have a withdrawn notice wait again, from an instant on; False when it is none."""
    with store.writing():
        store.execute(
            "UPDATE notice SET state = 'queued', attempts = 0, error = '', "
            "next_at = CASE WHEN next_at > ? THEN next_at ELSE ? END WHERE id = ? AND state = 'withdrawn'",
            (seconds(at), seconds(at), number),
        )
        return store.changes() == 1


def came_back(store: Store, key: str, why: str) -> bool:
    """What had been handed over was not delivered after all: a dead letter.  False when there is none such."""
    with store.writing():
        store.execute(
            "UPDATE notice SET state = 'dead', error = ? WHERE key = ? AND state = 'sent'",
            (storable(why[:500]), storable(key)),
        )
        return store.changes() == 1


def keyed(store: Store, kind: str, part: str) -> list[Notice]:
    """The notices of a kind in whose key a part stands between slashes, the oldest first."""
    found = store.execute(f"{_SELECT}WHERE kind = ? AND key LIKE ? ORDER BY id", (kind, f"%/{part}/%"))
    return [_notice(row) for row in found]


def of_ids(store: Store, ids: Sequence[int]) -> list[Notice]:
    """Notices in the order of their urgency."""
    if not ids:
        return []
    marks = ", ".join("?" for _ in ids)
    return [_notice(row) for row in store.execute(f"{_SELECT}WHERE id IN ({marks}) {_URGENT}", list(ids))]


def of_key(store: Store, key: str) -> list[Notice]:
    """The notice of a key, if there is one."""
    return [_notice(row) for row in store.execute(f"{_SELECT}WHERE key = ?", (storable(key),))]


def of_ticket(store: Store, ticket: int) -> list[Notice]:
    """All notices about a ticket, the oldest first."""
    return [_notice(row) for row in store.execute(f"{_SELECT}WHERE ticket = ? ORDER BY id", (ticket,))]


def waiting(store: Store, limit: int = 200) -> list[Notice]:
    """What was not handed over yet, the most urgent first."""
    found = store.execute(f"{_SELECT}WHERE state = 'queued' {_URGENT} LIMIT ?", (limit,))
    return [_notice(row) for row in found]


def dead(store: Store, limit: int = 200) -> list[Notice]:
    """Dead letters, the newest first."""
    return [
        _notice(row)
        for row in store.execute(f"{_SELECT}WHERE state = 'dead' ORDER BY id DESC LIMIT ?", (limit,))
    ]


def counts(store: Store) -> Mapping[str, int]:
    """How many wait, how many are dead letters."""
    found = store.execute("SELECT count(*) FROM notice WHERE state = 'queued'")
    lost = store.execute("SELECT count(*) FROM notice WHERE state = 'dead'")
    return {"queued": int(found[0][0]), "dead": int(lost[0][0])}


def next_try(store: Store) -> datetime | None:
    """When the sender has something to do next; notices for consoles are not its work."""
    found = store.execute(
        "SELECT next_at FROM notice WHERE state = 'queued' AND address <> 'desk' "
        "AND substr(address, 1, 8) <> 'console:' ORDER BY next_at LIMIT 1"
    )
    return instant(found[0][0]) if found else None


def next_waiting(store: Store) -> datetime | None:
    """When the first of all that waits, for consoles too, may be told."""
    found = store.execute("SELECT next_at FROM notice WHERE state = 'queued' ORDER BY next_at LIMIT 1")
    return instant(found[0][0]) if found else None


def sent_at(store: Store, at: datetime) -> list[Notice]:
    """What was handed over at an instant, the most urgent first."""
    found = store.execute(f"{_SELECT}WHERE state = 'sent' AND sent_at = ? {_URGENT}", (seconds(at),))
    return [_notice(row) for row in found]


def sent_since(store: Store, at: datetime, limit: int) -> list[Notice]:
    """What was handed over since an instant, the newest first."""
    found = store.execute(
        f"{_SELECT}WHERE state = 'sent' AND sent_at >= ? ORDER BY id DESC LIMIT ?", (seconds(at), limit)
    )
    return [_notice(row) for row in found]


def take_for_console(store: Store, actor: str, at: datetime) -> list[Notice]:
    """The notices for every console and for this person's that wait; they count as told from here on.

    Looks without the write lock first: there is nearly always nothing.
    """
    addresses, now = ("desk", f"console:{actor}"), seconds(at)
    found = store.execute(
        "SELECT id FROM notice WHERE state = 'queued' AND next_at <= ? AND address IN (?, ?)",
        (now, *addresses),
    )
    if not found:
        return []
    taken = []
    with store.writing():
        for (number,) in found:
            store.execute(
                "UPDATE notice SET state = 'sent', sent_at = ?, attempts = attempts + 1 "
                "WHERE id = ? AND state = 'queued'",
                (now, number),
            )
            if store.changes():
                taken.append(number)
    return of_ids(store, taken)


def oldest_waiting(store: Store, at: datetime) -> datetime | None:
    """Since when the longest waiting notice waits, but for what is held back on purpose at an instant."""
    found = store.execute(
        "SELECT min(CASE WHEN attempts = 0 THEN next_at ELSE made_at END) FROM notice "
        "WHERE state = 'queued' AND (attempts > 0 OR next_at <= ?)",
        (seconds(at),),
    )
    return instant_or_none(found[0][0])


def _notice(row: tuple[Any, ...]) -> Notice:
    return Notice(
        id=row[0], key=row[1], ticket=row[2], severity=row[3], address=row[4], person=row[5], role=row[6],
        kind=row[7], label=row[8], due_at=instant(row[9]), made_at=instant(row[10]), state=row[11],
        attempts=row[12], next_at=instant(row[13]), claimed_by=row[14], doubtful=bool(row[15]),
        sent_at=instant_or_none(row[16]), sent_with=row[17],
        acknowledged_at=instant_or_none(row[18]), error=row[19], together=row[20], data=from_json(row[21]),
    )  # fmt: skip
