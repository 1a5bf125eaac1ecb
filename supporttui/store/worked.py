"""What was worked and spent on tickets, the months that were billed, and the stopwatches.

Beside each journal entry "effort", "expense" and "credit" stands one row here, written in the same
transaction; an undo marks it removed and a redo brings it back.  A row that carries a month
(`billed`) belongs to a frozen bill and never changes again.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from supporttui.quickclass import dataclass
from supporttui.store.columns import instant, seconds, storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from supporttui.store.session import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Time, an expense, or a credit for a line of a frozen bill.

    kind: "time", "expense" or "credit".  what: an expense's kind; of a credit the line ("2026-11#3").
    started_at: when it began or was spent (UTC).  minutes: as worked, never rounded.
    amount, currency: of an expense or a credit.  rate: the name of the policy's rate, "" for none.
    verdict, clause: what was owed then and why.  reason: why the analyst said otherwise.
    entry: of the ticket's journal.  billed: the frozen month it was billed with, "" not yet.
    """

    id: int = 0
    ticket: int
    kind: str = "time"
    what: str = ""
    actor: str
    started_at: datetime
    minutes: int = 0
    amount: Decimal | None = None
    currency: str = ""
    rate: str = ""
    billable: bool = False
    verdict: str = ""
    clause: str = ""
    reason: str = ""
    text: str = ""
    receipt: str = ""
    entry: int = 0
    billed: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledMonth:
    """A month that was frozen.  lines: the bill as JSON; digest: SHA-256 of that text."""

    month: str
    frozen_at: datetime
    frozen_by: str
    digest: str
    lines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopwatch:
    """One analyst's watch on one ticket.

    begun_at: when it was first started.  started_at: when it last was.  held: seconds that had
    passed by then.  running: it goes on counting.
    """

    actor: str
    ticket: int
    begun_at: datetime
    started_at: datetime
    held: int = 0
    running: bool = True

    def seconds(self, now: datetime) -> int:
        """What it shows; a machine's clock that was put back shows no less than what was held."""
        return self.held + (max(0, int((now - self.started_at).total_seconds())) if self.running else 0)


_COLUMNS = tuple(one.name for one in fields(Worked))
_LISTED = ", ".join(f"w.{name}" for name in _COLUMNS)


def insert(store: Store, row: Worked) -> int:
    """Write a row; its id."""
    names = _COLUMNS[1:]
    with store.writing():
        found = store.execute(
            f"INSERT INTO worked ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) RETURNING id",
            [_stored(getattr(row, name)) for name in names],
        )
        return int(found[0][0])


def of_entry(store: Store, entry: int) -> Worked | None:
    """The row beside a journal entry, a removed one too."""
    found = _select(store, "w.entry = ?", (entry,))
    return found[0] if found else None


def of_ticket(store: Store, number: int) -> list[Worked]:
    """What stands of a ticket's time and expenses, in the order of writing."""
    return _select(store, "w.ticket = ? AND w.removed = 0", (number,))


def unbilled(store: Store, start: datetime, end: datetime) -> list[Worked]:
    """What began in [start, end) and no frozen month has, in order of time."""
    return _select(
        store,
        "w.removed = 0 AND w.billed = '' AND w.started_at >= ? AND w.started_at < ?",
        (seconds(start), seconds(end)),
        "w.started_at, w.id",
    )


def credits_of(store: Store, line: str) -> list[Worked]:
    """The credits that stand for a line of a frozen bill ("2026-11#3")."""
    return _select(store, "w.kind = 'credit' AND w.what = ? AND w.removed = 0", (line,))


def efforts_alone(store: Store, start: datetime, end: datetime) -> list[Worked]:
    """Time of the journals in [start, end) that has no row: logged before there were any, or imported.

    It is never billable, because nobody decided then.  What was undone is left out.
    """
    found = store.execute(
        "SELECT j.id, j.ticket, j.actor, j.at, j.text, j.data FROM journal j WHERE j.kind = 'effort' "
        "AND j.at >= ? AND j.at < ? AND NOT EXISTS (SELECT 1 FROM worked w WHERE w.entry = j.id) ORDER BY j.at, j.id",
        (seconds(start), seconds(end)),
    )
    gone = _undone(store, {ticket for _, ticket, *_ in found})
    return [
        Worked(ticket=ticket, actor=actor, started_at=instant(at), minutes=minutes, text=text, entry=entry)
        for entry, ticket, actor, at, text, data in found
        if entry not in gone and (minutes := _minutes(data))
    ]


def _minutes(data: str) -> int:
    value = json.loads(data).get("minutes", 0) if data else 0
    return value if isinstance(value, int) else 0


def _undone(store: Store, tickets: Iterable[int]) -> set[int]:
    """Entries of these tickets that an undo took back and no redo brought back."""
    from supporttui.store import journal

    gone: set[int] = set()
    for number in sorted(tickets):
        void: set[int] = set()
        for entry, undoes in journal.undoings(store, number):  # newest first
            if entry not in void:
                void.add(undoes)
        gone |= void
    return gone


def set_removed(store: Store, row: int, removed: bool) -> bool:
    """Take a row off or put it back; False when a frozen month has it."""
    with store.writing():
        store.execute(
            "UPDATE worked SET removed = ?, version = version + 1 WHERE id = ? AND billed = ''",
            (int(removed), row),
        )
        return store.changes() == 1


def _select(
    store: Store, where: str, parameters: Sequence[Any], order: str = "w.id"
) -> list[Worked]:  # where, order: written by a programmer
    found = store.execute(f"SELECT {_LISTED} FROM worked w WHERE {where} ORDER BY {order}", tuple(parameters))
    return [_worked(row) for row in found]


def _worked(row: Sequence[Any]) -> Worked:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["started_at"] = instant(values["started_at"])
    values["amount"] = Decimal(values["amount"]) if values["amount"] else None
    values["billable"], values["removed"] = values["billable"] == 1, values["removed"] == 1
    return Worked(**values)


def _stored(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return seconds(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return storable(value) if isinstance(value, str) else value


# -- whose tickets ---------------------------------------------------------------------------------


def tickets_named(store: Store, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Customer and subject of these tickets."""
    found: dict[int, tuple[str, str]] = {}
    asked = sorted(set(numbers))
    for start in range(0, len(asked), 500):
        some = asked[start : start + 500]
        sql = f"SELECT number, customer, subject FROM ticket WHERE number IN ({', '.join('?' * len(some))})"
        found.update({number: (customer, subject) for number, customer, subject in store.execute(sql, some)})
    return found


# -- months that were billed -----------------------------------------------------------------------

_MONTH = "month, frozen_at, frozen_by, digest, lines"


def frozen_months(store: Store) -> list[str]:
    """The months that were frozen ("2026-11"), in order."""
    return [str(row[0]) for row in store.execute("SELECT month FROM billed_month ORDER BY month")]


def billed_month(store: Store, month: str) -> BilledMonth | None:
    """A frozen month, or None."""
    found = store.execute(f"SELECT {_MONTH} FROM billed_month WHERE month = ?", (month,))
    if not found:
        return None
    name, at, by, digest, lines = found[0]
    return BilledMonth(month=name, frozen_at=instant(at), frozen_by=by, digest=digest, lines=lines)


def freeze(store: Store, bill: BilledMonth, rows: Iterable[int]) -> None:
    """Keep a month's bill, and note in its rows that they belong to it; the caller holds the transaction."""
    with store.writing():
        store.execute(
            f"INSERT INTO billed_month ({_MONTH}) VALUES (?, ?, ?, ?, ?)",
            (bill.month, seconds(bill.frozen_at), storable(bill.frozen_by), bill.digest, bill.lines),
        )
        store.execute_many(
            "UPDATE worked SET billed = ?, version = version + 1 WHERE id = ?",
            [(bill.month, row) for row in rows],
        )


# -- stopwatches -----------------------------------------------------------------------------------

_WATCH = "actor, ticket, begun_at, started_at, held, running"


def stopwatches(store: Store, actor: str) -> list[Stopwatch]:
    """An analyst's watches: the running one first, then the one started last."""
    found = store.execute(
        f"SELECT {_WATCH} FROM stopwatch WHERE actor = ? ORDER BY running DESC, started_at DESC, ticket",
        (storable(actor),),
    )
    return [
        Stopwatch(
            actor=row[0], ticket=row[1], begun_at=instant(row[2]), started_at=instant(row[3]),
            held=row[4], running=row[5] == 1,
        )
        for row in found
    ]  # fmt: skip


def put_stopwatch(store: Store, watch: Stopwatch) -> None:
    """Write a watch, over the one that its actor has on its ticket."""
    with store.writing():
        store.execute(
            f"INSERT INTO stopwatch ({_WATCH}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor, ticket) DO UPDATE SET "
            "begun_at = excluded.begun_at, started_at = excluded.started_at, held = excluded.held, "
            "running = excluded.running",
            (
                storable(watch.actor), watch.ticket, seconds(watch.begun_at), seconds(watch.started_at),
                watch.held, int(watch.running),
            ),
        )  # fmt: skip


def drop_stopwatch(store: Store, actor: str, ticket: int) -> bool:
    """Forget a watch; False when there was none."""
    with store.writing():
        store.execute("DELETE FROM stopwatch WHERE actor = ? AND ticket = ?", (storable(actor), ticket))
        return store.changes() == 1


__all__ = ["BilledMonth", "Stopwatch", "Worked", "billed_month", "credits_of", "drop_stopwatch", "efforts_alone",
           "freeze", "frozen_months", "insert", "of_entry", "of_ticket", "put_stopwatch", "set_removed",
           "stopwatches", "tickets_named", "unbilled"]  # fmt: skip
