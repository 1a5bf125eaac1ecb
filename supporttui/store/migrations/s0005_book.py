"""The book: who the customers are, what they bought, what runs where, and what was agreed and worked.

Dates are civil dates, written YYYY-MM-DD ("" is unknown), so that text order is their order.
Money is decimal text with its currency beside it.  Rows are never deleted but marked removed,
so that whatever points at them still finds them and an undo brings them back.  The book's own
journal is append-only in the database itself, as the tickets' is.
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

# What every kind of record has beside its own columns.
_COMMON = "version {int} NOT NULL DEFAULT 1, removed {int} NOT NULL DEFAULT 0"

_TEXT = "{exact} NOT NULL DEFAULT ''"
_INT = "{int} NOT NULL DEFAULT 0"

# table → columns: what is text, what is a whole number (references are numbers, 0 is none).
_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "site": (("code", "code_key", "name", "zone", "address", "phone", "notes"), ("customer",)),
    "product": (("name", "name_key", "family", "notes"), ()),
    "product_release": (
        ("name", "name_key", "edition", "kind", "released_on", "support_ends_on", "notes"),
        ("product", "replaces"),
    ),
    "os_release": (("os", "os_key", "name", "name_key", "accessed_on", "notes"), ()),
    "licence": (
        ("number", "number_key", "edition", "purchased_on", "shipped_on", "ended_on", "price", "currency",
         "monthly_charge", "charge_paid_to", "notes"),
        ("customer", "product", "site", "users", "users_added", "package"),
    ),
    "contract": (
        ("number", "number_key", "plan", "ordered_on", "start_on", "end_on", "ended_on", "price", "currency", "notes"),
        ("customer", "package"),
    ),
    "host": (("name", "name_key", "os", "os_release", "notes"), ("customer", "site")),
    "installation": (("installed_on", "removed_on", "notes"), ("host", "product", "release", "tcp_ip")),
    "modification": (
        ("noted_on", "what", "authorised_by", "ended_on"), ("customer", "product", "host", "authorised"),
    ),
    "quotation": (
        ("number", "number_key", "quoted_on", "support_from", "support_to", "grants", "notes"),
        ("customer", "product"),
    ),
    "known_error": (
        ("title", "title_key", "symptom", "workaround", "found_in", "state", "notes"),
        ("product", "fixed_in", "reproducible", "material"),
    ),
}  # fmt: skip


def _table(name: str) -> str:
    texts, numbers = _KINDS[name]
    columns = [f"{one} {_TEXT}" for one in texts] + [f"{one} {_INT}" for one in numbers]
    return f"CREATE TABLE {name} (id {{serial}}, {', '.join(columns)}, {_COMMON}) {{strict}}"


_TABLES = (
    *(_table(name) for name in _KINDS),
    "CREATE TABLE known_error_ticket (known {int} NOT NULL, ticket {int} NOT NULL, "
    "PRIMARY KEY (known, ticket)) {strict}",
    # What was worked or spent on a ticket; a month that was billed holds its lines in its own row.
    """CREATE TABLE worked (
        id {serial},
        ticket {int} NOT NULL,
        kind {exact} NOT NULL,
        what {exact} NOT NULL DEFAULT '',
        actor TEXT NOT NULL,
        started_at {int} NOT NULL,
        minutes {int} NOT NULL DEFAULT 0,
        amount {exact} NOT NULL DEFAULT '',
        currency {exact} NOT NULL DEFAULT '',
        rate {exact} NOT NULL DEFAULT '',
        billable {int} NOT NULL DEFAULT 0,
        verdict {exact} NOT NULL DEFAULT '',
        clause TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL DEFAULT '',
        receipt TEXT NOT NULL DEFAULT '',
        entry {int} NOT NULL DEFAULT 0,
        billed {exact} NOT NULL DEFAULT '',
        version {int} NOT NULL DEFAULT 1,
        removed {int} NOT NULL DEFAULT 0
    ) {strict}""",
    """CREATE TABLE billed_month (
        month {exact} PRIMARY KEY NOT NULL,
        frozen_at {int} NOT NULL,
        frozen_by TEXT NOT NULL,
        digest {exact} NOT NULL,
        lines TEXT NOT NULL
    ) {strict}""",
    """CREATE TABLE stopwatch (
        actor {exact} NOT NULL,
        ticket {int} NOT NULL,
        begun_at {int} NOT NULL,
        started_at {int} NOT NULL,
        held {int} NOT NULL DEFAULT 0,
        running {int} NOT NULL DEFAULT 1,
        PRIMARY KEY (actor, ticket)
    ) {strict}""",
    """CREATE TABLE book_event (
        id {serial},
        at {int} NOT NULL,
        actor TEXT NOT NULL,
        kind {exact} NOT NULL,
        record {int} NOT NULL,
        version {int} NOT NULL,
        what {exact} NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        data TEXT NOT NULL DEFAULT '',
        inverse TEXT NOT NULL DEFAULT '',
        undoes {int} NOT NULL DEFAULT 0,
        batch {exact} NOT NULL DEFAULT '',
        after {int} NOT NULL DEFAULT 0
    ) {strict}""",
)

_ADDED = (
    "ALTER TABLE customer ADD COLUMN version {int} NOT NULL DEFAULT 1",
    "ALTER TABLE customer ADD COLUMN removed {int} NOT NULL DEFAULT 0",
    "ALTER TABLE contact ADD COLUMN site {int} NOT NULL DEFAULT 0",
    "ALTER TABLE contact ADD COLUMN notes {exact} NOT NULL DEFAULT ''",
    "ALTER TABLE contact ADD COLUMN version {int} NOT NULL DEFAULT 1",
    "ALTER TABLE contact ADD COLUMN removed {int} NOT NULL DEFAULT 0",
)

_INDEXES = (
    "CREATE INDEX customer_number ON customer (lower(key)) WHERE key <> ''",
    "CREATE UNIQUE INDEX product_name ON product (name_key)",
    "CREATE INDEX contact_site ON contact (site) WHERE site <> 0",
    "CREATE INDEX contact_name ON contact (name_key)",
    "CREATE INDEX site_customer ON site (customer, code_key)",
    "CREATE INDEX site_code ON site (code_key)",
    "CREATE INDEX release_product ON product_release (product, name_key)",
    "CREATE INDEX release_replaces ON product_release (replaces) WHERE replaces <> 0",
    "CREATE INDEX os_release_name ON os_release (os_key, name_key)",
    "CREATE INDEX licence_customer ON licence (customer, product, shipped_on)",
    "CREATE INDEX licence_paid ON licence (customer, product, charge_paid_to)",
    "CREATE INDEX licence_product ON licence (product)",
    "CREATE INDEX licence_site ON licence (site) WHERE site <> 0",
    "CREATE INDEX licence_number ON licence (number_key)",
    "CREATE INDEX licence_package ON licence (package) WHERE package <> 0",
    "CREATE INDEX contract_customer ON contract (customer, end_on)",
    "CREATE INDEX contract_coming ON contract (customer, start_on)",
    "CREATE INDEX contract_end ON contract (end_on, id) WHERE removed = 0",
    "CREATE INDEX contract_package ON contract (package, start_on)",
    "CREATE INDEX contract_number ON contract (number_key)",
    "CREATE INDEX host_customer ON host (customer, name_key)",
    "CREATE INDEX host_name ON host (name_key)",
    "CREATE INDEX host_site ON host (site) WHERE site <> 0",
    "CREATE INDEX installation_product ON installation (product)",
    "CREATE INDEX installation_release ON installation (release) WHERE release <> 0",
    "CREATE INDEX installation_host ON installation (host)",
    "CREATE INDEX modification_host ON modification (host) WHERE host <> 0",
    "CREATE INDEX modification_customer ON modification (customer)",
    "CREATE INDEX modification_product ON modification (product) WHERE product <> 0",
    "CREATE INDEX quotation_customer ON quotation (customer)",
    "CREATE INDEX quotation_number ON quotation (number_key)",
    "CREATE INDEX quotation_product ON quotation (product) WHERE product <> 0",
    "CREATE INDEX known_error_product ON known_error (product)",
    "CREATE INDEX known_error_fixed ON known_error (fixed_in) WHERE fixed_in <> 0",
    "CREATE INDEX known_error_of ON known_error_ticket (ticket)",
    "CREATE INDEX worked_ticket ON worked (ticket, id)",
    "CREATE INDEX worked_started ON worked (started_at, id) WHERE removed = 0 AND billed = ''",
    "CREATE INDEX worked_entry ON worked (entry)",
    "CREATE INDEX worked_credit ON worked (what) WHERE kind = 'credit'",
    # Time that was logged before there was a `worked` row beside it.
    "CREATE INDEX journal_effort ON journal (at) WHERE kind = 'effort'",
    "CREATE INDEX book_event_record ON book_event (kind, record, id)",
    "CREATE INDEX book_event_actor ON book_event (actor, id)",
    "CREATE INDEX book_event_undoes ON book_event (undoes) WHERE undoes <> 0",
    "CREATE INDEX book_event_batch ON book_event (batch) WHERE batch <> ''",
)

_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER book_event_no_update BEFORE UPDATE ON book_event "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER book_event_no_delete BEFORE DELETE ON book_event "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER book_event_no_replace BEFORE INSERT ON book_event "
        "WHEN EXISTS (SELECT 1 FROM book_event WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER book_event_append_only BEFORE UPDATE OR DELETE ON book_event "
        "FOR EACH ROW EXECUTE FUNCTION supporttui_append_only()",
        "CREATE TRIGGER book_event_no_truncate BEFORE TRUNCATE ON book_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION supporttui_append_only()",
    ),
}


def statements(dialect: str) -> tuple[str, ...]:
    """The step's SQL for "sqlite" or "postgresql"."""
    words = _WORDS[dialect]
    made = tuple(one.format(**words) for one in (*_TABLES, *_ADDED))
    return made + _INDEXES + _APPEND_ONLY[dialect]
