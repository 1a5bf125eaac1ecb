"""The outbox of notices, on-call overrides, maintenance windows, and what happened to the desk as a whole.

A notice is written in the transaction that fires its deadline, so neither can
exist without the other.  `key` is unique: however often a firing is tried, it is one row.
"""

from __future__ import annotations

_WORDS = {
    "sqlite": {"serial": "INTEGER PRIMARY KEY", "int": "INTEGER", "exact": "TEXT", "strict": "STRICT"},
    "postgresql": {
        "serial": "BIGSERIAL PRIMARY KEY",
        "int": "BIGINT",
        "exact": 'TEXT COLLATE "C"',
        "strict": "",
    },
}

_TABLES = (
    """CREATE TABLE notice (
        id {serial},
        key {exact} NOT NULL UNIQUE,
        ticket {int} NOT NULL,
        severity {int} NOT NULL,
        address {exact} NOT NULL,
        person TEXT NOT NULL DEFAULT '',
        role TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL DEFAULT '',
        label TEXT NOT NULL DEFAULT '',
        due_at {int} NOT NULL,
        made_at {int} NOT NULL,
        state {exact} NOT NULL DEFAULT 'queued',
        attempts {int} NOT NULL DEFAULT 0,
        next_at {int} NOT NULL,
        claimed_by TEXT NOT NULL DEFAULT '',
        doubtful {int} NOT NULL DEFAULT 0,
        sent_at {int},
        sent_with {int} NOT NULL DEFAULT 0,
        acknowledged_at {int},
        error TEXT NOT NULL DEFAULT '',
        together {exact} NOT NULL DEFAULT '',
        data TEXT NOT NULL DEFAULT ''
    ) {strict}""",
    """CREATE TABLE oncall_override (
        id {serial},
        rotation {exact} NOT NULL,
        person TEXT NOT NULL,
        start_at {int} NOT NULL,
        end_at {int} NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        entered_by TEXT NOT NULL,
        entered_at {int} NOT NULL,
        ended_at {int}
    ) {strict}""",
    """CREATE TABLE maintenance (
        id {serial},
        scope {exact} NOT NULL,
        name {exact} NOT NULL DEFAULT '',
        start_at {int} NOT NULL,
        end_at {int} NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        entered_by TEXT NOT NULL,
        entered_at {int} NOT NULL,
        ended_by TEXT NOT NULL DEFAULT '',
        ended_at {int}
    ) {strict}""",
    """CREATE TABLE desk_event (
        id {serial},
        at {int} NOT NULL,
        actor TEXT NOT NULL,
        kind {exact} NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        data TEXT NOT NULL DEFAULT ''
    ) {strict}""",
)

# Partial, so that asking whether anything waits costs what waits and not what was ever sent.
_INDEXES = (
    "CREATE INDEX notice_waiting ON notice (next_at, severity, id) WHERE state = 'queued'",
    "CREATE INDEX notice_dead ON notice (id) WHERE state = 'dead'",
    "CREATE INDEX notice_ticket ON notice (ticket, id)",
    "CREATE INDEX oncall_override_end ON oncall_override (end_at)",
    "CREATE INDEX maintenance_end ON maintenance (end_at)",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The step's SQL for "sqlite" or "postgresql"."""
    return tuple(table.format(**_WORDS[dialect]) for table in _TABLES) + _INDEXES
