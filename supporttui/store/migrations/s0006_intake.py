"""What comes in and goes out: mails, files, who takes part in a ticket, and what waits for a decision.

Mails and files themselves lie beside the database, under their hash (`store.blobs`); these
rows say what they are.  The kinds that people decide on (`attachment`, `participant`,
`sender_rule`, `intake_item`) have the common columns of the book, and its journal and undo.
"""

from __future__ import annotations

_WORDS = {
    "sqlite": {"serial": "INTEGER PRIMARY KEY AUTOINCREMENT", "int": "INTEGER", "exact": "TEXT", "strict": "STRICT"},
    "postgresql": {
        "serial": "BIGSERIAL PRIMARY KEY",
        "int": "BIGINT",
        "exact": 'TEXT COLLATE "C"',
        "strict": "",
    },
}  # fmt: skip

_COMMON = "version {int} NOT NULL DEFAULT 1, removed {int} NOT NULL DEFAULT 0"

_TABLES = (
    """CREATE TABLE message (
        id {serial},
        direction {exact} NOT NULL,
        ticket {int} NOT NULL DEFAULT 0,
        entry {int} NOT NULL DEFAULT 0,
        kind {exact} NOT NULL DEFAULT '',
        message_id {exact} NOT NULL DEFAULT '',
        in_reply_to {exact} NOT NULL DEFAULT '',
        sender {exact} NOT NULL DEFAULT '',
        sender_name TEXT NOT NULL DEFAULT '',
        recipients TEXT NOT NULL DEFAULT '',
        subject TEXT NOT NULL DEFAULT '',
        raw_hash {exact} NOT NULL DEFAULT '',
        size {int} NOT NULL DEFAULT 0,
        at {int} NOT NULL,
        auth {exact} NOT NULL DEFAULT '',
        token {exact} NOT NULL DEFAULT '',
        data TEXT NOT NULL DEFAULT ''
    ) {strict}""",
    """CREATE TABLE attachment (
        id {serial},
        ticket {int} NOT NULL DEFAULT 0,
        entry {int} NOT NULL DEFAULT 0,
        message {int} NOT NULL DEFAULT 0,
        hash {exact} NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        type {exact} NOT NULL DEFAULT '',
        size {int} NOT NULL DEFAULT 0,
        source {exact} NOT NULL DEFAULT '',
        place TEXT NOT NULL DEFAULT '',
        added_at {int} NOT NULL,
        added_by TEXT NOT NULL DEFAULT '',
        state {exact} NOT NULL DEFAULT 'stored',
        """ + _COMMON + ") {strict}",
    """CREATE TABLE participant (
        id {serial},
        ticket {int} NOT NULL,
        email {exact} NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        """ + _COMMON + ") {strict}",
    """CREATE TABLE sender_rule (
        id {serial},
        address {exact} NOT NULL,
        rule {exact} NOT NULL DEFAULT 'block',
        reason TEXT NOT NULL DEFAULT '',
        """ + _COMMON + ") {strict}",
    """CREATE TABLE intake_item (
        id {serial},
        kind {exact} NOT NULL,
        at {int} NOT NULL,
        ticket {int} NOT NULL DEFAULT 0,
        about {int} NOT NULL DEFAULT 0,
        message {int} NOT NULL DEFAULT 0,
        attachment {int} NOT NULL DEFAULT 0,
        sender {exact} NOT NULL DEFAULT '',
        subject TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL DEFAULT '',
        state {exact} NOT NULL DEFAULT 'waiting',
        decided_by TEXT NOT NULL DEFAULT '',
        """ + _COMMON + ") {strict}",
    # How often something happened in a stretch of time: what limits answers, storms and guesses.
    """CREATE TABLE tally (
        key {exact} NOT NULL,
        stretch {int} NOT NULL,
        count {int} NOT NULL DEFAULT 0,
        PRIMARY KEY (key, stretch)
    ) {strict}""",
)  # fmt: skip

_INDEXES = (
    "CREATE UNIQUE INDEX message_once ON message (message_id, raw_hash) WHERE direction = 'in'",
    "CREATE INDEX message_ticket ON message (ticket, id)",
    "CREATE INDEX message_known ON message (message_id)",
    "CREATE INDEX message_sender ON message (sender, at) WHERE direction = 'in'",
    "CREATE INDEX attachment_ticket ON attachment (ticket, id) WHERE ticket <> 0",
    "CREATE INDEX attachment_hash ON attachment (hash)",
    "CREATE INDEX attachment_waiting ON attachment (id) WHERE state = 'quarantined'",
    "CREATE INDEX participant_ticket ON participant (ticket)",
    "CREATE INDEX contact_email ON contact (lower(email))",  # each mail asks who has its sender's address
    "CREATE INDEX sender_rule_address ON sender_rule (address)",
    "CREATE INDEX intake_item_waiting ON intake_item (id) WHERE state = 'waiting' AND removed = 0",
    "CREATE INDEX intake_item_ticket ON intake_item (ticket) WHERE ticket <> 0",
    "CREATE INDEX tally_stretch ON tally (stretch)",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The step's SQL for "sqlite" or "postgresql"."""
    words = _WORDS[dialect]
    return tuple(one.format(**words) for one in _TABLES) + _INDEXES
