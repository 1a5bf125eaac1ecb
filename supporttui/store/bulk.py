"""Writing many tickets at once, through the driver: ten to twenty times faster than one by one.

Everything inside `loading` is one transaction.  The search index is left alone while rows
stream in and brought up to date at the end, in the same transaction; the journal's
append-only guard stays in place throughout.
"""

from __future__ import annotations

from contextlib import contextmanager

from supporttui.store.columns import NEVER, fold, seconds, seconds_or_none, storable, to_json
from supporttui.store.tickets import (
    FOLDED,
    INSTANTS,
    NUMBERS,
    OPTIONAL_INSTANTS,
    PLAIN_TEXT,
    SENTINEL_INSTANTS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from supporttui.policy.timeline import Deadline
    from supporttui.store.session import Store

_TICKET_COLUMNS = (
    "number",
    *FOLDED,
    *(f"{name}_key" for name in FOLDED),
    *PLAIN_TEXT,
    *INSTANTS,
    *OPTIONAL_INSTANTS,
    *SENTINEL_INSTANTS,
    *NUMBERS,
    "paused",
)
_JOURNAL_COLUMNS = (
    "ticket",
    "version",
    "at",
    "recorded_at",
    "actor",
    "kind",
    "public",
    "text",
    "data",
    "inverse",
    "undoes",
    "batch",
)
_DEADLINE_COLUMNS = (
    "ticket",
    "key",
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
    "policy_hash",
    "live",
)
_NUMBER_DEFAULTS = {"merged_into": 0, "minutes_logged": 0, "version": 1}
_REMEMBERED = 4096  # folded forms of short texts that recur: names, statuses, products


@contextmanager
def loading(store: Store) -> Iterator[None]:
    """One write transaction for a bulk import; on any exception nothing of it stays."""
    with store.write():
        if store.dialect != "sqlite":
            yield  # generated columns keep themselves
            return
        first_ticket, first_entry = _newest(store)
        triggers = store.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN "
            "('ticket_words_insert', 'journal_words_insert')"
        )
        for name, _sql in triggers:
            store.execute(f"DROP TRIGGER {name}")
        yield
        store.execute(
            "INSERT INTO ticket_words (rowid, subject, description) "
            "SELECT number, subject, description FROM ticket WHERE number > ?",
            (first_ticket,),
        )
        store.execute(
            "INSERT INTO journal_words (rowid, text) SELECT id, text FROM journal WHERE id > ? AND text <> ''",
            (first_entry,),
        )
        for _name, sql in triggers:
            store.execute(sql)


def _newest(store: Store) -> tuple[int, int]:
    found = store.execute(
        "SELECT (SELECT coalesce(max(number), 0) FROM ticket), (SELECT coalesce(max(id), 0) FROM journal)"
    )[0]
    return int(found[0]), int(found[1])


def next_number(store: Store) -> int:
    """The first ticket number that a bulk import may give out."""
    if store.dialect == "sqlite":
        used = store.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'ticket'")[0][0]
    else:
        used = store.execute("SELECT coalesce(max(number), 0) FROM ticket")[0][0]
    return int(used) + 1


def tickets(store: Store, rows: Iterable[Mapping[str, Any]]) -> range:
    """Write tickets given as fields of Ticket (all but number and tags); the numbers they got, in order.

    Needed are subject, severity, status and reported_at, as in `tickets.insert`.
    """
    first = next_number(store)
    numbered = _Numbered(first, rows)
    store.execute_many(_statement("ticket", _TICKET_COLUMNS), numbered)
    if store.dialect != "sqlite" and numbered.next > first:
        store.execute("SELECT setval(pg_get_serial_sequence('ticket', 'number'), ?)", (numbered.next - 1,))
    return range(first, numbered.next)


class _Numbered:
    """The tickets as rows of columns, with consecutive numbers."""

    def __init__(self, first: int, rows: Iterable[Mapping[str, Any]]) -> None:
        self.next = first
        self._rows = rows
        self._folded = _remembering(fold)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for values in self._rows:
            yield self._row(values.get)
            self.next += 1

    def _row(self, value: Callable[..., Any]) -> tuple[Any, ...]:
        given = [value(name) for name in FOLDED]  # most are empty: those cost nothing
        reported = value("reported_at")
        created = value("created_at") or reported
        return (
            self.next,
            *[storable(text) if text else "" for text in given],
            *[self._folded(text) if text else "" for text in given],
            *[storable(value(name) or "") for name in PLAIN_TEXT],
            seconds(reported),
            seconds(created),
            seconds(value("updated_at") or created),
            *[at and seconds(at) for at in map(value, OPTIONAL_INSTANTS)],
            *[seconds(at) if at else NEVER for at in map(value, SENTINEL_INSTANTS)],
            *[int(value(name, _NUMBER_DEFAULTS.get(name))) for name in NUMBERS],
            int(value("paused", False)),
        )


def _remembering(function: Callable[[str], str]) -> Callable[[str], str]:
    """The function, with its answers for short texts remembered while there are not too many."""
    known: dict[str, str] = {}

    def answer(text: str) -> str:
        found = known.get(text)
        if found is None:
            found = function(text)
            if len(text) < 40 and len(known) < _REMEMBERED:
                known[text] = found
        return found

    return answer


def journal(store: Store, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write journal entries given as the arguments of `journal.append`."""
    store.execute_many(_statement("journal", _JOURNAL_COLUMNS), map(_journal_row, rows))


def _journal_row(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    value = entry.get
    at = seconds(entry["at"])
    recorded = value("recorded_at")
    return (
        entry["ticket"],
        entry["version"],
        at,
        at if recorded is None else seconds(recorded),
        storable(entry["actor"]),
        entry["kind"],
        int(value("public", False)),
        storable(value("text", "")),
        to_json(value("data")),
        to_json(value("inverse")),
        value("undoes", 0),
        value("batch", ""),
    )


def deadlines(
    store: Store, rows: Iterable[tuple[int, Deadline]], policy_hash: str, *, live: bool = True
) -> None:
    """Write deadlines of new tickets.  live: the tickets are open.

    The tickets' due columns are the caller's to give (next_due_at, next_due_role,
    overdue_since, paused), because it knows them; `deadlines.refresh` derives them otherwise.
    """
    flag = int(live)
    store.execute_many(
        _statement("deadline", _DEADLINE_COLUMNS),
        (_deadline_row(ticket, deadline, policy_hash, flag) for ticket, deadline in rows),
    )


def _deadline_row(ticket: int, deadline: Deadline, policy_hash: str, live: int) -> tuple[Any, ...]:
    return (
        ticket,
        deadline.key,
        deadline.kind,
        deadline.role,
        deadline.level,
        deadline.label,
        deadline.severity,
        seconds(deadline.due_at),
        deadline.state,
        seconds_or_none(deadline.fired_at),
        deadline.remaining,
        deadline.clause,
        deadline.reason,
        policy_hash,
        live,
    )


def _statement(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
